//! Replacing an owner who is gone, as staff do it; the rest is in [`crate::features::replacements`].

pub mod model;
pub mod pages;
pub mod rpc;
pub mod words;
