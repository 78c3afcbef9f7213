//! The screen "Activity".

use super::components::{entries, fields};
use super::model::{ABOUT, FROM, KIND, PERSON, TO};
use super::rpc::{ListActivity, ListActors};
use super::words;
use crate::features::permissions::components::Denial;
use crate::frame::{account_in_url, use_frame};
use crate::paths;
use crate::permission::Permission;
use crate::ui::icon::Icon;
use crate::ui::layout::Heading;
use crate::ui::list::{Narrow, list_in_url};
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
