//! "Accept" and "Decline", on the picker and on the invitation's page.

use super::rpc::{AcceptInvitation, DeclineInvitation};
use super::words;
use crate::types::InvitationId;
use crate::ui::form::{Form, Submit};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// Both buttons for the signed-in, invited person.
#[component]
pub fn AnswerButtons(invitation: InvitationId) -> impl IntoView {
    let about = move || ("invitation", invitation.to_string());
    view! {
        <div class="actions">
            <Form action=AcceptInvitation::PATH about=about()>
                <Submit label=words::ACCEPT/>
            </Form>
            <Form action=DeclineInvitation::PATH about=about()>
                <Submit label=words::DECLINE kind=""/>
            </Form>
        </div>
    }
}
