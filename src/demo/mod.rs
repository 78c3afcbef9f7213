//! Demo data that looks alive, made through the same functions that people use.
//!
//! Used by `latchkey demo` and by the end-to-end tests. Invariant: the data is the same each time, but for ids and tokens.

pub mod assets;
pub mod browser;
mod people;
mod story;

use crate::access::state::AppState;
use crate::access::{System, settings};
use crate::cli::run;
use crate::outbox;
use crate::outbox::Transport;
use crate::platform::clock::Clock;
use crate::platform::config::{Config, DataDir, OPERATOR_COLOUR, OPERATOR_NAME, Serve};
use crate::platform::db;
use crate::platform::db::Database;
use std::path::Path;

/// The password of every demo login.
pub const PASSWORD: &str = "latch-key-demo-2026";

/// A login worth trying.
pub struct Login {
    /// Name.
    pub name: &'static str,
    /// Address.
    pub email: &'static str,
    /// What it shows.
    pub why: &'static str,
}

/// The logins shown on the sign-in page.
pub const LOGINS: &[Login] = &[
    Login { name: "Olivia Hart", email: "olivia@hartbakery.example", why: "Shop owner: 60 contacts on her account, and invitations to two others." },
    Login { name: "Bea Lindqvist", email: "bea@ledgerline.example", why: "Bookkeeper of three accounts, with “Accounting” on each." },
    Login { name: "Wes Diaz", email: "wes@pixelworks.example", why: "Web designer who reaches twelve accounts with one login." },
    Login { name: "Marta Kowalska", email: "marta@kowalska.example", why: "Manages the contacts of Hart Bakery without owning it." },
];

/// The logins as text, one per line.
pub fn logins_text() -> String {
    LOGINS.iter().map(|login| format!("  {:<30} {PASSWORD}   {}\n", login.email, login.why)).collect()
}

/// Fills an empty data directory and prints the logins; with `measured`, also with what [`story::measure`] makes. A directory that holds the demo already stays as it is.
///
/// # Errors
/// A sentence for the operator; a directory with other data is never touched.
pub async fn fill(dir: &Path, base_url: &str, measured: Option<usize>, contacts: Option<usize>) -> Result<(), String> {
    let _held = run::hold(dir)?;
    let database = Database::open(&db::file(dir)).await?;
    if settings::is_demo(&database).await? {
        println!("The demo in {} is there already. Its logins:\n{}", dir.display(), logins_text());
        return Ok(());
    }
    if !settings::is_empty(&database).await? {
        return Err(format!("The data directory {} holds data that is not the demo's. Choose an empty one.", dir.display()));
    }
    let now = Clock::system().now();
    let mut config = Config::check(&settings_for(dir, base_url), true)?;
    (config.limits, config.mail_allowance) = (false, false);
    let app = AppState::new(config, Clock::fixed(now), run::key_or_first(&dir.join("latchkey.key"), &database).await?, database);
    let sentence = |error: crate::error::AppError| format!("The demo could not be made: {error}");
    story::tell(&app, now).await.map_err(sentence)?;
    if let Some(services) = measured {
        story::measure(&app, services).await.map_err(sentence)?;
    }
    if let Some(contacts) = contacts {
        story::measure_contacts(&app, contacts).await.map_err(sentence)?;
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
        log: "warn".into(),
        log_format: "text".into(),
    }
}
