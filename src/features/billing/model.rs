//! What a night does, worked out before it is done. Pure: no I/O.

use super::words;
use crate::features::invoices::model::{BillingSettings, InvoiceLine, TaxCategory};
use crate::features::services::model::Cycle;
use crate::types::{Money, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A service whose next period begins soon enough.
#[derive(Clone, Debug, PartialEq)]
pub struct DueService {
    /// The service.
    pub id: String,
    /// Its label, else its product.
    pub name: String,
    /// Its domain, or empty.
    pub domain: String,
    /// Price of a period.
    pub price: Money,
    /// How often.
    pub cycle: Cycle,
    /// When the period begins.
    pub start: Timestamp,
    /// Day of the month on which periods begin; nothing while it was never billed.
    pub anchor: Option<u8>,
}

/// What goes on the next invoice beside services.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Its id.
    pub id: String,
    /// Its line.
    pub line: InvoiceLine,
    /// What it comes to before tax.
    pub amount: Money,
    /// From when it gets an invoice of its own.
    pub due: Timestamp,
}

/// How a service goes on once its period is billed.
#[derive(Clone, Debug, PartialEq)]
pub struct Advance {
    /// The service.
    pub service: String,
    /// Where it stood.
    pub from: Timestamp,
    /// When the next period begins; nothing for what is paid once.
    pub to: Option<Timestamp>,
    /// Day of the month.
    pub anchor: u8,
}

/// An invoice to make.
#[derive(Clone, Debug, PartialEq)]
pub struct Bill {
    /// Currency.
    pub currency: String,
    /// Until when it is to be paid.
    pub due: Timestamp,
    /// Its lines.
    pub lines: Vec<InvoiceLine>,
    /// What they come to before tax, in minor units.
    pub cents: i64,
    /// How its services go on.
    pub advances: Vec<Advance>,
    /// The items on it.
    pub items: Vec<String>,
}

/// Periods of a service that one night catches up on.
const MOST_PERIODS: usize = 24;

/// How many months a period has; nothing for what is paid once.
fn months(cycle: Cycle) -> Option<i64> {
    match cycle {
        Cycle::Once => None,
        Cycle::Monthly => Some(1),
        Cycle::Quarterly => Some(3),
        Cycle::Yearly => Some(12),
    }
}

/// The last moment at which a period may begin to be billed now.
pub fn horizon(settings: &BillingSettings, now: Timestamp) -> Timestamp {
    now.midnight().plus_days(settings.ahead)
}

/// The invoices of one account: one for everything in a currency that is due the same day. Services bear the account's tax.
pub fn bills(
    services: &[DueService],
    items: &[Item],
    (category, rate): (TaxCategory, i64),
    settings: &BillingSettings,
    now: Timestamp,
) -> Vec<Bill> {
    let (latest, soonest) = (horizon(settings, now), now.midnight().plus_days(settings.days));
    let mut all: BTreeMap<(String, Timestamp), Bill> = BTreeMap::new();
    let empty = |currency: &str, due: Timestamp| Bill {
        currency: currency.to_owned(),
        due,
        lines: Vec::new(),
        cents: 0,
        advances: Vec::new(),
        items: Vec::new(),
    };
    for service in services {
        let name = match service.domain.as_str() {
            domain if domain.is_empty() || service.name.contains(domain) => service.name.clone(),
            domain => words::named(&service.name, &domain),
        };
        let anchor = service.anchor.unwrap_or_else(|| service.start.calendar().2);
        let mut start = service.start;
        for _ in 0..MOST_PERIODS {
            if start > latest {
                break;
            }
            let to = months(service.cycle).map(|months| start.plus_months(months, anchor));
            let description = to.map_or_else(
                || words::once(&name),
                |to| words::period(&name, &start.date(), &to.plus_days(-1).date()),
            );
            let line = InvoiceLine {
                description,
                quantity: "1".into(),
                price: service.price.typed(),
                category,
                rate,
                net: 0,
                period: Some((service.id.clone(), start.0, to.unwrap_or(start).0)),
            };
            let advance = Advance { service: service.id.clone(), from: start, to, anchor };
            let (currency, due) = (&service.price.currency, start.midnight().max(soonest));
            let bill = all.entry((currency.clone(), due)).or_insert_with(|| empty(currency, due));
            bill.lines.push(line);
            bill.cents += service.price.cents;
            bill.advances.push(advance);
            match to {
                Some(to) => start = to,
                None => break,
            }
        }
    }
    let mut all: Vec<Bill> = all.into_values().collect();
    for item in items {
        let Money { cents, currency } = &item.amount;
        // What was noted with a rate bears the account's tax by now; a fee stays without one.
        let mut line = item.line.clone();
        if line.category == TaxCategory::Standard {
            (line.category, line.rate) = (category, rate);
        }
        // What is outside the scope of the tax shares an invoice with nothing else (BR-O-11).
        let outside = |line: &InvoiceLine| line.category == TaxCategory::OutOfScope;
        let alike = |bill: &Bill| bill.lines.first().is_none_or(|first| outside(first) == outside(&line));
        // What is taken off waits for an invoice that is large enough.
        let fits = |bill: &Bill| bill.currency == *currency && bill.cents + cents > 0 && alike(bill);
        let place = all.iter().position(fits).or_else(|| {
            (item.due <= now && *cents > 0).then(|| {
                all.push(empty(currency, soonest));
                all.len() - 1
            })
        });
        if let Some(bill) = place.and_then(|place| all.get_mut(place)) {
            bill.lines.push(line);
            bill.cents += cents;
            bill.items.push(item.id.clone());
        }
    }
    all
}

/// What is billed for the rest of a period when its price changes in between: the difference for the days that are left,
/// of all days of the period. `None` when nothing of it is left, or it has not begun.
pub fn prorated(
    difference: i64,
    cycle: Cycle,
    next_due: Timestamp,
    anchor: Option<u8>,
    now: Timestamp,
) -> Option<(i64, i64, i64)> {
    let anchor = anchor.unwrap_or_else(|| next_due.calendar().2);
    let began = next_due.plus_months(-months(cycle)?, anchor);
    let days = |from: Timestamp, to: Timestamp| (to.0 - from.0) / 86_400_000;
    let (whole, left) = (days(began, next_due), days(now.midnight(), next_due));
    if left <= 0 || left > whole || difference == 0 {
        return None;
    }
    let exact =
        i128::from(difference) * i128::from(left) * 2 + i128::from(whole) * i128::from(difference.signum());
    let cents = i64::try_from(exact / (i128::from(whole) * 2)).ok()?;
    (cents != 0).then_some((cents, left, whole))
}

/// Something that is done about an open invoice, once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// Call it to mind before it is due.
    RemindBefore,
    /// Ask for it, so many days after it was due.
    Remind(i64),
    /// Announce that its services are suspended.
    Warn,
    /// Ask for a fee.
    LateFee,
    /// Suspend its services.
    Suspend,
}

/// An open invoice, and what was done about it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Asked {
    /// When it was issued.
    pub issued: i64,
    /// When it is due.
    pub due: i64,
    /// It was called to mind before.
    pub before: bool,
    /// The last reminder: how many days after it was due.
    pub reminded: Option<i64>,
    /// When the suspension was announced.
    pub warned: Option<i64>,
    /// The fee was asked for.
    pub fee: bool,
    /// It is for services that are active.
    pub active: bool,
    /// It is for fees alone.
    pub only_fees: bool,
}

/// What is to be done about an open invoice now. A night that was missed is not made up for by two mails at once.
pub fn steps(of: &Asked, settings: &BillingSettings, now: Timestamp) -> Vec<Step> {
    let due = Timestamp(of.due);
    let passed = |days: i64| days > 0 && due.plus_days(days) <= now;
    let mut all = Vec::new();
    if due > now {
        let near = settings.remind_before > 0 && due <= now.plus_days(settings.remind_before);
        if near && !of.before && of.reminded.is_none() && Timestamp(of.issued).plus_days(1) <= now {
            all.push(Step::RemindBefore);
        }
        return all;
    }
    if passed(settings.late_fee_after) && settings.late_fee > 0 && !of.fee && !of.only_fees {
        all.push(Step::LateFee);
    }
    let suspends = settings.suspend_after > 0 && settings.warn_after > 0 && of.active;
    let late = settings.remind_after.iter().copied().filter(|days| passed(*days)).max();
    if suspends && passed(settings.warn_after) && of.warned.is_none() {
        all.push(Step::Warn);
    } else if let Some(days) =
        late.filter(|days| of.reminded.is_none_or(|last| last < *days) && of.warned.is_none())
    {
        all.push(Step::Remind(days));
    }
    let announced = of.warned.is_some_and(|at| Timestamp(at).midnight().plus_days(gap(settings)) <= now);
    if suspends && passed(settings.suspend_after) && announced {
        all.push(Step::Suspend);
    }
    all
}

/// Days from a final warning to the suspension, however late the warning is.
pub fn gap(settings: &BillingSettings) -> i64 {
    (settings.suspend_after - settings.warn_after).max(1)
}

/// The line of a fee for an invoice that is late. It is no price for a service, so no tax is on it.
pub fn fee_line(number: &str, due: Timestamp, fee: &Money) -> InvoiceLine {
    InvoiceLine {
        description: words::late_fee(&number, &due.date()),
        quantity: "1".into(),
        price: fee.typed(),
        category: TaxCategory::Exempt,
        rate: 0,
        net: 0,
        period: None,
    }
}

/// An invoice that tonight makes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlannedInvoice {
    /// The account.
    pub account: String,
    /// Its name.
    pub customer: String,
    /// How many lines.
    pub lines: i64,
    /// What it adds up to.
    pub total: Money,
    /// Until when it is to be paid.
    pub due: Timestamp,
}

/// What tonight does about an invoice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlannedStep {
    /// The account.
    pub account: String,
    /// Its name.
    pub customer: String,
    /// The invoice.
    pub invoice: String,
    /// What, in words.
    pub says: String,
}

/// What the next night will do.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Invoices: the first hundred.
    pub invoices: Vec<PlannedInvoice>,
    /// How many there are.
    pub count: i64,
    /// What they add up to, per currency.
    pub sums: Vec<Money>,
    /// What is done about open invoices: the first hundred.
    pub steps: Vec<PlannedStep>,
    /// How many there are.
    pub steps_count: i64,
    /// Services that would be due and wait for the answer to a cancellation.
    pub held: i64,
}

/// What a night did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Night {
    /// Which: "2026-11-26".
    pub night: String,
    /// When it began.
    pub started: Timestamp,
    /// When it was done; nothing while it is not.
    pub ended: Option<Timestamp>,
    /// How often what was done.
    pub counts: Vec<(String, i64)>,
}

/// One thing that a night did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NightLine {
    /// The account.
    pub account: String,
    /// Its name.
    pub customer: String,
    /// The invoice, if it is about one.
    pub invoice: Option<String>,
    /// Kind, as its table has it.
    pub event: String,
    /// What happened, in words.
    pub says: String,
    /// When.
    pub at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> Timestamp {
        Timestamp::parse_day(text).unwrap()
    }

    fn service(id: &str, cents: i64, cycle: Cycle, start: &str) -> DueService {
        DueService {
            id: id.into(),
            name: "Web Hosting M".into(),
            domain: "bakery.example".into(),
            price: Money { cents, currency: "EUR".into() },
            cycle,
            start: day(start),
            anchor: None,
        }
    }

    #[test]
    fn what_is_due_the_same_day_stands_on_one_invoice_and_periods_meet() {
        let settings = BillingSettings::default();
        let now = day("2026-11-20");
        let services = [
            service("a", 1_301, Cycle::Monthly, "2026-12-01"),
            service("b", 9_900, Cycle::Yearly, "2026-12-04"),
            service("c", 500, Cycle::Monthly, "2026-12-05"),
            service("d", 700, Cycle::Monthly, "2026-10-31"),
            service("e", 5_000, Cycle::Once, "2026-11-20"),
        ];
        let all = bills(&services, &[], settings.usual_tax(), &settings, now);
        let seen: Vec<(String, Vec<String>)> = all
            .iter()
            .map(|bill| (bill.due.day(), bill.lines.iter().map(|line| line.description.clone()).collect()))
            .collect();
        let name = "Web Hosting M, bakery.example";
        // Whoever has always fourteen days to pay pays everything of these on the fourth.
        assert_eq!(
            seen,
            [(
                "2026-12-04".to_owned(),
                vec![
                    format!("{name} (1 Dec 2026 to 31 Dec 2026)"),
                    format!("{name} (4 Dec 2026 to 3 Dec 2027)"),
                    format!("{name} (31 Oct 2026 to 29 Nov 2026)"),
                    format!("{name} (30 Nov 2026 to 30 Dec 2026)"),
                    format!("{name} (one-off)"),
                ]
            )]
        );
        let last = all[0].advances.iter().rfind(|one| one.service == "d").unwrap();
        assert_eq!((last.to.unwrap().day(), last.anchor), ("2026-12-31".to_owned(), 31));
        assert_eq!(all[0].advances.last().unwrap().to, None);
    }

    #[test]
    fn items_go_along_and_what_is_taken_off_waits_until_it_fits() {
        let settings = BillingSettings::default();
        let now = day("2026-11-20");
        let item = |id: &str, cents: i64, due: &str| Item {
            id: id.into(),
            line: InvoiceLine::default(),
            amount: Money { cents, currency: "EUR".into() },
            due: day(due),
        };
        let items = [item("fee", 500, "2026-12-30"), item("off", -2_000, "2026-11-01")];
        let all = bills(
            &[service("a", 1_301, Cycle::Monthly, "2026-12-01")],
            &items,
            settings.usual_tax(),
            &settings,
            now,
        );
        assert_eq!(all.iter().map(|bill| bill.items.clone()).collect::<Vec<_>>(), [["fee"]]);
        assert!(bills(&[], &items, settings.usual_tax(), &settings, now).is_empty());
        let alone = bills(&[], &items, settings.usual_tax(), &settings, day("2026-12-30"));
        assert_eq!(alone.iter().map(|bill| bill.items.clone()).collect::<Vec<_>>(), [["fee"]]);
    }

    fn asked(due: &str) -> Asked {
        Asked { issued: day(due).plus_days(-14).0, due: day(due).0, active: true, ..Asked::default() }
    }

    #[test]
    fn each_step_is_taken_once_in_its_order_and_a_suspension_only_after_its_warning() {
        let settings = BillingSettings { late_fee: 500, ..BillingSettings::default() };
        let mut of = asked("2026-12-01");
        let mut seen = Vec::new();
        for n in 0..80 {
            let now = day("2026-11-17").plus_days(n);
            for step in steps(&of, &settings, now) {
                seen.push((now.day()[5..].to_owned(), step));
                match step {
                    Step::RemindBefore => of.before = true,
                    Step::Remind(days) => of.reminded = Some(days),
                    Step::Warn => of.warned = Some(now.0),
                    Step::LateFee => of.fee = true,
                    Step::Suspend => of.active = false,
                }
            }
        }
        let all = [
            ("11-28", Step::RemindBefore),
            ("12-04", Step::Remind(3)),
            ("12-11", Step::Remind(10)),
            ("12-15", Step::LateFee),
            ("12-15", Step::Warn),
            ("12-22", Step::Suspend),
        ];
        assert_eq!(seen, all.map(|(day, step)| (day.to_owned(), step)));
    }

    #[test]
    fn nights_that_were_missed_warn_first_and_leave_time_before_they_suspend() {
        let settings = BillingSettings::default();
        let mut of = asked("2026-10-01");
        let now = day("2026-11-20");
        assert_eq!(steps(&of, &settings, now), [Step::Warn]);
        of.warned = Some(now.0);
        assert_eq!(steps(&of, &settings, now.plus_days(6)), []);
        assert_eq!(steps(&of, &settings, now.plus_days(7)), [Step::Suspend]);
        // What is for no service is asked for, and threatens nothing.
        let manual = Asked { active: false, warned: None, ..of };
        assert_eq!(steps(&manual, &settings, now), [Step::Remind(10)]);
        let fees = Asked { only_fees: true, ..manual };
        let with_fee = BillingSettings { late_fee: 500, ..settings };
        assert_eq!(steps(&fees, &with_fee, now), [Step::Remind(10)]);
    }

    #[test]
    fn a_change_of_price_counts_for_the_days_that_are_left() {
        let of =
            |difference, now: &str| prorated(difference, Cycle::Monthly, day("2026-12-15"), None, day(now));
        assert_eq!(of(1_200, "2026-11-30"), Some((600, 15, 30)));
        assert_eq!(of(-1_200, "2026-12-05"), Some((-400, 10, 30)));
        assert_eq!(of(1, "2026-12-14"), None);
        assert_eq!(of(1_200, "2026-12-15"), None);
        assert_eq!(of(1_200, "2026-11-10"), None);
        assert_eq!(prorated(1_200, Cycle::Once, day("2026-12-15"), None, day("2026-12-01")), None);
    }

    proptest! {
        #[test]
        fn what_was_paid_and_what_is_left_of_a_price_are_the_price(cents in 1_i64..1_000_000, left in 1_i64..30) {
            let due = day("2026-12-15");
            let rest = |days: i64| prorated(cents, Cycle::Monthly, due, None, due.plus_days(-days)).map_or(0, |(cents, ..)| cents);
            // Both are rounded, so that a cent may be between them.
            prop_assert!((rest(left) + rest(30 - left) - cents).abs() <= 1);
        }

        #[test]
        fn periods_follow_each_other_without_a_gap(start in 0_i64..20_000, months in 1_i64..40) {
            let first = Timestamp(start * 86_400_000);
            let anchor = first.calendar().2;
            let mut at = first;
            for n in 1..=months {
                let next = at.plus_months(1, anchor);
                prop_assert!(next > at && next.0 - at.0 <= 31 * 86_400_000);
                prop_assert_eq!(next, first.plus_months(n, anchor));
                at = next;
            }
        }
    }
}
