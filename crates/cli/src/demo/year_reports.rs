//! The demo's yearly figures: every year counted, and the last one published.

use anyhow::{Context, Result};
use app::{App, Clock, data_report, jobs};
use domain::access::{Actor, Seat, Who};
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};

const FOREWORD: &str = "This is the first report from learner credit that providers report by name. Figures of single \
                        providers are not shown.";

pub(crate) async fn publish(
    app: &App,
    today: Date,
    clock: &impl Fn(DateTime) -> Result<Clock>,
    staff: &str,
) -> Result<()> {
    let account = store::accounts::find_by_email(&mut app.store.read().await?, staff).await?;
    let account = account.context("the accreditor's staff has no account")?;
    let actor = Actor { who: Who::Account(account.id), seat: Seat::Accreditor };
    let scope = actor.staff().context("staff may publish")?;
    let last_night = App { clock: clock(today.saturating_sub(1.day()).at(23, 5, 0, 0))?, ..app.clone() };
    data_report::count_due(&last_night).await?;
    while jobs::run_next(&last_night).await? {}
    let last = today.year() - 1;
    let found = data_report::at_hand(&last_night, &scope, last).await?;
    if let Some(newest) = found.newest.filter(|newest| newest.figures.total.providers >= 3) {
        data_report::publish(&last_night, &actor, &scope, newest.report.id, FOREWORD).await?;
    }
    Ok(())
}
