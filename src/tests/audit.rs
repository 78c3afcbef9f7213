//! The audit trail (X2): what every change leaves, who may read it, that nobody can alter it, and that
//! nothing secret is in it.

use super::support::*;
use crate::access::System;
use crate::demo::browser::Browser;
use crate::error::AppError;
use crate::features::accounts::rpc::*;
use crate::features::attention::rpc::*;
use crate::features::audit::model::AuditRow;
use crate::features::audit::record;
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
use crate::features::roles::model::RoleRow;
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
use crate::platform::db::args;
use crate::types::{AccountId, Page};
use leptos::server_fn::ServerFn;
use std::collections::{BTreeMap, BTreeSet};

/// What a server function leaves in the audit trails.
pub enum Leaves {
    /// Nothing, because it changes nothing that anybody has to know of; with the reason where it writes at
    /// all.
    Nothing(&'static str),
    /// Entries of these kinds.
    Entries(&'static [&'static str]),
    /// Entries, but only with a passkey, which the journeys in a real browser show.
    WithPasskey,
    /// Entries in every trail, by staff: `src/tests/operator.rs` walks through them.
    ByStaff(&'static [&'static str]),
}
use Leaves::{ByStaff, Entries, Nothing, WithPasskey};

const READS: Leaves = Nothing("it only reads");
const ASKS: Leaves = Nothing("a question changes nothing");

pub fn table() -> Vec<(&'static str, Leaves)> {
    vec![
        (PasswordStrength::PATH, READS),
        (SignUp::PATH, Entries(&["login.signed-up"])),
        (MailedLink::PATH, READS),
        (VerifyAddress::PATH, Entries(&["account.opened", "login.signed-in"])),
        (SignIn::PATH, Entries(&["login.signed-in"])),
        (ShowFactors::PATH, READS),
        (FactorChallenge::PATH, ASKS),
        (SecondFactor::PATH, Entries(&["login.signed-in"])),
        (PasskeyChallenge::PATH, ASKS),
        (PasskeySignIn::PATH, WithPasskey),
        (SignOut::PATH, Entries(&["login.signed-out"])),
        (ForgotPassword::PATH, Nothing("anybody can ask; what comes of it leaves one")),
        (ResetPassword::PATH, Entries(&["login.password", "login.signed-in"])),
        (DemoLogins::PATH, READS),
        (WhoAmI::PATH, READS),
        (ChooseTheme::PATH, Nothing("how pages look in a browser")),
        (ShowOwnProfile::PATH, READS),
        (SaveOwnProfile::PATH, Entries(&["login.profile"])),
        (ShowSecurity::PATH, READS),
        (EndSession::PATH, Entries(&["login.signed-out"])),
        (EndOtherSessions::PATH, Entries(&["login.signed-out"])),
        (ShowFarewell::PATH, READS),
        (DeleteUser::PATH, Entries(&["login.deleted", "login.deleted"])),
        (ChangePassword::PATH, Entries(&["login.password"])),
        (ChangeEmail::PATH, Entries(&["login.address-asked"])),
        (EmailLink::PATH, READS),
        (ConfirmEmail::PATH, Entries(&["contacts.changed", "login.address"])),
        (ShowAsked::PATH, READS),
        (OwnChallenge::PATH, ASKS),
        (SetUpApp::PATH, READS),
        (AddApp::PATH, Entries(&["login.factor-added"])),
        (RemoveApp::PATH, Entries(&["login.factor-removed"])),
        (PasskeyOptions::PATH, ASKS),
        (AddPasskey::PATH, WithPasskey),
        (RemovePasskey::PATH, WithPasskey),
        (ShowCodes::PATH, READS),
        (RenewCodes::PATH, Entries(&["login.codes"])),
        (ForgetDevices::PATH, Entries(&["login.signed-out"])),
        (Confirm::PATH, Nothing("what follows it leaves one")),
        (ShowPicker::PATH, READS),
        (ShowOpen::PATH, READS),
        (ShowSwitcher::PATH, READS),
        (ShowFrame::PATH, Nothing("remembers the account entered last, a convenience")),
        (ShowOverview::PATH, READS),
        (ShowNeeds::PATH, READS),
        (ShowRules::PATH, READS),
        (SaveRules::PATH, Entries(&["account.factor"])),
        (ListActivity::PATH, READS),
        (ListActors::PATH, READS),
        (ShowPersonActivity::PATH, READS),
        (ShowOwnership::PATH, READS),
        (OfferOwnership::PATH, Entries(&["account.transfer-offered"])),
        (WithdrawOwnership::PATH, Entries(&["account.transfer-withdrawn"])),
        (AcceptOwnership::PATH, Entries(&["account.transferred"])),
        (DeclineOwnership::PATH, Entries(&["account.transfer-declined"])),
        (LeaveAccount::PATH, Entries(&["contacts.left"])),
        (ShowProfile::PATH, READS),
        (SaveProfile::PATH, Entries(&["account.profile"])),
        (WithdrawMainAddress::PATH, Entries(&["account.profile"])),
        (MainAddressLink::PATH, READS),
        (ConfirmMainAddress::PATH, Entries(&["account.profile"])),
        (ListContacts::PATH, READS),
        (ShowContact::PATH, READS),
        (ShowPerson::PATH, READS),
        (AskToClose::PATH, READS),
        (AskSeveral::PATH, READS),
        (ChangeSeveral::PATH, Entries(&["contacts.closed"])),
        (AskToDelete::PATH, READS),
        (EditContact::PATH, READS),
        (CreateContact::PATH, Entries(&["contacts.added"])),
        (InviteUsers::PATH, Entries(&["invitations.sent"])),
        (UpdateContact::PATH, Entries(&["permissions.given", "contacts.closed", "contacts.changed"])),
        (CloseContact::PATH, Entries(&["contacts.closed"])),
        (ReopenContact::PATH, Entries(&["contacts.opened"])),
        (DeleteContact::PATH, Entries(&["contacts.deleted"])),
        (ResendInvitation::PATH, Entries(&["invitations.resent"])),
        (WithdrawInvitation::PATH, Entries(&["invitations.withdrawn"])),
        (InvitationLink::PATH, Entries(&["invitations.copied"])),
        (ShowGivable::PATH, READS),
        (ShowGranters::PATH, READS),
        (AskForAccess::PATH, Entries(&["permissions.asked"])),
        (GrantAccess::PATH, Entries(&["permissions.given"])),
        (RefuseAccess::PATH, Entries(&["permissions.refused"])),
        (ListRoles::PATH, READS),
        (EditRole::PATH, READS),
        (CreateRole::PATH, Entries(&["permissions.role-saved"])),
        (UpdateRole::PATH, Entries(&["permissions.role-changed", "permissions.given"])),
        (DeleteRole::PATH, Entries(&["permissions.role-deleted"])),
        (SeeContact::PATH, Nothing("a look changes nothing")),
        (SeeForm::PATH, Nothing("a look changes nothing")),
        (ListServices::PATH, READS),
        (ShowService::PATH, READS),
        (OpenPanel::PATH, Entries(&["services.panel"])),
        (RequestUpgrade::PATH, Entries(&["services.requested"])),
        (WithdrawUpgrade::PATH, Entries(&["services.withdrawn"])),
        (RequestCancellation::PATH, Entries(&["services.requested"])),
        (WithdrawCancellation::PATH, Entries(&["services.withdrawn"])),
        (ShowHolders::PATH, READS),
        (DemoPanel::PATH, Nothing("opening the control panel left one")),
        (ListDomains::PATH, READS),
        (ShowDomain::PATH, READS),
        (ListInvoices::PATH, READS),
        (ShowBalances::PATH, READS),
        (ShowStatement::PATH, READS),
        (ShowInvoice::PATH, READS),
        (UseCredit::PATH, ByStaff(&["invoices.paid"])),
        (ListAllInvoices::PATH, READS),
        (ShowRevenue::PATH, READS),
        (ShowInvoiceTemplate::PATH, READS),
        (SaveInvoiceTemplate::PATH, ByStaff(&["staff.settings"])),
        (ShowBilling::PATH, READS),
        (ShowStatements::PATH, READS),
        (BookPayment::PATH, ByStaff(&["invoices.paid", "invoices.paid"])),
        (PutAside::PATH, ByStaff(&["invoices.statement"])),
        (PutBackPayment::PATH, ByStaff(&["invoices.statement"])),
        (ShowGateway::PATH, READS),
        (SaveGateway::PATH, ByStaff(&["staff.settings"])),
        (ShowAccessPoint::PATH, READS),
        (SaveAccessPoint::PATH, ByStaff(&["staff.settings"])),
        (BeginCheckout::PATH, Nothing("what is paid by it stands in the trail")),
        (
            PayWithMethod::PATH,
            Nothing("the payment that it books stands in the trail, see src/tests/payments.rs"),
        ),
        (ShowMethods::PATH, READS),
        (AddMethod::PATH, Nothing("it is not kept yet")),
        (ConfirmMethod::PATH, Nothing("what is kept by it stands in the trail, see src/tests/payments.rs")),
        (RemoveMethod::PATH, Nothing("what it removes stands in the trail, see src/tests/payments.rs")),
        (SetAutomatic::PATH, Entries(&["invoices.methods"])),
        (ConfirmCheckout::PATH, Nothing("the payment that it books stands in the trail")),
        (RunBilling::PATH, ByStaff(&["invoices.issued"])),
        (ShowReceivables::PATH, READS),
        (ManageInvoice::PATH, READS),
        (SaveDraft::PATH, ByStaff(&["invoices.drafted"])),
        (DeleteDraft::PATH, ByStaff(&["invoices.drafted"])),
        (IssueInvoice::PATH, ByStaff(&["invoices.issued", "invoices.issued"])),
        (RecordPayment::PATH, ByStaff(&["invoices.paid", "invoices.paid"])),
        (
            CreditInvoice::PATH,
            ByStaff(&["invoices.issued", "invoices.issued", "invoices.credited", "invoices.credited"]),
        ),
        (
            ReissueInvoice::PATH,
            ByStaff(&[
                "invoices.issued", "invoices.issued", "invoices.credited", "invoices.credited",
                "invoices.issued", "invoices.issued",
            ]),
        ),
        (WriteOffInvoice::PATH, ByStaff(&["invoices.credited", "invoices.credited"])),
        (RefundCredit::PATH, ByStaff(&["invoices.paid", "invoices.paid"])),
        (SendEInvoiceAgain::PATH, ByStaff(&["invoices.issued", "invoices.issued"])),
        (SetCustomerTax::PATH, ByStaff(&["account.profile", "account.profile"])),
        (GiveRefundUp::PATH, ByStaff(&["invoices.paid", "invoices.paid"])),
        (ShowBillingSettings::PATH, READS),
        (SaveBillingSettings::PATH, ByStaff(&["staff.settings"])),
        (ListTickets::PATH, READS),
        (ShowTicket::PATH, READS),
        (TicketVersion::PATH, READS),
        (PreviewTicket::PATH, READS),
        (FillCanned::PATH, READS),
        (NewTicket::PATH, READS),
        (OpenTicket::PATH, Entries(&["tickets.opened"])),
        (ReplyToTicket::PATH, Entries(&["tickets.answered"])),
        (CallBackReply::PATH, ByStaff(&["tickets.called-back"])),
        (SetTicketStatus::PATH, Entries(&["tickets.closed"])),
        (RateTicket::PATH, Entries(&["tickets.rated"])),
        (AddTicketPerson::PATH, Entries(&["tickets.people"])),
        (RemoveTicketPerson::PATH, Entries(&["tickets.people"])),
        (SaveTicketDraft::PATH, Nothing("nothing was sent")),
        (RemoveTicketFile::PATH, Nothing("nothing was sent")),
        (DecideHeld::PATH, ByStaff(&["tickets.mail"])),
        (ChangeTicket::PATH, ByStaff(&["tickets.changed"])),
        (ShowDepartments::PATH, READS),
        (CloseDepartments::PATH, Entries(&["tickets.departments"])),
        (ListDesk::PATH, READS),
        (ShowDeskFacts::PATH, READS),
        (SaveTicketView::PATH, Nothing("how one looks at a list")),
        (DeleteTicketView::PATH, Nothing("how one looks at a list")),
        (ListCanned::PATH, READS),
        (ShowCanned::PATH, READS),
        (SaveCanned::PATH, ByStaff(&["staff.settings"])),
        (DeleteCanned::PATH, ByStaff(&["staff.settings"])),
        (ShowArrangement::PATH, READS),
        (MergeTickets::PATH, ByStaff(&["tickets.changed", "tickets.changed"])),
        (UnmergeTicket::PATH, ByStaff(&["tickets.changed", "tickets.changed"])),
        (SplitTicket::PATH, ByStaff(&["tickets.changed", "tickets.changed"])),
        (PutBack::PATH, ByStaff(&["tickets.changed", "tickets.changed"])),
        (
            MoveTicket::PATH,
            ByStaff(&["tickets.changed", "tickets.changed", "tickets.changed", "tickets.changed"]),
        ),
        (
            MoveBack::PATH,
            ByStaff(&["tickets.changed", "tickets.changed", "tickets.changed", "tickets.changed"]),
        ),
        (PlanTicketBulk::PATH, READS),
        (ListIncoming::PATH, READS),
        (OpenIncoming::PATH, ByStaff(&["account.note", "tickets.opened"])),
        (DismissIncoming::PATH, ByStaff(&["tickets.mail"])),
        (ShowChoice::PATH, READS),
        (ChooseAccount::PATH, Nothing("opening the ticket leaves an entry on its account")),
        (RequestNameservers::PATH, Entries(&["services.requested"])),
        (RequestLock::PATH, Entries(&["services.requested"])),
        (WithdrawDomainRequest::PATH, Entries(&["services.withdrawn"])),
        (SetAutoRenew::PATH, Entries(&["services.renewal"])),
        (ShowOffer::PATH, READS),
        (Join::PATH, Entries(&["login.signed-in"])),
        (AcceptInvitation::PATH, Entries(&["invitations.accepted"])),
        (DeclineInvitation::PATH, Entries(&["invitations.declined"])),
        (DeclineByLink::PATH, Entries(&["invitations.declined"])),
        (WhoGetsWhat::PATH, READS),
        (WouldChange::PATH, READS),
        (PreviewMail::PATH, Nothing("a look changes nothing")),
        (OwnChoice::PATH, READS),
        (Choose::PATH, Entries(&["mail.chosen"])),
        (ChoiceByLink::PATH, READS),
        (ChooseByLink::PATH, Entries(&["mail.chosen"])),
        (ListLetters::PATH, READS),
        (ListHistory::PATH, READS),
        (ShowPersonMail::PATH, READS),
        (ShowMessage::PATH, READS),
        (SendAgain::PATH, Entries(&["mail.again"])),
        (ListMail::PATH, READS),
        (ShowMail::PATH, READS),
        (ShowSupport::PATH, READS),
        (ChooseSupport::PATH, ByStaff(&["account.support-access"])),
        (AnswerSupport::PATH, ByStaff(&["account.view-answered"])),
        (EndSupport::PATH, ByStaff(&["account.view-answered"])),
        (ShowDesk::PATH, READS),
        (ShowDashboard::PATH, READS),
        (ListCustomers::PATH, READS),
        (ShowCustomer::PATH, READS),
        (ShowMyList::PATH, READS),
        (SaveColumns::PATH, Nothing("how one looks at a list")),
        (SaveFilter::PATH, Nothing("how one looks at a list")),
        (DeleteFilter::PATH, Nothing("how one looks at a list")),
        (CountFound::PATH, READS),
        (BeginBulk::PATH, Nothing("each of them gets an entry")),
        (ShowBulk::PATH, READS),
        (ContinueBulk::PATH, Nothing("each of them gets an entry")),
        (UndoBulk::PATH, Nothing("each of them gets an entry")),
        (ListNotes::PATH, READS),
        (AddNote::PATH, ByStaff(&["account.note"])),
        (DeleteNote::PATH, ByStaff(&["account.note"])),
        (
            CreateCustomer::PATH,
            ByStaff(&["account.opened", "account.opened", "invitations.sent", "invitations.sent"]),
        ),
        (CloseCustomer::PATH, ByStaff(&["account.closed", "account.closed"])),
        (ReopenCustomer::PATH, ByStaff(&["account.reopened", "account.reopened"])),
        (ShowReplacement::PATH, READS),
        (ShowData::PATH, READS),
        (EraseCustomer::PATH, ByStaff(&["account.erased", "account.erased"])),
        (PlanMerge::PATH, READS),
        (
            MergeCustomer::PATH,
            ByStaff(&["account.merged", "account.merged", "account.merged", "account.merged"]),
        ),
        (ShowOwnerForm::PATH, READS),
        (ReplaceOwner::PATH, ByStaff(&["account.transfer-offered", "account.transfer-offered"])),
        (KeepOwner::PATH, ByStaff(&["account.transfer-withdrawn", "account.transfer-withdrawn"])),
        (StopReplacement::PATH, ByStaff(&["account.transfer-withdrawn"])),
        (ShowViewForm::PATH, READS),
        (OpenView::PATH, ByStaff(&["account.view-asked", "account.view-asked"])),
        (LookWithoutConsent::PATH, ByStaff(&["account.view-opened", "account.view-opened"])),
        (ListRequests::PATH, READS),
        (ShowRequest::PATH, READS),
        (TakeRequest::PATH, Nothing("who works on a request changes nothing for the customer")),
        (AnswerRequest::PATH, ByStaff(&["services.decided", "services.decided"])),
        (ListStaff::PATH, READS),
        (ShowStaff::PATH, READS),
        (AddStaff::PATH, ByStaff(&["staff.added"])),
        (ChangeStaff::PATH, ByStaff(&["staff.changed"])),
        (SetStaffActive::PATH, ByStaff(&["staff.changed"])),
        (ListStaffRoles::PATH, READS),
        (SaveStaffRole::PATH, ByStaff(&["staff.changed"])),
        (DeleteStaffRole::PATH, ByStaff(&["staff.changed"])),
        (ListTemplates::PATH, READS),
        (ShowTemplate::PATH, READS),
        (SaveTemplateDraft::PATH, Nothing("nobody gets a draft; using it leaves an entry")),
        (UseTemplate::PATH, ByStaff(&["staff.settings"])),
        (ResetTemplate::PATH, ByStaff(&["staff.settings"])),
        (TakeTemplate::PATH, Nothing("nobody gets a draft; using it leaves an entry")),
        (TestTemplate::PATH, Nothing("a mail to oneself")),
        (ListDepartments::PATH, READS),
        (ShowDepartment::PATH, READS),
        (SaveDepartment::PATH, ByStaff(&["staff.settings"])),
        (DeleteDepartment::PATH, ByStaff(&["staff.settings"])),
        (ListStaffActivity::PATH, READS),
        (ListActingStaff::PATH, READS),
        (ShowSettings::PATH, READS),
        (SaveCompany::PATH, ByStaff(&["staff.settings"])),
        (RemoveLogo::PATH, ByStaff(&["staff.settings"])),
        (SendTestMail::PATH, Nothing("a mail to oneself")),
        (ShowMailSettings::PATH, READS),
        (SaveMailSettings::PATH, ByStaff(&["staff.settings"])),
        (TakeBackMail::PATH, ByStaff(&["staff.settings"])),
        (ShowLifetimes::PATH, READS),
        (SaveLifetimes::PATH, ByStaff(&["staff.settings"])),
        (SetDemo::PATH, ByStaff(&["staff.settings"])),
        (ListImports::PATH, READS),
        (ShowImport::PATH, READS),
        (StartImport::PATH, Nothing("what is imported leaves its own entries")),
        (AnnounceImport::PATH, ByStaff(&["staff.imported"])),
        (ListProducts::PATH, READS),
        (ShowProduct::PATH, READS),
        (SaveProduct::PATH, ByStaff(&["staff.settings"])),
        (ShowServiceForm::PATH, READS),
        (SaveService::PATH, ByStaff(&["services.added", "services.added"])),
        (ActOnService::PATH, ByStaff(&["services.changed", "services.changed"])),
        (MoveAsset::PATH, ByStaff(&["services.moved", "services.moved", "services.moved", "services.moved"])),
        (ShowDomainForm::PATH, READS),
        (SaveDomain::PATH, ByStaff(&["services.added", "services.added"])),
        (SetupLink::PATH, READS),
        (BeginSetup::PATH, ByStaff(&["staff.added", "login.signed-in"])),
    ]
}

#[tokio::test]
async fn every_function_says_what_it_leaves() {
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
    assert!(table().iter().all(|(_, leaves)| !matches!(leaves, Nothing(""))));
}

/// Calls functions, each with something to do, and compares what they leave with the table.
struct Walk {
    test: TestApp,
    seen: usize,
    walked: BTreeSet<&'static str>,
    table: BTreeMap<&'static str, Leaves>,
}

impl Walk {
    async fn new() -> Self {
        Self {
            test: TestApp::new().await,
            seen: 0,
            walked: BTreeSet::new(),
            table: table().into_iter().collect(),
        }
    }

    /// What happened meanwhile is not looked at.
    async fn skip(&mut self) {
        self.seen = self.test.kinds().await.len();
    }

    async fn call(&mut self, path: &'static str, browser: &mut Browser, fields: &[(&str, &str)]) {
        let version = browser.version(path, fields).await;
        let fields = fields.iter().copied().chain(version.as_deref().map(|version| ("version", version)));
        self.skip().await;
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let answer = browser.post(path, body).await;
        assert!(answer.status.is_success(), "{path}: {} {}", answer.status, answer.body);
        let left = self.test.kinds().await.split_off(self.seen);
        let expected: &[&str] = match self.table.get(path) {
            Some(Entries(kinds)) => kinds,
            _ => &[],
        };
        assert_eq!(left, expected, "{path}");
        self.walked.insert(path);
    }
}

#[tokio::test]
async fn every_change_leaves_its_trail() {
    let mut walk = Walk::new().await;
    let sign_up = [
        ("name", "Olivia Hart"),
        ("company", "Hart Bakery"),
        ("email", "olivia@bakery.example"),
        ("password", PASSWORD),
    ];
    let mut olivia = walk.test.browser();
    walk.call(SignUp::PATH, &mut olivia, &sign_up).await;
    let token = olivia.mailed("olivia@bakery.example", "/verify/").await.unwrap();
    walk.call(VerifyAddress::PATH, &mut olivia, &[("token", &token), ("password", PASSWORD)]).await;
    let bakery = olivia.get("/accounts").await;
    assert!(bakery.status.is_success());
    let picker: crate::features::accounts::model::Picker = olivia.call(ShowPicker::PATH, &[]).await.unwrap();
    let account = picker.accounts[0].account.clone();
    let of = ("account", account.as_str());

    // People.
    walk.call(CreateContact::PATH, &mut olivia, &[of, ("first_name", "Ada"), ("email", "ada@example.com")])
        .await;
    walk.call(
        InviteUsers::PATH,
        &mut olivia,
        &[of, ("emails", "ben@example.com"), ("name", "Ben Carter"), ("preset", "full_privileges")],
    )
    .await;
    let ben_contact = contact_by_email(&mut olivia, &account, "ben@example.com").await;
    let about_ben = [of, ("contact", ben_contact.id.as_str())];
    walk.call(InvitationLink::PATH, &mut olivia, &about_ben).await;
    walk.call(ResendInvitation::PATH, &mut olivia, &about_ben).await;
    walk.call(SeeContact::PATH, &mut olivia, &about_ben).await;
    let token = olivia.mailed("ben@example.com", "/invitations/").await.unwrap();
    let mut ben = walk.test.browser();
    walk.call(Join::PATH, &mut ben, &[("token", &token), ("name", "Ben Carter"), ("password", PASSWORD)])
        .await;
    let picker: crate::features::accounts::model::Picker = ben.call(ShowPicker::PATH, &[]).await.unwrap();
    walk.call(AcceptInvitation::PATH, &mut ben, &[("invitation", picker.waiting[0].invitation.as_str())])
        .await;
    walk.call(ShowFrame::PATH, &mut ben, &[of]).await;
    let ada = contact_by_email(&mut olivia, &account, "ada@example.com").await;
    let changed = form_of(
        &account,
        &ada,
        &[
            ("first_name", "Adele"),
            ("status", "closed"),
            ("log_in", "on"),
            ("permissions[]", "invoices.view"),
        ],
    );
    // Closed at once, she is not invited; the login is switched on, which has a kind of its own.
    walk.skip().await;
    olivia.change(UpdateContact::PATH, &borrowed(&changed)).await.unwrap();
    assert_eq!(
        walk.test.kinds().await.split_off(walk.seen),
        ["permissions.given", "contacts.closed", "contacts.login", "contacts.changed"]
    );
    let ada = contact_by_email(&mut olivia, &account, "ada@example.com").await;
    let same = form_of(&account, &ada, &[]);
    walk.skip().await;
    olivia.change(UpdateContact::PATH, &borrowed(&same)).await.unwrap();
    assert_eq!(walk.test.kinds().await.len(), walk.seen, "a contact that is saved as it was leaves nothing");
    let again = contact_by_email(&mut olivia, &account, "ada@example.com").await;
    let opened = form_of(
        &account,
        &again,
        &[("first_name", "Ada"), ("status", "active"), ("log_in", ""), ("permissions[]", "invoices.pay")],
    );
    olivia.change(UpdateContact::PATH, &borrowed(&opened)).await.unwrap();
    let again = contact_by_email(&mut olivia, &account, "ada@example.com").await;
    let closed = form_of(
        &account,
        &again,
        &[("first_name", "Adele"), ("status", "closed"), ("permissions[]", "profile.edit")],
    );
    walk.call(UpdateContact::PATH, &mut olivia, &borrowed(&closed)).await;
    walk.call(DeleteContact::PATH, &mut olivia, &[of, ("contact", again.id.as_str())]).await;
    let (mut emil, _) = walk.test.owner("Emil Elsewhere", "", "emil@example.com").await;
    for email in ["cleo@example.com", "dora@example.com", "emil@example.com"] {
        invite(&mut olivia, &account, email, "Somebody", &[]).await.unwrap();
    }
    let cleo = contact_by_email(&mut olivia, &account, "cleo@example.com").await;
    walk.call(WithdrawInvitation::PATH, &mut olivia, &[of, ("contact", cleo.id.as_str())]).await;
    let token = olivia.mailed("dora@example.com", "/invitations/").await.unwrap();
    walk.call(DeclineByLink::PATH, &mut olivia, &[("token", &token)]).await;
    let picker: crate::features::accounts::model::Picker = emil.call(ShowPicker::PATH, &[]).await.unwrap();
    walk.call(DeclineInvitation::PATH, &mut emil, &[("invitation", picker.waiting[0].invitation.as_str())])
        .await;
    let mut wanda = walk.test.member(&mut olivia, &account, "Wanda Without", "wanda@example.com", &[]).await;
    let owner = contact_by_email(&mut olivia, &account, "olivia@bakery.example").await;
    let orders = [of, ("name", "Helper"), ("preset", "custom"), ("permissions[]", "orders.place")];
    walk.call(CreateRole::PATH, &mut olivia, &orders).await;
    let roles: Vec<RoleRow> = olivia.call(ListRoles::PATH, &[of]).await.unwrap();
    let role = ("role", roles[0].id.as_str());
    walk.test.member(&mut olivia, &account, "Rosa Role", "rosa@example.com", &["orders.place"]).await;
    let more = [
        of,
        role,
        ("version", "1"),
        ("follow", "on"),
        ("name", "Helper"),
        ("preset", "custom"),
        ("permissions[]", "orders.place"),
        ("permissions[]", "activity.view"),
    ];
    walk.call(UpdateRole::PATH, &mut olivia, &more).await;
    walk.call(DeleteRole::PATH, &mut olivia, &[of, role]).await;
    walk.call(
        AskForAccess::PATH,
        &mut wanda,
        &[of, ("permission", "invoices.view"), ("asked", owner.id.as_str())],
    )
    .await;
    let wanda_contact = contact_by_email(&mut olivia, &account, "wanda@example.com").await;
    let about_wanda = [of, ("contact", wanda_contact.id.as_str())];
    let asked = [about_wanda[0], about_wanda[1], ("permission", "invoices.view")];
    walk.call(GrantAccess::PATH, &mut olivia, &asked).await;
    wanda
        .change(AskForAccess::PATH, &[of, ("permission", "emails.view"), ("asked", owner.id.as_str())])
        .await
        .unwrap();
    let asked = [about_wanda[0], about_wanda[1], ("permission", "emails.view")];
    walk.call(RefuseAccess::PATH, &mut olivia, &asked).await;
    walk.call(CloseContact::PATH, &mut olivia, &about_wanda).await;
    walk.call(ReopenContact::PATH, &mut olivia, &about_wanda).await;
    let both = [of, ("act", "close"), ("who", wanda_contact.id.as_str())];
    walk.call(ChangeSeveral::PATH, &mut olivia, &both).await;
    olivia.change(ReopenContact::PATH, &about_wanda).await.unwrap();

    // Services, domains, mail, profile.
    let (service, domain) =
        (walk.test.service(&account, "Shop").await, walk.test.domain(&account, "bakery.example").await);
    let (of_service, of_domain) = ([of, ("service", service.as_str())], [of, ("domain", domain.as_str())]);
    walk.call(OpenPanel::PATH, &mut olivia, &of_service).await;
    walk.call(RequestUpgrade::PATH, &mut olivia, &[of_service[0], of_service[1], ("wanted", "more space")])
        .await;
    walk.call(WithdrawUpgrade::PATH, &mut olivia, &of_service).await;
    walk.call(
        RequestCancellation::PATH,
        &mut olivia,
        &[of_service[0], of_service[1], ("reason", "done"), ("sure", "on")],
    )
    .await;
    walk.call(WithdrawCancellation::PATH, &mut olivia, &of_service).await;
    walk.call(
        RequestNameservers::PATH,
        &mut olivia,
        &[of_domain[0], of_domain[1], ("nameservers_wanted", "a.ns.example\nb.ns.example")],
    )
    .await;
    walk.call(
        WithdrawDomainRequest::PATH,
        &mut olivia,
        &[of_domain[0], of_domain[1], ("kind", "nameservers")],
    )
    .await;
    walk.call(RequestLock::PATH, &mut olivia, &of_domain).await;
    walk.call(SetAutoRenew::PATH, &mut olivia, &of_domain).await;
    let department = walk.test.support_department().await;
    let ticket = [of, ("department", department), ("subject", "Cold oven"), ("text", "It is cold.")];
    walk.call(OpenTicket::PATH, &mut olivia, &ticket).await;
    let ticket = walk.test.scalar_text("SELECT id FROM tickets").await;
    let of_ticket = [of, ("ticket", ticket.as_str())];
    let with = |more: &[(&'static str, &'static str)]| [&of_ticket[..], more].concat();
    walk.call(ReplyToTicket::PATH, &mut olivia, &with(&[("text", "Still"), ("version", "2")])).await;
    let person = [&of_ticket[..], &[("contact", ben_contact.id.as_str())]].concat();
    walk.call(AddTicketPerson::PATH, &mut olivia, &person).await;
    walk.call(RemoveTicketPerson::PATH, &mut olivia, &person).await;
    walk.call(SetTicketStatus::PATH, &mut olivia, &with(&[("to", "closed")])).await;
    walk.call(RateTicket::PATH, &mut olivia, &with(&[("rating", "4")])).await;
    walk.call(CloseDepartments::PATH, &mut olivia, &[of, ("contact", ben_contact.id.as_str())]).await;
    walk.test.execute("UPDATE outbox SET state = 'sent', secret = NULL".into()).await;
    let asked = walk.test.last_mail("olivia@bakery.example").await;
    walk.test.later(11);
    walk.call(SendAgain::PATH, &mut olivia, &[of, ("message", asked.id.as_str())]).await;
    walk.call(
        SaveProfile::PATH,
        &mut olivia,
        &[of, ("name", "Hart Bakery Ltd"), ("email", "hello@bakery.example")],
    )
    .await;
    walk.call(WithdrawMainAddress::PATH, &mut olivia, &[of]).await;
    walk.call(
        SaveProfile::PATH,
        &mut olivia,
        &[of, ("name", "Hart Bakery Ltd"), ("email", "hello@bakery.example")],
    )
    .await;
    let link = olivia.mailed("hello@bakery.example", "/confirm-main-address/").await.unwrap();
    walk.call(ConfirmMainAddress::PATH, &mut walk.test.browser(), &[("token", &link)]).await;

    walk.call(Choose::PATH, &mut ben, &[of, ("mail[]", "invoice")]).await;
    let link = olivia.mailed("olivia@bakery.example", "/preferences/").await.unwrap();
    walk.call(
        ChooseByLink::PATH,
        &mut walk.test.browser(),
        &[("token", &link), ("mail[]", "domain"), ("mail[]", "general")],
    )
    .await;

    // Ownership.
    let (ben_id, sure) =
        (contact_by_email(&mut olivia, &account, "ben@example.com").await.id, ("current_password", PASSWORD));
    let offer = [of, ("contact", ben_id.as_str()), sure];
    walk.call(OfferOwnership::PATH, &mut olivia, &offer).await;
    walk.call(WithdrawOwnership::PATH, &mut olivia, &[of]).await;
    olivia.change(OfferOwnership::PATH, &offer).await.unwrap();
    walk.call(DeclineOwnership::PATH, &mut ben, &[of]).await;
    olivia.change(OfferOwnership::PATH, &offer).await.unwrap();
    ben.change(Confirm::PATH, &[("current_password", PASSWORD)]).await.unwrap();
    walk.call(AcceptOwnership::PATH, &mut ben, &[of]).await;
    walk.call(LeaveAccount::PATH, &mut wanda, &[of]).await;

    // Logins.
    walk.call(
        SaveOwnProfile::PATH,
        &mut ben,
        &[
            ("name", "Ben C"),
            ("language", "en-US"),
            ("time_zone", "Europe/Lisbon"),
            ("date_format", "year-month-day"),
        ],
    )
    .await;
    walk.call(Confirm::PATH, &mut ben, &[sure]).await;
    let setup: crate::features::second_factor::model::Setup = ben.call(SetUpApp::PATH, &[]).await.unwrap();
    let code = walk.test.code_of(&walk.test.user_id("ben@example.com").await, "ben@example.com", &setup.seed);
    walk.call(AddApp::PATH, &mut ben, &[("seed", &setup.seed), ("code", &code)]).await;
    walk.call(RenewCodes::PATH, &mut ben, &[]).await;
    walk.call(SetAutomatic::PATH, &mut ben, &[of]).await;
    walk.call(SaveRules::PATH, &mut ben, &[of, ("needs_factor", "on")]).await;
    let mut phone = walk.test.browser();
    phone.sign_in("ben@example.com", PASSWORD).await.unwrap();
    walk.test.later(1);
    let code = walk.test.code("ben@example.com").await;
    walk.call(SecondFactor::PATH, &mut phone, &[("code", &code), ("remember", "on")]).await;
    let security: crate::features::users::model::Security = ben.call(ShowSecurity::PATH, &[]).await.unwrap();
    let other = security.sessions.iter().find(|session| !session.here).unwrap();
    walk.call(EndSession::PATH, &mut ben, &[("session", &other.id)]).await;
    walk.call(EndOtherSessions::PATH, &mut ben, &[]).await;
    walk.call(ForgetDevices::PATH, &mut ben, &[]).await;
    walk.call(RemoveApp::PATH, &mut ben, &[]).await;
    walk.call(SignOut::PATH, &mut ben, &[]).await;
    walk.call(SignIn::PATH, &mut ben, &[("email", "ben@example.com"), ("password", PASSWORD)]).await;
    walk.call(ForgotPassword::PATH, &mut ben, &[("email", "ben@example.com")]).await;
    let token = ben.mailed("ben@example.com", "/reset-password/").await.unwrap();
    walk.call(ResetPassword::PATH, &mut ben, &[("token", &token), ("password", "another-plum-evening-17")])
        .await;
    walk.call(
        ChangePassword::PATH,
        &mut ben,
        &[("current_password", "another-plum-evening-17"), ("new_password", PASSWORD)],
    )
    .await;
    walk.call(ChangeEmail::PATH, &mut ben, &[("email", "ben.carter@example.com"), sure]).await;
    let token = ben.mailed("ben.carter@example.com", "/confirm-email/").await.unwrap();
    walk.call(ConfirmEmail::PATH, &mut ben, &[("token", &token)]).await;
    let mut nina =
        walk.test.member(&mut emil, &emils(&walk.test).await, "Nina New", "nina@example.com", &[]).await;
    walk.call(DeleteUser::PATH, &mut nina, &[]).await;

    let owed: Vec<&str> = table()
        .into_iter()
        .filter(|(path, leaves)| matches!(leaves, Entries(_)) && !walk.walked.contains(path))
        .map(|(path, _)| path)
        .collect();
    assert_eq!(owed, Vec::<&str>::new(), "functions that were not walked");
    let mut reader = System::of(&walk.test.app).read().await.unwrap();
    assert!(record::verify(reader.conn(), walk.test.app.key()).await.unwrap() > 40);
}

async fn emils(test: &TestApp) -> AccountId {
    let mut reader = System::of(&test.app).read().await.unwrap();
    let id: String = reader
        .conn()
        .value("SELECT id FROM accounts WHERE email = 'emil@example.com'", args![])
        .await
        .unwrap();
    id.into()
}

#[tokio::test]
async fn a_change_without_a_trail_does_not_happen() {
    let test = TestApp::new().await;
    let (_, bakery) = test.olivia().await;
    let context = crate::access::request::RequestContext::for_test(&test.app, None);
    let public = crate::access::Public::of(context);
    let mut tx = public.begin().await.unwrap();
    tx.conn()
        .execute("UPDATE accounts SET name = 'Elsewhere' WHERE id = $1", args![bakery.as_str()])
        .await
        .unwrap();
    assert!(matches!(tx.commit().await, Err(AppError::Internal { .. })));
    assert_eq!(test.scalar("SELECT count(*) FROM accounts WHERE name = 'Hart Bakery'").await, 1);
}

async fn trail(browser: &mut Browser, account: &AccountId, query: &[(&str, &str)]) -> Page<AuditRow> {
    let mut fields = vec![("account", account.as_str())];
    fields.extend(query);
    browser.call(ListActivity::PATH, &fields).await.unwrap()
}

#[tokio::test]
async fn it_reads_as_people_talk_and_says_who_when_from_where_and_what_was_before() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    test.member(&mut olivia, &bakery, "Bea Ledger", "bea@example.com", &["invoices.view"]).await;
    test.later(60);
    let bea = contact_by_email(&mut olivia, &bakery, "bea@example.com").await;
    let mut fields = form_of(&bakery, &bea, &[("permissions[]", "invoices.view"), ("phone", "+351 1")]);
    fields.push(("permissions[]".into(), "invoices.pay".into()));
    olivia.change(UpdateContact::PATH, &borrowed(&fields)).await.unwrap();
    let page = trail(&mut olivia, &bakery, &[]).await;
    let told: Vec<(String, String)> =
        page.items.iter().map(|row| (row.actor.clone(), row.says.clone())).collect();
    assert_eq!(
        told,
        [
            ("Olivia Hart", "edited the contact Bea Ledger (bea@example.com)"),
            ("Olivia Hart", "gave Bea Ledger (bea@example.com) “Accounting”"),
            ("Bea Ledger", "accepted the invitation and can enter as bea@example.com"),
            ("Olivia Hart", "invited Bea Ledger (bea@example.com) to view invoices"),
            ("Olivia Hart", "opened the account Hart Bakery (number 10001)"),
        ]
        .map(|(who, what)| (who.to_owned(), what.to_owned()))
    );
    let given = &page.items[1];
    assert_eq!(
        (given.badge(), given.source.as_str(), given.agent.as_str(), given.at),
        ("Owner", "127.0.0.1", "Firefox on Windows", test.app.now())
    );
    assert_eq!(
        (given.changes[0].before.as_str(), given.changes[0].after.as_str()),
        ("view invoices", "view invoices and pay invoices")
    );
    assert_eq!(page.items[0].changes[0].what, "Phone");
    let html = olivia.get(&format!("/a/{bakery}/activity")).await.body;
    assert!(
        html.contains("gave Bea Ledger (bea@example.com) “Accounting”")
            && html.contains("<del>nothing</del> → <ins>+351 1</ins>")
    );
}

#[tokio::test]
async fn it_is_narrowed_down_by_person_kind_day_and_words() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let mut mara = test
        .member(
            &mut olivia,
            &bakery,
            "Mara Manager",
            "mara@example.com",
            &["contacts.manage", "activity.view"],
        )
        .await;
    test.later(24 * 60);
    add(&mut mara, &bakery, "Ada", "ada@example.com").await.unwrap();
    test.later(24 * 60);
    add(&mut olivia, &bakery, "Ben", "ben@example.com").await.unwrap();
    let says = |page: Page<AuditRow>| page.items.into_iter().map(|row| row.says).collect::<Vec<_>>();
    let mara_id = test.user_id("mara@example.com").await;
    let by_mara =
        says(trail(&mut olivia, &bakery, &[("person", mara_id.as_str()), ("kind", "contacts")]).await);
    assert_eq!(by_mara, ["added Ada (ada@example.com) as a contact"]);
    assert_eq!(
        says(trail(&mut olivia, &bakery, &[("from", "2026-11-24")]).await),
        ["added Ben (ben@example.com) as a contact"]
    );
    assert_eq!(
        says(trail(&mut olivia, &bakery, &[("from", "2026-11-23"), ("to", "2026-11-23")]).await),
        by_mara
    );
    // Days as her own calendar has them: it is two in the morning in Greenwich, and the evening before in New
    // York.
    let profile = [
        ("name", "Olivia Hart"),
        ("language", "en-GB"),
        ("time_zone", "America/New_York"),
        ("date_format", "day-month-year"),
    ];
    olivia.save(SaveOwnProfile::PATH, &profile).await.unwrap();
    for filter in [[("from", "2026-11-23"), ("to", "2026-11-23")], [("from", "2026-11-23"), ("to", "")]] {
        assert_eq!(
            says(trail(&mut olivia, &bakery, &filter).await),
            ["added Ben (ben@example.com) as a contact"]
        );
    }
    assert_eq!(says(trail(&mut olivia, &bakery, &[("q", "AS A contact ")]).await).len(), 2);
    assert_eq!(
        trail(&mut olivia, &bakery, &[("kind", "nonsense"), ("from", "yesterday"), ("after", "x")])
            .await
            .total,
        5
    );
    let people: Vec<(String, String)> =
        olivia.call(ListActors::PATH, &[("account", bakery.as_str())]).await.unwrap();
    assert_eq!(people.into_iter().map(|(_, name)| name).collect::<Vec<_>>(), ["Mara Manager", "Olivia Hart"]);
    let file = mara.get(&format!("/a/{bakery}/activity.csv?kind=contacts")).await;
    assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
    assert_eq!(file.headers["content-disposition"], "attachment; filename=\"activity-10001.csv\"");
    assert_eq!(file.headers["cache-control"], "no-store");
    let lines: Vec<&str> = file.body.lines().collect();
    assert_eq!(lines.len(), 3, "{}", file.body);
    assert!(
        lines[1]
            .starts_with("2026-11-24T02:00:00Z,Olivia Hart,Owner,added Ben (ben@example.com) as a contact,"),
        "{}",
        lines[1]
    );
}

#[tokio::test]
async fn it_is_searched_in_every_alphabet_and_tells_holders_of_links_apart() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    add(&mut olivia, &bakery, "Özlem", "o@example.com").await.unwrap();
    for words in ["özlem", "ÖZLEM", "Özlem"] {
        assert_eq!(trail(&mut olivia, &bakery, &[("q", words)]).await.total, 1, "{words}");
    }
    for email in ["ann@example.com", "ben@example.com"] {
        invite(&mut olivia, &bakery, email, "", &[]).await.unwrap();
        let token = olivia.mailed(email, "/invitations/").await.unwrap();
        test.browser().change(DeclineByLink::PATH, &[("token", &token)]).await.unwrap();
    }
    let people: Vec<(String, String)> =
        olivia.call(ListActors::PATH, &[("account", bakery.as_str())]).await.unwrap();
    assert_eq!(
        people.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>(),
        ["ann@example.com", "ben@example.com", "Olivia Hart"]
    );
    let by = trail(&mut olivia, &bakery, &[("person", people[0].0.as_str())]).await;
    assert_eq!(by.items.iter().map(|row| row.actor.as_str()).collect::<Vec<_>>(), ["ann@example.com"]);
}

#[tokio::test]
async fn it_is_closed_to_who_may_not_see_it() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let (mut oscar, _) = test.oscar().await;
    let mut wanda =
        test.member(&mut olivia, &bakery, "Wanda Without", "wanda@example.com", &["contacts.manage"]).await;
    let path = format!("/a/{bakery}/activity.csv");
    assert_eq!(wanda.get(&path).await.status, 403);
    assert_eq!(oscar.get(&path).await.status, 404);
    assert!(test.browser().get(&path).await.location().starts_with("/sign-in?next="));
    assert_eq!(oscar.get("/a/x/activity.csv").await.status, 404);
}

#[tokio::test]
async fn a_long_trail_comes_page_by_page_and_whole_as_a_file() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let service = test.domain(&bakery, "bakery.example").await;
    for _ in 0..60 {
        test.later(1);
        olivia
            .change(SetAutoRenew::PATH, &[("account", bakery.as_str()), ("domain", service.as_str())])
            .await
            .unwrap();
    }
    let first = trail(&mut olivia, &bakery, &[]).await;
    assert_eq!((first.items.len(), first.total, first.skipped), (50, 61, 0));
    let second = trail(&mut olivia, &bakery, &[("after", first.next.as_deref().unwrap())]).await;
    assert_eq!((second.items.len(), second.skipped, second.next), (11, 50, None));
    let back = trail(&mut olivia, &bakery, &[("before", second.previous.as_deref().unwrap())]).await;
    assert_eq!(back.items, first.items);
    assert_eq!(olivia.get(&format!("/a/{bakery}/activity.csv")).await.body.lines().count(), 62);
    let compressed =
        axum::http::Request::get(format!("/a/{bakery}/activity.csv")).header("accept-encoding", "gzip");
    let file = olivia.send(compressed.body(axum::body::Body::empty()).unwrap()).await;
    assert!(file.headers["content-encoding"] == "gzip" && !file.body.is_empty(), "as browsers ask for it");
}

#[tokio::test]
async fn it_cannot_be_changed_and_whoever_goes_around_that_is_noticed() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    add(&mut olivia, &bakery, "Ada", "ada@example.com").await.unwrap();
    add(&mut olivia, &bakery, "Ben", "ben@example.com").await.unwrap();
    let attempt = |sql: &'static str| {
        let app = test.app.clone();
        async move {
            let mut tx = System::of(&app).begin().await.unwrap();
            let outcome = tx.conn().execute(sql, args![]).await;
            if outcome.is_ok() {
                tx.commit().await.unwrap();
            }
            outcome
        }
    };
    assert!(attempt("UPDATE activity SET says = 'x'").await.is_err());
    assert!(attempt("DELETE FROM activity").await.is_err());
    let verify = || async {
        let mut reader = System::of(&test.app).read().await.unwrap();
        record::verify(reader.conn(), test.app.key()).await
    };
    assert_eq!(verify().await, Ok(5));
    // Somebody with the file in hand takes the triggers away first.
    attempt("DROP TRIGGER activity_is_not_changed").await.unwrap();
    attempt("DROP TRIGGER activity_is_not_removed").await.unwrap();
    attempt("UPDATE activity SET actor_name = 'Eve' WHERE says LIKE 'added Ada%'").await.unwrap();
    assert!(verify().await.unwrap_err().contains("was changed at or before entry 2"));
    attempt("UPDATE activity SET actor_name = 'Olivia Hart' WHERE says LIKE 'added Ada%'").await.unwrap();
    assert_eq!(verify().await, Ok(5));
    attempt("DELETE FROM activity WHERE says LIKE 'added Ben%'").await.unwrap();
    assert!(verify().await.unwrap_err().contains("ends at entry 2; it should end at entry 3"));
    // Saying that it ends there takes the key.
    attempt(
        "UPDATE trails SET serial = 2, code = (SELECT code FROM activity WHERE serial = 2) WHERE serial = 3",
    )
    .await
    .unwrap();
    assert!(
        verify()
            .await
            .unwrap_err()
            .contains("ends at entry 2; it should end at entry 2 with different content")
    );
    attempt("DELETE FROM activity WHERE scope_id IN (SELECT id FROM accounts)").await.unwrap();
    attempt("DELETE FROM trails WHERE scope_id IN (SELECT id FROM accounts)").await.unwrap();
    assert!(verify().await.unwrap_err().contains("There are 1 activity trails; there should be 2."));
    attempt("UPDATE trails SET serial = 1 WHERE scope_id = ''").await.unwrap();
    assert!(verify().await.unwrap_err().contains("or the number of trails was changed"));
    attempt("DELETE FROM trails").await.unwrap();
    assert!(verify().await.unwrap_err().contains("the record of where they end was removed"));
}

#[tokio::test]
async fn nothing_secret_is_in_it() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    test.set_up_app(&mut olivia, "olivia@bakery.example").await;
    let codes: Vec<(String, bool)> = olivia.call(ShowCodes::PATH, &[]).await.unwrap();
    invite(&mut olivia, &bakery, "ben@example.com", "Ben", &[]).await.unwrap();
    let token = olivia.mailed("ben@example.com", "/invitations/").await.unwrap();
    let ben = contact_by_email(&mut olivia, &bakery, "ben@example.com").await;
    olivia
        .change(
            ChangePassword::PATH,
            &[("current_password", PASSWORD), ("new_password", "another-plum-evening-17")],
        )
        .await
        .unwrap();
    let copied: CopyLink = olivia
        .call(InvitationLink::PATH, &[("account", bakery.as_str()), ("contact", ben.id.as_str())])
        .await
        .unwrap();
    let mut reader = System::of(&test.app).read().await.unwrap();
    let rows: Vec<String> = reader
        .conn()
        .values("SELECT says || changes || source || agent || actor_name FROM activity", args![])
        .await
        .unwrap();
    let all = rows.join("\n");
    let link = copied.0.rsplit('/').next().unwrap().to_owned();
    for secret in [PASSWORD, "another-plum-evening-17", &token, &link, &codes[0].0] {
        assert!(!all.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn the_command_line_leaves_a_trail_too() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let domain = test.domain(&bakery, "bakery.example").await;
    olivia
        .change(RequestLock::PATH, &[("account", bakery.as_str()), ("domain", domain.as_str())])
        .await
        .unwrap();
    let waiting = crate::features::requests::store::open(&mut System::of(&test.app).read().await.unwrap())
        .await
        .unwrap();
    let mut tx = System::of(&test.app).begin().await.unwrap();
    let id = crate::types::RequestId::from(waiting[0].id.clone());
    crate::features::requests::store::decide(&mut tx, &id, true, "Done.", None).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    let row = trail(&mut olivia, &bakery, &[]).await.items.remove(0);
    assert_eq!((row.actor.as_str(), row.badge()), ("Command line", "Staff"));
    assert!(row.says.starts_with("marked the request for bakery.example as done"), "{}", row.says);
}
