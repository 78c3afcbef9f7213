//! `/invitations/{token}`: what is offered, to whom, and the way to accept or decline it.

use super::model::{Offer, OpenOffer, Viewer};
use super::rpc::{DeclineByLink, Join, ShowOffer};
use super::words;
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
        <PlainPage title=words::INVITATION>
            {load(data, move |offer| match offer {
                Offer::Open(open) => view! { <OpenInvitation offer=*open token=token.get_untracked()/> }.into_any(),
                Offer::Used => closed("check", words::THIS_INVITATION_WAS_ACCEPTED, words::SIGN_IN_TO_ENTER_THE),
                Offer::Declined => closed("x", words::THIS_INVITATION_WAS_DECLINED, words::IF_YOU_CHANGED_YOUR_MIND),
                Offer::Withdrawn => closed("lock", words::THIS_INVITATION_WAS_WITHDRAWN, words::ASK_WHOEVER_INVITED_YOU_IF),
                Offer::Expired => closed("clock", words::THIS_INVITATION_HAS_EXPIRED, words::ASK_WHOEVER_INVITED_YOU_TO),
                Offer::Unknown => closed("question", words::THIS_LINK_DOES_NOT_WORK, words::IT_MAY_BE_INCOMPLETE_OR),
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
            <p><a class="button" href=paths::ACCOUNTS>{words::GO_TO_YOUR_ACCOUNTS}</a></p>
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
        view! { <p>{words::YOU_WILL_BE_ABLE_TO_ENTER}</p> }.into_any()
    } else if permissions.is_empty() {
        view! { <p>{words::you_will_be_able_to(&able_to)}</p> }.into_any()
    } else {
        view! { <details class="opens"><summary>{words::you_will_be_able_to(&able_to)}</summary><ul>{items}</ul></details> }.into_any()
    };
    let sign_in =
        format!("{}&email={}", paths::sign_in_then(&paths::invitation(&token)), paths::encode(&email));
    let join = {
        let (email, token) = (email.clone(), token.clone());
        move || {
            view! {
                <Form action=Join::PATH>
                    <input type="hidden" name="token" value=token/>
                    <Field name="email" label=words::E_MAIL kind="email" autocomplete="username" value=email.clone() fixed=true hint=words::THE_INVITATION_IS_FOR_THIS/>
                    <Field name="name" label=words::YOUR_NAME autocomplete="name" required=true value=name/>
                    <NewPassword words=email/>
                    <div class="actions"><Submit label=words::CREATE_LOGIN/></div>
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
                    <Submit label=words::DECLINE kind="link"/>
                </Form>
            }
        }
    };
    let answer = match viewer {
        Viewer::Invited => view! { <AnswerButtons invitation=id/> }.into_any(),
        Viewer::SomebodyElse(other) => view! {
            <div class="notice"><Icon name="info"/><p>{words::this_invitation_is_for_you(&email, &other)}</p></div>
            <Form action=paths::SIGN_OUT>
                <input type="hidden" name="next" value=paths::invitation(&token)/>
                <div class="actions"><Submit label=words::SIGN_OUT_AND_CONTINUE/><a href=paths::ACCOUNTS>{words::STAY_SIGNED_IN}</a></div>
            </Form>
        }.into_any(),
        Viewer::HasLogin => view! {
            <p>{words::SIGN_IN_AS}<strong>{email}</strong>{words::TO_ACCEPT}</p>
            <div class="actions"><a class="button primary" href=sign_in>{words::SIGN_IN}</a></div>
            {decline()}
        }.into_any(),
        Viewer::NeedsLogin => view! {
            <h2>{words::CREATE_YOUR_LOGIN}</h2>
            {join()}
            {decline()}
        }.into_any(),
        Viewer::Unproven => view! {
            <p>{words::THIS_INVITATION_IS_FOR}<strong>{email}</strong>". "<a href=sign_in>{words::SIGN_IN}</a>{words::WITH_THAT_ADDRESS_OR_CREATE}</p>
            <h2>{words::CREATE_A_LOGIN}</h2>
            {join()}
        }.into_any(),
    };
    view! {
        <p class="lead"><strong>{inviter}</strong>{words::INVITES_YOU_TO_THE_ACCOUNT}<strong>{account}</strong>"."</p>
        {opens}
        <p class="hint">{words::EXPIRES}<time datetime=expires.iso() title=time_format::exact(expires)>{time_format::relative(expires, now)}</time>"."</p>
        {answer}
    }
}
