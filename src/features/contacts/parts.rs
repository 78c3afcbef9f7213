//! Parts of the contact screens: the fields of a contact, the state of a contact, the dialogs.

use super::model::{ContactForm, ContactStatus, DeleteQuestion, MAIN, Options};
use super::rpc::{AskToClose, AskToDelete, CloseContact, DeleteContact, InvitationLink};
use super::words;
use crate::category::Categories;
use crate::features::permissions::components::PermissionsSection;
use crate::features::permissions::model::{Givable, Grant};
use crate::features::permissions::words::opens;
use crate::features::recipients::components::{CategoryBoxes, WouldChangeSentence};
use crate::frame::Frame;
use crate::frame::use_frame;
use crate::paths;
use crate::types::{AccountId, ContactId};
use crate::ui::copy::CopyButton;
use crate::ui::country::country_options;
use crate::ui::dialog::Dialog;
use crate::ui::field::{Field, Select, Tick};
use crate::ui::form::{Form, Submit};
use crate::ui::form_state::FormState;
use crate::ui::icon::Icon;
use crate::ui::load::{fetch, load};
use crate::ui::rules::email_rule;
use crate::ui::section::{self, Section};
use crate::ui::time_format;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_params_map;
use web_sys::Element;

/// The pages above those of contacts.
pub(super) fn above(frame: &Frame) -> Vec<(String, String)> {
    vec![
        (paths::account(&frame.account), frame.name.clone()),
        (paths::contacts(&frame.account), words::CONTACTS.into()),
    ]
}

/// The contact in the URL. An impossible id becomes one that no account has.
pub(super) fn contact_in_url() -> Memo<ContactId> {
    let params = use_params_map();
    Memo::new(move |_| {
        params
            .read()
            .get("contact")
            .and_then(|id| ContactId::parse(&id))
            .unwrap_or_else(|| ContactId::from(String::new()))
    })
}

/// The state of a contact: a word and an icon, never colour alone.
#[component]
pub fn StatusPill(
    /// The state.
    status: ContactStatus,
) -> impl IntoView {
    let (class, icon, word) = status.pill();
    view! { <span class=class><Icon name=icon/>{word}</span> }
}

/// Once an address was taken for a slip: a box that says it is right.
#[component]
pub fn SureField(
    /// Name of the field of the address.
    of: &'static str,
) -> impl IntoView {
    let form: FormState = expect_context();
    move || {
        let asked = form.errors().of(of).is_some_and(|error| error.message.contains("did you mean"));
        asked.then(|| view! { <Tick name="address_sure" label=words::THE_ADDRESS_IS_RIGHT ticked=false/> })
    }
}

/// Days that an invitation can be valid.
fn day_options(usual: i64) -> Vec<(String, String)> {
    let all: std::collections::BTreeSet<i64> = [1, 3, 7, 14, 30, usual].into();
    all.into_iter()
        .filter(|days| *days > 0)
        .map(|days| (days.to_string(), if days == 1 { words::N_1_DAY.into() } else { words::days(&days) }))
        .collect()
}

/// How long the invitation is valid.
#[component]
pub fn DaysField() -> impl IntoView {
    let usual = use_frame().invites;
    view! {
        <Select name="days" label=words::INVITATION_IS_VALID_FOR value=usual.to_string() options=day_options(usual)/>
        <Tick name="tell_me" label=words::TELL_ME_WHEN_THEY_ACCEPT ticked=true hint=words::YOU_GET_AN_E_MAIL/>
    }
}

/// What a folded "Login" says of somebody without one.
const CANNOT_LOG_IN: &str = words::CANNOT_LOG_IN_2;

/// What a folded "Login" says: the sentence at the foot of the permissions.
fn login_says(section: &Element) -> String {
    let on = section.query_selector("input[name=log_in]:checked").ok().flatten().is_some();
    let sum = section.query_selector(".sum").ok().flatten().and_then(|sum| sum.text_content());
    if on { sum.unwrap_or_default() } else { CANNOT_LOG_IN.into() }
}

/// Everything on a contact, for adding and editing (P2, P5).
#[component]
pub fn ContactFields(
    /// The account.
    account: AccountId,
    /// What the fields start with.
    contact: ContactForm,
    /// What the contact holds.
    #[prop(optional)]
    grant: Grant,
    /// What the editor can give.
    givable: Givable,
    /// What the person asked for: label and place of each box.
    #[prop(optional)]
    asks: Vec<(String, String)>,
    /// Owner's contact or the editor's own: switches cannot be changed.
    #[prop(optional)]
    fixed: bool,
    /// Why not.
    #[prop(optional)]
    why_fixed: &'static str,
    /// Linked to a user: no invitation is needed to log in.
    #[prop(optional)]
    linked: bool,
) -> impl IntoView {
    let form: FormState = expect_context();
    let asks = (!asks.is_empty()).then(|| {
        let links = asks.into_iter().map(|(label, path)| view! { <li><a href=path rel="external">{label}</a></li> }).collect_view();
        view! { <div class="notice asked"><Icon name="key"/><div><p>{words::THIS_PERSON_ASKS_FOR}</p><ul>{links}</ul></div></div> }
    });
    // Without WASM the section is always there, so it is hidden only once the page is awake.
    let awake = RwSignal::new(false);
    Effect::new(move || awake.set(true));
    let log_in = RwSignal::new(form.ticked("log_in", "on", !contact.log_in.is_empty()));
    let mail = contact.mail.clone();
    let name = format!("{} {}", contact.first_name, contact.last_name).trim().to_owned();
    let parts = [name, contact.company.clone(), contact.email.clone(), contact.phone.clone()];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let person = section::said(&parts.join(" · "));
    let mails = section::said(&Categories::from_keys(&mail).titles());
    let able = grant.able_to(|id| givable.name(id));
    let only_staff = !linked && use_frame().invites == 0;
    let login = if contact.log_in.is_empty() { CANNOT_LOG_IN.to_owned() } else { opens(&able) };
    let has_address = [&contact.street, &contact.city, &contact.country].iter().any(|part| !part.is_empty())
        || form.refusal.get_untracked().is_some();
    view! {
        <Section title=words::PERSON says=person read=section::typed>
            <p class="hint">{words::A_NAME_OR_A_COMPANY}</p>
            <div class="columns">
                <Field name="first_name" label=words::FIRST_NAME autocomplete="off" value=contact.first_name/>
                <Field name="last_name" label=words::LAST_NAME value=contact.last_name/>
                <Field name="company" label=words::COMPANY value=contact.company/>
                <Field name="email" label=words::E_MAIL kind="email" required=true rule=email_rule value=contact.email/>
                <SureField of="email"/>
                <Field name="phone" label=words::PHONE kind="tel" value=contact.phone/>
            </div>
            <details class="address" open=has_address>
                <summary>{words::ADDRESS}</summary>
                <div class="columns">
                    <Field name="street" label=words::STREET value=contact.street/>
                    <Field name="city" label=words::CITY value=contact.city/>
                    <Field name="region" label=words::REGION value=contact.region/>
                    <Field name="postcode" label=words::POSTCODE value=contact.postcode/>
                    <Select name="country" label=words::COUNTRY value=contact.country options=country_options()/>
                </div>
            </details>
        </Section>
        <Section title=words::EMAIL_PREFERENCES says=mails read=section::ticked id=form.id("mail")>
            <p class="hint">{words::CHOOSE_WHICH_MAIL_ABOUT_THIS}</p>
            <CategoryBoxes mail=Categories::from_keys(&mail) may=givable.everywhere/>
            <WouldChangeSentence account=account/>
        </Section>
        <Section title=words::LOGIN says=login read=login_says>
            {if fixed {
                view! { <p class="notice"><Icon name="info"/>{why_fixed}</p> }.into_any()
            } else {
                view! {
                    {only_staff.then(|| view! { <p class="notice"><Icon name="info"/>{words::ONLY_STAFF_INVITE}</p> })}
                    <Tick name="log_in" label=words::ACTIVATE_SUB_ACCOUNT ticked=log_in.get_untracked() changed=move |on| log_in.set(on)
                        hint=words::LETS_THE_PERSON_LOG_IN/>
                    <div class="with-login" hidden=move || awake.get() && !log_in.get()>
                        {asks}
                        <PermissionsSection before=grant givable=givable/>
                        {(!linked).then(|| view! { <DaysField/> })}
                    </div>
                }.into_any()
            }}
        </Section>
    }
}

/// To whom goes what hangs on a contact, for the form that closes or deletes it (P10).
#[component]
pub fn HandOverFields(
    /// Choices for the invoices and for domain mail.
    to: (Options, Options),
) -> impl IntoView {
    let field = |name, label, hint, options: Options| {
        (!options.is_empty())
            .then(|| view! { <Select name=name label=label value=MAIN options=options hint=hint/> })
    };
    view! {
        <div class="hand-over">
            {field("billing_to", words::INVOICES_ARE_ADDRESSED_TO, words::THIS_CONTACT_IS_THE_BILLING, to.0)}
            {field("domain_to", words::DOMAIN_MAIL_GOES_TO, words::NO_OTHER_CONTACT_OR_ADDRESS, to.1)}
        </div>
    }
}

/// How a contact ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It is closed, and can be opened again (P5).
    Close,
    /// It is deleted (P6).
    Delete,
}

/// Asks before a contact is closed or deleted: whom it is about, what is lost, what stays (P5, P6, P10).
#[component]
pub fn EndDialog(
    /// What is to be done.
    ending: Ending,
    /// The account in the URL.
    account: AccountId,
    /// Whom it is about.
    contact: ContactId,
    /// Path of the page without the dialog.
    close: String,
    /// Id of the element that gets the focus back.
    opener: String,
    /// Where the form leads to, see [`super::model::back_to`].
    #[prop(into)]
    back: String,
) -> impl IntoView {
    let ids = (account.clone(), contact.clone());
    let question = match ending {
        Ending::Close => fetch(move || AskToClose { account: ids.0.clone(), contact: ids.1.clone() }),
        Ending::Delete => fetch(move || AskToDelete { account: ids.0.clone(), contact: ids.1.clone() }),
    };
    let (word, action, kind) = match ending {
        Ending::Close => (words::CLOSE, CloseContact::PATH, "primary"),
        Ending::Delete => (words::DELETE, DeleteContact::PATH, "danger"),
    };
    load(question, move |DeleteQuestion { title, losses, to }: DeleteQuestion| {
        let (account, contact, cancel) = (account.to_string(), contact.to_string(), close.clone());
        let back = back.clone();
        let verb = format!("{word} {title}");
        let losses = losses.into_iter().map(|loss| view! { <li>{loss}</li> }).collect_view();
        view! {
            <Dialog title=format!("{verb}?") close=close.clone() opener=opener.clone()>
                <ul>{losses}</ul>
                <Form action=action prefix="delete-">
                    <input type="hidden" name="account" value=account/>
                    <input type="hidden" name="contact" value=contact/>
                    <input type="hidden" name="back" value=back/>
                    <HandOverFields to=to/>
                    <div class="actions">
                        <a class="button" href=cancel>{words::CANCEL}</a>
                        <Submit label=verb kind=kind/>
                    </div>
                </Form>
            </Dialog>
        }
    })
}

/// Shows a link that can be passed on by other means than mail.
#[component]
pub fn LinkDialog(account: AccountId, contact: ContactId, close: String, opener: String) -> impl IntoView {
    let link = fetch(move || InvitationLink { account: account.clone(), contact: contact.clone() });
    load(link, move |(url, email, expires, now)| {
        let done = close.clone();
        let text = url.clone();
        view! {
            <Dialog title=words::COPY_INVITATION_LINK close=close.clone() opener=opener.clone()>
                <p>{words::FOR_}<strong>{email}</strong>{words::WORKS_ONCE_EXPIRES}<time datetime=expires.iso() title=time_format::exact(expires)>{time_format::relative(expires, now)}</time>"."</p>
                <p class="hint">{words::WHOEVER_OPENS_IT_HAS_TO}</p>
                <div class="copy">
                    <label class="visually-hidden" for="invitation-link">{words::INVITATION_LINK}</label>
                    <input id="invitation-link" readonly value=url/>
                    <CopyButton text=text/>
                </div>
                <div class="actions"><a class="button" href=done>{words::CLOSE}</a></div>
            </Dialog>
        }
    })
}
