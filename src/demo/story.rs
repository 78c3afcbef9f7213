//! What happened before the visitor came, in the order in which it happened.

use super::assets;
use super::people::{COMPANIES, FIRST, LAST, OWNERS, PASSWORD};
use crate::access::state::AppState;
use crate::access::{System, settings};
use crate::demo::browser::Browser;
use crate::error::{AppError, Result};
use crate::features::accounts::model::Picker;
use crate::features::accounts::rpc::ShowPicker;
use crate::features::contacts::model::{ContactRow, ContactView};
use crate::features::contacts::rpc::{
    CloseContact, CreateContact, InviteUsers, ListContacts, ShowContact, UpdateContact,
};
use crate::features::domains::rpc::{ListDomains, RequestNameservers};
use crate::features::invitations::rpc::{AcceptInvitation, DeclineByLink, Join};
use crate::features::permissions::grant_form::box_name;
use crate::features::permissions::model::Givable;
use crate::features::permissions::rpc::{AskForAccess, ShowGivable, ShowGranters};
use crate::features::services::rpc::{ListServices, RequestCancellation};
use crate::features::sign_in::rpc::ResetPassword;
use crate::features::tickets::model::{NewTicketPage, TicketRow};
use crate::features::tickets::rpc::{NewTicket, OpenTicket, RateTicket, ReplyToTicket, SetTicketStatus};
use crate::features::{domains, services};
use crate::operator::canned::rpc::SaveCanned;
use crate::operator::customers::rpc::{AddNote, CreateCustomer, SaveFilter};
use crate::operator::departments::rpc::SaveDepartment;
use crate::operator::invoices::rpc::{
    CreditInvoice, IssueInvoice, RecordPayment, SaveBillingSettings, SaveDraft,
};
use crate::operator::team;
use crate::operator::team::rpc::SaveStaffRole;
use crate::operator::tickets::rpc::{ListDesk, SaveTicketView};
use crate::operator::views::model::ViewForm;
use crate::operator::views::rpc::{OpenView, ShowViewForm};
use crate::permission::{Group, Permission, StaffRole};
use crate::platform::db::args;
use crate::types::{AccountId, ContactId, EmailAddress, Page, Timestamp};
use leptos::server_fn::ServerFn as _;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

struct Storyteller<'a> {
    app: &'a AppState,
    now: Timestamp,
    /// Everybody's own browser, by address: it is no new device when they come again.
    browsers: Mutex<HashMap<String, Browser>>,
}

/// Tells the whole story and leaves the clock at `now`.
pub async fn tell(app: &AppState, now: Timestamp) -> Result<()> {
    let teller = Storyteller { app, now, browsers: Mutex::default() };
    let mut owners = Vec::new();
    for (index, (name, company, email)) in OWNERS.iter().enumerate() {
        teller.days_ago(90 - 3 * i64::try_from(index).unwrap_or_default());
        let mut browser = Browser::of_app(app);
        let account = browser.settle(name, company, email, PASSWORD).await?;
        teller.keep(email, &browser);
        owners.push((*email, account));
    }
    teller.days_ago(60);
    assets::set_up(app, now, &owners).await?;
    teller.fill_the_bakery(&owners[0].1).await?;
    teller.employ("Bea Lindqvist", "bea@ledgerline.example", "accounting", &owners[..3]).await?;
    teller.employ("Wes Diaz", "wes@pixelworks.example", "technical_staff", &owners[..12]).await?;
    teller.employ("Marta Kowalska", "marta@kowalska.example", "custom", &owners[..1]).await?;
    teller.trim_the_designer(&owners[0].1).await?;
    teller.request_assets(&owners[0].1).await?;
    teller.leave_offers_open(&owners).await?;
    teller.open_the_staff_area(&owners).await?;
    teller.days_ago(0);
    Ok(())
}

impl Storyteller<'_> {
    /// Staff, what they noted, a customer whose owner has not accepted yet, and a question to another.
    async fn open_the_staff_area(&self, owners: &[(&str, AccountId)]) -> Result<()> {
        self.days_ago(6);
        let roles = [
            ("Robin Falk", "robin@latchkey.example", StaffRole::Administrator),
            ("Sam Okoye", "sam@latchkey.example", StaffRole::Support),
        ];
        let mut staff = Vec::new();
        for (name, email, role) in roles {
            let mut tx = System::of(self.app).begin().await?;
            let address = EmailAddress::parse(email).map_err(AppError::Conflict)?;
            let (_, link) =
                team::store::add(&mut tx, name, &address, role.permissions().unwrap_or_default()).await?;
            tx.commit().await?;
            let mut browser = Browser::of_app(self.app);
            browser.change(ResetPassword::PATH, &[("token", &link), ("password", PASSWORD)]).await?;
            browser.sign_in(email, PASSWORD).await?;
            staff.push(browser);
        }
        let [robin, sam] = staff.as_mut_slice() else { return Ok(()) };
        let role = [
            ("name", "Domain desk"),
            ("permissions[]", "customers.view"),
            ("permissions[]", "requests.answer"),
        ];
        robin.change(SaveStaffRole::PATH, &role).await?;
        self.days_ago(5);
        let (bakery, bikes) = (owners[0].1.as_str(), &owners[1].1);
        let note = "Prefers a call in the afternoon: the ovens run until noon.";
        sam.change(AddNote::PATH, &[("account", bakery), ("text", note)]).await?;
        self.days_ago(4);
        let new = [
            ("name", "Nordlicht Studio"),
            ("first_name", "Nele"),
            ("last_name", "Brandt"),
            ("email", "nele@nordlicht.example"),
            ("phone", "+49 40 555 0142"),
            ("country", "DE"),
            ("invite", "on"),
        ];
        robin.change(CreateCustomer::PATH, &new).await?;
        let departments = [
            ("Support", "support@latchkey.example", &[][..]),
            ("Billing", "billing@latchkey.example", &["upgrade", "cancel"][..]),
            ("Domains", "domains@latchkey.example", &["nameservers", "lock"][..]),
        ];
        for (name, email, requests) in departments {
            let requests = requests.iter().map(|kind| ("requests[]", *kind));
            let form: Vec<(&str, &str)> = [
                ("name", name),
                ("email", email),
                ("by_mail", "on"),
                ("first_answer", "4"),
                ("next_answer", "8"),
            ]
            .into_iter()
            .chain(requests)
            .collect();
            robin.change(SaveDepartment::PATH, &form).await?;
        }
        let filter = [("name", "Owners to remind"), ("status", "no-login")];
        robin.change(SaveFilter::PATH, &filter).await?;
        let canned = [
            (
                "Ask for the error",
                "Hello {{first_name}},\n\nplease send us the exact words of the error, and the time when you saw it.\n\n{{staff}}",
            ),
            (
                "Done",
                "Hello {{first_name}},\n\nthat is done. Please tell us if anything is left.\n\n{{staff}}",
            ),
        ];
        for (name, text) in canned {
            sam.change(SaveCanned::PATH, &[("name", name), ("text", text)]).await?;
        }
        sam.change(SaveTicketView::PATH, &[("name", "Nobody's, due first"), ("whose", "nobody")]).await?;
        self.write_tickets(owners, sam).await?;
        self.bill(owners, robin).await?;
        self.days_ago(0);
        let form: ViewForm = sam.call(ShowViewForm::PATH, &[("account", bikes.as_str())]).await?;
        let reason = "You wrote that an invoice is missing from your list.";
        let ask = [("account", bikes.as_str()), ("contact", form.owner.as_str()), ("reason", reason)];
        sam.change(OpenView::PATH, &ask).await?;
        Ok(())
    }
}

impl Storyteller<'_> {
    /// Tickets: one that waits, one that staff answered with a note beside, one that is closed and rated.
    async fn write_tickets(&self, owners: &[(&str, AccountId)], sam: &mut Browser) -> Result<()> {
        let (bakery, bikes) = (owners[0].1.as_str(), owners[1].1.as_str());
        self.days_ago(3);
        let mut wes = self.browser_of("wes@pixelworks.example").await?;
        let mut olivia = self.browser_of("olivia@hartbakery.example").await?;
        let mut tom = self.browser_of("tom@beckerbikes.example").await?;
        let page: NewTicketPage = olivia.call(NewTicket::PATH, &[("account", bakery)]).await?;
        let department = |name: &str| {
            page.departments
                .iter()
                .find(|(_, known)| known == name)
                .map(|(id, _)| id.clone())
                .unwrap_or_default()
        };
        let (support, domains) = (department("Support"), department("Domains"));
        let open = |account, department, priority, subject, text| {
            [
                ("account", account),
                ("department", department),
                ("priority", priority),
                ("subject", subject),
                ("text", text),
            ]
        };
        let text = "The order form on the shop page shows **“502 Bad Gateway”** since this morning.\n\n- Chrome and Safari\n- also on the phone\n\nThe rest of the site works.";
        wes.change(OpenTicket::PATH, &open(bakery, &support, "high", "Order form shows an error", text))
            .await?;
        let text = "Can we point *hartbakery.example* to the new shop on Monday, before we open?";
        olivia
            .change(OpenTicket::PATH, &open(bakery, &domains, "normal", "Move the domain on Monday", text))
            .await?;
        let text = "Which of our mailboxes are close to full?";
        tom.change(OpenTicket::PATH, &open(bikes, &support, "low", "Mailbox sizes", text)).await?;
        self.days_ago(2);
        let found = |page: Page<TicketRow>, subject: &str| {
            page.items
                .into_iter()
                .find(|row| row.subject == subject)
                .map(|row| row.id.to_string())
                .unwrap_or_default()
        };
        let moving = found(sam.call(ListDesk::PATH, &[]).await?, "Move the domain on Monday");
        let sizes = found(sam.call(ListDesk::PATH, &[]).await?, "Mailbox sizes");
        let answer = |account, ticket, kind, text, version| {
            [("account", account), ("ticket", ticket), ("kind", kind), ("text", text), ("version", version)]
        };
        let note = "Registrar lock is on: switch it off on Sunday night.";
        sam.change(ReplyToTicket::PATH, &answer(bakery, &moving, "note", note, "2")).await?;
        let text = "We can do that at 6:00, so that it is done when you open at 7:00. Is that early enough?";
        sam.change(ReplyToTicket::PATH, &answer(bakery, &moving, "reply", text, "3")).await?;
        let text = "*info@* is at 92 %, all others are below half. We have just doubled it.";
        sam.change(ReplyToTicket::PATH, &answer(bikes, &sizes, "reply", text, "2")).await?;
        self.days_ago(1);
        let close = [("account", bikes), ("ticket", sizes.as_str()), ("to", "closed")];
        tom.change(SetTicketStatus::PATH, &close).await?;
        let rate =
            [("account", bikes), ("ticket", &sizes), ("rating", "5"), ("rating_text", "Quick and clear.")];
        tom.change(RateTicket::PATH, &rate).await?;
        Ok(())
    }
}

impl Storyteller<'_> {
    /// Invoices: one that is overdue, one that is paid, one that waits, one with a credit note, and a draft.
    async fn bill(&self, owners: &[(&str, AccountId)], robin: &mut Browser) -> Result<()> {
        self.days_ago(1);
        let (bakery, bikes) = (&owners[0].1, &owners[1].1);
        let mut tx = System::of(self.app).begin().await?;
        let mut company = settings::company(tx.conn()).await?;
        company.address = "Harbour Street 12\n20457 Hamburg\nGermany".into();
        company.tax_id = "DE136695976".into();
        settings::set_company(&mut tx, &company).await?;
        tx.unaudited("the demo begins with it");
        tx.commit().await?;
        let billing = |days| {
            [
                ("prefix", "INV-"),
                ("credit_prefix", "CN-"),
                ("currency", "EUR"),
                ("days", days),
                ("rates", "19, 7"),
                ("holder", "Latchkey Hosting GmbH"),
                ("iban", "DE89 3704 0044 0532 0130 00"),
                ("bic", "COBADEFFXXX"),
                ("bank", "Commerzbank"),
                ("footer", "Thank you for your business."),
                ("hour", "3"),
                ("ahead", "14"),
                ("remind_before", "3"),
                ("remind_after", "3, 10"),
                ("warn_after", "14"),
                ("suspend_after", "21"),
                ("late_fee", "5.00"),
                ("late_fee_after", "14"),
            ]
        };
        // The first is due before the demo begins.
        robin.change(SaveBillingSettings::PATH, &billing("0")).await?;
        let line = |text, quantity, price, tax| {
            [("description[]", text), ("quantity[]", quantity), ("price[]", price), ("tax[]", tax)]
        };
        let hosting = line("Web Hosting M, November 2026", "1", "12.90", "S1900");
        let shop = line("Online shop, November 2026", "1", "39.00", "S1900");
        let move_ = line("Moving the shop, hours", "2.5", "85.00", "S1900");
        let book = line("Handbook “Online shops”, printed", "1", "24.00", "S700");
        self.issue(robin, bakery, &[hosting, shop]).await?;
        robin.change(SaveBillingSettings::PATH, &billing("14")).await?;
        let paid = self.issue(robin, bakery, &[move_, book]).await?;
        let day = Timestamp(self.now.0).plus_days(-1).day();
        let about = |account: &AccountId, invoice: &str, version: &str| {
            vec![
                ("account", account.to_string()),
                ("invoice", invoice.to_owned()),
                ("version", version.to_owned()),
            ]
        };
        let with = |all: Vec<(&'static str, String)>, more: &[(&'static str, &str)]| {
            all.into_iter()
                .chain(more.iter().map(|(name, value)| (*name, (*value).to_owned())))
                .collect::<Vec<_>>()
        };
        let come = [
            ("amount", "278.56"),
            ("received", day.as_str()),
            ("method", "bank_transfer"),
            ("reference", "INV-00002"),
        ];
        change(robin, RecordPayment::PATH, &with(about(bakery, &paid, "2"), &come)).await?;
        let back = [("reason", "The handbook was out of print."), ("quantity[]", "0"), ("quantity[]", "1")];
        change(robin, CreditInvoice::PATH, &with(about(bakery, &paid, "3"), &back)).await?;
        self.issue(robin, bakery, &[line("Web Hosting M, December 2026", "1", "12.90", "S1900")]).await?;
        self.issue(robin, bikes, &[line("Web Hosting S, a year", "1", "59.00", "S1900")]).await?;
        let draft = with(
            vec![("account", bikes.to_string()), ("currency", "EUR".into())],
            &line("Set-up of three mailboxes", "3", "9.50", "S1900"),
        );
        change(robin, SaveDraft::PATH, &draft).await
    }

    /// Issues an invoice of these lines. Returns its id.
    async fn issue(
        &self,
        robin: &mut Browser,
        account: &AccountId,
        lines: &[[(&'static str, &str); 4]],
    ) -> Result<String> {
        let of = [("account", account.as_str()), ("currency", "EUR")];
        let form: Vec<(&str, &str)> = of.into_iter().chain(lines.iter().flatten().copied()).collect();
        let saved = robin.change(SaveDraft::PATH, &form).await?;
        let id = saved.to.rsplit('/').next().unwrap_or_default().to_owned();
        let form = [("account", account.as_str()), ("invoice", id.as_str()), ("version", "1")];
        robin.change(IssueInvoice::PATH, &form).await?;
        Ok(id)
    }
}

async fn change(by: &mut Browser, path: &str, form: &[(&str, String)]) -> Result<()> {
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    by.change(path, &form).await.map(drop)
}

/// Two accounts for measuring, one with so many services and one with ten, and somebody who may see ten of
/// each.
pub async fn measure(app: &AppState, services: usize) -> Result<()> {
    let mut owner = Browser::of_app(app);
    let email = "mia@measured.example";
    for (name, count, address) in
        [("Many Services", services, "many@measured.example"), ("Ten Services", 10, "ten@measured.example")]
    {
        let account = owner.settle("Otto Owner", name, address, PASSWORD).await?;
        let made = assets::many(app, &account, count).await?;
        let on: Vec<String> = made
            .iter()
            .step_by((count / 10).max(1))
            .take(10)
            .map(|id| box_name(&id.asset(), Permission::ViewService))
            .collect();
        let mut fields = vec![("account", account.as_str()), ("emails", email), ("preset", "custom")];
        fields.extend(on.iter().map(|name| ("on[]", name.as_str())));
        owner.change(InviteUsers::PATH, &fields).await?;
    }
    let mut mia = Browser::of_app(app);
    let token = mia.mailed(email, "/invitations/").await?;
    mia.change(Join::PATH, &[("token", &token), ("name", "Mia Measured"), ("password", PASSWORD)]).await?;
    let picker: Picker = mia.call(ShowPicker::PATH, &[]).await?;
    for waiting in picker.waiting {
        mia.change(AcceptInvitation::PATH, &[("invitation", waiting.invitation.as_str())]).await?;
    }
    Ok(())
}

/// Contacts of an account at once, as people are: one in ten may log in, one in a hundred is closed; each
/// gets some mail.
const CONTACTS: &str = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $2) \
    INSERT INTO contacts (id, account_id, first_name, last_name, company, email, email_key, phone, street, city, region, postcode, country, name_key, \
    search_text, can_log_in, status, mail, created_at, updated_at) \
    SELECT '0' || substr(lower(hex(randomblob(13))), 1, 25), $1, 'Person', 'Number ' || i, '', 'p' || i || '@many.example', 'p' || i || '@many.example', '', '', '', '', '', '', \
    'person number ' || printf('%06d', i), 'person number ' || i || ' p' || i || '@many.example', i % 10 = 0, CASE WHEN i % 100 = 1 THEN 'closed' ELSE 'active' END, \
    CASE i % 3 WHEN 0 THEN 'general' WHEN 1 THEN 'general,domain' ELSE 'invoice' END, $3, $3 FROM n";

/// For measuring: two accounts, one with so many contacts and one with fifty, each with its owner.
pub async fn measure_contacts(app: &AppState, contacts: usize) -> Result<()> {
    for (name, count, address) in
        [("Many Contacts", contacts, "cora@many.example"), ("Fifty Contacts", 50, "cora@fifty.example")]
    {
        let account = Browser::of_app(app).settle("Cora Count", name, address, PASSWORD).await?;
        let mut tx = System::of(app).begin().await?;
        let (now, count) = (tx.now().0, i64::try_from(count).unwrap_or_default());
        tx.conn().execute(CONTACTS, args![account.as_str(), count, now]).await?;
        tx.commit().await?;
    }
    Ok(())
}

impl Storyteller<'_> {
    fn days_ago(&self, days: i64) {
        self.app.clock().set(self.now.plus_days(-days).plus_minutes(-(days * 37 % 300)));
    }

    async fn browser_of(&self, email: &str) -> Result<Browser> {
        let known = self.browsers.lock().unwrap_or_else(PoisonError::into_inner).get(email).cloned();
        let mut browser = known.unwrap_or_else(|| Browser::of_app(self.app));
        browser.sign_in(email, PASSWORD).await?;
        self.keep(email, &browser);
        Ok(browser)
    }

    fn keep(&self, email: &str, browser: &Browser) {
        self.browsers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(email.to_owned(), browser.clone());
    }

    async fn invite(
        &self,
        by: &str,
        account: &AccountId,
        to: &str,
        name: &str,
        preset: &str,
        days: &str,
    ) -> Result<()> {
        let mut browser = self.browser_of(by).await?;
        let mut fields = vec![
            ("account", account.as_str()),
            ("emails", to),
            ("name", name),
            ("preset", preset),
            ("days", days),
        ];
        if preset == "custom" {
            fields.extend(
                ["contacts.manage", "profile.edit", "tickets.view", "tickets.open", "invoices.view"]
                    .map(|key| ("permissions[]", key)),
            );
        }
        browser.change(InviteUsers::PATH, &fields).await?;
        Ok(())
    }

    /// Somebody works for several accounts: they create a login with the first invitation and accept the
    /// others on the picker.
    async fn employ(
        &self,
        name: &str,
        email: &str,
        preset: &str,
        accounts: &[(&str, AccountId)],
    ) -> Result<()> {
        self.days_ago(30);
        let mut browser = Browser::of_app(self.app);
        for (index, (owner, account)) in accounts.iter().enumerate() {
            self.invite(owner, account, email, name, preset, "14").await?;
            if index == 0 {
                let token = browser.mailed(email, "/invitations/").await?;
                browser
                    .change(Join::PATH, &[("token", &token), ("name", name), ("password", PASSWORD)])
                    .await?;
            }
        }
        self.days_ago(29);
        browser.sign_in(email, PASSWORD).await?;
        let picker: Picker = browser.call(ShowPicker::PATH, &[]).await?;
        for waiting in picker.waiting {
            browser.change(AcceptInvitation::PATH, &[("invitation", waiting.invitation.as_str())]).await?;
        }
        self.keep(email, &browser);
        Ok(())
    }

    /// The bakery's suppliers, shops and staff: mostly people who only get mail.
    async fn fill_the_bakery(&self, account: &AccountId) -> Result<()> {
        self.days_ago(40);
        let mut browser = self.browser_of(OWNERS[0].2).await?;
        for index in 0..51 {
            let (first, last, company) =
                (FIRST[index % FIRST.len()], LAST[index % LAST.len()], COMPANIES[index % COMPANIES.len()]);
            let email = format!(
                "{}.{}@{}.example",
                first.to_lowercase(),
                last.to_lowercase(),
                ["hartbakery", "flour", "kiosk"][index % 3]
            );
            let mail: &[&str] = match index % 4 {
                0 => &["invoice"],
                1 => &["general", "service"],
                2 => &["general", "domain", "invoice"],
                _ => &["support"],
            };
            let mut fields = vec![
                ("account", account.as_str()),
                ("first_name", first),
                ("last_name", last),
                ("company", company),
                ("email", &email),
            ];
            fields.extend(mail.iter().map(|key| ("mail[]", *key)));
            if index % 10 == 0 {
                fields.push(("notify", "on"));
            }
            if index % 5 == 0 {
                fields.extend([
                    ("street", "12 Mill Lane"),
                    ("city", "Bath"),
                    ("postcode", "BA1 1AA"),
                    ("country", "GB"),
                    ("phone", "+44 1225 000000"),
                ]);
            }
            browser.change(CreateContact::PATH, &fields).await?;
        }
        for words in ["ada.carter", "hugo.costa", "quinn.haddad"] {
            self.close(&mut browser, account, words).await?;
        }
        Ok(())
    }

    /// The web designer keeps two sites of the bakery, and nothing that costs money on the shop.
    async fn trim_the_designer(&self, account: &AccountId) -> Result<()> {
        self.days_ago(28);
        let mut browser = self.browser_of(OWNERS[0].2).await?;
        let of = [("account", account.as_str())];
        let found: Page<ContactRow> =
            browser.call(ListContacts::PATH, &[("account", account.as_str()), ("q", "wes@")]).await?;
        let row = found.items.first().ok_or(AppError::NotFound)?;
        let contact: ContactView = browser
            .call(ShowContact::PATH, &[("account", account.as_str()), ("contact", row.id.as_str())])
            .await?;
        let givable: Givable = browser.call(ShowGivable::PATH, &of).await?;
        let id_of = |name: &str| {
            givable
                .services
                .iter()
                .find(|asset| asset.name == name)
                .map(|asset| asset.id.clone())
                .ok_or(AppError::NotFound)
        };
        let (site, shop) = (id_of("Bakery website")?, id_of("Online shop")?);
        let all = Group::Service.permissions().iter().map(|permission| box_name(&site, permission));
        let some = [Permission::ViewService, Permission::UseServicePanel]
            .map(|permission| box_name(&shop, permission));
        let on: Vec<String> = all.chain(some).collect();
        let drawn = givable.assets().map(|(asset, _)| asset.id.to_string()).collect::<Vec<_>>().join(",");
        let version = contact.version.to_string();
        let mut fields = vec![
            ("account", account.as_str()),
            ("contact", row.id.as_str()),
            ("version", &version),
            ("first_name", &contact.form.first_name),
            ("last_name", &contact.form.last_name),
            ("email", &contact.form.email),
            ("log_in", "on"),
            ("preset", "custom"),
            ("drawn", &drawn),
        ];
        fields.extend(["tickets.view", "tickets.open", "tickets.close"].map(|key| ("permissions[]", key)));
        fields.extend(on.iter().map(|name| ("on[]", name.as_str())));
        browser.change(UpdateContact::PATH, &fields).await?;
        Ok(())
    }

    /// Two requests that wait for staff, and something the web designer asked for.
    async fn request_assets(&self, account: &AccountId) -> Result<()> {
        self.days_ago(2);
        let mut browser = self.browser_of(OWNERS[0].2).await?;
        let of = ("account", account.as_str());
        let services: Page<services::model::ServiceRow> = browser.call(ListServices::PATH, &[of]).await?;
        let blog = services.items.iter().find(|row| row.name == "Recipe blog").ok_or(AppError::NotFound)?;
        let reason = "We are moving the recipes to the bakery website.";
        browser
            .change(
                RequestCancellation::PATH,
                &[of, ("service", blog.id.as_str()), ("reason", reason), ("when", "end"), ("sure", "on")],
            )
            .await?;
        let domains: Page<domains::model::DomainRow> = browser.call(ListDomains::PATH, &[of]).await?;
        let baking =
            domains.items.iter().find(|row| row.name == "bakingdays.example").ok_or(AppError::NotFound)?;
        let wanted = "ns1.hartbakery.example\nns2.hartbakery.example";
        browser
            .change(
                RequestNameservers::PATH,
                &[of, ("domain", baking.id.as_str()), ("nameservers_wanted", wanted)],
            )
            .await?;
        let mut wes = self.browser_of("wes@pixelworks.example").await?;
        let granters: Vec<(ContactId, String)> =
            wes.call(ShowGranters::PATH, &[of, ("permission", "domain.view")]).await?;
        let olivia = granters.first().ok_or(AppError::NotFound)?;
        wes.change(AskForAccess::PATH, &[of, ("permission", "domain.view"), ("asked", olivia.0.as_str())])
            .await?;
        Ok(())
    }

    async fn close(&self, browser: &mut Browser, account: &AccountId, words: &str) -> Result<()> {
        let found: Page<ContactRow> =
            browser.call(ListContacts::PATH, &[("account", account.as_str()), ("q", words)]).await?;
        let row = found.items.first().ok_or(AppError::NotFound)?;
        let fields = [("account", account.as_str()), ("contact", row.id.as_str())];
        browser.change(CloseContact::PATH, &fields).await?;
        Ok(())
    }

    /// Invitations in every state: on the bakery's table, and on the shop owner's picker.
    async fn leave_offers_open(&self, owners: &[(&str, AccountId)]) -> Result<()> {
        let (olivia, bakery) = &owners[0];
        self.days_ago(12);
        self.invite(olivia, bakery, "old.agency@example.com", "Nadia Old", "technical_staff", "3").await?;
        self.invite(olivia, bakery, "kiosk.manager@example.com", "Peter Klein", "accounting", "7").await?;
        self.days_ago(6);
        self.invite(olivia, bakery, "no.thanks@example.com", "Ines Duarte", "full_privileges", "14").await?;
        let mut somebody = Browser::of_app(self.app);
        let token = somebody.mailed("no.thanks@example.com", "/invitations/").await?;
        somebody.change(DeclineByLink::PATH, &[("token", &token)]).await?;
        self.days_ago(1);
        self.invite(olivia, bakery, "new.bookkeeper@example.com", "Yusuf Demir", "accounting", "7").await?;
        self.invite(olivia, bakery, "web.intern@example.com", "Lena Vogt", "technical_staff", "3").await?;
        for (owner, account) in &owners[12..] {
            self.invite(owner, account, olivia, "Olivia Hart", "accounting", "14").await?;
        }
        Ok(())
    }
}
