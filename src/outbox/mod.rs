//! The outbox: mail is a row in the transaction of what caused it, and is sent after commit (M4).
//!
//! One worker sends, over a few connections, because one process serves a data directory. Invariants: a
//! message is leased in the database before it is handed over and marked sent right after; without room to
//! lease, nothing is sent. A start gives back what an earlier process had leased. The window between "taken
//! by the mail server" and "marked" is the one that SMTP leaves open: whoever is killed in it sends the few
//! messages on the wire again, with the same Message-ID, and never loses one. A stored body holds no link
//! that is for its recipient alone: the secret of a link is kept apart and forgotten once the message is
//! sent, and the link to what the recipient chose is made from the installation's key when it is sent.

pub mod allowance;
pub mod jobs;
mod message;
mod smtp;
mod transport;
pub mod undeliverable;
mod worker;

pub use allowance::{may_notify, may_send, take};
pub use message::{
    CHOICE, CHOICE_URL, MailFile, Message, PLACEHOLDER, Queued, call_back, count_to, latest_to, newest,
    numbers, show, thread_of, with_choice,
};
pub use transport::{Transport, mail_dir, seal_server, set_server, try_server};
pub use worker::{give_back, send_due, work};
