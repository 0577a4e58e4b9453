//! `/admin/providers`, `/admin/boards`, `/admin/users`: the organizations that take part and the people who sign in for
//! them.

mod board;
mod boards;
mod people;
mod provider;
mod provider_form;
mod providers;
mod staff;
mod user;
mod users;

use app::App;
use axum::Router;
use store::organizations::history::Change;

use crate::When;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .merge(providers::routes())
        .merge(provider_form::routes())
        .merge(provider::routes())
        .merge(boards::routes())
        .merge(board::routes())
        .merge(users::routes())
        .merge(staff::routes())
        .merge(user::routes())
        .merge(people::routes())
}

/// Acts of the staff that a page lists.
const MOST_ACTS: i64 = 50;

/// An act of the staff, in words.
struct Act {
    when: When,
    what: String,
    who: String,
    detail: String,
}

impl Act {
    fn of(app: &App, change: Change) -> Self {
        let what = match change.action.as_str() {
            "provider.create" => "Entered",
            "provider.edit" | "board.edit" => "Edited",
            "provider.decide" => "Decided",
            "provider.take_back" => "Planned decision taken back",
            "board.create" => "Entered",
            "board.take_part" => "Taking part",
            "seat.invite" => "Invited",
            "seat.withdraw" => "Invitation withdrawn",
            "seat.change_role" => "Role changed",
            "seat.remove" => "Removed",
            "api_client.revoke" => "Token revoked",
            "account.disable" => "Disabled",
            "account.enable" => "Enabled",
            other => other,
        };
        Self { when: When::of(app, change.at), what: what.to_owned(), who: change.who, detail: change.detail }
    }
}

/// What the last act did, from `?done=`: kind, title and text of the notice.
fn notice(done: &str) -> Option<(&'static str, &'static str, &'static str)> {
    let (title, text) = match done {
        "created" => ("The provider is entered", ""),
        "created-invited" => ("The provider is entered", "The contact was invited as its owner, by letter."),
        "edited" => ("The changes are saved", ""),
        "decided" => ("The decision is on record", ""),
        "taken-back" => ("The planned decision is taken back", ""),
        "contact" => ("The contacts are changed", ""),
        "invited" => ("The invitation is sent", "It can be accepted within seven days."),
        "again" => ("The invitation is sent again", "The earlier link no longer works."),
        "withdrawn" => ("The invitation is withdrawn", "Its link no longer works."),
        "role" => ("The role is changed", "It holds from the person’s next sign-in."),
        "removed" => ("The person is removed", "Their sessions in this seat were ended."),
        "level" => ("How the board takes part is on record", ""),
        "revoked" => ("The token is revoked", "It opens nothing any more."),
        "disabled" => ("The account is disabled", "All its sessions were ended."),
        "enabled" => ("The account is enabled", "The person can sign in again."),
        _ => return None,
    };
    Some(("success", title, text))
}

/// The page with what the last act did on top.
fn with_done(chrome: crate::Chrome, done: &str) -> crate::Chrome {
    match notice(done) {
        Some((kind, title, text)) => chrome.with_notice(kind, title, text),
        None => chrome,
    }
}

/// What a page's address says beside its place.
#[derive(serde::Deserialize, Default)]
#[serde(default)]
struct Done {
    done: String,
}
