//! Server functions of products. Line 1 of each is the proof of access.

use super::model::{Product, ProductForm};
#[cfg(feature = "ssr")]
use super::{store, words};
#[cfg(feature = "ssr")]
use crate::access::Staff;
#[cfg(feature = "ssr")]
use crate::access::staff::EditProducts;
use crate::error::{Outcome, Result};
#[cfg(feature = "ssr")]
use crate::features::audit::model::AuditKind;
#[cfg(feature = "ssr")]
use crate::features::audit::record::Entry;
#[cfg(feature = "ssr")]
use crate::paths;
use leptos::prelude::*;

/// Every product.
#[server(prefix = "/rpc", endpoint = "operator/products/list")]
pub async fn list_products() -> Result<Vec<Product>> {
    let staff = Staff::<EditProducts>::now().await?;
    store::list(staff.read().await?.conn()).await
}

/// A product, for its form.
#[server(prefix = "/rpc", endpoint = "operator/products/show")]
pub async fn show_product(#[server(default)] id: String) -> Result<Product> {
    let staff = Staff::<EditProducts>::now().await?;
    store::show(staff.read().await?.conn(), &id).await
}

/// Adds a product, or changes the one with this id.
#[server(prefix = "/rpc", endpoint = "operator/products/save")]
pub async fn save_product(
    #[server(default)] id: String,
    #[server(default)] version: i64,
    #[server(flatten)] form: ProductForm,
) -> Result<Outcome> {
    let staff = Staff::<EditProducts>::now().await?;
    let product = form.parse()?;
    let known = (!id.is_empty()).then_some(id.as_str());
    let mut tx = staff.begin().await?;
    store::save(&mut tx, known, version, &product).await?;
    let says = match known {
        Some(_) => words::changed(&product.name),
        None => words::added(&product.name),
    };
    tx.record(Entry::new(AuditKind::SettingsChanged, says)).await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::PRODUCTS, words::saved(&product.name)))
}
