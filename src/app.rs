//! The app: the table of routes, and what surrounds every page.

use crate::accounts::pages::{AccountLayout, AccountProfilePage, OverviewPage, PickerPage};
use crate::activity::pages::ActivityPage;
use crate::contacts::pages::{ContactsPage, EditContactPage, InviteUserPage, NewContactPage};
use crate::domains::pages::{DomainPage, DomainsPage};
use crate::error::AppError;
use crate::invitations::pages::InvitationPage;
use crate::mail::pages::{DevLettersPage, DevMailPage, HistoryPage, MessagePage};
use crate::ownership::pages::{LeavePage, OwnershipPage};
use crate::paths;
use crate::recipients::pages::{OwnMailPage, PreferencesPage, RecipientsPage};
use crate::second_factor::pages::{AuthenticatorPage, ConfirmPage, PasskeyPage, RecoveryCodesPage, SecondFactorPage};
use crate::services::pages::{CancelPage, DevPanelPage, ServicePage, ServicePanelPage, ServicesPage, UpgradePage};
use crate::sign_in::pages::{ForgotPasswordPage, ResetPasswordPage, SecondFactorSignInPage, SignInPage, SignUpPage, VerifyPage};
use crate::ui::layout::{NotFoundPage, PersonMenu};
use crate::ui::refused::{Redirect, Refused};
use crate::ui::stage::{FlashMessage, Stage};
use crate::ui::{menu, respond};
use crate::users::pages::{ConfirmEmailPage, DeleteLoginPage, ProfilePage, SecurityPage, person_menu};
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
                <Route path=path!("/sign-in") view={Lazy::<sign_in::Route>::new()}/>
                <Route path=path!("/sign-in/second-factor") view={Lazy::<sign_in_factor::Route>::new()}/>
                <Route path=path!("/sign-up") view={Lazy::<sign_up::Route>::new()}/>
                <Route path=path!("/verify/:token") view={Lazy::<verify::Route>::new()}/>
                <Route path=path!("/forgot-password") view={Lazy::<forgot_password::Route>::new()}/>
                <Route path=path!("/reset-password/:token") view={Lazy::<reset_password::Route>::new()}/>
                <Route path=path!("/accounts") view={Lazy::<picker::Route>::new()}/>
                <Route path=path!("/invitations/:token") view={Lazy::<invitation::Route>::new()}/>
                <Route path=path!("/profile") view={Lazy::<profile::Route>::new()}/>
                <Route path=path!("/profile/delete") view={Lazy::<delete_login::Route>::new()}/>
                <Route path=path!("/security") view={Lazy::<security::Route>::new()}/>
                <Route path=path!("/security/second-factor") view={Lazy::<second_factor::Route>::new()}/>
                <Route path=path!("/security/app") view={Lazy::<authenticator::Route>::new()}/>
                <Route path=path!("/security/passkey") view={Lazy::<passkey::Route>::new()}/>
                <Route path=path!("/security/recovery-codes") view={Lazy::<recovery_codes::Route>::new()}/>
                <Route path=path!("/confirm") view={Lazy::<confirm::Route>::new()}/>
                <Route path=path!("/confirm-email/:token") view={Lazy::<confirm_email::Route>::new()}/>
                <Route path=path!("/preferences/:token") view={Lazy::<preferences::Route>::new()}/>
                <Route path=path!("/dev/letters") view={Lazy::<dev_letters::Route>::new()}/>
                <Route path=path!("/dev/mail") view={Lazy::<dev_mail::Route>::new()}/>
                <Route path=path!("/dev/panel") view={Lazy::<dev_panel::Route>::new()}/>
                <ParentRoute path=path!("/a/:account") view=AccountLayout>
                    <Route path=path!("") view={Lazy::<overview::Route>::new()}/>
                    <Route path=path!("profile") view={Lazy::<account_profile::Route>::new()}/>
                    <Route path=path!("services") view={Lazy::<services::Route>::new()}/>
                    <Route path=path!("services/:service") view={Lazy::<service::Route>::new()}/>
                    <Route path=path!("services/:service/panel") view={Lazy::<service_panel::Route>::new()}/>
                    <Route path=path!("services/:service/upgrade") view={Lazy::<upgrade::Route>::new()}/>
                    <Route path=path!("services/:service/cancel") view={Lazy::<cancel::Route>::new()}/>
                    <Route path=path!("domains") view={Lazy::<domains::Route>::new()}/>
                    <Route path=path!("domains/:domain") view={Lazy::<domain::Route>::new()}/>
                    <Route path=path!("emails") view={Lazy::<emails::Route>::new()}/>
                    <Route path=path!("emails/:message") view={Lazy::<email::Route>::new()}/>
                    <Route path=path!("recipients") view={Lazy::<recipients::Route>::new()}/>
                    <Route path=path!("mail") view={Lazy::<own_mail::Route>::new()}/>
                    <Route path=path!("activity") view={Lazy::<activity::Route>::new()}/>
                    <Route path=path!("ownership") view={Lazy::<ownership::Route>::new()}/>
                    <Route path=path!("leave") view={Lazy::<leave::Route>::new()}/>
                    <Route path=path!("contacts") view=ContactsPage/>
                    <Route path=path!("contacts/new") view={Lazy::<new_contact::Route>::new()}/>
                    <Route path=path!("contacts/invite") view={Lazy::<invite_user::Route>::new()}/>
                    <Route path=path!("contacts/:contact") view={Lazy::<edit_contact::Route>::new()}/>
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
    ($part:ident: $($name:ident = $page:ident;)+) => {$(
        mod $name {
            use super::*;

            #[wasm_split($part, wasm_split_path = ::leptos::wasm_split, preload(fetch), fallible)]
            fn $name() -> Result<AnyView, AppError> {
                Ok(view! { <$page/> }.into_any())
            }

            pub struct Route;

            impl LazyRoute for Route {
                fn data() -> Self {
                    respond::needs(stringify!($part));
                    Self
                }

                async fn view(_: Self) -> AnyView {
                    $name().await.unwrap_or_else(|error| view! { <Refused error=error/> }.into_any())
                }

                // When this fails, so does `view`, and says it.
                async fn preload() {
                    let _ = fetch().await;
                }
            }
        }
    )+};
}

pages! {
    outside:
        sign_in = SignInPage;
        sign_in_factor = SecondFactorSignInPage;
        sign_up = SignUpPage;
        verify = VerifyPage;
        forgot_password = ForgotPasswordPage;
        reset_password = ResetPasswordPage;
        invitation = InvitationPage;
        confirm_email = ConfirmEmailPage;
        dev_mail = DevMailPage;
        dev_letters = DevLettersPage;
        preferences = PreferencesPage;
        dev_panel = DevPanelPage;
}
pages! {
    inside:
        picker = PickerPage;
        overview = OverviewPage;
        account_profile = AccountProfilePage;
        new_contact = NewContactPage;
        invite_user = InviteUserPage;
        edit_contact = EditContactPage;
}
pages! {
    safety:
        profile = ProfilePage;
        delete_login = DeleteLoginPage;
        security = SecurityPage;
        second_factor = SecondFactorPage;
        authenticator = AuthenticatorPage;
        passkey = PasskeyPage;
        recovery_codes = RecoveryCodesPage;
        confirm = ConfirmPage;
        activity = ActivityPage;
        recipients = RecipientsPage;
        own_mail = OwnMailPage;
        ownership = OwnershipPage;
        leave = LeavePage;
}
pages! {
    things:
        services = ServicesPage;
        service = ServicePage;
        service_panel = ServicePanelPage;
        upgrade = UpgradePage;
        cancel = CancelPage;
        domains = DomainsPage;
        domain = DomainPage;
        emails = HistoryPage;
        email = MessagePage;
}
