//! A row of the table as text; see [`crate::ui::markup`]. There may be fifty, and nothing in them reacts.

use super::model::{ContactKind, ContactRow, ContactStatus};
use crate::paths;
use crate::types::{AccountId, Timestamp, initials};
use crate::ui::avatar::tint;
use crate::ui::list::ListParams;
use crate::ui::markup::{Escaped, IconText};
use crate::ui::time_format;
use std::fmt::Write as _;

/// Every row of a page of the table.
pub fn rows(
    rows: &[ContactRow],
    account: &AccountId,
    params: &ListParams,
    now: Timestamp,
    for_owner: bool,
) -> String {
    let query = params.with(&[]);
    let list = if query.is_empty() { "?".to_owned() } else { format!("{query}&") };
    let place = RowContext { for_owner, account, list: Escaped(&list).to_string(), now };
    let mut out = String::with_capacity(900 * rows.len());
    for (number, row) in rows.iter().enumerate() {
        // Writing to a string cannot fail.
        let _ = place.write(&mut out, row, number);
    }
    out
}

/// What all rows of a page have in common.
struct RowContext<'a> {
    /// The owner looks: only they can hand the account over.
    for_owner: bool,
    account: &'a AccountId,
    /// The query of the list, ready for one more parameter; escaped. Links are relative to the page, which
    /// keeps fifty rows short.
    list: String,
    now: Timestamp,
}

impl RowContext<'_> {
    fn write(&self, out: &mut String, row: &ContactRow, number: usize) -> std::fmt::Result {
        let contact = format!("contacts/{}", row.id);
        let title = Escaped(row.title());
        let closed = if row.status == ContactStatus::Closed { " class=\"closed\"" } else { "" };
        write!(
            out,
            "<tr{closed}><td class=\"person\"><span class=\"avatar tint-{}\" aria-hidden=\"true\">{}</span>\
             <span class=\"two-lines\"><a href=\"{contact}\">{title}</a><small>",
            tint(row.title()),
            Escaped(&initials(row.title()))
        )?;
        if !row.name.is_empty() {
            write!(out, "{}", Escaped(&row.email))?;
        }
        let icon = match row.what {
            ContactKind::Owner => "key",
            ContactKind::LogsIn => "user",
            ContactKind::MailOnly => "mail",
        };
        write!(
            out,
            "</small></span></td><td><span class=\"with-icon\">{}{}</span></td><td>",
            IconText(icon),
            row.what.title()
        )?;
        self.write_status(out, row)?;
        let may = if row.may.is_empty() { "–" } else { &row.may };
        write!(out, "</td><td>{}</td><td>", Escaped(may))?;
        write_mail(out, row)?;
        out.write_str("</td><td>")?;
        match row.last_sign_in {
            Some(at) => write!(
                out,
                "<time datetime=\"{}\" title=\"{}\">{}</time>",
                at.iso(),
                time_format::exact(at),
                time_format::relative(at, self.now)
            )?,
            None => out.write_str("<span class=\"faint\">–</span>")?,
        }
        out.write_str("</td><td>")?;
        match row.factor {
            Some(true) => write!(out, "<span class=\"with-icon\">{}On</span>", IconText("shield"))?,
            Some(false) => out.write_str("Off")?,
            None => out.write_str("<span class=\"faint\">–</span>")?,
        }
        self.write_menu(out, row, &contact, number)?;
        out.write_str("</td></tr>")
    }

    fn write_status(&self, out: &mut String, row: &ContactRow) -> std::fmt::Result {
        let (class, icon, word) = row.status.pill();
        write!(out, "<span class=\"{class}\"")?;
        if let Some(at) = row.expires.filter(|_| row.status == ContactStatus::Invited) {
            write!(
                out,
                " title=\"Expires {} ({})\"",
                time_format::relative(at, self.now),
                time_format::exact(at)
            )?;
        }
        write!(out, ">{}{word}</span>", IconText(icon))
    }

    /// The three-dot menu (P4). Its buttons belong to the forms under the table.
    fn write_menu(
        &self,
        out: &mut String,
        row: &ContactRow,
        contact: &str,
        number: usize,
    ) -> std::fmt::Result {
        let (id, list) = (&row.id, &self.list);
        write!(
            out,
            "</td><td class=\"more\"><button class=\"quiet\" id=\"more-{id}\" popovertarget=\"m{number}\" aria-haspopup=\"true\" \
             aria-label=\"Actions for {}\">{}</button><div class=\"menu\" id=\"m{number}\" popover=\"auto\"><a href=\"{contact}\">{}Edit Contact</a>",
            Escaped(row.title()),
            IconText("dots"),
            IconText("edit"),
        )?;
        if matches!(row.status, ContactStatus::Invited | ContactStatus::Expired | ContactStatus::Declined) {
            write!(
                out,
                "<button type=\"submit\" form=\"resend\" name=\"contact\" value=\"{id}\">{}Resend invitation</button>",
                IconText("send")
            )?;
        }
        if matches!(row.status, ContactStatus::Invited | ContactStatus::Expired) && row.expires.is_some() {
            write!(
                out,
                "<button type=\"submit\" form=\"withdraw\" name=\"contact\" value=\"{id}\">{}Withdraw invitation</button>\
                 <a href=\"{list}link={id}\">{}Copy invitation link</a>",
                IconText("x"),
                IconText("copy")
            )?;
        }
        if row.what == ContactKind::LogsIn {
            write!(
                out,
                "<button type=\"submit\" form=\"see\" name=\"contact\" value=\"{id}\">{}See it as {}</button>",
                IconText("eye"),
                Escaped(row.title())
            )?;
        }
        if row.what == ContactKind::Owner && self.for_owner {
            write!(
                out,
                "<a href=\"{}\">{}Transfer ownership</a>",
                paths::ownership(self.account),
                IconText("key")
            )?;
        }
        if row.what != ContactKind::Owner {
            write!(out, "<a class=\"danger\" href=\"{list}delete={id}\">{}Delete</a>", IconText("trash"))?;
        }
        out.write_str("</div>")
    }
}

fn write_mail(out: &mut String, row: &ContactRow) -> std::fmt::Result {
    let mut count = 0;
    for category in row.mail.iter() {
        out.write_str(if count == 0 { "" } else { ", " })?;
        out.write_str(category.title())?;
        count += 1;
    }
    if count == 0 { out.write_str("None") } else { Ok(()) }
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
        };
        let params = ListParams(vec![("q", nasty.into())]);
        let html =
            rows(&[row], &"01k9zv5s8t3w2x1y0abcdefghj".to_owned().into(), &params, Timestamp(0), false);
        assert!(!html.contains("<script") && !html.contains("\"\">"), "{html}");
        assert_eq!(html.matches("&lt;script&gt;alert(1)&lt;/script&gt;").count(), 5);
    }
}
