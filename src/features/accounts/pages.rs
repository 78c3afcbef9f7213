//! The account picker, the frame around an account's pages, its overview and its profile.

use super::components::AccountSwitcher;
use super::model::{
    CHANNELS, ContactChoice, Picker, Profile, ProfilePage, Rules, TaxState, WaitingInvitation,
};
use super::rpc::{
    ConfirmMainAddress, MainAddressLink, SaveProfile, SaveRules, ShowFrame, ShowOverview, ShowPicker,
    ShowProfile, ShowRules, WithdrawMainAddress,
};
use super::words;
use crate::category::Categories;
use crate::features::attention::components::NeedsCard;
use crate::features::invitations::components::AnswerButtons;
use crate::features::news::components::{AccountNews, TicketNews};
use crate::features::ownership::components::OfferNotice;
use crate::features::permissions::components::Denial;
use crate::features::previews::components::PreviewNotice;
use crate::features::recipients::components::CategoryBoxes;
use crate::features::support::components::Support;
use crate::frame::{CustomerTabs, Frame, account_in_url, staff_items, use_frame};
use crate::paths;
use crate::permission::{Permission, StaffPermission, StaffPermissions, join_and};
use crate::types::{AccountId, ContactId, Timestamp, counted, lowercase};
use crate::ui::avatar::Avatar;
use crate::ui::country::country_options;
use crate::ui::field::{Field, Select, Tick};
use crate::ui::form::{Form, Hidden, ReadOnly, Submit};
use crate::ui::icon::Icon;
use crate::ui::layout::{
    AccountFrame, Heading, NavItem, PersonPage, PlainPage, RefusedPage, StaffFrame, TitlePart,
};
use crate::ui::load::{fetch, fetch_live, load, load_quietly};
use crate::ui::mailed_link::{DeadLink, token_in_url};
use crate::ui::refused::Redirect;
use crate::ui::time_format;
use leptos::context::Provider;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::components::Outlet;
use leptos_router::hooks::use_query_map;

/// `/accounts`
#[component]
pub fn PickerPage() -> impl IntoView {
    let data = fetch_live(|| ShowPicker {});
    view! {
        <PersonPage title=words::YOUR_ACCOUNTS>
            {load(data, |picker| match picker.is_staff {
                true => view! { <Redirect to=paths::OPERATOR/> }.into_any(),
                false => view! { <Choices picker=picker/> }.into_any(),
            })}
        </PersonPage>
    }
}

/// From this many accounts up the picker has a search field (S2).
const SEARCH_FROM: usize = 8;

#[component]
fn Choices(picker: Picker) -> impl IntoView {
    let Picker { accounts, waiting, now, .. } = picker;
    let query = use_query_map();
    let search = RwSignal::new(query.with_untracked(|query| query.get("q").unwrap_or_default()));
    let searchable = accounts.len() >= SEARCH_FROM;
    let nothing = accounts.is_empty() && waiting.is_empty();
    let calm = accounts.len() > 1 && accounts.iter().all(|choice| choice.needs == 0);
    let shown = move |choice: &ContactChoice| {
        let wanted = lowercase(&search.get());
        wanted.is_empty()
            || lowercase(&choice.name).contains(&wanted)
            || choice.number.to_string().contains(&wanted)
    };
    let all = accounts.clone();
    let none_left = move || searchable && !all.iter().any(&shown);
    let rows = accounts
        .into_iter()
        .map(|choice| {
            let probe = choice.clone();
            view! { <li hidden=move || !shown(&probe)><ChoiceRow choice=choice/></li> }
        })
        .collect_view();
    view! {
        {(!waiting.is_empty()).then(|| view! {
            <section class="waiting-list" aria-labelledby="waiting-heading">
                <h2 id="waiting-heading">{words::INVITATIONS_FOR_YOU}</h2>
                {waiting.into_iter().map(|waiting| view! { <WaitingPanel waiting=waiting now=now/> }).collect_view()}
            </section>
        })}
        {searchable.then(|| view! {
            <form method="get" class="search" role="search">
                <label class="visually-hidden" for="account-search">{words::SEARCH_ACCOUNTS}</label>
                <Icon name="search"/>
                <input id="account-search" name="q" type="search" placeholder=words::NAME_OR_NUMBER autocomplete="off" prop:value=search value=search.get_untracked()
                    on:input=move |event| search.set(event_target_value(&event))/>
                <button class="button no-wasm">{words::SEARCH}</button>
            </form>
        })}
        {calm.then(|| view! { <p class="hint with-icon"><Icon name="check"/>{words::NOTHING_ON_YOUR_ACCOUNTS_NEEDS}</p> })}
        {(!nothing).then(|| view! { <p><a href=paths::OPEN>{words::EVERYTHING_THAT_IS_OPEN}</a></p> })}
        <ul class="choices">{rows}</ul>
        <p hidden=move || !none_left()>{words::NO_ACCOUNT_HAS_THIS_NAME}</p>
        {nothing.then(|| view! {
            <div class="empty"><Icon name="building"/><h2>{words::NO_ACCOUNTS_YET}</h2><p>{words::WHEN_SOMEBODY_INVITES_YOU_THE}</p></div>
        })}
    }
}

#[component]
fn ChoiceRow(choice: ContactChoice) -> impl IntoView {
    let needs = match choice.needs {
        0 => None,
        1 => Some(words::N_1_THING_NEEDS_ATTENTION.to_owned()),
        many => Some(words::things_need_attention(&many)),
    };
    let badges = view! {
        {choice.is_owner.then(|| view! { <span class="pill teal"><Icon name="key"/>{words::OWNER}</span> })}
        {(!choice.is_owner).then(|| view! { <span class="pill">{choice.role}</span> })}
        {needs.map(|says| view! { <span class="pill amber"><Icon name="alert"/>{says}</span> })}
        {(choice.last && !choice.closed).then(|| view! { <span class="pill">{words::LAST_USED}</span> })}
        {choice.closed.then(|| view! { <span class="pill"><Icon name="lock"/>{words::CLOSED}</span> })}
    };
    let body = view! {
        <Avatar name=choice.name.clone()/>
        <span class="two-lines"><strong>{choice.name.clone()}</strong><small>{words::ACCOUNT}{choice.number}</small></span>
        <span class="badges">{badges}</span>
    };
    if choice.closed {
        view! { <span class="choice closed" aria-disabled="true">{body}</span> }.into_any()
    } else {
        view! { <a class="choice" href=paths::account(&choice.account)>{body}<Icon name="next"/></a> }
            .into_any()
    }
}

#[component]
fn WaitingPanel(waiting: WaitingInvitation, now: Timestamp) -> impl IntoView {
    let sentence = if waiting.able_to.is_empty() {
        words::invites_you_to_this_account(&waiting.inviter)
    } else {
        words::invites_you_you_will_be(&waiting.inviter, &waiting.able_to)
    };
    view! {
        <article class="card waiting-card">
            <h3>{waiting.account}</h3>
            <p>{sentence}</p>
            <p class="hint">{words::EXPIRES}<time datetime=waiting.expires.iso() title=time_format::exact(waiting.expires)>{time_format::relative(waiting.expires, now)}</time></p>
            <AnswerButtons invitation=waiting.invitation/>
        </article>
    }
}

/// The frame of every page under `/a/{account}`.
#[component]
pub fn AccountLayout() -> impl IntoView {
    let account = account_in_url();
    let data = fetch(move || ShowFrame { account: account.get() });
    data.show(|frame| match frame {
        Ok(frame) => view! { <Inside frame=frame/> }.into_any(),
        Err(error) => view! { <RefusedPage error=error/> }.into_any(),
    })
}

#[component]
fn Inside(frame: Frame) -> impl IntoView {
    if let Some(held) = frame.staff {
        return view! { <StaffInside frame=frame held=held/> }.into_any();
    }
    let account = &frame.account;
    let mut items = vec![NavItem { path: paths::account(account), icon: "home", label: "Overview" }];
    if frame.services {
        items.push(NavItem { path: paths::services(account), icon: "server", label: "Services" });
    }
    if frame.domains {
        items.push(NavItem { path: paths::domains(account), icon: "globe", label: "Domains" });
    }
    if frame.tickets {
        items.push(NavItem { path: paths::tickets(account), icon: "ticket", label: "Tickets" });
    }
    if frame.permissions.has(Permission::ViewInvoices) {
        items.push(NavItem { path: paths::invoices(account), icon: "card", label: "Invoices" });
    }
    if frame.permissions.has(Permission::ManageContacts) {
        items.push(NavItem { path: paths::contacts(account), icon: "users", label: "Contacts" });
    }
    if frame.permissions.has(Permission::ViewEmails) {
        items.push(NavItem { path: paths::emails(account), icon: "inbox", label: words::E_MAIL_HISTORY });
    }
    if frame.permissions.has(Permission::EditProfile) {
        items.push(NavItem { path: paths::account_profile(account), icon: "building", label: "Profile" });
    }
    if frame.permissions.has(Permission::ViewActivity) {
        items.push(NavItem { path: paths::activity(account), icon: "history", label: "Activity" });
    }
    let news = frame.preview.is_none().then(|| view! { <AccountNews account=frame.account.clone() name=frame.name.clone() known=frame.key_version/> });
    let banner =
        frame.preview.clone().map(|says| view! { <PreviewNotice says=says account=frame.name.clone()/> });
    provide_context(TitlePart(frame.name.clone()));
    let asked = RwSignal::new(0_u32);
    let preview = frame.preview.is_some();
    let switch = (!preview).then(|| Callback::new(move |()| asked.update(|count| *count += 1)));
    let switcher = (!preview).then(|| view! { <AccountSwitcher asked=asked/> });
    view! {
        <AccountFrame account=frame.name.clone() number=frame.number person=frame.person.clone() items=items switch=switch>
            {switcher}
            {news}
            {banner}
            <Provider value=frame><Outlet/></Provider>
        </AccountFrame>
    }
    .into_any()
}

/// The pages of an account around which staff see their own area.
#[component]
fn StaffInside(frame: Frame, held: StaffPermissions) -> impl IntoView {
    let name = format!("{} · {}", frame.name, frame.number);
    let (note, only) = if held.has(StaffPermission::EditCustomers) {
        (words::STAFF_CHANGES_COUNT, None)
    } else if held.has(StaffPermission::AnswerTickets) {
        (words::STAFF_MAY_ANSWER, Some(ReadOnly { but: Some("/rpc/tickets/") }))
    } else {
        (words::STAFF_MAY_LOOK, Some(ReadOnly { but: None }))
    };
    provide_context(TitlePart(frame.name.clone()));
    view! {
        <StaffFrame person=frame.person.clone() items=staff_items(held)>
            <TicketNews account=frame.account.clone()/>
            <section class="on-customer" aria-label=words::CUSTOMER>
                <p><Icon name="building"/><strong>{name}</strong><span class="hint">{note}</span></p>
                <CustomerTabs account=frame.account.clone() held=held/>
            </section>
            <Provider value=only><Provider value=frame><Outlet/></Provider></Provider>
        </StaffFrame>
    }
}

/// `/a/{account}`
#[component]
pub fn OverviewPage() -> impl IntoView {
    let account = account_in_url();
    let frame = use_frame();
    let data = fetch(move || ShowOverview { account: account.get() });
    let needs = NeedsCard::prepare(account);
    let support = Support::prepare(&frame.account, frame.is_owner && frame.preview.is_none());
    let is_owner = frame.is_owner;
    let invites = frame.may_invite();
    // Staff and previews have no place of their own on the account.
    let own = frame.preview.is_none() && frame.staff.is_none();
    let leave = (!is_owner && own).then(|| paths::leave(&frame.account));
    let sentence = move |able_to: &str| match (is_owner, able_to) {
        (true, _) => words::YOU_OWN_THIS_ACCOUNT_YOU.to_owned(),
        (_, "") => words::YOU_CAN_ENTER_THIS_ACCOUNT.to_owned(),
        _ => words::on_this_account_you_can(&able_to),
    };
    view! {
        <Heading title=words::welcome_to(&frame.name)/>
        {support.map(|support| support.questions())}
        {needs.show()}
        {load(data, move |overview| {
            let (owner, email) = overview.owner;
            let account = account.get_untracked();
            let contacts = overview.contacts.map(|(all, log_in, pending)| view! {
                <section class="card" aria-labelledby="people-heading">
                    <h2 id="people-heading"><Icon name="users"/>{words::CONTACTS}</h2>
                    <dl class="numbers">
                        <div><dt>{words::TOTAL}</dt><dd>{counted(all)}</dd></div>
                        <div><dt>{words::CAN_LOG_IN}</dt><dd>{counted(log_in)}</dd></div>
                        <div><dt>{words::INVITED}</dt><dd>{counted(pending)}</dd></div>
                    </dl>
                    <div class="actions">
                        <a class="button" href=paths::contacts(&account)>{words::VIEW_CONTACTS}</a>
                        {invites.then(|| view! { <a class="button" href=paths::invite_user(&account)>{words::INVITE_USER}</a> })}
                    </div>
                </section>
            });
            let assets = [
                (overview.services, "server", words::SERVICES, "services-heading", paths::services(&account)),
                (overview.domains, "globe", words::DOMAINS, "domains-heading", paths::domains(&account)),
            ]
            .map(|(count, icon, title, id, path)| (count > 0).then(|| view! {
                <section class="card" aria-labelledby=id>
                    <h2 id=id><Icon name=icon/>{title}</h2>
                    <dl class="numbers"><div><dt>{words::IN_USE}</dt><dd>{count}</dd></div></dl>
                    <div class="actions"><a class="button" href=path>{words::view(&lowercase(title))}</a></div>
                </section>
            }));
            let leave = leave.clone().map(|path| view! { <p class="foot"><a href=path><Icon name="out"/>{words::LEAVE_ACCOUNT}</a></p> });
            view! {
                {overview.offered_by.map(|from| view! { <OfferNotice account=account.clone() from=from/> })}
                <div class="cards">
                    <section class="card" aria-labelledby="keys-heading">
                        <h2 id="keys-heading"><Icon name="key"/>{words::YOUR_ACCESS}</h2>
                        <p>{sentence(&overview.able_to)}</p>
                        <p class="hint">{words::OWNER_2}{owner}" ("{email}")"</p>
                        {own.then(|| view! { <p><a href=paths::own_mail(&account)>{words::MAIL_YOU_GET}</a></p> })}
                    </section>
                    {assets.into_iter().collect_view()}
                    {contacts}
                </div>
                {leave}
            }
        })}
    }
}

/// `/a/{account}/profile`
#[component]
pub fn AccountProfilePage() -> impl IntoView {
    let account = account_in_url();
    let frame = use_frame();
    if !frame.permissions.has(Permission::EditProfile) {
        return Denial::prepare(&frame.account, Permission::EditProfile, None).show();
    }
    let data = fetch(move || ShowProfile { account: account.get() });
    let rules = frame.is_owner.then(|| fetch_live(move || ShowRules { account: account.get() }));
    let support = Support::prepare(&frame.account, frame.is_owner && frame.preview.is_none());
    let home = vec![(paths::account(&frame.account), frame.name)];
    view! {
        <Heading title=words::PROFILE above=home/>
        {load(data, move |page: ProfilePage| {
            let ProfilePage { profile, contacts, many, address, tax_check, waiting, network, may_redirect, now } = page;
            let waiting = waiting.map(|(email, until)| view! { <WaitingAddress account=account.get_untracked() email=email until=until now=now/> });
            let chosen = profile.billing_contact.clone();
            let name_of_chosen = contacts.iter().find(|(id, _)| id.as_str() == chosen).map_or_else(|| if many && !chosen.is_empty() { chosen.clone() } else { words::THE_ACCOUNT_ITSELF.to_owned() }, |(_, name)| name.clone());
            let billing_only = !profile.billing_only.is_empty();
            let no_copies = !profile.no_copies.is_empty();
            let on_invoices = profile.clone();
            view! {
                {waiting}
                <Form action=SaveProfile::PATH>
            <section class="card">
                    <input type="hidden" name="account" value=account.get_untracked().to_string()/>
                    <Hidden name="version" value=profile.version.to_string()/>
                    <div class="columns">
                        <Field name="name" label=words::COMPANY_OR_NAME autocomplete="organization" required=true value=profile.name/>
                        <Field name="email" label=words::MAIN_E_MAIL kind="email" autocomplete="email" required=true fixed={ !may_redirect } value=profile.email
                            hint=words::A_NEW_ADDRESS_TAKES_EFFECT/>
                        <Field name="phone" label=words::PHONE kind="tel" autocomplete="tel" value=profile.phone/>
                        <Field name="street" label=words::STREET autocomplete="street-address" value=profile.street/>
                        <Field name="city" label=words::CITY autocomplete="address-level2" value=profile.city/>
                        <Field name="region" label=words::REGION autocomplete="address-level1" value=profile.region/>
                        <Field name="postcode" label=words::POSTCODE autocomplete="postal-code" value=profile.postcode/>
                        <Select name="country" label=words::COUNTRY autocomplete="country" value=profile.country options=country_options()/>
                    </div>
            </section>
            <fieldset class="card">
                <legend>{words::EMAIL_PREFERENCES}</legend>
                <p class="hint">{words::THE_MAIL_THAT_GOES_TO}</p>
                <CategoryBoxes mail=Categories::from_keys(&profile.mail) offered=Categories::of_main()/>
                {if may_redirect {
                    view! { <Tick name="no_copies" label=words::NO_COPIES_OF_TICKETS ticked=no_copies hint=words::THE_MAIN_ADDRESS_THEN_HEARS/> }.into_any()
                } else {
                    view! { <Hidden name="no_copies" value=if no_copies { "on" } else { "" }/> }.into_any()
                }}
            </fieldset>
            <fieldset class="card">
                <legend>{words::INVOICES}</legend>
                <BillingFields chosen=chosen name=name_of_chosen only=billing_only contacts=contacts many=many may_redirect=may_redirect/>
                <OnInvoices of=on_invoices network=network address=address check=tax_check may_redirect=may_redirect/>
            </fieldset>
                    <div class="actions"><Submit label=words::SAVE_CHANGES/></div>
                </Form>
            }
        })}
        {rules.map(|rules| load_quietly(rules, move |rules| view! { <RulesPanel account=account.get_untracked() rules=rules/> }))}
        {support.map(|support| support.choice())}
    }
    .into_any()
}

/// What else stands on invoices, and the address as it would stand there now.
#[component]
fn OnInvoices(
    of: Profile,
    network: bool,
    address: Vec<String>,
    check: Option<(TaxState, Timestamp, String)>,
    may_redirect: bool,
) -> impl IntoView {
    let Profile { tax_id, endpoint, reference, channel, .. } = of;
    if !may_redirect {
        return view! {
            <Hidden name="channel" value=channel/>
            <Hidden name="tax_id" value=tax_id/>
            <Hidden name="endpoint" value=endpoint/>
            <Hidden name="reference" value=reference/>
        }
        .into_any();
    }
    // Who chose the network keeps it until they choose otherwise, also where it was taken away.
    let offered = network || channel == "network";
    let channels = CHANNELS.iter().filter(|(key, _)| offered || *key != "network");
    let channels = channels.map(|(key, title)| ((*key).to_owned(), (*title).to_owned())).collect();
    let check = check.map(|(state, at, consultation)| {
        let (class, icon, says) = match state {
            TaxState::Valid => {
                ("pill green", "check", words::vat_valid(&time_format::date(at), &consultation))
            }
            TaxState::Invalid => ("pill red", "alert", words::vat_invalid(&time_format::date(at))),
            TaxState::Unavailable | TaxState::Unknown => {
                ("pill amber", "clock", words::VAT_UNAVAILABLE.to_owned())
            }
        };
        view! { <p><span class=class><Icon name=icon/>{says}</span></p> }
    });
    let lines = address.into_iter().map(|line| view! { {line}<br/> }).collect_view();
    view! {
        <div class="columns">
            <Field name="tax_id" label=words::TAX_ID value=tax_id hint=words::TAX_ID_HINT/>
            <Field name="endpoint" label=words::ENDPOINT value=endpoint hint=words::ENDPOINT_HINT/>
            <Field name="reference" label=words::REFERENCE value=reference hint=words::REFERENCE_HINT/>
            <Select name="channel" label=words::CHANNEL value=channel options=channels/>
        </div>
        {check}
        <p class="hint">{words::ON_INVOICES}</p>
        <address>{lines}</address>
    }
    .into_any()
}

/// To whom invoices are addressed: chosen from a list or named by an address, and only shown to who may not
/// change it.
#[component]
fn BillingFields(
    chosen: String,
    name: String,
    only: bool,
    contacts: Vec<(ContactId, String)>,
    many: bool,
    may_redirect: bool,
) -> impl IntoView {
    const HINT: &str = words::INVOICES_ISSUED_FROM_NOW_ON;
    if !may_redirect {
        return view! {
            <Hidden name="billing_contact" value=chosen/>
            <Hidden name="billing_only" value=if only { "on" } else { "" }/>
            <p>{words::BILLING_CONTACT}<strong>{name}</strong></p>
            <p class="notice"><Icon name="lock"/>{words::ONLY_PEOPLE_WITH_THE_PERMISSION}</p>
        }
        .into_any();
    }
    let who = if many {
        view! { <Field name="billing_contact" label=words::BILLING_CONTACT_2 kind="email" value=chosen hint=words::THE_E_MAIL_ADDRESS_OF/> }.into_any()
    } else {
        let account = (String::new(), words::THE_ACCOUNT_ITSELF.to_owned());
        let options = std::iter::once(account)
            .chain(contacts.into_iter().map(|(id, name)| (id.to_string(), name)))
            .collect();
        view! { <Select name="billing_contact" label=words::BILLING_CONTACT_2 value=chosen hint=HINT options=options/> }.into_any()
    };
    view! {
        <div class="columns">{who}</div>
        <Tick name="billing_only" label=words::BILLING_CONTACT_ONLY ticked=only hint=words::NOBODY_ELSE_GETS_INVOICE_MAIL/>
    }
    .into_any()
}

/// A new main address that nobody has confirmed yet.
#[component]
fn WaitingAddress(account: AccountId, email: String, until: Timestamp, now: Timestamp) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="waiting-heading">
            <h2 id="waiting-heading"><Icon name="clock"/>{words::A_NEW_MAIN_ADDRESS_IS}</h2>
            <p><strong>{email}</strong>{words::BECOMES_THE_MAIN_ADDRESS_ONCE}{time_format::exact(until)}" ("{time_format::relative(until, now)}")."</p>
            <Form action=WithdrawMainAddress::PATH prefix="w-" summary=false>
                <input type="hidden" name="account" value=account.to_string()/>
                <div class="actions"><Submit label=words::KEEP_THE_OLD_ADDRESS kind=""/></div>
            </Form>
        </section>
    }
}

/// `/confirm-main-address/{token}`: behind the link in a mail.
#[component]
pub fn ConfirmMainAddressPage() -> impl IntoView {
    let token = token_in_url();
    let link = fetch(move || MainAddressLink { token: token.get() });
    view! {
        <PlainPage title=words::CONFIRM_THE_MAIN_ADDRESS>
            {load(link, move |found| match found {
                Some((account, email)) => view! {
                    <p class="lead">{words::MAIL_ABOUT_THE_ACCOUNT}<strong>{account}</strong>{words::WILL_GO_TO}<strong>{email}</strong>{words::ONCE_YOU_CONFIRM_IT_AS}</p>
                    <Form action=ConfirmMainAddress::PATH>
                        <input type="hidden" name="token" value=token.get_untracked()/>
                        <div class="actions"><Submit label=words::CONFIRM_ADDRESS/></div>
                    </Form>
                }.into_any(),
                None => view! { <DeadLink why=words::LINK_IS_DEAD><p>{words::THERE_IS_NOTHING_YOU_NEED}</p></DeadLink> }.into_any(),
            })}
        </PlainPage>
    }
}

/// What the account asks of everybody who enters it; the owner decides.
#[component]
fn RulesPanel(account: AccountId, rules: Rules) -> impl IntoView {
    let some: Vec<&str> = rules.without.iter().map(String::as_str).collect();
    let without = match some.as_slice() {
        [] => words::EVERYBODY_WHO_CAN_ENTER_THIS.to_owned(),
        [one] => words::does_not_have_one_yet(&one),
        few if few.len() <= 5 => words::do_not_have_one_yet(&join_and(few)),
        many => words::people_do_not_have_one(&many.len()),
    };
    view! {
        <section class="card" aria-labelledby="rules-heading">
            <h2 id="rules-heading"><Icon name="shield"/>{words::SECOND_FACTOR}</h2>
            <p>{without}</p>
            <Form action=SaveRules::PATH prefix="r-">
                <input type="hidden" name="account" value=account.to_string()/>
                <Hidden name="version" value=rules.version.to_string()/>
                <Tick name="needs_factor" label=words::EVERYBODY_ON_THIS_ACCOUNT_NEEDS ticked=rules.needs_factor
                    hint=words::A_PASSWORD_ALONE_NO_LONGER/>
                <div class="actions"><Submit label=words::SAVE_RULE/></div>
            </Form>
        </section>
    }
}
