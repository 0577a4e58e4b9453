//! A licensing board's lists of licensees: read from a file, pasted, or taken from the registry, and checked against
//! the board's requirement ([`checks`]).
//!
//! Only licensees of the board's own state are ever found. A bad row never stops good ones, and whoever is on a list
//! sees it in their record's trail.

pub mod assessing;
pub mod checks;
mod meant;
pub mod tables;

use std::collections::BTreeSet;
use std::path::Path;

use domain::access::{Actor, LicensingBoardScope, Who};
use domain::licensee_list::RowOutcome;
use domain::{AccountId, LicenseeListId, PhysicianId};
use formats::Limits;
use formats::licensees::LicenseeRow;
use store::licensee_lists::{LicenseeList, ListRow, RegistryFilter, Source, by_numbers, key_of};

use crate::{App, Error, Fault, Result, audit};

/// Rows of one list.
pub const MOST_ROWS: u64 = 100_000;
/// The longest name of a list or an audit.
pub(crate) const LONGEST_NAME: usize = 120;

/// Where a new list comes from.
pub enum Given {
    File { name: String, rows: Vec<LicenseeRow> },
    Pasted(Vec<LicenseeRow>),
    Registry(RegistryFilter),
}

/// The person behind an actor: only people make lists and audits.
pub(crate) fn person(actor: &Actor) -> Result<AccountId> {
    match actor.who {
        Who::Account(id) => Ok(id),
        Who::ApiClient(_) => Err(Error::Forbidden("only people make lists and audits")),
    }
}

fn limits(app: &App) -> Limits {
    Limits { file_bytes: app.config.upload_bytes, rows: MOST_ROWS, ..Limits::default() }
}

/// Reads a list from a file. `Invalid` on `file`: it cannot be read as one.
pub async fn read_file(app: &App, path: &Path) -> Result<Vec<LicenseeRow>> {
    let (path, limits) = (path.to_owned(), limits(app));
    let read = tokio::task::spawn_blocking(move || formats::licensees::read(&path, &limits)).await;
    let read = read.map_err(|error| Error::Internal(format!("reading a list stopped: {error}")))?;
    read.map_err(|problems| {
        Error::Invalid(problems.iter().map(|problem| Fault::new("file", of_list(problem))).collect())
    })
}

/// Reads a list that was pasted. `Invalid` on `pasted`: there is no row, or there are too many.
pub fn read_pasted(app: &App, text: &str) -> Result<Vec<LicenseeRow>> {
    formats::licensees::read_pasted(text, &limits(app)).map_err(|problem| Error::invalid("pasted", of_list(&problem)))
}

/// What is wrong with a list as a whole, in words for boards: the codes' own words are for reports of learners.
fn of_list(problem: &domain::Problem) -> String {
    use domain::Code;
    let more = match problem.code {
        Code::HeaderMissing => {
            return "No column is named License Number. Name the columns in one of the first rows, as in the template."
                .to_owned();
        }
        Code::NoRows => return "There is no row with a licensee in it.".to_owned(),
        Code::FileWrongType => "Send an Excel workbook (.xlsx) or delimited text (.csv, .txt).",
        Code::FileTooLarge => "Split the list.",
        Code::FileEmpty => "Choose the file again.",
        _ => "Save it again from your spreadsheet and send that.",
    };
    format!("{} {more}", problem.message())
}

/// Makes a list: each row is matched with the licensees of the board's state, and whoever is on it is audited.
///
/// Errors: `Invalid` on `name`, and on `expires` where the registry holds nobody who fits.
pub async fn make(
    app: &App,
    actor: &Actor,
    by: &str,
    scope: &LicensingBoardScope,
    name: &str,
    given: Given,
) -> Result<LicenseeListId> {
    let made_by = person(actor)?;
    let name = list_name(app, name, &given)?;
    let (source, origin) = match &given {
        Given::File { name, .. } => (Source::File, shown_name(name)),
        Given::Pasted(_) => (Source::Pasted, String::new()),
        Given::Registry(filter) => (Source::Registry, filter_words(filter)),
    };
    let rows = match given {
        Given::File { rows, .. } | Given::Pasted(rows) => matched(app, scope, rows).await?,
        Given::Registry(filter) => registered(app, scope, &filter).await?,
    };
    let now = app.clock.now();
    let licensees: Vec<PhysicianId> = rows.iter().filter_map(|row| row.physician).collect();
    let list = LicenseeList {
        id: LicenseeListId::new(app.chance.id(now)),
        name,
        source,
        origin,
        made_by,
        made_by_name: by.to_owned(),
        made_at: now,
        rows_given: i64::try_from(rows.len()).unwrap_or(i64::MAX),
        licensees: i64::try_from(licensees.len()).unwrap_or(i64::MAX),
    };
    let id = list.id.to_string();
    let rule = format!("{}; holds or held a license in {}", list.name, scope.state().name());
    let seen = licensees
        .iter()
        .map(|one| audit::entry(app, Some(actor), "licensee_list.match", id.clone(), Some(*one), &rule));
    let seen: Vec<_> = seen.collect();
    let mut tx = app.store.write().await?;
    store::licensee_lists::insert(&mut tx, scope, &list, &rows).await?;
    let detail = format!("{}: {} rows, {} licensees", list.name, list.rows_given, list.licensees);
    audit::record(app, &mut tx, actor, "licensee_list.make", list.id, None, &detail).await?;
    store::audit::insert_many(&mut tx, &seen).await?;
    tx.commit().await?;
    Ok(list.id)
}

async fn matched(app: &App, scope: &LicensingBoardScope, rows: Vec<LicenseeRow>) -> Result<Vec<ListRow>> {
    let keys: BTreeSet<String> = rows.iter().map(|row| key_of(&row.number)).filter(|key| !key.is_empty()).collect();
    let keys: Vec<String> = keys.into_iter().collect();
    let mut tx = app.store.read().await?;
    let candidates = by_numbers(&mut tx, scope, &keys).await?;
    Ok(meant::settle(rows, &candidates))
}

async fn registered(app: &App, scope: &LicensingBoardScope, filter: &RegistryFilter) -> Result<Vec<ListRow>> {
    let most = i64::try_from(MOST_ROWS).unwrap_or(i64::MAX);
    let mut tx = app.store.read().await?;
    let licensees = store::licensee_lists::of_registry(&mut tx, scope, filter, most + 1).await?;
    drop(tx);
    if licensees.is_empty() {
        return Err(Error::invalid("expires", "No licensee on record fits. Choose another month, or leave it empty."));
    }
    if licensees.len() as u64 > MOST_ROWS {
        return Err(Error::invalid("expires", "More than 100,000 licensees fit. Choose a month of expiry."));
    }
    let row = |(number, one): (i64, store::licensee_lists::Candidate)| ListRow {
        number,
        given_number: one.number.clone(),
        given_first: String::new(),
        given_last: String::new(),
        given_npi: String::new(),
        outcome: RowOutcome::Matched,
        physician: Some(one.physician),
        name: one.listed_name(),
        license_number: one.number,
    };
    Ok((1..).zip(licensees).map(row).collect())
}

/// The name that was typed, or one that says where the list came from.
fn list_name(app: &App, typed: &str, given: &Given) -> Result<String> {
    let typed = named("name", typed)?;
    if !typed.is_empty() {
        return Ok(typed);
    }
    let today = domain::check::us_date(app.clock.today());
    Ok(match given {
        Given::File { name, .. } => shown_name(name),
        Given::Pasted(_) => format!("Pasted on {today}"),
        Given::Registry(filter) => format!("{} on {today}", filter_words(filter)),
    })
}

/// A name that people gave, on one line.
pub(crate) fn named(field: &'static str, typed: &str) -> Result<String> {
    let typed = typed.trim();
    if typed.chars().count() > LONGEST_NAME || typed.chars().any(char::is_control) {
        return Err(Error::invalid(field, format!("Write at most {LONGEST_NAME} characters, on one line.")));
    }
    Ok(typed.to_owned())
}

/// Which licensees of the registry, in words.
pub fn filter_words(filter: &RegistryFilter) -> String {
    let who = if filter.only_active { "All active licensees" } else { "All licensees" };
    match filter.expires {
        None => who.to_owned(),
        Some((from, _)) => format!("{who} whose license expires in {}", from.strftime("%B %Y")),
    }
}

/// A file name fit to be shown: no folders, no control characters, not endless.
fn shown_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let shown: String = last.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
    if shown.trim().is_empty() { "A list".to_owned() } else { shown }
}

/// The board's list of this ID.
pub async fn find(app: &App, scope: &LicensingBoardScope, list: LicenseeListId) -> Result<LicenseeList> {
    store::licensee_lists::find(&mut app.store.read().await?, scope, list).await?.ok_or(Error::NotFound)
}
