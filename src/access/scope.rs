//! What proofs hand out: connections that know their account or user.

use crate::access::membership::{Membership, SessionUser, StaffMember};
use crate::access::request::Origin;
use crate::access::state::{AppState, News};
use crate::error::Result;
use crate::platform::db::{self, ColumnValue, Conn, DbResult, Record, SqlText, Value};
use crate::types::{AccountId, ContactId, Timestamp, UserId};
use std::sync::Arc;

/// Scope of a connection: one account and the contact who acts in it.
#[derive(Clone)]
pub struct InAccount(pub(super) Arc<Membership>);

/// Scope of a connection: one user's own things.
#[derive(Clone)]
pub struct OfUser(pub(super) SessionUser);

/// Scope of a connection: the staff area; statements say what they touch.
#[derive(Clone)]
pub struct OfStaff(pub(super) Arc<StaffMember>);

/// Scope of a connection: not bound; statements say what they touch.
#[derive(Clone, Copy)]
pub struct Open;

/// A connection for reading within a scope.
pub struct Reader<S> {
    connection: Conn,
    app: AppState,
    scope: S,
}

/// The writer within a scope: everything in it happens together at [`Tx::commit`], or not at all.
pub struct Tx<S> {
    transaction: Conn,
    app: AppState,
    scope: S,
    origin: Origin,
    audit: AuditDuty,
    mailed: bool,
    news: Vec<News>,
}

/// What a transaction has to say for itself.
enum AuditDuty {
    /// It must leave an audit trail if it changes anything.
    Owed,
    /// It has, or need not.
    Settled,
}

impl<S> Reader<S> {
    pub(super) async fn new(app: &AppState, scope: S) -> Result<Self> {
        Ok(Self { connection: app.database().reader().await?, app: app.clone(), scope })
    }

    pub(super) fn with_scope<T>(self, scope: T) -> Reader<T> {
        Reader { connection: self.connection, app: self.app, scope }
    }

    /// The connection, for `store.rs`.
    pub fn conn(&mut self) -> &mut Conn {
        &mut self.connection
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        self.app.now()
    }

    /// The application, for its key, settings and URLs.
    pub fn app(&self) -> &AppState {
        &self.app
    }
}

impl<S> Tx<S> {
    pub(super) async fn new(app: &AppState, scope: S, origin: Origin) -> Result<Self> {
        let transaction = app.database().write().await?;
        let audit = if origin.must_be_audited() { AuditDuty::Owed } else { AuditDuty::Settled };
        Ok(Self { transaction, app: app.clone(), scope, origin, audit, mailed: false, news: Vec::new() })
    }

    pub(super) fn with_scope<T>(self, scope: T) -> Tx<T> {
        let Self { transaction, app, origin, audit, mailed, news, .. } = self;
        Tx { transaction, app, scope, origin, audit, mailed, news }
    }

    /// The connection, for `store.rs`.
    pub fn conn(&mut self) -> &mut Conn {
        &mut self.transaction
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        self.app.now()
    }

    /// A new id.
    pub fn new_id(&self) -> String {
        self.app.new_id()
    }

    /// The application, for its key, settings and URLs.
    pub fn app(&self) -> &AppState {
        &self.app
    }

    /// Where the request came from, for the audit trail.
    pub(crate) fn origin(&self) -> &Origin {
        &self.origin
    }

    /// An entry was written: the change is accounted for.
    pub(crate) fn audited(&mut self) {
        self.audit = AuditDuty::Settled;
    }

    /// This change is none that anybody has to know of. The reason is for the reader.
    pub fn unaudited(&mut self, _because: &'static str) {
        self.audit = AuditDuty::Settled;
    }

    /// A message was written: whoever sends mail is woken once this transaction has been committed.
    pub fn mail_was_written(&mut self) {
        self.mailed = true;
    }

    /// Tells open pages once this transaction has been committed.
    pub fn tell(&mut self, news: News) {
        self.news.push(news);
    }

    /// Makes a first step final that may be done again, like counting a try: when the form is sent once more,
    /// it is not yet done.
    ///
    /// # Errors
    /// As [`Self::commit`].
    pub async fn commit_step(mut self) -> Result<()> {
        self.origin.forget_form();
        self.commit().await
    }

    /// Makes everything done in this transaction final.
    ///
    /// # Errors
    /// When the database could not write it, or when something was changed and no audit trail left (X2); then
    /// nothing of it happened.
    pub async fn commit(mut self) -> Result<()> {
        if matches!(self.audit, AuditDuty::Owed) && self.transaction.has_changed() {
            return Err(db::internal(&"a change left no trail"));
        }
        if let Some(once) = self.origin.once() {
            let now = self.app.now();
            once.write(&mut self.transaction, now).await?;
        }
        self.transaction.commit().await?;
        if self.mailed {
            self.app.mail_written().notify_one();
        }
        self.news.into_iter().for_each(|news| self.app.tell(news));
        Ok(())
    }
}

/// What a connection is bound to: the id that statements get as `$1`.
pub trait Scope: Send {
    /// The id of the account or user; nothing where statements say what they touch.
    fn id(&self) -> Option<&str>;
}

impl Scope for InAccount {
    fn id(&self) -> Option<&str> {
        Some(self.0.account.as_str())
    }
}

impl Scope for OfUser {
    fn id(&self) -> Option<&str> {
        Some(self.0.id.as_str())
    }
}

impl Scope for Open {
    fn id(&self) -> Option<&str> {
        None
    }
}

impl Scope for OfStaff {
    fn id(&self) -> Option<&str> {
        None
    }
}

fn bound(scope: &impl Scope, mut args: Vec<Value>) -> Vec<Value> {
    if let Some(id) = scope.id() {
        args.insert(0, id.into());
    }
    args
}

/// Statements within the scope: `$1` is the id of its account or user, and what is given begins at `$2`. See
/// [`Conn`] for each.
macro_rules! statements {
    ($($on:ident: { $($name:ident $trait:ident $answer:ty;)* })*) => {$(
        impl<S: Scope> $on<S> {$(
            /// The statement of this name of [`Conn`], with the scope's id as `$1`.
            ///
            /// # Errors
            /// As there.
            pub async fn $name<T: $trait>(&mut self, sql: impl SqlText, args: Vec<Value>) -> DbResult<$answer> {
                let args = bound(&self.scope, args);
                self.conn().$name(sql, args).await
            }
        )*}
    )*};
}
statements! {
    Reader: { one Record T; optional Record Option<T>; all Record Vec<T>; value ColumnValue T; optional_value ColumnValue Option<T>; values ColumnValue Vec<T>; }
    Tx: { one Record T; optional Record Option<T>; all Record Vec<T>; value ColumnValue T; optional_value ColumnValue Option<T>; values ColumnValue Vec<T>; }
}

impl<S: Scope> Tx<S> {
    /// Changes something, with the scope's id as `$1`; returns how many rows.
    ///
    /// # Errors
    /// As [`Conn::execute`].
    pub async fn execute(&mut self, sql: impl SqlText, args: Vec<Value>) -> DbResult<u64> {
        let args = bound(&self.scope, args);
        self.conn().execute(sql, args).await
    }
}

macro_rules! in_account {
    ($($on:ident)*) => {$(
        impl $on<InAccount> {
            /// The account, for SQL.
            pub fn account(&self) -> &AccountId {
                &self.scope.0.account
            }

            /// The contact who acts.
            pub fn actor(&self) -> &ContactId {
                &self.scope.0.contact
            }

            /// The contact who acts, with their user and permissions.
            pub fn membership(&self) -> &Membership {
                &self.scope.0
            }
        }

        impl $on<OfStaff> {
            /// The staff who act.
            pub fn staff(&self) -> &StaffMember {
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
    fn connection(&mut self) -> &mut Conn;
    /// The contact who acts, with their account and permissions.
    fn acting(&self) -> Arc<Membership>;
    /// The time now.
    fn time(&self) -> Timestamp;
}

macro_rules! of_account {
    ($($on:ident)*) => {$(
        impl OfAccount for $on<InAccount> {
            fn connection(&mut self) -> &mut Conn {
                self.conn()
            }

            fn acting(&self) -> Arc<Membership> {
                self.scope.0.clone()
            }

            fn time(&self) -> Timestamp {
                self.now()
            }
        }
    )*};
}
of_account!(Reader Tx);
