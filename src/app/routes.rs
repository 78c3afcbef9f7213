//! The app: the table of routes, and what surrounds every page.

use super::matching::{RouteTable, layout, page};
use super::pages::PageId;
use crate::features::users::pages::person_menu;
use crate::ui::client_state::ClientState;
use crate::ui::flash::FlashMessage;
use crate::ui::layout::{NotFoundPage, PersonMenu};
use crate::ui::menu;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys::HtmlElement;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{Router, Routes};
use leptos_router::hooks::use_location;

/// The address of every page. The first row that matches counts, so that a word stands before a `:name`.
const ROUTES: RouteTable = RouteTable(&[
    page("/", PageId::Home),
    page("/sign-in", PageId::SignIn),
    page("/sign-in/second-factor", PageId::SecondFactorSignIn),
    page("/sign-up", PageId::SignUp),
    page("/verify/:token", PageId::Verify),
    page("/forgot-password", PageId::ForgotPassword),
    page("/reset-password/:token", PageId::ResetPassword),
    page("/accounts", PageId::Picker),
    page("/accounts/open", PageId::Open),
    page("/invitations/:token", PageId::Invitation),
    page("/profile", PageId::Profile),
    page("/profile/delete", PageId::DeleteUser),
    page("/security", PageId::Security),
    page("/security/second-factor", PageId::SecondFactor),
    page("/security/app", PageId::Authenticator),
    page("/security/passkey", PageId::Passkey),
    page("/security/recovery-codes", PageId::RecoveryCodes),
    page("/confirm", PageId::Confirm),
    page("/confirm-email/:token", PageId::ConfirmEmail),
    page("/confirm-main-address/:token", PageId::ConfirmMainAddress),
    page("/preferences/:token", PageId::Preferences),
    page("/dev/letters", PageId::DevLetters),
    page("/dev/mail", PageId::DevMail),
    page("/dev/panel", PageId::DevPanel),
    page("/mail-in/:id", PageId::Choice),
    page("/setup/:token", PageId::Setup),
    layout(
        "/operator",
        PageId::Operator,
        &[
            page("", PageId::Dashboard),
            page("customers", PageId::Customers),
            page("customers/new", PageId::NewCustomer),
            page("customers/bulk", PageId::NewBulk),
            page("customers/bulk/:bulk", PageId::Bulk),
            page("customers/:account", PageId::Customer),
            page("customers/:account/notes", PageId::Notes),
            page("customers/:account/view-as", PageId::ViewAs),
            page("customers/:account/owner", PageId::ReplaceOwner),
            page("customers/:account/data", PageId::CustomerData),
            page("customers/:account/merge", PageId::Merge),
            page("customers/:account/services/:service", PageId::ServiceForm),
            page("customers/:account/domains/:domain", PageId::DomainForm),
            page("customers/:account/invoices/:invoice", PageId::ManageInvoice),
            page("invoices", PageId::AllInvoices),
            page("billing", PageId::Billing),
            page("statements", PageId::Statements),
            page("products", PageId::Products),
            page("products/new", PageId::NewProduct),
            page("products/:product", PageId::Product),
            page("requests", PageId::Queue),
            page("requests/:request", PageId::Request),
            page("tickets", PageId::Desk),
            page("tickets/mail", PageId::Incoming),
            page("tickets/bulk", PageId::TicketBulk),
            page("tickets/canned", PageId::Canned),
            page("tickets/canned/new", PageId::NewCanned),
            page("tickets/canned/:canned", PageId::CannedForm),
            page("tickets/:ticket/arrange", PageId::Arrange),
            page("activity", PageId::StaffActivity),
            page("import", PageId::Import),
            page("import/:id", PageId::ImportFile),
            page("settings", PageId::Settings),
            page("settings/mail", PageId::MailSettings),
            page("settings/billing", PageId::BillingSettings),
            page("settings/lifetimes", PageId::Lifetimes),
            page("settings/templates", PageId::Templates),
            page("settings/templates/:kind", PageId::Template),
            page("settings/departments", PageId::Departments),
            page("settings/departments/new", PageId::NewDepartment),
            page("settings/departments/:department", PageId::Department),
            page("staff/roles", PageId::StaffRoles),
            page("staff/roles/new", PageId::NewStaffRole),
            page("staff/roles/:role", PageId::StaffRole),
            page("staff", PageId::Staff),
            page("staff/new", PageId::NewStaff),
            page("staff/:user", PageId::StaffMember),
        ],
    ),
    layout(
        "/a/:account",
        PageId::Account,
        &[
            page("", PageId::Overview),
            page("profile", PageId::AccountProfile),
            page("services", PageId::Services),
            page("services/:service", PageId::Service),
            page("services/:service/panel", PageId::ServicePanel),
            page("services/:service/upgrade", PageId::Upgrade),
            page("services/:service/cancel", PageId::Cancel),
            page("domains", PageId::Domains),
            page("domains/:domain", PageId::Domain),
            page("invoices", PageId::Invoices),
            page("invoices/:invoice", PageId::Invoice),
            page("invoices/:invoice/pay", PageId::Pay),
            page("payment-methods", PageId::Methods),
            page("payment-methods/add", PageId::AddMethod),
            page("payment-methods/:method", PageId::MethodAdded),
            page("invoices/:invoice/paid/:checkout", PageId::Paid),
            page("statement", PageId::Statement),
            page("tickets", PageId::Tickets),
            page("tickets/new", PageId::NewTicket),
            page("tickets/:ticket", PageId::Ticket),
            page("emails", PageId::History),
            page("emails/:message", PageId::Message),
            page("recipients", PageId::Recipients),
            page("mail", PageId::OwnMail),
            page("activity", PageId::Activity),
            page("ownership", PageId::Ownership),
            page("leave", PageId::Leave),
            page("contacts", PageId::Contacts),
            page("contacts/new", PageId::NewContact),
            page("contacts/invite", PageId::InviteUser),
            page("contacts/several", PageId::SeveralContacts),
            page("contacts/roles", PageId::Roles),
            page("contacts/roles/new", PageId::NewRole),
            page("contacts/roles/:role", PageId::Role),
            page("contacts/:contact", PageId::Contact),
            page("contacts/:contact/edit", PageId::EditContact),
        ],
    ),
]);

/// The table as markup takes it.
#[component(transparent)]
fn Table() -> RouteTable {
    ROUTES
}

/// Every page of the portal.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let client = ClientState::set_up();
    provide_context(client);
    provide_context(PersonMenu(person_menu));
    let (routing, set_routing) = signal(false);
    // The title is written when the page is, and by then what is reactive may be gone.
    let operator = client.operator();
    view! {
        <Title formatter=move |text: String| title(&text, &operator)/>
        <Router set_is_routing=set_routing>
            <a class="skip" href="#main" rel="external">"Skip to content"</a>
            <div class="routing" class:on=routing aria-hidden="true"></div>
            <FocusOnNavigation/>
            <FlashMessage/>
            <Routes fallback=NotFoundPage><Table/></Routes>
        </Router>
    }
}

/// The title of a tab. On the server it is written into the document as it is, so that it is escaped here.
fn title(page: &str, operator: &str) -> String {
    let title = if page.is_empty() { operator.to_owned() } else { format!("{page} · {operator}") };
    if cfg!(feature = "ssr") { title.replace('&', "&amp;").replace('<', "&lt;") } else { title }
}

/// What the browser adds to every page: focus goes to the heading after navigation, and menus obey the arrow
/// keys.
#[component]
fn FocusOnNavigation() -> impl IntoView {
    let location = use_location();
    let client = ClientState::of_app();
    Effect::new(move |before: Option<String>| {
        let here = location.pathname.get();
        if before.is_none() {
            menu::listen();
        } else if before.as_ref() != Some(&here) {
            client.leave();
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
            // A page that is for one field begins there.
            let first = document().query_selector("main [autofocus]").ok().flatten();
            let _ = first.and_then(|field| field.dyn_into::<HtmlElement>().ok()).unwrap_or(new).focus();
        }
        _ if frames > 0 => focus_heading(before, frames - 1),
        _ => {}
    });
}
