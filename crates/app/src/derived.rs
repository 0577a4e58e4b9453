//! Points for a certifying board are CME credit too: where a completion has points and no CME credit was reported,
//! one is derived, of the largest points that any one board has on record (domain.md, Learner credit data).
//!
//! Deriving follows the outbox. Withdrawing does not wait for it: a reported CME credit, and whoever deletes the
//! points, withdraws the derived credit in the same transaction (`reports::record`). A board's answer changes
//! nothing: points that a board rejects were learned all the same.

use std::collections::HashMap;

use domain::access::ProviderScope;
use domain::credit::{CreditStatus, Kind, Part};
use domain::{Amount, CompletionId, CreditId, PhysicianId, ProviderId};
use store::WriteTx;
use store::completions::{self, NewCompletion, NewCredit};
use store::counters::{self, Counter};
use store::events::EventKind;

use crate::reports::{Book, Writing};
use crate::{App, Result, outbox, retry};

/// Derives what the next events call for. Whether there may be more.
pub async fn derive_next(app: &App) -> Result<bool> {
    if !outbox::is_behind(app, Counter::DerivedCredit).await? {
        return Ok(false);
    }
    retry::on_race(|| run(app)).await?;
    Ok(true)
}

async fn run(app: &App) -> Result<()> {
    let mut tx = app.store.write().await?;
    // the ledger's lock first: whoever records stands in one line, and what is looked up stays true
    counters::take(&mut tx, Counter::LedgerLeaf, 0).await?;
    let events = outbox::take(&mut tx, Counter::DerivedCredit).await?;
    let reported = events.iter().filter(|event| event.kind == EventKind::CreditReported);
    let credits: Vec<CreditId> = reported.filter_map(|event| event.credit).collect();
    let mut of_provider: HashMap<ProviderId, Vec<CompletionId>> = HashMap::new();
    for (completion, provider) in completions::of_credits(&mut tx, &credits).await? {
        of_provider.entry(provider).or_default().push(completion);
    }
    for (provider, completions) in of_provider {
        derive(app, &mut tx, &ProviderScope::of_record(provider), &completions).await?;
    }
    Ok(tx.commit().await?)
}

/// Derives credit of one provider's completions as they stand now, which may be later than their events.
async fn derive(app: &App, tx: &mut WriteTx, scope: &ProviderScope, ids: &[CompletionId]) -> Result<()> {
    let now = app.clock.now();
    let facts = completions::find_many(tx, scope, ids).await?;
    let facts: HashMap<CompletionId, NewCompletion> = facts.into_iter().map(|one| (one.id, one)).collect();
    let mut book = Book::default();
    for live in completions::live_among(tx, scope, ids).await? {
        let Some(completion) = facts.get(&live.id) else { continue };
        let key = (completion.activity, live.person.clone(), live.completed_on);
        book.open(completion.activity, vec![live]);
        if let Some((origin, amount)) = book.due(&key) {
            book.add_credit(&key, credit(app, completion.id, origin, amount, now));
        }
    }
    let people = facts.values().flat_map(|one| one.reported_physician.into_iter().chain(one.physician));
    let people: Vec<PhysicianId> = people.collect();
    let keys = completions::person_keys(tx, &people).await?;
    Writing { scope, upload: None, now }.write(tx, book.changes, &keys).await
}

fn credit(app: &App, completion: CompletionId, origin: CreditId, amount: Amount, now: i64) -> NewCredit {
    NewCredit {
        id: CreditId::new(app.chance.id(now)),
        completion,
        kind: Kind::Cme,
        part: Part::Whole,
        amount,
        types: Vec::new(),
        diplomate_id: String::new(),
        status: CreditStatus::Accepted,
        derived_from: Some(origin),
        reported_at: now,
        leaf_index: 0,
        withdrawn: None,
    }
}
