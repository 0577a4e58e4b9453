//! `/provider/learners`: everything the provider has reported, and one learner by form.

mod list;
mod new;

use app::App;
use axum::Router;

pub fn routes() -> Router<App> {
    Router::new().merge(list::routes()).merge(new::routes())
}
