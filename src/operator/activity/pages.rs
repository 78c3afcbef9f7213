//! The screen of what staff did.

use super::rpc::{ListActingStaff, ListStaffActivity};
use super::words;
use crate::features::audit::components::{entries, fields};
use crate::features::audit::model::{ABOUT, FROM, KIND, PERSON, TO};
use crate::operator::desk::components::needs;
use crate::paths;
use crate::permission::StaffPermission;
use crate::ui::layout::Heading;
use crate::ui::list::{Narrow, list_in_url};
use crate::ui::load::{fetch, fetch_rows, load, load_quietly};
use leptos::prelude::*;

/// `/operator/activity`
#[component]
pub fn StaffActivityPage() -> impl IntoView {
    if let Some(refused) = needs(StaffPermission::ViewAudit) {
        return refused;
    }
    let query = list_in_url(&[PERSON, ABOUT, KIND, FROM, TO]);
    let people = fetch(|| ListActingStaff {});
    let data = fetch_rows(move || ListStaffActivity { query: query.get() });
    view! {
        <Heading title=words::ACTIVITY/>
        <p class="lead">{words::LEAD}</p>
        {load_quietly(people, move |people| view! { <Narrow fields=fields(people) query=query.get_untracked()/> })}
        {load(data, move |page| entries(&page, paths::STAFF_ACTIVITY, &query.get_untracked()))}
    }
    .into_any()
}
