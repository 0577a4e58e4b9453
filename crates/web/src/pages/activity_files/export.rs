//! The filtered list of activities as a file in any format, every field of it: sent again, it changes
//! nothing.

use app::App;
use app::activities::exchange::{self, ExportFormat};
use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::get;
use domain::Board;
use domain::activity::{Format, Providership, Status};
use serde::Deserialize;
use store::activities::{Filter, Sort};

use crate::access::Viewer;
use crate::{Result, download};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/provider/activities/files/download", get(file))
}

/// The words of the list's address, and the format in `as`. Nonsense in it shows the whole list.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    #[serde(rename = "as")]
    file_format: String,
    q: String,
    status: String,
    format: String,
    year: String,
    ends: String,
    board: String,
    providership: String,
    passport: String,
    rems: String,
    sort: String,
}

impl Asked {
    fn filter(&self) -> Filter {
        let year = |text: &str| text.parse::<i16>().ok().filter(|year| (1900..=2999).contains(year));
        let yes_no = |text: &str| match text {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        };
        Filter {
            words: self.q.clone(),
            status: Status::read(&self.status),
            format: Format::read(&self.format),
            starts_in: year(&self.year),
            ends_in: year(&self.ends),
            board: if self.board.is_empty() { None } else { Board::read(&self.board) },
            providership: Providership::read(&self.providership),
            in_passport: yes_no(&self.passport),
            is_rems: yes_no(&self.rems),
            ..Filter::default()
        }
    }

    fn sort(&self) -> Sort {
        match self.sort.as_str() {
            "start" => Sort::OldestStart,
            "-end" => Sort::NewestEnd,
            "end" => Sort::OldestEnd,
            "title" => Sort::Title,
            "-title" => Sort::TitleBackwards,
            // a file is no ranking
            _ => Sort::NewestStart,
        }
    }
}

async fn file(State(app): State<App>, Viewer { scope, .. }: Viewer, Query(asked): Query<Asked>) -> Result<Response> {
    let format = ExportFormat::read(&asked.file_format).ok_or(app::Error::NotFound)?;
    download::result_file(exchange::export(&app, &scope, &asked.filter(), asked.sort(), format).await?).await
}
