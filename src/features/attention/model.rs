//! What can need somebody's attention, and how it is said. Pure: no I/O.

use super::words;
use crate::features::contacts::model::ONLY;
use crate::paths;
use crate::permission::Permission;
use crate::types::{AccountId, ContactId, DomainId, InvoiceId, ServiceId, TimeFormat, Timestamp};
use serde::{Deserialize, Serialize};

/// An invitation or a domain that ends within so many days needs somebody.
pub const INVITATION_DAYS: i64 = 2;
/// See [`INVITATION_DAYS`].
pub const DOMAIN_DAYS: i64 = 30;
/// For so many days an expired invitation, a failed mail and a request for access are still of interest.
pub const LATELY_DAYS: i64 = 14;

/// What a need is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NeedKind {
    /// Somebody asks for access.
    Ask,
    /// An invitation ends soon or has ended.
    Invitation,
    /// The mail of an invitation was not delivered.
    Undelivered,
    /// Mail does not reach a contact, or the main address.
    Failing,
    /// People have no second factor where one is wanted.
    Factor,
    /// A service is suspended.
    Suspended,
    /// A domain expires and is not renewed, or has expired.
    Domain,
    /// Mail about domains reaches nobody.
    DomainMail,
    /// An invoice is overdue.
    Invoice,
}

/// Something that needs somebody's attention.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Need {
    /// The account.
    pub account: AccountId,
    /// What it is about.
    pub kind: NeedKind,
    /// Id of the contact, service or domain; empty where it is about the account.
    pub id: String,
    /// What that is called.
    pub name: String,
    /// Key of the permission that is asked for, number of people, or reason.
    pub detail: String,
    /// When it began or ends; 0 where that means nothing.
    pub at: Timestamp,
}

impl Need {
    /// Its icon.
    pub fn icon(&self) -> &'static str {
        match self.kind {
            NeedKind::Ask => "key",
            NeedKind::Invitation => "clock",
            NeedKind::Undelivered | NeedKind::Failing | NeedKind::DomainMail => "alert",
            NeedKind::Factor => "shield",
            NeedKind::Suspended => "server",
            NeedKind::Domain => "globe",
            NeedKind::Invoice => "card",
        }
    }

    /// What to say.
    pub fn sentence(&self, now: Timestamp, time_format: &TimeFormat) -> String {
        let Self { name, detail, at, .. } = self;
        let when = time_format.relative(*at, now);
        match self.kind {
            NeedKind::Ask => {
                let what = Permission::from_key(detail).map(Permission::name).unwrap_or_default();
                words::asks_for(&name, &what)
            }
            NeedKind::Invitation if at.0 > now.0 => words::the_invitation_to_expires(&name, &when),
            NeedKind::Invitation => words::the_invitation_to_expired(&name, &when),
            NeedKind::Undelivered => words::the_invitation_to_was_not(&name, &detail),
            NeedKind::Failing => words::mail_to_has_failed(&name, &time_format.date(*at), &detail),
            NeedKind::Factor if detail == "1" => words::N_1_PERSON_HAS_NO_SECOND.into(),
            NeedKind::Factor => words::people_have_no_second_factor(&detail),
            NeedKind::Suspended => words::is_suspended(&name),
            NeedKind::Domain if at.0 > now.0 => words::expires_and_is_not_renewed(&name, &when),
            NeedKind::Domain => words::expired(&name, &when),
            NeedKind::DomainMail => words::DOMAIN_MAIL_REACHES_NOBODY_THE.into(),
            NeedKind::Invoice => words::invoice_is_overdue(&name, &time_format.date(*at)),
        }
    }

    /// Where it is dealt with.
    pub fn path(&self) -> String {
        let (account, id) = (&self.account, self.id.clone());
        match self.kind {
            NeedKind::Failing if id.is_empty() => paths::account_profile(account),
            NeedKind::Ask | NeedKind::Failing | NeedKind::Invitation | NeedKind::Undelivered => {
                paths::contact(account, &ContactId::from(id))
            }
            NeedKind::Factor => format!("{}?status=access&{ONLY}=no-factor", paths::contacts(account)),
            NeedKind::Suspended => paths::service(account, &ServiceId::from(id)),
            NeedKind::Domain => paths::domain(account, &DomainId::from(id)),
            NeedKind::DomainMail => paths::recipients(account),
            NeedKind::Invoice => paths::invoice(account, &InvoiceId::from(id)),
        }
    }
}
