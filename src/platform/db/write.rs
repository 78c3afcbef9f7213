//! Statements that write many columns, each of which stands beside its value: two that are swapped do not go
//! unnoticed.

use super::engine::{Conn, DbError, DbResult, Value};

/// A statement that writes columns by name. Kept in a `static`, so that its text is made once, and registered
/// with [`super::made_statements`].
pub struct Write {
    sql: String,
    columns: &'static [&'static str],
}

impl Write {
    /// Adds a row with these columns; `tail` follows the values, for example `RETURNING id`.
    pub fn insert(table: &str, columns: &'static [&'static str], tail: &str) -> Self {
        let places: Vec<String> = (1..=columns.len()).map(|n| format!("${n}")).collect();
        let sql =
            format!("INSERT INTO {table} ({}) VALUES ({}) {tail}", columns.join(", "), places.join(", "));
        Self { sql: sql.trim_end().to_owned(), columns }
    }

    /// Sets these columns, and `also` what needs no value, where `filter` is true. The filter's values,
    /// `keys` of them, come first.
    pub fn update(
        table: &str,
        keys: usize,
        filter: &str,
        columns: &'static [&'static str],
        also: &str,
    ) -> Self {
        let set: Vec<String> =
            columns.iter().enumerate().map(|(n, column)| format!("{column} = ${}", keys + n + 1)).collect();
        Self { sql: format!("UPDATE {table} SET {}, {also} WHERE {filter}", set.join(", ")), columns }
    }

    /// The text.
    pub fn sql(&'static self) -> &'static str {
        &self.sql
    }

    /// The values in the order of the statement, behind those of its filter.
    ///
    /// # Errors
    /// [`DbError::ColumnNotFound`] when a column has no value; a value that belongs to no column is one too
    /// many.
    pub fn args(&self, keys: Vec<Value>, mut pairs: Vec<(&'static str, Value)>) -> DbResult<Vec<Value>> {
        let mut args = keys;
        for column in self.columns {
            let at = pairs
                .iter()
                .position(|(name, _)| name == column)
                .ok_or_else(|| DbError::ColumnNotFound((*column).into()))?;
            args.push(pairs.swap_remove(at).1);
        }
        match pairs.first() {
            Some((name, _)) => Err(DbError::ColumnNotFound((*name).into())),
            None => Ok(args),
        }
    }
}

/// Rows that one [`WriteMany`] adds at once.
const AT_ONCE: usize = 100;

/// A statement that writes many rows, a hundred by one question. Kept in a `static` and registered as a [`Write`] is.
pub struct WriteMany {
    many: String,
    one: String,
}

impl WriteMany {
    /// `{rows}` in the text stands for the rows, each with so many values.
    pub fn new(text: &str, width: usize) -> Self {
        let row = format!("({})", vec!["?"; width].join(", "));
        Self {
            many: text.replace("{rows}", &vec![row.as_str(); AT_ONCE].join(", ")),
            one: text.replace("{rows}", &row),
        }
    }

    /// Its texts, for [`super::made_statements`].
    #[cfg(test)]
    pub fn texts(&self) -> Vec<String> {
        vec![self.many.clone(), self.one.clone()]
    }

    /// Writes rows.
    ///
    /// # Errors
    /// When the database refuses, or cannot.
    pub async fn write(&'static self, conn: &mut Conn, mut rows: Vec<Vec<Value>>) -> DbResult<()> {
        while rows.len() >= AT_ONCE {
            let values = rows.drain(..AT_ONCE).flatten().collect();
            conn.execute(self.many.as_str(), values).await?;
        }
        for row in rows {
            conn.execute(self.one.as_str(), row).await?;
        }
        Ok(())
    }
}

/// Columns and their values, for a [`Write`].
macro_rules! columns {
    ($($column:ident: $value:expr),* $(,)?) => { vec![$((stringify!($column), $crate::platform::db::Value::from($value))),*] };
}
pub(crate) use columns;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_gets_the_value_that_stands_beside_it() {
        let insert = Write::insert("places", &["city", "region"], "RETURNING id");
        assert_eq!(insert.sql, "INSERT INTO places (city, region) VALUES ($1, $2) RETURNING id");
        let args = insert.args(Vec::new(), columns![region: "Minho", city: "Braga"]).unwrap();
        assert_eq!(format!("{args:?}"), r#"[Text(Some("Braga")), Text(Some("Minho"))]"#);
        assert!(insert.args(Vec::new(), columns![city: "Braga"]).is_err(), "a value is missing");
        assert!(
            insert.args(Vec::new(), columns![city: "Braga", region: "Minho", state: "PT"]).is_err(),
            "a value is one too many"
        );
        let update = Write::update("places", 1, "id = $1", &["city"], "version = version + 1");
        assert_eq!(update.sql, "UPDATE places SET city = $2, version = version + 1 WHERE id = $1");
    }
}
