//! What the frame of an account holds.

use crate::permission::{Permissions, StaffPermission, StaffPermissions};
use crate::types::AccountId;
use serde::{Deserialize, Serialize};

/// What every page of an account shows around its content.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Frame {
    /// What stands for the account in URLs: its id, or a preview's.
    pub account: AccountId,
    /// Its name.
    pub name: String,
    /// Its number, as people quote it.
    pub number: i64,
    /// Name of the signed-in person, or of whom the preview shows.
    pub person: String,
    /// Are they the owner?
    pub is_owner: bool,
    /// What they may do.
    pub permissions: Permissions,
    /// Days that an invitation is open unless they say otherwise; 0 where only staff invite.
    pub invites: i64,
    /// They may see at least one service.
    pub services: bool,
    /// They may see at least one domain.
    pub domains: bool,
    /// They may see tickets, or one.
    pub tickets: bool,
    /// Counts the changes of what they may do.
    pub key_version: i64,
    /// Set for staff, who are no contact of it: what they may do in the staff area.
    pub staff: Option<StaffPermissions>,
    /// Set in a preview of what somebody else sees.
    pub preview: Option<PreviewBanner>,
}

/// What the banner of a preview says. Each list completes a sentence that begins "NAME …".
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PreviewBanner {
    /// Whom it shows.
    pub name: String,
    /// "… can …": what they hold, when nothing is changed; "… will be able to …": what is new.
    pub able: Vec<String>,
    /// "… will no longer be able to …".
    pub no_longer: Vec<String>,
    /// It shows permissions that are not saved.
    pub unsaved: bool,
    /// "… can also …, which you cannot": what the person holds and the viewer does not, and so is not shown.
    pub hidden: Vec<String>,
    /// Staff look, with the customer's consent or told about it (O2).
    #[serde(default)]
    pub support: bool,
    /// The way out: path of the page that opened it.
    pub back: String,
}

impl Frame {
    /// Whoever looks may change things, as far as their permissions go: everybody but staff who only look.
    pub fn may_change(&self) -> bool {
        self.staff.is_none_or(|held| held.has(StaffPermission::EditCustomers))
    }

    /// Invitations go out from here at all, and whoever looks may change things.
    pub fn may_invite(&self) -> bool {
        self.invites > 0 && self.may_change()
    }
}

impl PreviewBanner {
    /// Whether the person is told of changes, and which: "will be able to", "can".
    pub fn verb(&self) -> &'static str {
        if self.unsaved { "will be able to" } else { "can" }
    }
}
