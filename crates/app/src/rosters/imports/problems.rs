//! What is wrong with a roster, in words for those who keep rosters: the codes' own words are for reports of learners.

use std::path::Path;

use domain::access::Actor;
use domain::{Code, Problem};
use formats::roster::RosterProblem;
use formats::tables::{Figure, Table};
use store::registry_imports::{RegistryImport, RowProblem};

use super::{Kind, kind_of, stored_file};
use crate::rosters::reading;
use crate::{App, Error, Result, audit};

/// What is wrong with a file as a whole, and what to do.
pub fn of_roster(problem: &Problem) -> String {
    let more = match problem.code {
        Code::HeaderMissing => {
            return "Fewer than three columns are named as in a roster. Name the columns in one of the first rows, as \
                    in the template."
                .to_owned();
        }
        Code::NoRows => return "There is no row below the header.".to_owned(),
        Code::ColumnMissing => "Add the column, as in the template.",
        Code::FileWrongType => "Send delimited text (.csv, .txt or .tsv); a spreadsheet saves as such.",
        Code::FileTooLarge => "Split the roster.",
        Code::FileEmpty => "Choose the file again.",
        _ => "Save it again as delimited text and send that.",
    };
    format!("{} {more}", problem.message())
}

pub(super) fn kept(problem: &RosterProblem) -> RowProblem {
    RowProblem {
        row: problem.row,
        column: problem.column.clone(),
        given: problem.given.clone(),
        message: problem.message.to_owned(),
        remedy: problem.remedy.to_owned(),
    }
}

/// All rows with problems, read from the file again: row, column, given, problem, what to do. No cell starts a
/// formula.
pub async fn problems_csv(app: &App, import: &RegistryImport) -> Result<Vec<u8>> {
    let (kind, issuer) = (kind_of(import)?, import.issuer.clone());
    let path = stored_file(app, &import.digest);
    let made = tokio::task::spawn_blocking(move || written(kind, &path, &issuer)).await;
    made.map_err(|error| Error::Internal(format!("reading a roster stopped: {error}")))?
}

fn written(kind: Kind, path: &Path, issuer: &str) -> Result<Vec<u8>> {
    let text = |text: &str| Figure::Text(text.to_owned());
    let row = |problem: RosterProblem| {
        let number = i64::try_from(problem.row).unwrap_or(i64::MAX);
        let row = if number == 0 { Figure::None } else { Figure::Count(number) };
        vec![row, text(&problem.column), text(&problem.given), text(problem.message), text(problem.remedy)]
    };
    let columns = ["Row", "Column", "Given", "Problem", "What to do"];
    let table = Table {
        key: "problems",
        title: "Rows with problems".to_owned(),
        definition: String::new(),
        columns: columns.map(str::to_owned).to_vec(),
        rows: reading::open(kind, path, issuer)?.filter_map(std::result::Result::err).map(row).collect(),
        total: None,
    };
    formats::tables::write_csv(&table).map_err(|error| Error::Internal(error.to_string()))
}

/// The file as it came. That somebody took it is written down.
pub async fn file(app: &App, actor: &Actor, import: &RegistryImport) -> Result<tokio::fs::File> {
    let file = tokio::fs::File::open(stored_file(app, &import.digest)).await?;
    let mut tx = app.store.write().await?;
    audit::record(app, &mut tx, actor, "registry_import.download", import.id, None, &import.file_name).await?;
    tx.commit().await?;
    Ok(file)
}
