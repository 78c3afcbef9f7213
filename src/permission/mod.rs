//! What people may be allowed to do: contacts on an account, staff in the staff area.

mod account;
mod staff;

pub use account::{Group, Permission, Permissions, Preset, join_and};
pub use staff::{StaffGroup, StaffPermission, StaffPermissions, StaffRole};
