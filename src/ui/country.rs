//! The choice of a country.

use crate::types::country;

/// Value and label of each country, and of none.
pub fn country_options() -> Vec<(String, String)> {
    let none = (String::new(), "Not given".to_owned());
    std::iter::once(none)
        .chain(country::COUNTRIES.iter().map(|(code, name)| ((*code).into(), (*name).into())))
        .collect()
}
