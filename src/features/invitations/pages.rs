//! `/invitations/{token}`: what is offered, to whom, and the way to accept or decline it.

use super::model::{Offer, OpenOffer, Viewer};
use super::rpc::{DeclineByLink, Join, ShowOffer};
use crate::features::invitations::components::AnswerButtons;
use crate::features::sign_in::components::NewPassword;
use crate::paths;
use crate::ui::field::Field;
use crate::ui::form::{Form, Submit};
use crate::ui::icon::Icon;
use crate::ui::layout::PlainPage;
use crate::ui::load::{fetch_live, load};
use crate::ui::mailed_link::token_in_url;
use crate::ui::time_format;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// The page a link leads to.
#[component]
pub fn InvitationPage() -> impl IntoView {
    let token = token_in_url();
    let data = fetch_live(move || ShowOffer { token: token.get() });
    view! {
        <PlainPage title="Invitation">
            {load(data, move |offer| match offer {
                Offer::Open(open) => view! { <OpenInvitation offer=*open token=token.get_untracked()/> }.into_any(),
                Offer::Used => closed("check", "This invitation was accepted", "Sign in to enter the account."),
                Offer::Declined => closed("x", "This invitation was declined", "If you changed your mind, ask whoever invited you for a new one."),
                Offer::Withdrawn => closed("lock", "This invitation was withdrawn", "Ask whoever invited you if you think that this is a mistake."),
                Offer::Expired => closed("clock", "This invitation has expired", "Ask whoever invited you to send it again."),
                Offer::Unknown => closed("question", "This link does not work", "It may be incomplete, or a newer e-mail has replaced it. Use the newest e-mail, or ask whoever invited you to send the invitation again."),
            })}
        </PlainPage>
    }
}

fn closed(icon: &'static str, title: &'static str, advice: &'static str) -> AnyView {
    view! {
        <div class="empty">
            <Icon name=icon/>
            <h2>{title}</h2>
            <p>{advice}</p>
            <p><a class="button" href=paths::ACCOUNTS>"Go to your accounts"</a></p>
        </div>
    }
    .into_any()
}

#[component]
fn OpenInvitation(offer: OpenOffer, token: String) -> impl IntoView {
    let OpenOffer { id, account, inviter, email, name, able_to, permissions, expires, now, viewer } = offer;
    let items = permissions
        .iter()
        .map(|permission| {
            view! {
                <li><Icon name="check"/><span><strong>{permission.title()}</strong>" "<small>{permission.sentence()}</small></span></li>
            }
        })
        .collect_view();
    let opens = if able_to.is_empty() {
        view! { <p>"You will be able to enter the account. Permissions can be added later."</p> }.into_any()
    } else if permissions.is_empty() {
        view! { <p>{format!("You will be able to {able_to}.")}</p> }.into_any()
    } else {
        view! { <details class="opens"><summary>{format!("You will be able to {able_to}.")}</summary><ul>{items}</ul></details> }.into_any()
    };
    let sign_in =
        format!("{}&email={}", paths::sign_in_then(&paths::invitation(&token)), paths::encode(&email));
    let join = {
        let (email, token) = (email.clone(), token.clone());
        move || {
            view! {
                <Form action=Join::PATH>
                    <input type="hidden" name="token" value=token/>
                    <Field name="email" label="E-mail" kind="email" autocomplete="username" value=email.clone() fixed=true hint="The invitation is for this address only."/>
                    <Field name="name" label="Your name" autocomplete="name" required=true value=name/>
                    <NewPassword words=email/>
                    <div class="actions"><Submit label="Create login"/></div>
                </Form>
            }
        }
    };
    let decline = {
        let token = token.clone();
        move || {
            view! {
                <Form action=DeclineByLink::PATH class="aside">
                    <input type="hidden" name="token" value=token/>
                    <Submit label="Decline" kind="link"/>
                </Form>
            }
        }
    };
    let answer = match viewer {
        Viewer::Invited => view! { <AnswerButtons invitation=id/> }.into_any(),
        Viewer::SomebodyElse(other) => view! {
            <div class="notice"><Icon name="info"/><p>{format!("This invitation is for {email}; you are signed in as {other}.")}</p></div>
            <Form action=paths::SIGN_OUT>
                <input type="hidden" name="next" value=paths::invitation(&token)/>
                <div class="actions"><Submit label="Sign out and continue"/><a href=paths::ACCOUNTS>"Stay signed in"</a></div>
            </Form>
        }.into_any(),
        Viewer::HasLogin => view! {
            <p>"Sign in as "<strong>{email}</strong>" to accept."</p>
            <div class="actions"><a class="button primary" href=sign_in>"Sign in"</a></div>
            {decline()}
        }.into_any(),
        Viewer::NeedsLogin => view! {
            <h2>"Create your login"</h2>
            {join()}
            {decline()}
        }.into_any(),
        Viewer::Unproven => view! {
            <p>"This invitation is for "<strong>{email}</strong>". "<a href=sign_in>"Sign in"</a>" with that address, or create a login. We then e-mail you a link to confirm the address."</p>
            <h2>"Create a login"</h2>
            {join()}
        }.into_any(),
    };
    view! {
        <p class="lead"><strong>{inviter}</strong>" invites you to the account "<strong>{account}</strong>"."</p>
        {opens}
        <p class="hint">"Expires "<time datetime=expires.iso() title=time_format::exact(expires)>{time_format::relative(expires, now)}</time>"."</p>
        {answer}
    }
}
