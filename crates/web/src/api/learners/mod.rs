//! `/api/pars/v1/learner-activities`: learner reports submitted, read back, withdrawn and asked about by
//! programs, in JSON or XML of one meaning (formats.md, sections 2 and 4).

mod answer;
mod read;
mod status;
mod submit;
mod tree;

use app::App;
use utoipa_axum::router::OpenApiRouter;

pub(super) use answer::LearnerResultList;
pub(super) use status::LearnerStatusList;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().merge(read::routes()).merge(status::routes())
}

pub(super) fn upload_routes() -> OpenApiRouter<App> {
    submit::upload_routes()
}
