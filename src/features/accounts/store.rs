//! SQL of accounts.

use super::mail::AboutProfile;
use super::model::{
    ContactChoice, MAX_CHOICES, Overview, Profile, Rules, SwitchChoice, TaxState, WaitingInvitation,
};
use super::words;
use crate::access::{InAccount, OfAccount, OfStaff, OfUser, Open, Reader, Tx, staff};
use crate::category::{Categories, Category};
use crate::error::{AppError, Result};
use crate::features::attention::store::ToldMember;
use crate::features::audit::model::AuditKind;
use crate::features::audit::record::{Actor, Entry};
use crate::features::permissions::store::summary;
use crate::features::permissions::words::Summary;
use crate::features::{attention, permissions};
use crate::paths;
use crate::permission::{Permission, Permissions};
use crate::platform::db::{Conn, FromRow, Write, args, columns, made_statements};
use crate::platform::token;
use crate::types::{AccountId, COUNTED, ContactId, EmailAddress, Timestamp, UserId, first_and_last, vat_id};
use std::sync::LazyLock;

const NEXT_NUMBER: &str = "SELECT coalesce(max(number), 10000) + 1 FROM accounts";
const INSERT: &str =
    "INSERT INTO accounts (id, number, name, email, owner_id, created_at) VALUES ($1, $2, $3, $4, $5, $6)";
const INSERT_OWNER: &str = r"INSERT INTO contacts (id, account_id, user_id, first_name, last_name, company,
        email, email_key, phone, street, city, region, postcode, country, name_key, search_text, is_owner,
        can_log_in, mail, created_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', '', '', '', '', '', $9, $10, TRUE, TRUE,
        'general,service,domain,invoice,support', $11, $11)";
const SET_PLACE: &str = "UPDATE accounts SET phone = $2, country = $3 WHERE id = $1";
const LANDING: &str = r"SELECT c.account_id
    FROM contacts c
    JOIN accounts a ON a.id = c.account_id
    WHERE c.user_id = $1 AND c.can_log_in AND c.status = 'active' AND a.status = 'active' LIMIT 2";
const LANDING_WAITING: &str = r"SELECT count(*)
    FROM invitations i
    JOIN users u ON u.email_key = i.email_key
    JOIN accounts a ON a.id = i.account_id
    JOIN contacts c ON c.id = i.contact_id
    WHERE u.id = $1 AND i.state = 'pending' AND i.expires_at > $2 AND a.status = 'active'
        AND c.status = 'active'";
// An owner whom staff invited has no login until they accept.
const OWNER: &str = r"SELECT coalesce(u.name, trim(c.first_name || ' ' || c.last_name)), coalesce(u.email, c.email)
    FROM contacts c
    LEFT JOIN users u ON u.id = c.user_id
    WHERE c.account_id = $1 AND c.is_owner";
const COUNTS: &str = r"SELECT (SELECT count(*) FROM (SELECT 1 FROM contacts WHERE account_id = $1 LIMIT $3)
        AS some), (SELECT count(*) FROM (SELECT 1 FROM contacts WHERE account_id = $1 AND status = 'active'
        AND can_log_in AND user_id IS NOT NULL LIMIT $3) AS some),
        (SELECT count(*) FROM (SELECT 1 FROM invitations WHERE account_id = $1 AND state = 'pending'
        AND expires_at > $2 LIMIT $3) AS some)";
const RULES: &str = r"SELECT a.version, a.needs_factor, coalesce(u.has_factor, FALSE)
    FROM accounts a
    JOIN contacts c ON c.id = a.owner_id
    LEFT JOIN users u ON u.id = c.user_id
    WHERE a.id = $1";
const WITHOUT: &str = r"SELECT u.name
    FROM contacts c
    JOIN users u ON u.id = c.user_id
    WHERE c.account_id = $1 AND c.status = 'active' AND c.can_log_in AND c.user_id IS NOT NULL
        AND NOT u.has_factor
    ORDER BY c.name_key, c.id LIMIT 100";
const SET_NEEDS_FACTOR: &str =
    "UPDATE accounts SET needs_factor = $2, version = version + 1 WHERE id = $1 AND needs_factor <> $2";
const PROFILE: &str = r"SELECT name, email, phone, street, city, region, postcode, country, mail,
        billing_contact_id, billing_only, no_copies, tax_id, endpoint, reference,
        invoice_channel, version
    FROM accounts
    WHERE id = $1";
const CONTACTS: &str = r"SELECT *
    FROM (SELECT id, trim(first_name || ' ' || last_name) AS name, company, email,
        status = 'closed' AS closed
        FROM contacts
        WHERE account_id = $1 AND status = 'active' LIMIT $2) AS some
    UNION SELECT c.id, trim(c.first_name || ' ' || c.last_name), c.company, c.email, c.status = 'closed'
    FROM accounts a
    JOIN contacts c ON c.id = a.billing_contact_id
    WHERE a.id = $1 LIMIT $2";
const IS_CONTACT_WITH: &str =
    "SELECT EXISTS (SELECT 1 FROM contacts WHERE account_id = $1 AND id = $2 AND email_key = $3)";
const HAS_CARD: &str = "SELECT id FROM contacts WHERE account_id = $1 AND id = $2 AND status = 'active'";
const CARD_WITH: &str =
    "SELECT id FROM contacts WHERE account_id = $1 AND email_key = $2 AND status = 'active'";
const NAME_OF: &str = r"SELECT id, trim(first_name || ' ' || last_name) AS name, company, email,
        status = 'closed' AS closed
    FROM contacts
    WHERE account_id = $1 AND id = $2";
const SET_BILLING: &str = "UPDATE accounts SET billing_contact_id = $2, version = version + 1 WHERE id = $1";
const SET_MAIN_MAIL: &str = "UPDATE accounts SET mail = $2, version = version + 1 WHERE id = $1";
const PROVEN: &str = r"SELECT EXISTS (SELECT 1 FROM users u JOIN contacts c ON c.user_id = u.id
        AND c.account_id = $1 AND c.status = 'active' AND c.can_log_in WHERE u.email_key = $2
        AND u.verified_at IS NOT NULL)";
const ASK_MAIN: &str = r"INSERT INTO main_address_changes (account_id, token_hash, email, user_id,
        created_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (account_id) DO UPDATE SET token_hash = excluded.token_hash, email = excluded.email,
        user_id = excluded.user_id, created_at = excluded.created_at, expires_at = excluded.expires_at";
const WAITING_MAIN: &str =
    "SELECT email, expires_at FROM main_address_changes WHERE account_id = $1 AND expires_at > $2";
const DROP_MAIN: &str = "DELETE FROM main_address_changes WHERE account_id = $1 RETURNING email";
// A new main address falls with the rights of whoever asked for it.
const ASKER: &str = r"SELECT c.is_owner, c.permissions
    FROM main_address_changes m
    JOIN accounts a ON a.id = m.account_id AND a.status = 'active'
    JOIN contacts c ON c.account_id = m.account_id AND c.user_id = m.user_id AND c.status = 'active'
        AND c.can_log_in
    WHERE m.token_hash = $1";
const MAIN_LINK: &str = r"SELECT a.name, m.email
    FROM main_address_changes m
    JOIN accounts a ON a.id = m.account_id AND a.status = 'active'
    WHERE m.token_hash = $1 AND m.expires_at > $2";
const USE_MAIN_LINK: &str =
    "DELETE FROM main_address_changes WHERE token_hash = $1 AND expires_at > $2 RETURNING account_id, email";
const SET_MAIN: &str =
    "UPDATE accounts SET email = $2, version = version + 1 WHERE id = $1 AND status = 'active'";
const ABOUT: &str = r"SELECT a.name, a.email, coalesce(u.name, trim(c.first_name || ' ' || c.last_name)), coalesce(u.email, c.email)
    FROM accounts a
    JOIN contacts c ON c.id = a.owner_id
    LEFT JOIN users u ON u.id = c.user_id
    WHERE a.id = $1";

static SAVE_PROFILE: LazyLock<Write> = LazyLock::new(|| {
    const COLUMNS: &[&str] = &[
        "name", "email", "phone", "street", "city", "region", "postcode", "country", "mail",
        "billing_contact_id", "billing_only", "no_copies", "tax_id", "endpoint", "reference",
        "invoice_channel",
    ];
    Write::update("accounts", 2, "id = $1 AND version = $2", COLUMNS, "version = version + 1")
});

const CHOICES: &str = concat!(
    "SELECT a.id, c.id AS contact, a.name, a.number, c.is_owner, c.permissions, ",
    summary!(),
    r" AS each,
        (a.status = 'closed' OR c.status = 'closed') AS closed
    FROM contacts c
    JOIN accounts a ON a.id = c.account_id
    WHERE c.user_id = $1 AND c.can_log_in
    ORDER BY closed, lower(a.name), a.number"
);
const SWITCHER: &str = r"SELECT a.id, a.name, a.number, c.is_owner, c.permissions,
        EXISTS (SELECT 1 FROM grants g WHERE g.holder_id = c.id AND g.permissions LIKE 'service.view%') AS some_services,
        EXISTS (SELECT 1 FROM grants g WHERE g.holder_id = c.id AND g.permissions LIKE 'domain.view%') AS some_domains
    FROM contacts c
    JOIN accounts a ON a.id = c.account_id
    WHERE c.user_id = $1 AND c.can_log_in AND c.status = 'active' AND a.status = 'active'
    ORDER BY c.entered_at DESC, lower(a.name), a.number LIMIT 1000";
const ENTERED: &str = "UPDATE contacts SET entered_at = $3 WHERE account_id = $1 AND id = $2";
const WAITING: &str = concat!(
    "SELECT i.id, a.name AS account, u.name AS inviter, c.is_owner, c.permissions, ",
    summary!(),
    r" AS each, i.expires_at
    FROM invitations i
    JOIN accounts a ON a.id = i.account_id
    JOIN users u ON u.id = i.inviter_id
    JOIN contacts c ON c.id = i.contact_id
    WHERE i.email_key = $1 AND i.state = 'pending' AND i.expires_at > $2 AND a.status = 'active'
        AND c.status = 'active'
    ORDER BY i.created_at DESC, i.id"
);

made_statements!(|| vec![CHOICES.to_owned(), WAITING.to_owned(), SAVE_PROFILE.sql().to_owned()]);

/// Opens an account that a user owns: the account, its number and the owner's contact.
pub async fn open(
    tx: &mut Tx<Open>,
    user: &UserId,
    name: &str,
    company: &str,
    email: &EmailAddress,
) -> Result<AccountId> {
    let title = if company.is_empty() { name } else { company };
    let (first, last) = first_and_last(name);
    let (account, _, number) =
        insert(tx, Some(user), title, &OwnerName { first, last, whole: name, company }, email).await?;
    tx.record_for(
        &account,
        &Actor::person(user, name),
        Entry::new(AuditKind::AccountOpened, words::opened_the_account_number(&title, &number)),
    )
    .await?;
    Ok(account)
}

/// A customer whom staff bring in: the account, and its owner, who is yet to be invited.
pub struct NewAccount<'a> {
    /// Name of the account.
    pub name: &'a str,
    /// First and last name of its owner.
    pub owner: (&'a str, &'a str),
    /// The owner's address, and the account's main address.
    pub email: &'a EmailAddress,
    /// Phone, or empty.
    pub phone: &'a str,
    /// Country code, or empty.
    pub country: &'a str,
}

/// Opens an account for a customer. Returns it with its owner's contact, which no login is linked to yet.
pub async fn open_for(tx: &mut Tx<OfStaff>, new: &NewAccount<'_>) -> Result<(AccountId, ContactId)> {
    let (first, last) = new.owner;
    let whole = format!("{first} {last}");
    let owner = OwnerName { first, last, whole: whole.trim(), company: new.name };
    let (account, contact, _) = insert(tx, None, new.name, &owner, new.email).await?;
    tx.conn().execute(SET_PLACE, args![account.as_str(), new.phone, new.country]).await?;
    Ok((account, contact))
}

/// What the contact of an owner is called.
struct OwnerName<'a> {
    first: &'a str,
    last: &'a str,
    whole: &'a str,
    company: &'a str,
}

/// Adds an account and its owner's contact, which is linked to a user if there is one. Returns both, and the
/// number of the account.
async fn insert<S>(
    tx: &mut Tx<S>,
    user: Option<&UserId>,
    title: &str,
    owner: &OwnerName<'_>,
    email: &EmailAddress,
) -> Result<(AccountId, ContactId, i64)> {
    let now = tx.now().0;
    let (account, contact) = (tx.new_id(), tx.new_id());
    let number: i64 = tx.conn().value(NEXT_NUMBER, args![]).await?;
    tx.conn().execute(INSERT, args![&account, number, title, email.as_str(), &contact, now]).await?;
    let OwnerName { first, last, whole, company } = *owner;
    tx.conn()
        .execute(
            INSERT_OWNER,
            args![
                &contact,
                &account,
                user.map(UserId::as_str),
                first,
                last,
                company,
                email.as_str(),
                email.key(),
                whole.to_lowercase(),
                format!("{whole} {company} {email}").to_lowercase(),
                now
            ],
        )
        .await?;
    Ok((account.into(), contact.into(), number))
}

/// Where somebody lands after signing in: staff in the staff area, others in their only account, or at the
/// picker (S2).
pub async fn landing(tx: &mut Tx<Open>, user: &UserId) -> Result<String> {
    if staff::is_staff(tx.conn(), user).await? {
        return Ok(paths::OPERATOR.into());
    }
    let now = tx.now().0;
    let accounts: Vec<String> = tx.conn().values(LANDING, args![user.as_str()]).await?;
    let waiting: i64 = tx.conn().value(LANDING_WAITING, args![user.as_str(), now]).await?;
    Ok(match <[String; 1]>::try_from(accounts) {
        Ok([only]) if waiting == 0 => paths::account(&only.into()),
        _ => paths::ACCOUNTS.into(),
    })
}

#[derive(FromRow)]
struct ChoiceRow {
    id: String,
    contact: String,
    name: String,
    number: i64,
    is_owner: bool,
    permissions: String,
    each: Option<String>,
    closed: bool,
}

/// The accounts that the acting user reaches.
pub async fn choices(reader: &mut Reader<OfUser>) -> Result<Vec<ContactChoice>> {
    let last = reader.person().last_account.clone();
    let rows: Vec<ChoiceRow> = reader.all(CHOICES, args![]).await?;
    let of: Vec<ToldMember<'_>> = rows
        .iter()
        .filter(|row| !row.closed)
        .map(|row| ToldMember {
            account: &row.id,
            holder: &row.contact,
            held: Permissions::of_contact(row.is_owner, &row.permissions),
        })
        .collect();
    let now = reader.now();
    let needs = attention::store::needs(reader.conn(), &of, now).await?;
    let choice = |row: ChoiceRow| {
        let each = Summary::from_column(row.each.as_deref());
        let phrase = || permissions::words::phrase(Permissions::from_keys(&row.permissions), each);
        ContactChoice {
            needs: needs.iter().filter(|need| need.account.as_str() == row.id).count(),
            last: last.as_ref().is_some_and(|last| last.as_str() == row.id),
            role: if row.is_owner { "Owner".into() } else { phrase() },
            account: row.id.into(),
            name: row.name,
            number: row.number,
            is_owner: row.is_owner,
            closed: row.closed,
        }
    };
    Ok(rows.into_iter().map(choice).collect())
}

#[derive(FromRow)]
struct SwitchRow {
    id: String,
    name: String,
    number: i64,
    is_owner: bool,
    permissions: String,
    some_services: bool,
    some_domains: bool,
}

/// The accounts that the acting user can change over to, the ones entered lately first.
pub async fn switcher(reader: &mut Reader<OfUser>) -> Result<Vec<SwitchChoice>> {
    let rows: Vec<SwitchRow> = reader.all(SWITCHER, args![]).await?;
    let choice = |row: SwitchRow| {
        let held = Permissions::of_contact(row.is_owner, &row.permissions);
        let open = [
            ("services", row.some_services || held.has(Permission::ViewService)),
            ("domains", row.some_domains || held.has(Permission::ViewDomain)),
            ("contacts", held.has(Permission::ManageContacts)),
            ("emails", held.has(Permission::ViewEmails)),
            ("profile", held.has(Permission::EditProfile)),
            ("activity", held.has(Permission::ViewActivity)),
        ];
        SwitchChoice {
            account: row.id.into(),
            name: row.name,
            number: row.number,
            sections: open.into_iter().filter(|(_, open)| *open).map(|(name, _)| name.to_owned()).collect(),
        }
    };
    Ok(rows.into_iter().map(choice).collect())
}

/// Whoever acts has changed over to this account.
pub async fn note_entered(tx: &mut Tx<InAccount>) -> Result<()> {
    let (contact, now) = (tx.actor().clone(), tx.now().0);
    tx.execute(ENTERED, args![contact.as_str(), now]).await?;
    Ok(())
}

#[derive(FromRow)]
struct WaitingRow {
    id: String,
    account: String,
    inviter: String,
    is_owner: bool,
    permissions: String,
    each: Option<String>,
    expires_at: i64,
}

/// The invitations for the acting user's verified address.
pub async fn waiting(reader: &mut Reader<OfUser>) -> Result<Vec<WaitingInvitation>> {
    let key = reader.person().email.to_ascii_lowercase();
    let now = reader.now().0;
    let rows: Vec<WaitingRow> = reader.conn().all(WAITING, args![key, now]).await?;
    let waiting = |row: WaitingRow| WaitingInvitation {
        able_to: Summary::from_column(row.each.as_deref())
            .able_to(Permissions::of_contact(row.is_owner, &row.permissions))
            .say(),
        invitation: row.id.into(),
        account: row.account,
        inviter: row.inviter,
        expires: Timestamp(row.expires_at),
    };
    Ok(rows.into_iter().map(waiting).collect())
}

/// The overview, as far as the person may see; with numbers of contacts for who may manage them.
pub async fn overview(reader: &mut Reader<InAccount>) -> Result<Overview> {
    let now = reader.now().0;
    let membership = reader.acting();
    let owner = reader.optional(OWNER, args![]).await?.ok_or(AppError::NotFound)?;
    let contacts = if membership.permissions.has(Permission::ManageContacts) {
        Some(reader.one(COUNTS, args![now, COUNTED + 1]).await?)
    } else {
        None
    };
    let grant =
        permissions::store::grant_of(reader.conn(), &membership.holder, membership.permissions).await?;
    let givable = permissions::store::givable(reader).await?;
    let able_to = grant.able_to(|id| givable.name(id)).say();
    let offered_by = crate::features::ownership::store::offered_by(reader).await?;
    Ok(Overview {
        offered_by,
        owner,
        able_to,
        services: givable.services.len(),
        domains: givable.domains.len(),
        contacts,
    })
}

/// What the account asks of everybody who enters it, and who would have to do something for it.
pub async fn rules(on: &mut impl OfAccount) -> Result<Rules> {
    let account = on.acting().account.clone();
    let (version, needs_factor, own): (i64, bool, bool) =
        on.connection().one(RULES, args![account.as_str()]).await?;
    let without: Vec<String> = on.connection().values(WITHOUT, args![account.as_str()]).await?;
    Ok(Rules { version, needs_factor, own, without })
}

/// Asks everybody on the account for a second factor, or no longer. Says whether that is new.
pub async fn set_needs_factor(tx: &mut Tx<InAccount>, needs: bool) -> Result<bool> {
    let done = tx.execute(SET_NEEDS_FACTOR, args![needs]).await?;
    Ok(done > 0)
}

#[derive(FromRow)]
struct ProfileRow {
    name: String,
    email: String,
    phone: String,
    street: String,
    city: String,
    region: String,
    postcode: String,
    country: String,
    mail: String,
    billing_contact_id: Option<String>,
    billing_only: bool,
    no_copies: bool,
    tax_id: String,
    endpoint: String,
    reference: String,
    invoice_channel: String,
    version: i64,
}

/// The account's details.
pub async fn profile(on: &mut impl OfAccount) -> Result<Profile> {
    let account = on.acting().account.clone();
    let row: ProfileRow = on.connection().one(PROFILE, args![account.as_str()]).await?;
    let ticked = |on: bool| if on { "on".to_owned() } else { String::new() };
    Ok(Profile {
        name: row.name,
        email: row.email,
        phone: row.phone,
        street: row.street,
        city: row.city,
        region: row.region,
        postcode: row.postcode,
        country: row.country,
        mail: Categories::from_column(&row.mail).iter().map(|one| one.key().to_owned()).collect(),
        billing_contact: row.billing_contact_id.unwrap_or_default(),
        billing_only: ticked(row.billing_only),
        no_copies: ticked(row.no_copies),
        tax_id: row.tax_id,
        endpoint: row.endpoint,
        reference: row.reference,
        channel: row.invoice_channel,
        version: row.version,
    })
}

/// A contact where one is chosen.
#[derive(FromRow)]
pub struct NamedContact {
    id: String,
    name: String,
    company: String,
    email: String,
    closed: bool,
}

impl NamedContact {
    /// What it is called: its name or company, its address, and whether it is closed.
    fn title(self) -> String {
        let Self { name, company, email, closed, .. } = self;
        let name = if name.is_empty() { company } else { name };
        let name = if name.is_empty() { email } else { format!("{name} ({email})") };
        if closed { words::closed(&name) } else { name }
    }

    /// Its id and what it is called.
    pub fn named(self) -> (ContactId, String) {
        (ContactId::from(self.id.clone()), self.title())
    }
}

/// Whom invoices can be addressed to: every active contact, and the one that they are addressed to now.
/// `None` when there are too many to choose from.
pub async fn contacts(on: &mut impl OfAccount) -> Result<Option<Vec<(ContactId, String)>>> {
    let account = on.acting().account.clone();
    let limit = i64::try_from(MAX_CHOICES + 1).unwrap_or(i64::MAX);
    let rows: Vec<NamedContact> = on.connection().all(CONTACTS, args![account.as_str(), limit]).await?;
    if rows.len() > MAX_CHOICES {
        return Ok(None);
    }
    let mut contacts: Vec<(ContactId, String)> = rows.into_iter().map(NamedContact::named).collect();
    contacts.sort_by_key(|(_, name)| name.to_lowercase());
    Ok(Some(contacts))
}

/// What a contact is called, with its address; "The account" for none.
pub async fn name_of(tx: &mut Tx<InAccount>, contact: &str) -> Result<String> {
    let row: Option<NamedContact> = tx.optional(NAME_OF, args![contact]).await?;
    Ok(row.map_or_else(|| words::THE_ACCOUNT_ITSELF.into(), NamedContact::title))
}

/// The active contact of the account with this id or e-mail address.
pub async fn active_contact(tx: &mut Tx<InAccount>, named: &str) -> Result<Option<ContactId>> {
    let (sql, value) = if named.contains('@') {
        (CARD_WITH, named.trim().to_ascii_lowercase())
    } else {
        (HAS_CARD, named.to_owned())
    };
    let id: Option<String> = tx.optional_value(sql, args![value]).await?;
    Ok(id.map(ContactId::from))
}

/// Has this contact of the account, active or not, this e-mail address?
pub async fn is_contact_with(tx: &mut Tx<InAccount>, contact: &str, email: &str) -> Result<bool> {
    let key = email.trim().to_ascii_lowercase();
    Ok(tx.value(IS_CONTACT_WITH, args![contact, key]).await?)
}

/// Invoices are addressed to another contact from now on, or to the account itself.
pub async fn set_billing(tx: &mut Tx<InAccount>, contact: Option<&ContactId>) -> Result<()> {
    tx.execute(SET_BILLING, args![contact.map(ContactId::as_str)]).await?;
    Ok(())
}

/// Switches a category on for the main address.
pub async fn add_main_mail(tx: &mut Tx<InAccount>, category: Category) -> Result<()> {
    let now = Categories::from_keys(profile(tx).await?.mail).and(category.into());
    tx.execute(SET_MAIN_MAIL, args![now.column()]).await?;
    Ok(())
}

/// Is this the verified address of somebody who can enter the account?
pub async fn is_proven(tx: &mut Tx<InAccount>, email: &EmailAddress) -> Result<bool> {
    Ok(tx.value(PROVEN, args![email.key()]).await?)
}

/// How long a new main address waits for its confirmation.
const MAIN_DAYS: i64 = 3;

/// Keeps a new main address until it is confirmed, in place of an earlier one. Returns the secret of the link
/// that confirms it.
pub async fn ask_main(tx: &mut Tx<InAccount>, email: &str) -> Result<String> {
    let (user, now, secret) = (tx.membership().user.id.clone(), tx.now(), token::new_token());
    tx.execute(
        ASK_MAIN,
        args![token::hash(&secret), email, user.as_str(), now.0, now.plus_days(MAIN_DAYS).0],
    )
    .await?;
    Ok(secret)
}

/// The main address that waits for its confirmation, and until when.
pub async fn waiting_main(on: &mut impl OfAccount) -> Result<Option<(String, Timestamp)>> {
    let (account, now) = (on.acting().account.clone(), on.time().0);
    let row: Option<(String, i64)> =
        on.connection().optional(WAITING_MAIN, args![account.as_str(), now]).await?;
    Ok(row.map(|(email, until)| (email, Timestamp(until))))
}

/// The main address that waited is wanted no more. Returns it.
pub async fn drop_main(tx: &mut Tx<InAccount>) -> Result<Option<String>> {
    Ok(tx.optional_value(DROP_MAIN, args![]).await?)
}

/// May whoever asked for a new main address still decide where mail of the account goes?
async fn asker_may(conn: &mut Conn, secret: &str) -> Result<bool> {
    let row: Option<(bool, String)> = conn.optional(ASKER, args![token::hash(secret)]).await?;
    let may = |held: Permissions| held.has(Permission::EditProfile) && held.has(Permission::ViewInvoices);
    Ok(row.is_some_and(|(is_owner, permissions)| {
        is_owner || may(Permissions::from_keys(&permissions).opening())
    }))
}

/// Name of the account and the address that a link would confirm.
pub async fn main_link(reader: &mut Reader<Open>, secret: &str) -> Result<Option<(String, String)>> {
    let now = reader.now().0;
    if !asker_may(reader.conn(), secret).await? {
        return Ok(None);
    }
    Ok(reader.conn().optional(MAIN_LINK, args![token::hash(secret), now]).await?)
}

/// Uses the link up: of many at once, one gets the account and the address.
pub async fn use_main_link(tx: &mut Tx<Open>, secret: &str) -> Result<Option<(AccountId, String)>> {
    let now = tx.now().0;
    if !asker_may(tx.conn(), secret).await? {
        return Ok(None);
    }
    let row: Option<(String, String)> =
        tx.conn().optional(USE_MAIN_LINK, args![token::hash(secret), now]).await?;
    Ok(row.map(|(account, email)| (account.into(), email)))
}

/// Replaces the main address.
pub async fn set_main<S>(tx: &mut Tx<S>, account: &AccountId, email: &str) -> Result<()> {
    tx.conn().execute(SET_MAIN, args![account.as_str(), email]).await?;
    Ok(())
}

const UNCHECKED: &str = r"SELECT id, tax_id
    FROM accounts
    WHERE tax_id <> '' AND tax_state IN ('', 'unavailable') AND (tax_state = '' OR tax_checked_at < $1)
    ORDER BY id LIMIT 50";
const SET_CHECK: &str = r"UPDATE accounts
    SET tax_state = $3, tax_checked_at = $4, tax_consultation = $5
    WHERE id = $1 AND tax_id = $2";
const FORGET_CHECK: &str =
    "UPDATE accounts SET tax_state = '', tax_checked_at = NULL, tax_consultation = '' WHERE id = $1";
const CHECK: &str = "SELECT tax_state, tax_checked_at, tax_consultation FROM accounts WHERE id = $1";

/// Numbers for taxes that the register has not been asked about, or could not since: account and number. Those of countries
/// outside the EU it does not know.
pub async fn unchecked_tax_ids(conn: &mut Conn, since: Timestamp) -> Result<Vec<(String, String)>> {
    let rows: Vec<(String, String)> = conn.all(UNCHECKED, args![since.0]).await?;
    let eu =
        |tax_id: &str| tax_id.get(..2).is_some_and(|country| country != "GB" && vat_id::is_known(country));
    Ok(rows.into_iter().filter(|(_, tax_id)| eu(tax_id)).collect())
}

/// Keeps what the register said of a number, if it still is the account's.
pub async fn set_tax_check(
    tx: &mut Tx<InAccount>,
    tax_id: &str,
    state: TaxState,
    consultation: &str,
) -> Result<()> {
    let (account, now) = (tx.account().clone(), tx.now().0);
    tx.conn().execute(SET_CHECK, args![account.as_str(), tax_id, state.key(), now, consultation]).await?;
    Ok(())
}

/// The number is another one: what was said of the old one says nothing of it.
pub async fn forget_tax_check(tx: &mut Tx<InAccount>) -> Result<()> {
    let account = tx.account().clone();
    tx.conn().execute(FORGET_CHECK, args![account.as_str()]).await?;
    Ok(())
}

/// What the register said, when, and its number for the question.
pub async fn tax_check(on: &mut impl OfAccount) -> Result<Option<(TaxState, Timestamp, String)>> {
    let account = on.acting().account.clone();
    let (state, at, consultation): (String, Option<i64>, String) =
        on.connection().one(CHECK, args![account.as_str()]).await?;
    Ok(at.map(|at| (TaxState::from_key(&state), Timestamp(at), consultation)))
}

/// Whom a change of an account's addresses concerns.
pub struct Concerned {
    /// Name of the account.
    pub name: String,
    /// Its main address.
    pub main: String,
    /// Name and address of its owner.
    pub owner: (String, String),
}

impl Concerned {
    /// The same for its mails.
    pub fn about<'a>(&'a self, account: &'a AccountId) -> AboutProfile<'a> {
        AboutProfile { account, name: &self.name, main: &self.main, owner: (&self.owner.0, &self.owner.1) }
    }
}

/// Whom it concerns, as things stand.
pub async fn concerned<S>(tx: &mut Tx<S>, account: &AccountId) -> Result<Concerned> {
    let row: (String, String, String, String) = tx.conn().one(ABOUT, args![account.as_str()]).await?;
    let (name, main, owner, email) = row;
    Ok(Concerned { name, main, owner: (owner, email) })
}

/// Replaces the account's details, unless they have changed since they were read. Says whether it did.
pub async fn save_profile(tx: &mut Tx<InAccount>, profile: &Profile) -> Result<bool> {
    let columns = columns![
        name: &profile.name,
        email: &profile.email,
        phone: &profile.phone,
        street: &profile.street,
        city: &profile.city,
        region: &profile.region,
        postcode: &profile.postcode,
        country: &profile.country,
        mail: Categories::from_keys(&profile.mail).among(Categories::of_main()).column(),
        billing_contact_id: (!profile.billing_contact.is_empty()).then_some(&profile.billing_contact),
        billing_only: !profile.billing_only.is_empty(),
        no_copies: !profile.no_copies.is_empty(),
        tax_id: &profile.tax_id,
        endpoint: &profile.endpoint,
        reference: &profile.reference,
        invoice_channel: &profile.channel,
    ];
    let keys = args![tx.account().as_str(), profile.version];
    let done = tx.conn().execute(SAVE_PROFILE.sql(), SAVE_PROFILE.args(keys, columns)?).await?;
    Ok(done > 0)
}
