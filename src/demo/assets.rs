//! The services and domains of the demo: what the accounts rent.

use super::people::OWNERS;
use crate::access::System;
use crate::access::state::AppState;
use crate::error::Result;
use crate::features::domains::store::NewDomain;
use crate::features::services::model::{Cycle, ServiceStatus};
use crate::features::services::store::NewService;
use crate::features::{domains, services};
use crate::types::{AccountId, Money, ServiceId, Timestamp};

/// Account, product, label, domain, state, price in cents, cycle, days until it is due.
type Service = (usize, &'static str, &'static str, &'static str, ServiceStatus, i64, Cycle, i64);

use Cycle::{Monthly, Once, Quarterly, Yearly};
use ServiceStatus::{Active, Cancelled, Pending, Suspended};

/// The account's place in [`OWNERS`], and what it rents.
const SERVICES: [Service; 30] = [
    (0, "Web Hosting M", "Bakery website", "hartbakery.example", Active, 1_290, Monthly, 12),
    (0, "Shop Hosting L", "Online shop", "shop.hartbakery.example", Active, 4_900, Monthly, 3),
    (0, "Mailboxes 25", "", "hartbakery.example", Active, 990, Monthly, 12),
    (0, "Web Hosting S", "Recipe blog", "bakingdays.example", Suspended, 590, Monthly, -9),
    (0, "Virtual Server 4", "Till server", "", Active, 8_400, Quarterly, 41),
    (1, "Shop Hosting M", "Bike shop", "beckerbikes.example", Active, 2_900, Monthly, 18),
    (1, "Mailboxes 10", "", "beckerbikes.example", Active, 490, Monthly, 18),
    (1, "Web Hosting S", "Cycling club", "rideout.example", Cancelled, 590, Monthly, -60),
    (2, "Web Hosting M", "Showroom", "okafor.example", Active, 1_290, Monthly, 7),
    (2, "Cloud Storage 500", "Plans and photos", "", Active, 1_900, Monthly, 7),
    (3, "Shop Hosting L", "Wine shop", "ferreirawines.example", Active, 4_900, Monthly, 22),
    (3, "Mailboxes 25", "", "ferreirawines.example", Active, 990, Monthly, 22),
    (3, "Web Hosting S", "Harvest diary", "harvest.example", Pending, 590, Monthly, 30),
    (4, "Web Hosting M", "Practice website", "praxis-schmidt.example", Active, 15_480, Yearly, 201),
    (4, "Mailboxes 10", "", "praxis-schmidt.example", Active, 5_880, Yearly, 201),
    (5, "Shop Hosting M", "Ceramics shop", "moriceramics.example", Active, 2_900, Monthly, 15),
    (5, "Web Hosting S", "Kiln log", "kilnlog.example", Active, 590, Monthly, 15),
    (6, "Web Hosting M", "Studio website", "nairyoga.example", Active, 1_290, Monthly, 25),
    (6, "Video Storage 1000", "Class recordings", "", Active, 3_900, Monthly, 25),
    (7, "Web Hosting S", "Roofing website", "allenroofing.example", Active, 590, Monthly, 10),
    (8, "Web Hosting M", "Atelier", "ateliermartin.example", Active, 1_290, Monthly, 4),
    (8, "Virtual Server 2", "Render box", "", Suspended, 2_400, Monthly, -3),
    (9, "Web Hosting L", "Pharmacy website", "patelpharmacy.example", Active, 2_490, Monthly, 19),
    (9, "Mailboxes 10", "", "patelpharmacy.example", Active, 490, Monthly, 19),
    (10, "Shop Hosting L", "Booking", "rossitravel.example", Active, 4_900, Monthly, 28),
    (10, "Web Hosting S", "Travel diary", "diary.rossitravel.example", Active, 590, Monthly, 28),
    (11, "Web Hosting M", "Coffee website", "brookscoffee.example", Active, 1_290, Monthly, 6),
    (11, "Migration", "Move from the old host", "brookscoffee.example", Active, 9_900, Once, 0),
    (12, "Web Hosting S", "Portfolio", "yilmaz.example", Active, 590, Monthly, 13),
    (13, "Shop Hosting M", "Outdoor shop", "bergoutdoor.example", Active, 2_900, Monthly, 21),
];

/// Account, name, state, days until its registration ends, renewed automatically, locked.
const DOMAINS: [(usize, &str, domains::model::DomainStatus, i64, bool, bool); 15] = [
    (0, "hartbakery.example", domains::model::DomainStatus::Active, 210, true, true),
    (0, "bakingdays.example", domains::model::DomainStatus::Active, 18, false, true),
    (0, "hart-bread.example", domains::model::DomainStatus::Pending, 365, true, false),
    (1, "beckerbikes.example", domains::model::DomainStatus::Active, 300, true, true),
    (1, "rideout.example", domains::model::DomainStatus::Expired, -12, false, false),
    (2, "okafor.example", domains::model::DomainStatus::Active, 95, true, true),
    (3, "ferreirawines.example", domains::model::DomainStatus::Active, 44, true, true),
    (3, "harvest.example", domains::model::DomainStatus::Active, 340, true, true),
    (4, "praxis-schmidt.example", domains::model::DomainStatus::Active, 120, true, true),
    (5, "moriceramics.example", domains::model::DomainStatus::Active, 260, true, true),
    (6, "nairyoga.example", domains::model::DomainStatus::Active, 31, true, false),
    (8, "ateliermartin.example", domains::model::DomainStatus::Active, 77, true, true),
    (9, "patelpharmacy.example", domains::model::DomainStatus::Active, 149, true, true),
    (10, "rossitravel.example", domains::model::DomainStatus::Active, 203, true, true),
    (13, "bergoutdoor.example", domains::model::DomainStatus::Cancelled, -30, false, false),
];

/// Sets everything up, as the operator would.
pub async fn set_up(app: &AppState, now: Timestamp, accounts: &[(&str, AccountId)]) -> Result<()> {
    let mut tx = System::of(app).begin().await?;
    for (index, (account, product, label, domain, status, cents, cycle, due)) in SERVICES.iter().enumerate() {
        let login = OWNERS[*account].2.split(['@', '.']).nth(1).unwrap_or("customer");
        let server = format!(
            "{}{}.latchkey.example",
            if product.starts_with("Virtual") { "vm" } else { "web" },
            index % 4 + 1
        );
        let new = NewService {
            product,
            label,
            status: *status,
            price: Money { cents: *cents, currency: "EUR".into() },
            cycle: *cycle,
            next_due: (*cycle != Once && *status != Cancelled).then(|| now.plus_days(*due)),
            domain,
            server: if product.contains("Hosting") || product.starts_with("Virtual") { &server } else { "" },
            login_name: if product.contains("Hosting") { login } else { "" },
            notes: if *status == Suspended {
                "Suspended because of an unpaid invoice. It is switched back on once the invoice is paid."
            } else {
                ""
            },
            panel_url: if product.contains("Hosting") { crate::paths::DEV_PANEL } else { "" },
        };
        services::store::insert(&mut tx, &accounts[*account].1, &new).await?;
    }
    for (account, name, status, ends, auto_renew, locked) in DOMAINS {
        let new = NewDomain {
            name,
            status,
            registered: now.plus_days(ends - 3 * 365),
            expires: now.plus_days(ends),
            auto_renew,
            locked,
            nameservers: "ns1.latchkey.example\nns2.latchkey.example",
        };
        domains::store::insert(&mut tx, &accounts[account].1, &new).await?;
    }
    tx.commit().await
}

/// Gives an account so many services, for measuring. Returns them.
pub async fn many(app: &AppState, account: &AccountId, count: usize) -> Result<Vec<ServiceId>> {
    let mut tx = System::of(app).begin().await?;
    let mut made = Vec::with_capacity(count);
    for index in 0..count {
        let (label, domain) = (format!("Site {index:05}"), format!("site{index:05}.example"));
        let new = NewService {
            product: "Web Hosting S",
            label: &label,
            status: Active,
            price: Money { cents: 590, currency: "EUR".into() },
            cycle: Monthly,
            next_due: Some(tx.now().plus_days(9)),
            domain: &domain,
            server: "web1.latchkey.example",
            login_name: "measured",
            notes: "",
            panel_url: "",
        };
        made.push(services::store::insert(&mut tx, account, &new).await?);
    }
    tx.commit().await?;
    Ok(made)
}
