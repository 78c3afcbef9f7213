//! Custom roles (R11): saved under a name, given like a preset, seen where people are; and nobody gives through a role what
//! they do not hold.

use super::support::*;
use crate::demo::browser::Browser;
use crate::error::{AppError, Outcome, Result};
use crate::features::contacts::rpc::*;
use crate::features::permissions::grant_form::box_name;
use crate::features::roles::model::{MAX_ROLES, RoleRow, RoleView};
use crate::features::roles::rpc::*;
use crate::permission::Permission;
use crate::types::{AccountId, ListQuery, ServiceId};
use leptos::server_fn::ServerFn as _;

/// Olivia's bakery with a service, and three people who may do nothing yet.
struct Bakery {
    test: TestApp,
    olivia: Browser,
    account: AccountId,
    shop: ServiceId,
}

impl Bakery {
    async fn new() -> Self {
        let test = TestApp::new().await;
        let (olivia, account) = test.olivia().await;
        let shop = test.service(&account, "Shop").await;
        Self { test, olivia, account, shop }
    }

    /// Saves a role that opens orders and the panel of the shop.
    async fn save(&mut self, name: &str) -> Result<Outcome> {
        let (view, panel) =
            (self.on_shop(Permission::ViewService), self.on_shop(Permission::UseServicePanel));
        let fields = [
            ("account", self.account.as_str()),
            ("name", name),
            ("preset", "custom"),
            ("permissions[]", "orders.place"),
            ("on[]", &view),
            ("on[]", &panel),
        ];
        self.olivia.change(CreateRole::PATH, &fields).await
    }

    fn on_shop(&self, permission: Permission) -> String {
        box_name(&self.shop.asset(), permission)
    }

    async fn roles(&mut self) -> Vec<RoleRow> {
        self.olivia.call(ListRoles::PATH, &[("account", self.account.as_str())]).await.unwrap()
    }

    /// Invites somebody with nothing chosen but a preset or a role.
    async fn invite(&mut self, email: &str, preset: &str) -> Result<Outcome> {
        let fields = [("account", self.account.as_str()), ("emails", email), ("preset", preset)];
        self.olivia.change(InviteUsers::PATH, &fields).await
    }

    async fn phrase_of(&mut self, email: &str) -> String {
        let query = ListQuery { q: email.into(), ..ListQuery::default() };
        table(&mut self.olivia, &self.account, &query).await.unwrap().items.remove(0).may
    }
}

#[tokio::test]
async fn a_role_is_given_like_a_preset_and_shows_who_has_it() {
    let mut bakery = Bakery::new().await;
    bakery.save("Shop helper").await.unwrap();
    let role = bakery.roles().await.remove(0);
    assert_eq!(role.opens, "Place orders; view and use the control panel on Shop.");
    assert_eq!(role.people, 0);
    for email in ["ada@example.com", "ben@example.com"] {
        bakery.invite(email, role.id.as_str()).await.unwrap();
    }
    bakery.invite("cleo@example.com", "accounting").await.unwrap();
    assert_eq!(bakery.roles().await[0].people, 2);
    assert_eq!(bakery.phrase_of("ada@example.com").await, "Shop helper");
    assert_eq!(bakery.phrase_of("cleo@example.com").await, "Accounting");
    // The list of contacts is narrowed down to them, and its form is not changed by what others have.
    let query =
        ListQuery { narrowed: [("role".to_owned(), role.id.to_string())].into(), ..ListQuery::default() };
    let page = table(&mut bakery.olivia, &bakery.account, &query).await.unwrap();
    let found: Vec<_> = page.items.iter().map(|row| row.email.as_str()).collect();
    assert_eq!(found, ["ada@example.com", "ben@example.com"]);
    let page = bakery.olivia.get(&format!("/a/{}/contacts", bakery.account)).await.body;
    assert!(page.contains(&format!("<option value=\"{}\">Shop helper", role.id)), "{page}");
    // Nobody else is offered it.
    let (mut oscar, elsewhere) = bakery.test.oscar().await;
    let theirs = oscar.get(&format!("/a/{elsewhere}/contacts")).await.body;
    assert!(theirs.contains("Every role") && !theirs.contains("Shop helper"), "{theirs}");
    let page = bakery.olivia.get(&format!("/a/{}/contacts/roles/{}", bakery.account, role.id)).await.body;
    assert!(page.contains("the 2 people who have it") && page.contains("Who has this role"), "{page}");
    // In the form of a contact it is the one that is chosen.
    let ada = contact_by_email(&mut bakery.olivia, &bakery.account, "ada@example.com").await.id;
    let form = bakery.olivia.get(&format!("/a/{}/contacts/{ada}/edit", bakery.account)).await.body;
    let radio =
        form.split("<input type=\"radio\" name=\"preset\"").find(|part| part.contains(role.id.as_str()));
    assert!(radio.unwrap().split('>').next().unwrap().contains("checked"), "{radio:?}");
    // What was done is in the activity.
    let says = bakery.test.kinds().await;
    assert!(says.contains(&"permissions.role-saved".to_owned()));
}

#[tokio::test]
async fn a_form_saves_its_permissions_as_a_role_with_the_contact_or_not_at_all() {
    let mut bakery = Bakery::new().await;
    let account = bakery.account.to_string();
    let invite = |name: &'static str, email: &'static str| {
        [
            ("account".to_owned(), account.clone()),
            ("emails".to_owned(), email.to_owned()),
            ("preset".to_owned(), "custom".to_owned()),
            ("permissions[]".to_owned(), "orders.place".to_owned()),
            ("role_name".to_owned(), name.to_owned()),
        ]
    };
    bakery.olivia.change(InviteUsers::PATH, &borrowed(&invite("Buyer", "ada@example.com"))).await.unwrap();
    assert_eq!(bakery.roles().await[0].name, "Buyer");
    assert_eq!(bakery.roles().await[0].people, 1);
    // The same set, or the same name, is refused beside the field, and nobody is invited.
    for (name, what) in [("Other", "exactly these permissions"), ("BUYER", "exactly these permissions")] {
        let refused =
            bakery.olivia.change(InviteUsers::PATH, &borrowed(&invite(name, "ben@example.com"))).await;
        let fields = refused_fields(refused);
        assert_eq!(fields[0].0, "role_name");
        assert!(fields[0].1.contains(what), "{fields:?}");
    }
    assert_eq!(bakery.test.count("contacts WHERE email_key = 'ben@example.com'").await, 0);
    assert_eq!(bakery.test.count("roles").await, 1);
}

#[tokio::test]
async fn a_changed_role_takes_its_people_along_when_it_is_asked_to() {
    let mut bakery = Bakery::new().await;
    bakery.save("Helper").await.unwrap();
    let role = bakery.roles().await.remove(0).id.to_string();
    bakery.invite("ada@example.com", &role).await.unwrap();
    let account = bakery.account.to_string();
    let change = |version: &'static str, follow: &'static str, more: &'static str| {
        let fields = [
            ("account", account.as_str()),
            ("role", role.as_str()),
            ("version", version),
            ("name", "Helper"),
            ("preset", "custom"),
            ("follow", follow),
            ("permissions[]", "orders.place"),
            ("permissions[]", more),
        ];
        fields.map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    let done =
        bakery.olivia.change(UpdateRole::PATH, &borrowed(&change("1", "on", "activity.view"))).await.unwrap();
    assert_eq!(done.say, "The role “Helper” was changed. The permissions of 1 person were changed as well.");
    let ada = contact_by_email(&mut bakery.olivia, &bakery.account, "ada@example.com").await;
    assert_eq!(ada.grant.everywhere.keys(), "activity.view,orders.place");
    // The boxes of the shop were not among those sent, so they stay.
    assert_eq!(ada.grant.each.len(), 1);
    // Without it they keep what they have; and who came too late is told.
    bakery.olivia.change(UpdateRole::PATH, &borrowed(&change("2", "", "emails.view"))).await.unwrap();
    assert_eq!(bakery.phrase_of("ada@example.com").await, "Custom");
    let late = bakery.olivia.change(UpdateRole::PATH, &borrowed(&change("2", "", "profile.edit"))).await;
    assert!(matches!(late, Err(AppError::Conflict(_))), "{late:?}");
    // Deleted, it takes nothing from anybody.
    let of = [("account", account.as_str()), ("role", role.as_str())];
    bakery.olivia.change(DeleteRole::PATH, &of).await.unwrap();
    assert_eq!(
        bakery.test.count("roles").await
            + bakery.test.count("grants WHERE holder_id IN (SELECT id FROM roles)").await,
        0
    );
    let ada = contact_by_email(&mut bakery.olivia, &bakery.account, "ada@example.com").await;
    assert_eq!(ada.grant.everywhere.keys(), "activity.view,orders.place");
    let gone = bakery.invite("ben@example.com", &role).await;
    assert_eq!(refused_fields(gone)[0].0, "preset");
}

#[tokio::test]
async fn nobody_saves_gives_or_changes_through_a_role_what_they_do_not_hold() {
    let mut bakery = Bakery::new().await;
    bakery.save("Helper").await.unwrap();
    let role = bakery.roles().await.remove(0).id.to_string();
    let mut marta = bakery
        .test
        .member(
            &mut bakery.olivia,
            &bakery.account,
            "Marta",
            "marta@example.com",
            &["contacts.manage", "orders.place"],
        )
        .await;
    let account = bakery.account.to_string();
    let of = ("account", account.as_str());
    // She sees the role, but not the service that is in it, and cannot give it.
    let (seen, _): (RoleView, crate::features::permissions::model::Givable) =
        marta.call(EditRole::PATH, &[of, ("role", &role)]).await.unwrap();
    assert!(seen.grant.each.is_empty());
    let given =
        marta.change(InviteUsers::PATH, &[of, ("emails", "ben@example.com"), ("preset", &role)]).await;
    assert!(matches!(given, Err(AppError::Forbidden(_))), "{given:?}");
    let forged = [of, ("name", "Mine"), ("preset", "custom"), ("permissions[]", "invoices.pay")];
    assert!(matches!(marta.change(CreateRole::PATH, &forged).await, Err(AppError::Forbidden(_))));
    // What she does not see stays in a role that she changes; her own permissions never change with it.
    let named = [
        of,
        ("role", &role),
        ("version", "1"),
        ("name", "Renamed"),
        ("preset", "custom"),
        ("permissions[]", "orders.place"),
    ];
    marta.change(UpdateRole::PATH, &named).await.unwrap();
    assert_eq!(bakery.roles().await[0].opens, "Place orders; view and use the control panel on Shop.");
    let own = [
        of,
        ("name", "Managers"),
        ("preset", "custom"),
        ("permissions[]", "contacts.manage"),
        ("permissions[]", "orders.place"),
    ];
    bakery.olivia.change(CreateRole::PATH, &own).await.unwrap();
    let managers = bakery.roles().await.into_iter().find(|role| role.name == "Managers").unwrap();
    assert_eq!(managers.people, 1);
    let less = [
        of,
        ("role", managers.id.as_str()),
        ("version", "1"),
        ("name", "Managers"),
        ("preset", "custom"),
        ("follow", "on"),
        ("permissions[]", "contacts.manage"),
    ];
    let done = marta.change(UpdateRole::PATH, &less).await.unwrap();
    assert_eq!(done.say, "The role “Managers” was changed. Your own permissions stay as they are.");
    let marta = contact_by_email(&mut bakery.olivia, &bakery.account, "marta@example.com").await;
    assert_eq!(marta.grant.everywhere.keys(), "contacts.manage,orders.place");
    // Another account's role does not exist here.
    let (mut oscar, elsewhere) = bakery.test.oscar().await;
    let theirs = format!("account={elsewhere}&role={role}");
    for path in [EditRole::PATH, DeleteRole::PATH] {
        assert_eq!(oscar.post(path, theirs.clone()).await.status, 404);
    }
    let given = [("account", elsewhere.as_str()), ("emails", "eve@example.com"), ("preset", role.as_str())];
    assert_eq!(refused_fields(oscar.change(InviteUsers::PATH, &given).await)[0].0, "preset");
}

#[tokio::test]
async fn bad_names_and_sets_are_refused_beside_the_field() {
    let mut bakery = Bakery::new().await;
    let account = bakery.account.to_string();
    let of = ("account", account.as_str());
    let long = "x".repeat(61);
    for name in ["", "accounting", "Custom", "a\u{202e}b", &long] {
        assert_eq!(refused_fields(bakery.save(name).await)[0].0, "name", "{name}");
    }
    let nothing =
        bakery.olivia.change(CreateRole::PATH, &[of, ("name", "Nothing"), ("preset", "custom")]).await;
    assert!(refused_fields(nothing)[0].1.contains("at least one permission"));
    let preset = [
        of,
        ("name", "Money"),
        ("preset", "custom"),
        ("permissions[]", "invoices.view"),
        ("permissions[]", "invoices.pay"),
    ];
    let preset = bakery.olivia.change(CreateRole::PATH, &preset).await;
    assert!(refused_fields(preset)[0].1.contains("“Accounting” gives exactly these"));
    bakery.save("Helper").await.unwrap();
    let again = [of, ("name", "helper"), ("preset", "custom"), ("permissions[]", "orders.place")];
    let again = bakery.olivia.change(CreateRole::PATH, &again).await;
    assert!(refused_fields(again)[0].1.contains("a role called “helper” already"));
    // No more than there may be.
    for number in 1..MAX_ROLES {
        let name = format!("Role {number}");
        let sql = format!(
            "INSERT INTO roles VALUES (printf('01k9zv5s8t3w2x1y0abcdefg%02d', {number}), '{account}', '{name}', '{name}', 'x{number}', 1, 1, 1)"
        );
        bakery.test.execute(sql).await;
    }
    let full = [of, ("name", "One more"), ("preset", "custom"), ("permissions[]", "activity.view")];
    let full = bakery.olivia.change(CreateRole::PATH, &full).await;
    assert!(refused_fields(full)[0].1.contains("can have 20 roles"));
}
