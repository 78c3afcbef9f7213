//! Server functions of customers. Line 1 of each is the proof of access.

#[cfg(feature = "ssr")]
use super::model::COLUMNS;
use super::model::{CustomerForm, CustomerRow, CustomerView, MyList, NotesPage};
#[cfg(feature = "ssr")]
use super::{store, words};
#[cfg(feature = "ssr")]
use crate::access::Staff;
#[cfg(feature = "ssr")]
use crate::access::staff::{CloseCustomers, CreateCustomers, ViewCustomers, named};
#[cfg(feature = "ssr")]
use crate::error::Undo;
#[cfg(feature = "ssr")]
use crate::error::{AppError, required};
use crate::error::{Outcome, Result};
#[cfg(feature = "ssr")]
use crate::features::accounts::store::{NewAccount, open_for};
#[cfg(feature = "ssr")]
use crate::features::audit::model::{AuditChange, AuditKind};
#[cfg(feature = "ssr")]
use crate::features::audit::record::Entry;
#[cfg(feature = "ssr")]
use crate::operator::filters;
#[cfg(feature = "ssr")]
use crate::paths;
#[cfg(feature = "ssr")]
use crate::permission::Permissions;
use crate::types::{AccountId, ListQuery, Page};
#[cfg(feature = "ssr")]
use crate::types::{line, text_block};
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use leptos::server_fn::ServerFn as _;

/// A page of customers, found by words or not.
#[server(prefix = "/rpc", endpoint = "operator/customers/list")]
pub async fn list_customers(#[server(flatten)] query: ListQuery) -> Result<Page<CustomerRow>> {
    let staff = Staff::<ViewCustomers>::now().await?;
    store::list(&mut staff.read().await?, &query).await
}

/// How the acting staff look at the list.
#[server(prefix = "/rpc", endpoint = "operator/customers/my-list")]
pub async fn show_my_list() -> Result<MyList> {
    let staff = Staff::<ViewCustomers>::now().await?;
    store::my_list(&mut staff.read().await?).await
}

/// Chooses the columns of the list, for oneself.
#[server(prefix = "/rpc", endpoint = "operator/customers/save-columns")]
pub async fn save_columns(#[server(default)] columns: Vec<String>) -> Result<Outcome> {
    let staff = Staff::<ViewCustomers>::now().await?;
    let known: Vec<&str> =
        COLUMNS.iter().map(|(name, _)| *name).filter(|name| columns.iter().any(|one| one == name)).collect();
    let mut tx = staff.begin().await?;
    // Without one, the name alone is shown.
    let chosen = if known.is_empty() { "none".to_owned() } else { known.join(",") };
    store::set_columns(&mut tx, &chosen).await?;
    tx.unaudited("how one looks at a list");
    tx.commit().await?;
    Ok(Outcome::at(paths::CUSTOMERS, words::COLUMNS_SAVED))
}

/// Saves what the list shows under a name, for oneself.
#[server(prefix = "/rpc", endpoint = "operator/customers/save-filter")]
pub async fn save_filter(
    #[server(default)] name: String,
    #[server(default)] q: String,
    #[server(default)] status: String,
    #[server(default)] sort: String,
) -> Result<Outcome> {
    let staff = Staff::<ViewCustomers>::now().await?;
    let name = required("name", line(&name, 60), words::NAME_THE_FILTER)?;
    let query = ListQuery { q, status, sort, ..ListQuery::default() }.with(&[]);
    if query.len() > 500 {
        return Err(AppError::field("name", words::FILTER_TOO_LONG));
    }
    let mut tx = staff.begin().await?;
    filters::store::save(&mut tx, filters::store::CUSTOMERS, &name, &query, words::TOO_MANY_FILTERS).await?;
    tx.unaudited("how one looks at a list");
    tx.commit().await?;
    Ok(Outcome::at(format!("{}{query}", paths::CUSTOMERS), words::filter_saved(&name)))
}

/// Deletes one of one's own filters.
#[server(prefix = "/rpc", endpoint = "operator/customers/delete-filter")]
pub async fn delete_filter(#[server(default)] id: String) -> Result<Outcome> {
    let staff = Staff::<ViewCustomers>::now().await?;
    let mut tx = staff.begin().await?;
    let name = filters::store::delete(&mut tx, filters::store::CUSTOMERS, &id).await?;
    tx.unaudited("how one looks at a list");
    tx.commit().await?;
    Ok(Outcome::at(paths::CUSTOMERS, words::filter_deleted(&name)))
}

/// A customer's summary.
#[server(prefix = "/rpc", endpoint = "operator/customers/show")]
pub async fn show_customer(account: AccountId) -> Result<CustomerView> {
    let staff = Staff::<ViewCustomers>::now().await?;
    store::show(&mut staff.read().await?, &account).await
}

/// What staff noted about a customer.
#[server(prefix = "/rpc", endpoint = "operator/customers/notes")]
pub async fn list_notes(account: AccountId) -> Result<NotesPage> {
    let staff = Staff::<ViewCustomers>::now().await?;
    let mut reader = staff.read().await?;
    let (name, number) = named(reader.conn(), &account).await?;
    let notes = store::notes(&mut reader, &account).await?;
    Ok(NotesPage { name, number, notes, now: staff.app().now() })
}

/// Notes something about a customer, for staff alone.
#[server(prefix = "/rpc", endpoint = "operator/customers/add-note")]
pub async fn add_note(account: AccountId, #[server(default)] text: String) -> Result<Outcome> {
    let staff = Staff::<ViewCustomers>::now().await?;
    let text = required("text", text_block(&text, 5_000), words::WRITE_SOMETHING)?;
    let user = &staff.member().user;
    let mut tx = staff.begin().await?;
    tx.note_of(&account, words::ADDED_A_NOTE).await?;
    store::add_note(&mut tx, &account, (user.id.as_str(), &user.name), &text).await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::customer_notes(&account), words::NOTE_ADDED))
}

/// Deletes one's own note.
#[server(prefix = "/rpc", endpoint = "operator/customers/delete-note")]
pub async fn delete_note(account: AccountId, #[server(default)] note: String) -> Result<Outcome> {
    let staff = Staff::<ViewCustomers>::now().await?;
    let mut tx = staff.begin().await?;
    tx.note_of(&account, words::DELETED_A_NOTE).await?;
    if !store::delete_note(&mut tx, &account, &note).await? {
        return Err(AppError::Conflict(words::NOT_YOUR_NOTE.into()));
    }
    tx.commit().await?;
    Ok(Outcome::at(paths::customer_notes(&account), words::NOTE_DELETED))
}

/// Brings a new customer in, and invites the owner if wanted.
#[server(prefix = "/rpc", endpoint = "operator/customers/create")]
pub async fn create_customer(#[server(flatten)] form: CustomerForm) -> Result<Outcome> {
    let staff = Staff::<CreateCustomers>::now().await?;
    let (form, email) = form.parse()?;
    let mut tx = staff.begin().await?;
    let new = NewAccount {
        name: &form.name,
        owner: (&form.first_name, &form.last_name),
        email: &email,
        phone: &form.phone,
        country: &form.country,
    };
    let (account, owner) = open_for(&mut tx, &new).await?;
    let mut tx = tx.into_account(&account).await?;
    let number = tx.membership().account_number;
    tx.record(Entry::new(AuditKind::AccountOpened, words::opened_for(&form.name, &number))).await?;
    let to = paths::customer(&account);
    if form.invite.is_empty() {
        tx.commit().await?;
        return Ok(Outcome::at(to, words::created(&form.name, &number)));
    }
    let name = format!("{} {}", form.first_name, form.last_name);
    if store::invite(&mut tx, &owner, (name.trim(), &email), &Permissions::all().able_to()).await? {
        let entry = Entry::new(AuditKind::InvitationSent, words::invited_owner(&email)).about(&owner);
        tx.record(entry).await?;
    }
    tx.commit().await?;
    Ok(Outcome::at(to, words::created_and_invited(&form.name, &number, &email)))
}

/// Closes an account: nobody enters it any more.
#[server(prefix = "/rpc", endpoint = "operator/customers/close")]
pub async fn close_customer(account: AccountId, #[server(default)] reason: String) -> Result<Outcome> {
    let staff = Staff::<CloseCustomers>::now().await?;
    let reason = required("reason", text_block(&reason, 500), words::SAY_WHY)?;
    let mut tx = staff.begin().await?.into_account(&account).await?;
    if !store::set_closed(&mut tx, &account, true).await? {
        return Err(AppError::Conflict(words::ALREADY_CLOSED.into()));
    }
    let why = AuditChange::between(words::REASON, "", reason);
    tx.record(Entry::new(AuditKind::AccountClosed, words::CLOSED_THE_ACCOUNT).with(why)).await?;
    let name = tx.membership().account_name.clone();
    tx.commit().await?;
    let undo = Undo::by(ReopenCustomer::PATH, &[("account", account.as_str())]);
    Ok(Outcome::at(paths::customer(&account), words::closed_say(&name)).undone_by(undo))
}

/// Opens a closed account again.
#[server(prefix = "/rpc", endpoint = "operator/customers/reopen")]
pub async fn reopen_customer(account: AccountId) -> Result<Outcome> {
    let staff = Staff::<CloseCustomers>::now().await?;
    let mut tx = staff.begin().await?.into_account(&account).await?;
    if !store::set_closed(&mut tx, &account, false).await? {
        return Err(AppError::Conflict(words::NOT_CLOSED.into()));
    }
    tx.record(Entry::new(AuditKind::AccountReopened, words::REOPENED_THE_ACCOUNT)).await?;
    let name = tx.membership().account_name.clone();
    tx.commit().await?;
    Ok(Outcome::at(paths::customer(&account), words::reopened_say(&name)))
}
