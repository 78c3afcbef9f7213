//! The screen "Activity".

use super::components::days;
use super::model::{ABOUT, AuditRow, FROM, KIND, PERSON, People, TO, TOPICS};
use super::rpc::{ListActivity, ListActors};
use super::words;
use crate::features::permissions::components::Denial;
use crate::frame::{account_in_url, use_frame};
use crate::paths;
use crate::permission::Permission;
use crate::types::{ListQuery, Page};
use crate::ui::icon::Icon;
use crate::ui::layout::Heading;
use crate::ui::list::{ListPosition, Narrow, NarrowField, Pager, list_in_url};
use crate::ui::load::{fetch, fetch_rows, load, load_quietly};
use leptos::prelude::*;

/// `/a/{account}/activity`: everything that changed on the account (X2).
#[component]
pub fn ActivityPage() -> impl IntoView {
    let frame = use_frame();
    let needed = Permission::ViewActivity;
    if !frame.permissions.has(needed) {
        return Denial::prepare(&frame.account, needed, None).show();
    }
    let account = account_in_url();
    let query = list_in_url(&[PERSON, ABOUT, KIND, FROM, TO]);
    let people = fetch(move || ListActors { account: account.get() });
    let data = fetch_rows(move || ListActivity { account: account.get(), query: query.get() });
    let above = vec![(paths::account(&frame.account), frame.name.clone())];
    let file = move || format!("{}{}", paths::activity_csv(&account.get()), query.get().on_first_page(&[]));
    view! {
        <Heading title=words::ACTIVITY above=above>
            <a class="button" href=file rel="external" download><Icon name="download"/>{words::CSV}</a>
        </Heading>
        {load_quietly(people, move |people| view! { <Narrow fields=fields(people) query=query.get_untracked()/> })}
        {load(data, move |page| entries(&page, &paths::activity(&account.get_untracked()), &query.get_untracked()))}
    }
    .into_any()
}

/// What the list can be narrowed down to.
fn fields(people: People) -> Vec<(&'static str, &'static str, NarrowField)> {
    let everybody = std::iter::once((String::new(), words::EVERYBODY.to_owned())).chain(people).collect();
    let topics = TOPICS.iter().map(|(key, label)| ((*key).to_owned(), (*label).to_owned()));
    let topics = std::iter::once((String::new(), words::EVERYTHING.to_owned())).chain(topics).collect();
    vec![
        (words::SEARCH, "q", NarrowField::Words),
        (words::WHO, PERSON, NarrowField::Choice(everybody)),
        (words::ABOUT, ABOUT, NarrowField::Kept(words::ONE_CONTACT)),
        (words::WHAT, KIND, NarrowField::Choice(topics)),
        (words::FROM, FROM, NarrowField::Day),
        (words::UNTIL, TO, NarrowField::Day),
    ]
}

fn entries(page: &Page<AuditRow>, path: &str, query: &ListQuery) -> AnyView {
    if page.is_empty() {
        let (title, words) = if query.is_plain() {
            (words::NO_ACTIVITY_YET, words::EVERY_CHANGE_ON_THIS_ACCOUNT)
        } else {
            (words::NO_ACTIVITY_MATCHES_THESE_FILTERS, words::WIDEN_THE_DATES_OR_CLEAR)
        };
        return view! { <div class="empty"><Icon name="history"/><h2>{title}</h2><p>{words}</p></div> }
            .into_any();
    }
    let place = ListPosition::of(page, path, query);
    let days = days(&page.items, page.now).into_string();
    view! { <div class="activity" inner_html=days></div> <Pager place=place/> }.into_any()
}
