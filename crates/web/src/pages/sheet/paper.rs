//! The paper itself, as `transcripts/sheet.html` prints it: the field's own layout, from heading to verification code.

use std::sync::Arc;

use app::App;
use app::transcripts::{Official, notes, range_words};
use askama::Template;
use domain::check::us_date;
use domain::credit::{Completion, Credit, CreditStatus, Kind};
use domain::reference::Reference;
use domain::transcript::{Filter, HEADING, credit_lines};

use crate::{Result, When};

#[derive(Template)]
#[template(path = "transcripts/sheet.html")]
struct Paper {
    sheet: Sheet,
}

/// A transcript as HTML for a page to put in as it is, made once for as long as the transcript stands. Each completion
/// leads to a page of its own below the address, if there is one.
pub(in crate::pages) fn html(app: &App, official: &Official, below: &str) -> Result<Arc<str>> {
    if let Some(made) = official.page.get(below) {
        return Ok(made);
    }
    let made = Paper { sheet: Sheet::of(app, official, below) }.render();
    let made = made.map_err(|error| app::Error::Internal(format!("a transcript could not be rendered: {error}")))?;
    let made: Arc<str> = made.into();
    official.page.put(below, &made);
    Ok(made)
}

struct Sheet {
    heading: &'static str,
    physician: String,
    range: String,
    licenses: Vec<String>,
    certifications: Vec<String>,
    totals: Vec<(String, String)>,
    rows: Vec<Row>,
    /// What the statuses and marks in the table mean.
    notes: Vec<String>,
    issued: When,
    verify_address: String,
    code: String,
    is_filtered: bool,
}

pub(in crate::pages) struct Row {
    /// The page about this completion alone, on pages that have one.
    pub href: String,
    pub machine_date: String,
    pub date: String,
    pub title: String,
    pub provider: String,
    pub credits: Vec<Shown>,
}

/// One credit: its lines, and its status as shape and word.
pub(in crate::pages) struct Shown {
    pub amount: String,
    pub types: Vec<String>,
    pub status_kind: &'static str,
    pub status: String,
    pub note: String,
}

impl Sheet {
    fn of(app: &App, official: &Official, below: &str) -> Self {
        let reference = app.reference.get();
        let transcript = &official.transcript;
        let licenses = official.licenses.iter().map(|held| format!("{}, {}", held.board_name, held.number));
        let certifications =
            official.certifications.iter().map(|held| format!("{}, {}", held.board_name, held.diplomate_id));
        Self {
            heading: HEADING,
            physician: transcript.holder.name.clone(),
            range: range_words(&transcript.filter, &reference),
            licenses: licenses.collect(),
            certifications: certifications.collect(),
            totals: transcript.totals.iter().map(|total| (total.label.clone(), total.amount.fixed())).collect(),
            rows: transcript
                .completions
                .iter()
                .map(|completion| {
                    let href = if below.is_empty() { String::new() } else { format!("{below}/{}", completion.id) };
                    Row { href, ..row(completion, &reference) }
                })
                .collect(),
            notes: notes(&transcript.completions),
            issued: When::of(app, official.issued_at),
            verify_address: app.config.link("/verify"),
            code: official.code.clone(),
            is_filtered: transcript.filter != Filter::default(),
        }
    }
}

pub(in crate::pages) fn row(completion: &Completion, reference: &Reference) -> Row {
    Row {
        href: String::new(),
        machine_date: completion.completed_on.to_string(),
        date: us_date(completion.completed_on),
        title: completion.title.clone(),
        provider: completion.provider_name.clone(),
        credits: completion.credits.iter().map(|credit| shown(credit, reference)).collect(),
    }
}

fn shown(credit: &Credit, reference: &Reference) -> Shown {
    let mut lines = credit_lines(credit, reference).into_iter();
    let amount = lines.next().unwrap_or_default();
    let label = match credit.kind {
        Kind::Moc(board) => format!(" by {}", reference.board_label(board)),
        Kind::Cme | Kind::Rems => String::new(),
    };
    let (status_kind, status, note) = match credit.status {
        CreditStatus::Accepted => ("good", format!("Accepted{label}"), String::new()),
        CreditStatus::Pending => ("waiting", format!("Pending{}", label.replace(" by ", " at ")), String::new()),
        CreditStatus::Rejected => {
            let note = match credit.reason.is_empty() {
                true => "Not counted.".to_owned(),
                false => format!("{}. Not counted.", credit.reason.trim_end_matches('.')),
            };
            ("bad", format!("Rejected{label}"), note)
        }
    };
    Shown { amount, types: lines.collect(), status_kind, status, note }
}
