//! What proofs hand out: connections that know their account or user.

use crate::error::Result;
use crate::server::outbox;
use crate::server::session::{Member, SessionUser};
use crate::server::state::{House, News};
use crate::types::{AccountId, ContactId, Timestamp, UserId};
use sqlx::pool::PoolConnection;
use sqlx::{Sqlite, SqliteConnection, Transaction};
use std::sync::Arc;

/// Scope of a connection: one account and the contact who acts in it.
#[derive(Clone)]
pub struct InAccount(pub(super) Arc<Member>);

/// Scope of a connection: one user's own things.
#[derive(Clone)]
pub struct OfUser(pub(super) SessionUser);

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
    pub(super) async fn new(house: &House, scope: S) -> Result<Self> {
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
    pub(super) async fn new(house: &House, scope: S) -> Result<Self> {
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
