//! Contacts: adding, inviting, editing, closing, deleting, and the table (P1 to P7, P9).

use super::support::*;
use crate::demo::browser::Browser;
use crate::error::{AppError, Outcome};
use crate::features::accounts::rpc::ShowFrame;
use crate::features::contacts::model::ContactRow;
use crate::features::contacts::model::{CREATE_PATH, ContactKind, ContactStatus, INVITE_PATH, UPDATE_PATH};
use crate::features::contacts::rpc::*;
use crate::frame::Frame;
use crate::types::{AccountId, ListQuery, Page};
use leptos::server_fn::ServerFn as _;

#[tokio::test]
async fn a_new_contact_is_in_the_table_with_what_was_typed() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let done = olivia
        .change(
            CreateContact::PATH,
            &[
                ("account", bakery.as_str()),
                ("first_name", "Ben"),
                ("last_name", "Carter"),
                ("company", "Carter Ltd"),
                ("email", "Ben@Carter.example"),
                ("phone", "+44 1"),
                ("street", "1 Road"),
                ("city", "Bath"),
                ("postcode", "BA1"),
                ("country", "GB"),
                ("mail[]", "invoice"),
                ("mail[]", "support"),
                ("notify", "on"),
            ],
        )
        .await
        .unwrap();
    assert_eq!(done.say, "Ben Carter was added and gets an e-mail about it.");
    let page =
        table(&mut olivia, &bakery, &ListQuery { q: "carter".into(), ..ListQuery::default() }).await.unwrap();
    assert_eq!(page.total, 1);
    let row = &page.items[0];
    assert_eq!(
        (row.name.as_str(), row.email.as_str(), row.what, row.status),
        ("Ben Carter", "Ben@Carter.example", ContactKind::MailOnly, ContactStatus::Active)
    );
    assert_eq!(row.mail.column(), "invoice,support");
    let view = contact_by_email(&mut olivia, &bakery, "ben@carter.example").await;
    assert_eq!((view.form.city.as_str(), view.form.country.as_str()), ("Bath", "GB"));
    let mail = test.last_mail("ben@carter.example").await;
    assert_eq!(mail.subject, "You were added to Hart Bakery");
    assert!(mail.body_text.contains("You will get its invoice and support mail."), "{}", mail.body_text);
}

#[tokio::test]
async fn without_notify_nobody_is_told() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    add(&mut olivia, &bakery, "Quiet", "quiet@example.com").await.unwrap();
    assert_eq!(test.mails_to("quiet@example.com").await, 0);
}

#[tokio::test]
async fn an_offer_without_a_mail_waits_on_the_picker() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let (mut oscar, _) = test.oscar().await;
    let before = test.mails_to("oscar@elsewhere.example").await;
    let fields = [
        ("account", bakery.as_str()),
        ("first_name", "Oscar"),
        ("email", "oscar@elsewhere.example"),
        ("log_in", "on"),
        ("preset", "accounting"),
    ];
    olivia.change(CreateContact::PATH, &fields).await.unwrap();
    assert_eq!(test.mails_to("oscar@elsewhere.example").await, before);
    assert!(
        oscar.get("/accounts").await.body.contains("You will be able to view invoices and pay invoices.")
    );
    accept_all(&mut oscar).await.unwrap();
    assert!(oscar.get(&format!("/a/{bakery}")).await.body.contains("Hart Bakery"));
}

#[tokio::test]
async fn the_same_address_twice_leads_to_the_card_that_is_there() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    add(&mut olivia, &bakery, "Ben", "ben@example.com").await.unwrap();
    let known = contact_by_email(&mut olivia, &bakery, "ben@example.com").await;
    match add(&mut olivia, &bakery, "Benny", "BEN@Example.com").await {
        Err(AppError::Invalid(errors)) => {
            let error = errors.of("email").unwrap();
            assert_eq!(error.message, "BEN@Example.com is already on this account.");
            assert_eq!(error.link.as_ref().unwrap().1, format!("/a/{bakery}/contacts/{}", known.id));
        }
        other => panic!("{other:?}"),
    }
    // The same address on another account is another contact.
    let (mut oscar, elsewhere) = test.oscar().await;
    add(&mut oscar, &elsewhere, "Ben", "ben@example.com").await.unwrap();
}

#[tokio::test]
async fn several_addresses_are_invited_together_or_not_at_all() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    add(&mut olivia, &bakery, "Ben", "ben@example.com").await.unwrap();
    let refused =
        invite(&mut olivia, &bakery, "new@example.com, ben@example.com", "", &["invoices.view"]).await;
    assert_eq!(
        refused_fields(refused),
        [("emails".to_owned(), "ben@example.com is already on this account.".to_owned())]
    );
    assert_eq!(test.mails_to("new@example.com").await, 0);
    assert_eq!(table(&mut olivia, &bakery, &ListQuery::default()).await.unwrap().total, 2);
    let done = invite(&mut olivia, &bakery, "One <one@example.com>\ntwo@example.com", "", &["invoices.view"])
        .await
        .unwrap();
    assert_eq!(done.say, "Invitations are on their way to 2 people.");
    for email in ["one@example.com", "two@example.com"] {
        assert_eq!(contact_by_email(&mut olivia, &bakery, email).await.form.permissions, ["invoices.view"]);
        assert_eq!(test.last_mail(email).await.subject, "Olivia Hart invites you to Hart Bakery");
    }
}

#[tokio::test]
async fn a_closed_contact_cannot_enter_until_it_is_opened_again() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let mut ben =
        test.member(&mut olivia, &bakery, "Ben Carter", "ben@example.com", &["invoices.view"]).await;
    let inside = format!("/a/{bakery}");
    assert_eq!(ben.get(&inside).await.status, 200);
    let view = contact_by_email(&mut olivia, &bakery, "ben@example.com").await;
    let done = olivia.update_contact(&bakery, &view, &[("status", "closed")]).await.unwrap();
    assert_eq!(
        done.say,
        "Ben Carter was closed. They get no more mail and can no longer enter this account."
    );
    assert_eq!(ben.get(&inside).await.status, 404, "counts from the next request");
    assert!(ben.get("/accounts").await.body.contains("Closed"));
    let view = contact_by_email(&mut olivia, &bakery, "ben@example.com").await;
    assert_eq!(view.status, ContactStatus::Closed);
    assert_eq!(view.form.permissions, ["invoices.view"], "a closed contact keeps what it held");
    olivia.update_contact(&bakery, &view, &[("status", "active")]).await.unwrap();
    assert_eq!(ben.get(&inside).await.status, 200);
}

#[tokio::test]
async fn deleting_ends_access_and_invitations_at_once() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let mut ben =
        test.member(&mut olivia, &bakery, "Ben Carter", "ben@example.com", &["invoices.view"]).await;
    invite(&mut olivia, &bakery, "pia@example.com", "Pia Pending", &[]).await.unwrap();
    let token = olivia.mailed("pia@example.com", "/invitations/").await.unwrap();
    for email in ["ben@example.com", "pia@example.com"] {
        let view = contact_by_email(&mut olivia, &bakery, email).await;
        let page = olivia.get(&format!("/a/{bakery}/contacts?delete={}", view.id)).await.body;
        assert!(page.contains(&format!("Delete {}?", view.title())), "the question names the person");
        olivia
            .change(DeleteContact::PATH, &[("account", bakery.as_str()), ("contact", view.id.as_str())])
            .await
            .unwrap();
    }
    assert_eq!(test.words_left_over().await, 0);
    assert_eq!(ben.get(&format!("/a/{bakery}")).await.status, 404);
    assert!(
        test.browser()
            .get(&format!("/invitations/{token}"))
            .await
            .body
            .contains("This invitation was withdrawn")
    );
    assert_eq!(table(&mut olivia, &bakery, &ListQuery::default()).await.unwrap().total, 1);
}

#[tokio::test]
async fn deleting_says_what_will_be_lost() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let fields = [
        ("account", bakery.as_str()),
        ("first_name", "Ben"),
        ("email", "ben@example.com"),
        ("mail[]", "invoice"),
        ("log_in", "on"),
        ("preset", "accounting"),
    ];
    olivia.change(CreateContact::PATH, &fields).await.unwrap();
    let view = contact_by_email(&mut olivia, &bakery, "ben@example.com").await;
    let page = olivia.get(&format!("/a/{bakery}/contacts/{}?delete=1", view.id)).await.body;
    for sentence in [
        "The invitation to ben@example.com stops working.",
        "Ben loses every permission on this account (“Accounting”).",
        "ben@example.com gets no more invoice mail.",
    ] {
        assert!(page.contains(sentence), "{sentence}");
    }
}

#[tokio::test]
async fn the_owner_cannot_be_deleted_closed_or_reduced() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let mut marta =
        test.member(&mut olivia, &bakery, "Marta", "marta@example.com", &["contacts.manage"]).await;
    let own = contact_by_email(&mut olivia, &bakery, "olivia@bakery.example").await;
    let ids = [("account", bakery.as_str()), ("contact", own.id.as_str())];
    for browser in [&mut olivia, &mut marta] {
        assert!(matches!(browser.change(DeleteContact::PATH, &ids).await, Err(AppError::Conflict(_))));
    }
    let closed = olivia.update_contact(&bakery, &own, &[("status", "closed")]).await;
    assert!(matches!(closed, Err(AppError::Conflict(_))));
    let touched = marta.update_contact(&bakery, &own, &[("first_name", "Mallory")]).await;
    assert!(matches!(touched, Err(AppError::Forbidden(_))));
    // The owner's switches stay whatever is sent; the rest of the contact is theirs to change.
    olivia
        .update_contact(&bakery, &own, &[("log_in", ""), ("permissions[]", ""), ("phone", "1")])
        .await
        .unwrap();
    let own = contact_by_email(&mut olivia, &bakery, "olivia@bakery.example").await;
    assert_eq!((own.form.log_in.as_str(), own.form.phone.as_str()), ("on", "1"));
    let frame: Frame = olivia.call(ShowFrame::PATH, &[("account", bakery.as_str())]).await.unwrap();
    assert!(frame.is_owner);
}

#[tokio::test]
async fn two_editors_do_not_overwrite_each_other() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    add(&mut olivia, &bakery, "Ben", "ben@example.com").await.unwrap();
    let view = contact_by_email(&mut olivia, &bakery, "ben@example.com").await;
    olivia.update_contact(&bakery, &view, &[("phone", "1")]).await.unwrap();
    let late = olivia.update_contact(&bakery, &view, &[("phone", "2")]).await;
    assert!(matches!(late, Err(AppError::Conflict(_))));
    assert_eq!(contact_by_email(&mut olivia, &bakery, "ben@example.com").await.form.phone, "1");
}

#[tokio::test]
async fn switching_the_login_makes_and_withdraws_the_invitation() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    add(&mut olivia, &bakery, "Ben", "ben@example.com").await.unwrap();
    let view = contact_by_email(&mut olivia, &bakery, "ben@example.com").await;
    olivia.update_contact(&bakery, &view, &[("log_in", "on"), ("notify", "on")]).await.unwrap();
    let first = olivia.mailed("ben@example.com", "/invitations/").await.unwrap();
    let view = contact_by_email(&mut olivia, &bakery, "ben@example.com").await;
    assert_eq!(view.status, ContactStatus::Invited);
    olivia.update_contact(&bakery, &view, &[("log_in", "")]).await.unwrap();
    assert!(test.browser().get(&format!("/invitations/{first}")).await.body.contains("was withdrawn"));
    // Another address gets an invitation of its own; the one to the old address dies.
    let view = contact_by_email(&mut olivia, &bakery, "ben@example.com").await;
    olivia.update_contact(&bakery, &view, &[("log_in", "on"), ("notify", "on")]).await.unwrap();
    let second = olivia.mailed("ben@example.com", "/invitations/").await.unwrap();
    let view = contact_by_email(&mut olivia, &bakery, "ben@example.com").await;
    olivia
        .update_contact(&bakery, &view, &[("email", "benjamin@example.com"), ("notify", "on")])
        .await
        .unwrap();
    assert!(test.browser().get(&format!("/invitations/{second}")).await.body.contains("was withdrawn"));
    assert!(olivia.mailed("benjamin@example.com", "/invitations/").await.is_ok());
}

#[tokio::test]
async fn the_table_pages_sorts_searches_and_filters() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    for n in 0..120 {
        add(&mut olivia, &bakery, &format!("Person {n:03}"), &format!("p{:03}@example.com", 119 - n))
            .await
            .unwrap();
    }
    for sort in ["", "-name", "email", "-email", "sign-in", "-sign-in"] {
        let mut seen = Vec::new();
        let mut query = ListQuery { sort: sort.into(), ..ListQuery::default() };
        loop {
            let page = table(&mut olivia, &bakery, &query).await.unwrap();
            assert_eq!(
                (page.total, page.skipped),
                (121, i64::try_from(seen.len()).unwrap()),
                "sorted by {sort}"
            );
            seen.extend(page.items.iter().map(|row| row.email.clone()));
            let Some(next) = page.next else { break };
            query.after = next;
        }
        assert_eq!(seen.len(), 121, "every contact once, sorted by {sort}");
        let mut unique = seen.clone();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), 121);
        if sort == "-email" {
            assert!(seen.windows(2).all(|pair| pair[0] > pair[1]));
        }
        // Back from the last page is the page before it.
        let last = table(&mut olivia, &bakery, &query).await.unwrap();
        let back = table(
            &mut olivia,
            &bakery,
            &ListQuery { sort: sort.into(), before: last.previous.unwrap(), ..ListQuery::default() },
        )
        .await
        .unwrap();
        assert_eq!(
            back.items.iter().map(|row| row.email.clone()).collect::<Vec<_>>(),
            seen[50..100].to_vec()
        );
        assert_eq!(back.skipped, 50);
    }
    let found = table(&mut olivia, &bakery, &ListQuery { q: "PERSON 07".into(), ..ListQuery::default() })
        .await
        .unwrap();
    assert_eq!(found.total, 10);
    let wild =
        table(&mut olivia, &bakery, &ListQuery { q: "%_".into(), ..ListQuery::default() }).await.unwrap();
    assert_eq!(wild.total, 0, "wildcards are letters");
    invite(&mut olivia, &bakery, "pia@example.com", "Pia", &[]).await.unwrap();
    let invited =
        table(&mut olivia, &bakery, &ListQuery { status: "invited".into(), ..ListQuery::default() })
            .await
            .unwrap();
    assert_eq!(invited.items.iter().map(|row| row.email.as_str()).collect::<Vec<_>>(), ["pia@example.com"]);
    for (status, total) in [("access", 1), ("mail", 120), ("", 122)] {
        let view = ListQuery { status: status.into(), ..ListQuery::default() };
        assert_eq!(table(&mut olivia, &bakery, &view).await.unwrap().total, total, "{status}");
    }
}

#[tokio::test]
async fn nonsense_in_the_url_of_the_table_shows_the_first_page() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let long = "x".repeat(5_000);
    for query in [
        "?page=-1",
        "?page=99999999999999999999",
        "?after=-1",
        "?after=~",
        "?before=%00~%00",
        "?sort=;drop",
        "?status=nope",
        "?delete=x",
        "?link=..",
        "?q=%F0%9F",
        &format!("?after={long}"),
    ] {
        let answer = olivia.get(&format!("/a/{bakery}/contacts{query}")).await;
        assert_eq!(answer.status, 200, "{query}");
        assert!(answer.body.contains("Olivia Hart"), "{query}");
    }
}

#[tokio::test]
async fn ids_of_another_account_are_not_found() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let (mut oscar, elsewhere) = test.oscar().await;
    invite(&mut olivia, &bakery, "ben@example.com", "Ben", &[]).await.unwrap();
    let theirs = contact_by_email(&mut olivia, &bakery, "ben@example.com").await;
    let ids = [("account", elsewhere.as_str()), ("contact", theirs.id.as_str())];
    for action in [
        DeleteContact::PATH,
        ResendInvitation::PATH,
        WithdrawInvitation::PATH,
        ShowContact::PATH,
        InvitationLink::PATH,
    ] {
        let answer: Result<Outcome, AppError> = oscar.call(action, &ids).await;
        assert_eq!(answer.unwrap_err(), AppError::NotFound, "{action}");
    }
    let mut fields = form_of(&elsewhere, &theirs, &[("first_name", "Mallory")]);
    fields.retain(|(name, _)| name != "account");
    fields.push(("account".into(), elsewhere.to_string()));
    assert_eq!(oscar.change(UpdateContact::PATH, &borrowed(&fields)).await.unwrap_err(), AppError::NotFound);
    assert_eq!(oscar.get(&format!("/a/{elsewhere}/contacts/{}", theirs.id)).await.status, 404);
    assert_eq!(contact_by_email(&mut olivia, &bakery, "ben@example.com").await.form.first_name, "Ben");
}

#[test]
fn the_paths_of_the_forms_are_those_of_their_functions() {
    let of_functions = [CreateContact::PATH, UpdateContact::PATH, InviteUsers::PATH];
    assert_eq!([CREATE_PATH, UPDATE_PATH, INVITE_PATH], of_functions);
}

/// Olivia's bakery with somebody in every view.
async fn everybody() -> (TestApp, Browser, AccountId) {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let accounting = ["invoices.view", "invoices.pay"];
    test.member(&mut olivia, &bakery, "Bea Ledger", "bea@example.com", &accounting).await;
    let mut safe = test.member(&mut olivia, &bakery, "Sam Safe", "sam@example.com", &["tickets.view"]).await;
    test.set_up_app(&mut safe, "sam@example.com").await;
    invite(&mut olivia, &bakery, "ines@example.com", "Ines Invited", &accounting).await.unwrap();
    for (name, mail) in [("Mona", "invoice"), ("Mike", "general")] {
        add(&mut olivia, &bakery, name, &format!("{}@example.com", name.to_lowercase())).await.unwrap();
        test.execute(format!("UPDATE contacts SET mail = '{mail}' WHERE first_name = '{name}'")).await;
    }
    (test, olivia, bakery)
}

async fn names(browser: &mut Browser, account: &AccountId, view: &str) -> Vec<String> {
    let parts: Vec<(String, String)> = form_urlencoded::parse(view.as_bytes()).into_owned().collect();
    let mut fields = vec![("account", account.as_str())];
    fields.extend(parts.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let page: Page<ContactRow> = browser.call(ListContacts::PATH, &fields).await.unwrap();
    page.items.into_iter().map(|row| row.name).collect()
}

#[tokio::test]
async fn the_table_has_views_and_can_be_narrowed_down() {
    let (test, mut olivia, bakery) = everybody().await;
    test.execute(
        "UPDATE accounts SET billing_contact_id = (SELECT id FROM contacts WHERE first_name = 'Mona')".into(),
    )
    .await;
    for (view, expected) in [
        ("status=access", &["Bea Ledger", "Olivia Hart", "Sam Safe"][..]),
        ("status=invited", &["Ines Invited"]),
        ("status=mail", &["Mike", "Mona"]),
        ("status=access&only=no-factor", &["Bea Ledger", "Olivia Hart"]),
        ("only=never", &["Ines Invited"]),
        ("only=billing", &["Mona"]),
        ("role=accounting", &["Bea Ledger", "Ines Invited"]),
        ("role=full_privileges", &[]),
        ("category=invoice", &["Bea Ledger", "Ines Invited", "Mona", "Olivia Hart"]),
        ("status=mail&q=mik", &["Mike"]),
    ] {
        assert_eq!(names(&mut olivia, &bakery, view).await, expected, "{view}");
    }
    // The invitations say who sent them, when they end and what became of the mail.
    test.execute("UPDATE outbox SET state = 'failed', last_error = 'no such mailbox' WHERE to_email = 'ines@example.com'".into()).await;
    let page = olivia.get(&format!("/a/{bakery}/contacts?status=invited")).await.body;
    for part in ["by Olivia Hart", "in 7 days", "no such mailbox"] {
        assert!(page.contains(part), "{part}");
    }
}

#[tokio::test]
async fn the_file_holds_what_the_table_shows_and_only_for_who_manages_contacts() {
    let (test, mut olivia, bakery) = everybody().await;
    let file = olivia.get(&format!("/a/{bakery}/contacts.csv?status=access")).await;
    let lines: Vec<&str> = file.body.lines().collect();
    assert_eq!(lines.len(), 4, "{}", file.body);
    assert!(lines[0].starts_with("Name,E-mail,Login,Status,Permissions"));
    assert!(lines[1].starts_with("Bea Ledger,bea@example.com,Can log in,Active,Accounting"), "{}", lines[1]);
    for number in 0..60 {
        add(&mut olivia, &bakery, "Ada", &format!("ada.{number}@example.com")).await.unwrap();
    }
    let file = olivia.get(&format!("/a/{bakery}/contacts.csv?q=ada")).await;
    assert_eq!(file.body.lines().count(), 61, "every page");
    let mut bea = test.another_browser("bea@example.com").await;
    assert_eq!(bea.get(&format!("/a/{bakery}/contacts.csv")).await.status, 403);
}

#[tokio::test]
async fn something_is_done_to_several_people_or_to_nobody() {
    let (test, mut olivia, bakery) = everybody().await;
    let mut id = std::collections::BTreeMap::new();
    for email in ["bea", "sam", "ines", "mona", "mike"] {
        let address = format!("{email}@example.com");
        id.insert(email, contact_by_email(&mut olivia, &bakery, &address).await.id.to_string());
    }
    let owner = contact_by_email(&mut olivia, &bakery, "olivia@bakery.example").await.id.to_string();
    let who = |names: &[&str]| names.iter().map(|name| id[name].as_str()).collect::<Vec<_>>().join(",");
    let of = ("account", bakery.as_str());
    // The question names them, and who is left out and why.
    let asked = format!("{},{owner}", who(&["bea", "mona"]));
    let ticked = asked.replace(',', "&who=");
    let question = format!("/a/{bakery}/contacts/several?act=close&who={ticked}&back=%3Fstatus%3Daccess");
    let page = olivia.get(&question).await.body;
    for part in
        ["Close 2 people?", "Bea Ledger can no longer enter this account.", "Olivia Hart owns the account."]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    // One of them cannot: nothing is done to the others.
    let refused = olivia.change(ChangeSeveral::PATH, &[of, ("act", "close"), ("who", &asked)]).await;
    assert!(matches!(refused, Err(AppError::Conflict(_))));
    assert_eq!(test.count("contacts WHERE status = 'closed'").await, 0);
    let both = who(&["bea", "mona"]);
    let done = olivia
        .change(ChangeSeveral::PATH, &[of, ("act", "close"), ("who", &both), ("back", "?status=access")])
        .await
        .unwrap();
    assert_eq!(
        done.to,
        format!("/a/{bakery}/contacts?status=access&changed={both}"),
        "back to the same view"
    );
    assert_eq!(test.count("contacts WHERE status = 'closed'").await, 2);
    let marked = olivia.get(&format!("/a/{bakery}/contacts?changed={}", id["bea"])).await.body;
    assert_eq!(marked.matches("<tr class=\"changed\">").count(), 1);
    // Mail, with the rules of each: what one may not see cannot be switched on.
    let mail = [of, ("act", "mail"), ("who", &id["mike"]), ("mail[]", "invoice"), ("switch", "on")];
    let mut marta =
        test.member(&mut olivia, &bakery, "Marta", "marta@example.com", &["contacts.manage"]).await;
    assert!(matches!(marta.change(ChangeSeveral::PATH, &mail).await, Err(AppError::Forbidden(_))));
    olivia.change(ChangeSeveral::PATH, &mail).await.unwrap();
    assert_eq!(test.count("contacts WHERE first_name = 'Mike' AND mail = 'general,invoice'").await, 1);
    // A preset; nobody gives what they lack.
    let two = who(&["sam", "ines"]);
    let preset = [of, ("act", "preset"), ("who", &two), ("preset", "technical_staff")];
    assert!(matches!(marta.change(ChangeSeveral::PATH, &preset).await, Err(AppError::Forbidden(_))));
    olivia.change(ChangeSeveral::PATH, &preset).await.unwrap();
    assert_eq!(names(&mut olivia, &bakery, "role=technical_staff").await, ["Ines Invited", "Sam Safe"]);
    let deleted = who(&["sam", "ines", "mike"]);
    olivia.change(ChangeSeveral::PATH, &[of, ("act", "delete"), ("who", &deleted)]).await.unwrap();
    assert_eq!(names(&mut olivia, &bakery, "").await, ["Bea Ledger", "Marta", "Mona", "Olivia Hart"]);
    for who in ["", "nonsense"] {
        let nobody = olivia.change(ChangeSeveral::PATH, &[of, ("act", "delete"), ("who", who)]).await;
        assert!(matches!(nobody, Err(AppError::Conflict(_))), "{who}");
    }
}

#[tokio::test]
async fn a_likely_slip_in_an_address_is_asked_about_before_anything_is_sent() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let of = ("account", bakery.as_str());
    let ben = [of, ("first_name", "Ben"), ("email", "ben@gmial.com"), ("notify", "on")];
    let asked = refused_fields(olivia.change(CreateContact::PATH, &ben).await);
    assert_eq!(asked[0].0, "email");
    assert!(asked[0].1.contains("did you mean ben@gmail.com?"), "{asked:?}");
    let page = olivia.submit(&format!("/a/{bakery}/contacts/new"), CreateContact::PATH, &ben).await.body;
    assert!(
        page.contains("The address is right") && page.contains("value=\"ben@gmial.com\""),
        "without WASM too"
    );
    let several = [of, ("emails", "ann@example.com, ben@gmial.com")];
    assert_eq!(refused_fields(olivia.change(InviteUsers::PATH, &several).await)[0].0, "emails");
    assert_eq!(test.count("contacts").await + test.mails_to("ann@example.com").await, 1, "nothing was done");
    let sure = [&ben[..], &[("address_sure", "on")]].concat();
    olivia.change(CreateContact::PATH, &sure).await.unwrap();
    assert_eq!(test.mails_to("ben@gmial.com").await, 1);
}

#[tokio::test]
async fn a_name_before_an_address_is_kept() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let emails = "Ben Carter <ben@example.com>, \"de Boer, Ann\" <ann@example.com>; mia@example.com";
    olivia.change(InviteUsers::PATH, &[("account", bakery.as_str()), ("emails", emails)]).await.unwrap();
    assert_eq!(
        names(&mut olivia, &bakery, "status=invited").await,
        ["Ben Carter", "de Boer, Ann", ""],
        "in the order of names; without one the address stands for it"
    );
}
