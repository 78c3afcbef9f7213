//! Who may give what to whom (R4, R5), for real.

use super::support::*;
use crate::error::AppError;
use crate::features::contacts::rpc::*;
use crate::platform::db::args;
use leptos::server_fn::ServerFn as _;

#[tokio::test]
async fn nobody_grants_what_they_do_not_hold() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let mut marta = test
        .member(&mut olivia, &bakery, "Marta", "marta@example.com", &["contacts.manage", "invoices.view"])
        .await;
    assert!(matches!(
        invite(&mut marta, &bakery, "x@example.com", "X", &["invoices.pay"]).await,
        Err(AppError::Forbidden(_))
    ));
    let all = [
        ("account", bakery.as_str()),
        ("first_name", "X"),
        ("email", "x@example.com"),
        ("log_in", "on"),
        ("preset", "full_privileges"),
    ];
    assert!(matches!(marta.change(CreateContact::PATH, &all).await, Err(AppError::Forbidden(_))));
    assert_eq!(test.mails_to("x@example.com").await, 0);
    invite(&mut marta, &bakery, "y@example.com", "Y", &["invoices.view"]).await.unwrap();
}

#[tokio::test]
async fn nobody_raises_themselves() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let mut marta =
        test.member(&mut olivia, &bakery, "Marta", "marta@example.com", &["contacts.manage"]).await;
    let own = contact_by_email(&mut marta, &bakery, "marta@example.com").await;
    let raised =
        form_of(&bakery, &own, &[("permissions[]", "contacts.manage"), ("permissions[]", "invoices.pay")]);
    assert!(matches!(
        marta.change(UpdateContact::PATH, &borrowed(&raised)).await,
        Err(AppError::Forbidden(_))
    ));
    let own_ids = [("account", bakery.as_str()), ("contact", own.id.as_str())];
    assert!(matches!(marta.change(DeleteContact::PATH, &own_ids).await, Err(AppError::Conflict(_))));
    // One's own name and phone are one's own to change.
    marta.update_contact(&bakery, &own, &[("phone", "1")]).await.unwrap();
    assert_eq!(
        contact_by_email(&mut marta, &bakery, "marta@example.com").await.form.permissions,
        ["contacts.manage"]
    );
}

#[tokio::test]
async fn what_the_editor_lacks_stays_as_it_is() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let mut marta = test
        .member(&mut olivia, &bakery, "Marta", "marta@example.com", &["contacts.manage", "invoices.view"])
        .await;
    invite(&mut olivia, &bakery, "ben@example.com", "Ben", &["invoices.pay", "invoices.view"]).await.unwrap();
    let ben = contact_by_email(&mut marta, &bakery, "ben@example.com").await;
    // Marta's form has no box for paying; she takes viewing away.
    let fields = form_of(&bakery, &ben, &[("permissions[]", "")]);
    marta.change(UpdateContact::PATH, &borrowed(&fields)).await.unwrap();
    let ben = contact_by_email(&mut marta, &bakery, "ben@example.com").await;
    assert_eq!(ben.form.permissions, ["invoices.pay"]);
    let moved = marta.update_contact(&bakery, &ben, &[("email", "accomplice@example.com")]).await;
    assert!(matches!(moved, Err(AppError::Conflict(_))), "a contact is not moved to smuggle its permissions");
}

#[tokio::test]
async fn a_permission_that_is_taken_away_counts_from_the_next_request() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let mut marta = test
        .member(&mut olivia, &bakery, "Marta", "marta@example.com", &["contacts.manage", "profile.edit"])
        .await;
    let contacts = format!("/a/{bakery}/contacts");
    let page = marta.get(&contacts).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains(&format!("href=\"/a/{bakery}/profile\"")));
    let view = contact_by_email(&mut olivia, &bakery, "marta@example.com").await;
    olivia.update_contact(&bakery, &view, &[("permissions[]", "profile.edit")]).await.unwrap();
    let refused = marta.get(&contacts).await;
    assert_eq!(refused.status, 403);
    assert!(refused.body.contains("This needs the permission “Manage contacts”"));
    assert!(!refused.body.contains("Invite User"));
    let overview = marta.get(&format!("/a/{bakery}")).await;
    assert!(!overview.body.contains(&format!("href=\"{contacts}\"")), "what may not be done is not shown");
    let view = contact_by_email(&mut olivia, &bakery, "marta@example.com").await;
    olivia.update_contact(&bakery, &view, &[("log_in", "")]).await.unwrap();
    assert_eq!(marta.get(&format!("/a/{bakery}")).await.status, 404);
}

#[tokio::test]
async fn presets_are_applied_by_the_server_without_wasm() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    for (preset, keys) in [
        ("none", ""),
        ("accounting", "invoices.view,invoices.pay"),
        (
            "technical_staff",
            "tickets.view,tickets.open,tickets.close,service.view,service.panel,service.billing,service.upgrade,service.cancel",
        ),
    ] {
        let email = format!("{preset}@example.com");
        let fields = [("account", bakery.as_str()), ("emails", email.as_str()), ("preset", preset)];
        let answer = olivia.submit(&format!("/a/{bakery}/contacts/invite"), InviteUsers::PATH, &fields).await;
        assert_eq!(
            (answer.status.as_u16(), answer.location()),
            (303, format!("/a/{bakery}/contacts").as_str()),
            "{}",
            answer.body
        );
        assert_eq!(contact_by_email(&mut olivia, &bakery, &email).await.form.permissions.join(","), keys);
    }
}

#[tokio::test]
async fn permissions_that_the_editor_lacks_are_not_given_back() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let mut marta =
        test.member(&mut olivia, &bakery, "Marta", "marta@example.com", &["contacts.manage"]).await;
    let mut ben = test.member(&mut olivia, &bakery, "Ben", "ben@example.com", &["invoices.pay"]).await;
    let view = contact_by_email(&mut olivia, &bakery, "ben@example.com").await;
    olivia.update_contact(&bakery, &view, &[("status", "closed")]).await.unwrap();
    let view = contact_by_email(&mut marta, &bakery, "ben@example.com").await;
    let opened = marta.update_contact(&bakery, &view, &[("status", "active"), ("permissions[]", "")]).await;
    assert!(matches!(opened, Err(AppError::Conflict(_))));
    assert_eq!(ben.get(&format!("/a/{bakery}")).await.status, 404);
}

#[tokio::test]
async fn names_of_what_one_may_not_see_are_nowhere() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let blog = test.service(&bakery, "Secret blog").await;
    let mut marta =
        test.member(&mut olivia, &bakery, "Marta", "marta@example.com", &["contacts.manage"]).await;
    let fields = [
        ("account", bakery.as_str()),
        ("emails", "wes@example.com"),
        ("name", "Wes Diaz"),
        ("preset", "custom"),
    ];
    let on = [format!("{blog}.view"), format!("{blog}.panel")];
    let fields: Vec<(&str, &str)> =
        fields.into_iter().chain(on.iter().map(|name| ("on[]", name.as_str()))).collect();
    olivia.change(InviteUsers::PATH, &fields).await.unwrap();
    let invitation = test.last_mail("wes@example.com").await;
    assert!(invitation.body_text.contains("view and use the control panel on Secret blog"));
    let wes = contact_by_email(&mut marta, &bakery, "wes@example.com").await;
    // A copied link in other hands only counts.
    let link: CopyLink = marta
        .call(InvitationLink::PATH, &[("account", bakery.as_str()), ("contact", wes.id.as_str())])
        .await
        .unwrap();
    let path = link.0.trim_start_matches("http://portal.example").to_owned();
    for mut other in [marta.clone(), test.browser()] {
        let page = other.get(&path).await.body;
        assert!(
            page.contains("view and use the control panel on 1 service") && !page.contains("Secret blog")
        );
    }
    // Nor do the contact, its form or what its owner asked for say it.
    test.execute(format!(
        "INSERT INTO asks SELECT '01k9zv5s8t3w2x1y0abcdefghj', account_id, id, id, 'service.cancel', '{blog}', created_at, NULL FROM contacts WHERE email = 'wes@example.com'"
    ))
    .await;
    let page = marta.get(&format!("/a/{bakery}/contacts/{}", wes.id)).await.body;
    assert!(!page.contains("Secret blog") && !page.contains(blog.as_str()));
    let page = olivia.get(&format!("/a/{bakery}/contacts/{}", wes.id)).await.body;
    assert!(page.contains("Cancel on Secret blog"));
}

#[tokio::test]
async fn one_can_save_ones_own_card_whatever_one_holds() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let shop = test.service(&bakery, "Shop").await;
    let mut marta = test
        .helper(
            &mut olivia,
            &bakery,
            "marta@example.com",
            &["contacts.manage", "service.view"],
            &[(shop.asset(), &["panel"])],
        )
        .await;
    let own = contact_by_email(&mut marta, &bakery, "marta@example.com").await;
    let fields: Vec<(String, String)> = form_of(&bakery, &own, &[("phone", "1"), ("preset", "")])
        .into_iter()
        .filter(|(name, _)| name != "permissions[]")
        .collect();
    marta.change(UpdateContact::PATH, &borrowed(&fields)).await.unwrap();
    let after = contact_by_email(&mut marta, &bakery, "marta@example.com").await;
    assert_eq!((after.form.phone.as_str(), after.grant == own.grant), ("1", true));
    let mut forged = form_of(&bakery, &after, &[]);
    forged.push(("on[]".into(), format!("{shop}.cancel")));
    assert!(matches!(
        marta.change(UpdateContact::PATH, &borrowed(&forged)).await,
        Err(AppError::Forbidden(_))
    ));
}

#[tokio::test]
async fn a_change_that_waited_behind_the_loss_of_its_permission_is_refused() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let mut marta = test
        .member(&mut olivia, &bakery, "Marta", "marta@example.com", &["contacts.manage", "profile.edit"])
        .await;
    let mut tx = crate::access::System::of(&test.app).begin().await.unwrap();
    let before = test.app.lookups();
    let profile = [
        ("account", bakery.to_string()),
        ("name", "Taken over".into()),
        ("email", "olivia@bakery.example".into()),
        ("version", "1".into()),
    ];
    let change = tokio::spawn(async move {
        let fields: Vec<(&str, &str)> = profile.iter().map(|(name, value)| (*name, value.as_str())).collect();
        marta.change(crate::features::accounts::rpc::SaveProfile::PATH, &fields).await
    });
    while test.app.lookups() == before {
        tokio::task::yield_now().await;
    }
    tx.conn().execute("UPDATE contacts SET permissions = '', key_version = key_version + 1 WHERE email = 'marta@example.com'", args![]).await.unwrap();
    tx.commit().await.unwrap();
    assert!(matches!(change.await.unwrap(), Err(AppError::Conflict(_))));
    assert_eq!(test.scalar("SELECT count(*) FROM accounts WHERE name = 'Taken over'").await, 0);
}
