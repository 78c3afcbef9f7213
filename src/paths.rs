//! Every URL as a function. Nothing else in the program spells one out.

use crate::types::{
    AccountId, AssetId, ContactId, DomainId, InvoiceId, MessageId, RequestId, RoleId, ServiceId, TicketId,
    UserId,
};
use std::fmt::Write as _;

/// Sign in.
pub const SIGN_IN: &str = "/sign-in";
/// The server function that ends a session, for the menu that is on every page.
pub const SIGN_OUT: &str = "/rpc/sign-in/sign-out";
/// The server function that chooses light or dark, for the menu that is on every page.
pub const CHOOSE_THEME: &str = "/rpc/users/choose-theme";
/// The server functions that take a change back from a flash message. What a cookie claims to be another one
/// is no undo.
pub const UNDO: [&str; 9] = [
    "/rpc/contacts/reopen",
    "/rpc/contacts/change-several",
    "/rpc/recipients/choose",
    "/rpc/operator/customers/reopen",
    "/rpc/operator/settings/save-company",
    "/rpc/operator/settings/take-back-mail",
    "/rpc/operator/settings/save-lifetimes",
    "/rpc/operator/templates/reset",
    "/rpc/tickets/call-back",
];
/// Sign up.
pub const SIGN_UP: &str = "/sign-up";
/// Forgotten password.
pub const FORGOT_PASSWORD: &str = "/forgot-password";
/// The account picker.
pub const ACCOUNTS: &str = "/accounts";
/// What waits on all of one's accounts.
pub const OPEN: &str = "/accounts/open";
/// One's own name.
pub const PROFILE: &str = "/profile";
/// One's own password and address.
pub const SECURITY: &str = "/security";
/// Asks a signed-in person to prove that it is them.
pub const CONFIRM: &str = "/confirm";
/// Asks for the second factor after the password.
pub const SIGN_IN_FACTOR: &str = "/sign-in/second-factor";
/// How to get a second factor: an app or a passkey.
pub const SECOND_FACTOR: &str = "/security/second-factor";
/// Sets up an authenticator app.
pub const AUTHENTICATOR: &str = "/security/app";
/// Adds a passkey.
pub const PASSKEY: &str = "/security/passkey";
/// One's recovery codes.
pub const RECOVERY_CODES: &str = "/security/recovery-codes";
/// Everything that is kept about oneself, as a file.
pub const OWN_DATA: &str = "/profile/data";
/// Deletes one's own login.
pub const DELETE_LOGIN: &str = "/profile/delete";
/// The operator's logo, for mails.
pub const LOGO: &str = "/logo";
/// Every mail the product can send, in the demo.
pub const DEV_LETTERS: &str = "/dev/letters";
/// The mail of the demo.
pub const DEV_MAIL: &str = "/dev/mail";

/// Plays the control panels of the demo.
pub const DEV_PANEL: &str = "/dev/panel";

/// The staff area: its dashboard (O1).
pub const OPERATOR: &str = "/operator";
/// Every customer.
pub const CUSTOMERS: &str = "/operator/customers";
/// The form for a new customer.
pub const NEW_CUSTOMER: &str = "/operator/customers/new";
/// The form to do something to all customers that were found.
pub const NEW_BULK: &str = "/operator/customers/bulk";
/// What customers requested and nobody has answered.
pub const WORK_QUEUE: &str = "/operator/requests";
/// Canned replies.
pub const CANNED: &str = "/operator/tickets/canned";
/// The form of a new one.
pub const NEW_CANNED: &str = "/operator/tickets/canned/new";
/// Doing something with all tickets that are found.
pub const TICKET_BULK: &str = "/operator/tickets/bulk";
/// Everybody's tickets.
pub const DESK: &str = "/operator/tickets";
/// E-mails that came in and wait for staff.
pub const INCOMING: &str = "/operator/tickets/mail";
/// Staff, and what each may do.
pub const STAFF: &str = "/operator/staff";
/// The form for new staff.
pub const NEW_STAFF: &str = "/operator/staff/new";
/// What staff did, everywhere.
pub const STAFF_ACTIVITY: &str = "/operator/activity";
/// How the portal looks and behaves.
pub const SETTINGS: &str = "/operator/settings";
/// How mail is sent.
pub const MAIL_SETTINGS: &str = "/operator/settings/mail";
/// How mails are worded.
pub const TEMPLATES: &str = "/operator/settings/templates";
/// Departments of the company.
pub const DEPARTMENTS: &str = "/operator/settings/departments";
/// The form of a new department.
pub const NEW_DEPARTMENT: &str = "/operator/settings/departments/new";
/// Roles of staff under a name.
pub const STAFF_ROLES: &str = "/operator/staff/roles";
/// The form of a new one.
pub const NEW_STAFF_ROLE: &str = "/operator/staff/roles/new";
/// How long things last.
pub const LIFETIMES: &str = "/operator/settings/lifetimes";
/// Takes a new logo.
pub const LOGO_UPLOAD: &str = "/operator/settings/logo";
/// The company's colour as a style sheet.
pub const BRAND: &str = "/brand.css";
/// Takes a file to bring customers over.
pub const IMPORT_UPLOAD: &str = "/operator/import/upload";
/// What the company sells.
pub const PRODUCTS: &str = "/operator/products";
/// The form for a new product.
pub const NEW_PRODUCT: &str = "/operator/products/new";
/// Brings customers over from files.
pub const IMPORT: &str = "/operator/import";

/// Percent-encodes a value for a query string, or a segment of a path.
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Sign in, then go on to a path of ours.
pub fn sign_in_then(next: &str) -> String {
    format!("{SIGN_IN}?next={}", encode(next))
}

/// Prove that it is you, then go on to a path of ours.
pub fn confirm_then(next: &str) -> String {
    format!("{CONFIRM}?next={}", encode(next))
}

/// Set up a second factor, then go on to a path of ours.
pub fn second_factor_then(next: &str) -> String {
    format!("{SECOND_FACTOR}?needed=yes&next={}", encode(next))
}

/// A path of ours that goes on to another one.
pub fn then(path: &str, next: &str) -> String {
    if next.is_empty() { path.to_owned() } else { format!("{path}?next={}", encode(next)) }
}

/// `next` with the draft of the form that was interrupted there.
pub fn with_draft(next: &str, draft: &str) -> String {
    let joined = if next.contains('?') { '&' } else { '?' };
    format!("{next}{joined}draft={draft}")
}

/// Sign in, then show a page with what had been typed there.
pub fn sign_in_with_draft(next: &str, draft: &str) -> String {
    sign_in_then(&with_draft(next, draft))
}

/// `next` if it leads to a page of ours, else the picker: no open redirect (X3).
pub fn safe_next(next: &str) -> &str {
    let inside = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains('\\')
        && next.chars().all(|c| c.is_ascii_graphic());
    if inside && next != "/" { next } else { ACCOUNTS }
}

/// The page that confirms the address of a new login.
pub fn verify(token: &str) -> String {
    format!("/verify/{token}")
}

/// The first start.
pub fn setup(token: &str) -> String {
    format!("/setup/{token}")
}

/// The page that sets a new password.
pub fn reset_password(token: &str) -> String {
    format!("/reset-password/{token}")
}

/// The page that confirms a changed address.
pub fn confirm_email(token: &str) -> String {
    format!("/confirm-email/{token}")
}

/// The page that confirms a new main address of an account.
pub fn confirm_main_address(token: &str) -> String {
    format!("/confirm-main-address/{token}")
}

/// An invitation.
pub fn invitation(token: &str) -> String {
    format!("/invitations/{token}")
}

/// A customer's page in the staff area.
pub fn customer(account: &AccountId) -> String {
    format!("{CUSTOMERS}/{account}")
}

/// What staff noted about a customer.
pub fn customer_notes(account: &AccountId) -> String {
    format!("{CUSTOMERS}/{account}/notes")
}

/// The form to see the portal as a customer.
pub fn view_as(account: &AccountId) -> String {
    format!("{CUSTOMERS}/{account}/view-as")
}

/// How a kind of mail is worded.
pub fn template(kind: &str) -> String {
    format!("{TEMPLATES}/{}", encode(kind))
}

/// What it looks like, for a frame.
pub fn template_preview(kind: &str) -> String {
    format!("{}/preview", template(kind))
}

/// How far work on many customers is.
pub fn bulk(id: &str) -> String {
    format!("{NEW_BULK}/{id}")
}

/// The form to merge an account into another.
pub fn merge(account: &AccountId) -> String {
    format!("{CUSTOMERS}/{account}/merge")
}

/// What is kept about a customer.
pub fn customer_data(account: &AccountId) -> String {
    format!("{CUSTOMERS}/{account}/data")
}

/// All of it as a file.
pub fn archive(account: &AccountId) -> String {
    format!("{CUSTOMERS}/{account}/archive.zip")
}

/// The form of a department.
pub fn department(id: &str) -> String {
    format!("{DEPARTMENTS}/{id}")
}

/// The form of a role of staff.
pub fn staff_role(id: &str) -> String {
    format!("{STAFF_ROLES}/{id}")
}

/// The form to replace the owner of an account.
pub fn replace_owner(account: &AccountId) -> String {
    format!("{CUSTOMERS}/{account}/owner")
}

/// A request of a customer that waits.
pub fn request(request: &RequestId) -> String {
    format!("{WORK_QUEUE}/{request}")
}

/// The form of a product.
pub fn product(id: &str) -> String {
    format!("{PRODUCTS}/{id}")
}

/// The form of a customer's service, or of a new one.
pub fn service_form(account: &AccountId, service: Option<&ServiceId>) -> String {
    format!("{CUSTOMERS}/{account}/services/{}", service.map_or("new", ServiceId::as_str))
}

/// The form of a customer's domain, or of a new one.
pub fn domain_form(account: &AccountId, domain: Option<&DomainId>) -> String {
    format!("{CUSTOMERS}/{account}/domains/{}", domain.map_or("new", DomainId::as_str))
}

/// A file that was brought in.
pub fn import(id: &str) -> String {
    format!("{IMPORT}/{id}")
}

/// What was wrong in a file that was brought in, as a file.
pub fn import_report(id: &str) -> String {
    format!("{IMPORT}/{id}/report.csv")
}

/// An example of a file to bring in.
pub fn import_example(kind: &str) -> String {
    format!("{IMPORT}/examples/{kind}")
}

/// The form of somebody on the staff.
pub fn staff_member(user: &UserId) -> String {
    format!("{STAFF}/{user}")
}

/// An account's first page.
pub fn account(account: &AccountId) -> String {
    format!("/a/{account}")
}

/// An account's profile.
pub fn account_profile(account: &AccountId) -> String {
    format!("/a/{account}/profile")
}

/// An account's contacts.
pub fn contacts(account: &AccountId) -> String {
    format!("/a/{account}/contacts")
}

/// The same as a file.
pub fn contacts_csv(account: &AccountId) -> String {
    format!("/a/{account}/contacts.csv")
}

/// The question before something is done to several contacts.
pub fn several_contacts(account: &AccountId) -> String {
    format!("/a/{account}/contacts/several")
}

/// The form for a new contact.
pub fn new_contact(account: &AccountId) -> String {
    format!("/a/{account}/contacts/new")
}

/// The form to invite users.
pub fn invite_user(account: &AccountId) -> String {
    format!("/a/{account}/contacts/invite")
}

/// The account's own roles.
pub fn roles(account: &AccountId) -> String {
    format!("/a/{account}/contacts/roles")
}

/// The form for a new role.
pub fn new_role(account: &AccountId) -> String {
    format!("/a/{account}/contacts/roles/new")
}

/// The form of a role.
pub fn role(account: &AccountId, role: &RoleId) -> String {
    format!("/a/{account}/contacts/roles/{role}")
}

/// A contact's page.
pub fn contact(account: &AccountId, contact: &ContactId) -> String {
    format!("/a/{account}/contacts/{contact}")
}

/// The form of a contact.
pub fn edit_contact(account: &AccountId, contact: &ContactId) -> String {
    format!("/a/{account}/contacts/{contact}/edit")
}

/// The services one may see.
pub fn services(account: &AccountId) -> String {
    format!("/a/{account}/services")
}

/// A service.
pub fn service(account: &AccountId, service: &ServiceId) -> String {
    format!("/a/{account}/services/{service}")
}

/// Leads on to the service's control panel, signed on.
pub fn service_panel(account: &AccountId, service: &ServiceId) -> String {
    format!("/a/{account}/services/{service}/panel")
}

/// The form to request an upgrade.
pub fn upgrade_service(account: &AccountId, service: &ServiceId) -> String {
    format!("/a/{account}/services/{service}/upgrade")
}

/// The form to request a cancellation.
pub fn cancel_service(account: &AccountId, service: &ServiceId) -> String {
    format!("/a/{account}/services/{service}/cancel")
}

/// The domains one may see.
pub fn domains(account: &AccountId) -> String {
    format!("/a/{account}/domains")
}

/// A domain.
pub fn domain(account: &AccountId, domain: &DomainId) -> String {
    format!("/a/{account}/domains/{domain}")
}

/// Every customer's invoices.
pub const ALL_INVOICES: &str = "/operator/invoices";
/// What the next night bills, and what nights did.
pub const BILLING: &str = "/operator/billing";

/// Bank statements, and what of them waits.
pub const STATEMENTS: &str = "/operator/statements";
/// Where a bank's file is sent.
pub const STATEMENTS_UPLOAD: &str = "/operator/statements/upload";

/// The page of statements, with what came of a file.
pub fn statements_brought(says: &str) -> String {
    format!("{STATEMENTS}?brought={}", encode(says))
}

/// Payments of statements in one state.
pub fn statements_in(state: &str) -> String {
    format!("{STATEMENTS}?state={state}")
}

/// One payment that waits, with what can be done with it.
pub fn statement_line(line: &str) -> String {
    format!("{STATEMENTS}?line={line}")
}

/// What a night did: "2026-11-26".
pub fn billing_night(night: &str) -> String {
    format!("{BILLING}?night={night}")
}

/// How invoices are made and paid.
pub const BILLING_SETTINGS: &str = "/operator/settings/billing";

/// The way to the page on which an invoice is paid.
pub fn pay(account: &AccountId, invoice: &InvoiceId) -> String {
    format!("/a/{account}/invoices/{invoice}/pay")
}

/// What became of a payment.
pub fn paid(account: &AccountId, invoice: &InvoiceId, checkout: &str) -> String {
    format!("/a/{account}/invoices/{invoice}/paid/{checkout}")
}

/// The payment methods of an account.
pub fn payment_methods(account: &AccountId) -> String {
    format!("/a/{account}/payment-methods")
}

/// The way to the page on which one is added.
pub fn add_payment_method(account: &AccountId) -> String {
    format!("/a/{account}/payment-methods/add")
}

/// What became of one that was added.
pub fn payment_method_added(account: &AccountId, method: &str) -> String {
    format!("/a/{account}/payment-methods/{method}")
}

/// Where a payment gateway tells that something happened.
pub const GATEWAY: &str = "/gateway/stripe";

/// The PDFs of what a list of invoices shows.
pub fn invoice_documents(account: &AccountId, words: &str, status: &str) -> String {
    format!("/a/{account}/invoices/documents.zip?q={}&status={}", encode(words), encode(status))
}

/// A sample of an invoice, as a PDF.
pub const INVOICE_SAMPLE: &str = "/operator/settings/billing/sample.pdf";
/// Invoices or bookings of a time, for a spreadsheet or bookkeeping.
pub const EXPORT_INVOICES: &str = "/operator/invoices/export.csv";

/// The e-invoice of an invoice.
pub fn invoice_xml(account: &AccountId, invoice: &InvoiceId) -> String {
    format!("/a/{account}/invoices/{invoice}/xml")
}

/// The invoices of an account.
pub fn invoices(account: &AccountId) -> String {
    format!("/a/{account}/invoices")
}

/// An invoice, or a credit note.
pub fn invoice(account: &AccountId, invoice: &InvoiceId) -> String {
    format!("/a/{account}/invoices/{invoice}")
}

/// Its document.
pub fn invoice_pdf(account: &AccountId, invoice: &InvoiceId) -> String {
    format!("/a/{account}/invoices/{invoice}/pdf")
}

/// Everything that was billed and paid on an account.
pub fn statement(account: &AccountId) -> String {
    format!("/a/{account}/statement")
}

/// What staff can do to an invoice; nothing for a new one.
pub fn manage_invoice(account: &AccountId, invoice: Option<&InvoiceId>) -> String {
    let invoice = invoice.map_or("new", InvoiceId::as_str);
    format!("/operator/customers/{account}/invoices/{invoice}")
}

/// The tickets one may see.
pub fn tickets(account: &AccountId) -> String {
    format!("/a/{account}/tickets")
}

/// The form of a new ticket.
pub fn new_ticket(account: &AccountId) -> String {
    format!("/a/{account}/tickets/new")
}

/// A ticket.
pub fn ticket(account: &AccountId, ticket: &TicketId) -> String {
    format!("/a/{account}/tickets/{ticket}")
}

/// Takes files that go with what somebody writes, from a form.
pub fn ticket_files(account: &AccountId) -> String {
    format!("/a/{account}/tickets/files")
}

/// The same in pieces.
pub fn ticket_pieces(account: &AccountId) -> String {
    format!("/a/{account}/tickets/pieces")
}

/// Where what is being written is shown, without WASM.
pub fn ticket_preview(account: &AccountId) -> String {
    format!("/a/{account}/tickets/preview")
}

/// A canned reply.
pub fn canned(id: &str) -> String {
    format!("/operator/tickets/canned/{id}")
}

/// Merging, splitting and moving a ticket.
pub fn arrange(ticket: &TicketId) -> String {
    format!("/operator/tickets/{ticket}/arrange")
}

/// A file of a ticket.
pub fn ticket_file(account: &AccountId, file: &str) -> String {
    format!("/a/{account}/tickets/files/{file}")
}

/// The e-mail that a message came by, as it was.
pub fn ticket_original(account: &AccountId, message: &str) -> String {
    format!("/a/{account}/tickets/originals/{message}")
}

/// Chooses the account that an e-mail is about.
pub fn incoming_choice(id: &str) -> String {
    format!("/mail-in/{id}")
}

/// An e-mail that came in and waits, as it was.
pub fn incoming_original(id: &str) -> String {
    format!("{INCOMING}/{id}/original")
}

/// The e-mail history.
pub fn emails(account: &AccountId) -> String {
    format!("/a/{account}/emails")
}

/// A message of the e-mail history.
pub fn email(account: &AccountId, message: &MessageId) -> String {
    format!("/a/{account}/emails/{message}")
}

/// The body of a message of the e-mail history, for its frame.
pub fn email_body(account: &AccountId, message: &MessageId) -> String {
    format!("/a/{account}/emails/{message}/body")
}

/// Which mail an address gets, behind the link in a mail.
pub fn preferences(token: &str) -> String {
    format!("/preferences/{token}")
}

/// Ends a newsletter with one click of a mail program.
pub fn unsubscribe(token: &str) -> String {
    format!("/unsubscribe/{token}")
}

/// "Who gets this mail?"
pub fn recipients(account: &AccountId) -> String {
    format!("/a/{account}/recipients")
}

/// Which mail one gets oneself.
pub fn own_mail(account: &AccountId) -> String {
    format!("/a/{account}/mail")
}

/// What happened on an account (X2).
pub fn activity(account: &AccountId) -> String {
    format!("/a/{account}/activity")
}

/// The same as a file.
pub fn activity_csv(account: &AccountId) -> String {
    format!("/a/{account}/activity.csv")
}

/// Handing an account over (P7).
pub fn ownership(account: &AccountId) -> String {
    format!("/a/{account}/ownership")
}

/// Leaving an account (P8).
pub fn leave(account: &AccountId) -> String {
    format!("/a/{account}/leave")
}

/// What happens on an account for one contact, as server-sent events.
pub fn events(account: &AccountId) -> String {
    format!("/a/{account}/events")
}

/// The form of a contact, at the row of its permissions on a service or domain.
pub fn asset_row(account: &AccountId, contact: &ContactId, asset: &AssetId) -> String {
    format!("{}#on-{asset}", edit_contact(account, contact))
}

/// The form of a contact, at a box of its permissions.
pub fn permission_box(
    account: &AccountId,
    contact: &ContactId,
    permission: &str,
    asset: Option<&AssetId>,
) -> String {
    match asset {
        Some(asset) => asset_row(account, contact, asset),
        None => format!("{}#f-permissions-{permission}", edit_contact(account, contact)),
    }
}

/// The service or domain that a page's path names.
pub fn asset_in(path: &str) -> Option<AssetId> {
    let mut parts = path.strip_prefix("/a/")?.split('/').skip(1);
    matches!(parts.next()?, "services" | "domains").then(|| parts.next().and_then(AssetId::parse)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_are_gone_on_to() {
        assert_eq!(
            safe_next("/a/01k9zv5s8t3w2x1y0abcdefghj/contacts?q=b%20c"),
            "/a/01k9zv5s8t3w2x1y0abcdefghj/contacts?q=b%20c"
        );
        for bad in [
            "",
            "/",
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "javascript:alert(1)",
            "/a\r\nSet-Cookie: x=y",
        ] {
            assert_eq!(safe_next(bad), ACCOUNTS, "{bad}");
        }
    }

    #[test]
    fn a_page_names_its_thing() {
        let (account, service) = (
            AccountId::from("01k9zv5s8t3w2x1y0abcdefghj".to_owned()),
            ServiceId::from("01k9zv5s8t3w2x1y0abcdefgh1".to_owned()),
        );
        for path in [
            super::service(&account, &service),
            service_panel(&account, &service),
            cancel_service(&account, &service),
        ] {
            assert_eq!(asset_in(&path), Some(service.asset()));
        }
        for other in [
            services(&account),
            contacts(&account),
            format!("/a/{account}/contacts/{service}"),
            "/a/".into(),
            "/accounts".into(),
        ] {
            assert_eq!(asset_in(&other), None, "{other}");
        }
    }

    #[test]
    fn a_draft_survives_the_way_through_the_sign_in_page() {
        assert_eq!(
            sign_in_with_draft("/a/x?delete=1", "t"),
            "/sign-in?next=%2Fa%2Fx%3Fdelete%3D1%26draft%3Dt"
        );
    }
}
