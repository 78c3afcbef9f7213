//! What happened before the visitor came, in the order in which it happened.

use super::PASSWORD;
use super::people::{COMPANIES, FIRST, LAST, OWNERS};
use crate::accounts::model::Picker;
use crate::accounts::rpc::ShowPicker;
use crate::contacts::model::{CardForm, CardView, Row};
use crate::contacts::rpc::{CreateContact, InviteUsers, ListContacts, ShowContact, UpdateContact};
use crate::error::{AppError, Result};
use crate::invitations::rpc::{AcceptInvitation, DeclineByLink, Join};
use crate::server::in_memory::Browser;
use crate::server::state::House;
use crate::types::{AccountId, Page, Timestamp};
use leptos::server_fn::ServerFn as _;

struct Storyteller<'a> {
    house: &'a House,
    now: Timestamp,
}

/// Tells the whole story and leaves the clock at `now`.
pub async fn tell(house: &House, now: Timestamp) -> Result<()> {
    let teller = Storyteller { house, now };
    let mut owners = Vec::new();
    for (index, (name, company, email)) in OWNERS.iter().enumerate() {
        teller.days_ago(90 - 3 * i64::try_from(index).unwrap_or_default());
        let mut browser = Browser::visiting(house);
        let account = browser.settle(name, company, email, PASSWORD).await?;
        owners.push((*email, account));
    }
    teller.fill_the_bakery(&owners[0].1).await?;
    teller.employ("Bea Lindqvist", "bea@ledgerline.example", "accounting", &owners[..3]).await?;
    teller.employ("Wes Diaz", "wes@pixelworks.example", "technical_staff", &owners[..12]).await?;
    teller.employ("Marta Kowalska", "marta@kowalska.example", "custom", &owners[..1]).await?;
    teller.leave_offers_open(&owners).await?;
    teller.days_ago(0);
    Ok(())
}

impl Storyteller<'_> {
    fn days_ago(&self, days: i64) {
        self.house.clock().set(self.now.plus_days(-days).plus_minutes(-(days * 37 % 300)));
    }

    async fn browser_of(&self, email: &str) -> Result<Browser> {
        let mut browser = Browser::visiting(self.house);
        browser.sign_in(email, PASSWORD).await?;
        Ok(browser)
    }

    async fn invite(&self, by: &str, account: &AccountId, to: &str, name: &str, preset: &str, days: &str) -> Result<()> {
        let mut browser = self.browser_of(by).await?;
        let mut fields = vec![("account", account.as_str()), ("emails", to), ("name", name), ("preset", preset), ("preset_was", "none"), ("days", days)];
        if preset == "custom" {
            fields.extend(["contacts.manage", "profile.edit", "tickets.view", "tickets.open", "invoices.view"].map(|key| ("permissions[]", key)));
        }
        browser.change(InviteUsers::PATH, &fields).await?;
        Ok(())
    }

    /// Somebody works for several accounts: they create a login with the first invitation and accept the others on the picker.
    async fn employ(&self, name: &str, email: &str, preset: &str, accounts: &[(&str, AccountId)]) -> Result<()> {
        self.days_ago(30);
        let mut browser = Browser::visiting(self.house);
        for (index, (owner, account)) in accounts.iter().enumerate() {
            self.invite(owner, account, email, name, preset, "14").await?;
            if index == 0 {
                let token = browser.mailed(email, "/invitations/").await?;
                browser.change(Join::PATH, &[("token", &token), ("name", name), ("password", PASSWORD)]).await?;
            }
        }
        self.days_ago(29);
        browser.sign_in(email, PASSWORD).await?;
        let picker: Picker = browser.call(ShowPicker::PATH, &[]).await?;
        for waiting in picker.waiting {
            browser.change(AcceptInvitation::PATH, &[("invitation", waiting.invitation.as_str())]).await?;
        }
        Ok(())
    }

    /// The bakery's suppliers, shops and staff: mostly people who only get mail.
    async fn fill_the_bakery(&self, account: &AccountId) -> Result<()> {
        self.days_ago(40);
        let mut browser = self.browser_of(OWNERS[0].2).await?;
        for index in 0..51 {
            let (first, last, company) = (FIRST[index % FIRST.len()], LAST[index % LAST.len()], COMPANIES[index % COMPANIES.len()]);
            let email = format!("{}.{}@{}.example", first.to_lowercase(), last.to_lowercase(), ["hartbakery", "flour", "kiosk"][index % 3]);
            let mail: &[&str] = match index % 4 {
                0 => &["invoice"],
                1 => &["general", "service"],
                2 => &["general", "domain", "invoice"],
                _ => &["support"],
            };
            let mut fields = vec![("account", account.as_str()), ("first_name", first), ("last_name", last), ("company", company), ("email", &email)];
            fields.extend(mail.iter().map(|key| ("mail[]", *key)));
            if index % 10 == 0 {
                fields.push(("notify", "on"));
            }
            if index % 5 == 0 {
                fields.extend([("street", "12 Mill Lane"), ("city", "Bath"), ("postcode", "BA1 1AA"), ("country", "GB"), ("phone", "+44 1225 000000")]);
            }
            browser.change(CreateContact::PATH, &fields).await?;
        }
        for words in ["ada.carter", "hugo.costa", "quinn.haddad"] {
            self.close(&mut browser, account, words).await?;
        }
        Ok(())
    }

    async fn close(&self, browser: &mut Browser, account: &AccountId, words: &str) -> Result<()> {
        let found: Page<Row> = browser.call(ListContacts::PATH, &[("account", account.as_str()), ("q", words)]).await?;
        let row = found.items.first().ok_or(AppError::NotFound)?;
        let card: CardView = browser.call(ShowContact::PATH, &[("account", account.as_str()), ("contact", row.id.as_str())]).await?;
        let CardForm { first_name, last_name, company, email, .. } = card.form;
        let version = card.version.to_string();
        let fields = [
            ("account", account.as_str()),
            ("contact", row.id.as_str()),
            ("version", &version),
            ("first_name", &first_name),
            ("last_name", &last_name),
            ("company", &company),
            ("email", &email),
            ("status", "closed"),
        ];
        browser.change(UpdateContact::PATH, &fields).await?;
        Ok(())
    }

    /// Invitations in every state: on the bakery's table, and on the shop owner's picker.
    async fn leave_offers_open(&self, owners: &[(&str, AccountId)]) -> Result<()> {
        let (olivia, bakery) = &owners[0];
        self.days_ago(12);
        self.invite(olivia, bakery, "old.agency@example.com", "Nadia Old", "technical_staff", "3").await?;
        self.invite(olivia, bakery, "kiosk.manager@example.com", "Peter Klein", "accounting", "7").await?;
        self.days_ago(6);
        self.invite(olivia, bakery, "no.thanks@example.com", "Ines Duarte", "full_privileges", "14").await?;
        let mut somebody = Browser::visiting(self.house);
        let token = somebody.mailed("no.thanks@example.com", "/invitations/").await?;
        somebody.change(DeclineByLink::PATH, &[("token", &token)]).await?;
        self.days_ago(1);
        self.invite(olivia, bakery, "new.bookkeeper@example.com", "Yusuf Demir", "accounting", "7").await?;
        self.invite(olivia, bakery, "web.intern@example.com", "Lena Vogt", "technical_staff", "3").await?;
        for (owner, account) in &owners[12..] {
            self.invite(owner, account, olivia, "Olivia Hart", "accounting", "14").await?;
        }
        Ok(())
    }
}
