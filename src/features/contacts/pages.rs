//! The screens of contacts: the table, the form for one contact, "Invite User".

use super::model::{
    CATEGORY, CHANGED, ContactForm, ContactRow, ContactView, FILTERS, ONLY, ONLY_CHOICES, ROLE,
};
use super::parts::{
    ContactFields, DaysField, EndDialog, Ending, HandOverFields, LinkDialog, StatusPill, SureField, above,
    contact_in_url, needs_manager,
};
use super::row::{CONTACTS, ContactsContext, INVITATIONS};
use super::rpc::{
    CreateContact, EditContact, InviteUsers, ListContacts, ReopenContact, ResendInvitation, UpdateContact,
    WithdrawInvitation,
};
use super::several::SeveralBar;
use crate::category::Category;
use crate::features::permissions::components::{PermissionsSection, givable};
use crate::features::permissions::model::{Givable, Grant, OpenAsk};
use crate::features::previews::components::{SeeButton, SeeContactForm};
use crate::features::roles::components::role_names;
use crate::frame::{Frame, account_in_url, use_frame};
use crate::paths;
use crate::permission::{Permission, Preset};
use crate::types::{AccountId, ContactId, ListQuery, Page, RoleId};
use crate::ui::avatar::Avatar;
use crate::ui::field::{Field, Select, TextArea, Tick};
use crate::ui::form::{Form, Hidden, Submit, SubmitBar};
use crate::ui::icon::Icon;
use crate::ui::layout::Heading;
use crate::ui::list::{Filters, Narrow, NarrowField, list_in_url};
use crate::ui::load::{fetch, fetch_rows, load, load_quietly};
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
    let roles = role_names();
    let data = fetch_rows(move || ListContacts { account: account.get(), query: query.get() });
    let for_owner = frame.is_owner;
    let home = vec![(paths::account(&frame.account), frame.name.clone())];
    let own_roles = paths::roles(&frame.account);
    let (new, invite, who) = (
        paths::new_contact(&frame.account),
        paths::invite_user(&frame.account),
        paths::recipients(&frame.account),
    );
    let path = Memo::new(move |_| paths::contacts(&account.get()));
    let file = move || format!("{}{}", paths::contacts_csv(&account.get()), query.get().on_first_page(&[]));
    view! {
        <Heading title="Contacts" above=home>
            <a class="button" href=who><Icon name="mail"/>"Who gets this mail?"</a>
            <a class="button" href=new><Icon name="plus"/>"Add New Contact"</a>
            <a class="button primary" href=invite><Icon name="send"/>"Invite User"</a>
        </Heading>
        <Filters path=path query=query label="Search contacts" placeholder="Name, company or e-mail" filters=FILTERS/>
        <div class="narrow-bar">
            <button type="button" class="button narrow-button" popovertarget="narrow"><Icon name="search"/>"Filter"</button>
            <div id="narrow" popover="auto">
                {load_quietly(roles, move |roles: Vec<(RoleId, String)>| {
                    move || view! { <Narrow fields=narrow_fields(&roles) query=query.get()/> }
                })}
            </div>
            <a class="button" href=own_roles><Icon name="key"/>"Roles"</a>
            <a class="button" href=file rel="external" download><Icon name="download"/>"CSV"</a>
        </div>
        {load(data, move |page| view! { <Contacts page=page account=account.get_untracked() query=query.get_untracked() for_owner=for_owner/> })}
        <Dialogs account=account query=query/>
    }
    .into_any()
}

/// What the table can be narrowed down to.
fn narrow_fields(own: &[(RoleId, String)]) -> Vec<(&'static str, &'static str, NarrowField)> {
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
        ("Role", ROLE, all("Every role", roles)),
        ("Show", ONLY, all(ONLY_CHOICES[0].1, ONLY_CHOICES[1..].to_vec())),
        ("Gets mail", CATEGORY, all("Any or none", categories)),
    ]
}

#[component]
fn Contacts(page: Page<ContactRow>, account: AccountId, query: ListQuery, for_owner: bool) -> impl IntoView {
    let changed = use_query_map().with_untracked(|url| url.get(CHANGED)).unwrap_or_default();
    let context = ContactsContext::new(account.clone(), &query, page.now, for_owner, changed);
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
    view! {
        {rows}
        <SeveralBar account=account list=list of_closed=of_closed/>
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
            <Heading title="Add New Contact" above=above(&frame)/>
            <Form action=CreateContact::PATH long=true>
                <input type="hidden" name="account" value=of/>
                <ContactFields account=account_of contact=contact givable=givable/>
                <div class="card">
                    <Tick name="notify" label="Notify Client?" ticked=true hint="Tells the person by e-mail that they were added. If they may log in, this is their invitation."/>
                </div>
                <SubmitBar>
                    <Submit label="Submit"/>
                    <SeeButton name="this person"/>
                    <a class="button" href=back>"Cancel"</a>
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
            <Heading title="Invite User" above=above(&frame)/>
            <p class="lead">"Each person gets an e-mail, signs in or creates a login, and fills in the rest."</p>
            <Form action=InviteUsers::PATH long=true>
                <input type="hidden" name="account" value=of/>
                <fieldset class="card">
                    <legend>"Who"</legend>
                    <div class="columns">
                        <Field name="name" label="Name" hint="For one person. Leave it empty for several."/>
                        <TextArea name="emails" label="E-mail" required=true hint="One address per line, or separated by commas. “Name <address>” works too."/>
                        <SureField of="emails"/>
                        <DaysField/>
                    </div>
                </fieldset>
                <fieldset class="card">
                    <legend>"Permissions"</legend>
                    <PermissionsSection before=Grant::default() givable=givable/>
                </fieldset>
                <SubmitBar>
                    <Submit label="Send invitation"/>
                    <SeeButton name="this person"/>
                    <a class="button" href=back>"Cancel"</a>
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
    (format!("“{}”, requested on {}", ask.label, time_format::exact(ask.at)), path)
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
        "The owner holds every permission and cannot be closed or deleted."
    } else {
        "This is your own contact. Only somebody else who manages contacts can change its permissions and status."
    };
    if hands_off {
        return view! {
            <Heading title="Edit Contact" above=above/>
            <section class="card">
                <p class="notice"><Icon name="lock"/>"This is the owner's contact. Only the owner can change it."</p>
                <dl class="facts"><dt>"Name"</dt><dd>{title}</dd><dt>"E-mail"</dt><dd>{contact.form.email}</dd><dt>"Phone"</dt><dd>{contact.form.phone}</dd></dl>
            </section>
        }
        .into_any();
    }
    let fixed = contact.is_owner || contact.is_own;
    let mailed = format!("{}?q={}", paths::emails(&frame.account), paths::encode(&contact.form.email));
    let history = frame
        .permissions
        .has(Permission::ViewEmails)
        .then(|| view! { <p class="foot"><a href=mailed><Icon name="inbox"/>" E-mail history of this person"</a></p> });
    let of = frame.account.clone();
    let hand_over = (contact.is_owner && frame.is_owner).then(|| paths::ownership(&frame.account));
    let pending = !contact.linked && !contact.form.log_in.is_empty();
    let loose = contact.loose.clone();
    let hangs = !fixed && contact.form.status != "closed" && loose.to_hand_over();
    let status = if contact.form.status == "closed" { "closed" } else { "active" };
    let invitation =
        pending.then(|| view! { <div class="card-status"><StatusPill status=contact.status/></div> });
    view! {
        <Heading title="Edit Contact" above=above>{invitation}</Heading>
        <p class="lead who"><Avatar name=title.clone()/><strong>{title}</strong></p>
        <Form action=UpdateContact::PATH long=true>
            <input type="hidden" name="account" value=frame.account.to_string()/>
            <input type="hidden" name="contact" value=contact.id.to_string()/>
            <Hidden name="version" value=contact.version.to_string()/>
            <input type="hidden" name="back" value=list/>
            <ContactFields account=of contact=contact.form grant=contact.grant givable=givable asks=asks fixed=fixed why_fixed=why_fixed linked=contact.linked/>
            <div class="card">
                {(!fixed).then(|| view! {
                    <Select name="status" label="Status" value=status options=vec![("active".into(), "Active".into()), ("closed".into(), "Closed".into())]
                        hint="A closed contact gets no mail and cannot enter the account. It keeps its history and can be reopened."/>
                })}
                {hangs.then(|| view! {
                    <fieldset class="if-closed"><legend>"If you close this contact"</legend><HandOverFields to=loose.options()/></fieldset>
                })}
                {(!contact.linked && !fixed).then(|| view! { <Tick name="notify" label="Notify Client?" ticked=true hint="Sends a new invitation by e-mail when the login is activated or the address changes."/> })}
            </div>
            <SubmitBar>
                <Submit label="Submit"/>
                {(!fixed).then(|| view! { <SeeButton name=name/> })}
                <a class="button" href=back>"Cancel"</a>
            </SubmitBar>
        </Form>
        {history}
        {hand_over.map(|path| view! { <p class="foot"><a href=path><Icon name="key"/>" Transfer ownership"</a></p> })}
        {(!fixed).then(|| view! {
            <p class="foot"><a id="delete" class="danger-link" href=format!("{path}?delete=1")><Icon name="trash"/>"Delete"</a></p>
        })}
    }
    .into_any()
}
