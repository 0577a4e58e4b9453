//! The credit lands: a case is answered by the report itself, however it came.
//!
//! The ledger is followed in order, since every credit has a leaf there and the outbox tells of boards' credit only. A
//! credit that was reported since the case was opened, of its activity and day and for the person whose case it is
//! today, answers it. Where the day or the activity is another, the provider says which report it was, with [`answer`].

use domain::access::{Actor, ProviderRole};
use domain::missing_credit::{CaseState, Side, Step};
use domain::{CompletionId, MissingCreditId};
use store::WriteTx;
use store::counters::{self, Counter};
use store::missing_credit::Case;

use super::acts::settle;
use super::{change, letters, note};
use crate::{App, Error, Result, retry};

/// Leaves of the ledger that are looked at in one transaction.
const LEAVES: i64 = 2_000;

/// Compares the next leaves of the ledger with open cases. Whether there may be more.
pub async fn follow_next(app: &App) -> Result<bool> {
    let mut tx = app.store.read().await?;
    let is_behind =
        counters::taken(&mut tx, Counter::MissingCredit).await? < counters::taken(&mut tx, Counter::LedgerLeaf).await?;
    drop(tx);
    if is_behind {
        retry::on_race(|| follow(app)).await?;
    }
    Ok(is_behind)
}

async fn follow(app: &App) -> Result<()> {
    let mut tx = app.store.write().await?;
    // taking locks: two workers stand in line
    let first = counters::take(&mut tx, Counter::MissingCredit, 0).await?;
    let until = counters::taken(&mut tx, Counter::LedgerLeaf).await?.min(first + LEAVES);
    counters::take(&mut tx, Counter::MissingCredit, until - first).await?;
    for (id, completion) in store::missing_credit::landed(&mut tx, first, until).await? {
        let Some(case) = store::missing_credit::find_for_work(&mut tx, id).await? else { continue };
        let Some(physician) = store::missing_credit::person(&mut tx, &case).await? else { continue };
        let is_theirs = store::missing_credit::is_of(&mut tx, completion, physician).await?;
        if case.state.is_open() && is_theirs {
            let answered = answered(app, case, completion);
            change(app, &mut tx, &answered, None).await?;
            told(app, &mut tx, &answered, "").await?;
        }
    }
    Ok(tx.commit().await?)
}

fn answered(app: &App, case: Case, completion: CompletionId) -> Case {
    Case { completion: Some(completion), ..settle(case, CaseState::Answered, app.clock.now(), "") }
}

async fn told(app: &App, tx: &mut WriteTx, case: &Case, author: &str) -> Result<()> {
    note(app, tx, case, Side::Provider, author, Step::Answered, "").await?;
    letters::to_physician(app, tx, case, Step::Answered).await
}

/// The provider says which of its reports answers a case. Answering with the same again changes nothing.
///
/// Errors: `Invalid` on `completion` for a report that is not of this physician, or does not count; `Stale` for a case
/// that ended otherwise.
pub async fn answer(app: &App, actor: &Actor, name: &str, id: MissingCreditId, completion: CompletionId) -> Result<()> {
    let scope = actor.provider(ProviderRole::LearnerData).ok_or(Error::Forbidden("your role only reads"))?;
    retry::on_race(|| async {
        let mut tx = app.store.write().await?;
        let case = store::missing_credit::find_of_provider(&mut tx, &scope, id).await?.ok_or(Error::NotFound)?;
        if case.state == CaseState::Answered && case.completion == Some(completion) {
            return Ok(());
        }
        if !case.state.is_open() {
            return Err(Error::Stale);
        }
        let physician = store::missing_credit::person(&mut tx, &case).await?.ok_or(Error::NotFound)?;
        let found = store::missing_credit::live_completion(&mut tx, &scope, physician, completion).await?;
        if found.is_none() {
            let message = "This report was linked to another physician, or does not count any more.";
            return Err(Error::invalid("completion", message));
        }
        let answered = answered(app, case, completion);
        change(app, &mut tx, &answered, Some((actor, "missing_credit.answer"))).await?;
        told(app, &mut tx, &answered, name).await?;
        Ok(tx.commit().await?)
    })
    .await
}
