//! `/admin/health`, `/admin/jobs`, `/admin/mails`, `/admin/audit`: what the accreditor's staff need to keep the system
//! running for years, each with what to do.

mod health;
mod jobs;
mod mails;
mod trail;

use app::App;
use axum::Router;

pub(super) fn routes() -> Router<App> {
    Router::new().merge(health::routes()).merge(jobs::routes()).merge(mails::routes()).merge(trail::routes())
}
