//! What is done every ten minutes beside the server, feature by feature: what is over ends, or is forgotten.

use crate::access::lifetimes::Lifetime;
use crate::access::state::AppState;
use crate::access::{self, System};
use crate::error::Result;
use crate::features::{
    accounts, billing, deliveries, incoming, invitations, invoices, ownership, payments, permissions,
    previews, replacements, second_factor, services, sign_in, support, tickets, users,
};
use crate::operator::{bulk, import};
use crate::outbox;
use crate::platform::db::{Conn, DbResult};

/// Every kind of row with a lifetime, in the order in which `docs/security/limits.md` lists them.
pub fn lifetimes() -> impl Iterator<Item = &'static Lifetime> {
    [
        access::jobs::LIFETIMES,
        outbox::jobs::LIFETIMES,
        accounts::jobs::LIFETIMES,
        incoming::jobs::LIFETIMES,
        invitations::jobs::LIFETIMES,
        permissions::jobs::LIFETIMES,
        previews::jobs::LIFETIMES,
        second_factor::jobs::LIFETIMES,
        services::jobs::LIFETIMES,
        sign_in::jobs::LIFETIMES,
        support::jobs::LIFETIMES,
        tickets::jobs::LIFETIMES,
        users::jobs::LIFETIMES,
        bulk::jobs::LIFETIMES,
    ]
    .into_iter()
    .flatten()
}

/// Runs every job once.
///
/// # Errors
/// When the database cannot be written.
pub async fn run(app: &AppState) -> Result<()> {
    let mut tx = System::of(app).begin().await?;
    ownership::jobs::run(&mut tx).await?;
    replacements::jobs::run(&mut tx).await?;
    invitations::jobs::run(&mut tx).await?;
    tx.commit().await?;
    for lifetime in lifetimes() {
        lifetime.remove_what_is_over(app).await?;
    }
    import::job::tidy(app);
    tickets::files::tidy(app).await?;
    incoming::jobs::tidy(app).await?;
    invoices::jobs::tidy(app).await?;
    accounts::vies::run(app).await?;
    payments::jobs::run(app).await?;
    billing::jobs::run(app).await?;
    deliveries::jobs::run(app).await?;
    app.note_jobs_done();
    Ok(())
}

/// How many rows of each kind there are.
///
/// # Errors
/// When the database cannot be read.
pub async fn counts(connection: &mut Conn) -> DbResult<Vec<(&'static str, i64)>> {
    let mut counts = Vec::new();
    for lifetime in lifetimes() {
        counts.push((lifetime.what, lifetime.rows(connection).await?));
    }
    Ok(counts)
}

/// The table in `docs/security/limits.md`.
#[cfg(test)]
pub fn table() -> String {
    let rows: String =
        lifetimes().map(|lifetime| format!("| {} | {} |\n", lifetime.what, lifetime.kept)).collect();
    format!("| what | kept |\n|---|---|\n{rows}")
}
