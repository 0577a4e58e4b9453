//! Changing reference data: for the accreditor's staff, audited, after a look at what it would affect.
//! Nobody overwrites what somebody else has changed since they looked.

use std::sync::Arc;

use domain::access::{Actor, StaffScope, Who};
use jiff::civil::Date;
use store::counters::{self, Counter};
use store::reference::Kept;
use store::{ReadTx, WriteTx};

use super::change::{Change, Plan};
use super::effect::{self, Effect};
use crate::error::{Error, Result};
use crate::{App, audit};

/// How far somebody saw the history of what they change: the newest entry among its keys.
pub type Seen = i64;

fn staff(actor: &Actor) -> Result<StaffScope> {
    actor.staff().ok_or(Error::Forbidden("only the accreditor's staff change reference data"))
}

/// The newest entry of what a change is about; -1 if there is none.
pub async fn seen(tx: &mut ReadTx, change: &Change) -> Result<Seen> {
    let mut newest = -1;
    for (list, group, code) in change.keys() {
        newest = newest.max(store::reference::newest_of(tx, &list, &group, &code).await?);
    }
    Ok(newest)
}

fn planned(change: Change, kept: &Kept, today: Date) -> Result<(Plan, domain::reference::Rules)> {
    let rules = kept.rules()?;
    let plan = change.plan(kept, &rules, today)?;
    Ok((plan, rules))
}

/// What a change would affect if it were made now, counted on what is on record. Nothing is written.
pub async fn preview(app: &App, actor: &Actor, change: Change) -> Result<Effect> {
    let scope = staff(actor)?;
    let mut tx = app.store.read().await?;
    let (kept, _) = store::reference::kept(&mut tx).await?;
    let (plan, before) = planned(change.clone(), &kept, app.clock.today())?;
    let mut after = kept;
    plan.entries.iter().for_each(|entry| after.put(entry.clone()));
    let after = Arc::new(after.rules()?);
    let effect = effect::of(&mut tx, &scope, &change, plan.day, Arc::new(before), after).await?;
    Ok(Effect { entries: plan.entries, ..effect })
}

/// Makes a change. `seen` is what [`seen`] said when its maker looked; [`Error::Stale`] means that somebody
/// else changed the same meanwhile, and nothing is written. Other processes follow the count of entries.
pub async fn apply(app: &App, actor: &Actor, change: Change, seen: Option<Seen>) -> Result<()> {
    staff(actor)?;
    let mut tx: WriteTx = app.store.write().await?;
    // changes stand in one line, so what is read below is what the change is made of
    counters::take(&mut tx, Counter::Reference, 0).await?;
    if let Some(seen) = seen
        && self::seen(&mut tx, &change).await? != seen
    {
        return Err(Error::Stale);
    }
    let (kept, _) = store::reference::kept(&mut tx).await?;
    let (plan, _) = planned(change, &kept, app.clock.today())?;
    let by = match actor.who {
        Who::Account(account) => Some(account),
        Who::ApiClient(_) => None,
    };
    store::reference::put(&mut tx, &plan.entries, app.clock.today(), by, app.clock.now()).await?;
    audit::record(app, &mut tx, actor, plan.action, plan.subject, None, &plan.detail).await?;
    tx.commit().await?;
    app.reference.refresh(&app.store).await?;
    Ok(())
}

/// Sets one deadline, limit or threshold from a day on; `None`: from today.
pub async fn put_setting(
    app: &App,
    actor: &Actor,
    name: &str,
    value: serde_json::Value,
    from: Option<Date>,
) -> Result<()> {
    let from = from.unwrap_or(app.clock.today());
    apply(app, actor, Change::Settings { values: vec![(name.to_owned(), value)], from }, None).await
}
