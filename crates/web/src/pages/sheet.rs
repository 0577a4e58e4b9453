//! The transcript as a page shows it: one sheet for the physician's own and for a board's view of a
//! licensee, so that both read the same paper. Included by templates as `transcripts/sheet.html`.

use app::App;
use app::transcripts::{Official, notes, range_words};
use domain::check::us_date;
use domain::credit::{Completion, Credit, CreditStatus, Kind};
use domain::reference::Reference;
use domain::transcript::{Filter, HEADING, credit_lines};
use serde::Deserialize;

use crate::When;

/// The filter of a transcript's address. Nonsense counts as not given.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub(super) struct FilterQuery {
    pub from: String,
    pub until: String,
    /// `CME` or a board's code.
    pub kind: String,
}

impl FilterQuery {
    pub fn filter(&self) -> Filter {
        let date = |text: &str| text.trim().parse().ok();
        let kind = Kind::read(self.kind.trim()).filter(|kind| *kind != Kind::Rems);
        Filter { from: date(&self.from), until: date(&self.until), kind }
    }

    /// The filter as the end of an address, for the downloads: empty or `?from=...`.
    pub fn as_query(&self) -> String {
        let Filter { from, until, kind } = self.filter();
        let parts = [
            from.map(|from| format!("from={from}")),
            until.map(|until| format!("until={until}")),
            kind.map(|kind| format!("kind={}", kind.key())),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) }
    }
}

/// What `transcripts/sheet.html` shows.
pub(super) struct Sheet {
    pub heading: &'static str,
    pub physician: String,
    pub range: String,
    pub licenses: Vec<String>,
    pub certifications: Vec<String>,
    pub totals: Vec<(String, String)>,
    pub rows: Vec<Row>,
    /// What the statuses and marks in the table mean.
    pub notes: Vec<String>,
    pub issued: When,
    pub verify_address: String,
    pub code: String,
    pub is_filtered: bool,
}

pub(super) struct Row {
    pub machine_date: String,
    pub date: String,
    pub title: String,
    pub provider: String,
    pub credits: Vec<Shown>,
}

/// One credit: its lines, and its status as shape and word.
pub(super) struct Shown {
    pub amount: String,
    pub types: Vec<String>,
    pub status_kind: &'static str,
    pub status: String,
    pub note: String,
}

impl Sheet {
    pub fn of(app: &App, official: &Official) -> Self {
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
            rows: transcript.completions.iter().map(|completion| row(completion, &reference)).collect(),
            notes: notes(&transcript.completions),
            issued: When::of(app, official.issued_at),
            verify_address: app.config.link("/verify"),
            code: official.code.clone(),
            is_filtered: transcript.filter != Filter::default(),
        }
    }
}

pub(super) fn row(completion: &Completion, reference: &Reference) -> Row {
    Row {
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

/// What the filter offers: CME, and each board that the physician has to do with.
pub(super) fn kinds(app: &App, official: &Official) -> Vec<(String, String)> {
    let reference = app.reference.get();
    let mut boards: Vec<domain::Board> = official.certifications.iter().map(|held| held.board).collect();
    let credits = official.transcript.completions.iter().flat_map(|completion| &completion.credits);
    boards.extend(credits.filter_map(|credit| credit.kind.board()));
    boards.extend(official.transcript.filter.kind.and_then(|kind| kind.board()));
    boards.sort_unstable();
    boards.dedup();
    let all = [(String::new(), "All credit".to_owned()), ("CME".to_owned(), "CME credits".to_owned())];
    let points =
        boards.into_iter().map(|board| (board.to_string(), format!("{} points", reference.board_label(board))));
    all.into_iter().chain(points).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(from: &str, until: &str, kind: &str) -> FilterQuery {
        FilterQuery { from: from.into(), until: until.into(), kind: kind.into() }
    }

    #[test]
    fn nonsense_in_an_address_shows_everything() {
        assert_eq!(query("soon", "2026-02-30", "?!").filter(), Filter::default());
        assert_eq!(query("", "", "REMS").as_query(), "");
    }

    #[test]
    fn a_filter_survives_as_an_address() {
        let given = query(" 2026-01-01", "2026-12-31", "abim");
        assert_eq!(given.as_query(), "?from=2026-01-01&until=2026-12-31&kind=ABIM");
    }
}
