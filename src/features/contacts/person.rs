//! A person's page (P11): what they can do and by which way, what is known of them, what they ask for, which mails
//! went to them, what they did. The form is one click further.

use super::model::{LastInvitation, OpenAsset, PersonView};
use super::parts::{EndDialog, Ending, StatusPill, above, contact_in_url};
use super::rpc::{ReopenContact, ResendInvitation, ShowPerson, WithdrawInvitation};
use super::words;
use crate::category::Categories;
use crate::features::audit::components::PersonActivityCard;
use crate::features::holders::model::Way;
use crate::features::mail::components::PersonMailCard;
use crate::features::permissions::components::{Ask, needs_manager};
use crate::features::permissions::model::OpenAsk;
use crate::features::previews::components::SeeContactForm;
use crate::features::recipients::components::FailingNotice;
use crate::features::tickets::components::DepartmentsCard;
use crate::frame::{Frame, account_in_url, use_frame};
use crate::paths;
use crate::permission::{Group, Permissions};
use crate::types::{AccountId, AssetId, ContactId, Timestamp, capital};
use crate::ui::avatar::Avatar;
use crate::ui::form::{Form, Submit};
use crate::ui::icon::Icon;
use crate::ui::layout::Heading;
use crate::ui::load::{fetch_live, load, load_quietly};
use crate::ui::markup::{icon, nothing, two_lines};
use crate::ui::time_format::{self, RelativeTime};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;
use maud::{Markup, html};

/// `/a/{account}/contacts/{contact}`.
#[component]
pub fn ContactPage() -> impl IntoView {
    let frame = use_frame();
    if let Some(refused) = needs_manager(&frame) {
        return refused;
    }
    let account = account_in_url();
    let contact = contact_in_url();
    let url = use_query_map();
    let first = contact.get_untracked();
    let (mail, activity) =
        (PersonMailCard::prepare(&frame, &first), PersonActivityCard::prepare(&frame, &first));
    let departments = DepartmentsCard::prepare(&frame, &first);
    let data = fetch_live(move || ShowPerson { account: account.get(), contact: contact.get() });
    let frame = StoredValue::new(frame);
    let dialog = move || {
        let ending = url.with(|url| {
            [("delete", Ending::Delete), ("close", Ending::Close)]
                .into_iter()
                .find(|(name, _)| url.get(name).is_some())
        });
        ending.map(|(name, ending)| {
            let (account, contact) = (account.get(), contact.get());
            view! { <EndDialog ending=ending close=paths::contact(&account, &contact) account=account contact=contact opener=name.to_owned() back="page"/> }
        })
    };
    view! {
        {load(data, move |person: PersonView| view! { <Person person=person frame=frame.get_value()/> })}
        // Beside it and not inside: what is read within something else is put in another order by server and
        // browser.
        {departments.show()}
        {mail.map(|card| card.show())}
        {activity.map(|card| card.show())}
        {load_quietly(data, move |person: PersonView| frame.with_value(|frame| foot(&person, frame)))}
        {dialog}
    }
    .into_any()
}

#[component]
fn Person(person: PersonView, frame: Frame) -> impl IntoView {
    let (sentence, now) = (person.sentence(), person.now);
    let PersonView {
        contact,
        able,
        services,
        domains,
        invitation,
        failing,
        last_sign_in,
        signed_in_from,
        factor,
        ..
    } = person;
    let account = frame.account.clone();
    let name = contact.title();
    let edit = paths::edit_contact(&account, &contact.id);
    let closed = contact.form.status == "closed";
    let fixed = contact.is_owner || contact.is_own;
    let enters = !contact.form.log_in.is_empty();
    let ours = !contact.is_owner || frame.is_owner;
    let of = StoredValue::new((account.to_string(), contact.id.to_string()));
    let waits = invitation.as_ref().is_some_and(|one| one.state == "pending");
    let again = !contact.linked && enters && !closed;
    let kind = match (contact.is_owner, enters) {
        (true, _) => words::OWNER,
        (_, true) => words::CAN_LOG_IN,
        _ => words::MAIL_ONLY,
    };
    let mail = Categories::from_keys(&contact.form.mail).titles();
    let see = (enters && !closed && !contact.is_own && !contact.is_owner).then(|| {
        let id = contact.id.to_string();
        view! { <button type="submit" form="see" class="button" name="contact" value=id><Icon name="eye"/>{words::SEE_IT_AS}{name.clone()}</button> }
    });
    let asks: Vec<OpenAsk> = if closed { Vec::new() } else { contact.asks.clone() };
    let asks = asks
        .into_iter()
        .map(|ask| view! { <Ask ask=ask account=account.clone() contact=contact.id.clone() name=name.clone() now=now/> })
        .collect_view();
    let list = (able.len() > 1).then(|| {
        let items =
            able.into_iter().map(|one| view! { <li><Icon name="check"/>{capital(&one)}</li> }).collect_view();
        view! { <ul class="can">{items}</ul> }
    });
    let tables = [(Group::Service, services), (Group::Domain, domains)].map(|(group, assets)| {
        (!assets.is_empty()).then(|| {
            let holds = (contact.is_owner, contact.grant.everywhere);
            let rows = table(&assets, holds, &account, group, (!fixed).then_some(&contact.id)).into_string();
            let title = if group == Group::Service { "Services" } else { "Domains" };
            view! { <h3>{title}</h3><table class="rows" inner_html=rows></table> }
        })
    });
    let any = tables.iter().any(Option::is_some);
    let ways = any.then(|| view! { <details><summary>{words::WHICH_SERVICES_AND_DOMAINS_AND}</summary>{tables.into_iter().collect_view()}</details> });
    view! {
        <Heading title=name.clone() above=above(&frame)>
            {see}
            {ours.then(|| view! { <a class="button primary" href=edit><Icon name="edit"/>{words::EDIT_CONTACT}</a> })}
        </Heading>
        <p class="lead who">
            <Avatar name=name.clone()/>
            <span class="with-icon">{contact.form.email.clone()}</span>
            {(!contact.form.phone.is_empty()).then(|| view! { <a href=format!("tel:{}", contact.form.phone)>{contact.form.phone.clone()}</a> })}
            <span>{kind}</span>
            <StatusPill status=contact.status/>
        </p>
        <FailingNotice failing=failing/>
        {closed.then(|| view! {
            <section class="notice">
                <Icon name="lock"/>
                <div>
                    <p>{words::THIS_CONTACT_IS_CLOSED_IT}</p>
                    {(!fixed).then(|| view! {
                        <OneButton action=ReopenContact::PATH label=words::REOPEN of=of/>
                    })}
                </div>
            </section>
        })}
        {asks}
        <section class="card" aria-labelledby="can-heading">
            <h2 id="can-heading"><Icon name="key"/>{words::what_can_do(&name)}</h2>
            <p class="says">{sentence}</p>
            {list}
            {ways}
        </section>
        <section class="card" aria-labelledby="known-heading">
            <h2 id="known-heading"><Icon name="user"/>{words::LOGIN_AND_MAIL}</h2>
            <dl class="facts">
                {invitation.map(|one| view! { <Invitation one=one now=now/> })}
                <dt>{words::LAST_SIGN_IN}</dt>
                <dd>{match last_sign_in {
                    Some(at) => view! { <RelativeTime at=at now=now/>{(!signed_in_from.is_empty()).then(|| format!(", {signed_in_from}"))} }.into_any(),
                    None => words::NEVER.into_any(),
                }}</dd>
                <dt>{words::SECOND_FACTOR}</dt>
                <dd>{match factor { Some(true) => words::ON, Some(false) => words::OFF, None => words::NO_LOGIN_YET }}</dd>
                <dt>{words::EMAIL_PREFERENCES}</dt>
                <dd>{if mail.is_empty() { words::NO_MAIL.to_owned() } else { mail }}</dd>
                {contact.bills.then(|| view! { <dt>{words::BILLING_CONTACT}</dt><dd>{words::INVOICES_ARE_ADDRESSED_TO_THIS}</dd> })}
            </dl>
            {again.then(|| view! {
                <div class="actions">
                    <OneButton action=ResendInvitation::PATH label=words::RESEND_INVITATION of=of/>
                    {waits.then(|| view! {
                        <OneButton action=WithdrawInvitation::PATH label=words::WITHDRAW_INVITATION of=of/>
                    })}
                </div>
            })}
        </section>
        <SeeContactForm account=account.to_string()/>
    }
}

/// How the contact ends, and for the owner how the account is handed over.
fn foot(person: &PersonView, frame: &Frame) -> AnyView {
    let contact = &person.contact;
    let path = paths::contact(&frame.account, &contact.id);
    if contact.is_owner {
        let ownership = paths::ownership(&frame.account);
        return frame
            .is_owner
            .then(|| view! { <p class="foot"><a href=ownership><Icon name="key"/>{words::TRANSFER_OWNERSHIP}</a></p> })
            .into_any();
    }
    let closed = contact.form.status == "closed";
    (!contact.is_own)
        .then(|| {
            let close = (!closed).then(|| view! { <a id="close" href=format!("{path}?close=1")><Icon name="lock"/>{words::CLOSE}</a> });
            view! { <p class="foot ends">{close}<a id="delete" class="danger-link" href=format!("{path}?delete=1")><Icon name="trash"/>{words::DELETE}</a></p> }
        })
        .into_any()
}

/// A form that is only a button, about the contact: ids of account and contact.
#[component]
fn OneButton(action: &'static str, label: &'static str, of: StoredValue<(String, String)>) -> impl IntoView {
    let (account, contact) = of.get_value();
    view! {
        <Form action=action>
            <input type="hidden" name="account" value=account/>
            <input type="hidden" name="contact" value=contact/>
            <input type="hidden" name="back" value="page"/>
            <Submit label=label kind=""/>
        </Form>
    }
}

/// What became of the last invitation.
#[component]
fn Invitation(one: LastInvitation, now: Timestamp) -> impl IntoView {
    let LastInvitation { state, sent, by, email, expires, decided, mail } = one;
    let became = match (state.as_str(), decided) {
        ("pending", _) => {
            view! { "Expires "<RelativeTime at=expires now=now/>", "{time_format::exact(expires)} }.into_any()
        }
        ("expired", _) => view! { "Expired "<RelativeTime at=expires now=now/> }.into_any(),
        (state, Some(at)) => view! { {capital(state)}" "<RelativeTime at=at now=now/> }.into_any(),
        (state, None) => capital(state).into_any(),
    };
    let delivery = match mail {
        None => view! { words::NO_E_MAIL_WAS_SENT }.into_any(),
        Some((state, error)) => {
            let (class, icon, word) = state.pill();
            view! { <span class=class><Icon name=icon/>{word}</span>{(!error.is_empty()).then(|| format!(" {error}"))} }.into_any()
        }
    };
    view! {
        <dt>{words::INVITATION}</dt><dd>{became}</dd>
        <dt>{words::SENT}</dt><dd><RelativeTime at=sent now=now/>{words::by_to(&by, &email)}</dd>
        <dt>{words::DELIVERY}</dt><dd>{delivery}</dd>
    }
}

/// What is open on services, or on domains, and by which way.
fn table(
    assets: &[OpenAsset],
    (is_owner, everywhere): (bool, Permissions),
    account: &AccountId,
    group: Group,
    change: Option<&ContactId>,
) -> Markup {
    let path = |id: &AssetId| {
        let all = if group == Group::Service { paths::services(account) } else { paths::domains(account) };
        format!("{all}/{id}")
    };
    html! {
        caption.visually-hidden { (if group == Group::Service { words::SERVICES } else { words::DOMAINS }) }
        thead { tr {
            th scope="col" { (if group == Group::Service { words::SERVICE } else { words::DOMAIN }) }
            @for permission in group.permissions().iter() { th scope="col" { (permission.title()) } }
            @if change.is_some() { th scope="col" { span.visually-hidden { (words::CHANGE) } } }
        } }
        tbody {
            @for asset in assets {
                tr {
                    td.person { (two_lines(&path(&asset.id), &asset.name, "")) }
                    @for permission in group.permissions().iter() {
                        td data-label=(permission.title()) {
                            @match Way::of(is_owner, everywhere, asset.opens, permission) {
                                Some(way) => span.with-icon { (icon("check")) (way.title(group)) },
                                None => (nothing()),
                            }
                        }
                    }
                    @if let Some(contact) = change {
                        td data-label="" {
                            a href=(paths::asset_row(account, contact, &asset.id)) rel="external"
                                aria-label={ (words::CHANGE_PERMISSIONS_ON) (asset.name) } { (words::CHANGE) }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_typed_is_text() {
        let asset = OpenAsset {
            id: "01k9zv5s8t3w2x1y0abcdefgh1".to_owned().into(),
            name: "<script>alert(1)</script>".into(),
            opens: Group::Service.permissions(),
        };
        let account = "01k9zv5s8t3w2x1y0abcdefghj".to_owned().into();
        let contact = "01k9zv5s8t3w2x1y0abcdefgh2".to_owned().into();
        let text = table(&[asset], (false, Permissions::NONE), &account, Group::Service, Some(&contact))
            .into_string();
        assert!(!text.contains("<script"), "{text}");
        assert_eq!(text.matches("This service").count(), 5);
    }
}
