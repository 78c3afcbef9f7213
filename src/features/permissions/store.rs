//! SQL of permissions on single services and domains, of who can give them, and of asking for them.

use super::grant_form::GrantForm;
use super::model::{Asset, Givable, Grant, OpenAsk, Role};
use super::words;
use crate::access::list::FilterChoices;
use crate::access::state::News;
use crate::access::{InAccount, OfAccount, Tx};
use crate::error::{AppError, Result};
use crate::features::{domains, services};
use crate::permission::{Group, Permission, Permissions};
use crate::platform::db::{self, Conn, FromRow, JSON_ARRAY, args, internal, made_statements};
use crate::types::{AccountId, AssetId, ContactId, RoleId, Timestamp, first_filled};
use std::collections::BTreeMap;

const CLEAR_ACCOUNT: &str = r"DELETE FROM grants
    WHERE holder_id IN (SELECT id FROM contacts WHERE account_id = $1 UNION SELECT id FROM roles WHERE account_id = $1
        UNION SELECT id FROM previews WHERE account_id = $1)";
const PUT: &str = r"INSERT INTO grants (holder_id, asset_id, permissions)
    VALUES ($1, $2, $3)
    ON CONFLICT (holder_id, asset_id) DO UPDATE SET permissions = excluded.permissions";
const TAKE: &str = "DELETE FROM grants WHERE holder_id = $1 AND asset_id = $2";
const CLEAR: &str = "DELETE FROM grants WHERE holder_id = $1";
const NAMES: &str = r"SELECT g.asset_id, coalesce(nullif(s.label, ''), s.product, d.name)
    FROM grants g
    LEFT JOIN services s ON s.id = g.asset_id
    LEFT JOIN domains d ON d.id = g.asset_id
    WHERE g.holder_id = $1";
const THING: &str = r"SELECT coalesce((SELECT coalesce(nullif(label, ''), product) FROM services
        WHERE account_id = $1 AND id = $2), (SELECT name FROM domains WHERE account_id = $1 AND id = $2))";
const GRANTERS: &str = r"SELECT c.id, u.name, u.email, c.is_owner, c.permissions AS everywhere,
        coalesce(g.permissions, '') AS here
    FROM contacts c
    JOIN users u ON u.id = c.user_id
    LEFT JOIN grants g ON g.holder_id = c.id AND g.asset_id = $3
    WHERE c.account_id = $1 AND c.status = 'active' AND c.can_log_in AND c.id <> $2
        AND (c.is_owner OR ',' || c.permissions || ',' LIKE '%,contacts.manage,%')
    ORDER BY c.is_owner DESC, u.name LIMIT 100";
const ASKED: &str = r"SELECT count(*), count(*) FILTER (WHERE permission = $3 AND asset_id = $4)
    FROM asks
    WHERE contact_id = $1 AND created_at > $2";
const ASK: &str = r"INSERT INTO asks (id, account_id, contact_id, asked_id, permission, asset_id,
        created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)";
const ASKS: &str = r"SELECT permission, asset_id, max(created_at)
    FROM asks
    WHERE contact_id = $1 AND created_at > $2 AND decided_at IS NULL
    GROUP BY permission, asset_id
    ORDER BY permission, asset_id";
const DECIDE: &str = r"UPDATE asks
    SET decided_at = $5
    WHERE account_id = $1 AND contact_id = $2 AND permission = $3 AND asset_id = $4 AND decided_at IS NULL
        AND created_at > $6";
const ASKER: &str = r"SELECT trim(first_name || ' ' || last_name) AS name, company, email, is_owner,
        permissions
    FROM contacts
    WHERE account_id = $1 AND id = $2 AND status = 'active' AND can_log_in";
const GIVE: &str = r"UPDATE contacts
    SET permissions = $3, updated_at = $4, version = version + 1, key_version = key_version + 1
    WHERE account_id = $1 AND id = $2";

/// How much the contact `c` holds on single assets, as [`super::words::Summary::from_column`] reads it.
macro_rules! summary {
    () => {
        "(SELECT count(*) || ':' || min(g.permissions) || ':' || max(g.permissions) FROM grants g WHERE g.holder_id = c.id)"
    };
}
pub(crate) use summary;

/// The contact `c` holds exactly what the role `r` gives: both keep it in the same canonical form.
macro_rules! has_role {
    () => {
        "r.account_id = c.account_id AND r.permissions = c.permissions \
         AND coalesce((SELECT string_agg(t.held, ' ') FROM (SELECT h.asset_id || h.permissions AS held FROM grants h \
           WHERE h.holder_id = r.id ORDER BY h.asset_id) AS t), '') \
           = coalesce((SELECT string_agg(t.held, ' ') FROM (SELECT h.asset_id || h.permissions AS held FROM grants h \
           WHERE h.holder_id = c.id ORDER BY h.asset_id) AS t), '')"
    };
}
pub(crate) use has_role;

fn grants_sql() -> String {
    format!("SELECT {JSON_ARRAY}(asset_id, permissions)) FROM grants WHERE holder_id = $1")
}

fn roles_sql() -> String {
    format!(
        "SELECT r.id, r.name, r.permissions, (SELECT {JSON_ARRAY}(g.asset_id, g.permissions)) FROM grants g \
         WHERE g.holder_id = r.id) FROM roles r WHERE r.account_id = $1 ORDER BY r.name_key"
    )
}

/// Ids and names of the account's own roles, as the choices of a filter.
pub const ROLE_CHOICES: FilterChoices =
    FilterChoices { pair: "r.id, r.name", of: "roles r WHERE r.account_id = $1 ORDER BY r.name_key" };

made_statements!(|| vec![grants_sql(), roles_sql()]);

fn grant(everywhere: Permissions, json: &str) -> Result<Grant> {
    let rows: Vec<(AssetId, String)> = serde_json::from_str(json).map_err(|error| internal(&error))?;
    Ok(Grant {
        everywhere,
        each: rows.into_iter().map(|(asset, keys)| (asset, Permissions::from_keys(&keys))).collect(),
    })
}

/// What a holder, a contact or a preview, holds beside `everywhere`.
pub async fn grant_of(conn: &mut Conn, holder: &str, everywhere: Permissions) -> Result<Grant> {
    let json: String = conn.value(db::MadeSql(grants_sql()), args![holder]).await?;
    grant(everywhere, &json)
}

/// What things are called that a holder holds something on.
pub async fn names_of(conn: &mut Conn, holder: &str) -> Result<BTreeMap<AssetId, String>> {
    let rows: Vec<(String, Option<String>)> = conn.all(NAMES, args![holder]).await?;
    Ok(rows.into_iter().filter_map(|(id, name)| Some((id.into(), name?))).collect())
}

/// Replaces what a holder holds on single assets: `before` by `after`.
pub async fn replace(tx: &mut Tx<InAccount>, holder: &str, before: &Grant, after: &Grant) -> Result<()> {
    for asset in before.each.keys().filter(|asset| !after.each.contains_key(asset)) {
        tx.conn().execute(TAKE, args![holder, asset.as_str()]).await?;
    }
    for (asset, set) in after.each.iter().filter(|(asset, set)| before.each.get(asset) != Some(set)) {
        tx.conn().execute(PUT, args![holder, asset.as_str(), set.keys()]).await?;
    }
    Ok(())
}

/// Takes everything a holder holds on single assets.
pub async fn clear<S>(tx: &mut Tx<S>, holder: &str) -> Result<()> {
    tx.conn().execute(CLEAR, args![holder]).await?;
    Ok(())
}

/// Takes what anybody on an account holds on single assets, and what its roles and previews do.
pub async fn clear_account<S>(tx: &mut Tx<S>, account: &AccountId) -> Result<()> {
    tx.conn().execute(CLEAR_ACCOUNT, args![account.as_str()]).await?;
    Ok(())
}

/// What whoever acts can give: what they hold, and the assets they may see.
pub async fn givable(on: &mut impl OfAccount) -> Result<Givable> {
    let held = on.acting().permissions;
    // What opens nothing for the giver is not theirs to give, but where it does open something.
    let everywhere = held.opening();
    let effective = |group: Group| {
        move |asset: Asset| Asset {
            also: Permissions::on_asset(held, asset.also, group).minus(everywhere),
            ..asset
        }
    };
    let services = services::store::assets(on).await?.into_iter().map(effective(Group::Service)).collect();
    let domains = domains::store::assets(on).await?.into_iter().map(effective(Group::Domain)).collect();
    let mut givable = Givable { everywhere, services, domains, roles: Vec::new() };
    givable.roles = roles(on)
        .await?
        .into_iter()
        .map(|(id, name, grant)| Role::seen_by(&givable, id, name, grant))
        .collect();
    Ok(givable)
}

/// The account's own roles and all that each gives, by name (R11).
pub async fn roles(on: &mut impl OfAccount) -> Result<Vec<(RoleId, String, Grant)>> {
    let account = on.acting().account.clone();
    let rows: Vec<(String, String, String, String)> =
        on.connection().all(db::MadeSql(roles_sql()), args![account.as_str()]).await?;
    let role = |(id, name, keys, json): (String, String, String, String)| {
        Ok((id.into(), name, grant(Permissions::from_keys(&keys), &json)?))
    };
    rows.into_iter().map(role).collect()
}

/// The same for a form that was sent about a new contact: without the assets when it gives nothing.
pub async fn givable_in(on: &mut impl OfAccount, form: &GrantForm) -> Result<Givable> {
    if form.asks_for_nothing() {
        return Ok(Givable { everywhere: on.acting().permissions.opening(), ..Givable::default() });
    }
    givable(on).await
}

/// Somebody who can give a permission.
pub struct Granter {
    /// Their contact.
    pub contact: ContactId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
}

#[derive(FromRow)]
struct GranterRow {
    id: String,
    name: String,
    email: String,
    is_owner: bool,
    everywhere: String,
    here: String,
}

/// Who can give whoever acts a permission (R6): the owner first, then those who manage contacts and hold it.
pub async fn granters(
    on: &mut impl OfAccount,
    permission: Permission,
    asset: Option<&AssetId>,
) -> Result<Vec<Granter>> {
    let membership = on.acting();
    let rows: Vec<GranterRow> = on
        .connection()
        .all(
            GRANTERS,
            args![membership.account.as_str(), membership.contact.as_str(), asset.map(AssetId::as_str)],
        )
        .await?;
    let can = |row: GranterRow| {
        let held = Permissions::from_keys(&row.everywhere).and(Permissions::from_keys(&row.here));
        let granter = Granter { contact: row.id.into(), name: row.name, email: row.email };
        (row.is_owner || held.has(permission)).then_some(granter)
    };
    Ok(rows.into_iter().filter_map(can).collect())
}

/// The name of a service or domain of the account, if it has it.
pub async fn asset_name(on: &mut impl OfAccount, asset: &AssetId) -> Result<Option<String>> {
    let account = on.acting().account.clone();
    Ok(on.connection().value(THING, args![account.as_str(), asset.as_str()]).await?)
}

/// How many different things one may ask for in 24 hours.
const ASKS_PER_DAY: i64 = 10;
/// How long the contact form shows what was asked for.
const ASKS_SHOWN_DAYS: i64 = 14;

/// Records that whoever acts asks somebody for a permission.
///
/// # Errors
/// [`AppError::Conflict`] when the same was asked in the last 24 hours, or too much.
pub async fn record_ask(
    tx: &mut Tx<InAccount>,
    asked: &ContactId,
    permission: Permission,
    asset: Option<&AssetId>,
) -> Result<()> {
    let (account, contact, now, id) = (tx.account().clone(), tx.actor().clone(), tx.now(), tx.new_id());
    let asset = asset.map_or("", AssetId::as_str);
    let (all, same): (i64, i64) =
        tx.conn().one(ASKED, args![contact.as_str(), now.plus_days(-1).0, permission.key(), asset]).await?;
    if same > 0 {
        return Err(AppError::Conflict(words::YOU_ALREADY_ASKED_FOR_THIS.into()));
    }
    if all >= ASKS_PER_DAY {
        return Err(AppError::Conflict(words::you_have_asked_for_permissions(&ASKS_PER_DAY)));
    }
    tx.conn()
        .execute(
            ASK,
            args![id, account.as_str(), contact.as_str(), asked.as_str(), permission.key(), asset, now.0],
        )
        .await?;
    Ok(())
}

/// What somebody asked for lately and has no answer to: what, on which asset, and when.
pub async fn asks(
    on: &mut impl OfAccount,
    contact: &ContactId,
) -> Result<Vec<(Permission, Option<AssetId>, Timestamp)>> {
    let since = on.time().plus_days(-ASKS_SHOWN_DAYS).0;
    let rows: Vec<(String, String, i64)> = on.connection().all(ASKS, args![contact.as_str(), since]).await?;
    Ok(rows
        .into_iter()
        .filter_map(|(key, asset, at)| {
            Some((Permission::from_key(&key)?, AssetId::parse(&asset), Timestamp(at)))
        })
        .collect())
}

/// The same as whoever can give `givable` sees it, without what the contact holds meanwhile.
pub async fn open_asks(
    on: &mut impl OfAccount,
    contact: &ContactId,
    held: &Grant,
    givable: &Givable,
) -> Result<Vec<OpenAsk>> {
    let shown = |(permission, asset, at): (Permission, Option<AssetId>, Timestamp)| {
        let label = givable.label(permission, asset.as_ref())?;
        (!held.has(permission, asset.as_ref())).then(|| OpenAsk {
            permission: permission.key().into(),
            may_give: givable.may_give(permission, asset.as_ref()),
            asset,
            label,
            at,
        })
    };
    Ok(asks(on, contact).await?.into_iter().filter_map(shown).collect())
}

/// Somebody asked for a permission has an answer now. Says whether the request was still open.
pub async fn decide(
    tx: &mut Tx<InAccount>,
    contact: &ContactId,
    permission: Permission,
    asset: Option<&AssetId>,
) -> Result<bool> {
    let (now, asset) = (tx.now(), asset.map_or("", AssetId::as_str));
    let since = now.plus_days(-ASKS_SHOWN_DAYS).0;
    let args = args![contact.as_str(), permission.key(), asset, now.0, since];
    Ok(tx.execute(DECIDE, args).await? > 0)
}

/// Requests for what a contact holds now are answered.
pub async fn settle(tx: &mut Tx<InAccount>, contact: &ContactId, held: &Grant) -> Result<()> {
    for (permission, asset, _) in asks(tx, contact).await? {
        if held.has(permission, asset.as_ref()) {
            decide(tx, contact, permission, asset.as_ref()).await?;
        }
    }
    Ok(())
}

/// Somebody who asks for a permission, and what they hold.
pub struct Asker {
    /// Their name, else their company, else their address.
    pub name: String,
    /// Their address.
    pub email: String,
    /// What they hold.
    pub grant: Grant,
}

#[derive(FromRow)]
struct AskerRow {
    name: String,
    company: String,
    email: String,
    is_owner: bool,
    permissions: String,
}

/// The contact who asks, if they can use what they would get.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Forbidden`] for the owner and for whoever acts (R5).
pub async fn asker(tx: &mut Tx<InAccount>, contact: &ContactId) -> Result<Asker> {
    let row: Option<AskerRow> = tx.optional(ASKER, args![contact.as_str()]).await?;
    let row = row.ok_or(AppError::NotFound)?;
    if row.is_owner || tx.actor() == contact {
        return Err(AppError::Forbidden(words::NOBODY_CAN_CHANGE_THEIR_OWN.into()));
    }
    let everywhere = Permissions::from_keys(&row.permissions);
    Ok(Asker {
        grant: grant_of(tx.conn(), contact.as_str(), everywhere).await?,
        name: first_filled([row.name, row.company, row.email.clone()]),
        email: row.email,
    })
}

/// A contact holds `after` instead of `before` from now on; its open pages are told.
pub async fn give(tx: &mut Tx<InAccount>, contact: &ContactId, before: &Grant, after: &Grant) -> Result<()> {
    let now = tx.now().0;
    tx.execute(GIVE, args![contact.as_str(), after.everywhere.keys(), now]).await?;
    replace(tx, contact.as_str(), before, after).await?;
    let account = tx.account().clone();
    tx.tell(News::contact(account, contact.clone()));
    Ok(())
}
