//! Proofs of access: the first line of every server function, and the only door to the data (R4).
//!
//! [`Access`] proves that the signed-in user may do something on an account and hands out connections that
//! know that account; [`SignedIn`] proves who somebody is, for their own things; [`Public`] says aloud that
//! anybody may; [`System`] is the program itself. Invariant: fields are private, so a proof cannot be made
//! but by checking; the account in a proof is the only source of the account for SQL.

use crate::access::membership::{Membership, SessionUser};
use crate::access::request::{Origin, RequestContext};
use crate::access::requirement::Requirement;
use crate::access::scope::{InAccount, OfUser, Open, Reader, Tx};
use crate::access::state::AppState;
use crate::access::{lookup, session, staff};
use crate::error::{AppError, Result};
use crate::permission::{Group, Permissions};
use crate::types::{AccountId, AssetId, DomainId, ServiceId, Timestamp};
use std::marker::PhantomData;
use std::sync::Arc;

/// Proof that the signed-in user may do `P` on an account, or on one service or domain of it.
pub struct Access<P> {
    membership: Arc<Membership>,
    context: RequestContext,
    held: Permissions,
    proves: PhantomData<P>,
}

impl<P: Requirement> Access<P> {
    /// Checks the request being answered.
    ///
    /// # Errors
    /// In this order: [`AppError::SignedOut`], [`AppError::NotFound`] for an account that is not theirs to
    /// enter, [`AppError::Lacks`] without the permission.
    pub async fn to(account: AccountId) -> Result<Self> {
        Self::of(RequestContext::current()?, &account).await
    }

    /// The same for a request that is no server function's.
    ///
    /// # Errors
    /// As [`Self::to`].
    pub async fn of(context: RequestContext, account: &AccountId) -> Result<Self> {
        let membership = lookup::membership(&context, account, None).await?;
        has_factor(&membership)?;
        if let Some(refusal) = P::refusal(&membership) {
            return Err(refusal);
        }
        match P::PERMISSION {
            Some(permission) if !P::met(&membership) => {
                Err(AppError::Lacks { permission: permission.key().into(), asset: None })
            }
            _ => Ok(Self { held: membership.permissions, membership, context, proves: PhantomData }),
        }
    }

    /// Checks the request being answered, which names a service or domain beside.
    ///
    /// # Errors
    /// As [`Self::to`]; [`AppError::NotFound`] also for an asset that is not visible to the person.
    pub async fn near(account: AccountId, asset: Option<&AssetId>) -> Result<Self> {
        let context = RequestContext::current()?;
        if let Some(asset) = asset
            && !lookup::membership(&context, &account, Some(asset)).await?.may_name(asset)
        {
            return Err(AppError::NotFound);
        }
        Self::of(context, &account).await
    }

    /// Checks the request being answered, which is about a service or domain beside what is proved; also says
    /// which of the two it is.
    ///
    /// # Errors
    /// As [`Self::to`]; then [`AppError::NotFound`] for an asset that is not visible to the person.
    pub async fn about(account: AccountId, asset: &AssetId) -> Result<(Self, Group)> {
        let context = RequestContext::current()?;
        // Looked up with the asset first, so that once is enough.
        let membership = lookup::membership(&context, &account, Some(asset)).await?;
        let access = Self::of(context, &account).await?;
        Ok((access, membership.group_of(asset).ok_or(AppError::NotFound)?))
    }

    /// Checks the request being answered for one service.
    ///
    /// # Errors
    /// As [`Self::to`]; [`AppError::NotFound`] also for a service that is not visible to the person.
    pub async fn on_service(account: AccountId, service: &ServiceId) -> Result<Self> {
        Self::on(RequestContext::current()?, &account, &service.asset(), Group::Service).await
    }

    /// Checks the request being answered for one domain.
    ///
    /// # Errors
    /// As [`Self::on_service`].
    pub async fn on_domain(account: AccountId, domain: &DomainId) -> Result<Self> {
        Self::on(RequestContext::current()?, &account, &domain.asset(), Group::Domain).await
    }

    /// Checks a request for one service or domain.
    ///
    /// # Errors
    /// As [`Self::on_service`].
    pub async fn on(
        context: RequestContext,
        account: &AccountId,
        asset: &AssetId,
        group: Group,
    ) -> Result<Self> {
        let membership = lookup::membership(&context, account, Some(asset)).await?;
        has_factor(&membership)?;
        let held = membership.on(asset, group);
        if held.is_empty() {
            return Err(AppError::NotFound);
        }
        match P::PERMISSION {
            Some(permission) if !held.has(permission) => {
                Err(AppError::Lacks { permission: permission.key().into(), asset: Some(asset.clone()) })
            }
            _ => Ok(Self { membership, context, held, proves: PhantomData }),
        }
    }

    /// What the person holds: on the service or domain that was checked, else on the account.
    pub fn held(&self) -> Permissions {
        self.held
    }

    /// The user, their contact and the account.
    pub fn membership(&self) -> &Membership {
        &self.membership
    }

    /// The request.
    pub fn context(&self) -> &RequestContext {
        &self.context
    }

    /// The application, for its clock and settings.
    pub fn app(&self) -> &AppState {
        self.context.app()
    }

    fn scope(&self) -> InAccount {
        InAccount(self.membership.clone())
    }

    /// A connection for reading the account's data.
    pub async fn read(&self) -> Result<Reader<InAccount>> {
        Reader::new(self.app(), self.scope()).await
    }

    /// A transaction for changing the account's data.
    ///
    /// # Errors
    /// [`AppError::Preview`] in a preview: nothing can be changed, and no link or token made, in it (R7).
    /// [`AppError::Forbidden`] for staff who may only look, and for what is a contact's own.
    /// [`AppError::Conflict`] when what the person may do has changed since it was checked.
    pub async fn begin(&self) -> Result<Tx<InAccount>> {
        if self.membership.preview.is_some() {
            return Err(AppError::Preview);
        }
        if let Some(held) = self.membership.staff {
            if P::PERMISSION.is_none() {
                return Err(AppError::Forbidden("staff have no contact of their own on this account".into()));
            }
            if !held.has(P::STAFF) {
                return Err(staff::lacks(P::STAFF));
            }
        }
        let mut tx = Tx::new(self.app(), self.scope(), Origin::of(&self.context)).await?;
        // Whoever waited for the writer behind the change that took their permission away has lost it by now.
        if !lookup::still_holds(tx.conn(), &self.context, &self.membership).await? {
            return Err(AppError::Conflict("Your permissions on this account changed a moment ago. Nothing was saved: load the page again.".into()));
        }
        Ok(tx)
    }
}

/// An account can want a second factor from everybody (X4).
fn has_factor(membership: &Membership) -> Result<()> {
    if membership.lacks_factor { Err(AppError::NeedsFactor) } else { Ok(()) }
}

/// Proof of who somebody is, for what belongs to them alone: their login, their picker.
pub struct SignedIn {
    user: SessionUser,
    context: RequestContext,
    must_be_fresh: bool,
}

impl SignedIn {
    /// Checks the request being answered.
    ///
    /// # Errors
    /// [`AppError::SignedOut`].
    pub async fn now() -> Result<Self> {
        Self::of(RequestContext::current()?).await
    }

    /// The same for a request that is no server function's.
    ///
    /// # Errors
    /// [`AppError::SignedOut`].
    pub async fn of(context: RequestContext) -> Result<Self> {
        let user = session::user(&context).await?;
        Ok(Self { user, context, must_be_fresh: false })
    }

    /// Checks also that they have just proved to be there, with everything they have to prove it with: for
    /// what would be worth stealing a session for (OWASP ASVS 5.0 §7.5.1).
    ///
    /// # Errors
    /// [`AppError::SignedOut`], [`AppError::Unconfirmed`].
    pub async fn confirmed() -> Result<Self> {
        Self::now().await?.just_confirmed()
    }

    /// Checks that whoever has a second factor has just used it. For what asks for the password by itself.
    ///
    /// # Errors
    /// [`AppError::Unconfirmed`].
    pub fn with_every_factor(self) -> Result<Self> {
        if self.user.has_factor { self.just_confirmed() } else { Ok(self) }
    }

    /// See [`Self::confirmed`].
    ///
    /// # Errors
    /// [`AppError::Unconfirmed`].
    pub fn just_confirmed(self) -> Result<Self> {
        self.check_fresh(self.user.confirmed)?;
        Ok(Self { must_be_fresh: true, ..self })
    }

    fn check_fresh(&self, confirmed: Timestamp) -> Result<()> {
        let fresh = confirmed.plus_minutes(session::CONFIRMED_MINUTES) > self.app().now();
        if fresh { Ok(()) } else { Err(AppError::Unconfirmed) }
    }

    /// Who they are.
    pub fn user(&self) -> &SessionUser {
        &self.user
    }

    /// The request.
    pub fn context(&self) -> &RequestContext {
        &self.context
    }

    /// The application, for its clock and settings.
    pub fn app(&self) -> &AppState {
        self.context.app()
    }

    /// A connection for reading what is theirs.
    pub async fn read(&self) -> Result<Reader<OfUser>> {
        Reader::new(self.app(), OfUser(self.user.clone())).await
    }

    /// A transaction for changing what is theirs.
    ///
    /// # Errors
    /// [`AppError::SignedOut`] when their session was ended since it was checked; [`AppError::Unconfirmed`]
    /// when they have to prove anew that it is them.
    pub async fn begin(&self) -> Result<Tx<OfUser>> {
        let mut tx = Tx::new(self.app(), OfUser(self.user.clone()), Origin::of(&self.context)).await?;
        let confirmed = session::still_signed_in(tx.conn(), &self.context, &self.user.id).await?;
        if self.must_be_fresh {
            self.check_fresh(confirmed)?;
        }
        Ok(tx)
    }
}

/// Anybody may, and it says why.
pub struct Public {
    context: RequestContext,
}

impl Public {
    /// Opens the door to everybody. The reason is for the reader; the access table holds it too.
    ///
    /// # Errors
    /// [`AppError::Internal`] outside a request.
    pub fn because(_reason: &'static str) -> Result<Self> {
        Ok(Self { context: RequestContext::current()? })
    }

    /// The same for a request that is no server function's; its doc comment says why.
    pub fn of(context: RequestContext) -> Self {
        Self { context }
    }

    /// The request.
    pub fn context(&self) -> &RequestContext {
        &self.context
    }

    /// The application, for its clock and settings.
    pub fn app(&self) -> &AppState {
        self.context.app()
    }

    /// Who is signed in, if anybody is.
    pub async fn user(&self) -> Result<Option<SessionUser>> {
        match session::user(&self.context).await {
            Ok(user) => Ok(Some(user)),
            Err(AppError::SignedOut) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// A connection for reading.
    pub async fn read(&self) -> Result<Reader<Open>> {
        Reader::new(self.app(), Open).await
    }

    /// A transaction.
    pub async fn begin(&self) -> Result<Tx<Open>> {
        Tx::new(self.app(), Open, Origin::of(&self.context)).await
    }
}

/// The program itself: commands and jobs.
pub struct System(AppState);

impl System {
    /// The program acts.
    pub fn of(app: &AppState) -> Self {
        Self(app.clone())
    }

    /// A connection for reading.
    pub async fn read(&self) -> Result<Reader<Open>> {
        Reader::new(&self.0, Open).await
    }

    /// A transaction.
    pub async fn begin(&self) -> Result<Tx<Open>> {
        Tx::new(&self.0, Open, Origin::program()).await
    }

    /// A transaction on an account, in which the program itself acts.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for an account that there is not.
    pub async fn begin_in(&self, account: &AccountId) -> Result<Tx<InAccount>> {
        let mut tx = self.begin().await?;
        let scope = staff::program_on(tx.conn(), account).await?;
        Ok(tx.with_scope(scope))
    }
}
