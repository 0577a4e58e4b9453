//! The clock of open cases: seven days before the end both sides are reminded; at the end, or once the provider may not
//! report any more, the accreditor has the case.
//!
//! Each case is one transaction that moves the clock on together with the letters: after a kill nothing is said twice
//! and nothing forgotten, and of two workers the second finds the case moved on.

use domain::MissingCreditId;
use domain::missing_credit::{Side, Step};
use store::missing_credit::Case;
use store::organizations::Standing;

use super::{change, letters, note};
use crate::{App, Error, Result, retry};

/// Cases looked at in one round.
const AT_ONCE: i64 = 100;

/// Does what is due now. Whether there may be more.
pub async fn tick_due(app: &App) -> Result<bool> {
    let due = store::missing_credit::due(&mut app.store.read().await?, app.clock.now(), AT_ONCE).await?;
    let is_full = i64::try_from(due.len()).is_ok_and(|found| found >= AT_ONCE);
    for id in due {
        match retry::on_race(|| tick(app, id)).await {
            // somebody else was quicker, and the next round looks again
            Ok(()) | Err(Error::Stale) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(is_full)
}

async fn tick(app: &App, id: MissingCreditId) -> Result<()> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let Some(case) = store::missing_credit::find_for_work(&mut tx, id).await? else { return Ok(()) };
    if !case.state.is_open() || case.overdue_at.is_some() {
        return Ok(());
    }
    let standing = store::organizations::standing(&mut tx, case.provider).await?;
    let has_fallen = standing.is_some_and(|standing| standing != Standing::Good);
    if has_fallen || case.due_at <= now {
        let overdue = Case { overdue_at: Some(now), next_at: None, ..case };
        let words = if has_fallen { "The provider cannot report at the moment." } else { "" };
        change(app, &mut tx, &overdue, None).await?;
        note(app, &mut tx, &overdue, Side::System, "", Step::Overdue, words).await?;
        letters::to_provider(app, &mut tx, &overdue, Step::Overdue).await?;
        letters::to_physician(app, &mut tx, &overdue, Step::Overdue).await?;
    } else if case.next_at.is_some_and(|at| at <= now) {
        let reminded = Case { next_at: Some(case.due_at), ..case };
        change(app, &mut tx, &reminded, None).await?;
        note(app, &mut tx, &reminded, Side::System, "", Step::Reminded, "").await?;
        letters::to_provider(app, &mut tx, &reminded, Step::Reminded).await?;
        letters::to_physician(app, &mut tx, &reminded, Step::Reminded).await?;
    }
    Ok(tx.commit().await?)
}
