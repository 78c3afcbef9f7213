//! The access table: every server function and every HTTP route, called as nobody, as an outsider, as a
//! contact without and one with the permission. A function or route without its row fails.

use super::support::{TestApp, add, contact_by_email, invite};
use crate::demo::browser::Browser;
use crate::features::accounts::rpc::*;
use crate::features::attention::rpc::*;
use crate::features::audit::rpc::*;
use crate::features::contacts::rpc::*;
use crate::features::domains::rpc::*;
use crate::features::holders::rpc::*;
use crate::features::incoming::rpc::*;
use crate::features::invitations::rpc::*;
use crate::features::invoices::rpc::*;
use crate::features::mail::rpc::*;
use crate::features::open::rpc::*;
use crate::features::ownership::rpc::*;
use crate::features::payments::rpc::*;
use crate::features::permissions::rpc::*;
use crate::features::previews::rpc::*;
use crate::features::recipients::rpc::*;
use crate::features::replacements::rpc::*;
use crate::features::roles::rpc::{CreateRole, DeleteRole, EditRole, ListRoles, UpdateRole};
use crate::features::second_factor::rpc::*;
use crate::features::services::rpc::*;
use crate::features::sign_in::rpc::*;
use crate::features::support::rpc::*;
use crate::features::tickets::rpc::*;
use crate::features::users::rpc::*;
use crate::operator::activity::rpc::*;
use crate::operator::arrange::rpc::*;
use crate::operator::assets::rpc::*;
use crate::operator::billing::rpc::*;
use crate::operator::bulk::rpc::*;
use crate::operator::canned::rpc::*;
use crate::operator::customers::rpc::*;
use crate::operator::data::rpc::*;
use crate::operator::departments::rpc::*;
use crate::operator::desk::rpc::*;
use crate::operator::import::rpc::*;
use crate::operator::invoices::rpc::*;
use crate::operator::merge::rpc::*;
use crate::operator::owners::rpc::*;
use crate::operator::products::rpc::*;
use crate::operator::queue::rpc::*;
use crate::operator::settings::rpc::*;
use crate::operator::setup::rpc::*;
use crate::operator::statements::rpc::*;
use crate::operator::team::rpc::*;
use crate::operator::templates::rpc::*;
use crate::operator::tickets::rpc::*;
use crate::operator::views::rpc::*;
use crate::permission::{Group, Permission, Permissions, Preset};
use crate::types::{AccountId, ContactId, DomainId, ServiceId};
use crate::web::functions::FORMS;
use crate::web::http::routes;
use axum::http::StatusCode;
use leptos::server_fn::ServerFn;
use std::collections::{BTreeMap, BTreeSet};

/// Who may call a function.
#[derive(Clone, Copy, Debug)]
pub enum Who {
    /// Anybody, with the reason.
    Public(&'static str),
    /// Anybody with a session, for what is their own.
    SignedIn,
    /// A contact of the account.
    AnyContact,
    /// A contact of the account with this permission.
    Holder(&'static str),
    /// Who sees tickets: all of the account, or their own.
    SeesTickets,
    /// The owner of the account: no permission stands for it.
    TheOwner,
    /// Staff with this staff permission; empty for any staff. Nobody else finds it.
    Staff(&'static str),
    /// A contact of the account with this permission on the service or domain; one who may not see it does
    /// not find it.
    On(&'static str),
}
use Who::{AnyContact, Holder, On, Public, SeesTickets, SignedIn, Staff, TheOwner};

const SIGNING_IN: Who = Public("signing in is what makes somebody known");
const SECRET: Who = Public("the secret in the link is the proof");
const SIGNED: Who = Public("the signature in the link is the proof");
const HALF: Who = Public("the password was right: a cookie says so");
const DEMO: Who = Public("demo mode only");

pub fn table() -> Vec<(&'static str, Who)> {
    vec![
        (PasswordStrength::PATH, SIGNING_IN),
        (SignUp::PATH, SIGNING_IN),
        (MailedLink::PATH, SECRET),
        (VerifyAddress::PATH, SECRET),
        (SignIn::PATH, SIGNING_IN),
        (ShowFactors::PATH, HALF),
        (FactorChallenge::PATH, HALF),
        (SecondFactor::PATH, HALF),
        (PasskeyChallenge::PATH, SIGNING_IN),
        (PasskeySignIn::PATH, SIGNING_IN),
        (SignOut::PATH, Public("signing out twice does no harm")),
        (ForgotPassword::PATH, SIGNING_IN),
        (ResetPassword::PATH, SECRET),
        (DemoLogins::PATH, DEMO),
        (WhoAmI::PATH, SignedIn),
        (ChooseTheme::PATH, SignedIn),
        (ShowOwnProfile::PATH, SignedIn),
        (SaveOwnProfile::PATH, SignedIn),
        (ShowSecurity::PATH, SignedIn),
        (EndSession::PATH, SignedIn),
        (EndOtherSessions::PATH, SignedIn),
        (ShowFarewell::PATH, SignedIn),
        (DeleteUser::PATH, SignedIn),
        (ShowAsked::PATH, SignedIn),
        (OwnChallenge::PATH, SignedIn),
        (SetUpApp::PATH, SignedIn),
        (AddApp::PATH, SignedIn),
        (RemoveApp::PATH, SignedIn),
        (PasskeyOptions::PATH, SignedIn),
        (AddPasskey::PATH, SignedIn),
        (RemovePasskey::PATH, SignedIn),
        (ShowCodes::PATH, SignedIn),
        (RenewCodes::PATH, SignedIn),
        (ForgetDevices::PATH, SignedIn),
        (Confirm::PATH, SignedIn),
        (ChangePassword::PATH, SignedIn),
        (ChangeEmail::PATH, SignedIn),
        (EmailLink::PATH, SECRET),
        (ConfirmEmail::PATH, SignedIn),
        (ShowPicker::PATH, SignedIn),
        (ShowOpen::PATH, SignedIn),
        (ShowSwitcher::PATH, SignedIn),
        (ShowFrame::PATH, AnyContact),
        (ShowOverview::PATH, AnyContact),
        (ShowNeeds::PATH, AnyContact),
        (ListInvoices::PATH, Holder("invoices.view")),
        (ShowBalances::PATH, Holder("invoices.view")),
        (ShowStatement::PATH, Holder("invoices.view")),
        (ShowInvoice::PATH, Holder("invoices.view")),
        (UseCredit::PATH, Holder("invoices.pay")),
        (ListAllInvoices::PATH, Staff("invoices.view")),
        (ShowReceivables::PATH, Staff("invoices.view")),
        (ShowRevenue::PATH, Staff("invoices.view")),
        (ShowInvoiceTemplate::PATH, Staff("settings.edit")),
        (SaveInvoiceTemplate::PATH, Staff("settings.edit")),
        (ShowBilling::PATH, Staff("invoices.view")),
        (ShowStatements::PATH, Staff("invoices.manage")),
        (BookPayment::PATH, Staff("invoices.manage")),
        (PutAside::PATH, Staff("invoices.manage")),
        (PutBackPayment::PATH, Staff("invoices.manage")),
        (ShowGateway::PATH, Staff("settings.edit")),
        (SaveGateway::PATH, Staff("settings.edit")),
        (ShowAccessPoint::PATH, Staff("settings.edit")),
        (SaveAccessPoint::PATH, Staff("settings.edit")),
        (BeginCheckout::PATH, Holder("invoices.pay")),
        (PayWithMethod::PATH, Holder("invoices.pay")),
        (ShowMethods::PATH, Holder("payment_methods.manage")),
        (AddMethod::PATH, Holder("payment_methods.manage")),
        (ConfirmMethod::PATH, Holder("payment_methods.manage")),
        (RemoveMethod::PATH, Holder("payment_methods.manage")),
        (SetAutomatic::PATH, Holder("payment_methods.manage")),
        (ConfirmCheckout::PATH, Holder("invoices.pay")),
        (RunBilling::PATH, Staff("invoices.manage")),
        (ManageInvoice::PATH, Staff("invoices.manage")),
        (SaveDraft::PATH, Staff("invoices.manage")),
        (DeleteDraft::PATH, Staff("invoices.manage")),
        (IssueInvoice::PATH, Staff("invoices.manage")),
        (RecordPayment::PATH, Staff("invoices.manage")),
        (CreditInvoice::PATH, Staff("invoices.manage")),
        (ReissueInvoice::PATH, Staff("invoices.manage")),
        (WriteOffInvoice::PATH, Staff("invoices.manage")),
        (RefundCredit::PATH, Staff("invoices.manage")),
        (SendEInvoiceAgain::PATH, Staff("invoices.manage")),
        (SetCustomerTax::PATH, Staff("invoices.manage")),
        (GiveRefundUp::PATH, Staff("invoices.manage")),
        (ShowBillingSettings::PATH, Staff("settings.edit")),
        (SaveBillingSettings::PATH, Staff("settings.edit")),
        (ListTickets::PATH, SeesTickets),
        (ShowTicket::PATH, SeesTickets),
        (TicketVersion::PATH, SeesTickets),
        (PreviewTicket::PATH, SeesTickets),
        (FillCanned::PATH, SeesTickets),
        (NewTicket::PATH, Holder("tickets.open")),
        (OpenTicket::PATH, Holder("tickets.open")),
        (ReplyToTicket::PATH, SeesTickets),
        (CallBackReply::PATH, SeesTickets),
        (SetTicketStatus::PATH, Holder("tickets.close")),
        (RateTicket::PATH, SeesTickets),
        (AddTicketPerson::PATH, SeesTickets),
        (RemoveTicketPerson::PATH, SeesTickets),
        (SaveTicketDraft::PATH, SeesTickets),
        (RemoveTicketFile::PATH, SeesTickets),
        (DecideHeld::PATH, SeesTickets),
        (ChangeTicket::PATH, SeesTickets),
        (ShowDepartments::PATH, Holder("contacts.manage")),
        (CloseDepartments::PATH, Holder("contacts.manage")),
        (ListDesk::PATH, Staff("tickets.answer")),
        (ShowDeskFacts::PATH, Staff("tickets.answer")),
        (SaveTicketView::PATH, Staff("tickets.answer")),
        (DeleteTicketView::PATH, Staff("tickets.answer")),
        (ListCanned::PATH, Staff("tickets.answer")),
        (ShowCanned::PATH, Staff("tickets.answer")),
        (SaveCanned::PATH, Staff("tickets.answer")),
        (DeleteCanned::PATH, Staff("tickets.answer")),
        (ShowArrangement::PATH, Staff("tickets.answer")),
        (MergeTickets::PATH, Staff("tickets.answer")),
        (UnmergeTicket::PATH, Staff("tickets.answer")),
        (SplitTicket::PATH, Staff("tickets.answer")),
        (PutBack::PATH, Staff("tickets.answer")),
        (MoveTicket::PATH, Staff("tickets.answer")),
        (MoveBack::PATH, Staff("tickets.answer")),
        (PlanTicketBulk::PATH, Staff("tickets.answer")),
        (ListIncoming::PATH, Staff("tickets.answer")),
        (OpenIncoming::PATH, Staff("tickets.answer")),
        (DismissIncoming::PATH, Staff("tickets.answer")),
        (ShowChoice::PATH, SignedIn),
        (ChooseAccount::PATH, SignedIn),
        (ShowRules::PATH, TheOwner),
        (SaveRules::PATH, TheOwner),
        (ListActivity::PATH, Holder("activity.view")),
        (ListActors::PATH, Holder("activity.view")),
        (ShowPersonActivity::PATH, Holder("activity.view")),
        (ShowOwnership::PATH, AnyContact),
        (OfferOwnership::PATH, TheOwner),
        (WithdrawOwnership::PATH, TheOwner),
        (AcceptOwnership::PATH, AnyContact),
        (DeclineOwnership::PATH, AnyContact),
        (LeaveAccount::PATH, AnyContact),
        (ShowProfile::PATH, Holder("profile.edit")),
        (SaveProfile::PATH, Holder("profile.edit")),
        (WithdrawMainAddress::PATH, Holder("profile.edit")),
        (MainAddressLink::PATH, SECRET),
        (ConfirmMainAddress::PATH, SECRET),
        (ListContacts::PATH, Holder("contacts.manage")),
        (AskToDelete::PATH, Holder("contacts.manage")),
        (AskToClose::PATH, Holder("contacts.manage")),
        (AskSeveral::PATH, Holder("contacts.manage")),
        (ChangeSeveral::PATH, Holder("contacts.manage")),
        (ShowContact::PATH, Holder("contacts.manage")),
        (ShowPerson::PATH, Holder("contacts.manage")),
        (EditContact::PATH, Holder("contacts.manage")),
        (CreateContact::PATH, Holder("contacts.manage")),
        (InviteUsers::PATH, Holder("contacts.manage")),
        (UpdateContact::PATH, Holder("contacts.manage")),
        (CloseContact::PATH, Holder("contacts.manage")),
        (ReopenContact::PATH, Holder("contacts.manage")),
        (DeleteContact::PATH, Holder("contacts.manage")),
        (ResendInvitation::PATH, Holder("contacts.manage")),
        (WithdrawInvitation::PATH, Holder("contacts.manage")),
        (InvitationLink::PATH, Holder("contacts.manage")),
        (ShowGivable::PATH, Holder("contacts.manage")),
        (ShowGranters::PATH, AnyContact),
        (AskForAccess::PATH, AnyContact),
        (GrantAccess::PATH, Holder("contacts.manage")),
        (RefuseAccess::PATH, Holder("contacts.manage")),
        (ListRoles::PATH, Holder("contacts.manage")),
        (EditRole::PATH, Holder("contacts.manage")),
        (CreateRole::PATH, Holder("contacts.manage")),
        (UpdateRole::PATH, Holder("contacts.manage")),
        (DeleteRole::PATH, Holder("contacts.manage")),
        (SeeContact::PATH, Holder("contacts.manage")),
        (SeeForm::PATH, Holder("contacts.manage")),
        (ListServices::PATH, Holder("service.view")),
        (ShowService::PATH, On("service.view")),
        (OpenPanel::PATH, On("service.panel")),
        (RequestUpgrade::PATH, On("service.upgrade")),
        (WithdrawUpgrade::PATH, On("service.upgrade")),
        (RequestCancellation::PATH, On("service.cancel")),
        (WithdrawCancellation::PATH, On("service.cancel")),
        (ShowHolders::PATH, Holder("contacts.manage")),
        (DemoPanel::PATH, DEMO),
        (ListDomains::PATH, Holder("domain.view")),
        (ShowDomain::PATH, On("domain.view")),
        (RequestNameservers::PATH, On("domain.manage")),
        (RequestLock::PATH, On("domain.manage")),
        (WithdrawDomainRequest::PATH, On("domain.manage")),
        (SetAutoRenew::PATH, On("domain.manage")),
        (ShowOffer::PATH, SECRET),
        (Join::PATH, SECRET),
        (AcceptInvitation::PATH, SignedIn),
        (DeclineInvitation::PATH, SignedIn),
        (DeclineByLink::PATH, SECRET),
        (WhoGetsWhat::PATH, Holder("contacts.manage")),
        (WouldChange::PATH, Holder("contacts.manage")),
        (PreviewMail::PATH, Holder("contacts.manage")),
        (OwnChoice::PATH, AnyContact),
        (Choose::PATH, AnyContact),
        (ChoiceByLink::PATH, SIGNED),
        (ChooseByLink::PATH, SIGNED),
        (ListLetters::PATH, DEMO),
        (ListHistory::PATH, Holder("emails.view")),
        (ShowPersonMail::PATH, Holder("emails.view")),
        (ShowMessage::PATH, Holder("emails.view")),
        (SendAgain::PATH, Holder("emails.view")),
        (ListMail::PATH, DEMO),
        (ShowMail::PATH, DEMO),
        (ShowSupport::PATH, TheOwner),
        (ChooseSupport::PATH, TheOwner),
        (AnswerSupport::PATH, TheOwner),
        (EndSupport::PATH, TheOwner),
        (ShowDesk::PATH, Staff("")),
        (ShowDashboard::PATH, Staff("")),
        (ListCustomers::PATH, Staff("customers.view")),
        (ShowCustomer::PATH, Staff("customers.view")),
        (ShowMyList::PATH, Staff("customers.view")),
        (SaveColumns::PATH, Staff("customers.view")),
        (SaveFilter::PATH, Staff("customers.view")),
        (DeleteFilter::PATH, Staff("customers.view")),
        (CountFound::PATH, Staff("customers.view")),
        (BeginBulk::PATH, Staff("")),
        (ShowBulk::PATH, Staff("")),
        (ContinueBulk::PATH, Staff("")),
        (UndoBulk::PATH, Staff("")),
        (ListNotes::PATH, Staff("customers.view")),
        (AddNote::PATH, Staff("customers.view")),
        (DeleteNote::PATH, Staff("customers.view")),
        (CreateCustomer::PATH, Staff("customers.create")),
        (CloseCustomer::PATH, Staff("customers.close")),
        (ReopenCustomer::PATH, Staff("customers.close")),
        (ShowReplacement::PATH, TheOwner),
        (StopReplacement::PATH, TheOwner),
        (ShowData::PATH, Staff("customers.view")),
        (EraseCustomer::PATH, Staff("customers.erase")),
        (PlanMerge::PATH, Staff("customers.merge")),
        (MergeCustomer::PATH, Staff("customers.merge")),
        (ShowOwnerForm::PATH, Staff("customers.replace_owner")),
        (ReplaceOwner::PATH, Staff("customers.replace_owner")),
        (KeepOwner::PATH, Staff("customers.replace_owner")),
        (ShowViewForm::PATH, Staff("customers.view_as")),
        (OpenView::PATH, Staff("customers.view_as")),
        (LookWithoutConsent::PATH, Staff("customers.break_glass")),
        (ListRequests::PATH, Staff("requests.answer")),
        (ShowRequest::PATH, Staff("requests.answer")),
        (TakeRequest::PATH, Staff("requests.answer")),
        (AnswerRequest::PATH, Staff("requests.answer")),
        (ListStaff::PATH, Staff("staff.manage")),
        (ShowStaff::PATH, Staff("staff.manage")),
        (AddStaff::PATH, Staff("staff.manage")),
        (ChangeStaff::PATH, Staff("staff.manage")),
        (SetStaffActive::PATH, Staff("staff.manage")),
        (ListStaffRoles::PATH, Staff("staff.manage")),
        (SaveStaffRole::PATH, Staff("staff.manage")),
        (DeleteStaffRole::PATH, Staff("staff.manage")),
        (ListTemplates::PATH, Staff("settings.edit")),
        (ShowTemplate::PATH, Staff("settings.edit")),
        (SaveTemplateDraft::PATH, Staff("settings.edit")),
        (UseTemplate::PATH, Staff("settings.edit")),
        (ResetTemplate::PATH, Staff("settings.edit")),
        (TakeTemplate::PATH, Staff("settings.edit")),
        (TestTemplate::PATH, Staff("settings.edit")),
        (ListDepartments::PATH, Staff("settings.edit")),
        (ShowDepartment::PATH, Staff("settings.edit")),
        (SaveDepartment::PATH, Staff("settings.edit")),
        (DeleteDepartment::PATH, Staff("settings.edit")),
        (ListStaffActivity::PATH, Staff("audit.view")),
        (ListActingStaff::PATH, Staff("audit.view")),
        (ShowSettings::PATH, Staff("settings.edit")),
        (SaveCompany::PATH, Staff("settings.edit")),
        (RemoveLogo::PATH, Staff("settings.edit")),
        (ShowMailSettings::PATH, Staff("settings.edit")),
        (SaveMailSettings::PATH, Staff("settings.edit")),
        (TakeBackMail::PATH, Staff("settings.edit")),
        (ShowLifetimes::PATH, Staff("settings.edit")),
        (SaveLifetimes::PATH, Staff("settings.edit")),
        (SetDemo::PATH, Staff("settings.edit")),
        (SendTestMail::PATH, Staff("settings.edit")),
        (ListImports::PATH, Staff("customers.import")),
        (ShowImport::PATH, Staff("customers.import")),
        (StartImport::PATH, Staff("customers.import")),
        (AnnounceImport::PATH, Staff("customers.import")),
        (ListProducts::PATH, Staff("products.edit")),
        (ShowProduct::PATH, Staff("products.edit")),
        (SaveProduct::PATH, Staff("products.edit")),
        (ShowServiceForm::PATH, Staff("services.edit")),
        (SaveService::PATH, Staff("services.edit")),
        (ActOnService::PATH, Staff("services.edit")),
        (MoveAsset::PATH, Staff("services.edit")),
        (ShowDomainForm::PATH, Staff("services.edit")),
        (SaveDomain::PATH, Staff("services.edit")),
        (SetupLink::PATH, SECRET),
        (BeginSetup::PATH, SECRET),
    ]
}

/// Routes that are no server functions. Pages get their data from server functions; what a page itself opens
/// is said here.
pub const PAGES: &[(&str, &str)] = &[
    ("/", "leads to the picker"),
    ("/sign-in", "public"),
    ("/sign-in/second-factor", "public: the password was right, a cookie says so"),
    ("/sign-up", "public"),
    ("/verify/{token}", "public: the secret in the link is the proof"),
    ("/forgot-password", "public"),
    ("/reset-password/{token}", "public: the secret in the link is the proof"),
    ("/accounts", "signed in"),
    ("/accounts/open", "signed in"),
    ("/invitations/{token}", "public: the secret in the link is the proof"),
    ("/profile", "signed in"),
    ("/profile/delete", "signed in, confirmed"),
    ("/security", "signed in"),
    ("/security/second-factor", "signed in"),
    ("/security/app", "signed in, confirmed"),
    ("/security/passkey", "signed in, confirmed"),
    ("/security/recovery-codes", "signed in, confirmed"),
    ("/confirm", "signed in"),
    ("/confirm-email/{token}", "public: the secret in the link is the proof"),
    ("/confirm-main-address/{token}", "public: the secret in the link is the proof"),
    ("/preferences/{token}", "public: the signature in the link is the proof"),
    ("/operator", "staff"),
    ("/operator/customers", "customers.view"),
    ("/operator/customers/new", "customers.create"),
    ("/operator/customers/bulk", "customers.view"),
    ("/operator/customers/bulk/{bulk}", "customers.view"),
    ("/operator/customers/{account}", "customers.view"),
    ("/operator/customers/{account}/notes", "customers.view"),
    ("/operator/customers/{account}/view-as", "customers.view_as"),
    ("/operator/customers/{account}/owner", "customers.replace_owner"),
    ("/operator/customers/{account}/data", "customers.view"),
    ("/operator/customers/{account}/invoices/{invoice}", "invoices.manage"),
    ("/operator/invoices", "invoices.view"),
    ("/operator/billing", "invoices.view"),
    ("/operator/statements", "invoices.manage"),
    ("/operator/settings/billing", "settings.edit"),
    ("/a/{account}/invoices", "invoices.view"),
    ("/a/{account}/invoices/{invoice}", "invoices.view"),
    ("/a/{account}/invoices/{invoice}/pay", "invoices.pay"),
    ("/a/{account}/payment-methods", "payment_methods.manage"),
    ("/a/{account}/payment-methods/add", "payment_methods.manage"),
    ("/a/{account}/payment-methods/{method}", "payment_methods.manage"),
    ("/a/{account}/invoices/{invoice}/paid/{checkout}", "invoices.pay"),
    ("/a/{account}/statement", "invoices.view"),
    ("/operator/customers/{account}/merge", "customers.merge"),
    ("/operator/customers/{account}/services/{service}", "services.edit"),
    ("/operator/customers/{account}/domains/{domain}", "services.edit"),
    ("/operator/products", "products.edit"),
    ("/operator/products/new", "products.edit"),
    ("/operator/products/{product}", "products.edit"),
    ("/operator/requests", "requests.answer"),
    ("/operator/requests/{request}", "requests.answer"),
    ("/operator/activity", "audit.view"),
    ("/operator/import", "customers.import"),
    ("/operator/import/{id}", "customers.import"),
    ("/operator/settings", "settings.edit"),
    ("/operator/settings/mail", "settings.edit"),
    ("/operator/settings/lifetimes", "settings.edit"),
    ("/operator/settings/templates", "settings.edit"),
    ("/operator/settings/templates/{kind}", "settings.edit"),
    ("/operator/settings/departments", "settings.edit"),
    ("/operator/settings/departments/new", "settings.edit"),
    ("/operator/settings/departments/{department}", "settings.edit"),
    ("/operator/staff/roles", "staff.manage"),
    ("/operator/staff/roles/new", "staff.manage"),
    ("/operator/staff/roles/{role}", "staff.manage"),
    ("/setup/{token}", "public: the secret in the link is the proof"),
    ("/operator/staff", "staff.manage"),
    ("/operator/staff/new", "staff.manage"),
    ("/operator/staff/{user}", "staff.manage"),
    ("/dev/letters", "demo mode only"),
    ("/dev/mail", "demo mode only"),
    ("/dev/panel", "demo mode only"),
    ("/mail-in/{id}", "signed in; who wrote it"),
    ("/operator/tickets", "tickets.answer"),
    ("/operator/tickets/mail", "tickets.answer"),
    ("/operator/tickets/bulk", "tickets.answer"),
    ("/operator/tickets/canned", "tickets.answer"),
    ("/operator/tickets/canned/new", "tickets.answer"),
    ("/operator/tickets/canned/{canned}", "tickets.answer"),
    ("/operator/tickets/{ticket}/arrange", "tickets.answer"),
    ("/a/{account}", "any contact"),
    ("/a/{account}/tickets", "who sees tickets"),
    ("/a/{account}/tickets/new", "tickets.open"),
    ("/a/{account}/tickets/{ticket}", "who sees the ticket"),
    ("/a/{account}/profile", "profile.edit"),
    ("/a/{account}/services", "service.view"),
    ("/a/{account}/services/{service}", "service.view on it"),
    ("/a/{account}/services/{service}/panel", "service.panel on it"),
    ("/a/{account}/services/{service}/upgrade", "service.upgrade on it"),
    ("/a/{account}/services/{service}/cancel", "service.cancel on it"),
    ("/a/{account}/domains", "domain.view"),
    ("/a/{account}/domains/{domain}", "domain.view on it"),
    ("/a/{account}/emails", "emails.view"),
    ("/a/{account}/emails/{message}", "emails.view"),
    ("/a/{account}/recipients", "contacts.manage"),
    ("/a/{account}/mail", "any contact"),
    ("/a/{account}/activity", "activity.view"),
    ("/a/{account}/ownership", "any contact; what is offered only to the two it is between"),
    ("/a/{account}/leave", "any contact"),
    ("/a/{account}/contacts", "contacts.manage"),
    ("/a/{account}/contacts/new", "contacts.manage"),
    ("/a/{account}/contacts/invite", "contacts.manage"),
    ("/a/{account}/contacts/several", "contacts.manage"),
    ("/a/{account}/contacts/roles", "contacts.manage"),
    ("/a/{account}/contacts/roles/new", "contacts.manage"),
    ("/a/{account}/contacts/roles/{role}", "contacts.manage"),
    ("/a/{account}/contacts/{contact}", "contacts.manage"),
    ("/a/{account}/contacts/{contact}/edit", "contacts.manage"),
];

#[tokio::test]
async fn every_server_function_has_its_row() {
    let known: BTreeSet<&str> = table().iter().map(|(path, _)| *path).collect();
    let registered: BTreeSet<&str> =
        leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path).collect();
    assert_eq!(
        registered.difference(&known).collect::<Vec<_>>(),
        Vec::<&&str>::new(),
        "functions without a row"
    );
    assert_eq!(
        known.difference(&registered).collect::<Vec<_>>(),
        Vec::<&&str>::new(),
        "rows without a function"
    );
    assert!(table().iter().all(|(_, who)| !matches!(who, Public(""))));
}

#[tokio::test]
async fn every_page_has_its_row() {
    let _ = any_spawner::Executor::init_tokio();
    let pages: BTreeSet<String> = leptos_axum::generate_route_list(crate::app::App)
        .iter()
        .map(|route| route.path().to_owned())
        .collect();
    let known: BTreeSet<String> = PAGES.iter().map(|(path, _)| (*path).to_owned()).collect();
    assert_eq!(pages, known);
}

/// What each route answers: nobody, an outsider, a contact without the permission, and the owner. GET, but
/// for what is only posted to.
const ROUTES: &[(&str, [u16; 4])] = &[
    ("/healthz", [200; 4]),
    ("/metrics", [200; 4]),
    ("/readyz", [200; 4]),
    ("/dev/mail/{id}", [404; 4]),
    // Who is signed out is told so by the stream itself.
    ("/a/{account}/events", [200, 404, 200, 200]),
    ("/a/{account}/emails/{message}/body", [401, 404, 403, 200]),
    ("/a/{account}/invoices/{invoice}/pdf", [401, 404, 403, 404]),
    ("/a/{account}/invoices/documents.zip", [401, 404, 403, 200]),
    ("/a/{account}/invoices/{invoice}/xml", [401, 404, 403, 404]),
    // Only posted to: src/tests/tickets.rs does.
    ("/a/{account}/tickets/files", [405; 4]),
    ("/a/{account}/tickets/preview", [405; 4]),
    ("/a/{account}/tickets/pieces", [405; 4]),
    ("/a/{account}/tickets/files/{file}", [401, 404, 403, 404]),
    ("/a/{account}/tickets/originals/{message}", [401, 404, 403, 404]),
    ("/operator/tickets/mail/{id}/original", [401, 404, 404, 404]),
    ("/a/{account}/contacts.csv", [303, 404, 403, 200]),
    ("/a/{account}/activity.csv", [303, 404, 403, 200]),
    ("/profile/data", [303, 200, 200, 200]),
    ("/logo", [404; 4]),
    ("/brand.css", [200; 4]),
    ("/operator/settings/templates/{kind}/preview", [401, 404, 404, 404]),
    ("/operator/customers/{account}/archive.zip", [303, 404, 404, 404]),
    // Only posted to: src/tests/operator.rs does.
    ("/operator/settings/logo", [405; 4]),
    ("/operator/import/upload", [405; 4]),
    ("/operator/import/examples/{kind}", [401, 404, 404, 404]),
    ("/operator/import/{id}/report.csv", [401, 404, 404, 404]),
    ("/unsubscribe/{token}", [303; 4]),
    ("/dev/letters/{number}", [404; 4]),
    // A link that was never made: not even the demo's.
    ("/operator/settings/billing/sample.pdf", [401, 404, 404, 404]),
    ("/operator/invoices/export.csv", [303, 404, 404, 404]),
    ("/operator/statements/upload", [405; 4]),
    ("/gateway/stripe", [404; 4]),
    ("/sign-on/check", [404; 4]),
];

#[tokio::test]
async fn every_route_answers_everybody_as_its_row_says() {
    let mut ground = Ground::new().await;
    let (mut oscar, _) = ground.test.oscar().await;
    let mut without = ground
        .test
        .member(&mut ground.olivia, &ground.bakery, "Wanda Without", "wanda@example.com", &[])
        .await;
    let message = ground.test.last_mail("wanda@example.com").await.id;
    let table = routes();
    assert_eq!(
        table.iter().map(|route| route.path).collect::<Vec<_>>(),
        ROUTES.iter().map(|(path, _)| *path).collect::<Vec<_>>()
    );
    for (route, (path, expected)) in table.iter().zip(ROUTES) {
        assert!(!route.who.is_empty(), "{path} says who may");
        let url = path
            .replace("{account}", ground.bakery.as_str())
            .replace("{message}", message.as_str())
            .replace("{file}", message.as_str())
            .replace("{invoice}", message.as_str())
            .replace("{id}", message.as_str());
        let url = url.replace("{token}", "x").replace("{number}", "0").replace("{kind}", "customers");
        assert!(!url.contains('{'), "{path} names something that this test does not know");
        let mut nobody = ground.test.browser();
        for (browser, expected) in
            [&mut nobody, &mut oscar, &mut without, &mut ground.olivia].into_iter().zip(expected)
        {
            let request = if matches!(*path, "/sign-on/check" | "/gateway/stripe") {
                axum::http::Request::post(&url)
            } else {
                axum::http::Request::get(&url)
            };
            let request = request
                .header("content-type", "application/x-www-form-urlencoded")
                .body(axum::body::Body::from("sign_on=x"));
            // Opened and not read to its end: a stream has none.
            assert_eq!(browser.open(request.unwrap()).await.status().as_u16(), *expected, "{path}");
        }
    }
    // The router is made from the table and from nothing else.
    let mut places = Vec::new();
    for file in ["web/http.rs", "cli/run.rs", "platform/listen.rs", "web/shell.rs", "web/forms.rs"] {
        let text = std::fs::read_to_string(format!("{}/src/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        places.extend(
            text.lines()
                .filter(|line| {
                    line.contains(".route(") || line.contains(".nest(") || line.contains(".merge(")
                })
                .map(str::trim)
                .map(str::to_owned),
        );
    }
    assert_eq!(
        places,
        [
            "routes().into_iter().fold(Router::new(), |router, route| router.route(route.path, route.methods));"
        ]
    );
}

/// What is on Hart Bakery's account for everybody to try.
pub struct Ground {
    pub test: TestApp,
    pub olivia: Browser,
    pub bakery: AccountId,
    pub target: ContactId,
    pub owner: ContactId,
    pub service: ServiceId,
    pub domain: DomainId,
    pub ticket: String,
}

impl Ground {
    pub async fn new() -> Self {
        let test = TestApp::new().await;
        let (mut olivia, bakery) = test.olivia().await;
        add(&mut olivia, &bakery, "Target", "target@example.com").await.unwrap();
        let target = contact_by_email(&mut olivia, &bakery, "target@example.com").await.id;
        let owner = contact_by_email(&mut olivia, &bakery, "olivia@bakery.example").await.id;
        let service = test.service(&bakery, "Shop").await;
        let domain = test.domain(&bakery, "bakery.example").await;
        let ticket = test.ticket(&mut olivia, &bakery).await;
        Self { test, olivia, bakery, target, owner, service, domain, ticket }
    }

    /// Fields that every function finds what it needs in.
    fn form(&self, service: &ServiceId, domain: &DomainId) -> String {
        form(&[
            ("account", self.bakery.as_str()),
            ("contact", self.target.as_str()),
            ("service", service.as_str()),
            ("domain", domain.as_str()),
            ("permission", "invoices.view"),
            ("asked", self.owner.as_str()),
            ("kind", "lock"),
            ("invitation", "01k9zv5s8t3w2x1y0abcdefghj"),
            ("message", "01k9zv5s8t3w2x1y0abcdefghj"),
            ("role", "01k9zv5s8t3w2x1y0abcdefghj"),
            ("request", "01k9zv5s8t3w2x1y0abcdefghj"),
            ("user", "01k9zv5s8t3w2x1y0abcdefghj"),
            ("token", "x"),
            ("reset", "false"),
            ("id", "x"),
            ("about", service.as_str()),
            ("ticket", &self.ticket),
            ("invoice", "01k9zv5s8t3w2x1y0abcdefghv"),
            ("act", "close"),
            ("who", self.target.as_str()),
        ])
    }
}

#[tokio::test]
async fn every_function_answers_everybody_as_its_row_says() {
    let mut ground = Ground::new().await;
    let (mut oscar, _) = ground.test.oscar().await;
    let mut without = ground
        .test
        .member(&mut ground.olivia, &ground.bakery, "Wanda Without", "wanda@example.com", &[])
        .await;
    let fields = ground.form(&ground.service, &ground.domain);
    for (path, who) in table() {
        let mut nobody = ground.test.browser();
        let as_nobody = nobody.post(path, fields.clone()).await;
        let signed_out = as_nobody.status == StatusCode::UNAUTHORIZED;
        match who {
            Public(_) => assert!(!signed_out, "{path} asks to sign in"),
            _ => assert!(signed_out, "{path} answers nobody with {}", as_nobody.status),
        }
        if let AnyContact | Holder(_) | On(_) | SeesTickets | TheOwner = who {
            assert_eq!(
                oscar.post(path, fields.clone()).await.status,
                StatusCode::NOT_FOUND,
                "{path} as an outsider"
            );
            let elsewhere = fields.replace(ground.bakery.as_str(), "01k9zv5s8t3w2x1y0abcdefghj");
            assert_eq!(
                ground.olivia.post(path, elsewhere).await.status,
                StatusCode::NOT_FOUND,
                "{path} of an account that does not exist"
            );
        }
        let expected = match who {
            // Whatever they answer, it is no answer about permissions: leaving would change everything that
            // follows.
            AnyContact if path == LeaveAccount::PATH || path.starts_with("/rpc/ownership/") => continue,
            AnyContact => StatusCode::OK,
            Holder(_) | SeesTickets | TheOwner => StatusCode::FORBIDDEN,
            On(_) => StatusCode::NOT_FOUND,
            Staff(_) => StatusCode::NOT_FOUND,
            Public(_) | SignedIn => continue,
        };
        let status = without.post(path, fields.clone()).await.status;
        let refused =
            REFUSED.iter().any(|(of, refusals, _)| *of == path && refusals.contains(&status.as_u16()));
        assert!(
            status == expected || (expected == StatusCode::OK && refused),
            "{path} without a permission: {status}"
        );
    }
}

/// What an answer says about the permission.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Door {
    Open,
    Forbidden,
    NotFound,
}

/// What the catalogue says that a set of permissions opens: on the account, and on a service or domain.
fn expected(who: Who, set: Permissions) -> Door {
    match who {
        AnyContact => Door::Open,
        Holder(key) if set.has(Permission::from_key(key).unwrap()) => Door::Open,
        Holder(_) => Door::Forbidden,
        SeesTickets if set.has(Permission::ViewTickets) || set.has(Permission::OpenTickets) => Door::Open,
        SeesTickets => Door::Forbidden,
        On(key) => {
            let permission = Permission::from_key(key).unwrap();
            let opening = set.opening().within(permission.group().permissions());
            match (opening.is_empty(), opening.has(permission)) {
                (true, _) => Door::NotFound,
                (_, true) => Door::Open,
                _ => Door::Forbidden,
            }
        }
        Public(_) | SignedIn | TheOwner | Staff(_) => unreachable!("not about permissions"),
    }
}

/// Every preset, every single permission, and every single permission with the one it needs.
fn sets() -> Vec<Permissions> {
    let single = |permission: Permission| [permission].into_iter().collect::<Permissions>();
    let presets = Preset::NAMED.into_iter().filter_map(Preset::permissions);
    let singles = Permission::ALL.iter().map(|permission| single(*permission));
    let pairs = Permission::ALL
        .iter()
        .filter_map(|permission| Some(single(*permission).and(single(permission.needs()?))));
    presets.chain(singles).chain(pairs).collect()
}

/// Refusals that somebody who may do it can get here, with the reason: whoever went before has changed what
/// it is about, or the fields that serve every function are not enough for this one. What it answers when all
/// is right, `whoever_may_gets_a_real_answer` shows.
const REFUSED: &[(&str, &[u16], &str)] = &[
    ("/rpc/accounts/save-profile", &[409, 422], "made from an older version"),
    ("/rpc/accounts/withdraw-main-address", &[409], "none waits"),
    ("/rpc/contacts/create", &[422], "a name is missing"),
    ("/rpc/contacts/invite", &[422], "addresses are missing"),
    ("/rpc/contacts/ask-to-delete", &[404], "the contact was deleted"),
    ("/rpc/contacts/show", &[404], "the contact was deleted"),
    ("/rpc/contacts/edit", &[404], "the contact was deleted"),
    ("/rpc/contacts/person", &[404], "the contact was deleted"),
    ("/rpc/contacts/ask-several", &[404], "the contact was deleted"),
    ("/rpc/contacts/change-several", &[404, 409], "the contact was deleted, or cannot be closed"),
    ("/rpc/contacts/ask-to-close", &[404], "the contact was deleted"),
    ("/rpc/contacts/close", &[404, 409], "the contact was deleted, or is closed already"),
    ("/rpc/contacts/reopen", &[404, 409], "the contact was deleted, or is active already"),
    ("/rpc/activity/of-person", &[404], "the contact was deleted"),
    ("/rpc/mail/of-person", &[404], "the contact was deleted"),
    ("/rpc/permissions/grant", &[404, 409], "the contact was deleted, or asked for nothing"),
    ("/rpc/permissions/refuse", &[404, 409], "the contact was deleted, or asked for nothing"),
    ("/rpc/contacts/update", &[422], "a name is missing"),
    ("/rpc/roles/edit", &[404], "made-up id"),
    ("/rpc/roles/create", &[422], "no permission is ticked"),
    ("/rpc/roles/update", &[404], "made-up id"),
    ("/rpc/roles/delete", &[404], "made-up id"),
    ("/rpc/contacts/delete", &[404], "the contact was deleted"),
    ("/rpc/contacts/resend-invitation", &[404, 409], "the contact was deleted, or has no invitation"),
    ("/rpc/contacts/withdraw-invitation", &[404, 409], "the contact was deleted, or has no invitation"),
    ("/rpc/contacts/invitation-link", &[404], "the contact has no invitation"),
    ("/rpc/holders/show", &[404], "the service is not theirs to see"),
    ("/rpc/permissions/ask", &[409, 422], "they hold it, or asked before"),
    ("/rpc/previews/see-contact", &[404, 409], "the contact was deleted, or cannot enter"),
    ("/rpc/previews/see-form", &[404, 422], "the contact was deleted, or may not log in"),
    ("/rpc/services/request-upgrade", &[409, 422], "the words are missing, or it was asked before"),
    ("/rpc/services/withdraw-upgrade", &[409], "none waits"),
    ("/rpc/services/request-cancellation", &[409, 422], "the reason is missing, or it was asked before"),
    ("/rpc/services/withdraw-cancellation", &[409], "none waits"),
    ("/rpc/services/open-panel", &[409], "the service is not active"),
    ("/rpc/domains/request-nameservers", &[409, 422], "the names are missing, or it was asked before"),
    ("/rpc/domains/request-lock", &[409], "it was asked before"),
    ("/rpc/domains/withdraw-request", &[409], "none waits"),
    ("/rpc/recipients/preview", &[404], "the contact was deleted"),
    ("/rpc/recipients/choose", &[409, 422], "made from an older version"),
    ("/rpc/invoices/show", &[404], "made-up id"),
    ("/rpc/invoices/use-credit", &[404], "made-up id"),
    ("/rpc/payments/begin", &[404], "made-up id"),
    ("/rpc/payments/charge", &[404], "made-up id"),
    ("/rpc/payments/confirm", &[404], "made-up id"),
    ("/rpc/payments/add-method", &[409], "no gateway is set up"),
    ("/rpc/payments/confirm-method", &[404], "made-up id"),
    ("/rpc/payments/remove-method", &[404], "made-up id"),
    ("/rpc/tickets/show", &[404], "not their ticket"),
    ("/rpc/tickets/version", &[404], "not their ticket"),
    ("/rpc/tickets/canned", &[404], "staff alone do"),
    ("/rpc/tickets/open", &[422], "the words are missing"),
    ("/rpc/tickets/reply", &[422], "the words are missing"),
    ("/rpc/tickets/call-back", &[404], "not their message"),
    ("/rpc/tickets/set-status", &[404], "not their ticket"),
    ("/rpc/tickets/rate", &[404, 422], "not their ticket, or no rating"),
    ("/rpc/tickets/add-person", &[404, 422], "not their ticket, or the contact cannot log in"),
    ("/rpc/tickets/remove-person", &[404], "not their ticket, or the contact is not in it"),
    ("/rpc/tickets/save-draft", &[404], "not their ticket"),
    ("/rpc/tickets/remove-file", &[404], "no such file"),
    ("/rpc/tickets/decide", &[404], "no such message"),
    ("/rpc/tickets/change", &[404], "staff alone do"),
    ("/rpc/tickets/show-departments", &[404], "the contact was deleted"),
    ("/rpc/tickets/close-departments", &[404], "the contact was deleted"),
    ("/rpc/mail/message", &[404], "made-up id"),
    ("/rpc/mail/send-again", &[404], "made-up id"),
];

/// Calls every function that asks for a permission, and says how each answered.
async fn doors(browser: &mut Browser, fields: &str) -> Vec<(&'static str, Who, Door)> {
    let mut doors = Vec::new();
    for (path, who) in table().into_iter().filter(|(path, who)| {
        matches!(who, AnyContact | Holder(_) | On(_) | SeesTickets) && !path.starts_with("/rpc/ownership/")
    }) {
        let expected =
            REFUSED.iter().find(|(of, ..)| *of == path).map_or(&[][..], |(_, refusals, _)| refusals);
        let answer = browser.post(path, fields.to_owned()).await;
        let door = match answer.status {
            StatusCode::FORBIDDEN => Door::Forbidden,
            // What is done to a contact may find it gone: that is no answer about the permission.
            StatusCode::NOT_FOUND if matches!(who, On(_)) => Door::NotFound,
            status if status.is_success() || expected.contains(&status.as_u16()) => Door::Open,
            status => panic!(
                "{path} answers {status}, which is neither an answer nor a refusal of its row: {}",
                answer.body
            ),
        };
        doors.push((path, who, door));
    }
    doors
}

/// What whoever may is answered when all is right.
enum Expected {
    /// With this in the body.
    Gives(&'static str),
    /// A refusal that lies in the nature of it, with this in the body.
    Refuses(u16, &'static str),
}
use Expected::{Gives, Refuses};

/// An id that no role has. What is done to one that there is, `src/tests/roles.rs` shows.
const NO_ROLE: &str = "01k9zv5s8t3w2x1y0abcdefghj";

/// One call of somebody who may.
struct Call {
    path: &'static str,
    /// The owner, or else Wanda, who is a contact without permissions.
    owner: bool,
    fields: Vec<(&'static str, String)>,
    answer: Expected,
}

#[tokio::test]
async fn whoever_may_gets_a_real_answer() {
    let mut ground = Ground::new().await;
    let mut wanda = ground
        .test
        .member(&mut ground.olivia, &ground.bakery, "Wanda Without", "wanda@example.com", &[])
        .await;
    let wandas =
        contact_by_email(&mut ground.olivia, &ground.bakery, "wanda@example.com").await.id.to_string();
    invite(&mut ground.olivia, &ground.bakery, "ines@example.com", "Ines Invited", &[]).await.unwrap();
    let ines = contact_by_email(&mut ground.olivia, &ground.bakery, "ines@example.com").await;
    let message = ground.test.last_mail("ines@example.com").await.id;
    ground.test.execute("UPDATE outbox SET state = 'sent'".into()).await;
    let (wanda_asks, wandas_too) = (wandas.clone(), wandas.clone());
    let text = |value: &str| value.to_owned();
    let by_owner =
        |path, fields: Vec<(&'static str, String)>, answer| Call { path, owner: true, fields, answer };
    let by_wanda =
        |path, fields: Vec<(&'static str, String)>, answer| Call { path, owner: false, fields, answer };
    let about_ines = || vec![("contact", ines.id.to_string())];
    let form = |more: &[(&'static str, &str)]| {
        more.iter().map(|(name, value)| (*name, (*value).to_owned())).collect::<Vec<_>>()
    };
    let named = |more: &[(&'static str, &str)]| {
        form(&[&[("first_name", "Ines"), ("email", "ines@example.com")], more].concat())
    };
    let profile = form(&[("name", "Hart Bakery"), ("email", "new@bakery.example"), ("mail[]", "domain")]);
    let calls = vec![
        by_owner(ShowFrame::PATH, vec![], Gives("Hart Bakery")),
        by_owner(ShowOverview::PATH, vec![], Gives("Olivia Hart")),
        by_owner(ShowNeeds::PATH, vec![], Gives("[")),
        by_owner(ShowRules::PATH, vec![], Gives("needs_factor")),
        by_owner(SaveRules::PATH, vec![], Gives("now optional on this account")),
        by_owner(ListActivity::PATH, vec![], Gives("invited Ines Invited")),
        by_owner(ListActors::PATH, vec![], Gives("Olivia Hart")),
        by_owner(ShowOwnership::PATH, vec![], Gives("Wanda Without")),
        by_owner(
            OfferOwnership::PATH,
            vec![("contact", wandas.clone()), ("current_password", text(super::support::PASSWORD))],
            Gives("was asked by e-mail"),
        ),
        by_owner(ShowReplacement::PATH, vec![], Gives("null")),
        by_owner(StopReplacement::PATH, vec![], Refuses(409, "Nothing waits any more")),
        by_owner(WithdrawOwnership::PATH, vec![], Gives("was withdrawn")),
        by_owner(
            OfferOwnership::PATH,
            vec![("contact", wandas), ("current_password", text(super::support::PASSWORD))],
            Gives("was asked by e-mail"),
        ),
        by_wanda(DeclineOwnership::PATH, vec![], Gives("You declined")),
        by_wanda(AcceptOwnership::PATH, vec![], Refuses(409, "is no longer open")),
        by_owner(ShowProfile::PATH, vec![], Gives("olivia@bakery.example")),
        by_owner(SaveProfile::PATH, profile, Gives("once it is confirmed")),
        by_owner(WithdrawMainAddress::PATH, vec![], Gives("stays as it is")),
        by_owner(ListContacts::PATH, vec![("role", text(""))], Gives("target@example.com")),
        by_owner(AskToDelete::PATH, vec![], Gives("stay on past tickets and invoices")),
        by_owner(ShowContact::PATH, vec![], Gives("target@example.com")),
        by_owner(EditContact::PATH, vec![], Gives("target@example.com")),
        by_owner(ShowPerson::PATH, vec![], Gives("target@example.com")),
        by_owner(ShowPersonActivity::PATH, vec![], Gives("target@example.com")),
        by_owner(ShowPersonMail::PATH, vec![], Gives("target@example.com")),
        by_owner(
            AskSeveral::PATH,
            vec![("act", text("resend")), ("who", ines.id.to_string())],
            Gives("Ines Invited"),
        ),
        by_owner(
            ChangeSeveral::PATH,
            vec![("act", text("resend")), ("who", ines.id.to_string())],
            Gives("are on their way to 1 person"),
        ),
        by_owner(AskToClose::PATH, about_ines(), Gives("can be reopened")),
        by_owner(
            CreateContact::PATH,
            form(&[("first_name", "Carla"), ("email", "carla@example.com")]),
            Gives("Carla was added"),
        ),
        by_owner(
            InviteUsers::PATH,
            form(&[("emails", "ivo@example.com")]),
            Gives("is on its way to ivo@example.com"),
        ),
        by_owner(ShowGivable::PATH, vec![], Gives("Shop")),
        by_wanda(ShowGranters::PATH, vec![], Gives("Olivia Hart")),
        by_wanda(AskForAccess::PATH, vec![], Gives("Olivia Hart")),
        by_owner(RefuseAccess::PATH, vec![("contact", wanda_asks.clone())], Gives("You refused")),
        by_owner(GrantAccess::PATH, vec![("contact", wanda_asks)], Refuses(409, "already been answered")),
        by_owner(
            CreateRole::PATH,
            form(&[("name", "Helper"), ("permissions[]", "orders.place")]),
            Gives("The role “Helper” was saved"),
        ),
        by_owner(ListRoles::PATH, vec![], Gives("Place orders.")),
        by_owner(EditRole::PATH, vec![("role", NO_ROLE.to_owned())], Refuses(404, "")),
        by_owner(UpdateRole::PATH, vec![("role", NO_ROLE.to_owned())], Refuses(404, "")),
        by_owner(DeleteRole::PATH, vec![("role", NO_ROLE.to_owned())], Refuses(404, "")),
        by_owner(SeeContact::PATH, about_ines(), Gives("/a/")),
        by_owner(
            SeeForm::PATH,
            named(&[("contact", ""), ("log_in", "on"), ("preset", "accounting")]),
            Gives("/a/"),
        ),
        by_owner(ResendInvitation::PATH, about_ines(), Gives("is on its way to ines@example.com")),
        by_owner(InvitationLink::PATH, about_ines(), Gives("/invitations/")),
        by_owner(WithdrawInvitation::PATH, about_ines(), Gives("was withdrawn")),
        by_owner(
            WouldChange::PATH,
            named(&[("contact", ines.id.as_str()), ("mail[]", "general")]),
            Gives("will also get general mail"),
        ),
        by_owner(
            PreviewMail::PATH,
            named(&[("contact", ines.id.as_str()), ("mail[]", "general")]),
            Gives("draft="),
        ),
        by_owner(
            UpdateContact::PATH,
            named(&[("contact", ines.id.as_str()), ("version", "2"), ("preset", "custom")]),
            Gives("Changes to"),
        ),
        by_owner(CloseContact::PATH, about_ines(), Gives("was closed")),
        by_owner(ReopenContact::PATH, about_ines(), Gives("is active again")),
        by_owner(DeleteContact::PATH, about_ines(), Gives("was deleted")),
        by_owner(ShowHolders::PATH, vec![], Gives("Olivia Hart")),
        by_owner(ListServices::PATH, vec![], Gives("Shop")),
        by_owner(ShowService::PATH, vec![], Gives("hartbake")),
        by_owner(OpenPanel::PATH, vec![], Gives("https://panel.example/login?sign_on=")),
        by_owner(
            RequestUpgrade::PATH,
            form(&[("wanted", "more space")]),
            Gives("Upgrade requested for Shop"),
        ),
        by_owner(WithdrawUpgrade::PATH, vec![], Gives("/services/")),
        by_owner(
            RequestCancellation::PATH,
            form(&[("reason", "closing"), ("when", "end"), ("sure", "on")]),
            Gives("Cancellation requested for Shop"),
        ),
        by_owner(WithdrawCancellation::PATH, vec![], Gives("/services/")),
        by_owner(ListDomains::PATH, vec![], Gives("bakery.example")),
        by_owner(ShowDomain::PATH, vec![], Gives("ns1.portal.example")),
        by_owner(
            RequestNameservers::PATH,
            form(&[("nameservers_wanted", "a.ns.example\nb.ns.example")]),
            Gives("requested for bakery.example"),
        ),
        by_owner(RequestLock::PATH, vec![], Gives("requested for bakery.example")),
        by_owner(WithdrawDomainRequest::PATH, vec![], Gives("/domains/")),
        by_owner(SetAutoRenew::PATH, vec![], Gives("no longer renews automatically")),
        by_owner(WhoGetsWhat::PATH, vec![], Gives("A notice about a domain")),
        by_wanda(OwnChoice::PATH, vec![], Gives("wanda@example.com")),
        by_wanda(Choose::PATH, form(&[("mail[]", "general")]), Gives("Changes saved")),
        by_owner(ListHistory::PATH, vec![], Gives("ines@example.com")),
        by_owner(ShowMessage::PATH, vec![("message", message.clone())], Gives("ines@example.com")),
        by_owner(
            SendAgain::PATH,
            vec![("message", message)],
            Refuses(409, "contains a link meant only for its recipient"),
        ),
        by_owner(ListInvoices::PATH, vec![], Gives("\"items\"")),
        by_owner(ShowBalances::PATH, vec![], Gives("[]")),
        by_owner(ShowStatement::PATH, vec![], Gives("[]")),
        by_owner(ShowInvoice::PATH, vec![], Refuses(404, "")),
        by_owner(UseCredit::PATH, vec![], Refuses(404, "")),
        by_owner(BeginCheckout::PATH, vec![], Refuses(404, "")),
        by_owner(PayWithMethod::PATH, vec![], Refuses(404, "")),
        by_owner(ConfirmCheckout::PATH, vec![], Refuses(404, "")),
        by_owner(ShowMethods::PATH, vec![], Gives("set_up")),
        by_owner(AddMethod::PATH, vec![], Refuses(409, "is not set up here")),
        by_owner(ConfirmMethod::PATH, vec![], Refuses(404, "")),
        by_owner(RemoveMethod::PATH, vec![], Refuses(404, "")),
        by_owner(SetAutomatic::PATH, vec![], Gives("Nothing is charged by itself")),
        by_owner(ListTickets::PATH, vec![], Gives("Cold oven")),
        by_owner(ShowTicket::PATH, vec![], Gives("It is cold.")),
        by_owner(TicketVersion::PATH, vec![], Gives("\"version\":2")),
        by_owner(PreviewTicket::PATH, form(&[("text", "**Hot**")]), Gives("<strong>Hot</strong>")),
        by_owner(FillCanned::PATH, vec![], Refuses(404, "")),
        by_owner(NewTicket::PATH, vec![], Gives("Support")),
        by_owner(
            OpenTicket::PATH,
            form(&[("department", "01k9zv5s8t3w2x1y0abcdefghd"), ("subject", "New"), ("text", "Hello")]),
            Gives("is open. Support is told."),
        ),
        by_owner(SaveTicketDraft::PATH, form(&[("text", "Half")]), Gives("null")),
        by_owner(
            ReplyToTicket::PATH,
            form(&[("text", "Still"), ("version", "2"), ("kind", "reply")]),
            Gives("Your answer was sent."),
        ),
        by_owner(CallBackReply::PATH, vec![], Refuses(404, "")),
        by_owner(
            AddTicketPerson::PATH,
            vec![("contact", wandas_too.clone())],
            Gives("Wanda Without can see this ticket."),
        ),
        by_wanda(ShowTicket::PATH, vec![], Gives("It is cold.")),
        by_owner(
            RemoveTicketPerson::PATH,
            vec![("contact", wandas_too)],
            Gives("was taken out of this ticket"),
        ),
        by_owner(RemoveTicketFile::PATH, vec![], Refuses(404, "")),
        by_owner(DecideHeld::PATH, vec![], Refuses(404, "")),
        by_owner(ChangeTicket::PATH, vec![], Refuses(404, "")),
        by_owner(SetTicketStatus::PATH, form(&[("to", "closed")]), Gives("is closed.")),
        by_owner(RateTicket::PATH, form(&[("rating", "4")]), Gives("Your rating was saved.")),
        by_owner(ShowDepartments::PATH, vec![], Gives("Support")),
        by_owner(CloseDepartments::PATH, vec![], Gives("The departments were saved.")),
        by_owner(ShowSupport::PATH, vec![], Gives("Ask")),
        by_owner(ChooseSupport::PATH, form(&[("access", "never")]), Gives("Support access is now “Never”")),
        by_owner(AnswerSupport::PATH, form(&[("view", NO_ROLE)]), Refuses(409, "no longer waits")),
        by_owner(EndSupport::PATH, vec![], Gives("Nobody may look any more")),
        by_wanda(LeaveAccount::PATH, vec![], Gives("You left Hart Bakery")),
    ];
    let called: BTreeSet<&str> = calls.iter().map(|call| call.path).collect();
    let owed = table()
        .into_iter()
        // What staff are answered, `src/tests/operator.rs` shows.
        .filter(|(path, who)| !matches!(who, Public(_) | SignedIn | Staff(_)) && !called.contains(path));
    assert_eq!(
        owed.map(|(path, _)| path).collect::<Vec<_>>(),
        Vec::<&str>::new(),
        "functions whose real answer nobody has seen"
    );
    let ground_fields = ground.form(&ground.service, &ground.domain);
    for Call { path, owner, fields, answer } in calls {
        let browser = if owner { &mut ground.olivia } else { &mut wanda };
        let mut all: Vec<(String, String)> =
            form_urlencoded::parse(ground_fields.as_bytes()).into_owned().collect();
        all.retain(|(name, _)| !fields.iter().any(|(own, _)| own == name));
        all.extend(fields.into_iter().map(|(name, value)| (name.to_owned(), value)));
        if let Some(version) = browser.version(path, &super::support::borrowed(&all)).await {
            all.push(("version".into(), version));
        }
        let got = browser.post(path, self::form(&super::support::borrowed(&all))).await;
        match answer {
            Gives(part) => assert!(
                got.status.is_success() && got.body.contains(part),
                "{path}: {} {}",
                got.status,
                got.body
            ),
            Refuses(status, part) => assert!(
                got.status == status && got.body.contains(part),
                "{path}: {} {}",
                got.status,
                got.body
            ),
        }
        // Whatever answers as a form does is done once, and its fields are known.
        let keys: BTreeSet<String> =
            serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&got.body)
                .map(|map| map.into_iter().map(|(key, _)| key).collect())
                .unwrap_or_default();
        let as_a_form = keys == ["reload", "say", "to", "undo"].map(str::to_owned).into();
        assert_eq!(as_a_form, FORMS.contains_key(path) && got.status.is_success(), "{path}");
    }
}

#[tokio::test]
async fn every_preset_and_every_permission_opens_exactly_what_it_says() {
    let mut ground = Ground::new().await;
    let mut mona =
        ground.test.member(&mut ground.olivia, &ground.bakery, "Mona Matrix", "mona@example.com", &[]).await;
    let fields = ground.form(&ground.service, &ground.domain);
    for set in sets() {
        ground
            .test
            .execute(format!(
                "UPDATE contacts SET permissions = '{}' WHERE email = 'mona@example.com'",
                set.keys()
            ))
            .await;
        for (path, who, door) in doors(&mut mona, &fields).await {
            assert_eq!(door, expected(who, set), "{path} with “{}”", set.keys());
        }
    }
}

#[tokio::test]
async fn permissions_on_one_thing_open_that_thing_and_nothing_else() {
    let mut ground = Ground::new().await;
    let mut mona =
        ground.test.member(&mut ground.olivia, &ground.bakery, "Mona Matrix", "mona@example.com", &[]).await;
    let mona_contact = contact_by_email(&mut ground.olivia, &ground.bakery, "mona@example.com").await.id;
    let (blog, other) = (
        ground.test.service(&ground.bakery, "Blog").await,
        ground.test.domain(&ground.bakery, "other.example").await,
    );
    let (here, there) = (ground.form(&ground.service, &ground.domain), ground.form(&blog, &other));
    let service_sets = sets().into_iter().map(|set| set.within(Group::Service.permissions()));
    let domain_sets = sets().into_iter().map(|set| set.within(Group::Domain.permissions()));
    for (set, asset) in service_sets
        .map(|set| (set, ground.service.asset()))
        .chain(domain_sets.map(|set| (set, ground.domain.asset())))
    {
        if set.is_empty() {
            continue;
        }
        ground.test.execute("DELETE FROM grants".into()).await;
        ground
            .test
            .execute(format!("INSERT INTO grants VALUES ('{mona_contact}', '{asset}', '{}')", set.keys()))
            .await;
        let on_assets = |doors: Vec<(&'static str, Who, Door)>| {
            doors.into_iter().filter(|(_, who, _)| matches!(who, On(_)))
        };
        for (path, who, door) in on_assets(doors(&mut mona, &here).await) {
            assert_eq!(door, expected(who, set), "{path} with “{}” on it", set.keys());
        }
        for (path, _, door) in on_assets(doors(&mut mona, &there).await) {
            assert_eq!(door, Door::NotFound, "{path} with “{}” on another", set.keys());
        }
    }
}

/// Preset × action as text, made from what happened when every action was called: what a reviewer reads, and
/// what `make permissions-matrix` prints.
async fn matrix() -> String {
    let mut ground = Ground::new().await;
    let mut mona =
        ground.test.member(&mut ground.olivia, &ground.bakery, "Mona Matrix", "mona@example.com", &[]).await;
    let fields = ground.form(&ground.service, &ground.domain);
    let mut happened: Vec<BTreeMap<&str, Door>> = Vec::new();
    for preset in Preset::NAMED {
        let keys = preset.permissions().unwrap_or_default().keys();
        ground
            .test
            .execute(format!("UPDATE contacts SET permissions = '{keys}' WHERE email = 'mona@example.com'"))
            .await;
        let mut of_preset: BTreeMap<&str, Door> =
            doors(&mut mona, &fields).await.into_iter().map(|(path, _, door)| (path, door)).collect();
        for (path, who) in table()
            .into_iter()
            .filter(|(path, who)| matches!(who, TheOwner) || path.starts_with("/rpc/ownership/"))
        {
            // Leaving would end the test: the journey of `ownership.rs` shows it.
            let status = if path == LeaveAccount::PATH {
                StatusCode::OK
            } else {
                mona.post(path, fields.clone()).await.status
            };
            let door = match status {
                StatusCode::FORBIDDEN => Door::Forbidden,
                StatusCode::OK | StatusCode::CONFLICT => Door::Open,
                other => panic!("{path} ({who:?}) answers {other}"),
            };
            of_preset.insert(path, door);
        }
        happened.push(of_preset);
    }
    let mut out = String::from(
        "What each preset opens, action by action. Made by `make permissions-matrix` from what happened when every action was called; a test\n\
         compares it. yes: it opens. -: forbidden. (hidden): not found, as if it did not exist.\n\n",
    );
    out.push_str(&format!(
        "{:<38}{:<24}{:>8}{:>12}{:>17}{:>17}\n",
        "action", "needs", "None", "Accounting", "Technical Staff", "Full Privileges"
    ));
    for (path, who) in table() {
        let needs = match who {
            AnyContact => "any contact".to_owned(),
            Holder(key) => key.to_owned(),
            On(key) => format!("{key} on it"),
            SeesTickets => "seeing the ticket".to_owned(),
            TheOwner => "being the owner".to_owned(),
            Public(_) | SignedIn | Staff(_) => continue,
        };
        out.push_str(&format!("{:<38}{needs:<24}", path.trim_start_matches("/rpc/")));
        for (of_preset, width) in happened.iter().zip([8, 12, 17, 17]) {
            let word = match of_preset[path] {
                Door::Open => "yes",
                Door::Forbidden => "-",
                Door::NotFound => "(hidden)",
            };
            out.push_str(&format!("{word:>width$}"));
        }
        out.push('\n');
    }
    out
}

#[tokio::test]
async fn the_permissions_matrix_is_the_one_that_was_reviewed() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/features/permissions/matrix.txt");
    let made = matrix().await;
    if std::env::var_os("LATCHKEY_WRITE_MATRIX").is_some() {
        std::fs::write(file, &made).unwrap();
    }
    assert_eq!(
        std::fs::read_to_string(file).unwrap_or_default(),
        made,
        "what presets open has changed: review it with `make permissions-matrix`"
    );
}

#[tokio::test]
async fn every_page_of_an_account_is_closed_to_others() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let (mut oscar, _) = test.oscar().await;
    let mut without = test.member(&mut olivia, &bakery, "Wanda Without", "wanda@example.com", &[]).await;
    let own = contact_by_email(&mut olivia, &bakery, "olivia@bakery.example").await;
    let (service, domain) =
        (test.service(&bakery, "Shop").await, test.domain(&bakery, "bakery.example").await);
    let message = test.last_mail("wanda@example.com").await.id;
    let fields = [("account", bakery.as_str()), ("name", "Helper"), ("permissions[]", "orders.place")];
    olivia.change(CreateRole::PATH, &fields).await.unwrap();
    let roles: Vec<crate::features::roles::model::RoleRow> =
        olivia.call(ListRoles::PATH, &fields[..1]).await.unwrap();
    let role = roles[0].id.to_string();
    let ticket = test.ticket(&mut olivia, &bakery).await;
    let mut ada = super::invoices::biller(&test).await;
    let invoice = super::invoices::issue(&mut ada, &bakery).await;
    for (page, who) in PAGES.iter().filter(|(page, _)| page.starts_with("/a/")) {
        let path = page.replace("{account}", bakery.as_str()).replace("{contact}", own.id.as_str());
        let path = path.replace("{ticket}", &ticket).replace("{invoice}", &invoice);
        let path = path.replace("{message}", message.as_str()).replace("{role}", &role);
        let path = path.replace("{service}", service.as_str()).replace("{domain}", domain.as_str());
        let nobody = test.browser().get(&path).await;
        assert_eq!(nobody.status, StatusCode::SEE_OTHER, "{page} as nobody");
        assert!(nobody.location().starts_with("/sign-in?next=%2Fa%2F"), "{}", nobody.location());
        let outside = oscar.get(&path).await;
        assert_eq!(outside.status, StatusCode::NOT_FOUND, "{page} as an outsider");
        assert!(!outside.body.contains("Hart Bakery"), "{page} tells an outsider the name of the account");
        let expected = match *who {
            who if who.starts_with("any contact") => StatusCode::OK,
            who if who.ends_with(" on it") => StatusCode::NOT_FOUND,
            _ => StatusCode::FORBIDDEN,
        };
        assert_eq!(without.get(&path).await.status, expected, "{page} without a permission");
        let owners = match *page {
            page if page.ends_with("/panel") => StatusCode::SEE_OTHER,
            // No gateway is set up, and no payment was begun.
            page if page.ends_with("/pay") || page.ends_with("/add") => StatusCode::CONFLICT,
            page if page.ends_with("{checkout}") || page.ends_with("{method}") => StatusCode::NOT_FOUND,
            _ => StatusCode::OK,
        };
        assert_eq!(olivia.get(&path).await.status, owners, "{page} as the owner");
    }
}

#[tokio::test]
async fn the_demo_is_closed_where_there_is_none() {
    let test = TestApp::new().await;
    let (mut olivia, _) = test.olivia().await;
    assert_eq!(olivia.get("/dev/mail").await.status, StatusCode::NOT_FOUND);
    assert!(!olivia.get("/sign-in").await.body.contains("This is a demo"));
    olivia.settle("Olivia Two", "", "two@bakery.example", super::support::PASSWORD).await.unwrap();
    let id = test.last_mail("two@bakery.example").await.id;
    assert_eq!(olivia.get(&format!("/dev/mail/{id}")).await.status, StatusCode::NOT_FOUND);
    let demo = TestApp::with(|config| config.demo = true).await;
    demo.olivia().await;
    let id = demo.last_mail("olivia@bakery.example").await.id;
    let shown = demo.browser().get(&format!("/dev/mail/{id}")).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(shown.headers.get("content-security-policy").unwrap().to_str().unwrap().contains("sandbox"));
    assert_eq!(demo.browser().get("/dev/mail/nothing").await.status, StatusCode::NOT_FOUND);
    assert_eq!(demo.browser().get("/dev/mail").await.status, StatusCode::OK);
    assert!(demo.browser().get("/sign-in").await.body.contains("olivia@hartbakery.example"));
}

fn form(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}
