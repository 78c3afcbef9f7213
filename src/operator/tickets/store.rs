//! SQL of what stands above the list of the desk. Numbers are kept by the database, and read.

use super::model::DeskFacts;
use crate::access::{OfStaff, Reader};
use crate::error::Result;
use crate::features::{incoming, tickets};
use crate::operator::filters;
use crate::platform::db::args;

const COUNTS: &str = r"SELECT coalesce(sum(count), 0), coalesce(sum(CASE WHEN assigned_id = $1 THEN count ELSE 0 END), 0),
        coalesce(sum(CASE WHEN assigned_id = '' THEN count ELSE 0 END), 0)
    FROM ticket_counts c
    WHERE c.status = 'open' AND (NOT EXISTS (SELECT 1 FROM staff_departments w WHERE w.user_id = $1)
        OR EXISTS (SELECT 1 FROM staff_departments w WHERE w.user_id = $1 AND w.department_id = c.department_id))";
const LATE: &str = r"SELECT count(*)
    FROM (SELECT 1 FROM tickets t
        WHERE t.status = 'open' AND t.due_at < $2 AND (NOT EXISTS (SELECT 1 FROM staff_departments w WHERE w.user_id = $1)
            OR EXISTS (SELECT 1 FROM staff_departments w WHERE w.user_id = $1 AND w.department_id = t.department_id))
        LIMIT 1001) AS some";

/// What stands above the list for the acting staff.
pub async fn facts(reader: &mut Reader<OfStaff>) -> Result<DeskFacts> {
    let (own, now) = (reader.staff().user.id.clone(), reader.now().0);
    let (waiting, mine, nobody): (i64, i64, i64) = reader.one(COUNTS, args![own.as_str()]).await?;
    let late = reader.conn().value(LATE, args![own.as_str(), now]).await?;
    let views = filters::store::of_list(reader, filters::store::TICKETS).await?;
    let mail = incoming::store::count(reader).await?;
    let departments = tickets::store::all_departments(reader.conn()).await?;
    Ok(DeskFacts { waiting, mine, nobody, late, mail, departments, views })
}
