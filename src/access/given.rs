//! What the program is given when it starts: what lower layers need of features, without knowing them.

use crate::access::fields::Fields;
use crate::category::Category;
use crate::error::Result;
use crate::platform::db::Conn;
use crate::platform::token::Key;
use crate::types::AccountId;
use futures::future::BoxFuture;
use std::sync::Arc;
use webauthn_rs::Webauthn;

/// The parts that features give. `web::state` puts them together.
#[derive(Clone)]
pub struct Given {
    /// Who we are to passkeys; `None` where there can be none.
    pub relying_party: Option<Webauthn>,
    /// Who still wants mail.
    pub mail_policy: Arc<dyn MailPolicy>,
    /// Reads what a body holds for the form of the server function at a path.
    pub read_form: fn(&str, &[u8]) -> Fields,
    /// The logins that the sign-in page of a demo offers.
    pub demo_logins: DemoLogins,
}

/// The logins of the demo: their common password, and name, address and purpose of each.
pub type DemoLogins = (&'static str, &'static [(&'static str, &'static str, &'static str)]);

/// Who wants mail, and where they change that.
pub trait MailPolicy: Send + Sync {
    /// Whose choice decides about mail of an account to an address, as a column holds it; `None` for somebody
    /// who is neither a contact nor the main address.
    fn chooser<'a>(
        &'a self,
        conn: &'a mut Conn,
        account: &'a AccountId,
        email: &'a str,
    ) -> BoxFuture<'a, Result<Option<String>>>;

    /// Does an address still get mail of a category of an account?
    fn wants<'a>(
        &'a self,
        conn: &'a mut Conn,
        account: &'a AccountId,
        category: Category,
        email: &'a str,
    ) -> BoxFuture<'a, Result<bool>>;

    /// Who gets mail of a category that must arrive, instead of an address that fails: name, address, and
    /// whose choice decides; `None` when somebody else gets it anyway, or there is nobody.
    fn instead<'a>(
        &'a self,
        conn: &'a mut Conn,
        account: &'a AccountId,
        category: Category,
    ) -> BoxFuture<'a, Result<Option<(String, String, String)>>>;

    /// Paths of the links to a chooser's choice, and to one click that ends a newsletter; `None` for a column
    /// that holds none.
    fn links(&self, key: &Key, chooser: &str, email: &str) -> Option<(String, String)>;
}
