//! Ids: ULIDs as 26 lowercase characters, one type per table so that they cannot be mixed up.

use serde::{Deserialize, Serialize};
use std::fmt;

/// True for 26 characters of Crockford's base 32 in lowercase, the only spelling ids have here.
fn is_ulid(text: &str) -> bool {
    text.len() == 26
        && text.bytes().all(|b| b.is_ascii_digit() || (b.is_ascii_lowercase() && !b"ilou".contains(&b)))
        && text.as_bytes()[0] <= b'7'
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub struct $name(String);

        impl $name {
            /// Reads an id from a URL or a form; `None` for anything that cannot be one.
            pub fn parse(text: &str) -> Option<Self> {
                is_ulid(text).then(|| Self(text.to_owned()))
            }

            /// The 26 characters as they stand in tables and URLs.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<String> for $name {
            /// For ids that come from our own tables or were just made. What a request claims is an id is
            /// only ever compared with ids.
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(/** A customer account. */ AccountId);
id!(/** A login. */ UserId);
id!(/** One person's contact within one account. */ ContactId);
id!(/** An invitation. */ InvitationId);
id!(/** A message in the outbox. */ MessageId);
id!(/** A service. */ ServiceId);
id!(/** A domain. */ DomainId);
id!(/** A ticket. */ TicketId);
id!(/** An invoice, or a credit note. */ InvoiceId);
id!(/** A service or a domain: what permissions can be given on one by one. */ AssetId);
id!(/** A request to staff. */ RequestId);
id!(/** A custom role. */ RoleId);

impl ServiceId {
    /// The service as an asset that permissions are given on.
    pub fn asset(&self) -> AssetId {
        AssetId(self.0.clone())
    }
}

impl DomainId {
    /// The domain as an asset that permissions are given on.
    pub fn asset(&self) -> AssetId {
        AssetId(self.0.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lowercase_ulids_are_ids() {
        assert!(AccountId::parse("01k9zv5s8t3w2x1y0abcdefghj").is_some());
        for bad in [
            "",
            "1",
            "01K9ZV5S8T3W2X1Y0ABCDEFGHJ",
            "01k9zv5s8t3w2x1y0abcdefghjk",
            "../../../etc/passwd0000000",
            "81k9zv5s8t3w2x1y0abcdefghj",
        ] {
            assert!(AccountId::parse(bad).is_none(), "{bad}");
        }
    }
}
