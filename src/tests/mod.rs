//! Features through the in-memory router: the real routes, a database per test, a clock that stands still,
//! named people.

mod abuse;
mod access;
mod assets;
mod attention;
mod audit;
mod bad_input;
mod contacts;
mod desk;
mod emails;
mod guards;
mod hard_mail;
mod holders;
mod import;
mod incoming;
mod invitations;
mod layers;
mod operator;
mod outbox;
mod ownership;
mod pages;
mod permissions;
mod person;
mod previews;
mod profile;
mod readme;
mod recipients;
mod replacements;
mod roles;
mod schemas;
mod second_factor;
mod sessions;
mod sign_in;
mod statements;
pub mod support;
mod tickets;
mod writer;
