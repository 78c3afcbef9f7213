//! One ticket: what was written, and the box to answer in.

use super::components::pills;
use super::keys::TicketKeys;
use super::model::{Badge, Beside, CALL_BACK_SECONDS, Here, MessageView, Priority, Status, TicketView};
use super::pages::ticket_in;
use super::parts::{Act, CannedReplies, FilesBox, Preview, Recipients, Writing};
use super::rpc::{
    AddTicketPerson, CallBackReply, ChangeTicket, DecideHeld, RateTicket, RemoveTicketPerson, ReplyToTicket,
    SetTicketStatus, ShowTicket, TicketVersion,
};
use super::words;
use crate::features::permissions::components::Denial;
use crate::frame::{Frame, account_in_url, use_frame};
use crate::paths;
use crate::permission::Permission;
use crate::types::{AccountId, DomainId, ServiceId, TicketId, Timestamp, counted};
use crate::ui::avatar::Avatar;
use crate::ui::client_state::ClientState;
use crate::ui::field::{Select, TextArea, Tick};
use crate::ui::form::{AnswerButton, Form, Submit};
use crate::ui::icon::Icon;
use crate::ui::layout::Heading;
use crate::ui::load::{ask, fetch_live, load};
use crate::ui::time_format;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::task::spawn_local;
use leptos_router::hooks::use_params_map;
use std::time::Duration;

/// How often an open page asks who is there, and whether something was written, should the news not reach it.
const LOOK: Duration = Duration::from_secs(10);
/// An answer of staff is seen by the customer once it can no longer be called back: a little later than that.
const SHOWN_AFTER: Duration = Duration::from_millis(CALL_BACK_SECONDS.unsigned_abs() * 1_000 + 500);

/// `/a/{account}/tickets/{ticket}`
#[component]
pub fn TicketPage() -> impl IntoView {
    let account = account_in_url();
    let params = use_params_map();
    let frame = use_frame();
    if !frame.tickets {
        return Denial::prepare(&frame.account, Permission::OpenTickets, None).show();
    }
    let frame = StoredValue::new(frame);
    let ticket = move || ticket_in(params.read().get("ticket"));
    let data = fetch_live(move || ShowTicket { account: account.get(), ticket: ticket() });
    load(data, move |ticket| view! { <Show ticket=ticket frame=frame.get_value()/> }).into_any()
}

#[component]
fn Show(ticket: TicketView, frame: Frame) -> impl IntoView {
    let account = frame.account.clone();
    let (row, may, now) = (ticket.row.clone(), ticket.may, ticket.now);
    let id = row.id.clone();
    let above = vec![
        (paths::account(&account), frame.name.clone()),
        (paths::tickets(&account), words::TICKETS.to_owned()),
    ];
    let staff = may.staff;
    let pills = pills(&row, staff).into_string();
    let about = ticket.about.clone().map(|(service, id, name)| {
        let path = if service {
            ServiceId::parse(&id).map(|id| paths::service(&account, &id))
        } else {
            DomainId::parse(&id).map(|id| paths::domain(&account, &id))
        };
        view! { <span><Icon name="server"/><a href=path.unwrap_or_default()>{name}</a></span> }
    });
    let close = may.close.then(|| {
        let (label, to) =
            if row.status == Status::Closed { (words::REOPEN_TICKET, "open") } else { (words::CLOSE_TICKET, "closed") };
        let fields = vec![("account", account.to_string()), ("ticket", id.to_string())];
        view! { <Act action=SetTicketStatus::PATH fields=fields label=label kind="" about=("to", to.to_owned())/> }
    });
    let earlier =
        (ticket.earlier > 0).then(|| view! { <p class="hint">{words::earlier(&ticket.earlier)}</p> });
    // Who writes is seen by others of the staff.
    let answering = RwSignal::new(false);
    let arranged = (staff || ticket.merged_into.is_some())
        .then(|| view! { <Arranged ticket=ticket.clone() account=account.clone()/> });
    let due = row.due.filter(|_| staff).map(|at| {
        let class = if at < now { "pill red" } else { "pill" };
        let word = if at < now { words::LATE } else { words::DUE };
        view! { <span class=class title=time_format::exact(at)><Icon name="clock"/>{word}" "{time_format::relative(at, now)}</span> }
    });
    let messages = ticket
        .messages
        .clone()
        .into_iter()
        .map(|one| view! { <Message one=one account=account.clone() ticket=id.clone() people=may.people now=now/> })
        .collect_view();
    let reply = if may.reply {
        view! { <ReplyBox ticket=ticket.clone() account=account.clone() answering=answering/> }.into_any()
    } else if frame.preview.is_some() || ticket.merged_into.is_some() {
        ().into_any()
    } else {
        view! { <p class="notice"><Icon name="info"/>{words::ONLY_READING}</p> }.into_any()
    };
    let rated = (ticket.rating > 0).then(|| {
        let says = ticket.rating_text.clone();
        view! { <p class="notice"><Icon name="check"/><span>{words::rated_as(&ticket.rating)}<br/>{says}</span></p> }
    });
    let rate = may.rate.then(|| view! { <Rate account=account.clone() ticket=id.clone() rating=ticket.rating text=ticket.rating_text.clone()/> });
    let beside = ticket
        .beside
        .clone()
        .map(|beside| view! { <BesideCard beside=beside account=account.clone() now=now/> });
    let keys = staff.then(|| view! { <TicketKeys/> });
    let details = (staff && ticket.merged_into.is_none())
        .then(|| view! { <Details ticket=ticket.clone() account=account.clone()/> });
    let people = (may.people || !ticket.people.is_empty())
        .then(|| view! { <People ticket=ticket.clone() account=account.clone()/> });
    view! {
        <Heading title=row.subject.clone() above=above>{close}</Heading>
        <p class="ticket-facts">
            <b>{words::number(&row.number)}</b><span inner_html=pills></span>{due}
            <span>{row.department.clone()}</span><span>{row.opened_by.clone()}</span>{about}
        </p>
        {arranged}
        <News account=account.clone() ticket=id.clone() known=ticket.version answering=answering/>
        <div class="ticket-page">
            <div class="ticket-main">
                {earlier}
                <ol class="thread">{messages}</ol>
                {rated}
                {rate}
                {reply}
            </div>
            <div class="ticket-side">{beside}{details}{people}</div>
        </div>
        {keys}
    }
}

/// How a ticket was rearranged, and the way back.
#[component]
fn Arranged(ticket: TicketView, account: AccountId) -> impl IntoView {
    let id = ticket.row.id.clone();
    let staff = ticket.may.staff;
    let link = move |(id, number): (TicketId, i64)| {
        view! { <a href=paths::ticket(&account, &id)>{words::number(&number)}</a>" " }
    };
    let arrange = paths::arrange(&id);
    let into = ticket.merged_into.clone().map(|(to, number)| {
        let undo = staff.then(|| view! { <a class="button small" href=arrange.clone()>{words::UNDO_MERGE}</a> });
        view! { <p class="notice"><Icon name="info"/><span>{words::merged_into(&number)}" "{link((to, number))}</span>{undo}</p> }
    });
    let merged = (!ticket.merged.is_empty()).then(|| {
        let links = ticket.merged.clone().into_iter().map(&link).collect_view();
        view! { <p class="notice"><Icon name="info"/><span>{words::SHOWS_TOO}" "{links}</span><a class="button small" href=arrange.clone()>{words::UNDO_MERGE}</a></p> }
    });
    let split = ticket.split_from.clone().map(|(from, number)| {
        view! { <p class="notice"><Icon name="info"/><span>{words::split_from(&number)}" "{link((from, number))}</span><a class="button small" href=arrange.clone()>{words::PUT_BACK}</a></p> }
    });
    let moved = ticket.moved_from.clone().map(|name| {
        view! { <p class="notice"><Icon name="info"/><span>{words::moved_from(&name)}</span><a class="button small" href=arrange.clone()>{words::MOVE_BACK}</a></p> }
    });
    view! { {into}{merged}{split}{moved} }
}

/// The customer, and their other tickets.
#[component]
fn BesideCard(beside: Beside, account: AccountId, now: Timestamp) -> impl IntoView {
    let unreached = beside
        .unreached
        .then(|| view! { <span class="pill red"><Icon name="alert"/>{words::DOES_NOT_ARRIVE}</span> });
    let closed =
        beside.closed.then(|| view! { <span class="pill"><Icon name="lock"/>{words::ACCOUNT_CLOSED}</span> });
    let related = (!beside.related.is_empty()).then(|| {
        let rows = beside
            .related
            .iter()
            .map(|row| {
                let pill = pills(row, true).into_string();
                view! { <li><a href=paths::ticket(&account, &row.id)>{words::number(&row.number)}" "{row.subject.clone()}</a><span inner_html=pill></span></li> }
            })
            .collect_view();
        view! { <h3>{words::RELATED}</h3><ul class="related">{rows}</ul> }
    });
    view! {
        <section class="card" aria-labelledby="beside-heading">
            <h2 id="beside-heading"><Icon name="building"/>{words::CUSTOMER_FACTS}</h2>
            <dl class="facts">
                <dt>{words::NUMBER}</dt><dd><a href=paths::customer(&account)>{beside.number}</a>" "{closed}</dd>
                <dt>{words::MAIN_ADDRESS}</dt><dd>{beside.email}" "{unreached}</dd>
                <dt>{words::SINCE}</dt><dd>{time_format::relative(beside.since, now)}</dd>
                <dt>{words::SERVICES}</dt><dd><a href=paths::services(&account)>{counted(beside.services)}</a></dd>
                <dt>{words::DOMAINS}</dt><dd><a href=paths::domains(&account)>{counted(beside.domains)}</a></dd>
                <dt>{words::WAITING}</dt><dd><a href=format!("{}?status=open", paths::tickets(&account))>{counted(beside.open)}</a></dd>
            </dl>
            {related}
        </section>
    }
}

/// Says when something was written while the page is open, and offers it.
#[component]
fn News(account: AccountId, ticket: TicketId, known: i64, answering: RwSignal<bool>) -> impl IntoView {
    let client = ClientState::of_app();
    let now = RwSignal::new(known);
    let here = RwSignal::new(Vec::<Here>::new());
    let ids = StoredValue::new((account, ticket));
    Effect::new(move || {
        let look = move || {
            let Some((account, ticket)) = ids.try_get_value() else { return };
            spawn_local(async move {
                let answering = answering.try_get_untracked().unwrap_or_default();
                if let Ok(found) = ask(TicketVersion { account, ticket, answering }).await {
                    let _ = now.try_set(found.version);
                    if here.try_with_untracked(|here| *here != found.here) == Some(true) {
                        here.set(found.here);
                    }
                }
            });
        };
        look();
        Effect::new(move || {
            if client.heard_of.get().is_some_and(|heard| ids.with_value(|(_, ticket)| heard == *ticket)) {
                look();
                set_timeout(look, SHOWN_AFTER);
            }
        });
        let timer = set_interval_with_handle(look, LOOK);
        on_cleanup(move || {
            if let Ok(timer) = timer {
                timer.clear();
            }
        });
    });
    view! {
        <div class="news-place" role="status" aria-live="polite">
            {move || (now.get() != known).then(|| view! {
                <p class="news"><Icon name="ticket"/><span>{words::SOMETHING_NEW}</span>
                    <button type="button" class="button small" on:click=move |_| client.changes.update(|count| *count += 1)>{words::SHOW_IT}</button></p>
            })}
            {move || here.get().into_iter().map(|one| {
                let (class, says) = if one.answering { ("news answering", words::is_answering(&one.name)) } else { ("news", words::has_it_open(&one.name)) };
                view! { <p class=class><Icon name="users"/><span>{says}</span></p> }
            }).collect_view()}
        </div>
    }
}

#[component]
fn Message(
    one: MessageView,
    account: AccountId,
    ticket: TicketId,
    people: bool,
    now: Timestamp,
) -> impl IntoView {
    let class = match (one.note, one.held, one.refused, one.badge) {
        (true, ..) => "message staff-note",
        (_, true, ..) => "message held",
        (_, _, true, _) => "message refused",
        (.., Badge::Staff) => "message from-staff",
        _ => "message",
    };
    let fields = vec![("account", account.to_string()), ("ticket", ticket.to_string())];
    let mark = if one.note {
        Some(view! { <span class="pill amber"><Icon name="lock"/>{words::NOTE}</span> }.into_any())
    } else if one.refused {
        Some(view! { <span class="pill red"><Icon name="x"/>{words::REFUSED}</span> }.into_any())
    } else if one.held {
        Some(view! { <span class="pill amber"><Icon name="clock"/>{words::HELD}</span> }.into_any())
    } else {
        None
    };
    let decide = (one.held && people).then(|| {
        let of = fields.clone();
        let id = one.id.clone();
        let hidden = of.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect_view();
        view! {
            <Form action=DecideHeld::PATH about=("message", id)>
                {hidden}
                <div class="actions">
                    <AnswerButton name="decision" value="add" label=words::ADD_AS_CONTACT class="button primary"/>
                    <AnswerButton name="decision" value="once" label=words::ALLOW_ONCE/>
                    <AnswerButton name="decision" value="reject" label=words::REJECT class="button danger"/>
                </div>
            </Form>
        }
    });
    let lead = one.held.then(|| view! { <p class="hint">{words::HELD_LEAD}</p> });
    let back = one.until.map(|_| {
        view! {
            <div class="sending" role="status"><span><Icon name="clock"/>{words::SENT_IN_A_MOMENT}</span>
                <Act action=CallBackReply::PATH fields=fields label=words::CALL_BACK about=("message", one.id.clone())/>
            </div>
        }
    });
    let files = one
        .files
        .iter()
        .map(|file| {
            let link = paths::ticket_file(&account, &file.id);
            let picture = file.picture.then(|| view! { <img src=link.clone() alt=file.name.clone() loading="lazy"/> });
            view! { <li>{picture}<span><Icon name="clip"/><a href=link rel="external" download>{file.name.clone()}</a><span class="hint">{file.size_text()}</span></span></li> }
        })
        .collect_view();
    let files = (!one.files.is_empty()).then(|| view! { <ul class="files">{files}</ul> });
    let quoted = (!one.quoted.is_empty()).then(|| {
        let html = one.quoted.clone();
        view! { <details class="quoted"><summary>{words::SHOW_QUOTED}</summary><div inner_html=html></div></details> }
    });
    let original = one.by_mail.then(|| {
        let link = paths::ticket_original(&account, &one.id);
        view! { <a class="hint" href=link rel="external" download>{words::SHOW_ORIGINAL}</a> }
    });
    let address = (matches!(one.badge, Badge::Other | Badge::Account) && one.email != one.by)
        .then(|| view! { <span class="hint">{one.email.clone()}</span> });
    let exact = time_format::exact(one.at);
    view! {
        <li class=class id=format!("m-{}", one.id)>
            <div class="message-head">
                <Avatar name=one.by.clone()/>
                <span><b>{one.by.clone()}</b>" "<span class="badge">{one.badge.title()}</span>{address}</span>
                {mark}
                <time datetime=one.at.iso() title=exact>{time_format::relative(one.at, now)}</time>
            </div>
            {lead}
            <div class="text" inner_html=one.html.clone()></div>
            {quoted}
            {files}
            {original}
            {back}
            {decide}
        </li>
    }
}

#[component]
fn ReplyBox(ticket: TicketView, account: AccountId, answering: RwSignal<bool>) -> impl IntoView {
    let id = ticket.row.id.clone();
    let staff = ticket.may.staff;
    let closed = ticket.row.status == Status::Closed;
    let writing = Writing::new(&account, id.as_str(), "", &ticket.draft);
    let canned = (!ticket.canned.is_empty()).then(|| (ticket.canned.clone(), account.clone(), id.clone()));
    let of_preview = account.clone();
    let changed = Callback::new(move |typed: String| {
        answering.set(!typed.trim().is_empty());
        writing.text(typed);
    });
    let outsiders = (!ticket.outsiders.is_empty()).then(|| ticket.outsiders.clone());
    let ids = {
        let (account, id, version) = (account.to_string(), id.to_string(), ticket.version.to_string());
        move || {
            view! {
                <input type="hidden" name="account" value=account.clone()/>
                <input type="hidden" name="ticket" value=id.clone()/>
                <input type="hidden" name="version" value=version.clone()/>
            }
        }
    };
    let (for_reply, for_note) = (ids.clone(), ids);
    let (told, draft) = (ticket.told.clone(), ticket.draft.clone());
    let close_too = ticket.may.close && !closed;
    let note = staff.then(|| {
        view! {
            <details class="card note-box">
                <summary><Icon name="lock"/>{words::ADD_NOTE}</summary>
                <Form action=ReplyToTicket::PATH prefix="note" about=("kind", "note".to_owned())>
                    {for_note()}
                    <TextArea name="text" label=words::NOTE_LABEL required=true rows=4 hint=words::NOTE_HINT/>
                    <div class="actions"><Submit label=words::ADD_NOTE kind="note-button"/></div>
                </Form>
            </details>
        }
    });
    view! {
        <section class="reply" aria-labelledby="reply-heading">
            <h2 id="reply-heading">{words::REPLY}</h2>
            {closed.then(|| view! { <p class="hint">{words::REPLY_REOPENS}</p> })}
            <Form action=ReplyToTicket::PATH id="write" class="card" about=("kind", "reply".to_owned())>
                {for_reply()}
                {canned.map(|(all, account, ticket)| view! { <CannedReplies all=all account=account ticket=ticket/> })}
                <TextArea name="text" label=words::YOUR_REPLY required=true rows=7 value=draft hint=words::MARKDOWN_HINT changed=changed/>
                <Preview writing=writing account=of_preview/>
                <Recipients told=told support=!staff/>
                {outsiders.map(|all| {
                    let rows = all.into_iter().map(|one| {
                        let label = if one.contact { words::without_right(&one.email) } else { words::outsider(&one.email) };
                        view! { <Tick name="also[]" value=one.email label=label/> }
                    }).collect_view();
                    view! { <fieldset class="outsiders"><legend>{words::ALSO_TO}</legend>{rows}</fieldset> }
                })}
                <div class="actions">
                    <Submit label=words::SEND_REPLY/>
                    {close_too.then(|| view! { <AnswerButton name="then" value="close" label=words::SEND_AND_CLOSE/> })}
                    <span class="hint" role="status">{move || writing.says()}</span>
                </div>
            </Form>
            <FilesBox account=account.clone() ticket=id.to_string() files=ticket.files.clone()/>
            {note}
        </section>
    }
}

#[component]
fn Rate(account: AccountId, ticket: TicketId, rating: i64, text: String) -> impl IntoView {
    let choices = move || {
        (1..=5)
            .map(|n| {
                view! {
                    <label class="choice"><input type="radio" name="rating" value=n.to_string() checked={ n == rating }/><span>{n.to_string()}</span></label>
                }
            })
            .collect_view()
    };
    view! {
        <section class="card" aria-labelledby="rate-heading">
            <h2 id="rate-heading"><Icon name="check"/>{words::RATE_LEAD}</h2>
            <Form action=RateTicket::PATH prefix="rate">
                <input type="hidden" name="account" value=account.to_string()/>
                <input type="hidden" name="ticket" value=ticket.to_string()/>
                <fieldset class="choices"><legend>{words::RATING}</legend>{choices()}</fieldset>
                <TextArea name="rating_text" label=words::RATING_WORDS rows=2 value=text/>
                <div class="actions"><Submit label=words::SAVE_RATING kind=""/></div>
            </Form>
        </section>
    }
}

#[component]
fn Details(ticket: TicketView, account: AccountId) -> impl IntoView {
    let mut staff = vec![(String::new(), words::NOBODY.to_owned())];
    staff.extend(ticket.staff);
    let priorities = Priority::ALL
        .into_iter()
        .map(|one| (one.key().to_owned(), one.title().to_owned()))
        .collect::<Vec<_>>();
    let (department, priority, assigned) = (ticket.department_id, ticket.row.priority.key(), ticket.assigned);
    let (departments, arrange) = (ticket.departments, paths::arrange(&ticket.row.id));
    view! {
        <section class="card" aria-labelledby="details-heading">
            <h2 id="details-heading"><Icon name="edit"/>{words::DETAILS}</h2>
            <Form action=ChangeTicket::PATH prefix="details">
                <input type="hidden" name="account" value=account.to_string()/>
                <input type="hidden" name="ticket" value=ticket.row.id.to_string()/>
                <Select name="department" label=words::DEPARTMENT value=department options=departments/>
                <Select name="priority" label=words::PRIORITY value=priority options=priorities/>
                <Select name="assigned" label=words::ASSIGNED_TO value=assigned options=staff/>
                <div class="actions"><Submit label=words::SAVE_DETAILS kind=""/></div>
            </Form>
            <p><a class="button small" href=arrange>{words::ARRANGE}</a></p>
        </section>
    }
}

#[component]
fn People(ticket: TicketView, account: AccountId) -> impl IntoView {
    let id = ticket.row.id.clone();
    let fields = vec![("account", account.to_string()), ("ticket", id.to_string())];
    let may = ticket.may.people;
    let rows = ticket
        .people
        .into_iter()
        .map(|one| {
            let remove = may.then(|| {
                view! { <Act action=RemoveTicketPerson::PATH fields=fields.clone() label=words::REMOVE about=("contact", one.id.to_string())/> }
            });
            view! { <li><Avatar name=one.name.clone()/><span>{one.name}<span class="hint">{words::added_by(&one.by)}</span></span>{remove}</li> }
        })
        .collect_view();
    let add = (may && !ticket.others.is_empty()).then(|| {
        let mut options = vec![(String::new(), words::CHOOSE_A_PERSON.to_owned())];
        options.extend(ticket.others.into_iter().map(|one| (one.id.to_string(), one.name)));
        view! {
            <Form action=AddTicketPerson::PATH prefix="people">
                <input type="hidden" name="account" value=account.to_string()/>
                <input type="hidden" name="ticket" value=id.to_string()/>
                <Select name="contact" label=words::ADD_A_PERSON value="" options=options/>
                <div class="actions"><Submit label=words::ADD kind=""/></div>
            </Form>
        }
    });
    view! {
        <section class="card" aria-labelledby="people-heading">
            <h2 id="people-heading"><Icon name="users"/>{words::PEOPLE}</h2>
            <p class="hint">{words::PEOPLE_HINT}</p>
            <ul class="ticket-people">{rows}</ul>
            {add}
        </section>
    }
}
