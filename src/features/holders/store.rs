//! SQL of "People with access".

use super::model::{Holder, Holders, NAMED};
use crate::access::{InAccount, Reader};
use crate::error::Result;
use crate::permission::{Group, Permission, Permissions};
use crate::platform::db::{FromRow, args};
use crate::types::{AssetId, first_filled};

// Those who can log in, and those whose invitation waits: each half has an index in the order of names.
const HOLDERS: &str = r"SELECT *
    FROM (SELECT c.id, trim(c.first_name || ' ' || c.last_name) AS name, c.company, c.email, c.is_owner,
        TRUE AS accepted, c.permissions AS everywhere, coalesce(g.permissions, '') AS here
        FROM contacts c
        LEFT JOIN grants g ON g.holder_id = c.id AND g.asset_id = $2
        WHERE c.account_id = $1 AND c.status = 'active' AND c.can_log_in AND c.user_id IS NOT NULL
            AND (c.is_owner OR g.permissions IS NOT NULL OR ',' || c.permissions || ',' LIKE $3)
        ORDER BY c.is_owner DESC, c.name_key, c.id LIMIT $5) AS those_who_can
    UNION ALL SELECT *
    FROM (SELECT c.id, trim(c.first_name || ' ' || c.last_name) AS name, c.company, c.email, c.is_owner,
        FALSE AS accepted, c.permissions AS everywhere, coalesce(g.permissions, '') AS here
        FROM contacts c
        LEFT JOIN grants g ON g.holder_id = c.id AND g.asset_id = $2
        WHERE c.account_id = $1 AND c.status = 'active' AND c.can_log_in AND c.user_id IS NULL
            AND (g.permissions IS NOT NULL OR ',' || c.permissions || ',' LIKE $3)
            AND EXISTS (SELECT 1 FROM invitations i WHERE i.contact_id = c.id AND i.state = 'pending'
            AND i.expires_at > $4)
        ORDER BY c.name_key, c.id LIMIT $5) AS those_invited";

#[derive(FromRow)]
struct HolderRow {
    id: String,
    name: String,
    company: String,
    email: String,
    is_owner: bool,
    accepted: bool,
    everywhere: String,
    here: String,
}

/// Who holds something on a service or domain of the account: the owner first, then who can log in, then who
/// will after accepting.
pub async fn holders(reader: &mut Reader<InAccount>, asset: &AssetId, group: Group) -> Result<Holders> {
    let (now, actor) = (reader.now().0, reader.actor().clone());
    let limit = i64::try_from(NAMED + 1).unwrap_or(i64::MAX);
    let pattern = format!("%,{},%", group.view().map_or("", Permission::key));
    let rows: Vec<HolderRow> = reader.all(HOLDERS, args![asset.as_str(), pattern, now, limit]).await?;
    let holder = |row: HolderRow| {
        let everywhere = Permissions::of_contact(row.is_owner, &row.everywhere);
        Holder {
            is_own: row.id == actor.as_str(),
            contact: row.id.into(),
            name: first_filled([row.name, row.company, row.email.clone()]),
            email: row.email,
            is_owner: row.is_owner,
            accepted: row.accepted,
            opens: Permissions::on_asset(everywhere, Permissions::from_keys(&row.here), group),
            everywhere,
        }
    };
    let mut people: Vec<Holder> =
        rows.into_iter().map(holder).filter(|holder| !holder.opens.is_empty()).collect();
    let more = people.len() > NAMED;
    people.truncate(NAMED);
    Ok(Holders { people, more })
}
