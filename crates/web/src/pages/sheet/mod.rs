//! The transcript as a page shows it: one paper for the physician's own and for a board's view of a licensee, the form
//! that chooses what is on it, and its files.

mod paper;

use app::transcripts::{self, Official};
use app::{App, Fault};
use axum::response::Response;
use domain::ProviderId;
use domain::check::us_date;
use domain::credit::Kind;
use domain::transcript::Filter;
use jiff::civil::Date;
use serde::Deserialize;

pub(super) use self::paper::{Row, html, row};
use crate::{Faults, Result, download};

/// The filter of a transcript's address. A day that is none is refused, so that nobody takes a whole transcript for
/// the part they asked for; a kind of credit or a provider that does not exist counts as not given.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub(super) struct FilterQuery {
    pub from: String,
    pub until: String,
    /// `CME` or a board's code.
    pub kind: String,
    /// A provider's ID.
    pub provider: String,
}

impl FilterQuery {
    /// The filter.
    ///
    /// Errors: `Invalid` on `from` and `until`.
    pub fn filter(&self) -> Result<Filter, app::Error> {
        let mut faults = Vec::new();
        let mut day = |field: &'static str, text: &str| match date(text) {
            Ok(date) => date,
            Err(()) => {
                let message = format!("{} is not a day of the calendar. Write it as 03/14/2026.", text.trim());
                faults.push(Fault::new(field, message));
                None
            }
        };
        let (from, until) = (day("from", &self.from), day("until", &self.until));
        if let (Some(from), Some(until)) = (from, until)
            && from > until
        {
            let message = format!("{} is before {}. Write a later day.", us_date(until), us_date(from));
            faults.push(Fault::new("until", message));
        }
        if !faults.is_empty() {
            return Err(app::Error::Invalid(faults));
        }
        let kind = Kind::read(self.kind.trim()).filter(|kind| *kind != Kind::Rems);
        let provider = self.provider.trim().parse().ok();
        Ok(Filter { from, until, kind, provider, completion: None })
    }

    /// The filter as the end of an address, for the downloads: empty or `?from=...`.
    pub fn as_query(&self) -> String {
        let Ok(Filter { from, until, kind, provider, .. }) = self.filter() else { return String::new() };
        let parts = [
            from.map(|from| format!("from={from}")),
            until.map(|until| format!("until={until}")),
            kind.map(|kind| format!("kind={}", kind.key())),
            provider.map(|provider| format!("provider={provider}")),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) }
    }
}

/// A day as browsers send it or as people write it; nothing if nothing was typed.
fn date(text: &str) -> std::result::Result<Option<Date>, ()> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().or_else(|_| Date::strptime("%m/%d/%Y", text)).map(Some).map_err(|_| ())
}

/// A transcript as a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileForm {
    Pdf,
    Json,
    Csv,
    Xlsx,
}

impl FileForm {
    /// By the end of an address.
    pub fn read(ending: &str) -> Option<Self> {
        [Self::Pdf, Self::Json, Self::Csv, Self::Xlsx].into_iter().find(|form| form.ending() == ending)
    }

    fn ending(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }
}

/// Any official transcript as a file to take away, whoever may have it.
pub(super) async fn file(app: &App, official: &Official, form: FileForm) -> Result<Response> {
    let (content_type, bytes) = match form {
        FileForm::Pdf => ("application/pdf", transcripts::pdf(app, official).await?),
        FileForm::Json => ("application/json", transcripts::json(app, std::slice::from_ref(official))?.into_bytes()),
        FileForm::Csv => ("text/csv; charset=utf-8", transcripts::csv(app, official)?),
        FileForm::Xlsx => (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            transcripts::workbook(app, official).await?,
        ),
    };
    Ok(download::bytes(&format!("transcript-{}.{}", official.code, form.ending()), content_type, bytes))
}

/// The form that chooses credits, as `transcripts/filter.html` shows it.
pub(super) struct Choice {
    pub given: FilterQuery,
    pub faults: Faults,
    pub kinds: Vec<(String, String)>,
    pub providers: Vec<(String, String)>,
    /// What was chosen, for the addresses of downloads.
    pub query: String,
}

impl Choice {
    pub fn of(app: &App, given: FilterQuery, official: &Official) -> Self {
        let query = given.as_query();
        Self { kinds: kinds(app, official), providers: providers(official), faults: Faults::none(), given, query }
    }

    /// For a choice that was refused: nothing was looked up.
    pub fn refused(given: FilterQuery, faults: Faults) -> Self {
        let kept = |value: &str, any: &str| {
            let any = (String::new(), any.to_owned());
            if value.is_empty() { vec![any] } else { vec![any, (value.to_owned(), value.to_owned())] }
        };
        Self {
            kinds: kept(&given.kind, "All credit"),
            providers: kept(&given.provider, "All providers"),
            given,
            faults,
            query: String::new(),
        }
    }
}

/// What the filter offers: CME, and each board that the physician has to do with.
fn kinds(app: &App, official: &Official) -> Vec<(String, String)> {
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

/// The providers on the transcript, and the one that was chosen.
fn providers(official: &Official) -> Vec<(String, String)> {
    let completions = &official.transcript.completions;
    let mut named: Vec<(ProviderId, &str)> =
        completions.iter().map(|one| (one.provider, one.provider_name.as_str())).collect();
    named.sort_unstable_by(|a, b| a.1.cmp(b.1).then(a.0.cmp(&b.0)));
    named.dedup_by_key(|(provider, _)| *provider);
    let chosen = official.transcript.filter.provider.filter(|_| named.is_empty());
    let all = (String::new(), "All providers".to_owned());
    let named = named.into_iter().map(|(provider, name)| (provider.to_string(), name.to_owned()));
    let chosen = chosen.map(|provider| (provider.to_string(), format!("Provider {provider}")));
    std::iter::once(all).chain(named).chain(chosen).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(from: &str, until: &str, kind: &str) -> FilterQuery {
        FilterQuery { from: from.into(), until: until.into(), kind: kind.into(), provider: String::new() }
    }

    #[test]
    fn a_day_that_is_none_is_refused_beside_its_field() {
        let fields = |given: FilterQuery| match given.filter() {
            Err(app::Error::Invalid(faults)) => faults.into_iter().map(|fault| fault.field).collect::<Vec<_>>(),
            _ => vec![],
        };
        assert_eq!(fields(query("soon", "2026-02-30", "")), ["from", "until"]);
        assert_eq!(fields(query("2026-03-01", "02/28/2026", "")), ["until"]);
        assert!(fields(query(" ", "02/28/2026", "?!")).is_empty());
        assert_eq!(query("", "", "REMS").as_query(), "");
    }

    #[test]
    fn a_filter_survives_as_an_address() {
        let given = FilterQuery { provider: "0000001".into(), ..query(" 2026-01-01", "12/31/2026", "abim") };
        assert_eq!(given.as_query(), "?from=2026-01-01&until=2026-12-31&kind=ABIM&provider=0000001");
    }
}
