//! What the demo's licensing board has under way: a list that was checked twice, and an audit of a sample with some
//! decisions, a letter and a reminder. The physician who signs in is in neither.

use anyhow::{Context, Result};
use app::license_audits::cases::{self, At};
use app::license_audits::{self, NewAudit};
use app::licensee_lists::{self, Given, checks};
use app::{App, Clock, jobs};
use domain::State;
use domain::access::{Actor, Seat, Who};
use domain::license_audit::{ActKind, Decision};
use domain::licensee_list::WhichCycle;
use formats::licensees::LicenseeRow;
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use store::license_audits::cases::Case;

use super::people::Population;

/// Licensees on the list.
const LISTED: usize = 120;
/// With fewer there is nothing to check.
const FEWEST: usize = 5;
/// Whoever made it, as the sign-in is named.
const BY: &str = "Terrence Longmore";

/// Makes the list, its checks and the audit, each on its day.
pub(crate) async fn make(
    app: &App,
    today: Date,
    clock: &(dyn Fn(DateTime) -> Result<Clock> + Sync),
    population: &Population,
    state: State,
) -> Result<()> {
    let then = |days: i64, hour: i8, minute: i8| -> Result<App> {
        let at = today.saturating_sub(days.days()).at(hour, minute, 0, 0);
        Ok(App { clock: clock(at)?, ..app.clone() })
    };
    let actor = board(app, state).await?;
    let scope = actor.licensing_board().context("the board has no seat")?;
    let rows = rows(population, state);
    // a demo of few physicians has nobody else in the state
    if rows.len() < FEWEST {
        return Ok(());
    }
    let made = then(19, 9, 30)?;
    let given = Given::File { name: "renewals.xlsx".into(), rows };
    let list = licensee_lists::make(&made, &actor, BY, &scope, "Renewals of this year", given).await?;
    for days in [19, 2] {
        let on = then(days, 9, 42)?;
        checks::ask(&on, &actor, BY, &scope, list, on.clock.today(), WhichCycle::Current).await?;
        work(&on).await?;
    }
    let started = then(17, 13, 5)?;
    let new = NewAudit {
        name: "Renewal audit".into(),
        list,
        size: "12".into(),
        seed: "board meeting 4417".into(),
        as_of: started.clock.today(),
        which: WhichCycle::Ended,
    };
    let audit = license_audits::start(&started, &actor, BY, &scope, new).await?;
    work(&started).await?;
    let mut tx = app.store.read().await?;
    let sample = store::license_audits::cases::of_audit(&mut tx, &scope, audit).await?;
    let board = store::organizations::find_licensing_board(&mut tx, state).await?.context("the board is missing")?;
    drop(tx);
    for (days, case) in (8..=16).rev().zip(&sample) {
        let on = then(days, 10, 20)?;
        let at = |seen| At { actor: &actor, by: BY, scope: &scope, case: case.id, seen };
        let (decision, reason) = verdict(case);
        let due = on.clock.today().saturating_add(30.days());
        cases::decide(&on, at(0), decision, reason, Some(due)).await?;
        if decision == Decision::Deficient {
            let (_, letter) = cases::draft(&on, &board.name, &scope, case.id, ActKind::Letter).await?;
            cases::send(&on, at(1), ActKind::Letter, &letter).await?;
        }
    }
    Ok(())
}

/// What the record says, as a person at the board would decide it.
fn verdict(case: &Case) -> (Decision, &'static str) {
    use domain::requirement::Standing;
    match case.found.as_ref().map(|found| found.standing) {
        Some(Standing::Met) => (Decision::Compliant, ""),
        Some(Standing::Exempt) => (Decision::Exempt, "Nothing is required of this license in this cycle."),
        Some(Standing::Missing | Standing::NotYetDue) => {
            (Decision::Deficient, "Credit on record does not reach what the cycle asks for.")
        }
        Some(Standing::NotKnown) | None => {
            (Decision::NeedsInformation, "The date on which the license was issued is not on record. Send a copy.")
        }
    }
}

/// Licensees of the state behind those that the demo names, and two rows with a slip.
fn rows(population: &Population, state: State) -> Vec<LicenseeRow> {
    let holds = |place: u64| {
        let physician = population.physician(place);
        let license = physician.licenses.iter().find(|held| held.state == state)?.clone();
        Some((license.number, physician.first, physician.last))
    };
    let mut rows: Vec<LicenseeRow> = (2..)
        .zip((super::people::LISTED..population.size).filter_map(holds).take(LISTED))
        .map(|(row, (number, first, last))| LicenseeRow { row, number, first, last, npi: String::new() })
        .collect();
    if let Some(row) = rows.get_mut(7) {
        row.last = "Somebody-Else".into();
    }
    if let Some(row) = rows.get_mut(19) {
        row.number = "000000001".into();
    }
    rows
}

async fn work(app: &App) -> Result<()> {
    while jobs::run_next(app).await? {}
    Ok(())
}

async fn board(app: &App, state: State) -> Result<Actor> {
    let email = format!("licensing@{}.example", state.code().to_lowercase());
    let mut tx = app.store.read().await?;
    let account = store::accounts::find_by_email(&mut tx, &email).await?.context("the board has no account")?;
    Ok(Actor { who: Who::Account(account.id), seat: Seat::LicensingBoard(state) })
}
