//! Who may do what: sessions, memberships, proofs of access, and the connections that they hand out.
//!
//! Used by every feature's `rpc` and `api` (through [`Access`] and its sisters) and `store` (through
//! [`Reader`] and [`Tx`]). Invariant: nothing outside this folder gets a database connection without a proof.

pub mod cookies;
pub mod data_dir;
pub mod device;
pub mod drafts;
pub mod fields;
pub mod given;
pub mod jobs;
pub mod lifetimes;
pub mod list;
mod lookup;
pub mod membership;
pub mod once;
mod proof;
pub mod request;
mod requirement;
mod scope;
pub mod session;
pub mod settings;
pub mod staff;
pub mod state;
pub mod zone;

pub use proof::{Access, Public, SignedIn, System};
pub use requirement::{
    AnyContact, CancelService, CloseTickets, EditProfile, ManageContacts, ManageDomain, ManagePaymentMethods,
    OpenTickets, Owner, PayInvoices, Requirement, SeeTickets, UpgradeService, UseServicePanel, ViewActivity,
    ViewDomain, ViewDomains, ViewEmails, ViewInvoices, ViewService, ViewServices,
};
pub use scope::{InAccount, OfAccount, OfStaff, OfUser, Open, Reader, Tx};
pub use staff::Staff;
