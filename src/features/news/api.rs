//! `GET /a/{account}/events`: a stream of server-sent events for one contact.

use crate::access::request::RequestContext;
use crate::access::state::{AppState, News, NewsOf};
use crate::access::{Access, AnyContact, SeeTickets};
use crate::error::AppError;
use crate::features::tickets;
use crate::platform::answers;
use crate::platform::turns::Slot;
use crate::types::{AccountId, ContactId, TicketId};
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse as _, Response};
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::{broadcast, watch};

/// How often a stream looks by itself whether the person may still enter: a session that ends tells nobody.
const LOOK_EVERY: Duration = Duration::from_secs(20);

/// What one open stream holds.
struct OpenStream {
    context: RequestContext,
    account: AccountId,
    /// Whose news it is.
    contact: ContactId,
    news: broadcast::Receiver<News>,
    stopped: watch::Receiver<bool>,
    /// Told last; nothing before the first event, and `None` inside once the person may no longer enter.
    told: Option<Option<i64>>,
    /// Held while the stream is open.
    _place: (Slot, Slot),
}

/// Begins with the number that counts the changes of what the person may do, and sends it again when it
/// changes; `gone` ends the stream when they may no longer enter. Event name `keys`. An event `ticket` holds the
/// id of a ticket that was written in or changed, if they may see it. Any contact of the account.
pub async fn events(
    State(app): State<AppState>,
    Path(account): Path<String>,
    Extension(context): Extension<RequestContext>,
) -> Response {
    let account = AccountId::parse(&account).unwrap_or_else(|| AccountId::from(String::new()));
    // Listens before it looks, so that nothing falls between.
    let (news, stopped) = (app.news(), app.stopped());
    let (contact, user) = match Access::<AnyContact>::of(context.clone(), &account).await {
        Ok(access) => (access.membership().contact.clone(), access.membership().user.id.clone()),
        Err(AppError::SignedOut) => {
            return Sse::new(futures::stream::once(async { Ok::<_, Infallible>(gone()) })).into_response();
        }
        Err(error) => return answers::status(&error).into_response(),
    };
    // The browser tries again after a while, as it does when the server is away.
    let Some(place) = app.stream_place(&user) else { return StatusCode::TOO_MANY_REQUESTS.into_response() };
    let stream = futures::stream::unfold(
        OpenStream { context, account, contact, news, stopped, told: None, _place: place },
        next,
    );
    Sse::new(stream).into_response()
}

fn gone() -> Event {
    Event::default().event("keys").data("gone")
}

/// Why a stream looks again.
enum Woken {
    /// It is time, or something about the person changed.
    Look,
    /// Something happened in a ticket.
    Ticket(TicketId),
    /// The program stops.
    Stop,
}

async fn next(mut stream: OpenStream) -> Option<(Result<Event, Infallible>, OpenStream)> {
    if stream.told == Some(None) {
        return None;
    }
    let mut first = stream.told.is_none();
    loop {
        let woken = if first { Woken::Look } else { stream.wait().await };
        first = false;
        match woken {
            Woken::Stop => return None,
            Woken::Ticket(ticket) => {
                if stream.sees(&ticket).await {
                    return Some((Ok(Event::default().event("ticket").data(ticket.as_str())), stream));
                }
                continue;
            }
            Woken::Look => {}
        }
        let now = match Access::<AnyContact>::of(stream.context.afresh(), &stream.account).await {
            Ok(access) => Some(access.membership().key_version),
            Err(AppError::NotFound) => None,
            // Ended, or replaced when they confirmed that it is them: whoever listens comes again with the
            // cookie they have now.
            Err(AppError::SignedOut) => return None,
            // The database is away for a moment; the next look tells.
            Err(_) => continue,
        };
        let event = match now {
            _ if stream.told == Some(now) => Event::default().comment("here"),
            Some(version) => Event::default().event("keys").data(version.to_string()),
            None => gone(),
        };
        stream.told = Some(now);
        return Some((Ok(event), stream));
    }
}

impl OpenStream {
    /// Waits until there is something to look at.
    async fn wait(&mut self) -> Woken {
        let look = tokio::time::sleep(LOOK_EVERY);
        tokio::pin!(look);
        loop {
            tokio::select! {
                () = &mut look => return Woken::Look,
                _ = self.stopped.wait_for(|stop| *stop) => return Woken::Stop,
                news = self.news.recv() => match news {
                    Ok(news) if news.account != self.account => {}
                    Ok(News { of: NewsOf::Ticket(ticket), .. }) => return Woken::Ticket(ticket),
                    Ok(News { of: NewsOf::Contact(contact), .. }) if contact != self.contact => {}
                    // News of oneself, or too much at once to know.
                    Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => return Woken::Look,
                    Err(broadcast::error::RecvError::Closed) => return Woken::Stop,
                },
            }
        }
    }

    /// May the person see this ticket now?
    async fn sees(&self, ticket: &TicketId) -> bool {
        let look = async {
            let access = Access::<SeeTickets>::of(self.context.afresh(), &self.account).await?;
            tickets::store::seen(&mut access.read().await?, ticket).await
        };
        look.await.is_ok()
    }
}
