//! The end of every way to sign in: a session, a known browser, and a line in the audit of the user.

use super::words;
use crate::access::request::Origin;
use crate::access::{Open, Public, Tx, cookies, device, session, zone};
use crate::error::Result;
use crate::features::audit::model::AuditKind;
use crate::features::audit::record::{Actor, Entry};
use crate::features::users::{mail, store};
use crate::types::UserId;

/// How somebody proved who they are.
pub(crate) struct SignInProof {
    /// With everything they have: a remembered device is not asked for all of it.
    pub proven: bool,
    /// Do not ask this browser for the second factor for a while.
    pub remember: bool,
    /// The sentence in the audit trail of their login: "signed in with the password".
    pub says: &'static str,
}

/// Starts a session for somebody who proved who they are. A sign-in from a browser that is new to them is
/// told by mail.
pub(crate) async fn enter(
    public: &Public,
    tx: &mut Tx<Open>,
    user: &UserId,
    name: &str,
    email: &str,
    how: SignInProof,
) -> Result<()> {
    let context = public.context();
    let session = session::start(tx, context, user, how.proven).await?;
    let seen = device::seen(tx, context, user, how.remember).await?;
    let chosen = store::chosen(tx.conn(), user).await?;
    for cookie in [session, seen.cookie, zone::cookie_of(public.app(), &chosen)] {
        cookies::set_cookie(cookie);
    }
    if seen.new {
        tx.send(&mail::new_device(public.app(), name, email, &Origin::of(context))).await?;
    }
    let says = if seen.new { words::from_a_new_device(&how.says) } else { how.says.to_owned() };
    tx.record_of(user, &Actor::person(user, name), Entry::new(AuditKind::SignedIn, says)).await
}
