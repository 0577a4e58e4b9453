//! The page of a report: figures first, then each breakdown with its plot and the table behind it.

use app::App;
use app::provider_reports::{self, EXPECTED_DAYS, Report};
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use formats::tables::Figure;
use jiff::civil::Date;

use super::section::{Section, Shown, bars, marks};
use super::{Asked, address};
use crate::access::Viewer;
use crate::pages::uploads::grouped;
use crate::plots::{Bars, Line};
use crate::{Chrome, Page, Result};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/provider/reports", get(show))
}

#[derive(Template)]
#[template(path = "reports/show.html")]
struct Reports {
    chrome: Chrome,
    organization: String,
    provider: String,
    /// The period in words.
    period: String,
    years: Vec<Year>,
    is_year: bool,
    from: String,
    until: String,
    workbook: String,
    activities: String,
    learners: String,
    cme: String,
    completions: String,
    accepted: String,
    median_days: String,
    in_time: String,
    /// Whether anything happened in the period.
    has_any: bool,
    summary: Option<Shown>,
    sections: Vec<Section>,
}

struct Year {
    year: i16,
    is_current: bool,
}

/// Years to choose with one press; older ones by their days.
const MOST_TABS: usize = 6;

async fn show(
    State(app): State<App>,
    Viewer { session, scope }: Viewer,
    chrome: Chrome,
    Query(asked): Query<Asked>,
) -> Result<Page<impl Template>> {
    let today = app.clock.today();
    let period = asked.period(today);
    let known = store::provider_reports::years(&mut app.store.read().await?, &scope).await?;
    let report = provider_reports::report(&app, &scope, period).await?;
    let whole = provider_reports::whole_year(period);
    let address = address(period);
    let percent = |share: Option<i64>| share.map_or(Figure::None, Figure::Percent).shown();
    let totals = report.totals;
    Ok(Page(Reports {
        chrome,
        organization: session.organization,
        provider: scope.provider().to_string(),
        period: provider_reports::words_of(period),
        years: years(known, today.year(), whole),
        is_year: whole.is_some(),
        from: period.from.to_string(),
        until: period.until.to_string(),
        workbook: format!("/provider/reports/download?as=xlsx&{address}"),
        activities: grouped(totals.activities),
        learners: grouped(totals.physicians + totals.others),
        cme: Figure::Credits(report.cme).shown(),
        completions: format!("{} completions.", grouped(report.completions)),
        accepted: percent(report.accepted),
        median_days: report.median_days.map_or(Figure::None, Figure::Count).shown(),
        in_time: format!("{} within the expected {EXPECTED_DAYS} days.", percent(report.in_time)),
        has_any: totals.activities > 0 || report.completions > 0 || report.accepted.is_some(),
        summary: Shown::of(&report, "summary", &address),
        sections: sections(&report, today, &address),
    }))
}

/// This year, the next if something ends in it, and those before back to the first activity.
fn years(known: Option<(i16, i16)>, this: i16, chosen: Option<i16>) -> Vec<Year> {
    let (first, last) = known.unwrap_or((this, this));
    let (first, last) = (first.min(this), last.clamp(this, this.saturating_add(1)));
    let tabs = (first..=last).rev().take(MOST_TABS);
    tabs.map(|year| Year { year, is_current: chosen == Some(year) }).collect()
}

fn sections(report: &Report, today: Date, address: &str) -> Vec<Section> {
    let table = |key: &str| Shown::of(report, key, address);
    let definition = |key: &str| report.table(key).map(|table| table.definition.clone()).unwrap_or_default();
    let section = |id: &'static str, heading: &'static str, plots: Vec<Option<Bars>>, tables: &[&str]| Section {
        id,
        heading,
        definition: definition(tables.first().copied().unwrap_or_default()),
        line: Vec::new(),
        line_title: "",
        plots: plots.into_iter().flatten().collect(),
        tables: tables.iter().filter_map(|key| table(key)).collect(),
        folded: Vec::new(),
    };
    let points =
        ["points-by-month", "points-by-format", "points-by-providership", "points-by-outcome", "points-by-support"];
    vec![
        Section {
            line: credits_by_month(report, today),
            line_title: "CME credits by month of completion",
            ..section("by-month", "By month", Vec::new(), &["months"])
        },
        section(
            "by-format",
            "By format",
            vec![
                bars(report, "formats", 1, "Activities"),
                bars(report, "formats", 3, "Physicians, your totals"),
                bars(report, "formats", 7, "CME credits reported"),
            ],
            &["formats"],
        ),
        section(
            "by-providership",
            "By providership",
            vec![
                bars(report, "providership", 1, "Activities"),
                bars(report, "providership", 3, "Physicians, your totals"),
                bars(report, "providership", 7, "CME credits reported"),
            ],
            &["providership"],
        ),
        section(
            "by-outcome",
            "By measured outcome",
            vec![
                bars(report, "outcomes", 1, "Activities"),
                bars(report, "outcomes", 3, "Physicians, your totals"),
                bars(report, "outcomes", 7, "CME credits reported"),
            ],
            &["outcomes"],
        ),
        section(
            "by-support",
            "By commercial support",
            vec![bars(report, "support", 1, "Activities"), bars(report, "supporters", 2, "Cash by supporter")],
            &["support", "supporters"],
        ),
        Section {
            folded: points.iter().filter_map(|key| table(key)).collect(),
            ..section("by-kind", "By kind of credit", vec![bars(report, "kinds", 1, "Credits reported")], &["kinds"])
        },
        section(
            "refusals",
            "Refusals",
            vec![bars(report, "problems", 2, "Refused rows by problem")],
            &["problems", "rows"],
        ),
        section(
            "days",
            "Days from completion to report",
            vec![bars(report, "days", 1, "Completions by days waited")],
            &["days"],
        ),
    ]
}

/// Up to this month: those to come have no completions.
fn credits_by_month(report: &Report, today: Date) -> Vec<Line> {
    let Some(table) = report.table("months") else { return Vec::new() };
    let this_month = today.strftime("%b %Y").to_string();
    let mut marks = marks(table, 7);
    let open = marks.iter().position(|mark| mark.label == this_month);
    if let Some(open) = open {
        marks.truncate(open + 1);
    }
    if provider_reports::whole_year(report.period).is_some() {
        for mark in &mut marks {
            mark.label.truncate(3);
        }
    }
    Line::of("plot-months", "CME credits by month of completion", &marks, open)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_reach_from_the_first_activity_to_the_next_year_at_most() {
        let shown = |known, chosen| -> Vec<(i16, bool)> {
            years(known, 2026, chosen).iter().map(|year| (year.year, year.is_current)).collect()
        };
        assert_eq!(shown(None, Some(2026)), [(2026, true)]);
        assert_eq!(shown(Some((2025, 2031)), None), [(2027, false), (2026, false), (2025, false)]);
        assert_eq!(shown(Some((1990, 2026)), Some(1990)).len(), MOST_TABS);
    }
}
