//! The screens "Transfer ownership" and "Leave account".

use super::model::{Ownership, Transfer};
use super::rpc::{
    AcceptOwnership, DeclineOwnership, LeaveAccount, OfferOwnership, ShowOwnership, WithdrawOwnership,
};
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
    let frame = StoredValue::new(frame);
    let title = if frame.with_value(|frame| frame.is_owner) { "Transfer ownership" } else { "Ownership" };
    view! {
        <Heading title=title above=frame.with_value(above)/>
        {load(data, move |ownership| {
            let Ownership { transfer, candidates, asked, now } = ownership;
            let frame = frame.get_value();
            match transfer {
                Some(transfer) if transfer.for_me => view! { <Offered transfer=transfer frame=frame now=now/> }.into_any(),
                Some(transfer) => view! { <Standing transfer=transfer frame=frame now=now/> }.into_any(),
                None if !frame.is_owner => view! {
                    <div class="empty"><Icon name="key"/><h2>"You have no offer of ownership"</h2><p>"Only the owner can hand this account over."</p></div>
                }.into_any(),
                None if candidates.is_empty() => view! {
                    <div class="empty"><Icon name="users"/><h2>"Nobody can take over this account yet"</h2>
                        <p>"The new owner has to be an active contact with a login. Invite them first."</p>
                        <p><a class="button primary" href=paths::invite_user(&frame.account)>"Invite User"</a></p></div>
                }.into_any(),
                None => {
                    // Too many to choose from: one is named by the address.
                    let many = candidates.len() >= crate::features::accounts::model::MAX_CHOICES;
                    let options: Vec<(String, String)> = std::iter::once((String::new(), "Choose a contact".to_owned()))
                        .chain(candidates.into_iter().map(|(id, name, email)| (id.to_string(), format!("{name} ({email})")))).collect();
                    let (options, of, back) = (StoredValue::new(options), frame.account.to_string(), paths::contacts(&frame.account));
                    let name = frame.name.clone();
                    view! {
                        <section class="card">
                            <p class="lead">"The owner can do everything on "<strong>{name}</strong>" and cannot be removed."</p>
                            <ul class="bullets">
                                <li>"We ask the new owner by e-mail, and they have seven days to accept. Until then nothing changes, and you can withdraw the offer."</li>
                                <li>"Once they accept, you keep “Full Privileges”, which the new owner can change."</li>
                                <li>"The main address of the account stays as it is, and keeps getting its mail, until the new owner changes it in the profile."</li>
                                <li>"You, the new owner and the account's main address are told about each step by e-mail."</li>
                            </ul>
                            <Form action=OfferOwnership::PATH>
                                <input type="hidden" name="account" value=of/>
                                {if many {
                                    view! { <Field name="contact" label="New owner" kind="email" required=true hint="The e-mail address of an active contact who has a login."/> }.into_any()
                                } else {
                                    view! { <Select name="contact" label="New owner" value="" options=options.get_value()/> }.into_any()
                                }}
                                {asked.map(|asked| view! { <ProofFields asked=asked/> })}
                                <div class="actions"><Submit label="Transfer ownership"/><a class="button" href=back>"Cancel"</a></div>
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
            <p class="lead">"You offered ownership to "<strong>{name}</strong>" ("{email}")."</p>
            <p>"Offered "<RelativeTime at=transfer.since now=now/>"; the offer ends "<RelativeTime at=transfer.until now=now/>". You are the owner until they accept."</p>
            <Form action=WithdrawOwnership::PATH>
                <input type="hidden" name="account" value=frame.account.to_string()/>
                <div class="actions"><Submit label="Withdraw the offer" kind="secondary"/></div>
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
            <p class="lead"><strong>{transfer.from.clone()}</strong>" wants to hand "<strong>{frame.name}</strong>" over to you."</p>
            <ul class="bullets">
                <li>"As its owner you can do everything on it and decide who else can. Nobody can remove you."</li>
                <li>{format!("{} keeps every permission except ownership until you change that.", transfer.from)}</li>
                <li>"The main address of the account stays as it is; you can change it in the profile afterwards."</li>
                <li>"The offer ends "<RelativeTime at=transfer.until now=now/>"."</li>
            </ul>
            <div class="actions">
                <Form action=AcceptOwnership::PATH prefix="a-">
                    <input type="hidden" name="account" value=of_accept/>
                    <Submit label="Accept"/>
                </Form>
                <Form action=DeclineOwnership::PATH prefix="d-">
                    <input type="hidden" name="account" value=of_decline/>
                    <Submit label="Decline" kind="secondary"/>
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
            <Heading title="Leave account" above=above(&frame)/>
            <section class="card">
                <p class="lead">"You own this account. Transfer ownership to somebody else before you leave."</p>
                <div class="actions"><a class="button primary" href=paths::ownership(&frame.account)>"Transfer ownership"</a></div>
            </section>
        }
        .into_any();
    }
    view! {
        <Heading title="Leave account" above=above(&frame)/>
        <section class="card">
            <p class="lead">"Leave "<strong>{frame.name.clone()}</strong>"?"</p>
            <ul class="bullets">
                <li>"You can no longer enter this account, and you stop getting its mail."</li>
                <li>"You stay listed as a closed contact, so that people on the account know who you were. What you did stays in its activity."</li>
                <li>"The owner is told. If you want to come back, somebody has to invite you again."</li>
            </ul>
            <Form action=LeaveAccount::PATH>
                <input type="hidden" name="account" value=frame.account.to_string()/>
                <div class="actions"><Submit label="Leave account" kind="danger"/><a class="button" href=home>"Stay"</a></div>
            </Form>
        </section>
    }
    .into_any()
}
