//! The screens of contacts: the table, the form for one contact, "Invite User".

use super::model::{
    CATEGORY, CHANGED, ContactForm, ContactRow, ContactView, FILTERS, ONLY, ONLY_CHOICES, ROLE,
};
use super::parts::{
    ContactFields, DaysField, EndDialog, Ending, HandOverFields, LinkDialog, StatusPill, SureField, above,
    contact_in_url,
};
use super::row::{CONTACTS, ContactsContext, INVITATIONS};
use super::rpc::{
    CreateContact, EditContact, InviteUsers, ListContacts, ReopenContact, ResendInvitation, UpdateContact,
    WithdrawInvitation,
};
use super::several::SeveralBar;
use super::words;
use crate::category::Category;
use crate::features::permissions::components::{PermissionsSection, givable, needs_manager};
use crate::features::permissions::model::{Givable, Grant, OpenAsk};
use crate::features::previews::components::{SeeButton, SeeContactForm};
use crate::frame::{Frame, account_in_url, use_frame};
use crate::paths;
use crate::permission::{Permission, Preset};
use crate::types::{AccountId, ContactId, ListQuery, Page};
use crate::ui::avatar::Avatar;
use crate::ui::field::{Field, Select, TextArea, Tick};
use crate::ui::form::{Form, Hidden, Submit, SubmitBar};
use crate::ui::icon::Icon;
use crate::ui::layout::Heading;
use crate::ui::list::{Filters, Narrow, NarrowField, list_in_url};
use crate::ui::load::{fetch, fetch_rows, load};
use crate::ui::time_format;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;

/// `/a/{account}/contacts`: everybody on the account (P1), in views (P12).
#[component]
pub fn ContactsPage() -> impl IntoView {
    let account = account_in_url();
    let query = list_in_url(&[ROLE, ONLY, CATEGORY]);
    let frame = use_frame();
    if let Some(refused) = needs_manager(&frame) {
        return refused;
    }
    let data = fetch_rows(move || ListContacts { account: account.get(), query: query.get() });
    let (for_owner, may_change) = (frame.is_owner, frame.may_change());
    let home = vec![(paths::account(&frame.account), frame.name.clone())];
    let (new, invite, who) = (
        paths::new_contact(&frame.account),
        paths::invite_user(&frame.account),
        paths::recipients(&frame.account),
    );
    let path = Memo::new(move |_| paths::contacts(&account.get()));
    view! {
        <Heading title=words::CONTACTS above=home>
            <a class="button" href=who><Icon name="mail"/>{words::WHO_GETS_THIS_MAIL}</a>
            {may_change.then(|| view! { <a class="button" href=new><Icon name="plus"/>{words::ADD_NEW_CONTACT}</a> })}
            {frame.may_invite().then(|| view! { <a class="button primary" href=invite><Icon name="send"/>{words::INVITE_USER}</a> })}
        </Heading>
        <Filters path=path query=query label=words::SEARCH_CONTACTS placeholder=words::NAME_COMPANY_OR_E_MAIL filters=FILTERS/>
        {load(data, move |page| view! { <Contacts page=page account=account.get_untracked() query=query.get_untracked() for_owner=for_owner may_change=may_change/> })}
        <Dialogs account=account query=query/>
    }
    .into_any()
}

/// What the table can be narrowed down to.
fn narrow_fields(own: &[(String, String)]) -> Vec<(&'static str, &'static str, NarrowField)> {
    let all = |first: &str, rest: Vec<(&str, &str)>| {
        let first = std::iter::once((String::new(), first.to_owned()));
        NarrowField::Choice(
            first.chain(rest.into_iter().map(|(key, label)| (key.to_owned(), label.to_owned()))).collect(),
        )
    };
    let presets = Preset::NAMED.iter().map(|preset| (preset.key(), preset.title()));
    let roles = presets.chain(own.iter().map(|(id, name)| (id.as_str(), name.as_str()))).collect();
    let categories = Category::ALL.iter().map(|category| (category.key(), category.title())).collect();
    vec![
        (words::ROLE, ROLE, all("Every role", roles)),
        (words::SHOW, ONLY, all(ONLY_CHOICES[0].1, ONLY_CHOICES[1..].to_vec())),
        (words::GETS_MAIL, CATEGORY, all("Any or none", categories)),
    ]
}

#[component]
fn Contacts(
    page: Page<ContactRow>,
    account: AccountId,
    query: ListQuery,
    for_owner: bool,
    may_change: bool,
) -> impl IntoView {
    let changed = use_query_map().with_untracked(|url| url.get(CHANGED)).unwrap_or_default();
    let context = ContactsContext::new(account.clone(), &query, page.now, for_owner, may_change, changed);
    let of_preview = account.to_string();
    let list = query.with(&[]);
    let mut actions = vec![("resend", ResendInvitation::PATH), ("withdraw", WithdrawInvitation::PATH)];
    let of_closed = query.status == "closed";
    if of_closed {
        actions.push(("reopen", ReopenContact::PATH));
    }
    let forms = actions.into_iter().map(|(id, action)| {
        let (of, back) = (account.to_string(), list.clone());
        view! { <Form action=action id=id class="row-form"><input type="hidden" name="account" value=of/><input type="hidden" name="back" value=back/></Form> }
    });
    let forms = forms.collect_view();
    let table = if query.status == "invited" { &INVITATIONS } else { &CONTACTS };
    let rows = table.show(&page, &paths::contacts(&account), &query, &context);
    let (fields, own_roles) = (narrow_fields(&page.choices), paths::roles(&account));
    let file = format!("{}{}", paths::contacts_csv(&account), query.on_first_page(&[]));
    view! {
        <div class="narrow-bar">
            <button type="button" class="button narrow-button" popovertarget="narrow"><Icon name="search"/>{words::FILTER}</button>
            <div id="narrow" popover="auto"><Narrow fields=fields query=query/></div>
            <a class="button" href=own_roles><Icon name="key"/>{words::ROLES}</a>
            <a class="button" href=file rel="external" download><Icon name="download"/>{words::CSV}</a>
        </div>
        {rows}
        {may_change.then(|| view! { <SeveralBar account=account list=list of_closed=of_closed/> })}
        // One form for each action serves every row: the button says which contact it is about.
        {forms}
        <SeeContactForm account=of_preview/>
    }
}

/// The dialogs that the query of a list can open.
#[component]
fn Dialogs(account: Memo<AccountId>, query: Memo<ListQuery>) -> impl IntoView {
    let url = use_query_map();
    let contact =
        move |name: &'static str| url.with(|url| url.get(name)).and_then(|id| ContactId::parse(&id));
    let list = move || query.get().with(&[]);
    let close = move || format!("{}{}", paths::contacts(&account.get()), list());
    view! {
        {move || contact("delete").map(|contact| view! { <EndDialog ending=Ending::Delete account=account.get() opener=format!("m-{contact}") contact=contact close=close() back=list()/> })}
        {move || contact("link").map(|contact| view! { <LinkDialog account=account.get() opener=format!("m-{contact}") contact=contact close=close()/> })}
    }
}

/// `/a/{account}/contacts/new`: "Add New Contact" (P2).
#[component]
pub fn NewContactPage() -> impl IntoView {
    let frame = use_frame();
    if let Some(refused) = needs_manager(&frame) {
        return refused;
    }
    let account = frame.account.clone();
    let givable = givable(account);
    load(givable, move |givable| {
        let contact = ContactForm { mail: vec![Category::General.key().into()], ..ContactForm::default() };
        let (of, back) = (frame.account.to_string(), paths::contacts(&frame.account));
        let account_of = frame.account.clone();
        view! {
            <Heading title=words::ADD_NEW_CONTACT above=above(&frame)/>
            <Form action=CreateContact::PATH long=true>
                <input type="hidden" name="account" value=of/>
                <ContactFields account=account_of contact=contact givable=givable/>
                <div class="card">
                    <Tick name="notify" label=words::NOTIFY_CLIENT ticked=true hint=words::TELLS_THE_PERSON_BY_E/>
                </div>
                <SubmitBar>
                    <Submit label=words::SUBMIT/>
                    <SeeButton name="this person"/>
                    <a class="button" href=back>{words::CANCEL}</a>
                </SubmitBar>
            </Form>
        }
    })
}

/// `/a/{account}/contacts/invite`: "Invite User" (P3).
#[component]
pub fn InviteUserPage() -> impl IntoView {
    let frame = use_frame();
    if let Some(refused) = needs_manager(&frame) {
        return refused;
    }
    let account = frame.account.clone();
    let givable = givable(account);
    load(givable, move |givable| {
        let (of, back) = (frame.account.to_string(), paths::contacts(&frame.account));
        view! {
            <Heading title=words::INVITE_USER above=above(&frame)/>
            <p class="lead">{words::EACH_PERSON_GETS_AN_E}</p>
            <Form action=InviteUsers::PATH long=true>
                <input type="hidden" name="account" value=of/>
                <fieldset class="card">
                    <legend>{words::WHO}</legend>
                    <div class="columns">
                        <Field name="name" label=words::NAME hint=words::FOR_ONE_PERSON_LEAVE_IT/>
                        <TextArea name="emails" label=words::E_MAIL required=true hint=words::ONE_ADDRESS_PER_LINE_OR/>
                        <SureField of="emails"/>
                        <DaysField/>
                    </div>
                </fieldset>
                <fieldset class="card">
                    <legend>{words::PERMISSIONS}</legend>
                    <PermissionsSection before=Grant::default() givable=givable/>
                </fieldset>
                <SubmitBar>
                    <Submit label=words::SEND_INVITATION/>
                    <SeeButton name="this person"/>
                    <a class="button" href=back>{words::CANCEL}</a>
                </SubmitBar>
            </Form>
        }
    })
}

/// `/a/{account}/contacts/{contact}/edit`: "Edit Contact" (P5).
#[component]
pub fn EditContactPage() -> impl IntoView {
    let frame = use_frame();
    if let Some(refused) = needs_manager(&frame) {
        return refused;
    }
    let frame = StoredValue::new(frame);
    let account = account_in_url();
    let url = use_query_map();
    let contact = contact_in_url();
    let data = fetch(move || EditContact { account: account.get(), contact: contact.get() });
    let dialog = move || {
        url.with(|url| url.get("delete").is_some()).then(|| {
            let (account, contact) = (account.get(), contact.get());
            view! { <EndDialog ending=Ending::Delete close=paths::edit_contact(&account, &contact) account=account contact=contact opener="delete".to_owned() back=""/> }
        })
    };
    view! {
        {load(data, move |(shown, givable)| view! { <Edit contact=shown frame=frame.get_value() givable=givable/> })}
        {dialog}
    }
    .into_any()
}

/// What somebody asks for, in words, and the place of its box in the form.
fn asked(account: &AccountId, contact: &ContactId, ask: &OpenAsk) -> (String, String) {
    let path = paths::permission_box(account, contact, &ask.permission, ask.asset.as_ref());
    (words::requested_on(&ask.label, &time_format::exact(ask.at)), path)
}

#[component]
fn Edit(contact: ContactView, frame: Frame, givable: Givable) -> impl IntoView {
    let title = contact.title();
    let name = title.clone();
    let back = paths::contact(&frame.account, &contact.id);
    let path = paths::edit_contact(&frame.account, &contact.id);
    let asks = contact.asks.iter().map(|ask| asked(&frame.account, &contact.id, ask)).collect();
    let above = [above(&frame), vec![(back.clone(), title.clone())]].concat();
    let list = use_query_map().with_untracked(|url| url.get("back")).unwrap_or_default();
    let hands_off = contact.is_owner && !frame.is_owner;
    let why_fixed = if contact.is_owner {
        words::THE_OWNER_HOLDS_EVERY_PERMISSION
    } else {
        words::THIS_IS_YOUR_OWN_CONTACT
    };
    if hands_off {
        return view! {
            <Heading title=words::EDIT_CONTACT above=above/>
            <section class="card">
                <p class="notice"><Icon name="lock"/>{words::THIS_IS_THE_OWNERS_CONTACT}</p>
                <dl class="facts"><dt>{words::NAME}</dt><dd>{title}</dd><dt>{words::E_MAIL}</dt><dd>{contact.form.email}</dd><dt>{words::PHONE}</dt><dd>{contact.form.phone}</dd></dl>
            </section>
        }
        .into_any();
    }
    let fixed = contact.is_owner || contact.is_own;
    let mailed = format!("{}?q={}", paths::emails(&frame.account), paths::encode(&contact.form.email));
    let history = frame
        .permissions
        .has(Permission::ViewEmails)
        .then(|| view! { <p class="foot"><a href=mailed><Icon name="inbox"/>{words::E_MAIL_HISTORY_OF_THIS}</a></p> });
    let of = frame.account.clone();
    let hand_over = (contact.is_owner && frame.is_owner).then(|| paths::ownership(&frame.account));
    let pending = !contact.linked && !contact.form.log_in.is_empty();
    let loose = contact.loose.clone();
    let hangs = !fixed && contact.form.status != "closed" && loose.to_hand_over();
    let status = if contact.form.status == "closed" { "closed" } else { "active" };
    let invitation =
        pending.then(|| view! { <div class="card-status"><StatusPill status=contact.status/></div> });
    view! {
        <Heading title=words::EDIT_CONTACT above=above>{invitation}</Heading>
        <p class="lead who"><Avatar name=title.clone()/><strong>{title}</strong></p>
        <Form action=UpdateContact::PATH long=true>
            <input type="hidden" name="account" value=frame.account.to_string()/>
            <input type="hidden" name="contact" value=contact.id.to_string()/>
            <Hidden name="version" value=contact.version.to_string()/>
            <input type="hidden" name="back" value=list/>
            <ContactFields account=of contact=contact.form grant=contact.grant givable=givable asks=asks fixed=fixed why_fixed=why_fixed linked=contact.linked/>
            <div class="card">
                {(!fixed).then(|| view! {
                    <Select name="status" label=words::STATUS value=status options=vec![("active".into(), words::ACTIVE.into()), ("closed".into(), words::CLOSED.into())]
                        hint=words::A_CLOSED_CONTACT_GETS_NO/>
                })}
                {hangs.then(|| view! {
                    <fieldset class="if-closed"><legend>{words::IF_YOU_CLOSE_THIS_CONTACT}</legend><HandOverFields to=loose.options()/></fieldset>
                })}
                {(!contact.linked && !fixed).then(|| view! { <Tick name="notify" label=words::NOTIFY_CLIENT ticked=true hint=words::SENDS_A_NEW_INVITATION_BY/> })}
            </div>
            <SubmitBar>
                <Submit label=words::SUBMIT/>
                {(!fixed).then(|| view! { <SeeButton name=name/> })}
                <a class="button" href=back>{words::CANCEL}</a>
            </SubmitBar>
        </Form>
        {history}
        {hand_over.map(|path| view! { <p class="foot"><a href=path><Icon name="key"/>{words::TRANSFER_OWNERSHIP}</a></p> })}
        {(!fixed).then(|| view! {
            <p class="foot"><a id="delete" class="danger-link" href=format!("{path}?delete=1")><Icon name="trash"/>{words::DELETE}</a></p>
        })}
    }
    .into_any()
}
