//! The application that tests live in, and its people.

use crate::access::System;
use crate::access::state::AppState;
use crate::demo::browser::Browser;
use crate::error::{AppError, Outcome, Result};
use crate::features::accounts::model::Picker;
use crate::features::accounts::rpc::*;
use crate::features::contacts::model::{ContactRow, ContactView};
use crate::features::contacts::rpc::{CreateContact, InviteUsers, ListContacts, ShowContact, UpdateContact};
use crate::features::domains::store::NewDomain;
use crate::features::invitations::rpc::{AcceptInvitation, Join};
use crate::features::recipients::rpc::*;
use crate::features::second_factor;
use crate::features::second_factor::model::Setup;
use crate::features::second_factor::rpc::*;
use crate::features::services::store::NewService;
use crate::features::sign_in::rpc::ResetPassword;
use crate::features::tickets::rpc::OpenTicket;
use crate::features::users::rpc::{SaveOwnProfile, ShowOwnProfile};
use crate::outbox;
use crate::permission::StaffPermissions;
use crate::platform::clock::Clock;
use crate::platform::config::{Config, Look};
use crate::platform::db::{self, Database, MadeSql, args};
use crate::platform::token::Key;
use crate::types::{
    AccountId, AssetId, ContactId, DomainId, ListQuery, Money, Page, ServiceId, Timestamp, UserId,
};
use leptos::server_fn::ServerFn as _;
use tempfile::TempDir;

/// The password of everybody in tests.
pub const PASSWORD: &str = "plum-tractor-evening-92";

/// When tests happen: 22 November 2026, 02:00 UTC.
pub const NOW: Timestamp = Timestamp(1_795_312_800_000);

/// The settings of test applications.
pub fn config() -> Config {
    Config {
        base_url: "http://portal.example".into(),
        operator_name: "Test Hosting".into(),
        mail_from: "Test Hosting <no-reply@portal.example>".parse().expect("an address"),
        staff_email: "staff@portal.example".into(),
        answers_to: Some("Test Hosting <staff@portal.example>".parse().expect("an address")),
        trusted_proxies: Vec::new(),
        look: Look::check("#0f5c5c", None).expect("a colour"),
        mail_pace: None,
        demo: false,
        limits: false,
        mail_allowance: true,
        fixed: crate::platform::config::Fixed::default(),
        sign_up: true,
        invites: true,
        own_mail: true,
        demo_data: false,
        lifetimes: crate::platform::config::Lifetimes::default(),
        mail_server: String::new(),
        templates: std::sync::Arc::default(),
        data_dir: std::path::PathBuf::new(),
        metrics_token: None,
        mail_trusts: None,
    }
}

/// A application with an empty database of its own.
pub struct TestApp {
    pub app: AppState,
    pub dir: TempDir,
}

impl TestApp {
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let database = Database::open(&db::file(dir.path())).await.expect("a database");
        let mut config = config();
        dir.path().clone_into(&mut config.data_dir);
        change(&mut config);
        Self {
            app: crate::web::state::app_state(
                config,
                Clock::fixed(NOW),
                Key::new([7; 32]),
                database,
                crate::demo::LOGINS,
            ),
            dir,
        }
    }

    pub fn browser(&self) -> Browser {
        Browser::of_app(&self.app)
    }

    /// Somebody with an account of their own, signed in.
    pub async fn owner(&self, name: &str, company: &str, email: &str) -> (Browser, AccountId) {
        let mut browser = self.browser();
        let account = browser.settle(name, company, email, PASSWORD).await.expect("signing up works");
        (browser, account)
    }

    /// Olivia, who owns Hart Bakery.
    pub async fn olivia(&self) -> (Browser, AccountId) {
        self.owner("Olivia Hart", "Hart Bakery", "olivia@bakery.example").await
    }

    /// Oscar, who owns another account.
    pub async fn oscar(&self) -> (Browser, AccountId) {
        self.owner("Oscar Outside", "Elsewhere Ltd", "oscar@elsewhere.example").await
    }

    /// Somebody invited to an account with these permissions, who created a login and accepted.
    pub async fn member(
        &self,
        owner: &mut Browser,
        account: &AccountId,
        name: &str,
        email: &str,
        permissions: &[&str],
    ) -> Browser {
        invite(owner, account, email, name, permissions).await.expect("inviting works");
        let mut browser = self.browser();
        let token = browser.mailed(email, "/invitations/").await.expect("an invitation was mailed");
        browser
            .change(Join::PATH, &[("token", &token), ("name", name), ("password", PASSWORD)])
            .await
            .expect("joining works");
        accept_all(&mut browser).await.expect("accepting works");
        browser
    }

    /// Somebody on the staff with these staff permissions, signed in with a second factor.
    pub async fn staff(&self, name: &str, email: &str, permissions: StaffPermissions) -> Browser {
        let mut tx = System::of(&self.app).begin().await.expect("a transaction");
        let address = crate::types::EmailAddress::parse(email).expect("an address");
        let added = crate::operator::team::store::add(&mut tx, name, &address, permissions).await;
        let (_, link) = added.expect("staff");
        tx.commit().await.expect("a commit");
        let mut browser = self.browser();
        browser
            .change(ResetPassword::PATH, &[("token", &link), ("password", PASSWORD)])
            .await
            .expect("a password");
        browser.sign_in(email, PASSWORD).await.expect("signing in works");
        self.set_up_app(&mut browser, email).await;
        browser
    }

    /// Ada, who administers the portal.
    pub async fn ada(&self) -> Browser {
        self.staff("Ada Admin", "ada@operator.example", StaffPermissions::all()).await
    }

    /// A second browser of somebody, which has never been signed in.
    pub async fn another_browser(&self, email: &str) -> Browser {
        let mut browser = self.browser();
        browser.sign_in(email, PASSWORD).await.expect("signing in works");
        browser
    }

    pub async fn user_id(&self, email: &str) -> UserId {
        let mut reader = System::of(&self.app).read().await.expect("a reader");
        let id: String = reader
            .conn()
            .value("SELECT id FROM users WHERE email_key = $1", args![email])
            .await
            .expect("a user");
        id.into()
    }

    /// The code that somebody's authenticator app shows now.
    pub async fn code(&self, email: &str) -> String {
        let user = self.user_id(email).await;
        let mut reader = System::of(&self.app).read().await.expect("a reader");
        let seeds = second_factor::store::seeds(reader.conn(), &user).await.expect("a user");
        self.code_of(&user, email, &seeds.totp_seed.expect("an app"))
    }

    pub fn code_of(&self, user: &UserId, email: &str, seed: &str) -> String {
        let app = second_factor::secrets::authenticator(self.app.key(), user, seed, email, "Test Hosting")
            .expect("an app");
        app.generate(u64::try_from(self.app.now().0 / 1000).expect("after 1970")).to_string()
    }

    /// Sets up an authenticator app for somebody who has just signed in. The clock moves on, so that the next
    /// code is another one.
    pub async fn set_up_app(&self, browser: &mut Browser, email: &str) {
        let setup: Setup = browser.call(SetUpApp::PATH, &[]).await.expect("a secret");
        let code = self.code_of(&self.user_id(email).await, email, &setup.seed);
        browser
            .change(AddApp::PATH, &[("seed", &setup.seed), ("code", &code)])
            .await
            .expect("the first code counts");
        self.later(1);
    }

    /// The kinds of everything in every audit trail, in the order in which it was written.
    pub async fn kinds(&self) -> Vec<String> {
        let mut reader = System::of(&self.app).read().await.expect("a reader");
        reader.conn().values("SELECT kind FROM activity ORDER BY rowid", args![]).await.expect("a trail")
    }

    pub async fn mails_to(&self, email: &str) -> i64 {
        let mut reader = System::of(&self.app).read().await.expect("a reader");
        outbox::count_to(&mut reader, email).await.expect("a count")
    }

    pub async fn last_mail(&self, email: &str) -> outbox::Queued {
        let mut reader = System::of(&self.app).read().await.expect("a reader");
        outbox::latest_to(&mut reader, email).await.expect("an outbox").expect("a mail")
    }

    /// Runs a statement that no feature has, to make a situation.
    pub async fn execute(&self, sql: String) {
        let mut tx = System::of(&self.app).begin().await.expect("a transaction");
        tx.conn().execute(MadeSql(sql), args![]).await.expect("a statement");
        tx.commit().await.expect("a commit");
    }

    /// A service of an account, with a control panel.
    pub async fn service(&self, account: &AccountId, label: &str) -> ServiceId {
        let mut tx = System::of(&self.app).begin().await.expect("a transaction");
        let new = NewService {
            product: "Web Hosting M",
            label,
            status: crate::features::services::model::ServiceStatus::Active,
            price: Money { cents: 1_290, currency: "EUR".into() },
            cycle: crate::features::services::model::Cycle::Monthly,
            next_due: Some(NOW.plus_days(12)),
            domain: "bakery.example",
            server: "web1.portal.example",
            login_name: "hartbake",
            notes: "Back-ups at night.",
            panel_url: "https://panel.example/login",
        };
        let id = crate::features::services::store::insert(&mut tx, account, &new).await.expect("a service");
        tx.commit().await.expect("a commit");
        id
    }

    /// A domain of an account.
    pub async fn domain(&self, account: &AccountId, name: &str) -> DomainId {
        let mut tx = System::of(&self.app).begin().await.expect("a transaction");
        let new = NewDomain {
            name,
            status: crate::features::domains::model::DomainStatus::Active,
            registered: NOW.plus_days(-400),
            expires: NOW.plus_days(330),
            auto_renew: true,
            locked: true,
            nameservers: "ns1.portal.example\nns2.portal.example",
        };
        let id = crate::features::domains::store::insert(&mut tx, account, &new).await.expect("a domain");
        tx.commit().await.expect("a commit");
        id
    }

    /// Somebody with a login who holds these permissions on single services and domains, beside others
    /// everywhere.
    pub async fn helper(
        &self,
        owner: &mut Browser,
        account: &AccountId,
        email: &str,
        everywhere: &[&str],
        on: &[(AssetId, &[&str])],
    ) -> Browser {
        let names: Vec<String> = on
            .iter()
            .flat_map(|(id, shorts)| shorts.iter().map(move |short| format!("{id}.{short}")))
            .collect();
        let mut fields = vec![
            ("account", account.as_str()),
            ("emails", email),
            ("name", "Wes Diaz"),
            ("preset", "custom"),
        ];
        fields.extend(everywhere.iter().map(|key| ("permissions[]", *key)));
        fields.extend(names.iter().map(|name| ("on[]", name.as_str())));
        owner.change(InviteUsers::PATH, &fields).await.expect("inviting works");
        let mut browser = self.browser();
        let token = browser.mailed(email, "/invitations/").await.expect("an invitation was mailed");
        browser
            .change(Join::PATH, &[("token", &token), ("name", "Wes Diaz"), ("password", PASSWORD)])
            .await
            .expect("joining works");
        accept_all(&mut browser).await.expect("accepting works");
        browser
    }

    pub async fn scalar(&self, sql: &'static str) -> i64 {
        let mut reader = System::of(&self.app).read().await.expect("a reader");
        reader.conn().value(sql, args![]).await.expect("a number")
    }

    /// A department with this id in which mail opens tickets.
    pub async fn support_department(&self) -> &'static str {
        const ID: &str = "01k9zv5s8t3w2x1y0abcdefghd";
        let row = format!("('{ID}', 'Support', 'support', 'support@portal.example', FALSE, TRUE, '', 0)");
        let columns = "id, name, name_key, email, hidden, by_mail, requests, created_at";
        self.execute(format!("INSERT INTO departments ({columns}) VALUES {row}")).await;
        ID
    }

    /// A ticket that somebody opened there. Returns its id.
    pub async fn ticket(&self, by: &mut Browser, account: &AccountId) -> String {
        let department = self.support_department().await;
        let form = [
            ("account", account.as_str()),
            ("department", department),
            ("subject", "Cold oven"),
            ("text", "It is cold."),
        ];
        let opened = by.change(OpenTicket::PATH, &form).await.expect("opening a ticket works");
        opened.to.rsplit('/').next().unwrap_or_default().to_owned()
    }

    /// What a statement says, as text.
    pub async fn scalar_text(&self, sql: &'static str) -> String {
        let mut reader = System::of(&self.app).read().await.expect("a reader");
        reader.conn().value(sql, args![]).await.expect("a text")
    }

    /// How many words find somebody who is not there, or has other ones.
    pub async fn words_left_over(&self) -> i64 {
        self.count(
            "contact_words w WHERE NOT EXISTS (SELECT 1 FROM contacts c WHERE c.id = w.contact_id \
             AND c.account_id = w.account_id AND instr(c.search_text, w.word) > 0)",
        )
        .await
    }

    /// How many rows a table has, or some of it: "users WHERE …".
    pub async fn count(&self, of: &str) -> i64 {
        let mut reader = System::of(&self.app).read().await.expect("a reader");
        reader.conn().value(MadeSql(format!("SELECT count(*) FROM {of}")), args![]).await.expect("a number")
    }

    pub fn later(&self, minutes: i64) {
        self.app.clock().set(self.app.now().plus_minutes(minutes));
    }
}

impl Browser {
    /// Sends a form as its page would: with the version of what it edits that stands there now, for forms
    /// that have one.
    pub async fn save(&mut self, path: &str, fields: &[(&str, &str)]) -> Result<Outcome> {
        let version = self.version(path, fields).await;
        let fields: Vec<(&str, &str)> =
            fields.iter().copied().chain(version.as_deref().map(|version| ("version", version))).collect();
        self.change(path, &fields).await
    }

    /// The version that the page of a form shows.
    pub async fn version(&mut self, path: &str, fields: &[(&str, &str)]) -> Option<String> {
        let shown = match path {
            SaveProfile::PATH => ShowProfile::PATH,
            SaveRules::PATH => ShowRules::PATH,
            SaveOwnProfile::PATH => ShowOwnProfile::PATH,
            Choose::PATH => OwnChoice::PATH,
            ChooseByLink::PATH => ChoiceByLink::PATH,
            _ => return None,
        };
        let page: serde_json::Value = self.call(shown, fields).await.ok()?;
        [&page["version"], &page["profile"]["version"]]
            .into_iter()
            .find_map(serde_json::Value::as_i64)
            .map(|version| version.to_string())
    }
}

/// Every cookie of every answer in every test is one of ours, with all that it needs (OWASP ASVS 5.0 §3.3).
pub fn check_cookies(headers: &axum::http::HeaderMap, secure: bool) {
    for cookie in headers.get_all("set-cookie").iter().map(|value| value.to_str().expect("ASCII")) {
        let name = cookie.split('=').next().unwrap_or_default();
        let ours = [
            "latchkey", "latchkey-device", "latchkey-half", "latchkey-reading", "latchkey-flash",
            "latchkey-theme",
        ];
        assert!(
            ours.contains(&name.strip_prefix("__Host-").unwrap_or(name)),
            "a cookie that nobody knows: {cookie}"
        );
        assert_eq!(name.starts_with("__Host-"), secure, "{cookie}");
        assert_eq!(cookie.contains("; Secure"), secure, "{cookie}");
        for part in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Max-Age="] {
            assert!(cookie.contains(part), "{part} in {cookie}");
        }
        assert!(!cookie.contains("Domain="), "{cookie}");
    }
}

/// Invites one person with exactly these permissions.
pub async fn invite(
    by: &mut Browser,
    account: &AccountId,
    email: &str,
    name: &str,
    permissions: &[&str],
) -> Result<Outcome> {
    let mut fields =
        vec![("account", account.as_str()), ("emails", email), ("name", name), ("preset", "custom")];
    fields.extend(permissions.iter().map(|key| ("permissions[]", *key)));
    by.change(InviteUsers::PATH, &fields).await
}

/// Accepts everything that waits on the picker.
pub async fn accept_all(browser: &mut Browser) -> Result<()> {
    let picker: Picker = browser.call(ShowPicker::PATH, &[]).await?;
    for waiting in picker.waiting {
        browser.change(AcceptInvitation::PATH, &[("invitation", waiting.invitation.as_str())]).await?;
    }
    Ok(())
}

/// Adds a contact who only gets mail.
pub async fn add(by: &mut Browser, account: &AccountId, first_name: &str, email: &str) -> Result<Outcome> {
    by.change(
        CreateContact::PATH,
        &[("account", account.as_str()), ("first_name", first_name), ("email", email)],
    )
    .await
}

/// The table, as somebody sees it.
pub async fn table(
    browser: &mut Browser,
    account: &AccountId,
    query: &ListQuery,
) -> Result<Page<ContactRow>> {
    let mut fields = vec![("account", account.as_str())];
    fields.extend(query.parts());
    browser.call(ListContacts::PATH, &fields).await
}

/// The contact with this address.
pub async fn contact_by_email(browser: &mut Browser, account: &AccountId, email: &str) -> ContactView {
    let page = table(browser, account, &ListQuery { q: email.into(), ..ListQuery::default() })
        .await
        .expect("the table");
    let id: ContactId = page.items.first().expect("a card").id.clone();
    browser
        .call(ShowContact::PATH, &[("account", account.as_str()), ("contact", id.as_str())])
        .await
        .expect("the card")
}

/// A contact's fields as its form would send them, with some changed. Lists are named with `[]` and given
/// whole.
pub fn form_of(account: &AccountId, view: &ContactView, changes: &[(&str, &str)]) -> Vec<(String, String)> {
    let form = &view.form;
    let mut fields: Vec<(String, String)> = [
        ("account", account.as_str()),
        ("contact", view.id.as_str()),
        ("version", &view.version.to_string()),
        ("first_name", &form.first_name),
        ("last_name", &form.last_name),
        ("company", &form.company),
        ("email", &form.email),
        ("phone", &form.phone),
        ("log_in", &form.log_in),
        ("status", &form.status),
        ("preset", "custom"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    fields.extend(form.mail.iter().map(|key| ("mail[]".to_owned(), key.clone())));
    if !changes.iter().any(|(name, _)| *name == "permissions[]") {
        fields.extend(form.permissions.iter().map(|key| ("permissions[]".to_owned(), key.clone())));
    }
    for (name, value) in changes {
        if !name.ends_with("[]") {
            fields.retain(|(known, _)| known != name);
        }
        if !value.is_empty() {
            fields.push(((*name).to_owned(), (*value).to_owned()));
        }
    }
    fields
}

impl Browser {
    /// Sends the form of a contact with some fields changed.
    pub async fn update_contact(
        &mut self,
        account: &AccountId,
        view: &ContactView,
        changes: &[(&str, &str)],
    ) -> Result<Outcome> {
        self.change(UpdateContact::PATH, &borrowed(&form_of(account, view, changes))).await
    }
}

/// Borrows fields for a call.
pub fn borrowed(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

/// The messages of a refused form, field by field.
pub fn refused_fields<T: std::fmt::Debug>(result: Result<T>) -> Vec<(String, String)> {
    match result {
        Err(AppError::Invalid(errors)) => {
            errors.0.into_iter().map(|error| (error.field, error.message)).collect()
        }
        other => panic!("expected a refused form, got {other:?}"),
    }
}
