//! What an audit found, in figures: rates, credit, topics, how long decisions took; as tables for a page and a file.

use std::collections::BTreeMap;

use domain::access::LicensingBoardScope;
use domain::check::us_date;
use domain::license_audit::{ActKind, Decision};
use domain::{Amount, LicenseAuditId};
use formats::tables::{Figure, Table};
use store::license_audits::LicenseAudit;
use store::license_audits::acts;
use store::license_audits::cases::{self, Case};

use super::sample;
use crate::licensee_lists::checks::cycle_words;
use crate::licensee_lists::tables::{STANDINGS, topics_words};
use crate::licensee_lists::{self, MOST_ROWS};
use crate::{App, Error, Result};

const DAY: i64 = 24 * 3_600_000_000;

/// An audit in figures.
pub struct Report {
    pub audit: LicenseAudit,
    pub cases: Vec<Case>,
    /// Licensees by decision, every decision once; the last is of those not decided.
    pub decisions: Vec<(Option<Decision>, i64)>,
    /// Compliant of all that were decided compliant or deficient, in tenths of a percent.
    pub compliance: Option<i64>,
    /// Days from the draw to the decision that half of the decisions needed at most.
    pub median_days: Option<i64>,
    pub letters: i64,
    pub reminders: i64,
    pub resolved: i64,
    pub tables: Vec<Table>,
}

fn text(text: impl Into<String>) -> Figure {
    Figure::Text(text.into())
}

fn columns<const N: usize>(names: [&str; N]) -> Vec<String> {
    names.map(str::to_owned).to_vec()
}

/// The report of one of the board's audits, as it stands.
pub async fn report(app: &App, scope: &LicensingBoardScope, audit: LicenseAuditId) -> Result<Report> {
    let mut tx = app.store.read().await?;
    let audit = store::license_audits::find(&mut tx, scope, audit).await?.ok_or(Error::NotFound)?;
    let cases = cases::of_audit(&mut tx, scope, audit.id).await?;
    let acts = acts::count(&mut tx, scope, audit.id).await?;
    let acts = |kind: ActKind| acts.iter().find(|(one, _)| *one == kind).map_or(0, |(_, count)| *count);
    let count = |decision: Option<Decision>| cases.iter().filter(|case| case.decision == decision).count() as i64;
    let mut decisions: Vec<(Option<Decision>, i64)> =
        Decision::ALL.iter().map(|decision| (Some(*decision), count(Some(*decision)))).collect();
    decisions.push((None, count(None)));
    let (compliant, deficient) = (count(Some(Decision::Compliant)), count(Some(Decision::Deficient)));
    let mut days: Vec<i64> =
        cases.iter().filter_map(|case| Some((case.decided_at? - audit.made_at).max(0) / DAY)).collect();
    days.sort_unstable();
    let mut report = Report {
        compliance: share(compliant, compliant + deficient),
        median_days: days.get(days.len().saturating_sub(1) / 2).copied(),
        letters: acts(ActKind::Letter),
        reminders: acts(ActKind::Reminder),
        resolved: cases.iter().filter(|case| case.resolved_at.is_some()).count() as i64,
        decisions,
        tables: Vec::new(),
        audit,
        cases,
    };
    report.tables = vec![summary(&report), standings(&report), topics(&report), licensees(app, &report)];
    Ok(report)
}

/// In tenths of a percent, rounded; nothing of nothing.
fn share(part: i64, whole: i64) -> Option<i64> {
    (whole > 0).then(|| (part * 2_000 + whole) / (whole * 2))
}

fn summary(report: &Report) -> Table {
    let audit = &report.audit;
    let counted: i64 =
        report.cases.iter().filter_map(|case| case.found.as_ref()).map(|found| found.counted.hundredths()).sum();
    let assessed = report.cases.iter().filter(|case| case.found.is_some()).count() as i64;
    let mean = (assessed > 0).then(|| Amount::new(counted / assessed));
    let mut rows = vec![
        vec![text("Population"), Figure::Count(audit.population)],
        vec![text("Sample"), Figure::Count(audit.sample_size)],
    ];
    for (decision, count) in &report.decisions {
        let label = decision.map_or("Not decided", Decision::label);
        rows.push(vec![text(label), Figure::Count(*count)]);
    }
    rows.extend([
        vec![
            text("Compliant of compliant and deficient, percent"),
            report.compliance.map_or(Figure::None, Figure::Percent),
        ],
        vec![text("Mean credits counted"), mean.map_or(Figure::None, Figure::Credits)],
        vec![text("Median days to a decision"), report.median_days.map_or(Figure::None, Figure::Count)],
        vec![text("Letters"), Figure::Count(report.letters)],
        vec![text("Reminders"), Figure::Count(report.reminders)],
        vec![text("Resolved"), Figure::Count(report.resolved)],
    ]);
    Table {
        key: "summary",
        title: "Summary".into(),
        definition: "The sample by its last decision. Days run from the draw to the decision.".into(),
        columns: columns(["Figure", "Value"]),
        rows,
        total: None,
    }
}

fn standings(report: &Report) -> Table {
    let count = |standing| {
        let found = report.cases.iter().filter_map(|case| case.found.as_ref());
        found.filter(|found| found.standing == standing).count() as i64
    };
    let rows = STANDINGS.map(|standing| vec![text(standing.label()), Figure::Count(count(standing))]);
    Table {
        key: "standings",
        title: "By credit on record".into(),
        definition: "The sample by what the record says, as of the last comparison of each licensee.".into(),
        columns: columns(["Credit on record", "Licensees"]),
        rows: rows.to_vec(),
        total: None,
    }
}

fn topics(report: &Report) -> Table {
    let mut topics: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for (topic, missing) in report.cases.iter().filter_map(|case| case.found.as_ref()).flat_map(|found| &found.topics) {
        let (licensees, hundredths) = topics.entry(topic).or_default();
        *licensees += 1;
        *hundredths += missing.hundredths();
    }
    let mut rows: Vec<(&str, (i64, i64))> = topics.into_iter().collect();
    rows.sort_by(|one, other| other.1.0.cmp(&one.1.0).then_with(|| one.0.cmp(other.0)));
    let rows = rows.into_iter().map(|(topic, (licensees, missing))| {
        vec![text(topic), Figure::Count(licensees), Figure::Credits(Amount::new(missing))]
    });
    Table {
        key: "topics",
        title: "Topics missing".into(),
        definition: "Topics of the requirement of which licensees of the sample miss credit.".into(),
        columns: columns(["Topic", "Licensees", "Credits missing"]),
        rows: rows.collect(),
        total: None,
    }
}

fn licensees(app: &App, report: &Report) -> Table {
    let row = |case: &Case| {
        let found = case.found.as_ref();
        let credits = |amount: Option<Amount>| amount.map_or(Figure::None, Figure::Credits);
        let day =
            |at: Option<i64>| at.and_then(|at| app.clock.day_of(at)).map_or(Figure::None, |day| text(us_date(day)));
        vec![
            Figure::Count(case.place),
            text(&case.license_number),
            text(&case.name),
            text(found.map_or("Not compared yet", |found| found.standing.label())),
            credits(found.map(|found| found.required)),
            credits(found.map(|found| found.counted)),
            credits(found.map(|found| found.missing)),
            text(found.map(|found| topics_words(&found.topics)).unwrap_or_default()),
            text(case.decision.map_or("Not decided", Decision::label)),
            text(&case.reason),
            day(case.decided_at),
            text(&case.decided_by_name),
            case.due_on.map_or(Figure::None, |due| text(us_date(due))),
            day(case.resolved_at),
        ]
    };
    let names = [
        "Place",
        "License Number",
        "Licensee",
        "Credit on record",
        "Required",
        "Counted",
        "Missing",
        "Topics missing",
        "Decision",
        "Reason",
        "Decided on",
        "Decided by",
        "Due",
        "Resolved on",
    ];
    Table {
        key: "licensees",
        title: "Licensees".into(),
        definition: "Each licensee of the sample, in the order of the draw.".into(),
        columns: columns(names),
        rows: report.cases.iter().map(row).collect(),
        total: None,
    }
}

/// The report as an Excel workbook.
pub fn workbook(app: &App, board: &str, report: &Report) -> Result<Vec<u8>> {
    formats::tables::write_workbook(&about(app, board, &report.audit), &report.tables)
        .map_err(|error| Error::Internal(format!("a report could not be written: {error}")))
}

fn about(app: &App, board: &str, audit: &LicenseAudit) -> Vec<(String, String)> {
    let line = |name: &str, value: String| (name.to_owned(), value);
    let closed = audit.closed_at.map(|at| format!("{} by {}", app.clock.show(at), audit.closed_by_name));
    vec![
        line("Board", board.to_owned()),
        line("Audit", audit.name.clone()),
        line("List", audit.list_name.clone()),
        line("Requirement", audit.requirement_words.clone()),
        line("Cycle", cycle_words(audit.as_of, audit.which)),
        line("Drawn", format!("{} by {}", app.clock.show(audit.made_at), audit.made_by_name)),
        line("Closed", closed.unwrap_or_else(|| "under way".to_owned())),
        line("Seed", audit.seed.clone()),
        line("Digest of the population", audit.population_digest.clone()),
        line("How the sample was drawn", DRAW_WORDS.to_owned()),
    ]
}

/// How a sample is drawn, in words by which anybody can draw it again.
pub const DRAW_WORDS: &str = "For each license number of the population, SHA-256 of the seed, a line break and the \
                              number, written as hexadecimal digits. Sorted by this, the first are the sample. The \
                              digest of the population is SHA-256 of all its license numbers, sorted as text, each \
                              followed by a line break.";

/// The whole population in the order of the draw, by which anybody verifies the sample.
pub async fn draw(app: &App, scope: &LicensingBoardScope, audit: LicenseAuditId) -> Result<(LicenseAudit, Table)> {
    let mut tx = app.store.read().await?;
    let audit = store::license_audits::find(&mut tx, scope, audit).await?.ok_or(Error::NotFound)?;
    drop(tx);
    let list = licensee_lists::find(app, scope, audit.list).await?;
    let most = i64::try_from(MOST_ROWS).unwrap_or(i64::MAX);
    let matched = Some(domain::licensee_list::RowOutcome::Matched);
    let mut tx = app.store.read().await?;
    let population = store::licensee_lists::rows(&mut tx, scope, list.id, matched, 0, most).await?;
    let numbers: Vec<&str> = population.iter().map(|row| row.license_number.as_str()).collect();
    let order = sample::order(&audit.seed, &numbers);
    let rows = (1..).zip(order).filter_map(|(place, at)| {
        let number = numbers.get(at)?;
        let drawn = if place <= audit.sample_size { "Yes" } else { "No" };
        Some(vec![Figure::Count(place), text(*number), text(sample::draw_digest(&audit.seed, number)), text(drawn)])
    });
    let table = Table {
        key: "draw",
        title: "Draw".into(),
        definition: DRAW_WORDS.into(),
        columns: columns(["Place", "License Number", "SHA-256 of seed and number", "In the sample"]),
        rows: rows.collect(),
        total: None,
    };
    Ok((audit, table))
}
