//! The permissions section of a form: presets, boxes, and what they add up to.
//!
//! Used by the contact form and by "Invite User". Invariant: a preset and a change of boxes never silently overrule each other.

pub mod model;
pub mod parts;
