//! The activity as a file for a spreadsheet.

use super::model::AuditRow;
use super::store;
use super::words;
use crate::access::request::RequestContext;
use crate::access::{Access, ViewActivity};
use crate::error::Result;
use crate::paths;
use crate::platform::{answers, csv};
use crate::types::{AccountId, ListQuery};
use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, Query as UrlQuery};
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse as _;

/// Entries that are read at a time.
const PIECE: usize = 1_000;

/// `GET /a/{account}/activity.csv`: what the page shows, all of it, with the same filters. Needs
/// `activity.view`. Written piece by piece, so that a long audit trail takes no memory and holds no
/// connection while the browser takes its time.
pub async fn csv(
    Path(account): Path<String>,
    UrlQuery(query): UrlQuery<ListQuery>,
    Extension(context): Extension<RequestContext>,
) -> Response<Body> {
    let Some(account) = AccountId::parse(&account) else { return StatusCode::NOT_FOUND.into_response() };
    let access = match Access::<ViewActivity>::of(context.clone(), &account).await {
        Ok(access) => access,
        Err(error) => return answers::remedy_or_error(&error, &paths::activity(&account)),
    };
    let name = format!("activity-{}.csv", access.membership().account_number);
    csv::download(&name, ((context, account), query, None, true), |(of, query, last, first)| async move {
        let rows = piece(of.clone(), &query, last.as_ref()).await?;
        let (text, more) = (lines(&rows, first), rows.len() == PIECE);
        let last = rows.into_iter().next_back().filter(|_| more);
        Ok((text, last.map(|last| (of, query, Some(last), false))))
    })
}

/// Whoever takes their time may have lost the permission or the session meanwhile.
async fn piece(
    (context, account): (RequestContext, AccountId),
    query: &ListQuery,
    after: Option<&AuditRow>,
) -> Result<Vec<AuditRow>> {
    let access = Access::<ViewActivity>::of(context.afresh(), &account).await?;
    store::next(&mut access.read().await?, query, &context.time_format(), after, PIECE).await
}

const HEAD: [&str; 7] = [
    words::TIME_UTC,
    words::WHO,
    words::ROLE,
    words::WHAT,
    words::BEFORE_AND_AFTER,
    words::FROM,
    words::KIND,
];

fn lines(rows: &[AuditRow], head: bool) -> Vec<u8> {
    let rows = rows.iter().map(|row| {
        let changes: Vec<String> = row
            .changes
            .iter()
            .map(|change| format!("{}: “{}” → “{}”", change.what, change.before, change.after))
            .collect();
        [
            row.at.iso(),
            row.actor.clone(),
            row.badge().to_owned(),
            row.says.clone(),
            changes.join("; "),
            row.place(),
            row.kind.clone(),
        ]
    });
    csv::lines(head.then(|| HEAD.map(str::to_owned)).into_iter().chain(rows))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::audit::model::AuditChange;
    use crate::types::Timestamp;

    #[test]
    fn cells_stay_cells_and_text_stays_text() {
        let row = AuditRow {
            id: "x".into(),
            at: Timestamp(0),
            actor_kind: "owner".into(),
            actor: "=HYPERLINK(\"http://evil.example\")".into(),
            source: "192.0.2.1".into(),
            agent: String::new(),
            kind: "contacts.added".into(),
            says: "added \"Ben\", twice\nover".into(),
            changes: vec![AuditChange { what: "City".into(), before: String::new(), after: "Porto".into() }],
        };
        let text = String::from_utf8(lines(&[row], true)).unwrap();
        let mut read = ::csv::Reader::from_reader(text.as_bytes());
        let cells: Vec<::csv::StringRecord> = read.records().map(|record| record.unwrap()).collect();
        assert_eq!(&cells[0][1], "'=HYPERLINK(\"http://evil.example\")");
        assert_eq!(&cells[0][3], "added \"Ben\", twice\nover");
        assert_eq!(&cells[0][4], "City: “” → “Porto”");
    }
}
