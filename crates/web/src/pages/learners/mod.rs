//! `/provider/learners`: everything the provider has reported, one completion with its correction and deletion, what
//! boards rejected, an activity's learners, and one learner by form.

mod asked;
mod correct;
mod download;
pub(super) mod form;
mod list;
mod new;
mod of_activity;
mod rejected;
mod rows;
mod show;

use app::App;
use axum::Router;

pub fn routes() -> Router<App> {
    Router::new()
        .merge(list::routes())
        .merge(download::routes())
        .merge(new::routes())
        .merge(rejected::routes())
        .merge(of_activity::routes())
        .merge(show::routes())
        .merge(correct::routes())
}
