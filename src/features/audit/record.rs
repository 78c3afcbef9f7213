//! The audit trail: what happened on an account or to a login, written in the transaction of the change (X2).
//!
//! Invariants: entries are only ever added (triggers refuse anything else); each holds a code that the
//! installation's key makes from it and from the code before it, so that an entry that was changed, removed
//! or put in between is noticed; `trails` says where each chain ends and how many chains there are, with
//! codes of its own, so that one that was shortened or removed is noticed too. What is not noticed: an older
//! copy of the whole file put in its place, and whatever somebody does who holds the key. Nothing secret is
//! written: no passwords, links or codes.

use super::words;
use crate::access::membership::{Membership, SessionUser};
use crate::access::{InAccount, OfStaff, OfUser, Tx, staff};
use crate::error::Result;
use crate::features::audit::model::{AuditChange, AuditKind};
use crate::platform::db::{
    Conn, Database, DbError, FromRow, Write, WriteMany, args, columns, made_statements,
};
use crate::platform::token::Key;
use crate::types::{AccountId, ContactId, UserId};
use std::collections::HashMap;
use std::sync::LazyLock;

const HEAD: &str = r"SELECT t.serial, coalesce(a.code, '')
    FROM trails t
    LEFT JOIN activity a ON a.scope_id = t.scope_id AND a.serial = t.serial
    WHERE t.scope_id = $1";
const SET_HEAD: &str = r"INSERT INTO trails (scope_id, serial, code)
    VALUES ($1, $2, $3)
    ON CONFLICT (scope_id) DO UPDATE SET serial = excluded.serial, code = excluded.code";
static INSERT: LazyLock<Write> = LazyLock::new(|| {
    const COLUMNS: &[&str] = &[
        "id", "scope_id", "serial", "at", "actor_kind", "actor_id", "actor_name", "source", "agent", "kind",
        "says", "changes", "code", "search_text", "subject_id",
    ];
    Write::insert("activity", COLUMNS, "")
});

static INSERT_MANY: LazyLock<WriteMany> = LazyLock::new(|| {
    let text = r"INSERT INTO activity (id, scope_id, serial, at, actor_kind, actor_id, actor_name, source, agent, kind,
        says, changes, code, search_text)
        VALUES {rows}";
    WriteMany::new(text, 14)
});
static SET_HEADS: LazyLock<WriteMany> = LazyLock::new(|| {
    let text = r"INSERT INTO trails (scope_id, serial, code)
        VALUES {rows}
        ON CONFLICT (scope_id) DO UPDATE SET serial = excluded.serial, code = excluded.code";
    WriteMany::new(text, 3)
});

made_statements!(|| [vec![INSERT.sql().to_owned()], INSERT_MANY.texts(), SET_HEADS.texts()].concat());

const HEADS_OF: &str = r"SELECT t.scope_id, t.serial, coalesce(a.code, '')
    FROM json_each($1) w
    JOIN trails t ON t.scope_id = w.value
    LEFT JOIN activity a ON a.scope_id = t.scope_id AND a.serial = t.serial";
const HEADS: &str = "SELECT scope_id, serial, code FROM trails ORDER BY scope_id";
const END_OF_ALL: &str = "SELECT serial, code FROM trails WHERE scope_id = ''";
const CHAIN: &str = r"SELECT id, serial, at, actor_kind, actor_id, actor_name, source, agent, kind, says,
        changes, code
    FROM activity
    WHERE scope_id = $1 AND serial > $2
    ORDER BY serial LIMIT 1000";
const ORPHANS: &str = r"SELECT count(*)
    FROM (SELECT 1 FROM activity a
        WHERE NOT EXISTS (SELECT 1 FROM trails t WHERE t.scope_id = a.scope_id) LIMIT 1) AS some";

/// The scope of what staff did, everywhere (X2).
pub const INSTALLATION: &str = "installation";

/// In place of a scope: the row that counts the audit trails.
const ALL: &str = "";

/// Who did it.
#[derive(Clone, Debug)]
pub struct Actor {
    kind: &'static str,
    id: String,
    name: String,
}

impl Actor {
    /// A person who acts for themself, or has not entered the account yet.
    pub fn person(user: &UserId, name: &str) -> Self {
        Self { kind: "person", id: user.to_string(), name: name.into() }
    }

    /// Somebody without a login, who holds a link from a mail.
    pub fn holder_of_link(email: &str) -> Self {
        Self { kind: "person", id: String::new(), name: email.into() }
    }

    /// Staff, in the trail of the installation.
    fn staff(user: &SessionUser) -> Self {
        Self { kind: "staff", id: user.id.to_string(), name: user.name.clone() }
    }

    /// Staff, in the trail of the account on which they act.
    fn staff_for(user: &SessionUser, account: &str) -> Self {
        Self { name: words::staff_for(&user.name, &account), ..Self::staff(user) }
    }

    /// The program by itself, because a time has come.
    pub fn program() -> Self {
        Self { kind: "program", id: String::new(), name: words::THE_PORTAL.into() }
    }

    /// Whoever runs the portal, on its command line.
    pub fn command() -> Self {
        Self { kind: "command", id: String::new(), name: words::COMMAND_LINE.into() }
    }
}

/// What happened.
#[derive(Clone, Debug)]
pub struct Entry {
    kind: AuditKind,
    says: String,
    changes: Vec<AuditChange>,
    about: String,
}

impl Entry {
    /// An entry with the sentence that follows the actor's name: "gave Ben Carter “Accounting”".
    pub fn new(kind: AuditKind, says: impl Into<String>) -> Self {
        Self { kind, says: says.into(), changes: Vec::new(), about: String::new() }
    }

    /// With what was before and after.
    pub fn with(mut self, changes: impl IntoIterator<Item = AuditChange>) -> Self {
        self.changes.extend(changes);
        self
    }

    /// About this contact, so that it stands on their page.
    pub fn about(mut self, contact: &ContactId) -> Self {
        self.about = contact.to_string();
        self
    }
}

impl Tx<InAccount> {
    /// Writes what the acting contact did into the account's audit trail.
    pub async fn record(&mut self, entry: Entry) -> Result<()> {
        let membership = self.membership();
        if membership.staff.is_some() {
            let Membership { user, account, account_name, account_number, .. } = membership.clone();
            return record_as_staff(self, &user, (&account, &account_name, account_number), entry).await;
        }
        if membership.program {
            let account = self.account().clone();
            return self.record_for(&account, &Actor::program(), entry).await;
        }
        let kind = if membership.is_owner { "owner" } else { "contact" };
        let by = Actor { kind, id: membership.user.id.to_string(), name: membership.user.name.clone() };
        let account = self.account().clone();
        self.record_for(&account, &by, entry).await
    }

    /// Writes what staff do among themselves on the account into the trail of the installation alone. Contacts
    /// do nothing of the kind.
    pub async fn record_among_staff(&mut self, entry: Entry) -> Result<()> {
        let Membership { user, account, account_name, account_number, .. } = self.membership().clone();
        let says = words::on_account(&entry.says, &account_name, &account_number);
        let entry = Entry { says, about: account.to_string(), ..entry };
        append(self, INSTALLATION, &Actor::staff(&user), entry).await
    }
}

/// What staff do on an account stands in its trail and in that of the installation.
/// `on` is the account with its name and number.
pub async fn record_as_staff<S>(
    tx: &mut Tx<S>,
    user: &SessionUser,
    on: (&AccountId, &str, i64),
    entry: Entry,
) -> Result<()> {
    let (account, name, number) = on;
    let everywhere = Entry {
        says: words::on_account(&entry.says, &name, &number),
        about: account.to_string(),
        ..entry.clone()
    };
    append(tx, account.as_str(), &Actor::staff_for(user, name), entry).await?;
    append(tx, INSTALLATION, &Actor::staff(user), everywhere).await
}

impl Tx<OfStaff> {
    /// Writes what is staff's own about an account into the installation's audit trail, and not into that of
    /// the account.
    ///
    /// # Errors
    /// [`crate::error::AppError::NotFound`] for an account that there is not.
    pub async fn note_of(&mut self, account: &AccountId, says: &str) -> Result<()> {
        let (name, number) = staff::named(self.conn(), account).await?;
        let mut entry = Entry::new(AuditKind::NoteAdded, words::on_account(&says, &name, &number));
        entry.about = account.to_string();
        self.record(entry).await
    }

    /// Writes what the acting staff did in the staff area into the installation's audit trail.
    pub async fn record(&mut self, entry: Entry) -> Result<()> {
        let by = Actor::staff(&self.staff().user);
        append(self, INSTALLATION, &by, entry).await
    }
}

impl Tx<OfUser> {
    /// Writes what the acting user did to their own login into its audit trail.
    pub async fn record(&mut self, entry: Entry) -> Result<()> {
        let (user, name) = (self.user().clone(), self.person().name.clone());
        self.record_of(&user, &Actor::person(&user, &name), entry).await
    }
}

impl<S> Tx<S> {
    /// Writes what somebody did into an account's audit trail.
    pub async fn record_for(&mut self, account: &AccountId, by: &Actor, entry: Entry) -> Result<()> {
        append(self, account.as_str(), by, entry).await
    }

    /// Writes what somebody did to the installation into its audit trail.
    pub async fn record_installation(&mut self, by: &Actor, entry: Entry) -> Result<()> {
        append(self, INSTALLATION, by, entry).await
    }

    /// Writes what somebody did into the audit trail of a login.
    pub async fn record_of(&mut self, user: &UserId, by: &Actor, entry: Entry) -> Result<()> {
        append(self, user.as_str(), by, entry).await
    }
}

async fn append<S>(tx: &mut Tx<S>, scope: &str, by: &Actor, entry: Entry) -> Result<()> {
    let (serial, before) = head(tx.conn(), scope).await?;
    if serial == 0 {
        let (count, _) = head(tx.conn(), ALL).await?;
        set_head(tx, ALL, count + 1, "").await?;
    }
    let link = Link {
        id: tx.new_id(),
        serial: serial + 1,
        at: tx.now().0,
        actor_kind: by.kind.into(),
        actor_id: by.id.clone(),
        actor_name: by.name.clone(),
        source: tx.origin().source.clone(),
        agent: tx.origin().agent.clone(),
        kind: entry.kind.key().into(),
        says: entry.says,
        changes: serde_json::to_string(&entry.changes).unwrap_or_default(),
        code: String::new(),
    };
    let code = link.seal(tx.app().key(), scope, &before);
    let columns = columns![
        id: &link.id,
        scope_id: scope,
        serial: link.serial,
        at: link.at,
        actor_kind: &link.actor_kind,
        actor_id: &link.actor_id,
        actor_name: &link.actor_name,
        source: &link.source,
        agent: &link.agent,
        kind: &link.kind,
        says: &link.says,
        changes: &link.changes,
        code: &code,
        search_text: format!("{} {}", link.actor_name, link.says).to_lowercase(),
        subject_id: entry.about,
    ];
    tx.conn().execute(INSERT.sql(), INSERT.args(args![], columns)?).await?;
    set_head(tx, scope, link.serial, &code).await?;
    tx.audited();
    Ok(())
}

/// Writes an entry into the audit trail of each of these accounts, many by one statement. One account stands
/// there once.
pub async fn record_many(
    tx: &mut Tx<OfStaff>,
    kind: AuditKind,
    entries: &[(AccountId, String, String)],
) -> Result<()> {
    let user = tx.staff().user.clone();
    let mut begun = 0;
    for chunk in entries.chunks(500) {
        let scopes: Vec<&str> = chunk.iter().map(|(account, ..)| account.as_str()).collect();
        let heads: Vec<(String, i64, String)> = tx.conn().all(HEADS_OF, args![json(&scopes)]).await?;
        let heads: HashMap<String, (i64, String)> =
            heads.into_iter().map(|(scope, serial, code)| (scope, (serial, code))).collect();
        let (mut links, mut ends) = (Vec::new(), Vec::new());
        for (account, name, says) in chunk {
            let (serial, before) = heads.get(account.as_str()).cloned().unwrap_or_default();
            begun += i64::from(serial == 0);
            let by = Actor::staff_for(&user, name);
            let link = Link {
                id: tx.new_id(),
                serial: serial + 1,
                at: tx.now().0,
                actor_kind: by.kind.into(),
                actor_id: by.id,
                actor_name: by.name,
                source: tx.origin().source.clone(),
                agent: tx.origin().agent.clone(),
                kind: kind.key().into(),
                says: says.clone(),
                changes: "[]".into(),
                code: String::new(),
            };
            let code = link.seal(tx.app().key(), account.as_str(), &before);
            let end = seal_end(tx.app().key(), account.as_str(), link.serial, &code);
            ends.push(args![account.as_str(), link.serial, end]);
            let search = format!("{} {}", link.actor_name, link.says).to_lowercase();
            links.push(args![
                link.id,
                account.as_str(),
                link.serial,
                link.at,
                link.actor_kind,
                link.actor_id,
                link.actor_name,
                link.source,
                link.agent,
                link.kind,
                link.says,
                link.changes,
                code,
                search,
            ]);
        }
        INSERT_MANY.write(tx.conn(), links).await?;
        SET_HEADS.write(tx.conn(), ends).await?;
    }
    if begun > 0 {
        let (count, _) = head(tx.conn(), ALL).await?;
        set_head(tx, ALL, count + begun, "").await?;
    }
    Ok(())
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// The number of the last entry of an audit trail, and its code.
async fn head(conn: &mut Conn, scope: &str) -> Result<(i64, String)> {
    Ok(conn.optional(HEAD, args![scope]).await?.unwrap_or_default())
}

async fn set_head<S>(tx: &mut Tx<S>, scope: &str, serial: i64, code: &str) -> Result<()> {
    let sealed = seal_end(tx.app().key(), scope, serial, code);
    tx.conn().execute(SET_HEAD, args![scope, serial, sealed]).await?;
    Ok(())
}

/// The code of where an audit trail ends.
fn seal_end(key: &Key, scope: &str, serial: i64, code: &str) -> String {
    key.derive(&["trail-end", scope, &serial.to_string(), code])
}

/// A row of the table.
#[derive(FromRow)]
struct Link {
    id: String,
    serial: i64,
    at: i64,
    actor_kind: String,
    actor_id: String,
    actor_name: String,
    source: String,
    agent: String,
    kind: String,
    says: String,
    changes: String,
    code: String,
}

impl Link {
    /// The code of this entry behind the one before it.
    fn seal(&self, key: &Key, scope: &str, before: &str) -> String {
        let (serial, at) = (self.serial.to_string(), self.at.to_string());
        key.derive(&[
            "trail", scope, &self.id, &serial, &at, &self.actor_kind, &self.actor_id, &self.actor_name,
            &self.source, &self.agent, &self.kind, &self.says, &self.changes, before,
        ])
    }
}

/// Refuses a key that did not seal the audit trails of this database, before anything is written with it: an
/// entry with another key's code would break its audit trail for good.
///
/// # Errors
/// A sentence for the operator.
pub async fn check_key(database: &Database, key: &Key) -> std::result::Result<(), String> {
    let mut reader = database.reader().await.map_err(|error| words::the_activity_trail_cannot_be(&error))?;
    fits(&mut reader, key).await
}

/// The same for the database behind a connection.
///
/// # Errors
/// A sentence for the operator.
pub async fn fits(conn: &mut Conn, key: &Key) -> std::result::Result<(), String> {
    let sentence = |error: DbError| words::the_activity_trail_cannot_be(&error);
    let row: Option<(i64, String)> = conn.optional(END_OF_ALL, args![]).await.map_err(sentence)?;
    let fits = row.is_none_or(|(serial, code)| code == seal_end(key, ALL, serial, ""));
    let why = words::THE_KEY_DOES_NOT_MATCH;
    if fits { Ok(()) } else { Err(why.into()) }
}

/// Reads every audit trail from its beginning, all as they were at one moment. Returns how many entries there
/// are.
///
/// # Errors
/// A sentence for the operator that names the first audit trail that is broken, and where.
pub async fn verify(conn: &mut Conn, key: &Key) -> std::result::Result<i64, String> {
    let sentence = |error: DbError| words::the_activity_trail_cannot_be(&error);
    conn.begin_snapshot().await.map_err(sentence)?;
    let found = verify_all(conn, key).await;
    conn.end_snapshot().await.map_err(sentence)?;
    found
}

async fn verify_all(conn: &mut Conn, key: &Key) -> std::result::Result<i64, String> {
    let sentence = |error: DbError| words::the_activity_trail_cannot_be(&error);
    let mut heads: Vec<(String, i64, String)> = conn.all(HEADS, args![]).await.map_err(sentence)?;
    let orphans: i64 = conn.value(ORPHANS, args![]).await.map_err(sentence)?;
    if orphans > 0 {
        return Err(words::THE_ACTIVITY_TRAIL_HAS_ENTRIES.into());
    }
    // The row that counts them is the first.
    let count =
        if heads.first().is_some_and(|(scope, ..)| scope == ALL) { Some(heads.remove(0)) } else { None };
    let (there, known) =
        (i64::try_from(heads.len()).unwrap_or_default(), count.as_ref().map_or(0, |(_, count, _)| *count));
    if count.is_some_and(|(_, count, code)| code != seal_end(key, ALL, count, "")) {
        return Err(words::THE_ACTIVITY_TRAIL_WAS_NOT.into());
    }
    if there != known {
        return Err(words::there_are_activity_trails_there(&there, &known));
    }
    let mut all = 0;
    for (scope, end, code) in heads {
        let (mut serial, mut before) = (0, String::new());
        loop {
            let links: Vec<Link> = conn.all(CHAIN, args![&scope, serial]).await.map_err(sentence)?;
            if links.is_empty() {
                break;
            }
            for link in links {
                if link.serial != serial + 1 || link.seal(key, &scope, &before) != link.code {
                    return Err(words::the_activity_trail_of_was(&scope, &(serial + 1)));
                }
                (serial, before) = (link.serial, link.code);
            }
        }
        if serial != end || seal_end(key, &scope, end, &before) != code {
            let other = if serial == end { words::WITH_DIFFERENT_CONTENT } else { "" };
            return Err(words::the_activity_trail_of_ends(&scope, &serial, &end, &other));
        }
        all += serial;
    }
    Ok(all)
}
