//! The app: the table of routes, and what surrounds every page.

use crate::accounts::pages::{AccountLayout, AccountProfilePage, OverviewPage, PickerPage};
use crate::contacts::pages::{ContactsPage, EditContactPage, InviteUserPage, NewContactPage};
use crate::error::AppError;
use crate::invitations::pages::InvitationPage;
use crate::mail::pages::DevMailPage;
use crate::paths;
use crate::sign_in::pages::{ForgotPasswordPage, ResetPasswordPage, SignInPage, SignUpPage, VerifyPage};
use crate::ui::layout::{NotFoundPage, PersonMenu};
use crate::ui::refused::{Redirect, Refused};
use crate::ui::stage::{FlashMessage, Stage};
use crate::ui::{menu, respond};
use crate::users::pages::{ConfirmEmailPage, ProfilePage, SecurityPage, person_menu};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;
use leptos::wasm_split::wasm_split;
use leptos::web_sys::HtmlElement;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::hooks::use_location;
use leptos_router::{Lazy, LazyRoute, path};

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
            <div class="routing" class:on=routing aria-hidden="true"></div>
            <Manners/>
            <FlashMessage/>
            <Routes fallback=NotFoundPage>
                <Route path=path!("/") view=|| view! { <Redirect to=paths::ACCOUNTS/> }/>
                <Route path=path!("/sign-in") view={Lazy::<SignIn>::new()}/>
                <Route path=path!("/sign-up") view={Lazy::<SignUp>::new()}/>
                <Route path=path!("/verify/:token") view={Lazy::<Verify>::new()}/>
                <Route path=path!("/forgot-password") view={Lazy::<ForgotPassword>::new()}/>
                <Route path=path!("/reset-password/:token") view={Lazy::<ResetPassword>::new()}/>
                <Route path=path!("/accounts") view={Lazy::<Picker>::new()}/>
                <Route path=path!("/invitations/:token") view={Lazy::<Invitation>::new()}/>
                <Route path=path!("/profile") view={Lazy::<Profile>::new()}/>
                <Route path=path!("/security") view={Lazy::<Security>::new()}/>
                <Route path=path!("/confirm-email/:token") view={Lazy::<ConfirmEmail>::new()}/>
                <Route path=path!("/dev/mail") view={Lazy::<DevMail>::new()}/>
                <ParentRoute path=path!("/a/:account") view=AccountLayout>
                    <Route path=path!("") view={Lazy::<Overview>::new()}/>
                    <Route path=path!("profile") view={Lazy::<AccountProfile>::new()}/>
                    <Route path=path!("contacts") view=ContactsPage/>
                    <Route path=path!("contacts/new") view={Lazy::<NewContact>::new()}/>
                    <Route path=path!("contacts/invite") view={Lazy::<InviteUser>::new()}/>
                    <Route path=path!("contacts/:contact") view={Lazy::<EditContact>::new()}/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}

/// What the browser adds to every page: focus goes to the heading after navigation, and menus obey the arrow keys.
#[component]
fn Manners() -> impl IntoView {
    let location = use_location();
    let stage = Stage::of_app();
    Effect::new(move |before: Option<String>| {
        let here = location.pathname.get();
        if before.is_none() {
            menu::listen();
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

/// Pages whose code comes in a file of its own part of the app when it is first needed. Server and tests call them directly.
macro_rules! pages {
    ($part:ident: $($route:ident = $load:ident, $page:ident;)+) => {$(
        mod $load {
            use super::*;

            #[wasm_split($part, wasm_split_path = ::leptos::wasm_split, preload(fetch), fallible)]
            pub fn $load() -> Result<AnyView, AppError> {
                Ok(view! { <$page/> }.into_any())
            }
        }

        struct $route;

        impl LazyRoute for $route {
            fn data() -> Self {
                respond::needs(stringify!($part));
                Self
            }

            async fn view(_: Self) -> AnyView {
                $load::$load().await.unwrap_or_else(|error| view! { <Refused error=error/> }.into_any())
            }

            // When this fails, so does `view`, and says it.
            async fn preload() {
                let _ = $load::fetch().await;
            }
        }
    )+};
}

pages! {
    outside:
        SignIn = sign_in_page, SignInPage;
        SignUp = sign_up_page, SignUpPage;
        Verify = verify_page, VerifyPage;
        ForgotPassword = forgot_password_page, ForgotPasswordPage;
        ResetPassword = reset_password_page, ResetPasswordPage;
        Invitation = invitation_page, InvitationPage;
        ConfirmEmail = confirm_email_page, ConfirmEmailPage;
        DevMail = dev_mail_page, DevMailPage;
}
pages! {
    inside:
        Picker = picker_page, PickerPage;
        Profile = profile_page, ProfilePage;
        Security = security_page, SecurityPage;
        Overview = overview_page, OverviewPage;
        AccountProfile = account_profile_page, AccountProfilePage;
        NewContact = new_contact_page, NewContactPage;
        InviteUser = invite_user_page, InviteUserPage;
        EditContact = edit_contact_page, EditContactPage;
}
