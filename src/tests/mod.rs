//! Features through the in-memory router: the real routes, a database per test, a clock that stands still, named people.

mod access;
mod bad_input;
mod contacts;
mod emails;
mod invitations;
mod outbox;
mod pages;
mod permissions;
mod previews;
mod sign_in;
mod statements;
mod support;
mod things;
