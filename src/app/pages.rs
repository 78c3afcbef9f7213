//! Every page of the portal, and the part of the WASM its code comes in.

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
use crate::features::users::pages::{ConfirmEmailPage, DeleteUserPage, ProfilePage, SecurityPage};
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
use crate::ui::refused::{Redirect, Refused};
use crate::ui::respond;
use leptos::prelude::*;
use leptos::wasm_split::wasm_split;
use leptos_router::ChooseView;

/// Pages by the part of the app their code comes in: `main` comes with every page, each other part in a file of its
/// own when it is first needed. Server and tests call them directly. One type stands for all of them, so that the main
/// part knows once how a page is fetched and shown. The parts are few: code that some of them share becomes a file for
/// each set of parts that shares it, and each file is a request.
macro_rules! pages {
    (main: $($here:ident = $shown:ident),+; $($part:ident: $($name:ident = $page:ident),+;)+) => {
        /// A page, by its name in the table of routes.
        #[derive(Clone, Copy)]
        pub enum PageId {
            $($here,)+
            $($($name,)+)+
        }

        impl PageId {
            /// How many there are.
            pub const COUNT: usize = [$(Self::$here,)+ $($(Self::$name,)+)+].len();
        }

        $(mod $part {
            use super::*;

            #[wasm_split($part, wasm_split_path = ::leptos::wasm_split, preload(fetch), fallible)]
            pub fn show(page: PageId) -> Result<AnyView, AppError> {
                match page {
                    $(PageId::$name => Ok(view! { <$page/> }.into_any()),)+
                    _ => Err(AppError::NotFound),
                }
            }
        })+

        impl ChooseView for PageId {
            async fn choose(self) -> AnyView {
                let shown = match self {
                    $(PageId::$here => Ok(view! { <$shown/> }.into_any()),)+
                    $($(PageId::$name)|+ => {
                        respond::needs(stringify!($part));
                        $part::show(self).await
                    })+
                };
                shown.unwrap_or_else(|error| view! { <Refused error=error/> }.into_any())
            }

            // When this fails, so does `choose`, and says it.
            async fn preload(&self) {
                match self {
                    $(PageId::$here)|+ => {}
                    $($(PageId::$name)|+ => drop($part::fetch().await),)+
                }
            }
        }
    };
}

pages! {
    main:
        Home = HomePage,
        Account = AccountLayout,
        Contacts = ContactsPage;
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

/// The front door leads to the accounts.
#[component]
fn HomePage() -> impl IntoView {
    view! { <Redirect to=paths::ACCOUNTS/> }
}
