//! The screens "Transfer ownership" and "Leave account".

use super::model::{Ownership, Transfer};
use super::rpc::{
    AcceptOwnership, DeclineOwnership, LeaveAccount, OfferOwnership, ShowOwnership, WithdrawOwnership,
};
use super::words;
use crate::features::replacements::components::ReplacementCard;
use crate::features::second_factor::components::ProofFields;
use crate::frame::{Frame, account_in_url, use_frame};
use crate::paths;
use crate::types::Timestamp;
use crate::ui::field::{Field, Select};
use crate::ui::form::{Form, Submit};
use crate::ui::icon::Icon;
use crate::ui::layout::Heading;
use crate::ui::load::{fetch_live, load};
use crate::ui::time_format::RelativeTime;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

fn above(frame: &Frame) -> Vec<(String, String)> {
    vec![(paths::account(&frame.account), frame.name.clone())]
}

/// `/a/{account}/ownership`: offers the account, withdraws the offer, or answers it (P7).
#[component]
pub fn OwnershipPage() -> impl IntoView {
    let frame = use_frame();
    let account = account_in_url();
    let data = fetch_live(move || ShowOwnership { account: account.get() });
    let replacement = frame.is_owner.then(|| ReplacementCard::prepare(account));
    let frame = StoredValue::new(frame);
    let title =
        if frame.with_value(|frame| frame.is_owner) { words::TRANSFER_OWNERSHIP } else { "Ownership" };
    view! {
        <Heading title=title above=frame.with_value(above)/>
        {replacement.map(ReplacementCard::show)}
        {load(data, move |ownership| {
            let Ownership { transfer, candidates, asked, now } = ownership;
            let frame = frame.get_value();
            match transfer {
                Some(transfer) if transfer.for_me => view! { <Offered transfer=transfer frame=frame now=now/> }.into_any(),
                Some(transfer) => view! { <Standing transfer=transfer frame=frame now=now/> }.into_any(),
                None if !frame.is_owner => view! {
                    <div class="empty"><Icon name="key"/><h2>{words::YOU_HAVE_NO_OFFER_OF}</h2><p>{words::ONLY_THE_OWNER_CAN_HAND}</p></div>
                }.into_any(),
                None if candidates.is_empty() => view! {
                    <div class="empty"><Icon name="users"/><h2>{words::NOBODY_CAN_TAKE_OVER_THIS}</h2>
                        <p>{words::THE_NEW_OWNER_HAS_TO}</p>
                        <p><a class="button primary" href=paths::invite_user(&frame.account)>{words::INVITE_USER}</a></p></div>
                }.into_any(),
                None => {
                    // Too many to choose from: one is named by the address.
                    let many = candidates.len() >= crate::features::accounts::model::MAX_CHOICES;
                    let options: Vec<(String, String)> = std::iter::once((String::new(), words::CHOOSE_A_CONTACT.to_owned()))
                        .chain(candidates.into_iter().map(|(id, name, email)| (id.to_string(), format!("{name} ({email})")))).collect();
                    let (options, of, back) = (StoredValue::new(options), frame.account.to_string(), paths::contacts(&frame.account));
                    let name = frame.name.clone();
                    view! {
                        <section class="card">
                            <p class="lead">{words::THE_OWNER_CAN_DO_EVERYTHING}<strong>{name}</strong>{words::AND_CANNOT_BE_REMOVED}</p>
                            <ul class="bullets">
                                <li>{words::WE_ASK_THE_NEW_OWNER}</li>
                                <li>{words::ONCE_THEY_ACCEPT_YOU_KEEP}</li>
                                <li>{words::THE_MAIN_ADDRESS_OF_THE}</li>
                                <li>{words::YOU_THE_NEW_OWNER_AND}</li>
                            </ul>
                            <Form action=OfferOwnership::PATH>
                                <input type="hidden" name="account" value=of/>
                                {if many {
                                    view! { <Field name="contact" label=words::NEW_OWNER kind="email" required=true hint=words::THE_E_MAIL_ADDRESS_OF/> }.into_any()
                                } else {
                                    view! { <Select name="contact" label=words::NEW_OWNER value="" options=options.get_value()/> }.into_any()
                                }}
                                {asked.map(|asked| view! { <ProofFields asked=asked/> })}
                                <div class="actions"><Submit label=words::TRANSFER_OWNERSHIP/><a class="button" href=back>{words::CANCEL}</a></div>
                            </Form>
                        </section>
                    }.into_any()
                }
            }
        })}
    }
}

/// The offer as the owner sees it.
#[component]
fn Standing(transfer: Transfer, frame: Frame, now: Timestamp) -> impl IntoView {
    let (name, email) = transfer.to;
    view! {
        <section class="card">
            <p class="lead">{words::YOU_OFFERED_OWNERSHIP_TO}<strong>{name}</strong>" ("{email}")."</p>
            <p>{words::OFFERED}<RelativeTime at=transfer.since now=now/>{words::THE_OFFER_ENDS}<RelativeTime at=transfer.until now=now/>{words::YOU_ARE_THE_OWNER_UNTIL}</p>
            <Form action=WithdrawOwnership::PATH>
                <input type="hidden" name="account" value=frame.account.to_string()/>
                <div class="actions"><Submit label=words::WITHDRAW_THE_OFFER kind="secondary"/></div>
            </Form>
        </section>
    }
}

/// The offer as whom it is for sees it.
#[component]
fn Offered(transfer: Transfer, frame: Frame, now: Timestamp) -> impl IntoView {
    let of = [frame.account.to_string(), frame.account.to_string()];
    let [of_accept, of_decline] = of;
    view! {
        <section class="card">
            <p class="lead"><strong>{transfer.from.clone()}</strong>{words::WANTS_TO_HAND}<strong>{frame.name}</strong>{words::OVER_TO_YOU}</p>
            <ul class="bullets">
                <li>{words::AS_ITS_OWNER_YOU_CAN_DO}</li>
                <li>{words::keeps_every_permission_except_ownership(&transfer.from)}</li>
                <li>{words::THE_MAIN_ADDRESS_OF_THE_ACCOUNT}</li>
                <li>{words::THE_OFFER_ENDS_2}<RelativeTime at=transfer.until now=now/>"."</li>
            </ul>
            <div class="actions">
                <Form action=AcceptOwnership::PATH prefix="a-">
                    <input type="hidden" name="account" value=of_accept/>
                    <Submit label=words::ACCEPT/>
                </Form>
                <Form action=DeclineOwnership::PATH prefix="d-">
                    <input type="hidden" name="account" value=of_decline/>
                    <Submit label=words::DECLINE kind="secondary"/>
                </Form>
            </div>
        </section>
    }
}

/// `/a/{account}/leave`: gives up one's own key (P8).
#[component]
pub fn LeavePage() -> impl IntoView {
    let frame = use_frame();
    let home = paths::account(&frame.account);
    if frame.is_owner {
        return view! {
            <Heading title=words::LEAVE_ACCOUNT above=above(&frame)/>
            <section class="card">
                <p class="lead">{words::YOU_OWN_THIS_ACCOUNT_TRANSFER}</p>
                <div class="actions"><a class="button primary" href=paths::ownership(&frame.account)>{words::TRANSFER_OWNERSHIP}</a></div>
            </section>
        }
        .into_any();
    }
    view! {
        <Heading title=words::LEAVE_ACCOUNT above=above(&frame)/>
        <section class="card">
            <p class="lead">{words::LEAVE}<strong>{frame.name.clone()}</strong>"?"</p>
            <ul class="bullets">
                <li>{words::YOU_CAN_NO_LONGER_ENTER}</li>
                <li>{words::YOU_STAY_LISTED_AS_A}</li>
                <li>{words::THE_OWNER_IS_TOLD_IF}</li>
            </ul>
            <Form action=LeaveAccount::PATH>
                <input type="hidden" name="account" value=frame.account.to_string()/>
                <div class="actions"><Submit label=words::LEAVE_ACCOUNT kind="danger"/><a class="button" href=home>{words::STAY}</a></div>
            </Form>
        </section>
    }
    .into_any()
}
