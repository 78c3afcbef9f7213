//! What can need somebody's attention, and how it is said. Pure: no I/O.

use crate::features::contacts::model::ONLY;
use crate::paths;
use crate::permission::Permission;
use crate::types::{AccountId, ContactId, DomainId, ServiceId, TimeFormat, Timestamp};
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
    /// People have no second factor where one is wanted.
    Factor,
    /// A service is suspended.
    Suspended,
    /// A domain expires and is not renewed, or has expired.
    Domain,
    /// Mail about domains reaches nobody.
    DomainMail,
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
            NeedKind::Undelivered | NeedKind::DomainMail => "alert",
            NeedKind::Factor => "shield",
            NeedKind::Suspended => "server",
            NeedKind::Domain => "globe",
        }
    }

    /// What to say.
    pub fn sentence(&self, now: Timestamp, time_format: &TimeFormat) -> String {
        let Self { name, detail, at, .. } = self;
        let when = time_format.relative(*at, now);
        match self.kind {
            NeedKind::Ask => {
                let what = Permission::from_key(detail).map(Permission::name).unwrap_or_default();
                format!("{name} asks for “{what}”")
            }
            NeedKind::Invitation if at.0 > now.0 => format!("The invitation to {name} expires {when}"),
            NeedKind::Invitation => format!("The invitation to {name} expired {when}"),
            NeedKind::Undelivered => format!("The invitation to {name} was not delivered: {detail}"),
            NeedKind::Factor if detail == "1" => {
                "1 person has no second factor, which this account requires".into()
            }
            NeedKind::Factor => format!("{detail} people have no second factor, which this account requires"),
            NeedKind::Suspended => format!("{name} is suspended"),
            NeedKind::Domain if at.0 > now.0 => {
                format!("{name} expires {when} and is not renewed automatically")
            }
            NeedKind::Domain => format!("{name} expired {when}"),
            NeedKind::DomainMail => {
                "Domain mail reaches nobody: the last e-mail to each recipient failed".into()
            }
        }
    }

    /// Where it is dealt with.
    pub fn path(&self) -> String {
        let (account, id) = (&self.account, self.id.clone());
        match self.kind {
            NeedKind::Ask | NeedKind::Invitation | NeedKind::Undelivered => {
                paths::contact(account, &ContactId::from(id))
            }
            NeedKind::Factor => format!("{}?status=access&{ONLY}=no-factor", paths::contacts(account)),
            NeedKind::Suspended => paths::service(account, &ServiceId::from(id)),
            NeedKind::Domain => paths::domain(account, &DomainId::from(id)),
            NeedKind::DomainMail => paths::recipients(account),
        }
    }
}
