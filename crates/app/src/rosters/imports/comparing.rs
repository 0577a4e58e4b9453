//! What a roster would change, found without changing anything: its rows beside what stands, a batch at a time.
//!
//! Whom rows with new numbers mean is asked of the engine as it knows people now. What rows of the same file say of
//! each other shows only when they are settled, so those figures are estimates; what would end or change is exact.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use domain::{Board, PhysicianId, State};
use formats::roster::RosterProblem;
use matching::Outcome;
use store::ReadTx;
use store::physicians::{self, After, Physician};

use super::preview::{Absent, Change, IssuerPreview, MOST_SHOWN, NameDiffers, Preview};
use super::{Kind, PROBLEMS_KEPT};
use crate::rosters::entry::{Entry, Identifier, Own};
use crate::rosters::known::{holders, people};
use crate::rosters::merging::{Fit, first_names_agree, fit, last_names_agree};
use crate::rosters::waiting::hash;
use crate::rosters::{is_active, reading};
use crate::{App, Error, Result};

/// Rows that are looked at together.
const AT_ONCE: usize = 4_000;
/// Licenses read at a time while what a file leaves out is looked for.
pub(super) const PAGE: i64 = 10_000;

/// Told how many rows were read.
pub(super) type Told<'a> = &'a (dyn Fn(u64) + Send + Sync);

/// What was found in a file.
#[derive(Debug, Default)]
pub(super) struct Compared {
    pub(super) preview: Preview,
    pub(super) problems: Vec<RosterProblem>,
    /// Hashes of the numbers that the file names.
    pub(super) named: HashSet<u64>,
}

/// What identifies a number among those that a file names.
pub(super) fn number_hash(issuer: &str, number: &str) -> u64 {
    hash((issuer, number))
}

/// Compares a file with the registry.
///
/// Errors: `Problems` about the file as a whole.
pub(super) async fn compare(
    app: &App,
    kind: Kind,
    path: &Path,
    issuer: &str,
    is_whole: bool,
    told: Told<'_>,
) -> Result<Compared> {
    app.registry.refresh(&app.store).await?;
    let mut found = Compared::default();
    let mut issuers: BTreeMap<String, IssuerPreview> = BTreeMap::new();
    let mut rows = reading::open(kind, path, issuer)?;
    loop {
        let mut batch: Vec<Entry> = Vec::with_capacity(AT_ONCE);
        while batch.len() < AT_ONCE {
            let Some(row) = rows.next() else { break };
            found.preview.rows += 1;
            match row {
                Ok(entry) => batch.push(entry),
                Err(problem) => {
                    found.preview.refused += 1;
                    if found.problems.len() < PROBLEMS_KEPT {
                        found.problems.push(problem);
                    }
                }
            }
        }
        if batch.is_empty() {
            break;
        }
        compare_batch(app, batch, &mut found, &mut issuers).await?;
        told(found.preview.rows);
    }
    if found.preview.rows == 0 {
        return Err(Error::Problems(vec![domain::Problem::file(domain::Code::NoRows)]));
    }
    found.preview.ends_absent = is_whole && found.preview.refused == 0;
    let mut tx = app.store.read().await?;
    for (code, issuer) in &mut issuers {
        code.clone_into(&mut issuer.code);
        issuer.active = count(physicians::count_active(&mut tx, code).await?);
        let mut after = None;
        while let Some(page) = absent_page(&mut tx, code, &mut after, &found.named).await? {
            issuer.absent += page.len() as u64;
            let left = MOST_SHOWN.saturating_sub(found.preview.absent.len());
            found.preview.absent.extend(page.into_iter().take(left).map(|(physician, own)| {
                let (issuer, number) = own.issued();
                Absent { issuer: issuer.to_owned(), number: number.to_owned(), physician }
            }));
        }
    }
    found.preview.issuers = issuers.into_values().collect();
    found.preview.brake(u64::try_from(app.reference.get().settings().roster_ends_percent).unwrap_or_default());
    Ok(found)
}

fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

async fn compare_batch(
    app: &App,
    batch: Vec<Entry>,
    found: &mut Compared,
    issuers: &mut BTreeMap<String, IssuerPreview>,
) -> Result<()> {
    if app.registry.is_empty() {
        for entry in batch {
            let (code, number) = entry.held.issued();
            found.named.insert(number_hash(code, number));
            issuers.entry(code.to_owned()).or_default().rows += 1;
            found.preview.to_new += 1;
        }
        return Ok(());
    }
    let mut tx = app.store.read().await?;
    let held = holders(&mut tx, &batch).await?;
    let ids = held.values().flatten().map(|(id, _)| *id).collect();
    let known = people(&mut tx, ids, false).await?;
    drop(tx);
    let mut asked = Vec::new();
    for entry in batch {
        let (code, number) = entry.held.issued();
        found.named.insert(number_hash(code, number));
        let issuer = issuers.entry(code.to_owned()).or_default();
        issuer.rows += 1;
        match standing(&entry, &held, &known) {
            Stands::Nobodys => asked.push(entry),
            Stands::Unclear => found.preview.unclear += 1,
            Stands::As(physician, stands) => settle(&entry, physician, stands, &mut found.preview, issuer),
        }
    }
    let registry = app.registry.clone();
    let queries: Vec<_> = asked.iter().map(Entry::query).collect();
    let decided = tokio::task::spawn_blocking(move || registry.decide_all(&queries)).await;
    for decision in decided.map_err(|error| Error::Internal(error.to_string()))? {
        match decision.outcome {
            Outcome::Matched(_) if decision.by_identifier() => found.preview.to_known += 1,
            Outcome::None => found.preview.to_new += 1,
            _ => found.preview.unclear += 1,
        }
    }
    Ok(())
}

/// Whose a row's own number is.
enum Stands<'a> {
    Nobodys,
    /// Somebody's who may not be meant.
    Unclear,
    As(&'a Physician, &'a Own),
}

fn standing<'a>(
    entry: &Entry,
    held: &'a HashMap<Identifier, Vec<(PhysicianId, Own)>>,
    known: &'a HashMap<PhysicianId, Physician>,
) -> Stands<'a> {
    let Some(holders) = held.get(&entry.identifier()) else { return Stands::Nobodys };
    let of = |wanted: Fit| {
        holders.iter().find_map(|(id, own)| {
            let physician = known.get(id)?;
            (fit(entry, physician) == wanted).then_some((physician, own))
        })
    };
    match (of(Fit::Same), of(Fit::Unclear)) {
        (Some((physician, own)), _) => Stands::As(physician, own),
        (None, Some(_)) => Stands::Unclear,
        // the number was given twice
        (None, None) => Stands::Nobodys,
    }
}

fn settle(entry: &Entry, physician: &Physician, stands: &Own, preview: &mut Preview, issuer: &mut IssuerPreview) {
    let (code, number) = entry.held.issued();
    let told = entry.held.beside(stands);
    if told == *stands {
        preview.same += 1;
    } else {
        preview.changed += 1;
        let ends = is_active(&stands.standing().status) && !is_active(&told.standing().status);
        issuer.ended += u64::from(ends);
        // what ends is shown first
        let room = preview.changes.len() < MOST_SHOWN;
        let place = preview.changes.iter().position(|change| !change.ends).filter(|_| ends);
        if room || place.is_some() {
            let change = Change {
                row: entry.row,
                issuer: code.to_owned(),
                number: number.to_owned(),
                name: entry.name(),
                before: words(stands),
                after: words(&told),
                ends,
            };
            preview.changes.insert(place.unwrap_or(preview.changes.len()), change);
            preview.changes.truncate(MOST_SHOWN);
        }
    }
    let names_agree = first_names_agree(&entry.first, &physician.first) && last_names_agree(entry, physician);
    if !names_agree {
        preview.names_differ += 1;
        if preview.names.len() < MOST_SHOWN {
            preview.names.push(NameDiffers {
                row: entry.row,
                issuer: code.to_owned(),
                number: number.to_owned(),
                said: entry.name(),
                physician: physician.id,
            });
        }
    }
}

/// Status and dates, as people read them.
fn words(own: &Own) -> String {
    crate::rosters::standings::words(&own.standing())
}

/// Active licenses or certifications of the next page that a file does not name; `None` behind the last page.
pub(super) async fn absent_page(
    tx: &mut ReadTx,
    issuer: &str,
    after: &mut After,
    named: &HashSet<u64>,
) -> Result<Option<Vec<(PhysicianId, Own)>>> {
    let page: Vec<(PhysicianId, Own)> = match (State::read(issuer), Board::read(issuer)) {
        (Some(state), _) if issuer.len() == 2 => {
            let page = physicians::active_licenses(tx, state, after, PAGE).await?;
            page.into_iter().map(|(id, license)| (id, Own::from(license))).collect()
        }
        (_, Some(board)) => {
            let page = physicians::active_certifications(tx, board, after, PAGE).await?;
            page.into_iter().map(|(id, certification)| (id, Own::from(certification))).collect()
        }
        _ => Vec::new(),
    };
    let Some((last, own)) = page.last() else { return Ok(None) };
    *after = Some((own.issued().1.to_owned(), *last));
    let is_absent = |(_, own): &(PhysicianId, Own)| {
        let (issuer, number) = own.issued();
        !named.contains(&number_hash(issuer, number))
    };
    Ok(Some(page.into_iter().filter(is_absent).collect()))
}
