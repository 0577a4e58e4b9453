//! `/admin/health`, `/admin/jobs`, `/admin/mails`, `/admin/audit`: what the accreditor's staff need to keep the system
//! running for years, each with what to do.

mod health;
mod jobs;
mod mails;
mod trail;

use app::App;
use axum::Router;

use crate::chrome::NavItem;

pub(super) fn routes() -> Router<App> {
    Router::new().merge(health::routes()).merge(jobs::routes()).merge(mails::routes()).merge(trail::routes())
}

/// The four pages, as each shows them at its side.
fn area(current: &str) -> Vec<NavItem> {
    let pages = [
        ("/admin/health", "Health"),
        ("/admin/jobs", "Background work"),
        ("/admin/mails", "Letters"),
        ("/admin/audit", "Audit trail"),
    ];
    let item = |(href, label): (&str, &str)| NavItem {
        href: href.to_owned(),
        label: label.to_owned(),
        current: href == current,
    };
    pages.into_iter().map(item).collect()
}
