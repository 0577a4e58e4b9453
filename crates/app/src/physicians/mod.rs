//! The accreditor's staff look at the registry: find a physician, read the record, ask why a report
//! was linked or not.
//!
//! Every look writes an audit row for each physician who was shown, before anything is shown: people
//! see on their own pages who looked at them.

mod compare;
mod explain;
mod reported;

use std::collections::HashMap;

use domain::PhysicianId;
use domain::access::{Actor, StaffScope};
use store::identity_changes::Change;
use store::physicians::Physician;
use store::registry_imports::RegistryImport;
use store::registry_pages::beside::{self, AccountOf, ClaimOf, CreditOf, ShareOf};
use store::registry_pages::{self, Found, Look, Reported as Completion, Search, Standing, YearCount};
use store::reviews::Kept;
use store::standing_changes::{self, Origin, StandingChange};

pub use compare::{Line, beside, compare};
pub use explain::{Asked, Candidate, Explained, Typed, explain};
pub use reported::{Reported, reported, row_of};

use crate::{App, Error, Fault, Result, audit};

/// Completions and looks that a physician's page lists.
const MOST_LISTED: i64 = 12;
/// As many on paper.
const MOST_PRINTED: i64 = 500;
/// Changes of one license that are listed.
const MOST_CHANGES: i64 = 50;
/// Completions that a split can be chosen from.
const MOST_CHOSEN_FROM: i64 = 1_000;
/// The fewest letters of a name to look for.
const LEAST_LETTERS: usize = 2;
const LONGEST: usize = 100;

/// Finds physicians and notes for each who is listed that they were.
///
/// Errors: `Invalid` on the field of a search that says nothing, or too little.
pub async fn search(
    app: &App,
    actor: &Actor,
    scope: &StaffScope,
    search: &Search,
    skip: i64,
    most: i64,
) -> Result<Found> {
    check(search)?;
    let mut tx = app.store.read().await?;
    let found = registry_pages::search(&mut tx, scope, search, skip, most).await?;
    drop(tx);
    let listed: Vec<PhysicianId> = found.physicians.iter().map(|physician| physician.id).collect();
    // what was typed may be anybody's name: the trail keeps only how it was looked for
    note(app, actor, "physician.search", "", &listed, &format!("by {}", by(search))).await?;
    Ok(found)
}

fn by(search: &Search) -> String {
    let given = [
        ("name", !search.name.trim().is_empty()),
        ("license", !search.number.trim().is_empty()),
        ("NPI", !search.npi.trim().is_empty()),
        ("certifying board ID", search.certification.is_some()),
    ];
    given.iter().filter(|(_, is_given)| *is_given).map(|(word, _)| *word).collect::<Vec<_>>().join(" and ")
}

fn check(search: &Search) -> Result<()> {
    let letters = search.name.chars().filter(|letter| letter.is_alphabetic()).count();
    let (number, npi) = (search.number.trim(), search.npi.trim());
    let mut faults = Vec::new();
    if !number.is_empty() && !number.chars().any(|letter| letter.is_ascii_digit()) {
        faults.push(Fault::new("number", "Enter the license number with its digits."));
    }
    if !npi.is_empty() && (npi.len() != 10 || !npi.bytes().all(|digit| digit.is_ascii_digit())) {
        faults.push(Fault::new("npi", "Enter the 10 digits of the NPI."));
    }
    let certification = search.certification.as_ref();
    if certification.is_some_and(|(_, id)| id.trim().is_empty()) {
        faults.push(Fault::new("diplomate_id", "Enter the ID that the board gave."));
    }
    for (field, text) in [("name", &search.name), ("number", &search.number)] {
        if text.chars().count() > LONGEST {
            faults.push(Fault::new(field, format!("Enter at most {LONGEST} characters.")));
        }
    }
    let nothing = number.is_empty() && npi.is_empty() && certification.is_none();
    if nothing && letters < LEAST_LETTERS {
        let message = if letters == 0 {
            "Enter a name, a license number, an NPI or a certifying board ID."
        } else {
            "Enter at least two letters of the last name, or a number."
        };
        faults.push(Fault::new("name", message));
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

/// Everything that is known of one physician.
#[derive(Debug, Clone)]
pub struct OnFile {
    pub physician: Physician,
    pub standing: Standing,
    /// Which roster last told something new of what the record holds, by issuer and number; and those rosters.
    pub origins: Vec<Origin>,
    pub imports: Vec<RegistryImport>,
    /// What licenses and certifications became, the newest first.
    pub history: Vec<StandingChange>,
    pub account: Option<AccountOf>,
    pub claims: Vec<ClaimOf>,
    pub shares: Vec<ShareOf>,
    pub credits: Vec<CreditOf>,
    /// The record that this one became part of, if it did.
    pub part_of: Option<Physician>,
    /// Merges and splits that name this record, the newest first.
    pub changes: Vec<Change>,
    /// Rows of rosters that staff settled with this record, the latest first.
    pub settled: Vec<Kept>,
    pub years: Vec<YearCount>,
    /// The newest.
    pub completions: Vec<Completion>,
    /// The newest, without this very look.
    pub trail: Vec<Look>,
}

/// Opens one physician's record; for paper, with longer lists.
pub async fn open(app: &App, actor: &Actor, scope: &StaffScope, id: PhysicianId, for_paper: bool) -> Result<OnFile> {
    let most = if for_paper { MOST_PRINTED } else { MOST_LISTED };
    let mut tx = app.store.read().await?;
    let physician = store::physicians::find(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let standing = registry_pages::standing(&mut tx, scope, id).await?.ok_or(Error::NotFound)?;
    let part_of = match standing.merged_into.filter(|into| *into != id) {
        Some(survivor) => store::physicians::find(&mut tx, survivor).await?,
        None => None,
    };
    let origins = standing_changes::origins(&mut tx, scope, id).await?;
    let mut sources: Vec<_> = origins.iter().filter_map(|origin| origin.import).collect();
    sources.sort_unstable();
    sources.dedup();
    let mut history = Vec::new();
    for origin in &origins {
        let (issuer, number) = (&origin.issuer, &origin.number);
        history.extend(standing_changes::history(&mut tx, scope, id, issuer, number, MOST_CHANGES).await?);
    }
    history.sort_by_key(|change| std::cmp::Reverse((change.at, change.id)));
    let on_file = OnFile {
        imports: store::registry_imports::by_ids(&mut tx, scope, &sources).await?,
        origins,
        history,
        account: beside::account(&mut tx, scope, id).await?,
        claims: beside::claims(&mut tx, scope, id, most).await?,
        shares: beside::shares(&mut tx, scope, id, most).await?,
        credits: beside::credits(&mut tx, scope, id).await?,
        changes: store::identity_changes::list_of(&mut tx, scope, id).await?,
        settled: registry_pages::settled_with(&mut tx, scope, id, most).await?,
        years: registry_pages::completions_by_year(&mut tx, scope, id).await?,
        completions: registry_pages::completions(&mut tx, scope, id, most).await?,
        trail: registry_pages::trail(&mut tx, scope, id, most).await?,
        physician,
        standing,
        part_of,
    };
    drop(tx);
    let shown: Vec<PhysicianId> = std::iter::once(id).chain(on_file.part_of.as_ref().map(|of| of.id)).collect();
    note(app, actor, "physician.read", &id.to_string(), &shown, "").await?;
    Ok(on_file)
}

/// Reads one physician's facts, to begin a question or a choice with them.
pub async fn read(app: &App, actor: &Actor, _scope: &StaffScope, id: PhysicianId) -> Result<Physician> {
    let mut tx = app.store.read().await?;
    let physician = store::physicians::find(&mut tx, id).await?.ok_or(Error::NotFound)?;
    drop(tx);
    note(app, actor, "physician.read", &id.to_string(), &[id], "").await?;
    Ok(physician)
}

/// Physicians who are named on a list, such as both sides of suggested pairs. Nobody to name is no look.
pub async fn name(
    app: &App,
    actor: &Actor,
    _scope: &StaffScope,
    ids: &[PhysicianId],
    list: &str,
) -> Result<HashMap<PhysicianId, Physician>> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut tx = app.store.read().await?;
    let found = store::physicians::by_ids(&mut tx, &ids).await?;
    drop(tx);
    note(app, actor, "physician.list", "", &ids, list).await?;
    Ok(found.into_iter().map(|physician| (physician.id, physician)).collect())
}

/// A physician and their completions, to choose from what belongs to somebody else.
pub async fn completions(
    app: &App,
    actor: &Actor,
    scope: &StaffScope,
    id: PhysicianId,
) -> Result<(Physician, Vec<Completion>)> {
    let physician = read(app, actor, scope, id).await?;
    let mut tx = app.store.read().await?;
    let completions = registry_pages::completions(&mut tx, scope, id, MOST_CHOSEN_FROM).await?;
    Ok((physician, completions))
}

/// One audit row for each physician who is shown; one without a physician where nobody is.
async fn note(
    app: &App,
    actor: &Actor,
    action: &'static str,
    subject: &str,
    shown: &[PhysicianId],
    detail: &str,
) -> Result<()> {
    let entry = |physician| audit::entry(app, Some(actor), action, subject.to_owned(), physician, detail);
    let entries = match shown {
        [] => vec![entry(None)],
        shown => shown.iter().map(|physician| entry(Some(*physician))).collect(),
    };
    let mut tx = app.store.write().await?;
    audit::insert(app, &mut tx, &entries).await?;
    Ok(tx.commit().await?)
}

#[cfg(test)]
mod tests {
    use domain::Board;

    use super::*;

    fn fields(search: &Search) -> Vec<&'static str> {
        match check(search) {
            Err(Error::Invalid(faults)) => faults.iter().map(|fault| fault.field).collect(),
            _ => vec![],
        }
    }

    #[test]
    fn something_must_be_given_and_enough_of_it() {
        let none = Search::default();
        let name = |name: &str| Search { name: name.into(), ..Search::default() };
        let board = Board::read("ABIM").unwrap();
        for (search, expected) in [
            (none.clone(), vec!["name"]),
            (name("W"), vec!["name"]),
            (name("Wu"), vec![]),
            (name(&"W".repeat(101)), vec!["name"]),
            (Search { number: "none".into(), ..none.clone() }, vec!["number"]),
            (Search { number: "GA-1".into(), ..none.clone() }, vec![]),
            (Search { npi: "12345".into(), ..none.clone() }, vec!["npi"]),
            (Search { certification: Some((board, " ".into())), ..none.clone() }, vec!["diplomate_id"]),
        ] {
            assert_eq!(fields(&search), expected, "{search:?}");
        }
    }

    #[test]
    fn the_trail_says_how_somebody_was_looked_for() {
        let search = Search { name: "Wu".into(), npi: "1234567893".into(), ..Search::default() };
        assert_eq!(by(&search), "name and NPI");
    }
}
