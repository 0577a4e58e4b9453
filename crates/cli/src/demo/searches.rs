//! What the demo's physician keeps of the search for activities: some that come soon, one of which looked different
//! when it was saved, and two searches.

use anyhow::{Context, Result};
use app::activity_search::{self, Search};
use app::saved_activities::{self, Look};
use app::{App, saved_searches};
use domain::Amount;
use domain::access::{Actor, Who};
use jiff::ToSpan;
use store::saved_activities::SavedActivity;
use store::saved_searches::Alert;

/// How many activities are saved.
const SAVED: usize = 4;

pub(crate) async fn keep(app: &App, email: &str) -> Result<()> {
    let mut tx = app.store.read().await?;
    let account = store::accounts::find_by_email(&mut tx, email).await?.context("the physician has no account")?;
    let seats = store::seats::list(&mut tx, account.id).await?;
    let seat = seats.first().context("the physician has no seat")?.seat;
    drop(tx);
    let actor = &Actor { who: Who::Account(account.id), seat };
    let found = activity_search::search_first(app, &Search::read("sort=date"), None, SAVED).await?;
    for one in &found.activities {
        saved_activities::save(app, actor, one.stored.activity.id).await?;
    }
    if let Some(first) = found.activities.first() {
        // half a credit less, and a week earlier
        let list = saved_activities::list(app, actor).await?;
        let saved = list.into_iter().find(|saved| saved.activity == first.stored.activity.id);
        let saved = saved.context("what was just saved is on the list")?;
        let look = Look {
            credit: Amount::new(saved.look.credit).less(Amount::new(50)).hundredths(),
            starts_on: saved.look.starts_on.saturating_sub(7.days()),
            ends_on: saved.look.ends_on.saturating_sub(7.days()),
            ..saved.look
        };
        let looked_like = serde_json::to_string(&look)?;
        let mut tx = app.store.write().await?;
        let account = saved_activities::account(actor)?;
        let row = SavedActivity { activity: saved.activity, saved_at: saved.saved_at, looked_like };
        store::saved_activities::put(&mut tx, account, &row).await?;
        tx.commit().await?;
    }
    for (name, query, alert) in [
        ("Opioids, free", "q=opioid&fee=free", Alert::Weekly),
        ("Live courses this winter", "format=live_course&sort=date", Alert::Off),
    ] {
        saved_searches::keep(app, actor, name, &Search::read(query), alert).await?;
    }
    Ok(())
}
