//! What stands around every list: words to search for, filters, and the way to the next page. All of it is in
//! the URL.

use super::icon::Icon;
use crate::types::{COUNTED, counted};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use std::time::Duration;

/// The query string of a list, part by part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListParams(pub Vec<(&'static str, String)>);

impl ListParams {
    /// These parts of the URL being shown.
    pub fn of_url(names: &'static [&'static str]) -> Memo<Self> {
        let url = use_query_map();
        Memo::new(move |_| {
            url.with(|url| {
                Self(names.iter().map(|name| (*name, url.get(name).unwrap_or_default())).collect())
            })
        })
    }

    /// One part.
    pub fn get(&self, name: &str) -> String {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone()).unwrap_or_default()
    }

    /// The query string with some parts replaced, starting with `?`; empty parts are left out.
    pub fn with(&self, changes: &[(&str, &str)]) -> String {
        let mut pairs: Vec<(&str, &str)> =
            self.0.iter().map(|(name, value)| (*name, value.as_str())).collect();
        for (name, value) in changes {
            pairs.retain(|(known, _)| known != name);
            pairs.push((name, value));
        }
        let pairs: Vec<_> = pairs
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", crate::paths::encode(value)))
            .collect();
        if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
    }

    /// The same on the first page.
    pub fn on_first_page(&self, changes: &[(&str, &str)]) -> String {
        let all: Vec<(&str, &str)> = changes.iter().copied().chain([("after", ""), ("before", "")]).collect();
        self.with(&all)
    }

    /// Is nothing searched for and nothing filtered?
    pub fn is_plain(&self) -> bool {
        self.get("q").is_empty() && self.get("status").is_empty()
    }
}

/// The field to search in a list, and its filters. With WASM the list follows while one types.
#[component]
pub fn Filters(
    /// Path of the list.
    path: Memo<String>,
    /// What is shown of it.
    params: Memo<ListParams>,
    /// Label of the field.
    label: &'static str,
    /// What it can be searched by.
    placeholder: &'static str,
    /// Filters: value in the URL and label.
    filters: &'static [(&'static str, &'static str)],
) -> impl IntoView {
    let navigate = use_navigate();
    let typed = StoredValue::new(0_u32);
    let start = params.get_untracked();
    let words = RwSignal::new(start.get("q"));
    let go = move || {
        let to = params.get_untracked().on_first_page(&[("q", words.get_untracked().trim())]);
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
            if typed.try_get_value() == Some(mine) {
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
        let wanted = params.get().get("q");
        if wanted != words.get_untracked().trim() {
            words.set(wanted);
        }
    });
    let links = filters
        .iter()
        .map(|(value, label)| {
            let to = move || format!("{}{}", path.get(), params.get().on_first_page(&[("status", value)]));
            let current = move || (params.get().get("status") == *value).then_some("true");
            view! { <a href=to aria-current=current>{*label}</a> }
        })
        .collect_view();
    let kept = start
        .0
        .iter()
        .filter(|(name, value)| !value.is_empty() && !matches!(*name, "q" | "after" | "before"))
        .cloned();
    let kept =
        kept.map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect_view();
    view! {
        <div class="filters">
            <form method="get" class="search" role="search" on:submit=entered>
                <label class="visually-hidden" for="search">{label}</label>
                <Icon name="search"/>
                <input id="search" name="q" type="search" placeholder=placeholder autocomplete="off" value=start.get("q") prop:value=words on:input=search/>
                {kept}
                <button class="button no-wasm">"Search"</button>
            </form>
            <nav class="tabs" aria-label="Status">{links}</nav>
        </div>
    }
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
    pub fn of<T>(page: &crate::types::Page<T>, path: &str, params: &ListParams) -> Self {
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
                .map(|cursor| format!("{path}{}", params.with(&[("before", cursor), ("after", "")]))),
            next: page
                .next
                .as_ref()
                .map(|cursor| format!("{path}{}", params.with(&[("after", cursor), ("before", "")]))),
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
#[component]
pub fn Empty(
    /// What was looked for.
    params: ListParams,
    /// Path of the list.
    path: String,
    /// Icon of the list.
    icon: &'static str,
    /// What stands in the list: "services".
    what: &'static str,
    /// What the list is for.
    purpose: &'static str,
) -> impl IntoView {
    if params.is_plain() {
        return view! { <div class="empty"><Icon name=icon/><h2>{format!("No {what} yet")}</h2><p>{purpose}</p></div> }.into_any();
    }
    let words = params.get("q");
    let title = if words.is_empty() {
        format!("No {what} with this status")
    } else {
        format!("No {what} match “{words}”")
    };
    view! { <div class="empty"><Icon name="search"/><h2>{title}</h2><p><a href=path>{format!("Show all {what}")}</a></p></div> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_keeps_its_query() {
        let params =
            ListParams(vec![("q", "b & c".into()), ("sort", "-email".into()), ("after", "x".into())]);
        assert_eq!(
            params.with(&[("status", "closed"), ("after", "")]),
            "?q=b%20%26%20c&sort=-email&status=closed"
        );
        assert_eq!(params.on_first_page(&[("q", "")]), "?sort=-email");
    }
}
