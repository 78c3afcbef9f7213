//! The link of the first start.

use crate::access::state::AppState;
use crate::access::{Open, System, Tx, settings};
use crate::error::Result;
use crate::operator::team;
use crate::paths;
use crate::platform::db::Conn;
use crate::platform::token;

/// The link with which the portal is set up; `None` when it has staff. A new one each start, in place of the
/// one before.
///
/// # Errors
/// When the database cannot be written.
pub async fn link(app: &AppState) -> Result<Option<String>> {
    let mut tx = System::of(app).begin().await?;
    if team::store::any(tx.conn()).await? {
        return Ok(None);
    }
    let secret = token::new_token();
    settings::set_setup(&mut tx, &token::hash(&secret)).await?;
    tx.commit().await?;
    Ok(Some(app.url(&paths::setup(&secret))))
}

/// Does a secret open the first start?
pub async fn opens(conn: &mut Conn, secret: &str) -> Result<bool> {
    let known = settings::setup(conn).await?;
    Ok(known.is_some_and(|known| known == token::hash(secret)) && !team::store::any(conn).await?)
}

/// The link is used up.
pub async fn use_up(tx: &mut Tx<Open>) -> Result<()> {
    settings::set_setup(tx, "").await
}
