//! The table of contacts as a file for a spreadsheet.

use super::model::ContactRow;
use super::store;
use super::words;
use crate::access::request::RequestContext;
use crate::access::{Access, ManageContacts};
use crate::error::Result;
use crate::paths;
use crate::platform::{answers, csv};
use crate::types::{AccountId, ListQuery, Page, Timestamp};
use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, Query as UrlQuery};
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse as _;

/// `GET /a/{account}/contacts.csv`: what the table shows, all pages of it, with the same view, words and filters
/// (P12). Needs `contacts.manage`. Written page by page, so that many contacts take no memory.
pub async fn csv(
    Path(account): Path<String>,
    UrlQuery(query): UrlQuery<ListQuery>,
    Extension(context): Extension<RequestContext>,
) -> Response<Body> {
    let Some(account) = AccountId::parse(&account) else { return StatusCode::NOT_FOUND.into_response() };
    let access = match Access::<ManageContacts>::of(context.clone(), &account).await {
        Ok(access) => access,
        Err(error) => return answers::remedy_or_error(&error, &paths::contacts(&account)),
    };
    let name = format!("contacts-{}.csv", access.membership().account_number);
    let query = ListQuery { after: String::new(), before: String::new(), ..query };
    csv::download(&name, ((context, account), query, true), |(of, query, first)| async move {
        let page = piece(of.clone(), &query).await?;
        let head = first.then(|| HEAD.map(str::to_owned));
        let text = csv::lines(head.into_iter().chain(page.items.iter().map(cells)));
        Ok((text, page.next.map(|after| (of, ListQuery { after, ..query }, false))))
    })
}

/// Whoever takes their time may have lost the permission or the session meanwhile.
async fn piece(
    (context, account): (RequestContext, AccountId),
    query: &ListQuery,
) -> Result<Page<ContactRow>> {
    let access = Access::<ManageContacts>::of(context.afresh(), &account).await?;
    store::list(&mut access.read().await?, query).await
}

const HEAD: [&str; 12] = [
    "Name",
    words::E_MAIL,
    words::LOGIN,
    words::STATUS,
    words::PERMISSIONS,
    words::MAIL,
    words::LAST_SIGN_IN_UTC,
    words::SECOND_FACTOR,
    words::INVITATION_SENT_UTC,
    words::BY,
    words::EXPIRES_UTC,
    words::DELIVERY,
];

fn cells(row: &ContactRow) -> [String; 12] {
    let (sent, by) = row.sent.clone().map_or_else(Default::default, |(at, by)| (at.iso(), by));
    let factor = match row.factor {
        Some(true) => words::ON,
        Some(false) => words::OFF,
        None => "",
    };
    let mailed = row.mailed.as_ref().map(|(state, error)| format!("{} {error}", state.pill().2));
    [
        row.name.clone(),
        row.email.clone(),
        row.what.title().to_owned(),
        row.status.pill().2.to_owned(),
        row.may.clone(),
        row.mail.titles(),
        row.last_sign_in.map(Timestamp::iso).unwrap_or_default(),
        factor.to_owned(),
        sent,
        by,
        row.expires.map(Timestamp::iso).unwrap_or_default(),
        mailed.unwrap_or_default().trim().to_owned(),
    ]
}
