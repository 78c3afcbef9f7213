//! The app: the table of routes, and what surrounds every page.

use crate::error::AppError;
use crate::features::accounts::pages::{AccountLayout, AccountProfilePage, ConfirmMainAddressPage, OverviewPage, PickerPage};
use crate::features::audit::pages::ActivityPage;
use crate::features::contacts::pages::{ContactsPage, EditContactPage, InviteUserPage, NewContactPage};
use crate::features::domains::pages::{DomainPage, DomainsPage};
use crate::features::invitations::pages::InvitationPage;
use crate::features::mail::pages::{DevLettersPage, DevMailPage, HistoryPage, MessagePage};
use crate::features::ownership::pages::{LeavePage, OwnershipPage};
use crate::features::recipients::pages::{OwnMailPage, PreferencesPage, RecipientsPage};
use crate::features::second_factor::pages::{AuthenticatorPage, ConfirmPage, PasskeyPage, RecoveryCodesPage, SecondFactorPage};
use crate::features::services::pages::{CancelPage, DevPanelPage, ServicePage, ServicePanelPage, ServicesPage, UpgradePage};
use crate::features::sign_in::pages::{ForgotPasswordPage, ResetPasswordPage, SecondFactorSignInPage, SignInPage, SignUpPage, VerifyPage};
use crate::features::users::pages::{ConfirmEmailPage, DeleteLoginPage, ProfilePage, SecurityPage, person_menu};
use crate::paths;
use crate::ui::layout::{NotFoundPage, PersonMenu};
use crate::ui::refused::{Redirect, Refused};
use crate::ui::stage::{FlashMessage, Stage};
use crate::ui::{menu, respond};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;
use leptos::wasm_split::wasm_split;
use leptos::web_sys::HtmlElement;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::hooks::use_location;
use leptos_router::{ChooseView, path};

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
                <Route path=path!("/sign-in") view=Page::SignIn/>
                <Route path=path!("/sign-in/second-factor") view=Page::SecondFactorSignIn/>
                <Route path=path!("/sign-up") view=Page::SignUp/>
                <Route path=path!("/verify/:token") view=Page::Verify/>
                <Route path=path!("/forgot-password") view=Page::ForgotPassword/>
                <Route path=path!("/reset-password/:token") view=Page::ResetPassword/>
                <Route path=path!("/accounts") view=Page::Picker/>
                <Route path=path!("/invitations/:token") view=Page::Invitation/>
                <Route path=path!("/profile") view=Page::Profile/>
                <Route path=path!("/profile/delete") view=Page::DeleteLogin/>
                <Route path=path!("/security") view=Page::Security/>
                <Route path=path!("/security/second-factor") view=Page::SecondFactor/>
                <Route path=path!("/security/app") view=Page::Authenticator/>
                <Route path=path!("/security/passkey") view=Page::Passkey/>
                <Route path=path!("/security/recovery-codes") view=Page::RecoveryCodes/>
                <Route path=path!("/confirm") view=Page::Confirm/>
                <Route path=path!("/confirm-email/:token") view=Page::ConfirmEmail/>
                <Route path=path!("/confirm-main-address/:token") view=Page::ConfirmMainAddress/>
                <Route path=path!("/preferences/:token") view=Page::Preferences/>
                <Route path=path!("/dev/letters") view=Page::DevLetters/>
                <Route path=path!("/dev/mail") view=Page::DevMail/>
                <Route path=path!("/dev/panel") view=Page::DevPanel/>
                <ParentRoute path=path!("/a/:account") view=AccountLayout>
                    <Route path=path!("") view=Page::Overview/>
                    <Route path=path!("profile") view=Page::AccountProfile/>
                    <Route path=path!("services") view=Page::Services/>
                    <Route path=path!("services/:service") view=Page::Service/>
                    <Route path=path!("services/:service/panel") view=Page::ServicePanel/>
                    <Route path=path!("services/:service/upgrade") view=Page::Upgrade/>
                    <Route path=path!("services/:service/cancel") view=Page::Cancel/>
                    <Route path=path!("domains") view=Page::Domains/>
                    <Route path=path!("domains/:domain") view=Page::Domain/>
                    <Route path=path!("emails") view=Page::History/>
                    <Route path=path!("emails/:message") view=Page::Message/>
                    <Route path=path!("recipients") view=Page::Recipients/>
                    <Route path=path!("mail") view=Page::OwnMail/>
                    <Route path=path!("activity") view=Page::Activity/>
                    <Route path=path!("ownership") view=Page::Ownership/>
                    <Route path=path!("leave") view=Page::Leave/>
                    <Route path=path!("contacts") view=ContactsPage/>
                    <Route path=path!("contacts/new") view=Page::NewContact/>
                    <Route path=path!("contacts/invite") view=Page::InviteUser/>
                    <Route path=path!("contacts/:contact") view=Page::EditContact/>
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

/// Pages whose code comes in a file of its own part of the app when it is first needed. Server and tests call them directly. One type
/// stands for all of them, so that the main part knows once how a page is fetched and shown.
macro_rules! pages {
    ($($part:ident: $($name:ident = $page:ident),+;)+) => {
        #[derive(Clone, Copy)]
        enum Page {
            $($($name,)+)+
        }

        $(mod $part {
            use super::*;

            #[wasm_split($part, wasm_split_path = ::leptos::wasm_split, preload(fetch), fallible)]
            pub fn show(page: Page) -> Result<AnyView, AppError> {
                match page {
                    $(Page::$name => Ok(view! { <$page/> }.into_any()),)+
                    _ => Err(AppError::NotFound),
                }
            }
        })+

        impl ChooseView for Page {
            async fn choose(self) -> AnyView {
                let shown = match self {
                    $($(Page::$name)|+ => {
                        respond::needs(stringify!($part));
                        $part::show(self).await
                    })+
                };
                shown.unwrap_or_else(|error| view! { <Refused error=error/> }.into_any())
            }

            // When this fails, so does `choose`, and says it.
            async fn preload(&self) {
                let _ = match self {
                    $($(Page::$name)|+ => $part::fetch().await,)+
                };
            }
        }
    };
}

pages! {
    outside:
        SignIn = SignInPage,
        SecondFactorSignIn = SecondFactorSignInPage,
        SignUp = SignUpPage,
        Verify = VerifyPage,
        ForgotPassword = ForgotPasswordPage,
        ResetPassword = ResetPasswordPage,
        Invitation = InvitationPage,
        ConfirmEmail = ConfirmEmailPage,
        ConfirmMainAddress = ConfirmMainAddressPage,
        DevMail = DevMailPage,
        DevLetters = DevLettersPage,
        Preferences = PreferencesPage,
        DevPanel = DevPanelPage;
    inside:
        Picker = PickerPage,
        Overview = OverviewPage,
        AccountProfile = AccountProfilePage,
        NewContact = NewContactPage,
        InviteUser = InviteUserPage,
        EditContact = EditContactPage;
    safety:
        Profile = ProfilePage,
        DeleteLogin = DeleteLoginPage,
        Security = SecurityPage,
        SecondFactor = SecondFactorPage,
        Authenticator = AuthenticatorPage,
        Passkey = PasskeyPage,
        RecoveryCodes = RecoveryCodesPage,
        Confirm = ConfirmPage,
        Activity = ActivityPage,
        Recipients = RecipientsPage,
        OwnMail = OwnMailPage,
        Ownership = OwnershipPage,
        Leave = LeavePage;
    things:
        Services = ServicesPage,
        Service = ServicePage,
        ServicePanel = ServicePanelPage,
        Upgrade = UpgradePage,
        Cancel = CancelPage,
        Domains = DomainsPage,
        Domain = DomainPage,
        History = HistoryPage,
        Message = MessagePage;
}
