//! `/api/pars/v1/activities`: activities saved and read back by programs, in JSON or XML of one
//! meaning (formats.md, section 4).

mod answer;
mod files;
mod find;
mod save;
mod tree;

use app::App;
use utoipa_axum::router::OpenApiRouter;

pub(super) use answer::ActivityResultList;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().merge(find::routes()).merge(files::routes())
}

pub(super) fn upload_routes() -> OpenApiRouter<App> {
    save::upload_routes()
}
