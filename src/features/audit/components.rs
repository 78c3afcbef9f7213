//! Entries of the activity, and what of it stands on a person's page.

use super::model::{
    ABOUT, Actors, AuditRow, FROM, KIND, PERSON, PersonActivity, TO, TOPICS, icon as kind_icon,
};
use super::rpc::ShowPersonActivity;
use super::words;
use crate::frame::Frame;
use crate::paths;
use crate::permission::Permission;
use crate::types::{AccountId, ContactId, ListQuery, Page, Timestamp};
use crate::ui::icon::Icon;
use crate::ui::list::{ListPosition, NarrowField, Pager};
use crate::ui::load::{Loading, fetch_live, load_quietly};
use crate::ui::markup::{ago, icon};
use crate::ui::time_format;
use leptos::prelude::*;
use maud::{Markup, html};

/// The entries, under a heading for each day.
fn days(rows: &[AuditRow], now: Timestamp) -> Markup {
    let rows: Vec<(String, &AuditRow)> = rows.iter().map(|row| (time_format::date(row.at), row)).collect();
    html! {
        @for day in rows.chunk_by(|one, next| one.0 == next.0) {
            h2 { (day[0].0) }
            ol { @for (_, row) in day { (entry(row, now)) } }
        }
    }
}

fn entry(row: &AuditRow, now: Timestamp) -> Markup {
    let (badge, place) = (row.badge(), row.place());
    let value = |text: &str| if text.is_empty() { "nothing".to_owned() } else { text.to_owned() };
    html! {
        li {
            (icon(kind_icon(&row.kind)))
            div {
                p {
                    strong { (row.actor) }
                    @if !badge.is_empty() { " " span.pill { (badge) } }
                    " " (row.says)
                }
                @if !row.changes.is_empty() {
                    details {
                        summary { (words::BEFORE_AND_AFTER) }
                        dl.facts {
                            @for change in &row.changes {
                                dt { (change.what) }
                                dd { del { (value(&change.before)) } " → " ins { (value(&change.after)) } }
                            }
                        }
                    }
                }
                p.hint { (ago(row.at, now)) @if !place.is_empty() { " · " (place) } }
            }
        }
    }
}

/// What somebody did in the last week, and what others changed about them (P11).
#[derive(Clone)]
pub struct PersonActivityCard {
    account: AccountId,
    contact: ContactId,
    activity: Loading<PersonActivity>,
}

impl PersonActivityCard {
    /// Made at the head of a page, before anything is waited for; nothing for who may not see the activity.
    pub fn prepare(frame: &Frame, contact: &ContactId) -> Option<Self> {
        let (account, contact) = (frame.account.clone(), contact.clone());
        frame.permissions.has(Permission::ViewActivity).then(|| {
            let of = (account.clone(), contact.clone());
            let activity =
                fetch_live(move || ShowPersonActivity { account: of.0.clone(), contact: of.1.clone() });
            Self { account, contact, activity }
        })
    }

    /// The card.
    pub fn show(&self) -> AnyView {
        let Self { account, contact, activity } = self.clone();
        load_quietly(activity, move |activity: PersonActivity| {
            let all = paths::activity(&account);
            let by = format!("{all}?{PERSON}={}", paths::encode(&activity.user));
            let about = format!("{all}?{ABOUT}={contact}");
            let block = |rows: &[AuditRow], none: &'static str, more: String, label: &'static str| {
                if rows.is_empty() {
                    return view! { <p class="hint">{none}</p> }.into_any();
                }
                let html = list(rows, activity.now).into_string();
                view! { <div class="activity" inner_html=html></div><p class="foot"><a href=more>{label}</a></p> }.into_any()
            };
            let did =
                block(&activity.by, words::NOTHING_ON_THIS_ACCOUNT_IN, by, words::EVERYTHING_THIS_PERSON_DID);
            let was = block(
                &activity.about,
                words::NOTHING_HAS_BEEN_CHANGED_YET,
                about,
                words::EVERY_CHANGE_TO_THIS_CONTACT,
            );
            view! {
                <section class="card" aria-labelledby="did-heading">
                    <h2 id="did-heading"><Icon name="history"/>{words::LAST_7_DAYS}</h2>
                    {did}
                </section>
                <section class="card" aria-labelledby="changes-heading">
                    <h2 id="changes-heading"><Icon name="key"/>{words::CHANGES_TO_PERMISSIONS_AND_DETAILS}</h2>
                    {was}
                </section>
            }
        })
    }
}

fn list(rows: &[AuditRow], now: Timestamp) -> Markup {
    html! { ol { @for row in rows { (entry(row, now)) } } }
}

/// What the list can be narrowed down to.
pub fn fields(people: Actors) -> Vec<(&'static str, &'static str, NarrowField)> {
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

/// A page of an audit trail, from the list at `path`.
pub fn entries(page: &Page<AuditRow>, path: &str, query: &ListQuery) -> AnyView {
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
        let html = days(&[row], Timestamp(0)).into_string();
        assert!(!html.contains("<script"), "{html}");
        assert_eq!(html.matches("&lt;script&gt;").count(), 7);
    }
}
