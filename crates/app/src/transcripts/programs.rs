//! Transcripts for a licensing board's programs: of licensees who fit what the program knows of them, or of all
//! whose credit changed since it last asked.
//!
//! Each transcript is issued and leaves its trail as if a person had opened it; what is found and what is nobody's
//! business look alike: an empty answer.

use std::sync::Arc;

use domain::PhysicianId;
use domain::access::{Actor, LicensingBoardScope};
use domain::transcript::Filter;
use store::licensees::Search;

use super::{Official, draft, record_issue};
use crate::clock::HOUR;
use crate::{App, Error, Fault, Result};

/// Transcripts of one answer, unless fewer are asked for.
pub const MOST: usize = 100;
/// A leaf bears the time at which its work began, so it may be this much older than its neighbors.
const SLACK: i64 = HOUR;

/// Whose transcripts a program wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// Licensees whom all that is given fits; those behind this one, where an answer goes on.
    Fitting(Search, Option<PhysicianId>),
    /// Licensees whose credit changed since then.
    Changed(Since),
}

/// From when on changes are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// Microseconds since 1970.
    Time(i64),
    /// A leaf of the ledger, as an earlier answer said.
    Leaf(i64),
}

/// Where the next answer goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// No further licensee fits.
    Nothing,
    Behind(PhysicianId),
    /// There is more from this leaf on already, or there may be later.
    From {
        leaf: i64,
        has_more: bool,
    },
}

/// The transcripts of one answer.
#[derive(Debug, Clone)]
pub struct Found {
    pub officials: Vec<Arc<Official>>,
    pub next: Next,
}

/// Finds, issues and records them; at most `most`.
///
/// Errors: `Invalid` on the web service's parameters if too little was given.
pub async fn find(
    app: &App,
    actor: &Actor,
    scope: &LicensingBoardScope,
    wanted: &Wanted,
    filter: Filter,
    most: usize,
) -> Result<Found> {
    let mut tx = app.store.read().await?;
    let (licensees, next) = match wanted {
        Wanted::Fitting(search, after) => {
            check(search)?;
            let fitting = store::licensees::of_name(&mut tx, scope, search).await?;
            let mut behind: Vec<PhysicianId> =
                fitting.into_iter().filter(|id| after.is_none_or(|after| after < *id)).collect();
            let is_cut = behind.len() > most;
            behind.truncate(most);
            let next = behind.last().filter(|_| is_cut).map_or(Next::Nothing, |last| Next::Behind(*last));
            (behind, next)
        }
        Wanted::Changed(since) => {
            let first = match since {
                Since::Time(time) => store::credit_changes::first_since(&mut tx, time.saturating_sub(SLACK)).await?,
                Since::Leaf(leaf) => *leaf,
            };
            let changed = store::credit_changes::of_licensees(&mut tx, scope, first, most).await?;
            (changed.licensees, Next::From { leaf: changed.next, has_more: changed.has_more })
        }
    };
    drop(tx);
    Ok(Found { officials: issued(app, actor, scope, &licensees, filter).await?, next })
}

/// The transcript of the one licensee who fits.
///
/// Errors: `NotFound` if nobody fits, `Invalid` if several do.
pub async fn find_one(
    app: &App,
    actor: &Actor,
    scope: &LicensingBoardScope,
    search: &Search,
    filter: Filter,
) -> Result<Arc<Official>> {
    check(search)?;
    let mut tx = app.store.read().await?;
    let fitting = store::licensees::of_name(&mut tx, scope, search).await?;
    drop(tx);
    if fitting.len() > 1 {
        let several = "Several licensees fit. Add the license number or the NPI.";
        return Err(Error::invalid("stateMedicalLicenseID", several));
    }
    let mut officials = issued(app, actor, scope, &fitting, filter).await?;
    officials.pop().ok_or(Error::NotFound)
}

/// In one transaction, so that the trail tells of all that is answered.
async fn issued(
    app: &App,
    actor: &Actor,
    scope: &LicensingBoardScope,
    licensees: &[PhysicianId],
    filter: Filter,
) -> Result<Vec<Arc<Official>>> {
    if licensees.is_empty() {
        return Ok(Vec::new());
    }
    let mut tx = app.store.read().await?;
    let mut drafted = Vec::with_capacity(licensees.len());
    for licensee in licensees {
        // one who stopped being a licensee in between is left out
        if let Some(record) = store::transcripts::of_licensee(&mut tx, scope, *licensee).await? {
            drafted.push(draft(app, &mut tx, &record, actor, filter).await?);
        }
    }
    drop(tx);
    let mut tx = app.store.write().await?;
    for one in &drafted {
        record_issue(app, &mut tx, actor, scope, one).await?;
    }
    tx.commit().await?;
    Ok(drafted.into_iter().map(|one| one.official).collect())
}

/// Something must be given by which one licensee can be told from most others.
fn check(search: &Search) -> Result<()> {
    let letters = search.last.chars().filter(|letter| letter.is_alphabetic()).count();
    let has_number = search.number.chars().any(|letter| letter.is_ascii_digit());
    let mut faults = Vec::new();
    if !search.number.is_empty() && !has_number {
        faults.push(Fault::new("stateMedicalLicenseID", "Send the license number with its digits."));
    } else if search.npi.is_empty() && !has_number && letters < 2 {
        let least = "Send lastName, stateMedicalLicenseID or npi; or changedSince for all whose credit changed.";
        faults.push(Fault::new("lastName", least));
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_name_alone_is_too_little() {
        let asked = |last: &str, first: &str, number: &str, npi: &str| {
            let search = Search { last: last.into(), first: first.into(), number: number.into(), npi: npi.into() };
            check(&search).is_ok()
        };
        assert!(asked("Wu", "", "", "") && asked("", "", "G-77", "") && asked("", "", "", "1234567893"));
        assert!(!asked("", "Amara", "", "") && !asked("W", "Amara", "", "") && !asked("Wu", "", "none", ""));
    }
}
