//! `/provider/activities/files`: files of activities sent and taken away; what became of each record
//! of a sent one.

mod export;
mod list;
mod new;
mod show;

use app::App;
use app::activities::exchange::ActivityFile;
use axum::Router;

pub fn routes() -> Router<App> {
    Router::new().merge(export::routes()).merge(list::routes()).merge(new::routes()).merge(show::routes())
}

pub fn upload_routes() -> Router<App> {
    new::upload_routes()
}

/// Shape and word of a file's status.
fn status_words(file: &ActivityFile) -> (&'static str, &'static str) {
    use domain::upload::UploadStatus;
    match file.status {
        UploadStatus::Received => ("waiting", "Received"),
        UploadStatus::Processing => ("running", "Processing"),
        UploadStatus::Failed => ("bad", "Not read to its end"),
        UploadStatus::Done if file.counts.refused > 0 => ("caution", "Records refused"),
        UploadStatus::Done => ("good", "Done"),
    }
}
