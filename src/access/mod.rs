//! Proofs of access: the first line of every server function, and the only door to the data (R4).
//!
//! [`Access`] proves that the signed-in user may do something on an account and hands out connections that know that account;
//! [`SignedIn`] proves who somebody is, for their own things; [`Public`] says aloud that anybody may; [`System`] is the program
//! itself. Invariant: fields are private, so a proof cannot be made but by checking; the account in a proof is the only source
//! of the account for SQL.

pub mod device;
pub mod drafts;
pub mod fields;
pub mod list;
pub mod membership;
pub mod once;
mod requirement;
mod scope;
pub mod session;
pub mod settings;
pub mod state;
pub mod zone;

pub use requirement::*;
pub use scope::{InAccount, OfAccount, OfUser, Open, Reader, Tx};

use crate::access::membership::Member;
use crate::access::session::SessionUser;
use crate::access::state::{House, Origin, Visit};
use crate::error::{AppError, Result};
use crate::permission::{Group, Permissions};
use crate::types::{AccountId, DomainId, ServiceId, ThingId, Timestamp};
use std::marker::PhantomData;
use std::sync::Arc;

/// Proof that the signed-in user may do `P` on an account, or on one service or domain of it.
pub struct Access<P> {
    member: Arc<Member>,
    visit: Visit,
    held: Permissions,
    proves: PhantomData<P>,
}

impl<P: Requirement> Access<P> {
    /// Checks the request being answered.
    ///
    /// # Errors
    /// In this order: [`AppError::SignedOut`], [`AppError::NotFound`] for an account that is not theirs to enter,
    /// [`AppError::Lacks`] without the permission.
    pub async fn to(account: AccountId) -> Result<Self> {
        Self::of(Visit::current()?, &account).await
    }

    /// The same for a request that is no server function's.
    ///
    /// # Errors
    /// As [`Self::to`].
    pub async fn of(visit: Visit, account: &AccountId) -> Result<Self> {
        let member = visit.member(account, None).await?;
        has_factor(&member)?;
        if let Some(refusal) = P::refusal(&member) {
            return Err(refusal);
        }
        match P::PERMISSION {
            Some(permission) if !P::met(&member) => Err(AppError::Lacks { permission: permission.key().into(), thing: None }),
            _ => Ok(Self { held: member.permissions, member, visit, proves: PhantomData }),
        }
    }

    /// Checks the request being answered, which names a service or domain beside.
    ///
    /// # Errors
    /// As [`Self::to`]; [`AppError::NotFound`] also for a thing that is not visible to the person.
    pub async fn near(account: AccountId, thing: Option<&ThingId>) -> Result<Self> {
        let visit = Visit::current()?;
        if let Some(thing) = thing
            && !visit.member(&account, Some(thing)).await?.may_name(thing)
        {
            return Err(AppError::NotFound);
        }
        Self::of(visit, &account).await
    }

    /// Checks the request being answered for one service.
    ///
    /// # Errors
    /// As [`Self::to`]; [`AppError::NotFound`] also for a service that is not visible to the person.
    pub async fn on_service(account: AccountId, service: &ServiceId) -> Result<Self> {
        Self::on(Visit::current()?, &account, &service.thing(), Group::Service).await
    }

    /// Checks the request being answered for one domain.
    ///
    /// # Errors
    /// As [`Self::on_service`].
    pub async fn on_domain(account: AccountId, domain: &DomainId) -> Result<Self> {
        Self::on(Visit::current()?, &account, &domain.thing(), Group::Domain).await
    }

    /// Checks a request for one service or domain.
    ///
    /// # Errors
    /// As [`Self::on_service`].
    pub async fn on(visit: Visit, account: &AccountId, thing: &ThingId, group: Group) -> Result<Self> {
        let member = visit.member(account, Some(thing)).await?;
        has_factor(&member)?;
        let held = member.on(thing, group);
        if held.is_empty() {
            return Err(AppError::NotFound);
        }
        match P::PERMISSION {
            Some(permission) if !held.has(permission) => Err(AppError::Lacks { permission: permission.key().into(), thing: Some(thing.clone()) }),
            _ => Ok(Self { member, visit, held, proves: PhantomData }),
        }
    }

    /// What the person holds: on the service or domain that was checked, else on the account.
    pub fn held(&self) -> Permissions {
        self.held
    }

    /// The user, their card and the account.
    pub fn member(&self) -> &Member {
        &self.member
    }

    /// The request.
    pub fn visit(&self) -> &Visit {
        &self.visit
    }

    /// The house, for its clock and settings.
    pub fn house(&self) -> &House {
        self.visit.house()
    }

    fn scope(&self) -> InAccount {
        InAccount(self.member.clone())
    }

    /// A connection for reading the account's data.
    pub async fn read(&self) -> Result<Reader<InAccount>> {
        Reader::new(self.house(), self.scope()).await
    }

    /// A transaction for changing the account's data.
    ///
    /// # Errors
    /// [`AppError::Preview`] in a preview: nothing can be changed, and no link or token made, in it (R7). [`AppError::Conflict`] when
    /// what the person may do has changed since it was checked.
    pub async fn begin(&self) -> Result<Tx<InAccount>> {
        if self.member.preview.is_some() {
            return Err(AppError::Preview);
        }
        let mut tx = Tx::new(self.house(), self.scope(), Origin::of(&self.visit)).await?;
        // Whoever waited for the writer behind the change that took their permission away has lost it by now.
        if !membership::still_holds(tx.conn(), &self.visit, &self.member).await? {
            return Err(AppError::Conflict("What you may do on this account changed a moment ago. Nothing was saved: load the page again.".into()));
        }
        Ok(tx)
    }
}

/// An account can want a second factor from everybody (X4).
fn has_factor(member: &Member) -> Result<()> {
    if member.lacks_factor { Err(AppError::NeedsFactor) } else { Ok(()) }
}

/// Proof of who somebody is, for what belongs to them alone: their login, their picker.
pub struct SignedIn {
    user: SessionUser,
    visit: Visit,
    must_be_fresh: bool,
}

impl SignedIn {
    /// Checks the request being answered.
    ///
    /// # Errors
    /// [`AppError::SignedOut`].
    pub async fn now() -> Result<Self> {
        Self::of(Visit::current()?).await
    }

    /// The same for a request that is no server function's.
    ///
    /// # Errors
    /// [`AppError::SignedOut`].
    pub async fn of(visit: Visit) -> Result<Self> {
        let user = session::user(&visit).await?;
        Ok(Self { user, visit, must_be_fresh: false })
    }

    /// Checks also that they have just proved to be there, with everything they have to prove it with: for what would be worth stealing
    /// a session for (OWASP ASVS 5.0 §7.5.1).
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
        let fresh = confirmed.plus_minutes(session::CONFIRMED_MINUTES) > self.house().now();
        if fresh { Ok(()) } else { Err(AppError::Unconfirmed) }
    }

    /// Who they are.
    pub fn user(&self) -> &SessionUser {
        &self.user
    }

    /// The request.
    pub fn visit(&self) -> &Visit {
        &self.visit
    }

    /// The house, for its clock and settings.
    pub fn house(&self) -> &House {
        self.visit.house()
    }

    /// A connection for reading what is theirs.
    pub async fn read(&self) -> Result<Reader<OfUser>> {
        Reader::new(self.house(), OfUser(self.user.clone())).await
    }

    /// A transaction for changing what is theirs.
    ///
    /// # Errors
    /// [`AppError::SignedOut`] when their session was ended since it was checked; [`AppError::Unconfirmed`] when they have to prove anew
    /// that it is them.
    pub async fn begin(&self) -> Result<Tx<OfUser>> {
        let mut tx = Tx::new(self.house(), OfUser(self.user.clone()), Origin::of(&self.visit)).await?;
        let confirmed = session::still_signed_in(tx.conn(), &self.visit, &self.user.id).await?;
        if self.must_be_fresh {
            self.check_fresh(confirmed)?;
        }
        Ok(tx)
    }
}

/// Anybody may, and it says why.
pub struct Public {
    visit: Visit,
}

impl Public {
    /// Opens the door to everybody. The reason is for the reader; the access table holds it too.
    ///
    /// # Errors
    /// [`AppError::Internal`] outside a request.
    pub fn because(_reason: &'static str) -> Result<Self> {
        Ok(Self { visit: Visit::current()? })
    }

    /// The same for a request that is no server function's; its doc comment says why.
    pub fn of(visit: Visit) -> Self {
        Self { visit }
    }

    /// The request.
    pub fn visit(&self) -> &Visit {
        &self.visit
    }

    /// The house, for its clock and settings.
    pub fn house(&self) -> &House {
        self.visit.house()
    }

    /// Who is signed in, if anybody is.
    pub async fn user(&self) -> Result<Option<SessionUser>> {
        match session::user(&self.visit).await {
            Ok(user) => Ok(Some(user)),
            Err(AppError::SignedOut) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// A connection for reading.
    pub async fn read(&self) -> Result<Reader<Open>> {
        Reader::new(self.house(), Open).await
    }

    /// A transaction.
    pub async fn begin(&self) -> Result<Tx<Open>> {
        Tx::new(self.house(), Open, Origin::of(&self.visit)).await
    }
}

/// The program itself: commands and jobs.
pub struct System(House);

impl System {
    /// The program acts.
    pub fn of(house: &House) -> Self {
        Self(house.clone())
    }

    /// A connection for reading.
    pub async fn read(&self) -> Result<Reader<Open>> {
        Reader::new(&self.0, Open).await
    }

    /// A transaction.
    pub async fn begin(&self) -> Result<Tx<Open>> {
        Tx::new(&self.0, Open, Origin::program()).await
    }
}
