//! `/provider/validate`: learners checked before any credit exists, pasted or from a file.
//!
//! Nothing of it is kept here but the log, so the answer's page itself carries the table that a download is made
//! of: the browser sends it back.

use app::prevalidation::{self, Answer, Asked, MOST_IN_FILE, Outcome, Tally};
use app::uploads::{Staged, stage};
use app::{App, Error, Fault};
use askama::Template;
use axum::Router;
use axum::extract::multipart::Field as Part;
use axum::extract::{Multipart, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use domain::Field;
use domain::report::Learner;
use formats::tables::{Figure, Table, write_csv, write_workbook};
use futures::{StreamExt, future};

use crate::access::Reporter;
use crate::{Chrome, Faults, Page, REFUSED, Result, download};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/provider/validate", get(form))
}

pub(super) fn upload_routes() -> Router<App> {
    Router::new().route("/provider/validate", post(check)).route("/provider/validate/download", post(table))
}

/// Learners of each kind that are shown; all of them are in the download.
const MOST_SHOWN: usize = 500;
/// What may be pasted, and what a browser sends back for a download: 5,000 learners with room to spare.
const MOST_BYTES: usize = 4 << 20;

#[derive(Template)]
#[template(path = "validate.html")]
struct Validate {
    chrome: Chrome,
    faults: Faults,
    pasted: String,
    most: String,
    max_bytes: u64,
    columns: Vec<&'static str>,
    checked: Option<Checked>,
}

/// What was answered.
struct Checked {
    asked: String,
    matched: String,
    /// Outcomes other than `matched` that there are.
    others: Vec<(&'static str, String)>,
    attention: Vec<Row>,
    fine: Vec<Row>,
    /// How many are only in the download.
    hidden: String,
    /// Tab-separated, all of it.
    table: String,
}

struct Row {
    number: u64,
    name: String,
    given: String,
    kind: &'static str,
    word: &'static str,
    message: String,
    remedy: String,
}

async fn form(State(app): State<App>, _: Reporter, chrome: Chrome) -> Page<impl Template> {
    Page(page(&app, chrome, String::new(), Faults::none(), None))
}

fn page(app: &App, chrome: Chrome, pasted: String, faults: Faults, checked: Option<Checked>) -> Validate {
    Validate {
        chrome,
        faults,
        pasted,
        most: grouped(MOST_IN_FILE as u64),
        max_bytes: app.config.upload_bytes,
        columns: prevalidation::COLUMNS.iter().map(|field| field.label()).collect(),
        checked,
    }
}

async fn check(
    State(app): State<App>,
    Reporter { session, .. }: Reporter,
    chrome: Chrome,
    form: Multipart,
) -> Result<Response> {
    let Given { pasted, file } = Given::read(&app, form).await?;
    let asked = match (pasted.trim().is_empty(), file) {
        (_, Some(Ok(staged))) => prevalidation::read_file(&app, staged.path()).await,
        (_, Some(Err(error))) => Err(error),
        (false, None) => prevalidation::read_pasted(&app, &pasted),
        (true, None) => Err(Error::invalid("pasted", "Paste your learners, or choose a file that holds them.")),
    };
    let told = match asked {
        Ok(asked) => checked(&app, &session.actor, asked).await,
        Err(error) => Err(error),
    };
    match told {
        Ok(checked) => Ok(Page(page(&app, chrome, String::new(), Faults::none(), Some(checked))).into_response()),
        Err(error) => {
            let place = if pasted.trim().is_empty() { "file" } else { "pasted" };
            let faults = faults_of(error, place)?;
            Ok((REFUSED, Page(page(&app, chrome, pasted, faults, None))).into_response())
        }
    }
}

/// Problems of what was sent stand beside where it came from; anything else is passed on.
fn faults_of(error: Error, place: &'static str) -> Result<Faults> {
    match error {
        Error::Problems(problems) => {
            let say =
                |problem: domain::Problem| Fault::new(place, format!("{} {}", problem.message(), problem.remedy()));
            Ok(Faults::from(problems.into_iter().map(say).collect::<Vec<_>>()))
        }
        Error::TooMany { .. } => {
            let why = "Your organization has checked as many learners as it may in one day. Check these tomorrow.";
            Ok(Faults::from(vec![Fault::new(place, why)]))
        }
        other => Faults::from_error(other),
    }
}

async fn checked(app: &App, actor: &domain::access::Actor, asked: Vec<Asked>) -> app::Result<Checked> {
    let numbers: Vec<(u64, Learner)> = asked.iter().map(|one| (one.number, one.report.learner.clone())).collect();
    let answers = prevalidation::check(app, actor, asked.into_iter().map(|one| one.report).collect()).await?;
    let tally = Tally::of(&answers);
    let count = |outcome: &Outcome| (*outcome, tally.count(*outcome));
    let others = Outcome::ALL.iter().map(count).filter(|(outcome, count)| *outcome != Outcome::Matched && *count > 0);
    let mut table = COLUMNS.iter().map(|column| column.name()).collect::<Vec<_>>().join("\t");
    let (mut attention, mut fine, mut hidden) = (Vec::new(), Vec::new(), 0);
    for ((number, learner), answer) in numbers.iter().zip(&answers) {
        let cells = COLUMNS.iter().map(|column| column.cell(*number, learner, answer));
        // a tab or line break within a value would be another cell
        let cells = cells.map(|cell| cell.replace(['\t', '\r', '\n'], " "));
        table.push('\n');
        table.push_str(&cells.collect::<Vec<_>>().join("\t"));
        let shown = if answer.outcome == Outcome::Matched { &mut fine } else { &mut attention };
        if shown.len() < MOST_SHOWN {
            shown.push(row(*number, learner, answer));
        } else {
            hidden += 1;
        }
    }
    Ok(Checked {
        asked: grouped(answers.len() as u64),
        matched: grouped(tally.count(Outcome::Matched)),
        others: others.map(|(outcome, count)| (outcome.label(), grouped(count))).collect(),
        attention,
        fine,
        hidden: if hidden == 0 { String::new() } else { grouped(hidden) },
        table,
    })
}

fn row(number: u64, learner: &Learner, answer: &Answer) -> Row {
    let kind = match answer.outcome {
        Outcome::Matched => "good",
        Outcome::Several | Outcome::Uncertain => "caution",
        Outcome::NoMatch | Outcome::Conflict => "bad",
        Outcome::NotChecked => "withdrawn",
    };
    let given = [Field::Birth, Field::State, Field::Identifier, Field::Board, Field::DiplomateId]
        .iter()
        .map(|field| given(learner, *field))
        .filter(|text| !text.is_empty());
    let name = format!("{}, {}", learner.last, learner.first);
    Row {
        number,
        name: name.trim_matches([',', ' ']).to_owned(),
        given: given.collect::<Vec<_>>().join(" "),
        kind,
        word: answer.outcome.label(),
        message: answer.message(),
        remedy: answer.remedy(),
    }
}

/// The columns of the download. Those of learners are named as in the template: corrected, it can be checked again.
#[derive(Clone, Copy)]
enum Column {
    Number,
    Given(Field),
    Outcome,
    Reasons,
    Fields,
    Message,
    Remedy,
}

const COLUMNS: [Column; 13] = [
    Column::Number,
    Column::Given(Field::FirstName),
    Column::Given(Field::LastName),
    Column::Given(Field::Birth),
    Column::Given(Field::State),
    Column::Given(Field::Identifier),
    Column::Given(Field::Board),
    Column::Given(Field::DiplomateId),
    Column::Outcome,
    Column::Reasons,
    Column::Fields,
    Column::Message,
    Column::Remedy,
];

impl Column {
    fn name(self) -> &'static str {
        match self {
            Self::Number => "Row or record",
            Self::Given(field) => field.label(),
            Self::Outcome => "Outcome",
            Self::Reasons => "Reason codes",
            Self::Fields => "Look at",
            Self::Message => "What was found",
            Self::Remedy => "What to do",
        }
    }

    fn cell(self, number: u64, learner: &Learner, answer: &Answer) -> String {
        match self {
            Self::Number => number.to_string(),
            Self::Given(field) => given(learner, field),
            Self::Outcome => answer.outcome.code().to_owned(),
            Self::Reasons => answer.reasons.join(" "),
            Self::Fields => answer.fields.iter().map(|field| field.code()).collect::<Vec<_>>().join(" "),
            Self::Message => answer.message(),
            Self::Remedy => answer.remedy(),
        }
    }
}

/// A value as it was understood.
fn given(learner: &Learner, field: Field) -> String {
    match field {
        Field::FirstName => learner.first.clone(),
        Field::LastName => learner.last.clone(),
        Field::Birth => learner.birth.map(|birth| birth.to_string()).unwrap_or_default(),
        Field::State => learner.state.map(|state| state.to_string()).unwrap_or_default(),
        Field::Identifier => learner.identifier.clone().unwrap_or_default(),
        Field::Board => learner.board.as_ref().map(|(board, _)| board.to_string()).unwrap_or_default(),
        Field::DiplomateId => learner.board.as_ref().map(|(_, id)| id.clone()).unwrap_or_default(),
        _ => String::new(),
    }
}

/// The table that the page gave out, as a file. What comes in is a stranger's text: it is made neutral like any.
async fn table(_: Reporter, mut form: Multipart) -> Result<Response> {
    let (mut text, mut format) = (String::new(), String::new());
    while let Some(mut part) = form.next_field().await.map_err(unreadable)? {
        match part.name() {
            Some("table") => text = words(&mut part, "table").await?,
            Some("format") => format = words(&mut part, "format").await?,
            _ => while part.chunk().await.map_err(unreadable)?.is_some() {},
        }
    }
    let mut lines = text.lines().take(MOST_IN_FILE + 1).map(|line| line.split('\t').map(str::to_owned));
    let columns: Vec<String> = lines.next().into_iter().flatten().take(COLUMNS.len()).collect();
    let rows = lines.map(|cells| {
        let mut cells: Vec<Figure> = cells.take(columns.len()).map(Figure::Text).collect();
        cells.resize(columns.len(), Figure::None);
        cells
    });
    let rows = rows.collect();
    let table = Table {
        key: "learners",
        title: "Learners checked".to_owned(),
        definition: "Whether each learner's details mean one physician. Nothing was reported.".to_owned(),
        columns,
        rows,
        total: None,
    };
    let written = tokio::task::spawn_blocking(move || match format.as_str() {
        "xlsx" => write_workbook(&[], &[table])
            .map(|file| ("learners-checked.xlsx", formats::FileFormat::Xlsx.content_type(), file)),
        _ => write_csv(&table).map(|file| ("learners-checked.csv", "text/csv; charset=utf-8", file)),
    });
    let written = written.await.map_err(|error| Error::Internal(error.to_string()))?;
    let (name, kind, file) = written.map_err(|error| Error::Internal(error.to_string()))?;
    Ok(download::bytes(name, kind, file))
}

/// What the form held.
struct Given {
    pasted: String,
    /// A file that was chosen, or what is wrong with it.
    file: Option<app::Result<Staged>>,
}

impl Given {
    async fn read(app: &App, mut form: Multipart) -> Result<Self> {
        let mut given = Self { pasted: String::new(), file: None };
        while let Some(mut part) = form.next_field().await.map_err(unreadable)? {
            match part.name() {
                Some("pasted") => given.pasted = words(&mut part, "pasted").await?,
                // a form without a chosen file sends one without a name
                Some("file") if part.file_name().is_some_and(|name| !name.is_empty()) => {
                    let mut broken = None;
                    let pieces =
                        part.scan((), |(), piece| future::ready(piece.map_err(|error| broken = Some(error)).ok()));
                    let staged = stage(app, pieces.map(Ok::<_, std::convert::Infallible>)).await;
                    if let Some(error) = broken {
                        return Err(unreadable(error));
                    }
                    given.file = Some(staged);
                }
                _ => while part.chunk().await.map_err(unreadable)?.is_some() {},
            }
        }
        Ok(given)
    }
}

async fn words(part: &mut Part<'_>, field: &'static str) -> Result<String> {
    let mut bytes = Vec::new();
    while let Some(piece) = part.chunk().await.map_err(unreadable)? {
        if bytes.len() + piece.len() > MOST_BYTES {
            return Err(Error::invalid(field, "This is more than the page takes. Send it in parts.").into());
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn unreadable(error: axum::extract::multipart::MultipartError) -> crate::Error {
    if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
        let problem = domain::Problem::file(domain::Code::FileTooLarge).fact("the limit");
        return Error::Problems(vec![problem]).into();
    }
    Error::invalid("file", "The form broke off; send it again.").into()
}

/// With thousands grouped.
fn grouped(number: u64) -> String {
    Figure::Count(i64::try_from(number).unwrap_or(i64::MAX)).shown()
}
