//! `/board/lists`: lists of licensees, what became of their rows, and their checks against the requirement.

mod check;
mod index;
mod new;
mod show;

pub(in crate::pages::board) use show::day;

use app::App;
use axum::Router;
use domain::access::LicensingBoardScope;

pub(super) fn routes() -> Router<App> {
    Router::new().merge(index::routes()).merge(new::routes()).merge(show::routes()).merge(check::routes())
}

pub(super) fn upload_routes() -> Router<App> {
    new::upload_routes()
}

/// Rows of one page.
const PAGE: i64 = 50;

/// Pages that so many rows fill; at least one.
pub(super) fn pages(rows: i64) -> u64 {
    u64::try_from(rows).unwrap_or_default().div_ceil(PAGE.unsigned_abs()).max(1)
}

/// The page that was asked for, and the row before its first.
pub(super) fn page_of(asked: Option<u64>, rows: i64) -> (u64, i64) {
    let page = asked.unwrap_or(1).clamp(1, pages(rows));
    (page, i64::try_from(page - 1).unwrap_or_default() * PAGE)
}

/// Whether the board has rules on record, and whether they are an example's.
pub(super) fn rules_of(app: &App, scope: &LicensingBoardScope) -> app::licensee_lists::assessing::Rules {
    app::licensee_lists::assessing::Rules(app.reference.get().requirements(scope.state()).to_vec())
}
