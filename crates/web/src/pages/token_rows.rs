//! Tokens of programs as pages list them: those of the web services and those of the sandbox.

use app::App;
use domain::{ApiClientId, ApiScope};
use store::api_clients::Listed;

use crate::When;

/// For how long a token may hold: days, and what people call them.
pub(super) const TERMS: &[(&str, &str)] = &[("30", "30 days"), ("90", "90 days"), ("365", "1 year")];
/// Of [`TERMS`], what is chosen at first.
pub(super) const USUAL_TERM: &str = "90";

pub(super) struct TokenRow {
    pub id: ApiClientId,
    pub name: String,
    pub hint: String,
    pub scopes: Vec<&'static str>,
    pub created: When,
    pub expires: When,
    pub used: Option<When>,
    /// Kind and word of its state's mark.
    pub mark: (&'static str, &'static str),
    /// Whether it opens anything.
    pub is_active: bool,
}

impl TokenRow {
    pub(super) fn of(app: &App, client: Listed) -> Self {
        let (mark, is_active) = match client.revoked_at {
            Some(_) => (("withdrawn", "Revoked"), false),
            None if client.expires_at <= app.clock.now() => (("closed", "Expired"), false),
            None => (("good", "Active"), true),
        };
        Self {
            id: client.id,
            name: client.name,
            hint: client.hint,
            scopes: client.scopes.iter().map(ApiScope::code).collect(),
            created: When::of(app, client.created_at),
            expires: When::of(app, client.expires_at),
            used: client.last_used_at.map(|used| When::of(app, used)),
            mark,
            is_active,
        }
    }
}
