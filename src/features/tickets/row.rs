//! A ticket as a row, and what it is to whoever looks at it: one place decides who sees it and what they may do.

use super::model::{May, NEVER_DUE, Priority, Status, TicketRow};
use crate::access::membership::Membership;
use crate::error::Result;
use crate::permission::Permission;
use crate::platform::db::{Conn, FromRow, args};
use crate::types::{ContactId, Timestamp};

const FIND: &str = r"SELECT t.id, t.number, t.account_id, a.name AS account_name, a.email AS main_email, t.department_id, d.name AS department,
        d.email AS department_email, d.by_mail, t.asset_id, t.subject, t.priority, t.status, t.opener_id, t.opened_by,
        t.assigned_id, CASE WHEN t.assigned_id IS NULL THEN '' ELSE t.assigned_name END AS assigned_name, t.rating, t.rating_text, t.held, t.version, t.changed_at, t.due_at,
        t.merged_into, (SELECT i.number FROM tickets i WHERE i.id = t.merged_into) AS merged_number, t.split_from,
        (SELECT s.number FROM tickets s WHERE s.id = t.split_from) AS split_number, t.moved_from, (SELECT f.name FROM accounts f WHERE f.id = t.moved_from) AS moved_name,
        EXISTS (SELECT 1 FROM ticket_people p WHERE p.ticket_id = t.id AND p.contact_id = $2) AS added,
        EXISTS (SELECT 1 FROM closed_departments x WHERE x.contact_id = $2 AND x.department_id = t.department_id) AS barred,
        EXISTS (SELECT 1 FROM staff_departments w WHERE w.user_id = $3)
        AND NOT EXISTS (SELECT 1 FROM staff_departments w WHERE w.user_id = $3 AND w.department_id = t.department_id) AS others
    FROM tickets t
    JOIN departments d ON d.id = t.department_id
    JOIN accounts a ON a.id = t.account_id
    WHERE t.id = $1";

/// A ticket as a row, with what it is to a contact or to staff.
#[derive(Clone, Debug, FromRow)]
pub struct Ticket {
    /// Its id.
    pub id: String,
    /// Its number.
    pub number: i64,
    /// The account.
    pub account_id: String,
    /// Its name.
    pub account_name: String,
    /// Its main address.
    pub main_email: String,
    /// The department.
    pub department_id: String,
    /// Its name.
    pub department: String,
    /// Its address.
    pub department_email: String,
    /// Mail to that address becomes tickets.
    pub by_mail: bool,
    /// What it is about, or empty.
    pub asset_id: String,
    /// Subject.
    pub subject: String,
    /// Key of the priority.
    pub priority: String,
    /// Key of the status.
    pub status: String,
    /// The contact who opened it.
    pub opener_id: Option<String>,
    /// Who opened it.
    pub opened_by: String,
    /// The staff who answer it.
    pub assigned_id: Option<String>,
    /// Their name, or empty.
    pub assigned_name: String,
    /// How it was rated; 0 for not.
    pub rating: i64,
    /// Words beside that.
    pub rating_text: String,
    /// Messages that are held.
    pub held: i64,
    /// Counts what was written.
    pub version: i64,
    /// When something was written last.
    pub changed_at: i64,
    /// Until when an answer is promised; from [`NEVER_DUE`] on for no promise.
    pub due_at: i64,
    /// The ticket that shows what was written in this one.
    pub merged_into: Option<String>,
    /// Its number.
    pub merged_number: Option<i64>,
    /// The ticket that its first messages were taken from.
    pub split_from: Option<String>,
    /// Its number.
    pub split_number: Option<i64>,
    /// The account it was moved away from.
    pub moved_from: Option<String>,
    /// Its name.
    pub moved_name: Option<String>,
    added: bool,
    barred: bool,
    others: bool,
}

/// A ticket by its id, with what it is to a contact and to staff.
pub async fn find(conn: &mut Conn, id: &str, contact: &str, staff: &str) -> Result<Option<Ticket>> {
    Ok(conn.optional(FIND, args![id, contact, staff]).await?)
}

impl Ticket {
    /// A made-up ticket of an account, for mails that are shown and not sent.
    pub fn sample(member: &Membership) -> Self {
        Self {
            id: member.account.to_string(),
            number: 1_001,
            account_id: member.account.to_string(),
            account_name: member.account_name.clone(),
            main_email: member.user.email.clone(),
            department_id: String::new(),
            department: "Support".into(),
            department_email: "support@example.com".into(),
            by_mail: true,
            asset_id: String::new(),
            subject: "The order form shows an error".into(),
            priority: Priority::Normal.key().into(),
            status: Status::Open.key().into(),
            opener_id: None,
            opened_by: member.user.name.clone(),
            assigned_id: None,
            assigned_name: String::new(),
            rating: 0,
            rating_text: String::new(),
            held: 0,
            version: 1,
            changed_at: 0,
            due_at: NEVER_DUE,
            merged_into: None,
            merged_number: None,
            split_from: None,
            split_number: None,
            moved_from: None,
            moved_name: None,
            added: false,
            barred: false,
            others: false,
        }
    }

    /// Does somebody on its account see it? The same as the list says.
    pub fn is_seen_by(&self, member: &Membership) -> bool {
        if self.account_id != member.account.as_str() {
            return false;
        }
        if member.staff.is_some() {
            return member.permissions.has(Permission::ViewTickets) && !self.others;
        }
        let own = member.preview.is_none() && self.is_opened_by(&member.contact);
        let added = member.preview.is_none() && self.added;
        !self.barred
            && (member.permissions.has(Permission::ViewTickets)
                || (own && member.permissions.has(Permission::OpenTickets))
                || added)
    }

    /// Did this contact open it?
    pub fn is_opened_by(&self, contact: &ContactId) -> bool {
        self.opener_id.as_deref() == Some(contact.as_str())
    }

    /// What somebody who sees it may do with it. What was merged into another ticket goes on there.
    pub fn may(&self, member: &Membership) -> May {
        let staff = member.staff.is_some();
        if self.merged_into.is_some() {
            return May { staff, ..May::default() };
        }
        let has = |permission| member.permissions.has(permission);
        let writes = member.preview.is_none() && (has(Permission::OpenTickets) || (self.added && !staff));
        May {
            reply: writes,
            close: member.preview.is_none() && has(Permission::CloseTickets),
            people: writes && (staff || has(Permission::ViewTickets) || self.is_opened_by(&member.contact)),
            staff,
            rate: writes && !staff && self.is_opened_by(&member.contact) && self.status == "closed",
        }
    }

    /// The row of a list.
    pub fn row(&self) -> TicketRow {
        TicketRow {
            id: self.id.clone().into(),
            number: self.number,
            subject: self.subject.clone(),
            status: Status::from_key(&self.status),
            priority: Priority::from_key(&self.priority),
            department: self.department.clone(),
            opened_by: self.opened_by.clone(),
            assigned: self.assigned_name.clone(),
            held: self.held,
            merged: self.merged_into.is_some(),
            due: due(self.due_at),
            changed: Timestamp(self.changed_at),
            account: self.account_id.clone().into(),
            account_name: self.account_name.clone(),
            answering: Vec::new(),
        }
    }

    /// May whoever of the staff it was looked up for see it, in their departments?
    pub fn is_of_their_departments(&self) -> bool {
        !self.others
    }
}

/// A due time, if it is one.
pub fn due(at: i64) -> Option<Timestamp> {
    (at < NEVER_DUE).then_some(Timestamp(at))
}
