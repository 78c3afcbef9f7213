//! The staff area (O1): what the company that runs the portal works in.
//!
//! Each folder has the files of a feature. What staff do on one account they do on the account's own pages,
//! which know them (see [`crate::access::membership::Membership`]); here is what is about many.

pub mod activity;
pub mod arrange;
pub mod assets;
pub mod billing;
pub mod bulk;
pub mod canned;
pub mod customers;
pub mod data;
pub mod departments;
pub mod desk;
pub mod filters;
pub mod import;
pub mod invoices;
pub mod merge;
pub mod owners;
pub mod products;
pub mod queue;
pub mod settings;
pub mod setup;
pub mod statements;
pub mod team;
pub mod templates;
pub mod tickets;
pub mod views;
