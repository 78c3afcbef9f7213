//! The table of contacts: its columns and the menu of a row.

use super::model::{ContactKind, ContactRow, ContactStatus};
use super::words;
use crate::paths;
use crate::types::{AccountId, ListQuery, Timestamp, initials};
use crate::ui::avatar::tint;
use crate::ui::list::Empty;
use crate::ui::markup::{Text, ago, icon, nothing, pill, two_lines};
use crate::ui::table::{Column, RowMenu, Table};
use crate::ui::time_format;
use maud::{Markup, html};

/// What all rows of a page have in common.
pub struct ContactsContext {
    /// The owner looks: only they can hand the account over.
    pub for_owner: bool,
    /// Whoever looks may change something.
    pub may_change: bool,
    /// The account.
    pub account: AccountId,
    /// The query of the list, ready for one more parameter. Links are relative to the page, which keeps fifty
    /// rows short.
    pub list: String,
    /// The same for a form that leads back to the list, as its query; empty for the plain list.
    pub back: String,
    /// The view of closed contacts: there they are opened again.
    pub of_closed: bool,
    /// The rows that were just changed: their ids, joined by commas.
    pub changed: String,
    /// When the rows were read.
    pub now: Timestamp,
}

impl ContactsContext {
    /// For a page that `query` asked for.
    pub fn new(
        account: AccountId,
        query: &ListQuery,
        now: Timestamp,
        for_owner: bool,
        may_change: bool,
        changed: String,
    ) -> Self {
        let of_closed = query.status == "closed";
        let query = query.with(&[]);
        let back = if query.is_empty() { String::new() } else { format!("?back={}", paths::encode(&query)) };
        let list = if query.is_empty() { "?".to_owned() } else { format!("{query}&") };
        Self { for_owner, may_change, account, list, back, of_closed, changed, now }
    }
}

/// Everybody on an account (P1).
pub const CONTACTS: Table<ContactRow, ContactsContext> = Table {
    caption: words::EVERYBODY_ON_THIS_ACCOUNT,
    columns: &[
        Column::of_names(words::NAME, name).sorted("name"),
        Column::new(words::LOGIN, login),
        Column::new(words::STATUS, status),
        Column::new(words::PERMISSIONS, permissions),
        Column::new(words::MAIL, mail),
        Column::new(words::LAST_SIGN_IN, last_sign_in).sorted("sign-in"),
        Column::new(words::SECOND_FACTOR, second_factor),
    ],
    menu: Some(menu),
    closed: |row| row.status == ContactStatus::Closed,
    changed,
    class: Some("people"),
    none: Empty { icon: "users", what: "contacts", purpose: words::CONTACTS_ARE_THE_PEOPLE_WHO },
};

/// The invitations that wait for an answer, ran out or were declined (P12).
pub const INVITATIONS: Table<ContactRow, ContactsContext> = Table {
    caption: "Invitations",
    columns: &[
        Column::of_names(words::NAME, name).sorted("name"),
        Column::new(words::STATUS, |row, _| pill(row.status.pill())),
        Column::new(words::SENT, sent),
        Column::new(words::EXPIRES, expires),
        Column::new(words::DELIVERY, mailed),
        Column::new(words::PERMISSIONS, permissions),
    ],
    none: Empty { icon: "send", what: "invitations", purpose: words::INVITATIONS_THAT_NOBODY_HAS_ACCEPTED },
    class: Some("people invited"),
    ..CONTACTS
};

fn changed(row: &ContactRow, of: &ContactsContext) -> bool {
    of.changed.split(',').any(|id| id == row.id.as_str())
}

fn permissions(row: &ContactRow, _: &ContactsContext) -> Markup {
    html! { (Text(if row.may.is_empty() { "–" } else { &row.may })) }
}

fn sent(row: &ContactRow, of: &ContactsContext) -> Markup {
    row.sent.as_ref().map_or_else(nothing, |(at, by)| html! { (ago(*at, of.now)) " by " (by) })
}

fn expires(row: &ContactRow, of: &ContactsContext) -> Markup {
    let at = row.expires.filter(|_| row.status == ContactStatus::Invited);
    at.map_or_else(nothing, |at| {
        html! { span.two-lines { (time_format::relative(at, of.now)) small { (time_format::exact(at)) } } }
    })
}

fn mailed(row: &ContactRow, _: &ContactsContext) -> Markup {
    match &row.mailed {
        None => html! { span.faint { (words::NOT_SENT) } },
        Some((state, error)) => html! {
            span.two-lines { (pill(state.pill())) @if !error.is_empty() { small { (error) } } }
        },
    }
}

fn name(row: &ContactRow, of: &ContactsContext) -> Markup {
    let (id, title) = (row.id.as_str(), row.title());
    html! {
        @if of.may_change { input type="checkbox" form="pick" name="who" value=(Text(id)) aria-label=(Text(title)); }
        b class={ "avatar tint-" (tint(title)) } aria-hidden="true" { (initials(title)) }
        (two_lines(&["contacts/", id].concat(), title, if row.name.is_empty() { "" } else { &row.email }))
    }
}

fn login(row: &ContactRow, _: &ContactsContext) -> Markup {
    let drawn = match (row.what, row.status) {
        (ContactKind::Owner, _) => "key",
        (ContactKind::LogsIn, ContactStatus::Active) => "user",
        (ContactKind::MailOnly, _) => "mail",
        // "Can log in" is said only of who can.
        (ContactKind::LogsIn, ContactStatus::Closed) => return html! { (words::NO) },
        (ContactKind::LogsIn, _) => return html! { (words::NOT_YET) },
    };
    html! { span.with-icon { (icon(drawn)) (Text(row.what.title())) } }
}

fn status(row: &ContactRow, of: &ContactsContext) -> Markup {
    let pill = pill(row.status.pill());
    match row.expires.filter(|_| row.status == ContactStatus::Invited) {
        None => pill,
        // When it ends stands there to be read: a phone shows no tooltips.
        Some(at) => html! {
            span.two-lines {
                (pill)
                small { (words::EXPIRES_2) (time_format::relative(at, of.now)) ", " (time_format::exact(at)) }
            }
        },
    }
}

fn mail(row: &ContactRow, _: &ContactsContext) -> Markup {
    html! {
        @for (number, category) in row.mail.iter().enumerate() { @if number > 0 { ", " } (Text(category.title())) }
        @if row.mail.is_empty() { (words::NONE) }
    }
}

fn last_sign_in(row: &ContactRow, of: &ContactsContext) -> Markup {
    row.last_sign_in.map_or_else(nothing, |at| ago(at, of.now))
}

fn second_factor(row: &ContactRow, _: &ContactsContext) -> Markup {
    match row.factor {
        Some(true) => html! { span.with-icon { (icon("shield")) (words::ON) } },
        Some(false) => html! { (words::OFF) },
        None => nothing(),
    }
}

/// The three-dot menu (P4). Its buttons belong to the forms under the table.
fn menu<'a>(row: &'a ContactRow, of: &ContactsContext) -> RowMenu<'a> {
    let (id, list, status) = (Text(row.id.as_str()), &of.list, row.status);
    let open = matches!(status, ContactStatus::Invited | ContactStatus::Expired);
    let button = |form: &str, drawn: &'static str, words: &str| {
        html! { button form=(form) name="contact" value=(id) { (icon(drawn)) (Text(words)) } }
    };
    RowMenu {
        id: row.id.as_str(),
        name: row.title(),
        items: html! {
            a href={ "contacts/" (id) "/edit" (of.back) } { (icon("edit")) (Text(words::EDIT_CONTACT)) }
            @if of.may_change {
                @if open || status == ContactStatus::Declined { (button("resend", "send", words::RESEND_INVITATION)) }
                @if open && row.expires.is_some() {
                    (button("withdraw", "x", words::WITHDRAW_INVITATION))
                    a href={ (list) "link=" (id) } { (icon("copy")) (words::COPY_INVITATION_LINK) }
                }
                @if of.of_closed { (button("reopen", "check", words::REOPEN)) }
            }
            @match row.what {
                ContactKind::LogsIn => (button("see", "eye", &words::see_it_as(&row.title()))),
                ContactKind::Owner if of.for_owner => {
                    a href=(paths::ownership(&of.account)) { (icon("key")) (words::TRANSFER_OWNERSHIP_2) }
                }
                _ => {}
            }
            @if of.may_change && row.what != ContactKind::Owner {
                a.danger href={ (list) "delete=" (id) } { (icon("trash")) (words::DELETE) }
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::category::Categories;

    #[test]
    fn what_people_typed_is_text_in_every_cell() {
        let nasty = "\"><script>alert(1)</script>";
        let row = ContactRow {
            id: "01k9zv5s8t3w2x1y0abcdefghj".to_owned().into(),
            name: nasty.into(),
            email: nasty.into(),
            what: ContactKind::LogsIn,
            status: ContactStatus::Invited,
            expires: Some(Timestamp(1)),
            may: nasty.into(),
            mail: Categories::from_column("invoice"),
            last_sign_in: None,
            factor: None,
            sent: None,
            mailed: None,
        };
        let query = ListQuery { q: nasty.into(), ..ListQuery::default() };
        let account = "01k9zv5s8t3w2x1y0abcdefghj".to_owned().into();
        let html = CONTACTS
            .text(&[row], &ContactsContext::new(account, &query, Timestamp(0), false, true, String::new()));
        assert!(!html.contains("<script") && !html.contains("\"\">"), "{html}");
        assert_eq!(html.matches("&lt;script&gt;alert(1)&lt;/script&gt;").count(), 6);
    }
}
