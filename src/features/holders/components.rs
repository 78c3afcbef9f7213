//! The card "People with access" on the page of a service or domain.

use super::model::{Holder, Holders};
use super::rpc::ShowHolders;
use super::words;
use crate::frame::Frame;
use crate::paths;
use crate::permission::{Group, Permission};
use crate::types::{AccountId, AssetId};
use crate::ui::icon::Icon;
use crate::ui::load::{Loading, fetch, load_quietly};
use crate::ui::markup::{icon, nothing, two_lines};
use leptos::prelude::*;
use maud::{Markup, html};

/// Who holds what, on its way: for the head of a page, before anything is waited for.
#[derive(Clone)]
pub struct PeopleWithAccess {
    account: AccountId,
    asset: AssetId,
    group: Group,
    holders: Loading<Holders>,
}

impl PeopleWithAccess {
    /// Asks who holds what on a service or domain, for who manages contacts.
    pub fn prepare(frame: &Frame, asset: AssetId, group: Group) -> Option<Self> {
        if !frame.permissions.has(Permission::ManageContacts) {
            return None;
        }
        let question = ShowHolders { account: frame.account.clone(), about: asset.clone() };
        let account = question.account.clone();
        Some(Self { account, asset, group, holders: fetch(move || question.clone()) })
    }

    /// The card.
    pub fn show(&self) -> AnyView {
        let Self { account, asset, group, holders } = self.clone();
        let (one, all) =
            if group == Group::Service { ("service", "services") } else { ("domain", "domains") };
        load_quietly(holders, move |holders: Holders| {
            let who = group
                .permissions()
                .iter()
                .filter_map(|permission| Some((question(permission), holders.who(permission)?)))
                .map(|(can, who)| view! { <dt>{can}</dt><dd>{who}</dd> })
                .collect_view();
            let more = holders.more.then(|| {
                view! { <p class="hint"><a href=paths::contacts(&account)>{words::MORE_PEOPLE_HAVE_ACCESS_SEE}</a></p> }
            });
            let rows = table(&holders.people, &account, &asset, group).into_string();
            view! {
                <section class="card with-access" aria-labelledby="access-heading">
                    <h2 id="access-heading"><Icon name="users"/>{words::PEOPLE_WITH_ACCESS}</h2>
                    <dl class="facts">{who}</dl>
                    <details>
                        <summary>{words::WHO_HAS_WHAT_AND_HOW}</summary>
                        <p class="hint">{words::all_includes_future_ones_this(&all, &one)}</p>
                        <table class="rows" inner_html=rows></table>
                    </details>
                    {more}
                </section>
            }
        })
    }
}

/// What the summary says in front of the names.
fn question(permission: Permission) -> &'static str {
    match permission {
        Permission::ViewService | Permission::ViewDomain => words::CAN_SEE_IT,
        Permission::UseServicePanel => words::CAN_USE_THE_CONTROL_PANEL,
        Permission::ViewServiceBilling => words::CAN_SEE_ITS_BILLING,
        Permission::UpgradeService => words::CAN_UPGRADE_IT,
        Permission::CancelService => words::CAN_CANCEL_IT,
        _ => words::CAN_MANAGE_IT,
    }
}

fn table(people: &[Holder], account: &AccountId, asset: &AssetId, group: Group) -> Markup {
    html! {
        caption.visually-hidden { (words::PEOPLE_WITH_ACCESS) }
        thead { tr {
            th scope="col" { (words::PERSON) }
            @for permission in group.permissions().iter() { th scope="col" { (permission.title()) } }
            th scope="col" { span.visually-hidden { (words::CHANGE) } }
        } }
        tbody {
            @for holder in people { (row(holder, account, asset, group)) }
        }
    }
}

fn row(holder: &Holder, account: &AccountId, asset: &AssetId, group: Group) -> Markup {
    let below = if holder.accepted { "" } else { words::ONCE_THE_INVITATION_IS_ACCEPTED };
    html! {
        tr {
            td.person { (two_lines(&paths::contact(account, &holder.contact), &holder.name, below)) }
            @for permission in group.permissions().iter() {
                td data-label=(permission.title()) {
                    @match holder.way(permission) {
                        Some(way) => span.with-icon {
                            (icon(if holder.accepted { "check" } else { "clock" })) (way.title(group))
                        },
                        None => (nothing()),
                    }
                }
            }
            td data-label="" {
                @if holder.changeable() {
                    a href=(paths::asset_row(account, &holder.contact, asset)) rel="external"
                        aria-label={ (words::CHANGE_PERMISSIONS_OF) (holder.name) } { (words::CHANGE) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::permission::Permissions;

    #[test]
    fn what_people_typed_is_text_and_nobody_is_offered_what_they_cannot_change() {
        let holder = |is_owner: bool| Holder {
            contact: "01k9zv5s8t3w2x1y0abcdefghj".to_owned().into(),
            name: "<script>alert(1)</script>".into(),
            email: "ben@example.com".into(),
            is_owner,
            is_own: false,
            accepted: !is_owner,
            everywhere: Permissions::all(),
            opens: Group::Domain.permissions(),
        };
        let account = "01k9zv5s8t3w2x1y0abcdefghj".to_owned().into();
        let asset = AssetId::from("01k9zv5s8t3w2x1y0abcdefgh1".to_owned());
        let text = table(&[holder(true), holder(false)], &account, &asset, Group::Domain).into_string();
        assert!(!text.contains("<script"), "{text}");
        assert_eq!(text.matches(">Change</a>").count(), 1);
        assert_eq!(text.matches("Once the invitation is accepted").count(), 1);
    }
}
