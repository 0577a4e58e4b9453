//! `/provider/reports`: a provider's activities, learners and credit of a year or of other days, to look
//! at, to read and to take away. The period is in the address, so that a report can be shared.

mod download;
mod section;
mod show;

use app::App;
use app::provider_reports::{self, Period};
use axum::Router;
use jiff::civil::Date;
use serde::Deserialize;

pub(super) use section::marks;

pub fn routes() -> Router<App> {
    Router::new().merge(show::routes()).merge(download::routes())
}

/// What the address says. Nonsense in it shows this year.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
struct Asked {
    year: String,
    from: String,
    until: String,
    /// Of a download: `xlsx` or `csv`, and which table.
    r#as: String,
    table: String,
}

impl Asked {
    fn period(&self, today: Date) -> Period {
        let year = self.year.parse().ok().filter(|_| self.year.len() == 4);
        // other spellings than a browser's date field sends are nonsense
        let day = |text: &str| text.parse::<Date>().ok().filter(|day| text.len() == 10 && day.year() >= 1900);
        provider_reports::period(year, day(&self.from), day(&self.until), today)
    }
}

/// The period as an address asks for it: `year=2026` or `from=2026-01-05&until=2026-03-31`.
fn address(period: Period) -> String {
    match provider_reports::whole_year(period) {
        Some(year) => format!("year={year}"),
        None => format!("from={}&until={}", period.from, period.until),
    }
}
