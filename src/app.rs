//! The app: the table of routes, and what surrounds every page.

use crate::accounts::pages::{AccountLayout, AccountProfilePage, OverviewPage, PickerPage};
use crate::contacts::pages::{ContactsPage, EditContactPage, InviteUserPage, NewContactPage};
use crate::invitations::pages::InvitationPage;
use crate::mail::pages::DevMailPage;
use crate::paths;
use crate::sign_in::pages::{ForgotPasswordPage, ResetPasswordPage, SignInPage, SignUpPage, VerifyPage};
use crate::ui::layout::{NotFoundPage, PersonMenu};
use crate::ui::menu;
use crate::ui::refused::Redirect;
use crate::ui::stage::{FlashMessage, Stage};
use crate::users::pages::{ConfirmEmailPage, ProfilePage, SecurityPage, person_menu};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys::HtmlElement;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{ParentRoute, Route, Router, Routes, RoutingProgress};
use leptos_router::hooks::use_location;
use leptos_router::path;
use std::time::Duration;

/// Every page of the portal.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_context(Stage::set_up());
    provide_context(PersonMenu(person_menu));
    let (routing, set_routing) = signal(false);
    view! {
        <Title formatter=|text: String| if text.is_empty() { "Latchkey".to_owned() } else { format!("{text} · Latchkey") }/>
        <Router set_is_routing=set_routing>
            <a class="skip" href="#main" rel="external">"Skip to content"</a>
            <div class="routing" aria-hidden="true"><RoutingProgress is_routing=routing max_time=Duration::from_millis(250)/></div>
            <Manners/>
            <FlashMessage/>
            <Routes fallback=NotFoundPage>
                <Route path=path!("/") view=|| view! { <Redirect to=paths::ACCOUNTS/> }/>
                <Route path=path!("/sign-in") view=SignInPage/>
                <Route path=path!("/sign-up") view=SignUpPage/>
                <Route path=path!("/verify/:token") view=VerifyPage/>
                <Route path=path!("/forgot-password") view=ForgotPasswordPage/>
                <Route path=path!("/reset-password/:token") view=ResetPasswordPage/>
                <Route path=path!("/accounts") view=PickerPage/>
                <Route path=path!("/invitations/:token") view=InvitationPage/>
                <Route path=path!("/profile") view=ProfilePage/>
                <Route path=path!("/security") view=SecurityPage/>
                <Route path=path!("/confirm-email/:token") view=ConfirmEmailPage/>
                <Route path=path!("/dev/mail") view=DevMailPage/>
                <ParentRoute path=path!("/a/:account") view=AccountLayout>
                    <Route path=path!("") view=OverviewPage/>
                    <Route path=path!("profile") view=AccountProfilePage/>
                    <Route path=path!("contacts") view=ContactsPage/>
                    <Route path=path!("contacts/new") view=NewContactPage/>
                    <Route path=path!("contacts/invite") view=InviteUserPage/>
                    <Route path=path!("contacts/:contact") view=EditContactPage/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}

/// What the browser adds to every page: focus goes to the heading after navigation, menus obey the arrow keys, and the style
/// sheet learns that WASM runs.
#[component]
fn Manners() -> impl IntoView {
    let location = use_location();
    let stage = Stage::of_app();
    Effect::new(move |before: Option<String>| {
        let here = location.pathname.get();
        if before.is_none() {
            menu::listen();
            if let Some(root) = document().document_element() {
                let _ = root.set_attribute("data-wasm", "");
            }
        } else if before.as_ref() != Some(&here) {
            stage.leave();
            focus_heading(heading().map(|before| (before.clone(), before.text_content())), 600);
        }
        here
    });
}

fn heading() -> Option<HtmlElement> {
    document().query_selector("h1").ok().flatten()?.dyn_into().ok()
}

/// Gives the focus to the heading as soon as it is another one than before; gives up after so many frames.
fn focus_heading(before: Option<(HtmlElement, Option<String>)>, frames: u32) {
    request_animation_frame(move || match heading() {
        Some(new) if before.as_ref().is_none_or(|(old, text)| *old != new || *text != new.text_content()) => {
            let _ = new.focus();
        }
        _ if frames > 0 => focus_heading(before, frames - 1),
        _ => {}
    });
}
