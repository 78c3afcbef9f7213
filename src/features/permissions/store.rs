//! SQL of permissions on single services and domains, of who can give them, and of asking for them.

use super::grant_form::GrantForm;
use super::model::{Asset, Givable, Grant};
use crate::access::{InAccount, OfAccount, Reader, Tx};
use crate::error::{AppError, Result};
use crate::features::{domains, services};
use crate::permission::{Group, Permission, Permissions};
use crate::platform::db::{self, Conn, FromRow, JSON_ARRAY, args, internal, made_statements};
use crate::types::{AssetId, ContactId};
use std::collections::BTreeMap;

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
const ASKS: &str = r"SELECT DISTINCT permission, asset_id
    FROM asks
    WHERE contact_id = $1 AND created_at > $2
    ORDER BY permission, asset_id";

/// How much the contact `c` holds on single assets, as [`super::words::Summary::from_column`] reads it.
macro_rules! summary {
    () => {
        "(SELECT count(*) || ':' || min(g.permissions) || ':' || max(g.permissions) FROM grants g WHERE g.holder_id = c.id)"
    };
}
pub(crate) use summary;

fn grants_sql() -> String {
    format!("SELECT {JSON_ARRAY}(asset_id, permissions)) FROM grants WHERE holder_id = $1")
}

made_statements!(|| vec![grants_sql()]);

/// What a holder, a contact or a preview, holds beside `everywhere`.
pub async fn grant_of(conn: &mut Conn, holder: &str, everywhere: Permissions) -> Result<Grant> {
    let json: String = conn.value(db::MadeSql(grants_sql()), args![holder]).await?;
    let rows: Vec<(AssetId, String)> = serde_json::from_str(&json).map_err(|error| internal(&error))?;
    Ok(Grant {
        everywhere,
        each: rows.into_iter().map(|(asset, keys)| (asset, Permissions::from_keys(&keys))).collect(),
    })
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
    Ok(Givable { everywhere, services, domains })
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
        return Err(AppError::Conflict("You asked for this already. One mail a day is enough: the answer is on its way, or ask in person.".into()));
    }
    if all >= ASKS_PER_DAY {
        return Err(AppError::Conflict(format!(
            "You asked for {ASKS_PER_DAY} things today. Ask in person, or tomorrow."
        )));
    }
    tx.conn()
        .execute(
            ASK,
            args![id, account.as_str(), contact.as_str(), asked.as_str(), permission.key(), asset, now.0],
        )
        .await?;
    Ok(())
}

/// What somebody asked for lately.
pub async fn asks(
    reader: &mut Reader<InAccount>,
    contact: &ContactId,
) -> Result<Vec<(Permission, Option<AssetId>)>> {
    let since = reader.now().plus_days(-ASKS_SHOWN_DAYS).0;
    let rows: Vec<(String, String)> = reader.conn().all(ASKS, args![contact.as_str(), since]).await?;
    Ok(rows
        .into_iter()
        .filter_map(|(key, asset)| Some((Permission::from_key(&key)?, AssetId::parse(&asset))))
        .collect())
}
