//! Who gets which mail: everybody's own choice, the last recipient of domain mail, the page that says it, and
//! announcements (M1 to M7).

use super::support::*;
use crate::access::System;
use crate::demo::browser::Browser;
use crate::error::AppError;
use crate::features::accounts::rpc::*;
use crate::features::contacts::rpc::*;
use crate::features::mail::announce::{AnnounceReport, Announcement, announce};
use crate::features::ownership::rpc::*;
use crate::features::recipients::model::{LAST_DOMAIN_RECIPIENT, MailChoice, RecipientRow};
use crate::features::recipients::rpc::*;
use crate::outbox::{Transport, mail_dir, send_due};
use crate::platform::db::args;
use crate::types::AccountId;
use axum::body::Body;
use axum::http::Request;
use leptos::server_fn::ServerFn as _;
use mail_parser::MessageParser;

const OLIVIA: &str = "olivia@bakery.example";
const BEN: &str = "ben@example.com";

/// Hart Bakery, whose main address is an office, with Ben, who gets these categories and can log in.
async fn ground(mail: &[&str]) -> (TestApp, Browser, Browser, AccountId) {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let ben = test.member(&mut olivia, &bakery, "Ben Carter", BEN, &[]).await;
    test.execute("UPDATE accounts SET email = 'office@bakery.example', mail = 'general'".into()).await;
    test.execute("UPDATE contacts SET mail = '' WHERE is_owner".into()).await;
    test.execute(format!("UPDATE contacts SET mail = '{}' WHERE email = '{BEN}'", mail.join(","))).await;
    (test, olivia, ben, bakery)
}

async fn mail_of(test: &TestApp, email: &str) -> String {
    let mut reader = System::of(&test.app).read().await.unwrap();
    reader.conn().value("SELECT mail FROM contacts WHERE email = $1", args![email]).await.unwrap()
}

fn read(category: &str, account: &str) -> Announcement {
    Announcement::read(
        category,
        "# Maintenance\n\nOn **Sunday**.",
        account,
        Some(format!("{category} {account}")),
    )
    .unwrap()
}

async fn tell(test: &TestApp, category: &str) -> AnnounceReport {
    announce(&test.app, &read(category, ""), false).await.unwrap()
}

#[tokio::test]
async fn each_person_chooses_for_themself_with_a_login() {
    let (test, _, mut ben, bakery) = ground(&["domain", "invoice"]).await;
    let of = ("account", bakery.as_str());
    let choice: MailChoice = ben.call(OwnChoice::PATH, &[of]).await.unwrap();
    assert_eq!((choice.email.as_str(), choice.mail.column()), (BEN, "domain,invoice".into()));
    ben.save(Choose::PATH, &[of, ("mail[]", "domain"), ("mail[]", "newsletter"), ("mail[]", "nonsense")])
        .await
        .unwrap();
    assert_eq!(mail_of(&test, BEN).await, "domain,newsletter");
    let page = ben.get(&format!("/a/{bakery}/mail")).await.body;
    assert!(page.contains("Which mail you get") && page.contains(BEN));
}

#[tokio::test]
async fn every_mail_about_an_account_leads_to_its_recipients_choice_without_a_login() {
    let (test, _, _, bakery) = ground(&["domain", "service"]).await;
    tell(&test, "service").await;
    let mail = test.last_mail(BEN).await;
    assert!(
        mail.body_html.contains("Choose which mail you get") && !mail.body_html.contains("[["),
        "{}",
        mail.body_html
    );
    let mut anybody = test.browser();
    let token = anybody.mailed(BEN, "/preferences/").await.unwrap();
    assert!(mail.body_html.contains(&token));
    let page = anybody.get(&format!("/preferences/{token}")).await;
    assert!(page.body.contains("Hart Bakery") && page.body.contains(BEN));
    assert!(page.headers["referrer-policy"] == "same-origin");
    let version = anybody.version(ChooseByLink::PATH, &[("token", &token)]).await.unwrap();
    let saved = anybody
        .submit(
            &format!("/preferences/{token}"),
            ChooseByLink::PATH,
            &[("token", &token), ("version", &version), ("mail[]", "domain")],
        )
        .await;
    assert_eq!(saved.status, 303);
    assert_eq!(mail_of(&test, BEN).await, "domain");
    // Links that were made up, are somebody else's, or are for an address that has changed.
    let forged = format!("{}{}", &token[..token.len() - 1], if token.ends_with('A') { 'B' } else { 'A' });
    let main = {
        tell(&test, "general").await;
        anybody.mailed("office@bakery.example", "/preferences/").await.unwrap()
    };
    let swapped = format!("{}{}", &main[..27], &token[27..]);
    for bad in ["", "x", &forged, &swapped, &token.replacen('c', "a", 1)] {
        let found: Option<MailChoice> = anybody.call(ChoiceByLink::PATH, &[("token", bad)]).await.unwrap();
        assert_eq!(found, None, "{bad}");
        assert!(
            matches!(anybody.save(ChooseByLink::PATH, &[("token", bad)]).await, Err(AppError::Conflict(_))),
            "{bad}"
        );
    }
    let found: Option<MailChoice> = anybody.call(ChoiceByLink::PATH, &[("token", &main)]).await.unwrap();
    assert!(found.unwrap().is_main);
    test.execute(format!(
        "UPDATE contacts SET email = 'b2@example.com', email_key = 'b2@example.com' WHERE email = '{BEN}'"
    ))
    .await;
    assert!(
        anybody
            .get(&format!("/preferences/{token}"))
            .await
            .body
            .contains("the address was changed, or the contact was closed or deleted")
    );
    // Choose which mail about one's own login has no choice in it.
    let about_user = test.last_mail(OLIVIA).await;
    assert!(
        !about_user.body_html.contains("Choose which mail") && !about_user.body_text.contains("preferences"),
        "{}",
        about_user.body_text
    );
    let _ = bakery;
}

#[tokio::test]
async fn a_newsletter_ends_with_one_click_of_a_mail_program() {
    let (test, _, _, _) = ground(&["domain", "newsletter", "service"]).await;
    tell(&test, "newsletter").await;
    tell(&test, "service").await;
    let transport = Transport::open(None, None, test.dir.path()).unwrap();
    send_due(&test.app, &transport).await.unwrap();
    let files = std::fs::read_dir(mail_dir(test.dir.path()))
        .unwrap()
        .map(|entry| std::fs::read(entry.unwrap().path()).unwrap());
    let mails: Vec<(String, Option<String>, Option<String>)> = files
        .map(|raw| {
            let mail = MessageParser::default().parse(&raw).unwrap();
            let header = |name: &str| mail.header_raw(name).map(|value| value.trim().to_owned());
            let body = mail.body_text(0).unwrap().into_owned();
            (body, header("List-Unsubscribe"), header("List-Unsubscribe-Post"))
        })
        .filter(|(body, ..)| body.contains("Sunday") && body.contains("switched on"))
        .collect();
    assert_eq!(mails.len(), 2);
    let (_, link, post) = mails.iter().find(|(body, ..)| body.contains("newsletter mail")).unwrap();
    assert_eq!(post.as_deref(), Some("List-Unsubscribe=One-Click"));
    let link: String = link.clone().unwrap().split_whitespace().collect();
    let path = link.trim_matches(['<', '>']).strip_prefix("http://portal.example").unwrap().to_owned();
    assert!(
        mails.iter().any(|(_, link, post)| link.is_none() && post.is_none()),
        "other mail has no such header"
    );
    // Opening it changes nothing: programs that check links do that.
    let mut anybody = test.browser();
    assert_eq!(anybody.get(&path).await.location(), path.replace("unsubscribe", "preferences"));
    assert_eq!(mail_of(&test, BEN).await, "domain,newsletter,service");
    let click = Request::post(&path)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from("List-Unsubscribe=One-Click"))
        .unwrap();
    assert_eq!(anybody.send(click).await.status, 200);
    assert_eq!(mail_of(&test, BEN).await, "service,domain");
    assert_eq!(anybody.post("/unsubscribe/forged", String::new()).await.status, 409);
}

#[tokio::test]
async fn the_last_recipient_of_domain_mail_cannot_be_lost() {
    let (test, mut olivia, mut ben, bakery) = ground(&["domain"]).await;
    let of = ("account", bakery.as_str());
    let view = contact_by_email(&mut olivia, &bakery, BEN).await;
    let about = [of, ("contact", view.id.as_str())];
    let said = |result: crate::error::Result<crate::error::Outcome>, how: &str| match result {
        Err(AppError::Invalid(errors)) => assert_eq!(
            (errors.0[0].field.as_str(), errors.0[0].message.as_str()),
            ("mail", LAST_DOMAIN_RECIPIENT),
            "{how}"
        ),
        Err(AppError::Conflict(why)) => assert_eq!(why, LAST_DOMAIN_RECIPIENT, "{how}"),
        other => panic!("{how}: {other:?}"),
    };
    let without: Vec<(String, String)> =
        form_of(&bakery, &view, &[]).into_iter().filter(|(name, _)| name != "mail[]").collect();
    said(olivia.change(UpdateContact::PATH, &borrowed(&without)).await, "edit");
    said(olivia.update_contact(&bakery, &view, &[("status", "closed")]).await, "close");
    said(olivia.change(DeleteContact::PATH, &about).await, "delete");
    match ben.change(LeaveAccount::PATH, &[of]).await {
        // He cannot choose somebody else, so he learns who can.
        Err(AppError::Conflict(why)) => assert!(
            why.ends_with("ask Olivia Hart (olivia@bakery.example) to choose somebody else for it."),
            "{why}"
        ),
        other => panic!("leave: {other:?}"),
    }
    said(ben.save(Choose::PATH, &[of, ("mail[]", "general")]).await, "their own choice");
    tell(&test, "domain").await;
    let token = ben.mailed(BEN, "/preferences/").await.unwrap();
    said(test.browser().save(ChooseByLink::PATH, &[("token", &token)]).await, "the link in a mail");
    assert_eq!(mail_of(&test, BEN).await, "domain");
    // Once the main address gets it, everybody else may go; then the main address is the last.
    let profile = |mail: &'static str| {
        vec![of, ("name", "Hart Bakery"), ("email", "office@bakery.example"), ("mail[]", mail)]
    };
    olivia.save(SaveProfile::PATH, &profile("domain")).await.unwrap();
    ben.change(LeaveAccount::PATH, &[of]).await.unwrap();
    said(olivia.save(SaveProfile::PATH, &profile("general")).await, "the main address");
    let main = {
        tell(&test, "general").await;
        tell2(&test).await;
        ben.mailed("office@bakery.example", "/preferences/").await.unwrap()
    };
    said(test.browser().save(ChooseByLink::PATH, &[("token", &main)]).await, "the main address, by link");
    let version = olivia.version(SaveProfile::PATH, &[of]).await.unwrap();
    let fields: Vec<_> = profile("general").into_iter().chain([("version", version.as_str())]).collect();
    let html = olivia.submit(&format!("/a/{bakery}/profile"), SaveProfile::PATH, &fields).await;
    assert!(html.status == 422 && html.body.contains("This would leave nobody to get domain mail"));
}

async fn tell2(test: &TestApp) {
    announce(&test.app, &Announcement::read("domain", "# Again\n\nOnce more.", "", None).unwrap(), false)
        .await
        .unwrap();
}

#[tokio::test]
async fn two_who_give_it_up_at_once_leave_one() {
    for _ in 0..4 {
        let (test, mut olivia, ben, bakery) = ground(&["domain"]).await;
        let cleo = test.member(&mut olivia, &bakery, "Cleo", "cleo@example.com", &[]).await;
        test.execute("UPDATE contacts SET mail = 'domain' WHERE email = 'cleo@example.com'".into()).await;
        let all = [ben, cleo].into_iter().map(|mut person| {
            let account = bakery.to_string();
            async move { person.save(Choose::PATH, &[("account", &account)]).await.is_ok() }
        });
        assert_eq!(futures::future::join_all(all).await.into_iter().filter(|done| *done).count(), 1);
        assert_eq!(test.count("contacts WHERE mail LIKE '%domain%'").await, 1);
    }
}

#[tokio::test]
async fn the_page_says_who_gets_what_and_why_and_the_form_what_would_change() {
    let (test, mut olivia, mut ben, bakery) = ground(&["domain", "invoice"]).await;
    let of = ("account", bakery.as_str());
    let rows: Vec<RecipientRow> = olivia.call(WhoGetsWhat::PATH, &[of]).await.unwrap();
    let who = |title: &str| {
        let row = rows.iter().find(|row| row.title == title).unwrap();
        row.who.iter().map(|(recipient, why)| format!("{}: {why}", recipient.email)).collect::<Vec<_>>()
    };
    assert_eq!(who("A notice about a domain"), ["ben@example.com: contact with domain mail on"]);
    assert_eq!(
        who("An invoice, a reminder or a receipt"),
        [
            "office@bakery.example: main address, because there is no active billing contact",
            "ben@example.com: contact with invoice mail on"
        ]
    );
    assert_eq!(who("A newsletter"), Vec::<String>::new());
    assert!(olivia.get(&format!("/a/{bakery}/recipients")).await.body.contains("Nobody gets it."));
    assert_eq!(ben.get(&format!("/a/{bakery}/recipients")).await.status, 403);
    // Before saving.
    let id = contact_by_email(&mut olivia, &bakery, BEN).await.id;
    let change = |mail: &'static [&'static str]| {
        let mut fields = vec![
            of,
            ("contact", id.as_str()),
            ("first_name", "Ben"),
            ("last_name", "Carter"),
            ("email", BEN),
        ];
        fields.extend(mail.iter().map(|key| ("mail[]", *key)));
        fields
    };
    let says: Vec<String> = olivia.call(WouldChange::PATH, &change(&["domain", "general"])).await.unwrap();
    assert_eq!(says, ["Ben Carter will also get general mail, and no longer invoice mail."]);
    let says: Vec<String> = olivia.call(WouldChange::PATH, &change(&["invoice"])).await.unwrap();
    assert!(says[1].starts_with("This cannot be saved: nobody else gets domain mail."), "{says:?}");
    assert_eq!(
        olivia.call::<Vec<String>>(WouldChange::PATH, &change(&["domain", "invoice"])).await.unwrap(),
        Vec::<String>::new()
    );
    let closed: Vec<(&str, &str)> =
        change(&["domain", "invoice"]).into_iter().chain([("status", "closed")]).collect();
    let says: Vec<String> = olivia.call(WouldChange::PATH, &closed).await.unwrap();
    assert_eq!(says[0], "Ben Carter will no longer get domain and invoice mail.");
    assert!(says[1].starts_with("This cannot be saved: nobody else gets domain mail."), "{says:?}");
    test.execute(format!("UPDATE accounts SET billing_contact_id = '{id}'")).await;
    let says: Vec<String> = olivia.call(WouldChange::PATH, &closed).await.unwrap();
    assert_eq!(says[2], "Invoices will be addressed to office@bakery.example.");
    test.execute("UPDATE accounts SET billing_contact_id = NULL".into()).await;
    // Without WASM, a button of the form.
    let view = contact_by_email(&mut olivia, &bakery, BEN).await;
    let mut fields = form_of(&bakery, &view, &[]);
    fields.push(("mail[]".into(), "newsletter".into()));
    let page = format!("/a/{bakery}/contacts/{id}");
    let asked = olivia.submit(&page, PreviewMail::PATH, &borrowed(&fields)).await;
    assert_eq!(asked.status, 303, "{}", asked.body);
    let shown = olivia.get(asked.location()).await.body;
    assert!(
        shown.contains("will also get newsletter mail") && shown.contains("What you typed is still here")
    );
    assert_eq!(mail_of(&test, BEN).await, "domain,invoice", "nothing was saved");
}

#[tokio::test]
async fn invoices_go_to_the_billing_contact_and_to_others_unless_it_is_the_only_one() {
    let (test, mut olivia, _, bakery) = ground(&["domain", "invoice"]).await;
    let of = ("account", bakery.as_str());
    add(&mut olivia, &bakery, "Ada", "ada@example.com").await.unwrap();
    let ada = contact_by_email(&mut olivia, &bakery, "ada@example.com").await.id;
    let profile = [
        of,
        ("name", "Hart Bakery"),
        ("email", "office@bakery.example"),
        ("mail[]", "general"),
        ("billing_contact", ada.as_str()),
    ];
    olivia.save(SaveProfile::PATH, &profile).await.unwrap();
    let invoice = |rows: Vec<RecipientRow>| {
        rows.into_iter()
            .find(|row| row.category == "invoice")
            .unwrap()
            .who
            .into_iter()
            .map(|(who, _)| who.email)
            .collect::<Vec<_>>()
    };
    assert_eq!(invoice(olivia.call(WhoGetsWhat::PATH, &[of]).await.unwrap()), ["ada@example.com", BEN]);
    let only: Vec<(&str, &str)> = profile.iter().copied().chain([("billing_only", "on")]).collect();
    olivia.save(SaveProfile::PATH, &only).await.unwrap();
    assert_eq!(invoice(olivia.call(WhoGetsWhat::PATH, &[of]).await.unwrap()), ["ada@example.com"]);
    let html = olivia.get(&format!("/a/{bakery}/profile")).await.body;
    assert!(html.contains("Billing Contact") && html.contains("Ada (ada@example.com)"));
    // Copies of tickets are the account's to switch off, and the trail says so.
    let support = |rows: Vec<RecipientRow>| {
        rows.into_iter().filter(|row| row.category == "support").map(|row| row.who.len()).collect::<Vec<_>>()
    };
    assert_eq!(support(olivia.call(WhoGetsWhat::PATH, &[of]).await.unwrap()), [1, 1]);
    let none: Vec<(&str, &str)> = only.iter().copied().chain([("no_copies", "on")]).collect();
    olivia.save(SaveProfile::PATH, &none).await.unwrap();
    let rows: Vec<RecipientRow> = olivia.call(WhoGetsWhat::PATH, &[of]).await.unwrap();
    assert_eq!(support(rows), [0, 1], "nobody's ticket is answered: somebody has to hear of it");
    let activity = olivia.get(&format!("/a/{bakery}/activity")).await.body;
    assert!(activity.contains("No copies of tickets"), "{activity}");
    olivia.change(DeleteContact::PATH, &[of, ("contact", ada.as_str())]).await.unwrap();
    assert_eq!(invoice(olivia.call(WhoGetsWhat::PATH, &[of]).await.unwrap()), ["office@bakery.example"]);
    // Somebody of another account, or closed, is no choice.
    let (mut oscar, elsewhere) = test.oscar().await;
    let his = contact_by_email(&mut oscar, &elsewhere, "oscar@elsewhere.example").await.id;
    let wrong = [
        of,
        ("name", "X"),
        ("email", "office@bakery.example"),
        ("mail[]", "domain"),
        ("billing_contact", his.as_str()),
    ];
    assert_eq!(refused_fields(olivia.save(SaveProfile::PATH, &wrong).await)[0].0, "billing_contact");
}

#[tokio::test]
async fn an_announcement_reaches_exactly_whom_the_rule_names_once() {
    let (test, mut olivia, _, bakery) = ground(&["domain", "service"]).await;
    let (_, elsewhere) = test.oscar().await;
    add(&mut olivia, &bakery, "Cleo", "cleo@example.com").await.unwrap();
    test.execute(
        "UPDATE contacts SET mail = 'service,domain', status = 'closed' WHERE email = 'cleo@example.com'"
            .into(),
    )
    .await;
    let before = test.count("outbox").await;
    let dry = announce(&test.app, &read("service", ""), true).await.unwrap();
    assert_eq!(
        (dry.messages, dry.accounts, test.count("outbox").await),
        (2, 2, before),
        "Ben, and Oscar's main address"
    );
    let done = tell(&test, "service").await;
    assert_eq!(done, dry);
    assert_eq!(
        done.first[0],
        (BEN.to_owned(), "Hart Bakery, account 10001".to_owned(), "contact with service mail on".to_owned())
    );
    let mail = test.last_mail(BEN).await;
    assert_eq!(mail.subject, "Maintenance");
    assert!(
        mail.body_html.contains("On <strong>Sunday</strong>.") && mail.body_text.contains("On **Sunday**.")
    );
    assert!(mail.body_text.contains(
        "You get this mail because you are a contact of the account with service mail switched on."
    ));
    // Again: nobody gets it twice. Stopped in the middle: the rest gets it.
    let again = tell(&test, "service").await;
    assert_eq!((again.messages, again.before), (0, 2));
    test.execute(format!("DELETE FROM announced WHERE account_id = '{elsewhere}'")).await;
    assert_eq!(tell(&test, "service").await.messages, 1);
    // To one account, by number.
    let one = announce(&test.app, &read("general", "10001"), false).await.unwrap();
    assert_eq!((one.messages, one.accounts), (1, 1), "its main address");
    assert_eq!(announce(&test.app, &read("general", "99999"), false).await.unwrap_err(), AppError::NotFound);
    // A key stands for one announcement.
    let other =
        Announcement::read("service", "# Something else\n\nText.", "", Some("service ".into())).unwrap();
    assert!(matches!(announce(&test.app, &other, false).await, Err(AppError::Conflict(_))));
    // Without a key the text is the key, whatever accounts it is sent to.
    let same = |account: &str| Announcement::read("service", "# Twice?\n\nOnce.", account, None).unwrap();
    assert_eq!(announce(&test.app, &same(bakery.as_str()), false).await.unwrap().messages, 1);
    let all = announce(&test.app, &same(""), false).await.unwrap();
    assert_eq!((all.messages, all.before), (1, 1), "Oscar's main address");
}

#[tokio::test]
async fn what_came_of_a_request_is_told_to_who_asked_and_to_who_gets_such_mail() {
    let (test, mut olivia, _, bakery) = ground(&["domain"]).await;
    let domain = test.domain(&bakery, "bakery.example").await;
    olivia
        .change(
            crate::features::domains::rpc::RequestLock::PATH,
            &[("account", bakery.as_str()), ("domain", domain.as_str())],
        )
        .await
        .unwrap();
    let waiting = crate::features::requests::store::open(&mut System::of(&test.app).read().await.unwrap())
        .await
        .unwrap();
    let mut tx = System::of(&test.app).begin().await.unwrap();
    crate::features::requests::store::decide(&mut tx, &waiting[0].id.clone().into(), true, "", None)
        .await
        .unwrap()
        .unwrap();
    tx.commit().await.unwrap();
    for (email, reason) in [(OLIVIA, "because you made the request"), (BEN, "with domain mail switched on")] {
        let mail = test.last_mail(email).await;
        assert!(
            mail.subject.ends_with("for bakery.example is done") && mail.body_text.contains(reason),
            "{email}: {}",
            mail.body_text
        );
    }
    let transport = Transport::open(None, None, test.dir.path()).unwrap();
    send_due(&test.app, &transport).await.unwrap();
    let files = std::fs::read_dir(mail_dir(test.dir.path()))
        .unwrap()
        .map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap());
    let thread = format!("References: <request-{}@portal.example>", waiting[0].id);
    assert_eq!(
        files.filter(|text| text.contains(&thread)).count(),
        3,
        "request and answers are shown together"
    );
}

#[tokio::test]
async fn whoever_has_the_main_address_chooses_for_both() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let of = ("account", bakery.as_str());
    test.member(&mut olivia, &bakery, "Ben Carter", BEN, &[]).await;
    test.execute(format!("UPDATE contacts SET mail = 'domain' WHERE email = '{BEN}'")).await;
    test.execute("UPDATE accounts SET mail = 'domain,newsletter'".into()).await;
    test.execute("UPDATE contacts SET mail = 'domain,invoice' WHERE is_owner".into()).await;
    let choice: MailChoice = olivia.call(OwnChoice::PATH, &[of]).await.unwrap();
    assert_eq!((choice.is_main, choice.mail.column()), (true, "domain,invoice,newsletter".into()));
    assert_eq!(tell(&test, "newsletter").await.messages, 1);
    let token = test.browser().mailed(OLIVIA, "/preferences/").await.unwrap();
    let said =
        test.browser().post(&format!("/unsubscribe/{token}"), "List-Unsubscribe=One-Click".into()).await;
    assert_eq!(said.body, "You will get no more newsletters about Hart Bakery.\n");
    assert_eq!(
        announce(&test.app, &Announcement { key: "again".into(), ..read("newsletter", "") }, false)
            .await
            .unwrap()
            .messages,
        0
    );
    assert_eq!(mail_of(&test, OLIVIA).await, "domain,invoice");
    olivia.save(Choose::PATH, &[of]).await.unwrap();
    assert_eq!(test.scalar("SELECT count(*) FROM accounts WHERE mail = ''").await, 1);
    assert_eq!(
        tell(&test, "domain").await.first.iter().map(|(email, ..)| email.as_str()).collect::<Vec<_>>(),
        [BEN]
    );
}

#[tokio::test]
async fn nobody_subscribes_to_what_is_not_theirs_to_see() {
    let (test, _, mut ben, bakery) = ground(&["domain"]).await;
    let of = ("account", bakery.as_str());
    let page = ben.get(&format!("/a/{bakery}/mail")).await.body;
    assert!(
        page.contains("value=\"newsletter\"") && !page.contains("value=\"invoice\""),
        "what is not offered is not shown"
    );
    let refused = ben.save(Choose::PATH, &[of, ("mail[]", "domain"), ("mail[]", "invoice")]).await;
    assert_eq!(
        refused_fields(refused),
        [(
            "mail".to_owned(),
            "Whoever manages the contacts of this account decides who gets invoice mail. Ask them."
                .to_owned()
        )]
    );
    assert_eq!(mail_of(&test, BEN).await, "domain");
    test.execute(format!("UPDATE contacts SET permissions = 'invoices.view' WHERE email = '{BEN}'")).await;
    ben.save(Choose::PATH, &[of, ("mail[]", "domain"), ("mail[]", "invoice")]).await.unwrap();
    assert_eq!(mail_of(&test, BEN).await, "domain,invoice");
}

#[tokio::test]
async fn what_waits_does_not_reach_who_has_left_or_chosen_otherwise() {
    let (test, mut olivia, mut ben, bakery) = ground(&["domain", "general"]).await;
    test.member(&mut olivia, &bakery, "Cleo", "cleo@example.com", &[]).await;
    test.execute("UPDATE contacts SET mail = 'domain,general' WHERE email = 'cleo@example.com'".into()).await;
    let transport = Transport::open(None, None, test.dir.path()).unwrap();
    send_due(&test.app, &transport).await.unwrap();
    let to = async |state: &str| {
        let mut reader = System::of(&test.app).read().await.unwrap();
        let sql = "SELECT to_email FROM outbox WHERE kind = 'announcement' AND state = $1 ORDER BY to_email";
        reader.conn().values::<String>(sql, args![state.to_owned()]).await.unwrap()
    };
    assert_eq!(tell(&test, "general").await.messages, 3);
    // One chooses otherwise and one is closed while the mail waits.
    ben.save(Choose::PATH, &[("account", bakery.as_str()), ("mail[]", "domain")]).await.unwrap();
    test.execute("UPDATE contacts SET status = 'closed' WHERE email = 'cleo@example.com'".into()).await;
    assert_eq!(send_due(&test.app, &transport).await.unwrap(), 1);
    assert_eq!(to("sent").await, ["office@bakery.example"]);
    assert_eq!(to("failed").await, [BEN, "cleo@example.com"]);
    let page = olivia.get(&format!("/a/{bakery}/emails?status=failed")).await.body;
    assert!(page.contains("not sent: this address no longer gets this kind of mail"), "{page}");
}

#[tokio::test]
async fn a_key_stands_for_one_text() {
    let (test, ..) = ground(&["domain"]).await;
    tell(&test, "domain").await;
    let other = Announcement { body: "On **Monday**.".into(), ..read("domain", "") };
    assert!(matches!(announce(&test.app, &other, false).await, Err(AppError::Conflict(_))));
}

/// A mail server that has no room for these addresses, and takes everything else.
async fn full_mailboxes(full: std::sync::Arc<std::sync::Mutex<Vec<&'static str>>>) -> u16 {
    use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let full = full.clone();
            tokio::spawn(async move {
                let (read, mut write) = stream.into_split();
                let mut lines = tokio::io::BufReader::new(read).lines();
                write.write_all(b"220 here\r\n").await.unwrap();
                let mut data = false;
                while let Ok(Some(line)) = lines.next_line().await {
                    let refused =
                        line.starts_with("RCPT") && full.lock().unwrap().iter().any(|who| line.contains(who));
                    let answer: &[u8] = match (data, line.as_str()) {
                        (true, ".") => {
                            data = false;
                            b"250 taken\r\n"
                        }
                        (true, _) => continue,
                        (false, "DATA") => {
                            data = true;
                            b"354 go on\r\n"
                        }
                        _ if refused => b"552 5.2.2 mailbox full\r\n",
                        _ => b"250 good\r\n",
                    };
                    if write.write_all(answer).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    port
}

#[tokio::test]
async fn mail_that_does_not_reach_somebody_is_said_and_goes_to_the_main_address() {
    let (test, mut olivia, mut ben, bakery) = ground(&["domain", "general"]).await;
    let full = std::sync::Arc::new(std::sync::Mutex::new(vec![BEN]));
    let port = full_mailboxes(full.clone()).await;
    let transport =
        Transport::open(Some(&format!("smtp://127.0.0.1:{port}")), None, test.dir.path()).unwrap();
    let to = async |email: &str, category: &str| {
        test.count(&format!(
            "outbox WHERE to_email = '{email}' AND category = '{category}' AND state = 'sent'"
        ))
        .await
    };
    tell(&test, "general").await;
    send_due(&test.app, &transport).await.unwrap();
    assert_eq!(to("office@bakery.example", "general").await, 1, "by its own choice");
    // What must arrive goes on to the main address, in the same moment and once.
    tell(&test, "domain").await;
    send_due(&test.app, &transport).await.unwrap();
    send_due(&test.app, &transport).await.unwrap();
    assert_eq!(to("office@bakery.example", "domain").await, 1);
    let contact = contact_by_email(&mut olivia, &bakery, BEN).await.id;
    for page in [format!("/a/{bakery}/contacts/{contact}"), format!("/a/{bakery}/recipients")] {
        let body = olivia.get(&page).await.body;
        assert!(body.contains("has failed since") && body.contains("5.2.2 mailbox full"), "{page}: {body}");
    }
    let page = olivia.get(&format!("/a/{bakery}/recipients?event=domain")).await.body;
    assert!(page.contains("because mail does not reach who would get it"), "{page}");
    // An address that fails does not count for M3, once somebody whom it reaches is about to go.
    add(&mut olivia, &bakery, "Dora", "dora@example.com").await.unwrap();
    test.execute("UPDATE contacts SET mail = 'domain' WHERE first_name = 'Dora'".into()).await;
    let dora = contact_by_email(&mut olivia, &bakery, "dora@example.com").await.id;
    let refused = olivia
        .call::<crate::error::Outcome>(
            CloseContact::PATH,
            &[("account", bakery.as_str()), ("contact", dora.as_str())],
        )
        .await;
    assert_eq!(refused.unwrap_err(), AppError::Conflict(LAST_DOMAIN_RECIPIENT.into()));
    // Whoever changes something else is not held up by addresses that fail already.
    test.execute("UPDATE contacts SET mail = '' WHERE first_name = 'Dora'".into()).await;
    let choice: MailChoice = ben.call(OwnChoice::PATH, &[("account", bakery.as_str())]).await.unwrap();
    ben.call::<crate::error::Outcome>(
        Choose::PATH,
        &[("account", bakery.as_str()), ("version", &choice.version.to_string()), ("mail[0]", "domain")],
    )
    .await
    .unwrap();
    // The first message that arrives ends it.
    full.lock().unwrap().clear();
    tell2(&test).await;
    send_due(&test.app, &transport).await.unwrap();
    assert!(!olivia.get(&format!("/a/{bakery}/contacts/{contact}")).await.body.contains("has failed since"));
}
