//! What stands around every list: words to search for, filters, and the way to the next page. All of it is in
//! the URL.

use super::icon::Icon;
use super::markup::options;
use crate::types::{COUNTED, ListQuery, counted};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use std::time::Duration;
use wasm_bindgen::JsCast as _;
use web_sys::HtmlSelectElement;

/// What the URL being shown wants of a list; `narrowed` are the names of what only this list can be narrowed
/// down to.
pub fn list_in_url(narrowed: &'static [&'static str]) -> Memo<ListQuery> {
    let url = use_query_map();
    Memo::new(move |_| {
        url.with(|url| {
            let part = |name: &str| url.get(name).unwrap_or_default();
            ListQuery {
                q: part("q"),
                status: part("status"),
                sort: part("sort"),
                after: part("after"),
                before: part("before"),
                narrowed: narrowed.iter().map(|name| ((*name).to_owned(), part(name))).collect(),
            }
        })
    })
}

impl ListQuery {
    /// The query string with some parts replaced, starting with `?`; empty parts are left out.
    pub fn with(&self, changes: &[(&str, &str)]) -> String {
        let kept = self.parts().filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
        let mut all = String::new();
        for (name, value) in kept.chain(changes.iter().copied()).filter(|(_, value)| !value.is_empty()) {
            all.push(if all.is_empty() { '?' } else { '&' });
            all.extend([name, "=", &crate::paths::encode(value)]);
        }
        all
    }

    /// The same on the first page.
    pub fn on_first_page(&self, changes: &[(&str, &str)]) -> String {
        let all: Vec<(&str, &str)> = changes.iter().copied().chain([("after", ""), ("before", "")]).collect();
        self.with(&all)
    }
}

/// The field to search in a list, and its filters. With WASM the list follows while one types.
#[component]
pub fn Filters(
    /// Path of the list.
    path: Memo<String>,
    /// What is shown of it.
    query: Memo<ListQuery>,
    /// Label of the field.
    label: &'static str,
    /// What it can be searched by.
    placeholder: &'static str,
    /// Filters: value in the URL and label.
    filters: &'static [(&'static str, &'static str)],
) -> impl IntoView {
    let navigate = use_navigate();
    let typed = StoredValue::new(0_u32);
    let start = query.get_untracked();
    let words = RwSignal::new(start.q.clone());
    let go = move || {
        let to = query.get_untracked().on_first_page(&[("q", words.get_untracked().trim())]);
        let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        navigate(&format!("{}{to}", path.get_untracked()), options);
    };
    let at_once = go.clone();
    let search = move |event| {
        words.set(event_target_value(&event));
        typed.update_value(|count| *count += 1);
        let mine = typed.get_value();
        let go = go.clone();
        let after_a_pause = move || {
            // Whoever followed a link meanwhile has found what they looked for.
            let on_a_link = document().active_element().is_some_and(|element| element.tag_name() == "A");
            if typed.try_get_value() == Some(mine) && !on_a_link {
                go();
            }
        };
        set_timeout(after_a_pause, Duration::from_millis(250));
    };
    let entered = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        typed.update_value(|count| *count += 1);
        at_once();
    };
    // The way back, or "Show all", changes the words without typing.
    Effect::new(move || {
        let wanted = query.get().q;
        if wanted != words.get_untracked().trim() {
            words.set(wanted);
        }
    });
    let links = filters
        .iter()
        .map(|(value, label)| {
            let to = move || path.get() + &query.with(|query| query.on_first_page(&[("status", value)]));
            let current = move || query.with(|query| query.status == *value).then_some("true");
            view! { <a href=to aria-current=current>{*label}</a> }
        })
        .collect_view();
    let kept = rest_of(&start, &["q"]);
    view! {
        <div class="filters">
            <form method="get" class="search" role="search" on:submit=entered>
                <label class="visually-hidden" for="search">{label}</label>
                <Icon name="search"/>
                <input id="search" name="q" type="search" placeholder=placeholder autocomplete="off" value=start.q prop:value=words on:input=search/>
                {kept}
                <button class="button no-wasm">"Search"</button>
            </form>
            <nav class="tabs" aria-label="Status">{links}</nav>
        </div>
    }
}

/// What a form keeps of a query beside its own fields, on the first page.
fn rest_of(query: &ListQuery, own: &[&str]) -> impl IntoView + use<> {
    query
        .parts()
        .filter(|(name, value)| {
            !value.is_empty() && !own.contains(name) && !matches!(*name, "after" | "before")
        })
        .map(|(name, value)| view! { <input type="hidden" name=name.to_owned() value=value.to_owned()/> })
        .collect_view()
}

/// Where a page stands in its list, and the way to its neighbours.
#[derive(Clone, Debug)]
pub struct ListPosition {
    /// "1–50 of 60".
    pub range: String,
    /// Path of the page before.
    pub previous: Option<String>,
    /// Path of the page after.
    pub next: Option<String>,
}

impl ListPosition {
    /// The place of a page in the list at `path`.
    pub fn of<T>(page: &crate::types::Page<T>, path: &str, query: &ListQuery) -> Self {
        let shown = i64::try_from(page.len()).unwrap_or_default();
        Self {
            range: if page.skipped > COUNTED {
                format!("{shown} of {}", counted(page.total))
            } else {
                format!("{}–{} of {}", page.skipped + 1, page.skipped + shown, counted(page.total))
            },
            previous: page
                .previous
                .as_ref()
                .map(|cursor| format!("{path}{}", query.with(&[("before", cursor), ("after", "")]))),
            next: page
                .next
                .as_ref()
                .map(|cursor| format!("{path}{}", query.with(&[("after", cursor), ("before", "")]))),
        }
    }
}

/// The way to the pages before and after.
#[component]
pub fn Pager(place: ListPosition) -> impl IntoView {
    view! {
        <nav class="pager" aria-label="Pages">
            <span>{place.range}</span>
            {place.previous.map(|path| view! { <a class="button" href=path><Icon name="previous"/>"Previous"</a> })}
            {place.next.map(|path| view! { <a class="button" href=path>"Next"<Icon name="next"/></a> })}
        </nav>
    }
}

/// What is shown instead of rows: what the list is for, or that nothing matches.
pub struct Empty {
    /// Icon of the list.
    pub icon: &'static str,
    /// What stands in the list: "services".
    pub what: &'static str,
    /// What the list is for.
    pub purpose: &'static str,
}

impl Empty {
    /// In place of the list at `path`.
    pub fn show(&self, path: &str, query: &ListQuery) -> AnyView {
        let Self { icon, what, purpose } = *self;
        if query.is_plain() {
            return view! { <div class="empty"><Icon name=icon/><h2>{format!("No {what} yet")}</h2><p>{purpose}</p></div> }.into_any();
        }
        let title = match (query.q.is_empty(), query.narrowed.values().all(String::is_empty)) {
            (false, _) => format!("No {what} match “{}”", query.q),
            (true, true) => format!("No {what} with this status"),
            (true, false) => format!("No {what} match these filters"),
        };
        view! { <div class="empty"><Icon name="search"/><h2>{title}</h2><p><a href=path.to_owned()>{format!("Show all {what}")}</a></p></div> }.into_any()
    }
}

/// What a list can be narrowed down to, with a field for each. A plain form: all of it is in the URL.
#[component]
pub fn Narrow(
    /// Label, name in the URL and kind of each field.
    fields: Vec<(&'static str, &'static str, NarrowField)>,
    /// What is shown now.
    query: ListQuery,
) -> impl IntoView {
    let asked: Vec<&str> = fields.iter().map(|(_, name, _)| *name).collect();
    let narrowed = asked.iter().any(|name| !query.get(name).is_empty());
    let kept = rest_of(&query, &asked);
    let everything = query.on_first_page(&asked.iter().map(|name| (*name, "")).collect::<Vec<_>>());
    let everything = if everything.is_empty() { "?".to_owned() } else { everything };
    let fields = fields
        .into_iter()
        .filter(|(_, name, kind)| !matches!(kind, NarrowField::Kept(_)) || !query.get(name).is_empty())
        .map(|(label, name, kind)| {
            let value = query.get(name).to_owned();
            let field = match kind {
                NarrowField::Words => {
                    view! { <input name=name type="search" autocomplete="off" value=value/> }.into_any()
                }
                NarrowField::Day => {
                    view! { <input name=name type="date" autocomplete="off" value=value/> }.into_any()
                }
                NarrowField::Kept(words) => {
                    let choice = options(&[(value.as_str(), words), ("", "Everything")], &value);
                    view! { <select name=name autocomplete="off" inner_html=choice></select> }.into_any()
                }
                NarrowField::Choice(all) => {
                    // With WASM a choice counts at once.
                    let chosen = move |event: leptos::ev::Event| {
                        if let Some(select) = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok())
                            && let Some(form) = select.form()
                        {
                            let _ = form.request_submit();
                        }
                    };
                    view! { <select name=name autocomplete="off" on:change=chosen inner_html=options(&all, &value)></select> }.into_any()
                }
            };
            view! { <label>{label}{field}</label> }
        })
        .collect_view();
    view! {
        <form method="get" class="narrowing" role="search" aria-label="Filters">
            {kept}
            {fields}
            <div class="narrowing-actions">
                <button class="button" type="submit">"Apply filters"</button>
                {narrowed.then(|| view! { <a href=everything rel="external">"Clear filters"</a> })}
            </div>
        </form>
    }
}

/// A field of [`Narrow`].
pub enum NarrowField {
    /// Words to search for.
    Words,
    /// One of these: value in the URL and label.
    Choice(Vec<(String, String)>),
    /// A day.
    Day,
    /// What a link narrowed the list down to: shown in these words while it counts, and can only be taken away.
    Kept(&'static str),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_keeps_its_query() {
        let query = ListQuery {
            q: "b & c".into(),
            sort: "-email".into(),
            after: "x".into(),
            narrowed: [("kind".to_owned(), "mail".to_owned())].into(),
            ..ListQuery::default()
        };
        assert_eq!(
            query.with(&[("status", "closed"), ("after", "")]),
            "?q=b%20%26%20c&sort=-email&kind=mail&status=closed"
        );
        assert_eq!(query.on_first_page(&[("q", ""), ("kind", "")]), "?sort=-email");
    }
}
