//! Fills an empty data directory with the demo.

use super::people::PASSWORD;
use super::{scale, story};
use crate::access::given::DemoLogins;
use crate::access::{System, data_dir, settings};
use crate::outbox::{self, Transport};
use crate::platform::clock::Clock;
use crate::platform::config::{Config, DataDir, OPERATOR_COLOUR, OPERATOR_NAME, Serve};
use crate::platform::db::{self, Database};
use crate::web::state::app_state;
use std::path::Path;

/// The logins worth trying, with their password: name, address, and what each shows.
pub const LOGINS: DemoLogins = (
    PASSWORD,
    &[
        (
            "Olivia Hart",
            "olivia@hartbakery.example",
            "Shop owner: 60 contacts on her account, and invitations to two others.",
        ),
        (
            "Bea Lindqvist",
            "bea@ledgerline.example",
            "Bookkeeper of three accounts, with “Accounting” on each.",
        ),
        ("Wes Diaz", "wes@pixelworks.example", "Web designer with one login for twelve accounts."),
        (
            "Marta Kowalska",
            "marta@kowalska.example",
            "Manages the contacts of Hart Bakery without being its owner.",
        ),
        ("Robin Falk", "robin@latchkey.example", "Staff: administers the portal."),
        ("Sam Okoye", "sam@latchkey.example", "Staff: supports customers."),
    ],
);

/// The logins as text, one per line.
pub fn logins_text() -> String {
    LOGINS.1.iter().map(|(_, email, why)| format!("  {email:<30} {PASSWORD}   {why}\n")).collect()
}

/// How much there is of what is measured, beside the story.
#[derive(Clone, Copy, Debug, Default)]
pub struct Measured {
    /// Services of one account.
    pub services: Option<usize>,
    /// Contacts of one account.
    pub contacts: Option<usize>,
    /// Tickets of two thousand customers.
    pub tickets: Option<usize>,
    /// Invoices of two thousand customers.
    pub invoices: Option<usize>,
}

/// Fills an empty data directory and prints the logins; also with what is measured. A directory that holds the demo already stays as it is.
///
/// # Errors
/// A sentence for the operator; a directory with other data is never touched.
pub async fn fill(dir: &Path, base_url: &str, measured: &Measured) -> Result<(), String> {
    let _held = data_dir::hold(dir)?;
    let database = Database::open(&db::file(dir)).await?;
    if settings::is_demo(&database).await? {
        println!("The demo is already in {}. Its logins:\n{}", dir.display(), logins_text());
        return Ok(());
    }
    if !settings::is_empty(&database).await? {
        return Err(format!(
            "The data directory {} already holds other data. Choose an empty one.",
            dir.display()
        ));
    }
    let now = Clock::system().now();
    let mut config = Config::check(&settings_for(dir, base_url), true)?;
    (config.limits, config.mail_allowance) = (false, false);
    let app = app_state(
        config,
        Clock::fixed(now),
        data_dir::key_or_first(&dir.join("latchkey.key"), &database).await?,
        database,
        LOGINS,
    );
    let sentence = |error: crate::error::AppError| format!("The demo could not be made: {error}");
    story::tell(&app, now).await.map_err(sentence)?;
    if let Some(services) = measured.services {
        story::measure(&app, services).await.map_err(sentence)?;
    }
    if let Some(contacts) = measured.contacts {
        story::measure_contacts(&app, contacts).await.map_err(sentence)?;
    }
    if measured.tickets.is_some() || measured.invoices.is_some() {
        scale::customers(&app).await.map_err(sentence)?;
    }
    if let Some(tickets) = measured.tickets {
        scale::measure_tickets(&app, tickets).await.map_err(sentence)?;
    }
    if let Some(invoices) = measured.invoices {
        scale::measure_invoices(&app, invoices).await.map_err(sentence)?;
    }
    let transport = Transport::open(None, None, dir)?;
    outbox::send_due(&app, &transport).await.map_err(sentence)?;
    let mut tx = System::of(&app).begin().await.map_err(sentence)?;
    settings::mark_demo(&mut tx).await.map_err(sentence)?;
    tx.commit().await.map_err(sentence)?;
    app.close().await;
    println!("The demo is in {}. Its logins:\n{}", dir.display(), logins_text());
    Ok(())
}

fn settings_for(dir: &Path, base_url: &str) -> Serve {
    Serve {
        data: DataDir { path: dir.to_owned() },
        listen: ([127, 0, 0, 1], 3000).into(),
        base_url: Some(base_url.to_owned()),
        smtp_url: None,
        smtp_url_file: None,
        key_file: None,
        smtp_ca: None,
        mail_rate: None,
        operator_colour: OPERATOR_COLOUR.into(),
        operator_logo: None,
        mail_from: None,
        operator_name: OPERATOR_NAME.into(),
        staff_email: Some("staff@latchkey.example".into()),
        trusted_proxies: Vec::new(),
        metrics_token: None,
        lmtp_listen: None,
        mail_trusts: None,
        log: "warn".into(),
        log_format: "text".into(),
    }
}
