//! The server functions that forms send, and what each knows of a form.

use crate::access::fields::{Fields, known, ours_removed};
use crate::error::{AppError, Outcome};
use crate::features::accounts::rpc::{ConfirmMainAddress, SaveProfile, SaveRules, WithdrawMainAddress};
use crate::features::contacts::rpc::{
    ChangeSeveral, CloseContact, CreateContact, DeleteContact, InviteUsers, ReopenContact, ResendInvitation,
    UpdateContact, WithdrawInvitation,
};
use crate::features::domains::rpc::{RequestLock, RequestNameservers, SetAutoRenew, WithdrawDomainRequest};
use crate::features::incoming::rpc::{ChooseAccount, DismissIncoming, OpenIncoming};
use crate::features::invitations::rpc::{AcceptInvitation, DeclineByLink, DeclineInvitation, Join};
use crate::features::invoices::rpc::UseCredit;
use crate::features::mail::rpc::SendAgain;
use crate::features::ownership::rpc::{
    AcceptOwnership, DeclineOwnership, LeaveAccount, OfferOwnership, WithdrawOwnership,
};
use crate::features::payments::rpc::{PayWithMethod, RemoveMethod, SetAutomatic};
use crate::features::permissions::rpc::{AskForAccess, GrantAccess, RefuseAccess};
use crate::features::previews::rpc::{SeeContact, SeeForm};
use crate::features::recipients::rpc::{Choose, ChooseByLink, PreviewMail};
use crate::features::replacements::rpc::StopReplacement;
use crate::features::roles::rpc::{CreateRole, DeleteRole, UpdateRole};
use crate::features::second_factor::rpc::{
    AddApp, AddPasskey, Confirm, ForgetDevices, RemoveApp, RemovePasskey, RenewCodes,
};
use crate::features::services::rpc::{
    RequestCancellation, RequestUpgrade, WithdrawCancellation, WithdrawUpgrade,
};
use crate::features::sign_in::rpc::{
    ForgotPassword, PasskeySignIn, ResetPassword, SecondFactor, SignIn, SignOut, SignUp, VerifyAddress,
};
use crate::features::support::rpc::{AnswerSupport, ChooseSupport, EndSupport};
use crate::features::tickets::rpc::{
    AddTicketPerson, CallBackReply, ChangeTicket, CloseDepartments, DecideHeld, OpenTicket, RateTicket,
    RemoveTicketFile, RemoveTicketPerson, ReplyToTicket, SetTicketStatus,
};
use crate::features::users::rpc::{
    ChangeEmail, ChangePassword, ChooseTheme, ConfirmEmail, DeleteUser, EndOtherSessions, EndSession,
    SaveOwnProfile,
};
use crate::operator::arrange::rpc::{
    MergeTickets, MoveBack, MoveTicket, PutBack, SplitTicket, UnmergeTicket,
};
use crate::operator::assets::rpc::{ActOnService, MoveAsset, SaveDomain, SaveService};
use crate::operator::billing::rpc::{RunBilling, SaveAccessPoint, SaveGateway};
use crate::operator::bulk::rpc::{BeginBulk, ContinueBulk, UndoBulk};
use crate::operator::canned::rpc::{DeleteCanned, SaveCanned};
use crate::operator::customers::rpc::{
    AddNote, CloseCustomer, CreateCustomer, DeleteFilter, DeleteNote, ReopenCustomer, SaveColumns, SaveFilter,
};
use crate::operator::data::rpc::EraseCustomer;
use crate::operator::departments::rpc::{DeleteDepartment, SaveDepartment};
use crate::operator::import::rpc::{AnnounceImport, StartImport};
use crate::operator::invoices::rpc::{
    CreditInvoice, DeleteDraft, GiveRefundUp, IssueInvoice, RecordPayment, RefundCredit, ReissueInvoice,
    SaveBillingSettings, SaveDraft, SaveInvoiceTemplate, SendEInvoiceAgain, SetCustomerTax, WriteOffInvoice,
};
use crate::operator::merge::rpc::MergeCustomer;
use crate::operator::owners::rpc::{KeepOwner, ReplaceOwner};
use crate::operator::products::rpc::SaveProduct;
use crate::operator::queue::rpc::{AnswerRequest, TakeRequest};
use crate::operator::settings::rpc::{
    RemoveLogo, SaveCompany, SaveLifetimes, SaveMailSettings, SendTestMail, SetDemo, TakeBackMail,
};
use crate::operator::setup::rpc::BeginSetup;
use crate::operator::statements::rpc::{BookPayment, PutAside, PutBackPayment};
use crate::operator::team::rpc::{AddStaff, ChangeStaff, DeleteStaffRole, SaveStaffRole, SetStaffActive};
use crate::operator::templates::rpc::{
    ResetTemplate, SaveTemplateDraft, TakeTemplate, TestTemplate, UseTemplate,
};
use crate::operator::tickets::rpc::{DeleteTicketView, SaveTicketView};
use crate::operator::views::rpc::{LookWithoutConsent, OpenView};
use leptos::server_fn::ServerFn;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Reads what a body holds for a function.
type FieldReader = fn(&[u8]) -> Fields;

/// By their path: every function that answers with [`Outcome`]. Only these are done once, and only what they
/// know of a form is kept or shown again. A test finds one that is missing.
pub static FORMS: LazyLock<HashMap<&'static str, FieldReader>> = LazyLock::new(|| {
    let mut forms = HashMap::new();
    macro_rules! forms {
        ($($function:ident)*) => {$( form::<$function>(&mut forms); )*};
    }
    forms! {
        SaveProfile WithdrawMainAddress ConfirmMainAddress SaveRules CreateContact InviteUsers UpdateContact
        OpenTicket ReplyToTicket CallBackReply SetTicketStatus RateTicket AddTicketPerson RemoveTicketPerson
        SaveTicketView DeleteTicketView SaveCanned DeleteCanned MergeTickets UnmergeTicket SplitTicket PutBack MoveTicket MoveBack
        OpenIncoming DismissIncoming ChooseAccount RemoveTicketFile DecideHeld ChangeTicket CloseDepartments
        DeleteContact CloseContact ReopenContact ChangeSeveral ResendInvitation WithdrawInvitation RequestNameservers RequestLock
        WithdrawDomainRequest SetAutoRenew Join AcceptInvitation DeclineInvitation
        DeclineByLink SendAgain OfferOwnership WithdrawOwnership AcceptOwnership
        DeclineOwnership LeaveAccount AskForAccess GrantAccess RefuseAccess SeeContact SeeForm
        Choose ChooseByLink PreviewMail AddApp RemoveApp
        AddPasskey RemovePasskey RenewCodes ForgetDevices Confirm
        RequestUpgrade RequestCancellation WithdrawUpgrade WithdrawCancellation SignUp
        VerifyAddress SignIn SecondFactor PasskeySignIn SignOut
        ForgotPassword ResetPassword SaveOwnProfile EndSession EndOtherSessions
        CreateRole UpdateRole DeleteRole ChooseTheme ChangePassword ChangeEmail ConfirmEmail DeleteUser
        AddNote DeleteNote CreateCustomer CloseCustomer ReopenCustomer BeginBulk ContinueBulk UndoBulk SaveColumns SaveFilter DeleteFilter EraseCustomer MergeCustomer ReplaceOwner KeepOwner StopReplacement TakeRequest AnswerRequest
        AddStaff ChangeStaff SetStaffActive SaveStaffRole DeleteStaffRole SaveDepartment DeleteDepartment SaveTemplateDraft UseTemplate ResetTemplate TakeTemplate TestTemplate OpenView LookWithoutConsent ChooseSupport AnswerSupport EndSupport
        SaveCompany RemoveLogo SendTestMail SaveMailSettings TakeBackMail SaveLifetimes SetDemo BeginSetup StartImport AnnounceImport
        UseCredit SaveDraft DeleteDraft IssueInvoice RecordPayment CreditInvoice ReissueInvoice WriteOffInvoice RefundCredit SaveBillingSettings RunBilling SaveGateway SaveAccessPoint SendEInvoiceAgain SetCustomerTax GiveRefundUp SaveInvoiceTemplate PayWithMethod RemoveMethod SetAutomatic BookPayment PutAside PutBackPayment
        SaveProduct SaveService ActOnService MoveAsset SaveDomain
    }
    forms
});

fn form<F: ServerFn<Output = Outcome, Error = AppError> + Serialize + DeserializeOwned>(
    forms: &mut HashMap<&'static str, FieldReader>,
) {
    forms.insert(F::PATH, known::<F>);
}

/// What a body holds for the form of the server function at a path: only what the function knows, and no
/// secrets.
pub fn read_form(path: &str, body: &[u8]) -> Fields {
    FORMS.get(path).map(|read| read(&ours_removed(body))).unwrap_or_default()
}
