//! A roster's file, read row by row on a thread of its own. Whoever sends rows of their own board only is told of
//! each row of another.

use std::path::Path;
use std::sync::mpsc;

use domain::Problem;
use formats::Limits;
use formats::roster::RosterProblem;

use super::Kind;
use super::entry::{Entry, Own};
use crate::error::{Error, Result};

/// Rows that are read from the file ahead of those being settled, at a time and how many times.
const AHEAD: (usize, usize) = (2_000, 4);

pub(super) type Rows = Box<dyn Iterator<Item = Result<Entry, RosterProblem>> + Send>;

/// Opens a roster from its beginning. `issuer`: the state or board whose rows alone are taken; empty takes any.
///
/// Errors: `Problems` about the file as a whole.
pub(super) fn open(kind: Kind, path: &Path, issuer: &str) -> Result<Rows> {
    let refused = |problem: Problem| Error::Problems(vec![problem]);
    let limits = Limits::roster();
    let issuer = issuer.to_owned();
    Ok(match kind {
        Kind::Licenses => {
            let rows = formats::roster::licenses(path, &limits).map_err(refused)?;
            read_ahead(rows.map(move |row| row.map(Entry::of_license).and_then(|entry| of_issuer(entry, &issuer))))
        }
        Kind::Certifications => {
            let rows = formats::roster::certifications(path, &limits).map_err(refused)?;
            read_ahead(
                rows.map(move |row| row.map(Entry::of_certification).and_then(|entry| of_issuer(entry, &issuer))),
            )
        }
    })
}

fn of_issuer(entry: Entry, issuer: &str) -> Result<Entry, RosterProblem> {
    let (column, given) = match &entry.held {
        Own::License { state, .. } => ("board state", state.code()),
        Own::Certification { board, .. } => ("board", board.code()),
    };
    if issuer.is_empty() || given == issuer {
        return Ok(entry);
    }
    Err(RosterProblem {
        row: entry.row,
        column: column.to_owned(),
        given: given.to_owned(),
        message: "This row is another board's.",
        remedy: "Send only rows of your own board.",
    })
}

/// Reads on a thread of its own, some rows ahead; it ends when nobody takes them any more.
fn read_ahead(mut rows: impl Iterator<Item = Result<Entry, RosterProblem>> + Send + 'static) -> Rows {
    let (at_a_time, times) = AHEAD;
    let (give, take) = mpsc::sync_channel(times);
    std::thread::spawn(move || {
        loop {
            let some: Vec<_> = rows.by_ref().take(at_a_time).collect();
            if some.is_empty() || give.send(some).is_err() {
                break;
            }
        }
    });
    Box::new(take.into_iter().flatten())
}

/// About how many rows a file has, for the progress bar.
pub(super) async fn lines(path: &Path) -> Result<u64> {
    use tokio::io::AsyncReadExt;
    let mut file = tokio::fs::File::open(path).await?;
    let (mut buffer, mut lines) = (vec![0; 1 << 20], 0);
    loop {
        let read = file.read(&mut buffer).await?;
        if read == 0 {
            return Ok(lines);
        }
        lines += buffer.iter().take(read).filter(|byte| **byte == b'\n').count() as u64;
    }
}
