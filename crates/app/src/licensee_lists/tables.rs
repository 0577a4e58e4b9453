//! What boards take away from a list or a check: tables for Excel and text. All values are neutralised by the writer.

use domain::access::LicensingBoardScope;
use domain::check::us_date;
use domain::licensee_list::RowOutcome;
use domain::requirement::Standing;
use domain::{Amount, LicenseeListId};
use formats::tables::{Figure, Table};
use store::licensee_lists::checks::Check;
use store::licensee_lists::results::{self, ResultRow, Sort, Wanted};

use super::MOST_ROWS;
use crate::{App, Error, Result};

/// The order in which standings are told.
pub const STANDINGS: [Standing; 5] =
    [Standing::Met, Standing::Missing, Standing::NotYetDue, Standing::NotKnown, Standing::Exempt];

/// A table as a file; `format` is `xlsx` or `csv`.
pub fn written(table: Table, about: &[(String, String)], format: &str) -> Result<Vec<u8>> {
    let written = match format {
        "xlsx" => formats::tables::write_workbook(about, &[table]),
        "csv" => formats::tables::write_csv(&table),
        _ => return Err(Error::NotFound),
    };
    written.map_err(|error| Error::Internal(format!("a table could not be written: {error}")))
}

fn text(text: impl Into<String>) -> Figure {
    Figure::Text(text.into())
}

/// A list's rows with what became of each.
pub async fn of_list(app: &App, scope: &LicensingBoardScope, list: LicenseeListId) -> Result<Table> {
    let found = super::find(app, scope, list).await?;
    let most = i64::try_from(MOST_ROWS).unwrap_or(i64::MAX);
    let mut tx = app.store.read().await?;
    let rows = store::licensee_lists::rows(&mut tx, scope, list, None, 0, most).await?;
    let row = |row: store::licensee_lists::ListRow| {
        let why = if row.outcome == RowOutcome::Matched { "" } else { row.outcome.reason() };
        vec![
            Figure::Count(row.number),
            text(row.given_number),
            text(row.given_first),
            text(row.given_last),
            text(row.given_npi),
            text(row.outcome.label()),
            text(why),
            text(row.license_number),
            text(row.name),
        ]
    };
    let columns =
        ["Row", "License Number", "First Name", "Last Name", "NPI", "Result", "Why", "License on record", "Licensee"];
    Ok(Table {
        key: "list",
        title: "Licensees".into(),
        definition: format!("The rows of the list {}, and whom each means.", found.name),
        columns: columns.map(str::to_owned).to_vec(),
        rows: rows.into_iter().map(row).collect(),
        total: None,
    })
}

/// The results of a check that fit.
pub async fn of_check(app: &App, check: &Check, wanted: &Wanted) -> Result<Table> {
    let most = i64::try_from(MOST_ROWS).unwrap_or(i64::MAX);
    let rows = results::list(&mut app.store.read().await?, check, wanted, most, 0).await?;
    let columns = [
        "License Number",
        "Licensee",
        "Standing",
        "Cycle from",
        "Cycle until",
        "Required",
        "Counted",
        "Missing",
        "Topics missing",
    ];
    Ok(Table {
        key: "compliance",
        title: "Compliance".into(),
        definition: format!("How the licensees of {} stand: {}.", check.list_name, check.requirement_words),
        columns: columns.map(str::to_owned).to_vec(),
        rows: rows.into_iter().map(row_of_check).collect(),
        total: None,
    })
}

fn row_of_check(row: ResultRow) -> Vec<Figure> {
    let day = |day: Option<jiff::civil::Date>| day.map_or(Figure::None, |day| text(us_date(day)));
    let topics = topics_words(&row.found.topics);
    vec![
        text(row.license_number),
        text(row.name),
        text(row.found.standing.label()),
        day(row.found.cycle.map(|cycle| cycle.0)),
        day(row.found.cycle.map(|cycle| cycle.1)),
        Figure::Credits(row.found.required),
        Figure::Credits(row.found.counted),
        Figure::Credits(row.found.missing),
        text(topics),
    ]
}

/// `Opioids 2.00; Ethics 1.00`.
pub fn topics_words(topics: &[(String, Amount)]) -> String {
    topics.iter().map(|(topic, missing)| format!("{topic} {}", missing.fixed())).collect::<Vec<_>>().join("; ")
}

/// What a workbook of a check says on its first sheet.
pub fn about_check(app: &App, board: &str, check: &Check) -> Vec<(String, String)> {
    let line = |name: &str, value: String| (name.to_owned(), value);
    let mut about = vec![
        line("Board", board.to_owned()),
        line("List", check.list_name.clone()),
        line("Requirement", check.requirement_words.clone()),
        line("Cycle", super::checks::cycle_words(check.as_of, check.which)),
        line("Asked for", format!("{} by {}", app.clock.show(check.asked_at), check.asked_by_name)),
    ];
    if let Some(size) = check.ledger_size {
        about.push(line("Ledger", format!("{size} entries when the check began")));
    }
    about
}

/// How many licensees stand how, every standing once.
pub async fn tally(app: &App, check: &Check) -> Result<Vec<(Standing, i64)>> {
    let found = results::tally(&mut app.store.read().await?, check).await?;
    let count = |standing: Standing| found.iter().find(|(one, _)| *one == standing).map_or(0, |(_, count)| *count);
    Ok(STANDINGS.map(|standing| (standing, count(standing))).to_vec())
}

/// Topics of which licensees miss something: how many, most first.
pub async fn missing_topics(app: &App, check: &Check) -> Result<Vec<(String, i64)>> {
    let found = results::topics(&mut app.store.read().await?, check).await?;
    let mut counts: std::collections::BTreeMap<String, i64> = std::collections::BTreeMap::new();
    for (topic, _) in found.into_iter().flatten() {
        *counts.entry(topic).or_default() += 1;
    }
    let mut counts: Vec<(String, i64)> = counts.into_iter().collect();
    counts.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    Ok(counts)
}

/// Everything that fits, as it stands in the list.
pub fn all() -> Wanted {
    Wanted { standing: None, words: String::new(), sort: Sort::Row }
}
