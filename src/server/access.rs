//! Proofs of access: the first line of every server function, and the only door to the data (R4).
//!
//! [`Access`] proves that the signed-in user may do something on an account and hands out connections that know that account;
//! [`SignedIn`] proves who somebody is, for their own things; [`Public`] says aloud that anybody may; [`System`] is the program
//! itself. Invariant: fields are private, so a proof cannot be made but by checking; the account in a proof is the only source
//! of the account for SQL.

use super::outbox;
use super::session::{self, Member, SessionUser};
use super::state::{House, News, Visit};
use crate::error::{AppError, Result};
use crate::permission::{Group, Permission, Permissions};
use crate::types::{AccountId, ContactId, DomainId, ServiceId, ThingId, Timestamp, UserId};
use sqlx::pool::PoolConnection;
use sqlx::{Sqlite, SqliteConnection, Transaction};
use std::marker::PhantomData;
use std::sync::Arc;

/// What an [`Access`] proves.
pub trait Requirement: Send + Sync + 'static {
    /// The permission needed, or `None` when being a contact of the account is enough.
    const PERMISSION: Option<Permission>;

    /// Does the member hold it on the account?
    fn met(member: &Member) -> bool {
        Self::PERMISSION.is_none_or(|permission| member.permissions.has(permission))
    }
}

macro_rules! requirement {
    ($($(#[$doc:meta])* $name:ident = $permission:expr;)*) => {
        $($(#[$doc])* pub struct $name; impl Requirement for $name { const PERMISSION: Option<Permission> = $permission; })*
    };
}

requirement! {
    /// Any active contact with a login.
    AnyContact = None;
    /// `contacts.manage`.
    ManageContacts = Some(Permission::ManageContacts);
    /// `profile.edit`.
    EditProfile = Some(Permission::EditProfile);
    /// `emails.view`.
    ViewEmails = Some(Permission::ViewEmails);
    /// `service.view`, on the service in question.
    ViewService = Some(Permission::ViewService);
    /// `service.panel`, on the service in question.
    UseServicePanel = Some(Permission::UseServicePanel);
    /// `service.upgrade`, on the service in question.
    UpgradeService = Some(Permission::UpgradeService);
    /// `service.cancel`, on the service in question.
    CancelService = Some(Permission::CancelService);
    /// `domain.view`, on the domain in question.
    ViewDomain = Some(Permission::ViewDomain);
    /// `domain.manage`, on the domain in question.
    ManageDomain = Some(Permission::ManageDomain);
}

/// `service.view` on any service: what the list of services needs. It holds only those that may be seen.
pub struct ViewServices;
impl Requirement for ViewServices {
    const PERMISSION: Option<Permission> = Some(Permission::ViewService);
    fn met(member: &Member) -> bool {
        member.sees(Group::Service)
    }
}

/// `domain.view` on any domain: what the list of domains needs. It holds only those that may be seen.
pub struct ViewDomains;
impl Requirement for ViewDomains {
    const PERMISSION: Option<Permission> = Some(Permission::ViewDomain);
    fn met(member: &Member) -> bool {
        member.sees(Group::Domain)
    }
}

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
        let mut tx = Tx::new(self.house(), self.scope()).await?;
        // Whoever waited for the writer behind the change that took their permission away has lost it by now.
        if !session::still_holds(tx.conn(), &self.member).await? {
            return Err(AppError::Conflict("What you may do on this account changed a moment ago. Nothing was saved: load the page again.".into()));
        }
        Ok(tx)
    }
}

/// Proof of who somebody is, for what belongs to them alone: their login, their picker.
pub struct SignedIn {
    user: SessionUser,
    visit: Visit,
}

impl SignedIn {
    /// Checks the request being answered.
    ///
    /// # Errors
    /// [`AppError::SignedOut`].
    pub async fn now() -> Result<Self> {
        let visit = Visit::current()?;
        let user = session::user(&visit).await?;
        Ok(Self { user, visit })
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
    pub async fn begin(&self) -> Result<Tx<OfUser>> {
        Tx::new(self.house(), OfUser(self.user.clone())).await
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
        Tx::new(self.house(), Open).await
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
        Tx::new(&self.0, Open).await
    }
}

/// Scope of a connection: one account and the contact who acts in it.
#[derive(Clone)]
pub struct InAccount(Arc<Member>);

/// Scope of a connection: one user's own things.
#[derive(Clone)]
pub struct OfUser(SessionUser);

/// Scope of a connection: not bound; statements say what they touch.
#[derive(Clone, Copy)]
pub struct Open;

/// A connection for reading within a scope.
pub struct Reader<S> {
    connection: PoolConnection<Sqlite>,
    house: House,
    scope: S,
}

/// The writer within a scope: everything in it happens together at [`Tx::commit`], or not at all.
pub struct Tx<S> {
    transaction: Transaction<'static, Sqlite>,
    house: House,
    scope: S,
    mailed: bool,
    news: Vec<News>,
}

impl<S> Reader<S> {
    async fn new(house: &House, scope: S) -> Result<Self> {
        Ok(Self { connection: house.database().reader().await?, house: house.clone(), scope })
    }

    /// The connection, for `store.rs`.
    pub fn conn(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        self.house.now()
    }
}

impl<S> Tx<S> {
    async fn new(house: &House, scope: S) -> Result<Self> {
        Ok(Self { transaction: house.database().write().await?, house: house.clone(), scope, mailed: false, news: Vec::new() })
    }

    /// The connection, for `store.rs`.
    pub fn conn(&mut self) -> &mut SqliteConnection {
        &mut self.transaction
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        self.house.now()
    }

    /// A new id.
    pub fn new_id(&self) -> String {
        self.house.new_id()
    }

    /// The house, for its key, settings and URLs.
    pub fn house(&self) -> &House {
        &self.house
    }

    /// Writes a message that is sent once this transaction has been committed (M4).
    pub async fn send(&mut self, message: &outbox::Message) -> Result<()> {
        outbox::insert(self, message).await?;
        self.mailed = true;
        Ok(())
    }

    /// A message was written otherwise than by [`Tx::send`].
    pub fn mail_was_written(&mut self) {
        self.mailed = true;
    }

    /// Tells open pages once this transaction has been committed.
    pub fn tell(&mut self, news: News) {
        self.news.push(news);
    }

    /// Makes everything done in this transaction final.
    ///
    /// # Errors
    /// When the database could not write it; then nothing of it happened.
    pub async fn commit(self) -> Result<()> {
        self.transaction.commit().await?;
        if self.mailed {
            self.house.mail_written().notify_one();
        }
        self.news.into_iter().for_each(|news| self.house.tell(news));
        Ok(())
    }
}

macro_rules! in_account {
    ($($on:ident)*) => {$(
        impl $on<InAccount> {
            /// The account, for SQL.
            pub fn account(&self) -> &AccountId {
                &self.scope.0.account
            }

            /// The card of the contact who acts.
            pub fn actor(&self) -> &ContactId {
                &self.scope.0.contact
            }

            /// The contact who acts, with their user and permissions.
            pub fn member(&self) -> &Member {
                &self.scope.0
            }
        }

        impl $on<OfUser> {
            /// The user, for SQL.
            pub fn user(&self) -> &UserId {
                &self.scope.0.id
            }

            /// The user with name and verified address.
            pub fn person(&self) -> &SessionUser {
                &self.scope.0
            }
        }
    )*};
}
in_account!(Reader Tx);

/// A connection within an account, for reading or for changing: what statements need that serve both.
pub trait OfAccount: Send {
    /// The connection, for `store.rs`.
    fn connection(&mut self) -> &mut SqliteConnection;
    /// The contact who acts, with their account and permissions.
    fn acting(&self) -> Arc<Member>;
    /// The time now.
    fn time(&self) -> Timestamp;
}

macro_rules! of_account {
    ($($on:ident)*) => {$(
        impl OfAccount for $on<InAccount> {
            fn connection(&mut self) -> &mut SqliteConnection {
                self.conn()
            }

            fn acting(&self) -> Arc<Member> {
                self.scope.0.clone()
            }

            fn time(&self) -> Timestamp {
                self.now()
            }
        }
    )*};
}
of_account!(Reader Tx);
