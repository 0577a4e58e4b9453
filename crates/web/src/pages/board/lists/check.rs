//! One check: live progress, then the compliance table with plots, what changed since the check before, downloads,
//! and each licensee with the explanation.

use app::App;
use app::licensee_lists::assessing::Rules;
use app::licensee_lists::{checks, tables};
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::get;
use domain::requirement::Standing;
use domain::{ComplianceCheckId, PhysicianId};
use serde::Deserialize;
use store::licensee_lists::checks::Check;
use store::licensee_lists::results::{self, Changed, ResultRow, Sort, Wanted};

use super::{PAGE, page_of, pages};
use crate::access::LicensingBoardVisitor;
use crate::addresses::encoded;
use crate::pages::board::evidence::{Figures, Trace};
use crate::pages::board::figures::{Shown, counts};
use crate::pages::uploads::grouped;
use crate::{Chrome, Fragment, Page, Result, When};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/board/lists/checks/{check}", get(show))
        .route("/board/lists/checks/{check}/progress", get(progress))
        .route("/board/lists/checks/{check}/results.xlsx", get(xlsx))
        .route("/board/lists/checks/{check}/results.csv", get(csv))
        .route("/board/lists/checks/{check}/licensees/{licensee}", get(licensee))
}

/// Changes since the check before that the page names.
const CHANGES: i64 = 200;

#[derive(Deserialize, Default)]
struct Asked {
    standing: Option<String>,
    words: Option<String>,
    sort: Option<String>,
    page: Option<u64>,
}

impl Asked {
    fn wanted(&self) -> Wanted {
        Wanted {
            standing: self.standing.as_deref().and_then(Standing::read),
            words: self.words.clone().unwrap_or_default().trim().chars().take(100).collect(),
            sort: match self.sort.as_deref() {
                Some("name") => Sort::Name,
                Some("missing") => Sort::Missing,
                _ => Sort::Row,
            },
        }
    }
}

/// The filter as parameters, each ended by `&`.
fn parameters(wanted: &Wanted) -> String {
    let mut text = String::new();
    if let Some(standing) = wanted.standing {
        text.push_str(&format!("standing={}&", standing.code()));
    }
    if !wanted.words.is_empty() {
        text.push_str(&format!("words={}&", encoded(&wanted.words)));
    }
    text
}

fn sort_code(sort: Sort) -> &'static str {
    match sort {
        Sort::Row => "row",
        Sort::Name => "name",
        Sort::Missing => "missing",
    }
}

#[derive(Template)]
#[template(path = "board/lists/check.html")]
struct ShowCheck {
    chrome: Chrome,
    id: String,
    list: String,
    list_name: String,
    cycle: String,
    requirement: String,
    is_example: bool,
    asked: When,
    by: String,
    ledger: String,
    progress: Progress,
    is_done: bool,
    total: String,
    /// Code, label, count, whether it is shown.
    standings: Vec<(&'static str, &'static str, String, bool)>,
    plots: Vec<Shown>,
    given: Wanted,
    standing: String,
    rows: Vec<Row>,
    count: String,
    page: u64,
    pages: u64,
    href: String,
    /// The list sorted by name, and by what is missing.
    by_name: (String, &'static str),
    by_missing: (String, &'static str),
    query: String,
    /// When the check before was, and who stands otherwise since.
    before: Option<(String, When, Vec<ChangeRow>)>,
    again: (String, &'static str),
}

struct Row {
    licensee: String,
    name: String,
    license: String,
    kind: &'static str,
    word: &'static str,
    cycle: String,
    required: String,
    counted: String,
    missing: String,
    topics: String,
}

struct ChangeRow {
    licensee: String,
    name: String,
    license: String,
    before: String,
    now: String,
}

/// What changes while licensees are checked: the answer of the progress address.
#[derive(Template)]
#[template(path = "board/lists/progress.html")]
struct Progress {
    title: &'static str,
    say: String,
    tab: String,
    share: u64,
    is_done: bool,
    settled: String,
    total: String,
    address: String,
}

impl Progress {
    fn of(check: &Check) -> Self {
        let is_done = check.finished_at.is_some();
        let share = match (is_done, check.total) {
            (true, _) => 100,
            (false, total) => (check.settled * 100 / total.max(1)).clamp(0, 99).unsigned_abs(),
        };
        let title = match (is_done, check.settled) {
            (true, _) => "All licensees are checked",
            (false, 0) => "Waiting for its turn",
            (false, _) => "Checking licensees",
        };
        Self {
            title,
            say: format!("{title}. {} of {}.", grouped(check.settled), grouped(check.total)),
            tab: if is_done { check.list_name.clone() } else { format!("{share}%: {}", check.list_name) },
            share,
            is_done,
            settled: grouped(check.settled),
            total: grouped(check.total),
            address: format!("/board/lists/checks/{}", check.id),
        }
    }
}

async fn progress(
    State(app): State<App>,
    visitor: LicensingBoardVisitor,
    Path(check): Path<ComplianceCheckId>,
) -> Result<Fragment<impl Template>> {
    Ok(Fragment(Progress::of(&checks::find(&app, &visitor.scope, check).await?)))
}

async fn show(
    State(app): State<App>,
    visitor: LicensingBoardVisitor,
    chrome: Chrome,
    Path(check): Path<ComplianceCheckId>,
    Query(asked): Query<Asked>,
) -> Result<Page<impl Template>> {
    let check = checks::find(&app, &visitor.scope, check).await?;
    let wanted = asked.wanted();
    let mut tx = app.store.read().await?;
    let count = results::count(&mut tx, &check, &wanted).await?;
    let (page, start) = page_of(asked.page, count);
    let rows = results::list(&mut tx, &check, &wanted, PAGE, start).await?;
    let before = match check.finished_at {
        Some(_) => store::licensee_lists::checks::before(&mut tx, &visitor.scope, &check).await?,
        None => None,
    };
    let before = match before {
        Some(earlier) => {
            let changed = results::changed(&mut tx, &earlier, &check, CHANGES).await?;
            let rows = changed.into_iter().map(change).collect();
            Some((earlier.id.to_string(), When::of(&app, earlier.asked_at), rows))
        }
        None => None,
    };
    drop(tx);
    let tally = tables::tally(&app, &check).await?;
    let topics = tables::missing_topics(&app, &check).await?;
    let filter = parameters(&wanted);
    let address = format!("/board/lists/checks/{}", check.id);
    let sorted = |sort: Sort| {
        let direction = match (wanted.sort == sort, sort) {
            (true, Sort::Missing) => "descending",
            (true, _) => "ascending",
            (false, _) => "",
        };
        let next = if wanted.sort == sort { Sort::Row } else { sort };
        (format!("{address}?{filter}sort={}", sort_code(next)), direction)
    };
    Ok(Page(ShowCheck {
        chrome,
        id: check.id.to_string(),
        list: check.list.to_string(),
        list_name: check.list_name.clone(),
        cycle: checks::cycle_words(check.as_of, check.which),
        requirement: check.requirement_words.clone(),
        is_example: Rules::read(&check.requirement)?.is_example(),
        asked: When::of(&app, check.asked_at),
        by: check.asked_by_name.clone(),
        ledger: check.ledger_size.map(grouped).unwrap_or_default(),
        progress: Progress::of(&check),
        is_done: check.finished_at.is_some(),
        total: grouped(check.total),
        plots: plots(&tally, topics),
        standings: tally
            .iter()
            .filter(|(_, count)| *count > 0)
            .map(|(one, count)| (one.code(), one.label(), grouped(*count), wanted.standing == Some(*one)))
            .collect(),
        standing: wanted.standing.map(|one| one.code().to_owned()).unwrap_or_default(),
        rows: rows.into_iter().map(row).collect(),
        count: grouped(count),
        page,
        pages: pages(count),
        href: format!("{address}?{filter}sort={}&page=", sort_code(wanted.sort)),
        by_name: sorted(Sort::Name),
        by_missing: sorted(Sort::Missing),
        query: format!("?{filter}sort={}", sort_code(wanted.sort)),
        before,
        again: (app.clock.today().to_string(), check.which.code()),
        given: wanted,
    }))
}

fn plots(tally: &[(Standing, i64)], topics: Vec<(String, i64)>) -> Vec<Shown> {
    let standings = tally.iter().map(|(standing, count)| (standing.label().to_owned(), *count));
    let by_standing = counts(
        "standings",
        "Licensees by standing",
        "How the licensees of the list stand in the cycle that was looked at.",
        ["Standing", "Licensees"],
        standings,
    );
    let mut shown = vec![Shown::with_bars(&by_standing)];
    if !topics.is_empty() {
        let by_topic = counts(
            "topics",
            "Topics missing",
            "Topics that your requirement asks of everybody, and how many licensees miss credit in each.",
            ["Topic", "Licensees"],
            topics,
        );
        shown.push(Shown::with_bars(&by_topic));
    }
    shown
}

fn row(row: ResultRow) -> Row {
    let found = Figures::of(&row.found);
    Row {
        licensee: row.physician.to_string(),
        name: row.name,
        license: row.license_number,
        kind: found.kind,
        word: found.word,
        cycle: found.cycle,
        required: found.required,
        counted: found.counted,
        missing: found.missing,
        topics: found.topics,
    }
}

fn change(changed: Changed) -> ChangeRow {
    let words = |(standing, counted): (Standing, domain::Amount)| format!("{}, {}", standing.label(), counted.fixed());
    ChangeRow {
        licensee: changed.physician.to_string(),
        name: changed.name,
        license: changed.license_number,
        before: words(changed.before),
        now: words(changed.now),
    }
}

async fn xlsx(
    State(app): State<App>,
    visitor: LicensingBoardVisitor,
    Path(check): Path<ComplianceCheckId>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    file(&app, &visitor, check, &asked, "xlsx").await
}

async fn csv(
    State(app): State<App>,
    visitor: LicensingBoardVisitor,
    Path(check): Path<ComplianceCheckId>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    file(&app, &visitor, check, &asked, "csv").await
}

async fn file(
    app: &App,
    visitor: &LicensingBoardVisitor,
    check: ComplianceCheckId,
    asked: &Asked,
    format: &'static str,
) -> Result<Response> {
    let check = checks::find(app, &visitor.scope, check).await?;
    let table = tables::of_check(app, &check, &asked.wanted()).await?;
    let about = tables::about_check(app, &visitor.session.organization, &check);
    super::show::file("compliance", table, about, format).await
}

#[derive(Template)]
#[template(path = "board/lists/licensee.html")]
struct ShowLicensee {
    chrome: Chrome,
    check: String,
    list_name: String,
    licensee: String,
    name: String,
    license: String,
    found: Figures,
    asked: When,
    cycle: String,
    requirement: String,
    /// How the licensee stands now by the same rules; `None` if the board may not read the record any more.
    now: Option<(Figures, Trace)>,
    has_changed: bool,
}

async fn licensee(
    State(app): State<App>,
    visitor: LicensingBoardVisitor,
    chrome: Chrome,
    Path((check, licensee)): Path<(ComplianceCheckId, PhysicianId)>,
) -> Result<Page<impl Template>> {
    let explained = checks::explain(&app, &visitor.session.actor, &visitor.scope, check, licensee).await?;
    let (check, row) = (&explained.check, explained.row.clone());
    let now = explained.assessed(&app).map(|(assessed, record)| {
        let figures = app::licensee_lists::assessing::figures(&assessed, &app.reference.get());
        (figures, Trace::of(&app, &assessed, record))
    });
    let has_changed = now.as_ref().is_some_and(|(figures, _)| *figures != row.found);
    Ok(Page(ShowLicensee {
        chrome,
        check: check.id.to_string(),
        list_name: check.list_name.clone(),
        licensee: row.physician.to_string(),
        found: Figures::of(&row.found),
        name: row.name,
        license: row.license_number,
        asked: When::of(&app, check.asked_at),
        cycle: checks::cycle_words(check.as_of, check.which),
        requirement: check.requirement_words.clone(),
        now: now.map(|(figures, trace)| (Figures::of(&figures), trace)),
        has_changed,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_survives_its_own_address() {
        let asked = Asked { standing: Some("missing".into()), words: Some(" O’B & co ".into()), ..Asked::default() };
        let wanted = asked.wanted();
        assert_eq!(wanted.standing, Some(Standing::Missing));
        assert_eq!(parameters(&wanted), "standing=missing&words=O%E2%80%99B%20%26%20co&");
        let nonsense = Asked { standing: Some("x".into()), sort: Some("x".into()), ..Asked::default() };
        assert_eq!(nonsense.wanted(), Wanted::default());
    }
}
