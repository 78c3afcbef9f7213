//! Statements that are put together while the program runs, so that tests find them too.

/// The statements that a file makes. Those that stand in a file as they are, the tests find there.
#[cfg(test)]
pub struct Made {
    /// The file.
    pub file: &'static str,
    /// Every one of them.
    pub all: fn() -> Vec<String>,
}
#[cfg(test)]
leptos::server_fn::inventory::collect!(Made);

/// Registers what a file makes; the tests refuse a file that makes statements and has no such line.
macro_rules! made_statements {
    ($all:expr) => {
        #[cfg(test)]
        leptos::server_fn::inventory::submit! { $crate::platform::db::Made { file: file!(), all: $all } }
    };
}
pub(crate) use made_statements;
