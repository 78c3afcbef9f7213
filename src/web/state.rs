//! Puts the program together: its parts, and what features give to the layers below them.

use crate::access::given::{DemoLogins, Given};
use crate::access::state::AppState;
use crate::features::recipients::store::Choices;
use crate::features::second_factor::passkeys::relying_party;
use crate::platform::clock::Clock;
use crate::platform::config::Config;
use crate::platform::db::Database;
use crate::platform::token::Key;
use crate::web::functions::read_form;
use std::sync::Arc;

/// The program over a database.
pub fn app_state(
    config: Config,
    clock: Clock,
    key: Key,
    database: Database,
    demo_logins: DemoLogins,
) -> AppState {
    let given = Given {
        relying_party: relying_party(&config),
        mail_policy: Arc::new(Choices),
        read_form,
        demo_logins,
    };
    AppState::new(config, clock, key, database, given)
}
