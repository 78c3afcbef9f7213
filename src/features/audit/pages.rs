//! The screen "Activity".

use super::model::{AuditQuery, AuditRow, People, TOPICS, icon};
use super::rpc::{ListActivity, ListActors};
use crate::features::permissions::components::Denial;
use crate::frame::{account_in_url, use_frame};
use crate::paths;
use crate::permission::Permission;
use crate::types::{AccountId, Page, Timestamp};
use crate::ui::icon::Icon;
use crate::ui::layout::Heading;
use crate::ui::list::{ListParams, ListPosition, Pager};
use crate::ui::load::{fetch, fetch_rows, load, load_quietly};
use crate::ui::markup::{Escaped, IconText};
use crate::ui::time_format;
use leptos::prelude::*;
use std::fmt::Write as _;

/// The parts of the page's URL.
const TERMS: &[&str] = &["q", "person", "kind", "from", "to", "after", "before"];

/// `/a/{account}/activity`: everything that changed on the account (X2).
#[component]
pub fn ActivityPage() -> impl IntoView {
    let frame = use_frame();
    let needed = Permission::ViewActivity;
    if !frame.permissions.has(needed) {
        return Denial::prepare(&frame.account, needed, None).show();
    }
    let account = account_in_url();
    let params = ListParams::of_url(TERMS);
    let query = move || {
        params.with(|params| {
            let part = |name| params.get(name);
            AuditQuery {
                q: part("q"),
                person: part("person"),
                kind: part("kind"),
                from: part("from"),
                to: part("to"),
                after: part("after"),
                before: part("before"),
            }
        })
    };
    let people = fetch(move || ListActors { account: account.get() });
    let data = fetch_rows(move || ListActivity { account: account.get(), query: query() });
    let above = vec![(paths::account(&frame.account), frame.name.clone())];
    let file = move || format!("{}{}", paths::activity_csv(&account.get()), params.get().on_first_page(&[]));
    view! {
        <Heading title="Activity" above=above>
            <a class="button" href=file rel="external" download><Icon name="download"/>"CSV"</a>
        </Heading>
        {load_quietly(people, move |people| view! { <Narrow people=people params=params.get_untracked()/> })}
        {load(data, move |page| view! { <Entries page=page account=account.get_untracked() params=params.get_untracked()/> })}
    }
    .into_any()
}

/// What to narrow the list down to. A plain form: all of it is in the URL.
#[component]
fn Narrow(people: People, params: ListParams) -> impl IntoView {
    let option = |value: String, label: String, chosen: &str| {
        let selected = value == chosen;
        view! { <option value=value selected=selected>{label}</option> }
    };
    let (person, kind) = (params.get("person"), params.get("kind"));
    let everybody = std::iter::once((String::new(), "Everybody".to_owned()))
        .chain(people)
        .map(|(value, label)| option(value, label, &person))
        .collect_view();
    let topics = TOPICS.iter().map(|(key, label)| ((*key).to_owned(), (*label).to_owned()));
    let kinds = std::iter::once((String::new(), "Everything".to_owned()))
        .chain(topics)
        .map(|(value, label)| option(value, label, &kind))
        .collect_view();
    let narrowed = TERMS.iter().any(|name| !params.get(name).is_empty());
    view! {
        <form method="get" class="narrowing" role="search" aria-label="Narrow down">
            <label>"Words"<input name="q" type="search" autocomplete="off" value=params.get("q")/></label>
            <label>"Who"<select name="person" autocomplete="off">{everybody}</select></label>
            <label>"What"<select name="kind" autocomplete="off">{kinds}</select></label>
            <label>"From"<input name="from" type="date" autocomplete="off" value=params.get("from")/></label>
            <label>"Until"<input name="to" type="date" autocomplete="off" value=params.get("to")/></label>
            <div class="narrowing-actions">
                <button class="button" type="submit">"Show"</button>
                {narrowed.then(|| view! { <a href="?" rel="external">"Everything"</a> })}
            </div>
        </form>
    }
}

#[component]
fn Entries(page: Page<AuditRow>, account: AccountId, params: ListParams) -> impl IntoView {
    let list = paths::activity(&account);
    if page.is_empty() {
        let narrowed = TERMS.iter().any(|name| !params.get(name).is_empty());
        let (title, words) = match narrowed {
            true => ("Nothing like that happened", "Widen the dates, or choose everybody and everything."),
            false => (
                "Nothing has happened yet",
                "Every change on this account appears here: who made it, when and from where, and what was before.",
            ),
        };
        return view! { <div class="empty"><Icon name="history"/><h2>{title}</h2><p>{words}</p></div> }
            .into_any();
    }
    let place = ListPosition::of(&page, &list, &params);
    let mut rows = String::with_capacity(700 * page.items.len());
    let mut day = String::new();
    for row in &page.items {
        // Writing to a string cannot fail.
        let _ = write_row(&mut rows, row, &mut day, page.now);
    }
    view! { <div class="activity" inner_html=rows></div> <Pager place=place/> }.into_any()
}

/// An entry, under the heading of its day.
fn write_row(out: &mut String, row: &AuditRow, day: &mut String, now: Timestamp) -> std::fmt::Result {
    let date = time_format::date(row.at);
    if *day != date {
        write!(out, "{}<h2>{}</h2><ol>", if day.is_empty() { "" } else { "</ol>" }, Escaped(&date))?;
        *day = date;
    }
    let badge = match row.badge() {
        "" => String::new(),
        word => format!(" <span class=\"pill\">{word}</span>"),
    };
    write!(
        out,
        "<li>{}<div><p><strong>{}</strong>{badge} {}</p>",
        IconText(icon(&row.kind)),
        Escaped(&row.actor),
        Escaped(&row.says)
    )?;
    if !row.changes.is_empty() {
        out.write_str("<details><summary>Before and after</summary><dl class=\"facts\">")?;
        for change in &row.changes {
            let value =
                |text: &str| if text.is_empty() { "nothing".to_owned() } else { Escaped(text).to_string() };
            write!(
                out,
                "<dt>{}</dt><dd><del>{}</del> → <ins>{}</ins></dd>",
                Escaped(&change.what),
                value(&change.before),
                value(&change.after)
            )?;
        }
        out.write_str("</dl></details>")?;
    }
    let from = row.place();
    write!(
        out,
        "<p class=\"hint\"><time datetime=\"{}\" title=\"{}\">{}</time>{}{}</p></div></li>",
        row.at.iso(),
        Escaped(&time_format::exact(row.at)),
        Escaped(&time_format::relative(row.at, now)),
        if from.is_empty() { "" } else { " · " },
        Escaped(&from)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::audit::model::AuditChange;

    #[test]
    fn what_people_typed_is_text() {
        let nasty = "<script>alert(1)</script>";
        let change = AuditChange { what: nasty.into(), before: nasty.into(), after: nasty.into() };
        let row = AuditRow {
            id: "x".into(),
            at: Timestamp(0),
            actor_kind: "owner".into(),
            actor: nasty.into(),
            source: nasty.into(),
            agent: nasty.into(),
            kind: "contacts.added".into(),
            says: nasty.into(),
            changes: vec![change],
        };
        let mut html = String::new();
        write_row(&mut html, &row, &mut String::new(), Timestamp(0)).unwrap();
        assert!(!html.contains("<script"), "{html}");
        assert_eq!(html.matches("&lt;script&gt;").count(), 7);
    }
}
