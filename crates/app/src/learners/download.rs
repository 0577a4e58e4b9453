//! A provider's learners as a file: one line for each destination of each completion, written to a scratch file, so
//! that memory does not grow with the list.

use domain::access::{Actor, ProviderRole};
use domain::credit::Kind;
use domain::reference::Reference;
use formats::sheet_file::{Cell, SheetFile};
use formats::{Encoding, FileFormat};
use store::learners::{Learner, Reported, Search, Sort};
use tokio::sync::mpsc;

use crate::uploads::ResultFile;
use crate::{App, Error, Result, audit};

/// Completions of one file; the page says so.
pub const MOST_IN_A_FILE: i64 = 100_000;

const PAGE: usize = 500;

const COLUMNS: [(&str, f64); 24] = [
    ("Destination", 14.0),
    ("Status", 12.0),
    ("Reason", 40.0),
    ("Answered On", 14.0),
    ("Last Name", 18.0),
    ("First Name", 18.0),
    ("Date of Birth (MM/DD)", 14.0),
    ("Licensing State", 14.0),
    ("Learner ID", 18.0),
    ("Certifying Board ID", 18.0),
    ("ACCME Activity ID", 18.0),
    ("Activity", 40.0),
    ("Completion Date", 16.0),
    ("Submission Date", 16.0),
    ("Credits", 10.0),
    ("Credit Types", 40.0),
    ("Derived", 10.0),
    ("Submission ID", 18.0),
    ("REMS Profession", 18.0),
    ("REMS State of Primary Practice", 18.0),
    ("REMS DEA Registration", 14.0),
    ("REMS Practice Area", 18.0),
    ("REMS Surgical Procedures", 14.0),
    ("REMS Time in Practice", 14.0),
];

/// Writes what a search finds, the first [`MOST_IN_A_FILE`] completions of it. `as_workbook`: Excel, or else
/// comma-separated text.
pub async fn download(app: &App, actor: &Actor, search: &Search, sort: Sort, as_workbook: bool) -> Result<ResultFile> {
    let scope = actor.provider(ProviderRole::Viewer).ok_or(Error::NotFound)?;
    let format = match as_workbook {
        true => FileFormat::Xlsx,
        false => FileFormat::Text { delimiter: b',', encoding: Encoding::Utf8Bom },
    };
    let mut tx = app.store.write().await?;
    audit::record(app, &mut tx, actor, "learner.download", scope.provider(), None, "").await?;
    tx.commit().await?;
    let scratch = app.config.data.join("scratch");
    tokio::fs::create_dir_all(&scratch).await?;
    let file = ResultFile {
        path: scratch.join(app.chance.id(app.clock.now()).to_string()),
        name: format!("learners.{}", format.extension()),
        content_type: format.content_type(),
    };
    let mut tx = app.store.read().await?;
    let ids = store::learners::search(&mut tx, &scope, search, sort, 0, MOST_IN_A_FILE).await?;
    let (pages, mut found) = mpsc::channel::<Vec<Learner>>(2);
    let (path, reference, clock) = (file.path.clone(), app.reference.get(), app.clock.clone());
    let writing = tokio::task::spawn_blocking(move || -> Result<()> {
        let internal = |error: formats::result::WriteError| Error::Internal(error.to_string());
        let columns: Vec<(String, f64)> = COLUMNS.iter().map(|(name, width)| ((*name).to_owned(), *width)).collect();
        let mut sheet = SheetFile::create(&path, format, &columns).map_err(internal)?;
        while let Some(learners) = found.blocking_recv() {
            for learner in &learners {
                for credit in learner.standing() {
                    let day = |at: i64| clock.day_of(at).map_or(Cell::Text(String::new()), Cell::Date);
                    sheet.write(&line(&reference, learner, credit, &day)).map_err(internal)?;
                }
            }
        }
        sheet.finish().map_err(internal)
    });
    for piece in ids.chunks(PAGE) {
        let learners = store::learners::find_many(&mut tx, &scope, piece).await?;
        if pages.send(learners).await.is_err() {
            break; // the writer has stopped and says why below
        }
    }
    drop((pages, tx));
    writing.await.map_err(|error| Error::Internal(error.to_string()))??;
    Ok(file)
}

fn line(reference: &Reference, learner: &Learner, credit: &Reported, day: &dyn Fn(i64) -> Cell) -> Vec<Cell> {
    let text = |text: &str| Cell::Text(text.to_owned());
    let destination = match credit.kind {
        Kind::Moc(board) => reference.board_label(board),
        kind => kind.key().to_owned(),
    };
    let status = if credit.withdrawn_at.is_some() { "Withdrawn" } else { credit.status.label() };
    let types: Vec<String> = credit.types.iter().map(|(name, amount)| format!("{amount} {name}")).collect();
    let amount = match credit.kind {
        Kind::Rems => Cell::Text(String::new()),
        _ => Cell::Number(credit.amount.hundredths() as f64 / 100.0, credit.amount.to_string()),
    };
    let rems = learner.rems.clone().unwrap_or_default();
    let mut cells = vec![
        Cell::Text(destination),
        text(status),
        text(&credit.reason),
        credit.decided_at.map_or(Cell::Text(String::new()), day),
        text(&learner.last_name),
        text(&learner.first_name),
        text(&learner.birth),
        text(learner.state.as_ref().map_or("", |state| state.code())),
        text(&learner.identifier),
        text(&credit.diplomate_id),
        text(learner.activity.as_str()),
        text(&learner.title),
        Cell::Date(learner.completed_on),
        day(credit.reported_at),
        amount,
        Cell::Text(types.join("; ")),
        text(if credit.is_derived { "Yes" } else { "" }),
        text(&learner.submission_id),
    ];
    let of_rems = [rems.profession, rems.state, rems.dea, rems.practice_area, rems.surgical, rems.time_in_practice];
    cells.extend(of_rems.into_iter().map(Cell::Text));
    cells
}
