//! Server functions of roles. Line 1 of each is the proof of access.

#[cfg(feature = "ssr")]
use super::model::{FOLLOW, NAMED_PEOPLE, RoleName};
use super::model::{RoleRow, RoleView};
#[cfg(feature = "ssr")]
use super::{record, store, words};
#[cfg(feature = "ssr")]
use crate::access::{Access, ManageContacts, SignedIn};
#[cfg(feature = "ssr")]
use crate::error::{AppError, FormErrors};
use crate::error::{Outcome, Result};
#[cfg(feature = "ssr")]
use crate::features::permissions::grant_form::GrantForm;
use crate::features::permissions::model::Givable;
#[cfg(feature = "ssr")]
use crate::features::permissions::model::{Grant, Role};
#[cfg(feature = "ssr")]
use crate::features::permissions::record::{given, who};
#[cfg(feature = "ssr")]
use crate::features::permissions::store as permissions;
#[cfg(feature = "ssr")]
use crate::paths;
#[cfg(feature = "ssr")]
use crate::permission::Permission;
use crate::types::{AccountId, RoleId};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The fields of a role as its form sends them; the boxes are those of a contact's form.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RoleForm {
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// Key of the preset, or id of the role, that it is made from.
    #[serde(default)]
    pub preset: String,
    /// See [`crate::features::contacts::model::ContactForm::permissions`].
    #[serde(default)]
    pub permissions: Vec<String>,
    /// See [`crate::features::contacts::model::ContactForm::on`].
    #[serde(default)]
    pub on: Vec<String>,
    /// See [`crate::features::contacts::model::ContactForm::drawn`].
    #[serde(default)]
    pub drawn: String,
    /// See [`crate::features::contacts::model::ContactForm::recommended`].
    #[serde(default)]
    pub recommended: String,
}

#[cfg(feature = "ssr")]
impl RoleForm {
    /// The name and what comes of the boxes, for a role that gave `before`; what is wrong with both at once.
    fn read(&self, before: &Grant, givable: &Givable) -> Result<(RoleName, Grant)> {
        let recommended = !self.recommended.is_empty();
        let asked = GrantForm::parse(&self.preset, &self.permissions, &self.on, &self.drawn, recommended);
        let mut errors = FormErrors::default();
        let name = RoleName::parse(&self.name).map_err(|message| errors.add("name", message)).ok();
        let grant = match asked.resolve(before, givable) {
            Err(AppError::Invalid(more)) => {
                errors.0.extend(more.0);
                None
            }
            other => Some(other?),
        };
        errors.finish(())?;
        name.zip(grant).ok_or(AppError::NotFound)
    }
}

/// The account's own roles, and who has each.
#[server(prefix = "/rpc", endpoint = "roles/list")]
pub async fn list_roles(account: AccountId) -> Result<Vec<RoleRow>> {
    let access = Access::<ManageContacts>::to(account).await?;
    let mut reader = access.read().await?;
    let givable = permissions::givable(&mut reader).await?;
    store::list(&mut reader, &givable).await
}

/// A role and what the viewer can give, for its form.
#[server(prefix = "/rpc", endpoint = "roles/edit")]
pub async fn edit_role(account: AccountId, role: RoleId) -> Result<(RoleView, Givable)> {
    let access = Access::<ManageContacts>::to(account).await?;
    let mut reader = access.read().await?;
    let stored = store::show(&mut reader, &role).await?;
    let givable = permissions::givable(&mut reader).await?;
    let count = store::count(&mut reader, &role).await?;
    let people = store::people(&mut reader, &role, NAMED_PEOPLE).await?;
    let people = people.into_iter().map(|holder| (holder.contact, holder.name)).collect();
    let seen = Role::seen_by(&givable, role, stored.name, stored.grant);
    let view =
        RoleView { id: seen.id, version: stored.version, name: seen.name, grant: seen.grant, count, people };
    Ok((view, givable))
}

/// "New role": saves a set of permissions under a name (R11).
#[server(prefix = "/rpc", endpoint = "roles/create")]
pub async fn create_role(account: AccountId, #[server(flatten)] form: RoleForm) -> Result<Outcome> {
    let access = Access::<ManageContacts>::to(account).await?;
    let mut tx = access.begin().await?;
    let givable = permissions::givable(&mut tx).await?;
    let (name, grant) = form.read(&Grant::default(), &givable)?;
    store::insert(&mut tx, "name", &name, &grant).await?;
    tx.record(record::saved(name.as_str(), &grant, &givable)).await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::roles(&access.membership().account), words::saved(name.as_str())))
}

/// Changes a role, and with `follow` what the people who have it hold.
#[server(prefix = "/rpc", endpoint = "roles/update")]
pub async fn update_role(
    account: AccountId,
    role: RoleId,
    #[server(default)] version: i64,
    #[server(default)] follow: String,
    #[server(flatten)] form: RoleForm,
) -> Result<Outcome> {
    let access = Access::<ManageContacts>::to(account).await?;
    let mut tx = access.begin().await?;
    let before = store::show(&mut tx, &role).await?;
    let mut givable = permissions::givable(&mut tx).await?;
    // The form of a role does not offer the role itself as a choice.
    givable.roles.retain(|other| other.id != role);
    let (name, after) = form.read(&before.grant, &givable)?;
    let people = if follow.is_empty() || after == before.grant {
        Vec::new()
    } else {
        // One more than can follow, and whoever acts.
        store::people(&mut tx, &role, FOLLOW + 2).await?
    };
    let all = people.len();
    let people: Vec<_> = people.into_iter().filter(|holder| holder.contact != *tx.actor()).collect();
    let own = people.len() < all;
    if people.len() > FOLLOW {
        return Err(AppError::Conflict(words::too_many_people(FOLLOW)));
    }
    // Whoever lets others hand out permissions proves that it is them (OWASP ASVS 5.0 §7.5.1).
    if !people.is_empty() && after.everywhere.minus(before.grant.everywhere).has(Permission::ManageContacts) {
        SignedIn::confirmed().await?;
    }
    store::update(&mut tx, &role, version, &name, &before.grant, &after).await?;
    tx.record(record::changed(&before, name.as_str(), &after, &givable)).await?;
    let holders = people.len();
    for store::RoleHolder { contact, name, email } in people {
        permissions::give(&mut tx, &contact, &before.grant, &after).await?;
        permissions::settle(&mut tx, &contact, &after).await?;
        let person = who(&name, &email);
        tx.record(given(&person, &before.grant, &after, &givable).about(&contact)).await?;
    }
    tx.commit().await?;
    Ok(Outcome::at(paths::roles(&access.membership().account), words::changed(name.as_str(), holders, own)))
}

/// Deletes a role. What people hold stays.
#[server(prefix = "/rpc", endpoint = "roles/delete")]
pub async fn delete_role(account: AccountId, role: RoleId) -> Result<Outcome> {
    let access = Access::<ManageContacts>::to(account).await?;
    let mut tx = access.begin().await?;
    let before = store::show(&mut tx, &role).await?;
    let givable = permissions::givable(&mut tx).await?;
    store::delete(&mut tx, &role).await?;
    tx.record(record::deleted(&before, &givable)).await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::roles(&access.membership().account), words::deleted(&before.name)))
}
