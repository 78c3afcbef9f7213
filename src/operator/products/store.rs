//! SQL of products.

use super::model::{Price, Product};
use super::words;
use crate::access::{OfStaff, Tx};
use crate::error::{AppError, Result};
use crate::features::services::model::Cycle;
use crate::platform::db::{Conn, args, is_duplicate};
use crate::types::Money;

const LIST: &str = r"SELECT id, name, group_name, description, offered, version
    FROM products
    ORDER BY lower(group_name), lower(name), id LIMIT 1000";
const SHOW: &str = "SELECT id, name, group_name, description, offered, version FROM products WHERE id = $1";
const PRICES: &str = r"SELECT product_id, cycle, cents, currency, setup_cents
    FROM product_prices
    ORDER BY product_id, currency, cents LIMIT 10000";
const PRICES_OF: &str = r"SELECT product_id, cycle, cents, currency, setup_cents
    FROM product_prices
    WHERE product_id = $1
    ORDER BY currency, cents";
const INSERT: &str = r"INSERT INTO products (id, name, name_key, group_name, description, offered, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)";
const CHANGE: &str = r"UPDATE products
    SET name = $3, name_key = $4, group_name = $5, description = $6, offered = $7, version = version + 1
    WHERE id = $1 AND version = $2";
const CLEAR: &str = "DELETE FROM product_prices WHERE product_id = $1";
const ADD: &str = "INSERT INTO product_prices (product_id, cycle, currency, cents, setup_cents) VALUES ($1, $2, $3, $4, $5)";

type Tuple = (String, String, String, String, bool, i64);
type PriceRow = (String, String, i64, String, i64);

fn product((id, name, group, description, offered, version): Tuple, prices: &[PriceRow]) -> Product {
    let of = prices.iter().filter(|(of, ..)| *of == id);
    let prices = of
        .map(|(_, cycle, cents, currency, setup)| Price {
            cycle: Cycle::from_key(cycle),
            price: Money { cents: *cents, currency: currency.clone() },
            setup_cents: *setup,
        })
        .collect();
    Product { id, name, group, description, offered, prices, version }
}

/// Every product, by group and name.
pub async fn list(conn: &mut Conn) -> Result<Vec<Product>> {
    let rows: Vec<Tuple> = conn.all(LIST, args![]).await?;
    let prices: Vec<PriceRow> = conn.all(PRICES, args![]).await?;
    Ok(rows.into_iter().map(|row| product(row, &prices)).collect())
}

/// One of them.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn show(conn: &mut Conn, id: &str) -> Result<Product> {
    let row: Option<Tuple> = conn.optional(SHOW, args![id]).await?;
    let prices: Vec<PriceRow> = conn.all(PRICES_OF, args![id]).await?;
    Ok(product(row.ok_or(AppError::NotFound)?, &prices))
}

/// Adds a product, or changes the one with this id unless it has changed since `version`.
///
/// # Errors
/// [`AppError::Invalid`] for a name that another has; [`AppError::Conflict`] when somebody was faster.
pub async fn save(tx: &mut Tx<OfStaff>, id: Option<&str>, version: i64, new: &Product) -> Result<()> {
    let (key, now) = (new.name.to_lowercase(), tx.now().0);
    let own = id.map_or_else(|| tx.new_id(), str::to_owned);
    let done = match id {
        None => {
            let args = args![&own, &new.name, key, &new.group, &new.description, new.offered, now];
            tx.conn().execute(INSERT, args).await
        }
        Some(id) => {
            let args = args![id, version, &new.name, key, &new.group, &new.description, new.offered];
            tx.conn().execute(CHANGE, args).await
        }
    };
    match done {
        Ok(0) => return Err(AppError::Conflict(words::CHANGED_MEANWHILE.into())),
        Ok(_) => {}
        Err(error) if is_duplicate(&error) => return Err(AppError::field("name", words::NAME_TAKEN)),
        Err(error) => return Err(error.into()),
    }
    tx.conn().execute(CLEAR, args![&own]).await?;
    for price in &new.prices {
        let Money { cents, currency } = &price.price;
        tx.conn().execute(ADD, args![&own, price.cycle.key(), currency, *cents, price.setup_cents]).await?;
    }
    Ok(())
}
