//! The catalogue of mail categories (M1): what a contact can get, and what guards it.

use crate::permission::{Permission, Permissions};
use serde::{Deserialize, Serialize};

/// A kind of mail that a contact can switch on or off (M1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Category {
    /// News about the account.
    General,
    /// About services.
    Service,
    /// About domains.
    Domain,
    /// Invoices and payments.
    Invoice,
    /// Tickets.
    Support,
    /// News of the operator.
    Newsletter,
}

impl Category {
    /// All of them, in the order of the form.
    pub const ALL: [Self; 6] =
        [Self::General, Self::Service, Self::Domain, Self::Invoice, Self::Support, Self::Newsletter];

    /// The name in tables and forms.
    pub fn key(self) -> &'static str {
        match self {
            Self::General => "general",
            Self::Service => "service",
            Self::Domain => "domain",
            Self::Invoice => "invoice",
            Self::Support => "support",
            Self::Newsletter => "newsletter",
        }
    }

    /// The category with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.key() == key)
    }

    /// The permission that guards what it shows: only who holds it switches it on, for anybody (M10).
    pub fn guard(self) -> Option<Permission> {
        match self {
            Self::Invoice => Some(Permission::ViewInvoices),
            Self::Support => Some(Permission::OpenTickets),
            _ => None,
        }
    }

    /// The label of its box.
    pub fn title(self) -> &'static str {
        match self {
            Self::General => "General",
            Self::Service => "Service",
            Self::Domain => "Domain",
            Self::Invoice => "Invoice",
            Self::Support => "Support",
            Self::Newsletter => "Newsletter",
        }
    }

    /// Its place in the set's bits.
    const fn bit(self) -> u8 {
        1 << self as u8
    }

    /// One sentence under it.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::General => "News about the account.",
            Self::Service => "Welcome e-mails, maintenance and notices about services.",
            Self::Domain => "Registration, transfer and renewal of domains.",
            Self::Invoice => "Copies of invoices, reminders and receipts.",
            Self::Support => "Can open tickets by e-mail, and gets answers to their own tickets.",
            Self::Newsletter => "Occasional offers and product news.",
        }
    }
}

/// A set of categories; in tables and on the wire the keys in order, joined by commas.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Categories(u8);

impl From<Category> for Categories {
    fn from(category: Category) -> Self {
        Self(category.bit())
    }
}

impl From<String> for Categories {
    fn from(keys: String) -> Self {
        Self::from_column(&keys)
    }
}

impl From<Categories> for String {
    fn from(set: Categories) -> Self {
        set.column()
    }
}

impl FromIterator<Category> for Categories {
    fn from_iter<T: IntoIterator<Item = Category>>(all: T) -> Self {
        Self(all.into_iter().fold(0, |set, category| set | category.bit()))
    }
}

impl Categories {
    /// What an address that is nobody's contact can choose: invoices without a billing contact and copies of
    /// tickets reach it in any case.
    pub fn of_main() -> Self {
        [Category::General, Category::Service, Category::Domain, Category::Newsletter].into_iter().collect()
    }

    /// What somebody who holds `may` can switch, the rest is left as it is (M10).
    pub fn switchable(may: Permissions) -> Self {
        Category::ALL
            .into_iter()
            .filter(|category| category.guard().is_none_or(|needed| may.has(needed)))
            .collect()
    }

    /// Without these.
    pub fn minus(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Is nothing on?
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Everything that is in one of the two.
    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in both.
    pub fn among(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Reads keys from a form; what is no category is left out.
    pub fn from_keys(keys: impl IntoIterator<Item: AsRef<str>>) -> Self {
        keys.into_iter().filter_map(|key| Category::from_key(key.as_ref())).collect()
    }

    /// Reads the column of a table.
    pub fn from_column(keys: &str) -> Self {
        Self::from_keys(keys.split(','))
    }

    /// The column of a table.
    pub fn column(self) -> String {
        self.iter().map(Category::key).collect::<Vec<_>>().join(",")
    }

    /// The titles of those that are on: "General, Domain".
    pub fn titles(self) -> String {
        self.iter().map(Category::title).collect::<Vec<_>>().join(", ")
    }

    /// Is this category on?
    pub fn has(self, category: Category) -> bool {
        self.0 & category.bit() != 0
    }

    /// The categories that are on.
    pub fn iter(self) -> impl Iterator<Item = Category> {
        Category::ALL.into_iter().filter(move |category| self.has(*category))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_keep_their_order_and_forget_nonsense() {
        let set = Categories::from_keys(["support", "x", "general", "support"]);
        assert_eq!(set.column(), "general,support");
        assert_eq!(Categories::from_column(&set.column()), set);
        assert!(set.has(Category::General) && !set.has(Category::Invoice));
        assert_eq!(Categories::from_column("").iter().count(), 0);
    }
}
