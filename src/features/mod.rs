//! What people use the portal for: one folder each, all with the same file names.

pub mod accounts;
pub mod attention;
pub mod audit;
pub mod contacts;
pub mod domains;
pub mod holders;
pub mod incoming;
pub mod invitations;
pub mod invoices;
pub mod mail;
pub mod news;
pub mod ownership;
pub mod permissions;
pub mod previews;
pub mod recipients;
pub mod replacements;
pub mod requests;
pub mod roles;
pub mod second_factor;
pub mod services;
pub mod sign_in;
pub mod support;
pub mod tickets;
pub mod users;
