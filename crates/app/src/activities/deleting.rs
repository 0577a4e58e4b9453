//! Deleting an activity that was entered by mistake. One that a completion was ever reported for
//! stays: what happened to learners' credit can always be looked up.

use domain::ActivityId;
use domain::access::Actor;
use domain::check::us_date;
use store::activities::Named;
use store::counters::{self, Counter};

use super::{editor, open_for_change};
use crate::error::{Error, Result};
use crate::{App, audit};

/// Completions that a refusal names one by one.
const NAMED: i64 = 5;

/// Deletes an activity of the version that the person saw. A fault beside `completions` names those
/// that keep it.
pub async fn delete(app: &App, actor: &Actor, id: ActivityId, version: i64) -> Result<()> {
    let scope = editor(actor)?;
    let mut tx = app.store.write().await?;
    // a completion is recorded before this or finds no activity, never in between
    counters::take(&mut tx, Counter::LedgerLeaf, 0).await?;
    let activity = open_for_change(app, &mut tx, &scope, id, version).await?.activity;
    let named = store::activities::named(&mut tx, &scope, id, NAMED + 1).await?;
    if !named.is_empty() {
        return Err(Error::invalid("completions", refusal(&named)));
    }
    if !store::activities::delete(&mut tx, &scope, id, version).await? {
        return Err(Error::Stale);
    }
    audit::record(app, &mut tx, actor, "activity.delete", id, None, &activity.title).await?;
    tx.commit().await?;
    Ok(())
}

fn refusal(named: &[Named]) -> String {
    let most = usize::try_from(NAMED).unwrap_or(usize::MAX);
    let one = |named: &Named| {
        let mark = if named.is_withdrawn { ", withdrawn" } else { "" };
        format!("{} {} ({}{mark})", named.first, named.last, us_date(named.completed_on))
    };
    let mut names: Vec<String> = named.iter().take(most).map(one).collect();
    if named.len() > most {
        names.push("more".to_owned());
    }
    format!("Completions were reported for this activity: {}. It stays on record.", names.join("; "))
}
