//! A chunk of records in one transaction: what each asks for is judged in order, as if it stood
//! alone, and what changed is written at the end.
//!
//! A record sees what the records before it did: an activity that is added and updated in one chunk
//! is written once, as it is after both.

use domain::access::{Actor, ProviderScope};
use store::WriteTx;
use store::activities::Save;
use store::activity_files::{Ending, Settled};
use store::counters::{self, Counter};

use super::super::attested;
use super::desk::Desk;
use super::read::{Asked, Item};
use super::told::Against;
use crate::{App, Error, Result, audit, providers};

/// Tries while others save the same activities.
const TRIES: usize = 5;

/// Judges and writes a chunk; an answer for each record. [`Error::Stale`]: somebody saved one of the
/// activities meanwhile, and the transaction must be given up and run again.
pub(super) async fn settle(
    app: &App,
    tx: &mut WriteTx,
    actor: &Actor,
    scope: &ProviderScope,
    items: &[Item],
) -> Result<Vec<Settled>> {
    // completions are recorded in line with this, by the version they were judged by
    counters::take(tx, Counter::LedgerLeaf, 0).await?;
    if !providers::is_in_good_standing(app, tx, scope).await? {
        return Ok(items.iter().map(refused_by_standing).collect());
    }
    app.reference.refresh_in(tx).await?;
    let mut desk = Desk::open(app, tx, scope, items).await?;
    let mut answers = Vec::with_capacity(items.len());
    for item in items {
        answers.push(desk.take(tx, item).await?);
    }
    let done = desk.done();
    let saves: Vec<Save<'_>> =
        done.saved.iter().map(|(activity, version)| Save { activity, version: *version }).collect();
    if !store::activities::save_many(tx, scope, &saves, attested(app, actor)).await? {
        return Err(Error::Stale);
    }
    for (id, version) in done.deleted {
        if !store::activities::delete(tx, scope, id, version).await? {
            return Err(Error::Stale);
        }
    }
    let entries: Vec<_> = done
        .acts
        .into_iter()
        .map(|act| audit::entry(app, Some(actor), act.action, act.activity.to_string(), None, &act.detail))
        .collect();
    store::audit::insert_many(tx, &entries).await?;
    Ok(answers)
}

/// A record of a provider whose standing has changed since the file came in.
fn refused_by_standing(item: &Item) -> Settled {
    let record = match &item.asked {
        Asked::Whole(reading) => reading.record(),
        Asked::Totals(_, record) => record,
    };
    let message = "Your organization may not submit: it is not in good standing.";
    let told = vec![Against::MayNotSubmit.told(record, None, message)];
    Settled { number: item.number, line: item.line, ending: Ending::Refused, activity: None, told }
}

/// Runs a whole transaction again while it loses races or works on versions that are not the newest.
pub(super) async fn until_newest<T, F, R>(mut run: R) -> Result<T>
where
    R: FnMut() -> F,
    F: Future<Output = Result<T>>,
{
    for _ in 1..TRIES {
        match crate::retry::on_race(&mut run).await {
            Err(Error::Stale) => {}
            done => return done,
        }
    }
    crate::retry::on_race(run).await
}
