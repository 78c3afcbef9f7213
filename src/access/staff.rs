//! Staff: users who work for the company that runs the portal, and the proof of it (O1).
//!
//! [`Staff`] is the sister of [`crate::access::Access`]: it proves that the signed-in user is active staff
//! with a second factor and holds a permission of the staff catalogue, and hands out connections that are
//! bound to no account. What staff do on an account they do through `Access`, as
//! [`crate::access::membership::Membership`] says. Invariant: staff are contacts of no account.

use crate::access::membership::{Membership, StaffMember};
use crate::access::request::{Origin, RequestContext};
use crate::access::scope::{InAccount, OfStaff, Reader, Tx};
use crate::access::session::{CONFIRMED_MINUTES, UserRow, hash};
use crate::access::state::AppState;
use crate::error::{AppError, Result};
use crate::permission::{StaffPermission, StaffPermissions};
use crate::platform::db::{Conn, FromRow, args};
use crate::types::{AccountId, ContactId, UserId};
use std::marker::PhantomData;
use std::sync::Arc;

const STAFF: &str = r"SELECT u.id, u.email, u.name, u.last_account_id, u.has_factor, s.id AS session,
        s.confirmed_at, s.last_used_at, st.permissions, st.version, coalesce(st.columns, '') AS columns
    FROM sessions s
    JOIN users u ON u.id = s.user_id
    LEFT JOIN staff st ON st.user_id = u.id AND st.status = 'active'
    WHERE s.token_hash = $1 AND s.expires_at > $2 AND s.last_used_at > $3";
const STILL_STAFF: &str = r"SELECT st.version
    FROM sessions s
    JOIN staff st ON st.user_id = s.user_id AND st.status = 'active'
    WHERE s.token_hash = $1 AND s.expires_at > $2 AND s.last_used_at > 0";
const IS_STAFF: &str = "SELECT count(*) FROM staff WHERE user_id = $1";

#[derive(FromRow)]
struct StaffMemberRow {
    #[sqlx(flatten)]
    user: UserRow,
    permissions: Option<String>,
    version: Option<i64>,
    columns: String,
}

/// What a [`Staff`] proves.
pub trait StaffRequirement: Send + Sync + 'static {
    /// The permission needed, or `None` when being staff is enough.
    const PERMISSION: Option<StaffPermission>;
}

macro_rules! requirement {
    ($($(#[$doc:meta])* $name:ident = $permission:expr;)*) => {
        $($(#[$doc])* pub struct $name; impl StaffRequirement for $name { const PERMISSION: Option<StaffPermission> = $permission; })*
    };
}

requirement! {
    /// Any active staff.
    AnyStaff = None;
    /// `customers.view`.
    ViewCustomers = Some(StaffPermission::ViewCustomers);
    /// `customers.edit`.
    EditCustomers = Some(StaffPermission::EditCustomers);
    /// `customers.create`.
    CreateCustomers = Some(StaffPermission::CreateCustomers);
    /// `customers.close`.
    CloseCustomers = Some(StaffPermission::CloseCustomers);
    /// `customers.replace_owner`.
    ReplaceOwners = Some(StaffPermission::ReplaceOwners);
    /// `customers.merge`.
    MergeCustomers = Some(StaffPermission::MergeCustomers);
    /// `customers.export`.
    ExportCustomers = Some(StaffPermission::ExportCustomers);
    /// `customers.erase`.
    EraseCustomers = Some(StaffPermission::EraseCustomers);
    /// `customers.view_as`.
    ViewAsCustomer = Some(StaffPermission::ViewAsCustomer);
    /// `customers.break_glass`.
    BreakGlass = Some(StaffPermission::BreakGlass);
    /// `customers.import`.
    ImportCustomers = Some(StaffPermission::ImportCustomers);
    /// `services.edit`.
    EditServices = Some(StaffPermission::EditServices);
    /// `requests.answer`.
    AnswerRequests = Some(StaffPermission::AnswerRequests);
    /// `tickets.answer`.
    AnswerTickets = Some(StaffPermission::AnswerTickets);
    /// `invoices.view`.
    ViewInvoices = Some(StaffPermission::ViewInvoices);
    /// `invoices.manage`.
    ManageInvoices = Some(StaffPermission::ManageInvoices);
    /// `products.edit`.
    EditProducts = Some(StaffPermission::EditProducts);
    /// `settings.edit`.
    EditSettings = Some(StaffPermission::EditSettings);
    /// `staff.manage`.
    ManageStaff = Some(StaffPermission::ManageStaff);
    /// `audit.view`.
    ViewAudit = Some(StaffPermission::ViewAudit);
}

/// Proof that the signed-in user is staff and may do `P`.
pub struct Staff<P> {
    member: Arc<StaffMember>,
    context: RequestContext,
    proves: PhantomData<P>,
}

impl<P: StaffRequirement> Staff<P> {
    /// Checks the request being answered.
    ///
    /// # Errors
    /// In this order: [`AppError::SignedOut`]; [`AppError::NotFound`] for who is no active staff, so that
    /// nobody else learns what there is; [`AppError::NeedsFactor`]; [`AppError::Forbidden`] without the
    /// permission.
    pub async fn now() -> Result<Self> {
        Self::of(RequestContext::current()?).await
    }

    /// The same for a request that is no server function's.
    ///
    /// # Errors
    /// As [`Self::now`].
    pub async fn of(context: RequestContext) -> Result<Self> {
        let member = Arc::new(look_up(&context).await?);
        // The demo's logins are public: there is nothing to protect, and everybody can try.
        if !member.user.has_factor && !context.app().config().demo {
            return Err(AppError::NeedsFactor);
        }
        let staff = Self { member, context, proves: PhantomData };
        match P::PERMISSION {
            Some(permission) => staff.holding(permission),
            None => Ok(staff),
        }
    }

    /// Checks also a permission that is known only while the request is answered.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub fn holding(self, permission: StaffPermission) -> Result<Self> {
        if self.member.permissions.has(permission) { Ok(self) } else { Err(lacks(permission)) }
    }

    /// Checks also that they have just proved to be there, with everything they have to prove it with.
    ///
    /// # Errors
    /// [`AppError::Unconfirmed`].
    pub fn just_confirmed(self) -> Result<Self> {
        let fresh = self.member.user.confirmed.plus_minutes(CONFIRMED_MINUTES) > self.app().now();
        if fresh { Ok(self) } else { Err(AppError::Unconfirmed) }
    }

    /// Who they are, and what they may do.
    pub fn member(&self) -> &StaffMember {
        &self.member
    }

    /// The request.
    pub fn context(&self) -> &RequestContext {
        &self.context
    }

    /// The application, for its clock and settings.
    pub fn app(&self) -> &AppState {
        self.context.app()
    }

    /// A connection for reading.
    pub async fn read(&self) -> Result<Reader<OfStaff>> {
        Reader::new(self.app(), OfStaff(self.member.clone())).await
    }

    /// A transaction.
    ///
    /// # Errors
    /// [`AppError::Conflict`] when what they may do has changed since it was checked.
    pub async fn begin(&self) -> Result<Tx<OfStaff>> {
        let mut tx = Tx::new(self.app(), OfStaff(self.member.clone()), Origin::of(&self.context)).await?;
        if still_staff(tx.conn(), &self.context).await? != Some(self.member.version) {
            return Err(AppError::Conflict(
                "Your permissions changed a moment ago. Nothing was saved: load the page again.".into(),
            ));
        }
        Ok(tx)
    }
}

/// The refusal of what takes a staff permission.
pub(super) fn lacks(permission: StaffPermission) -> AppError {
    AppError::Forbidden(permission.needed())
}

async fn look_up(context: &RequestContext) -> Result<StaffMember> {
    let now = context.app().now();
    let mut reader = context.app().database().reader().await?;
    let row: Option<StaffMemberRow> =
        reader.optional(STAFF, args![hash(context)?, now.0, context.app().idle_since().0]).await?;
    let row = row.ok_or(AppError::SignedOut)?;
    let (Some(permissions), Some(version)) = (row.permissions, row.version) else {
        return Err(AppError::NotFound);
    };
    Ok(StaffMember {
        user: row.user.used(context),
        permissions: StaffPermissions::from_keys(&permissions),
        columns: row.columns,
        version,
    })
}

/// The version of the staff row of this request's session, under the write lock.
pub(super) async fn still_staff(conn: &mut Conn, context: &RequestContext) -> Result<Option<i64>> {
    let now = context.app().now().0;
    Ok(conn.optional_value(STILL_STAFF, args![hash(context)?, now]).await?)
}

/// Is this user staff, also when disabled? Staff are contacts of no account.
pub async fn is_staff(conn: &mut Conn, user: &UserId) -> Result<bool> {
    Ok(conn.value::<i64>(IS_STAFF, args![user.as_str()]).await? > 0)
}

const ACCOUNT: &str = "SELECT name, number FROM accounts WHERE id = $1";

/// Name and number of an account.
///
/// # Errors
/// [`AppError::NotFound`] for an account that there is not.
pub async fn named(conn: &mut Conn, account: &AccountId) -> Result<(String, i64)> {
    let row = conn.optional(ACCOUNT, args![account.as_str()]).await?;
    row.ok_or(AppError::NotFound)
}

/// Staff on an account: what they act as there.
async fn membership_of(conn: &mut Conn, member: &StaffMember, account: &AccountId) -> Result<InAccount> {
    let (account_name, account_number) = named(conn, account).await?;
    Ok(InAccount(Arc::new(Membership {
        user: member.user.clone(),
        contact: ContactId::from(String::new()),
        holder: String::new(),
        is_owner: false,
        permissions: member.permissions.on_accounts(),
        some_services: false,
        some_domains: false,
        some_tickets: false,
        key_version: member.version,
        account: account.clone(),
        in_url: account.clone(),
        lacks_factor: false,
        account_name,
        account_number,
        staff: Some(member.permissions),
        program: false,
        preview: None,
        asset: None,
    })))
}

/// The program itself on an account: it holds no permission, and what it does is recorded as its own.
pub(super) async fn program_on(conn: &mut Conn, account: &AccountId) -> Result<InAccount> {
    let (account_name, account_number) = named(conn, account).await?;
    Ok(InAccount(Arc::new(Membership {
        account: account.clone(),
        in_url: account.clone(),
        account_name,
        account_number,
        ..Membership::of_program()
    })))
}

impl Tx<OfStaff> {
    /// The same transaction on an account: what is recorded stands in its audit too.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for an account that there is not.
    pub async fn into_account(mut self, account: &AccountId) -> Result<Tx<InAccount>> {
        let member = self.staff().clone();
        let scope = membership_of(self.conn(), &member, account).await?;
        Ok(self.with_scope(scope))
    }
}

impl Tx<InAccount> {
    /// The same transaction back in the staff area, for staff who went on to an account.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for anybody else.
    pub fn into_staff(self) -> Result<Tx<OfStaff>> {
        let member = self.membership();
        let permissions = member.staff.ok_or(AppError::NotFound)?;
        let (user, version) = (member.user.clone(), member.key_version);
        let scope = OfStaff(Arc::new(StaffMember { user, permissions, columns: String::new(), version }));
        Ok(self.with_scope(scope))
    }
}

impl Reader<OfStaff> {
    /// The same connection on an account.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for an account that there is not.
    pub async fn into_account(mut self, account: &AccountId) -> Result<Reader<InAccount>> {
        let member = self.staff().clone();
        let scope = membership_of(self.conn(), &member, account).await?;
        Ok(self.with_scope(scope))
    }
}
