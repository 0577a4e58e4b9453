//! The part of an import's page that changes while a job works on it: how far it is, what would change, what became
//! of the rows.

use app::App;
use app::rosters::imports::{IssuerPreview, Preview, RegistryImport, State, preview_of};
use askama::Template;

use super::state_words;
use crate::Result;
use crate::pages::uploads::grouped;

#[derive(Template)]
#[template(path = "rosters/progress.html")]
pub(super) struct Progress {
    pub(super) id: String,
    pub(super) base: &'static str,
    pub(super) is_done: bool,
    status: (&'static str, &'static str),
    title: &'static str,
    pub(super) say: String,
    pub(super) tab: String,
    share: u64,
    figures: Vec<(&'static str, String)>,
    refusal: String,
    is_refused: bool,
    is_stopped: bool,
    problems: Vec<Problem>,
    refused: i64,
    refused_shown: String,
    more_problems: String,
    review: i64,
    is_staff: bool,
}

struct Problem {
    row: String,
    column: String,
    given: String,
    message: String,
    remedy: String,
}

/// Rows with problems on the page; the download has them all.
const SHOWN: usize = 50;

impl Progress {
    pub(super) fn of(app: &App, base: &'static str, import: &RegistryImport) -> Result<Self> {
        let is_running = import.state.is_running();
        let title = match (import.state, import.stand.stage.as_str()) {
            (State::Comparing, "") => "Waiting for its turn",
            (State::Comparing, _) | (State::Importing, "comparing") => "Comparing the file with the registry",
            (State::Importing, "waiting") => "Asking again about rows that waited for the rest of the file",
            (State::Importing, "ending") => "Ending what the roster does not name",
            (State::Importing, "") => "Waiting for its turn",
            (State::Importing, _) => "Importing rows",
            (State::Compared, _) => "Nothing is changed yet",
            (State::Done, _) => "The roster is in the registry",
            (State::Stopped, _) => "This roster was not let in",
            (State::Refused, _) => "The file was refused",
        };
        let stand = &import.stand;
        let share = match is_running {
            true => (stand.done.saturating_mul(100) / stand.of.max(1)).clamp(0, 99).unsigned_abs(),
            false => 100,
        };
        let counts = &import.counts;
        let preview = preview_of(import)?;
        let say = match is_running {
            true => format!("{title}: {share} percent."),
            false => format!("{title}. {} rows, {} with problems.", grouped(counts.rows), grouped(counts.refused)),
        };
        let hidden = counts.refused - i64::try_from(import.problems.len().min(SHOWN)).unwrap_or(i64::MAX);
        Ok(Self {
            id: import.id.to_string(),
            base,
            is_done: !is_running,
            status: state_words(import),
            title,
            say,
            tab: if is_running { format!("{share}%: {}", import.file_name) } else { import.file_name.clone() },
            share,
            figures: figures(app, import, preview.as_ref()),
            refusal: import.refusal.clone(),
            is_refused: import.state == State::Refused,
            is_stopped: import.state == State::Stopped,
            problems: import.problems.iter().take(SHOWN).map(problem).collect(),
            refused: counts.refused,
            refused_shown: grouped(counts.refused),
            more_problems: if hidden > 0 { grouped(hidden) } else { String::new() },
            review: counts.review,
            is_staff: base == "/admin/imports",
        })
    }
}

fn problem(row: &app::rosters::imports::RowProblem) -> Problem {
    Problem {
        row: if row.row == 0 { "The file".to_owned() } else { grouped(i64::try_from(row.row).unwrap_or(i64::MAX)) },
        column: row.column.clone(),
        given: row.given.clone(),
        message: row.message.clone(),
        remedy: row.remedy.clone(),
    }
}

fn count(number: u64) -> String {
    grouped(i64::try_from(number).unwrap_or(i64::MAX))
}

fn figures(app: &App, import: &RegistryImport, preview: Option<&Preview>) -> Vec<(&'static str, String)> {
    let counts = &import.counts;
    let mut figures = match (import.state, preview) {
        (State::Compared | State::Stopped, Some(preview)) => vec![
            ("Rows", count(preview.rows)),
            ("As they stand", count(preview.same)),
            ("Would change", count(preview.changed)),
            ("Would end", count(preview.ends())),
            ("New numbers, about", count(preview.to_known + preview.to_new)),
            ("To be looked at, at most", count(preview.unclear)),
            ("Names that differ", count(preview.names_differ)),
            ("With problems", count(preview.refused)),
        ],
        (State::Importing | State::Done, _) => vec![
            ("Rows read", grouped(if import.state == State::Done { counts.rows } else { import.stand.done })),
            ("New physicians", grouped(counts.added_new)),
            ("Added to known physicians", grouped(counts.attached)),
            ("Changed", grouped(counts.updated)),
            ("Ended", grouped(counts.ended)),
            ("As they were", if import.state == State::Done { grouped(counts.unchanged()) } else { "…".to_owned() }),
            ("To the review list", grouped(counts.newly_in_review)),
            ("With problems", grouped(counts.refused)),
        ],
        _ => vec![("Rows read", grouped(import.stand.done))],
    };
    figures.extend(speed(app, import));
    figures
}

/// Rows per second, and while it runs, the time left by the rows that are left.
fn speed(app: &App, import: &RegistryImport) -> Vec<(&'static str, String)> {
    let Some(started) = import.started_at else { return Vec::new() };
    let micros = import.finished_at.unwrap_or_else(|| app.clock.now()) - started;
    let done = if import.state == State::Done { import.counts.rows } else { import.stand.done };
    if micros < 1_000 || done == 0 || !(import.state.is_running() || import.state == State::Done) {
        return Vec::new();
    }
    let mut figures = vec![("Rows per second", grouped(done.saturating_mul(1_000_000) / micros))];
    if import.state.is_running() {
        let left = (import.stand.of - done).max(0).saturating_mul(micros) / done / 1_000_000;
        figures.push(("Time left", crate::pages::uploads::duration(left)));
    }
    figures
}

/// What a roster would do to one state's or board's, for the page.
pub(super) struct IssuerRow {
    pub(super) code: String,
    pub(super) rows: String,
    pub(super) active: String,
    pub(super) ended: String,
    pub(super) absent: String,
    pub(super) share: String,
    pub(super) is_braked: bool,
}

pub(super) fn issuer_row(issuer: &IssuerPreview, ends_absent: bool) -> IssuerRow {
    let ends = issuer.ends(ends_absent);
    let tenths = (ends * 1_000).checked_div(issuer.active).unwrap_or_default();
    IssuerRow {
        code: issuer.code.clone(),
        rows: count(issuer.rows),
        active: count(issuer.active),
        ended: count(issuer.ended),
        absent: count(issuer.absent),
        share: format!("{}.{}%", tenths / 10, tenths % 10),
        is_braked: issuer.is_braked,
    }
}
