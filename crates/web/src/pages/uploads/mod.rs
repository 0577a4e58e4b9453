//! `/provider/uploads`: the history of uploads, a new one, its progress and result, and the refused
//! rows to correct.

mod list;
mod new;
mod rows;
mod show;

use app::App;
use axum::Router;

pub(crate) use show::duration;

pub fn routes() -> Router<App> {
    Router::new().merge(list::routes()).merge(new::routes()).merge(rows::routes()).merge(show::routes())
}

pub fn upload_routes() -> Router<App> {
    new::upload_routes()
}

/// A count as people write it: `61,300`.
pub(crate) fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut grouped = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if number < 0 { format!("-{grouped}") } else { grouped }
}

/// What is wrong with whole columns, as title and text of an alert.
fn column_alerts(upload: &store::uploads::Upload, counts: &[(domain::Code, i64)]) -> Vec<(&'static str, String)> {
    app::uploads::column_problems(upload, counts)
        .map(|problem| (problem.code.title(), format!("{} {}", problem.message(), problem.remedy())))
        .collect()
}

/// Shape and word of an upload's status.
pub(crate) fn status_words(upload: &store::uploads::Upload) -> (&'static str, &'static str) {
    use domain::upload::UploadStatus;
    match upload.status {
        UploadStatus::Received => ("waiting", "Received"),
        UploadStatus::Processing => ("running", "Processing"),
        UploadStatus::Failed => ("bad", "File refused"),
        UploadStatus::Done if upload.counts.refused > 0 => ("caution", "Rows refused"),
        UploadStatus::Done => ("good", "Done"),
    }
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn thousands_are_grouped() {
        for (number, text) in
            [(0, "0"), (999, "999"), (1_000, "1,000"), (61_300, "61,300"), (1_234_567, "1,234,567"), (-5_000, "-5,000")]
        {
            assert_eq!(grouped(number), text);
        }
    }
}
