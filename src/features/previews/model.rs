//! What a preview says about itself.

/// How long a preview lasts.
pub const MINUTES: i64 = 30;
