//! What stands above the list of the desk.

use serde::{Deserialize, Serialize};

/// How much waits, in the departments of the acting staff, and how they look at it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DeskFacts {
    /// Tickets that wait for staff.
    pub waiting: i64,
    /// Those that the acting staff answer.
    pub mine: i64,
    /// Those that nobody answers yet.
    pub nobody: i64,
    /// Those whose answer was promised for a time that has passed; counted to 1,001.
    pub late: i64,
    /// E-mails that wait for staff; counted to 1,001.
    pub mail: i64,
    /// Departments: id and name.
    pub departments: Vec<(String, String)>,
    /// Ways to look at the list, under a name: id, name and query.
    pub views: Vec<(String, String, String)>,
}
