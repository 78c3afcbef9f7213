//! The app: the table of routes, and what surrounds every page.

use crate::error::AppError;
use crate::features::accounts::pages::{
    AccountLayout, AccountProfilePage, ConfirmMainAddressPage, OverviewPage, PickerPage,
};
use crate::features::audit::pages::ActivityPage;
use crate::features::contacts::pages::{ContactsPage, EditContactPage, InviteUserPage, NewContactPage};
use crate::features::contacts::person::ContactPage;
use crate::features::contacts::several::SeveralContactsPage;
use crate::features::domains::pages::{DomainPage, DomainsPage};
use crate::features::incoming::pages::{ChoicePage, IncomingPage};
use crate::features::invitations::pages::InvitationPage;
use crate::features::invoices::pages::{InvoicePage, InvoicesPage, StatementPage};
use crate::features::mail::pages::{DevLettersPage, DevMailPage, HistoryPage, MessagePage};
use crate::features::open::pages::OpenPage;
use crate::features::ownership::pages::{LeavePage, OwnershipPage};
use crate::features::payments::pages::{AddMethodPage, MethodAddedPage, MethodsPage, PaidPage, PayPage};
use crate::features::recipients::pages::{OwnMailPage, PreferencesPage, RecipientsPage};
use crate::features::roles::pages::{NewRolePage, RolePage, RolesPage};
use crate::features::second_factor::pages::{
    AuthenticatorPage, ConfirmPage, PasskeyPage, RecoveryCodesPage, SecondFactorPage,
};
use crate::features::services::pages::{
    CancelPage, DevPanelPage, ServicePage, ServicePanelPage, ServicesPage, UpgradePage,
};
use crate::features::sign_in::pages::{
    ForgotPasswordPage, ResetPasswordPage, SecondFactorSignInPage, SignInPage, SignUpPage, VerifyPage,
};
use crate::features::tickets::pages::{NewTicketScreen, TicketsPage};
use crate::features::tickets::show::TicketPage;
use crate::features::users::pages::{
    ConfirmEmailPage, DeleteUserPage, ProfilePage, SecurityPage, person_menu,
};
use crate::operator::activity::pages::StaffActivityPage;
use crate::operator::arrange::pages::ArrangePage;
use crate::operator::assets::pages::{DomainFormPage, ServiceFormPage};
use crate::operator::billing::pages::BillingPage;
use crate::operator::bulk::pages::{BulkPage, NewBulkPage, TicketBulkPage};
use crate::operator::canned::pages::{CannedFormPage, CannedPage};
use crate::operator::customers::pages::{CustomerPage, CustomersPage, NewCustomerPage, NotesPage};
use crate::operator::data::pages::CustomerDataPage;
use crate::operator::departments::pages::{DepartmentPage, DepartmentsPage, NewDepartmentPage};
use crate::operator::desk::pages::{DashboardPage, OperatorLayout};
use crate::operator::import::pages::{ImportFilePage, ImportPage};
use crate::operator::invoices::pages::{AllInvoicesPage, ManageInvoicePage};
use crate::operator::invoices::settings::BillingSettingsPage;
use crate::operator::merge::pages::MergePage;
use crate::operator::owners::pages::ReplaceOwnerPage;
use crate::operator::products::pages::{NewProductPage, ProductPage, ProductsPage};
use crate::operator::queue::pages::{QueuePage, RequestPage};
use crate::operator::settings::pages::{LifetimesPage, MailSettingsPage, SettingsScreen};
use crate::operator::setup::pages::SetupPage;
use crate::operator::statements::pages::StatementsPage;
use crate::operator::team::pages::{NewStaffPage, StaffMemberPage, StaffPage};
use crate::operator::team::roles::{NewStaffRolePage, StaffRolePage, StaffRolesPage};
use crate::operator::templates::pages::{TemplateScreen, TemplatesPage};
use crate::operator::tickets::pages::DeskPage;
use crate::operator::views::pages::ViewAsPage;
use crate::paths;
use crate::ui::client_state::ClientState;
use crate::ui::flash::FlashMessage;
use crate::ui::layout::{NotFoundPage, PersonMenu};
use crate::ui::refused::{Redirect, Refused};
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
            <Routes fallback=NotFoundPage>
                <Route path=path!("/") view=|| view! { <Redirect to=paths::ACCOUNTS/> }/>
                <Route path=path!("/sign-in") view=LazyPage::SignIn/>
                <Route path=path!("/sign-in/second-factor") view=LazyPage::SecondFactorSignIn/>
                <Route path=path!("/sign-up") view=LazyPage::SignUp/>
                <Route path=path!("/verify/:token") view=LazyPage::Verify/>
                <Route path=path!("/forgot-password") view=LazyPage::ForgotPassword/>
                <Route path=path!("/reset-password/:token") view=LazyPage::ResetPassword/>
                <Route path=path!("/accounts") view=LazyPage::Picker/>
                <Route path=path!("/accounts/open") view=LazyPage::Open/>
                <Route path=path!("/invitations/:token") view=LazyPage::Invitation/>
                <Route path=path!("/profile") view=LazyPage::Profile/>
                <Route path=path!("/profile/delete") view=LazyPage::DeleteUser/>
                <Route path=path!("/security") view=LazyPage::Security/>
                <Route path=path!("/security/second-factor") view=LazyPage::SecondFactor/>
                <Route path=path!("/security/app") view=LazyPage::Authenticator/>
                <Route path=path!("/security/passkey") view=LazyPage::Passkey/>
                <Route path=path!("/security/recovery-codes") view=LazyPage::RecoveryCodes/>
                <Route path=path!("/confirm") view=LazyPage::Confirm/>
                <Route path=path!("/confirm-email/:token") view=LazyPage::ConfirmEmail/>
                <Route path=path!("/confirm-main-address/:token") view=LazyPage::ConfirmMainAddress/>
                <Route path=path!("/preferences/:token") view=LazyPage::Preferences/>
                <Route path=path!("/dev/letters") view=LazyPage::DevLetters/>
                <Route path=path!("/dev/mail") view=LazyPage::DevMail/>
                <Route path=path!("/dev/panel") view=LazyPage::DevPanel/>
                <Route path=path!("/mail-in/:id") view=LazyPage::Choice/>
                <Route path=path!("/setup/:token") view=LazyPage::Setup/>
                <ParentRoute path=path!("/operator") view=LazyPage::Operator>
                    <Route path=path!("") view=LazyPage::Dashboard/>
                    <Route path=path!("customers") view=LazyPage::Customers/>
                    <Route path=path!("customers/new") view=LazyPage::NewCustomer/>
                    <Route path=path!("customers/bulk") view=LazyPage::NewBulk/>
                    <Route path=path!("customers/bulk/:bulk") view=LazyPage::Bulk/>
                    <Route path=path!("customers/:account") view=LazyPage::Customer/>
                    <Route path=path!("customers/:account/notes") view=LazyPage::Notes/>
                    <Route path=path!("customers/:account/view-as") view=LazyPage::ViewAs/>
                    <Route path=path!("customers/:account/owner") view=LazyPage::ReplaceOwner/>
                    <Route path=path!("customers/:account/data") view=LazyPage::CustomerData/>
                    <Route path=path!("customers/:account/merge") view=LazyPage::Merge/>
                    <Route path=path!("customers/:account/services/:service") view=LazyPage::ServiceForm/>
                    <Route path=path!("customers/:account/domains/:domain") view=LazyPage::DomainForm/>
                    <Route path=path!("customers/:account/invoices/:invoice") view=LazyPage::ManageInvoice/>
                    <Route path=path!("invoices") view=LazyPage::AllInvoices/>
                    <Route path=path!("billing") view=LazyPage::Billing/>
                    <Route path=path!("statements") view=LazyPage::Statements/>
                    <Route path=path!("products") view=LazyPage::Products/>
                    <Route path=path!("products/new") view=LazyPage::NewProduct/>
                    <Route path=path!("products/:product") view=LazyPage::Product/>
                    <Route path=path!("requests") view=LazyPage::Queue/>
                    <Route path=path!("requests/:request") view=LazyPage::Request/>
                    <Route path=path!("tickets") view=LazyPage::Desk/>
                    <Route path=path!("tickets/mail") view=LazyPage::Incoming/>
                    <Route path=path!("tickets/bulk") view=LazyPage::TicketBulk/>
                    <Route path=path!("tickets/canned") view=LazyPage::Canned/>
                    <Route path=path!("tickets/canned/new") view=LazyPage::NewCanned/>
                    <Route path=path!("tickets/canned/:canned") view=LazyPage::CannedForm/>
                    <Route path=path!("tickets/:ticket/arrange") view=LazyPage::Arrange/>
                    <Route path=path!("activity") view=LazyPage::StaffActivity/>
                    <Route path=path!("import") view=LazyPage::Import/>
                    <Route path=path!("import/:id") view=LazyPage::ImportFile/>
                    <Route path=path!("settings") view=LazyPage::Settings/>
                    <Route path=path!("settings/mail") view=LazyPage::MailSettings/>
                    <Route path=path!("settings/billing") view=LazyPage::BillingSettings/>
                    <Route path=path!("settings/lifetimes") view=LazyPage::Lifetimes/>
                    <Route path=path!("settings/templates") view=LazyPage::Templates/>
                    <Route path=path!("settings/templates/:kind") view=LazyPage::Template/>
                    <Route path=path!("settings/departments") view=LazyPage::Departments/>
                    <Route path=path!("settings/departments/new") view=LazyPage::NewDepartment/>
                    <Route path=path!("settings/departments/:department") view=LazyPage::Department/>
                    <Route path=path!("staff/roles") view=LazyPage::StaffRoles/>
                    <Route path=path!("staff/roles/new") view=LazyPage::NewStaffRole/>
                    <Route path=path!("staff/roles/:role") view=LazyPage::StaffRole/>
                    <Route path=path!("staff") view=LazyPage::Staff/>
                    <Route path=path!("staff/new") view=LazyPage::NewStaff/>
                    <Route path=path!("staff/:user") view=LazyPage::StaffMember/>
                </ParentRoute>
                <ParentRoute path=path!("/a/:account") view=AccountLayout>
                    <Route path=path!("") view=LazyPage::Overview/>
                    <Route path=path!("profile") view=LazyPage::AccountProfile/>
                    <Route path=path!("services") view=LazyPage::Services/>
                    <Route path=path!("services/:service") view=LazyPage::Service/>
                    <Route path=path!("services/:service/panel") view=LazyPage::ServicePanel/>
                    <Route path=path!("services/:service/upgrade") view=LazyPage::Upgrade/>
                    <Route path=path!("services/:service/cancel") view=LazyPage::Cancel/>
                    <Route path=path!("domains") view=LazyPage::Domains/>
                    <Route path=path!("domains/:domain") view=LazyPage::Domain/>
                    <Route path=path!("invoices") view=LazyPage::Invoices/>
                    <Route path=path!("invoices/:invoice") view=LazyPage::Invoice/>
                    <Route path=path!("invoices/:invoice/pay") view=LazyPage::Pay/>
                    <Route path=path!("payment-methods") view=LazyPage::Methods/>
                    <Route path=path!("payment-methods/add") view=LazyPage::AddMethod/>
                    <Route path=path!("payment-methods/:method") view=LazyPage::MethodAdded/>
                    <Route path=path!("invoices/:invoice/paid/:checkout") view=LazyPage::Paid/>
                    <Route path=path!("statement") view=LazyPage::Statement/>
                    <Route path=path!("tickets") view=LazyPage::Tickets/>
                    <Route path=path!("tickets/new") view=LazyPage::NewTicket/>
                    <Route path=path!("tickets/:ticket") view=LazyPage::Ticket/>
                    <Route path=path!("emails") view=LazyPage::History/>
                    <Route path=path!("emails/:message") view=LazyPage::Message/>
                    <Route path=path!("recipients") view=LazyPage::Recipients/>
                    <Route path=path!("mail") view=LazyPage::OwnMail/>
                    <Route path=path!("activity") view=LazyPage::Activity/>
                    <Route path=path!("ownership") view=LazyPage::Ownership/>
                    <Route path=path!("leave") view=LazyPage::Leave/>
                    <Route path=path!("contacts") view=ContactsPage/>
                    <Route path=path!("contacts/new") view=LazyPage::NewContact/>
                    <Route path=path!("contacts/invite") view=LazyPage::InviteUser/>
                    <Route path=path!("contacts/several") view=LazyPage::SeveralContacts/>
                    <Route path=path!("contacts/roles") view=LazyPage::Roles/>
                    <Route path=path!("contacts/roles/new") view=LazyPage::NewRole/>
                    <Route path=path!("contacts/roles/:role") view=LazyPage::Role/>
                    <Route path=path!("contacts/:contact") view=LazyPage::Contact/>
                    <Route path=path!("contacts/:contact/edit") view=LazyPage::EditContact/>
                </ParentRoute>
            </Routes>
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

/// Pages whose code comes in a file of its own part of the app when it is first needed. Server and tests call
/// them directly. One type stands for all of them, so that the main part knows once how a page is fetched and
/// shown. The parts are few: code that some of them share becomes a file for each set of parts that shares it, and
/// each file is a request.
macro_rules! pages {
    ($($part:ident: $($name:ident = $page:ident),+;)+) => {
        #[derive(Clone, Copy)]
        enum LazyPage {
            $($($name,)+)+
        }

        $(mod $part {
            use super::*;

            #[wasm_split($part, wasm_split_path = ::leptos::wasm_split, preload(fetch), fallible)]
            pub fn show(page: LazyPage) -> Result<AnyView, AppError> {
                match page {
                    $(LazyPage::$name => Ok(view! { <$page/> }.into_any()),)+
                    _ => Err(AppError::NotFound),
                }
            }
        })+

        impl ChooseView for LazyPage {
            async fn choose(self) -> AnyView {
                let shown = match self {
                    $($(LazyPage::$name)|+ => {
                        respond::needs(stringify!($part));
                        $part::show(self).await
                    })+
                };
                shown.unwrap_or_else(|error| view! { <Refused error=error/> }.into_any())
            }

            // When this fails, so does `choose`, and says it.
            async fn preload(&self) {
                let _ = match self {
                    $($(LazyPage::$name)|+ => $part::fetch().await,)+
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
        DevPanel = DevPanelPage,
        Profile = ProfilePage,
        DeleteUser = DeleteUserPage,
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
    inside:
        Picker = PickerPage,
        Open = OpenPage,
        Overview = OverviewPage,
        AccountProfile = AccountProfilePage,
        NewContact = NewContactPage,
        InviteUser = InviteUserPage,
        SeveralContacts = SeveralContactsPage,
        Contact = ContactPage,
        EditContact = EditContactPage,
        Roles = RolesPage,
        NewRole = NewRolePage,
        Role = RolePage;
    business:
        Services = ServicesPage,
        Service = ServicePage,
        ServicePanel = ServicePanelPage,
        Upgrade = UpgradePage,
        Cancel = CancelPage,
        Domains = DomainsPage,
        Domain = DomainPage,
        History = HistoryPage,
        Message = MessagePage,
        Invoices = InvoicesPage,
        Invoice = InvoicePage,
        Statement = StatementPage,
        Pay = PayPage,
        Paid = PaidPage,
        Methods = MethodsPage,
        AddMethod = AddMethodPage,
        MethodAdded = MethodAddedPage,
        Tickets = TicketsPage,
        NewTicket = NewTicketScreen,
        Ticket = TicketPage,
        Choice = ChoicePage;
    operator:
        Operator = OperatorLayout,
        Dashboard = DashboardPage,
        Customers = CustomersPage,
        NewCustomer = NewCustomerPage,
        Customer = CustomerPage,
        Notes = NotesPage,
        ViewAs = ViewAsPage,
        ReplaceOwner = ReplaceOwnerPage,
        CustomerData = CustomerDataPage,
        NewBulk = NewBulkPage,
        Bulk = BulkPage,
        Merge = MergePage,
        Queue = QueuePage,
        Request = RequestPage,
        Desk = DeskPage,
        Incoming = IncomingPage,
        TicketBulk = TicketBulkPage,
        Canned = CannedPage,
        NewCanned = CannedFormPage,
        CannedForm = CannedFormPage,
        Arrange = ArrangePage,
        Staff = StaffPage,
        NewStaff = NewStaffPage,
        StaffMember = StaffMemberPage,
        StaffActivity = StaffActivityPage,
        ServiceForm = ServiceFormPage,
        DomainForm = DomainFormPage,
        AllInvoices = AllInvoicesPage,
        Billing = BillingPage,
        Statements = StatementsPage,
        ManageInvoice = ManageInvoicePage,
        BillingSettings = BillingSettingsPage,
        Products = ProductsPage,
        NewProduct = NewProductPage,
        Product = ProductPage,
        Import = ImportPage,
        ImportFile = ImportFilePage,
        Settings = SettingsScreen,
        MailSettings = MailSettingsPage,
        Lifetimes = LifetimesPage,
        Templates = TemplatesPage,
        Template = TemplateScreen,
        Departments = DepartmentsPage,
        NewDepartment = NewDepartmentPage,
        Department = DepartmentPage,
        StaffRoles = StaffRolesPage,
        NewStaffRole = NewStaffRolePage,
        StaffRole = StaffRolePage,
        Setup = SetupPage;
}
