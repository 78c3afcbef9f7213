//! "People with access" (R10): what it says of a service or domain is what happens at its doors, and only
//! who may know is told.

use super::support::*;
use crate::demo::browser::Browser;
use crate::error::{AppError, Result};
use crate::features::domains::rpc::SetAutoRenew;
use crate::features::holders::model::{Holders, Way};
use crate::features::holders::rpc::ShowHolders;
use crate::features::services::rpc::*;
use crate::permission::Permission;
use crate::types::{AccountId, AssetId};
use leptos::server_fn::ServerFn as _;

async fn holders(browser: &mut Browser, account: &AccountId, asset: &AssetId) -> Result<Holders> {
    browser.call(ShowHolders::PATH, &[("account", account.as_str()), ("about", asset.as_str())]).await
}

/// Who holds a permission, by which way, and whether they have accepted.
fn who(holders: &Holders, permission: Permission) -> Vec<(&str, Way, bool)> {
    let way = |holder: &'_ crate::features::holders::model::Holder| holder.way(permission);
    holders
        .people
        .iter()
        .filter_map(|holder| Some((holder.email.as_str(), way(holder)?, holder.accepted)))
        .collect()
}

#[tokio::test]
async fn people_with_access_are_those_whom_the_doors_let_in() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let (shop, blog) = (test.service(&bakery, "Shop").await, test.service(&bakery, "Blog").await);
    let domain = test.domain(&bakery, "bakery.example").await;
    let on_shop: &[&str] = &["view", "cancel"];
    let wes = test.helper(&mut olivia, &bakery, "wes@example.com", &[], &[(shop.asset(), on_shop)]).await;
    let all = ["service.view", "service.upgrade", "domain.view"];
    let tess = test.member(&mut olivia, &bakery, "Tess", "tess@example.com", &all).await;
    let idle = test.member(&mut olivia, &bakery, "Ida", "ida@example.com", &[]).await;
    // A permission that opens nothing without the one it needs is none.
    let idles = "UPDATE contacts SET permissions = 'service.cancel' WHERE email = 'ida@example.com'";
    test.execute(idles.into()).await;
    let wanda = test.member(&mut olivia, &bakery, "Wanda", "wanda@example.com", &["invoices.view"]).await;
    let mut people = [
        ("wes@example.com", wes),
        ("tess@example.com", tess),
        ("ida@example.com", idle),
        ("wanda@example.com", wanda),
        ("olivia@bakery.example", olivia.clone()),
    ];
    for service in [&shop, &blog] {
        let told = holders(&mut olivia, &bakery, &service.asset()).await.unwrap();
        for (email, browser) in &mut people {
            let of = [("account", bakery.as_str()), ("service", service.as_str())];
            for (permission, path) in [
                (Permission::ViewService, ShowService::PATH),
                (Permission::UseServicePanel, OpenPanel::PATH),
                (Permission::UpgradeService, RequestUpgrade::PATH),
                (Permission::CancelService, RequestCancellation::PATH),
            ] {
                let answer: Result<serde_json::Value> = browser.call(path, &of).await;
                let open = !matches!(answer, Err(AppError::Lacks { .. } | AppError::NotFound));
                let said = who(&told, permission).iter().any(|(who, ..)| who == email);
                assert_eq!(said, open, "{email}, {permission:?}, {service}");
            }
        }
    }
    let told = holders(&mut olivia, &bakery, &shop.asset()).await.unwrap();
    assert_eq!(
        who(&told, Permission::CancelService),
        [("olivia@bakery.example", Way::Owner, true), ("wes@example.com", Way::This, true)]
    );
    assert_eq!(
        who(&told, Permission::UpgradeService),
        [("olivia@bakery.example", Way::Owner, true), ("tess@example.com", Way::All, true)]
    );
    let told = holders(&mut olivia, &bakery, &domain.asset()).await.unwrap();
    assert_eq!(who(&told, Permission::ManageDomain), [("olivia@bakery.example", Way::Owner, true)]);
    let of_domain = [("account", bakery.as_str()), ("domain", domain.as_str())];
    let tess = &mut people[1].1;
    assert!(matches!(tess.change(SetAutoRenew::PATH, &of_domain).await, Err(AppError::Lacks { .. })));
}

#[tokio::test]
async fn who_is_invited_is_told_apart_until_the_invitation_ends() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let shop = test.service(&bakery, "Shop").await;
    invite(&mut olivia, &bakery, "ines@example.com", "Ines", &["service.view", "service.cancel"])
        .await
        .unwrap();
    let told = holders(&mut olivia, &bakery, &shop.asset()).await.unwrap();
    assert_eq!(
        who(&told, Permission::CancelService),
        [("olivia@bakery.example", Way::Owner, true), ("ines@example.com", Way::All, false)]
    );
    assert_eq!(told.who(Permission::CancelService).unwrap(), "Olivia Hart");
    test.later(8 * 24 * 60);
    let mut olivia = test.another_browser("olivia@bakery.example").await;
    let told = holders(&mut olivia, &bakery, &shop.asset()).await.unwrap();
    assert_eq!(who(&told, Permission::CancelService).len(), 1, "an expired invitation opens nothing");
}

#[tokio::test]
async fn who_has_access_is_told_only_to_who_manages_contacts_and_sees_the_service() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let (mut oscar, elsewhere) = test.oscar().await;
    let shop = test.service(&bakery, "Shop").await;
    let mut blind =
        test.member(&mut olivia, &bakery, "Marta", "marta@example.com", &["contacts.manage"]).await;
    let mut sees = test.member(&mut olivia, &bakery, "Tess", "tess@example.com", &["service.view"]).await;
    assert!(matches!(holders(&mut blind, &bakery, &shop.asset()).await, Err(AppError::NotFound)));
    assert!(matches!(holders(&mut sees, &bakery, &shop.asset()).await, Err(AppError::Lacks { .. })));
    assert!(matches!(holders(&mut oscar, &elsewhere, &shop.asset()).await, Err(AppError::NotFound)));
    let page = format!("/a/{bakery}/services/{shop}");
    assert!(olivia.get(&page).await.body.contains("People with access"));
    assert!(!sees.get(&page).await.body.contains("People with access"));
    // A closed contact is nobody with access.
    let view = contact_by_email(&mut olivia, &bakery, "tess@example.com").await;
    olivia.update_contact(&bakery, &view, &[("status", "closed")]).await.unwrap();
    let told = holders(&mut olivia, &bakery, &shop.asset()).await.unwrap();
    assert_eq!(told.people.len(), 1);
}
