//! `/admin/imports`, `/board/roster`, `/certifying/roster`: rosters on their way into the registry. The accreditor's
//! staff send any and see all; a board's people send and see their own board's, and no name that the registry has and
//! their file has not.

mod acts;
mod list;
mod new;
mod progress;
mod show;

use app::App;
use app::rosters::imports::{RegistryImport, State};
use axum::Router;
use store::registry_imports::Door;

pub fn routes() -> Router<App> {
    Router::new().merge(list::routes()).merge(new::routes()).merge(show::routes()).merge(acts::routes())
}

pub fn upload_routes() -> Router<App> {
    new::upload_routes()
}

/// What the list of imports is called where it begins.
pub(crate) fn title(base: &str) -> &'static str {
    if base == "/admin/imports" { "Registry imports" } else { "Your roster" }
}

/// Shape and word of how far an import is.
fn state_words(import: &RegistryImport) -> (&'static str, &'static str) {
    match import.state {
        State::Comparing => ("running", "Being compared"),
        State::Compared => ("waiting", "Waits to be let in"),
        State::Importing => ("running", "Being imported"),
        State::Done if import.counts.refused > 0 || import.counts.review > 0 => ("caution", "Done, with rows left"),
        State::Done => ("good", "Done"),
        State::Stopped => ("withdrawn", "Not let in"),
        State::Refused => ("bad", "File refused"),
    }
}

fn kind_words(kind: &str) -> &'static str {
    if kind == "licenses" { "Licensing board roster" } else { "Certifying board roster" }
}

/// Who sent it, in words.
fn sender_words(import: &RegistryImport) -> String {
    match import.door {
        Door::Command => "Command on the server".to_owned(),
        Door::Accreditor => import.sent_by_name.clone(),
        Door::LicensingBoard | Door::CertifyingBoard => format!("{}, {}", import.sent_by_name, import.issuer),
    }
}
