//! `/board/statistics`: the board's licensees, and what its newest checks found.

use app::App;
use app::licensee_lists::tables;
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use domain::requirement::Standing;

use super::figures::{Shown, counts};
use crate::access::LicensingBoardVisitor;
use crate::pages::uploads::grouped;
use crate::{Chrome, Page, Result, When};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/board/statistics", get(show))
}

/// Checks that the table names.
const CHECKS: i64 = 12;

#[derive(Template)]
#[template(path = "board/statistics.html")]
struct Statistics {
    chrome: Chrome,
    board: String,
    licensees: String,
    active: String,
    lists_made: String,
    rate: String,
    checks: Vec<Row>,
    tables: Vec<Shown>,
}

struct Row {
    id: String,
    list: String,
    asked: When,
    licensees: String,
    met: String,
    rate: String,
}

/// Met or nothing required, of those of whom it is known, in whole percent.
fn rate(tally: &[(Standing, i64)]) -> String {
    let count = |wanted: &[Standing]| -> i64 {
        tally.iter().filter(|(standing, _)| wanted.contains(standing)).map(|(_, count)| count).sum()
    };
    let enough = count(&[Standing::Met, Standing::Exempt]);
    let known = enough + count(&[Standing::Missing, Standing::NotYetDue]);
    if known == 0 { "–".to_owned() } else { format!("{}%", enough * 100 / known) }
}

async fn show(State(app): State<App>, visitor: LicensingBoardVisitor, chrome: Chrome) -> Result<Page<impl Template>> {
    let scope = &visitor.scope;
    let mut tx = app.store.read().await?;
    let (licensees, active) = store::licensee_lists::licensee_counts(&mut tx, scope).await?;
    let lists = store::licensee_lists::count(&mut tx, scope).await?;
    let checks = store::licensee_lists::checks::newest(&mut tx, scope, CHECKS).await?;
    let years = store::licensee_lists::credit_by_year(&mut tx, scope).await?;
    drop(tx);
    let mut rows = Vec::new();
    let mut newest = None;
    for check in checks.iter().filter(|check| check.finished_at.is_some()) {
        let tally = tables::tally(&app, check).await?;
        let met = tally.iter().filter(|(one, _)| *one == Standing::Met).map(|(_, count)| count).sum::<i64>();
        rows.push(Row {
            id: check.id.to_string(),
            list: check.list_name.clone(),
            asked: When::of(&app, check.asked_at),
            licensees: grouped(check.total),
            met: grouped(met),
            rate: rate(&tally),
        });
        newest.get_or_insert((check, tally));
    }
    let mut shown = Vec::new();
    let mut newest_rate = "–".to_owned();
    if let Some((check, tally)) = newest {
        newest_rate = rate(&tally);
        let standings = tally.into_iter().map(|(standing, count)| (standing.label().to_owned(), count));
        let words = format!("Licensees of “{}” by standing.", check.list_name);
        shown.push(Shown::with_bars(&counts(
            "standings",
            "Newest check",
            &words,
            ["Standing", "Licensees"],
            standings,
        )));
        let topics = tables::missing_topics(&app, check).await?;
        if !topics.is_empty() {
            let words = format!("Licensees of “{}” who miss credit in a topic.", check.list_name);
            shown.push(Shown::with_bars(&counts("topics", "Topics missing", &words, ["Topic", "Licensees"], topics)));
        }
    }
    let years = years.into_iter().map(|(year, hundredths)| (year, hundredths / 100));
    let words = "AMA PRA Category 1 Credits on record of your licensees, by year of completion, in whole credits.";
    shown.push(Shown::with_bars(&counts("years", "Credit by year", words, ["Year", "Credits"], years)));
    Ok(Page(Statistics {
        chrome,
        board: visitor.session.organization.clone(),
        licensees: grouped(licensees),
        active: grouped(active),
        lists_made: grouped(lists),
        rate: newest_rate,
        checks: rows,
        tables: shown,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_of_those_of_whom_it_is_known() {
        assert_eq!(rate(&[(Standing::Met, 2), (Standing::Missing, 1), (Standing::NotKnown, 90)]), "66%");
        assert_eq!(rate(&[(Standing::NotKnown, 90)]), "–");
    }
}
