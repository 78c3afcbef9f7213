//! Sign up, sign in, sign out, forgotten password (S1).
//!
//! Used by everybody before they are anybody. Invariants: no answer tells whether an address exists; a session starts only with
//! a verified address and the password, or with a secret that was mailed to the address.

pub mod pages;
pub mod parts;
pub mod rpc;
