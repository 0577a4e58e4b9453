//! The yearly report of all providers: `/admin/report` for the accreditor's staff, who have it counted and publish it,
//! and `/report` for everybody. Both are made of the same tables; the public one shows no line with too few behind it.

mod admin;
mod public;
mod section;

use app::App;
use axum::Router;
use axum::response::Response;
use formats::FileFormat;
use formats::tables::Table;

use crate::download::bytes;
use crate::{Error, Result};

pub fn routes() -> Router<App> {
    Router::new().merge(admin::routes()).merge(public::routes())
}

/// Which file of a report is asked for.
#[derive(serde::Deserialize, Default)]
#[serde(default)]
struct Wanted {
    year: String,
    r#as: String,
    table: String,
}

/// A workbook of all tables, or one table as text; else there is no such file.
fn file(
    year: i16,
    wanted: &Wanted,
    tables: &[Table],
    workbook: impl FnOnce() -> app::Result<Vec<u8>>,
) -> Result<Response> {
    let name = format!("Yearly report {year}");
    match wanted.r#as.as_str() {
        "xlsx" => Ok(bytes(&format!("{name}.xlsx"), FileFormat::Xlsx.content_type(), workbook()?)),
        "csv" => {
            let file = app::data_report::csv(tables, &wanted.table)?;
            Ok(bytes(&format!("{name} {}.csv", wanted.table), "text/csv; charset=utf-8", file))
        }
        _ => Err(Error::App(app::Error::NotFound)),
    }
}

/// A year as an address writes it: four digits.
fn year(text: &str) -> Option<i16> {
    text.parse().ok().filter(|_| text.len() == 4 && text.bytes().all(|digit| digit.is_ascii_digit()))
}
