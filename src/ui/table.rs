//! The table of a list, from a list of its columns: headings that sort, rows, the menu of each row, labels on
//! a phone, what is shown in place of no rows, and the way to the other pages.
//!
//! It is written as text (see [`super::markup`]) and not handed to the browser once more as data, so whatever
//! depends on rows has to be inside.

use super::list::{Empty, ListPosition, Pager};
use super::markup::{Text, icon};
use crate::types::{AccountId, ListQuery, Page, Timestamp};
use leptos::prelude::*;
use leptos::tachys::html::InertElement;
use maud::{Markup, PreEscaped, html};

/// A column: its heading and what stands in each cell. `R` is a row, `C` what all rows have in common.
pub struct Column<R: 'static, C: 'static> {
    label: &'static str,
    class: Option<&'static str>,
    sort: Option<&'static str>,
    shown: Option<fn(&R) -> bool>,
    cell: fn(&R, &C) -> Markup,
}

impl<R, C> Column<R, C> {
    /// A column with a heading.
    pub const fn new(label: &'static str, cell: fn(&R, &C) -> Markup) -> Self {
        Self { label, class: None, sort: None, shown: None, cell }
    }

    /// The column that says what a row is about: without a label on a phone.
    pub const fn of_names(label: &'static str, cell: fn(&R, &C) -> Markup) -> Self {
        Self { class: Some("person"), ..Self::new(label, cell) }
    }

    /// The list can be sorted by it under this name.
    pub const fn sorted(self, name: &'static str) -> Self {
        Self { sort: Some(name), ..self }
    }

    /// It is left out where this holds for no row of the page.
    pub const fn if_any(self, shown: fn(&R) -> bool) -> Self {
        Self { shown: Some(shown), ..self }
    }
}

/// What all rows of a page have in common, where that is little.
pub struct RowContext {
    /// The account.
    pub account: AccountId,
    /// When the rows were read.
    pub now: Timestamp,
}

/// The three-dot menu of a row (P4).
pub struct RowMenu<'a> {
    /// Id of the row.
    pub id: &'a str,
    /// What the row is about.
    pub name: &'a str,
    /// Links and buttons.
    pub items: Markup,
}

/// The table of a list.
pub struct Table<R: 'static, C: 'static> {
    /// What it shows, for who does not see it.
    pub caption: &'static str,
    /// Its columns.
    pub columns: &'static [Column<R, C>],
    /// The menu at the end of each row.
    pub menu: Option<for<'a> fn(&'a R, &C) -> RowMenu<'a>>,
    /// Is the row about something that has ended?
    pub closed: fn(&R) -> bool,
    /// Was it just changed, so that it is marked?
    pub changed: fn(&R, &C) -> bool,
    /// Class of the table. With one, its cells carry no labels for a phone, which keeps long lists short: the
    /// style sheet says how its rows look there.
    pub class: Option<&'static str>,
    /// What is shown in place of no rows.
    pub none: Empty,
}

impl<R, C> Table<R, C> {
    /// A page, from the list at `path`.
    pub fn show(&self, page: &Page<R>, path: &str, query: &ListQuery, context: &C) -> AnyView {
        if page.is_empty() {
            return self.none.show(path, query);
        }
        let class = self.class.map_or_else(|| "rows".to_owned(), |class| format!("rows {class}"));
        let mut inner = String::with_capacity(1_000 * (page.items.len() + 2));
        let table = if cfg!(feature = "ssr") {
            // Fifty rows are 50 kB, which are copied once on their way into the page. The browser would remember each
            // text that it made an element of.
            inner.extend(["<table class=\"", &class, "\">"]);
            self.write(&mut inner, &page.items, path, query, context);
            inner.push_str("</table>");
            InertElement::new(inner).into_any()
        } else {
            // The document already holds the rows that are left out of the page.
            if page.omitted == 0 {
                self.write(&mut inner, &page.items, path, query, context);
            }
            view! { <table class=class inner_html=inner></table> }.into_any()
        };
        view! { {table} <Pager place=ListPosition::of(page, path, query)/> }.into_any()
    }

    fn write(&self, out: &mut String, rows: &[R], path: &str, query: &ListQuery, context: &C) {
        let columns: Vec<&Column<R, C>> = self
            .columns
            .iter()
            .filter(|column| column.shown.is_none_or(|shown| rows.iter().any(shown)))
            .collect();
        let first = self.columns.iter().find_map(|column| column.sort).unwrap_or_default();
        let head = html! {
            caption.visually-hidden { (self.caption) }
            thead { tr {
                @for column in &columns { (heading(column.label, column.sort, first, path, query)) }
                @if self.menu.is_some() { th scope="col" { span.visually-hidden { "Actions" } } }
            } }
        };
        out.push_str(&head.0);
        // Cells and rows need no end: the next one says it (HTML 13.1.2.4). A class of one word needs no quotes.
        out.push_str("<tbody>");
        for (number, row) in rows.iter().enumerate() {
            out.push_str(match ((self.changed)(row, context), (self.closed)(row)) {
                (true, _) => "<tr class=\"changed\">",
                (false, true) => "<tr class=\"closed\">",
                _ => "<tr>",
            });
            for column in &columns {
                out.push_str("<td");
                if let Some(class) = column.class {
                    out.extend([" class=", class]);
                } else if self.class.is_none() {
                    out.extend([" data-label=\"", column.label, "\""]);
                }
                out.push('>');
                out.push_str(&(column.cell)(row, context).0);
            }
            if let Some(menu) = self.menu {
                out.push_str("<td class=more>");
                out.push_str(&drawn(&menu(row, context), number).0);
            }
        }
    }

    /// The rows as text, for tests of what stands in them.
    #[cfg(test)]
    pub fn text(&self, rows: &[R], context: &C) -> String {
        let mut out = String::new();
        self.write(&mut out, rows, "/list", &ListQuery::default(), context);
        out
    }
}

/// A heading; one that sorts is a link that turns the order around the second time.
fn heading(label: &str, sort: Option<&str>, first: &str, path: &str, query: &ListQuery) -> Markup {
    let Some(name) = sort else { return html! { th scope="col" { (label) } } };
    let current = if query.sort.is_empty() { first } else { &query.sort };
    let (sorted, to) = if current == name {
        (Some("ascending"), format!("-{name}"))
    } else {
        ((current.strip_prefix('-') == Some(name)).then_some("descending"), name.to_owned())
    };
    let to = query.on_first_page(&[("sort", if to == first { "" } else { &to })]);
    html! { th scope="col" aria-sort=[sorted] { a href={ (path) (to) } { (label) } } }
}

fn drawn(menu: &RowMenu<'_>, number: usize) -> Markup {
    let RowMenu { id, name, items } = menu;
    html! {
        button id={ "m-" (Text(id)) } popovertarget={ "m" (number) } aria-label={ "Actions for " (Text(name)) } { (icon("dots")) }
        div.menu id={ "m" (number) } popover { (PreEscaped(&items.0)) }
    }
}
