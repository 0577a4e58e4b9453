//! Credit that the demo's physician misses: one case that waits for the provider of the first sign-in, one that it
//! answered; and one entry of the physician's own.

use anyhow::{Context, Result};
use app::missing_credit::{self, Asked};
use app::own_credit::{self, Typed};
use app::{App, Clock, reports};
use domain::Field;
use domain::access::{Actor, Seat, Who};
use domain::activity::Activity;
use domain::missing_credit::Finding;
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use store::physicians::Physician;

use super::activities::Planned;
use super::claims::us_date;
use super::sign_ins::Owner;

/// When each case was completed and opened, in days before today, and whether the provider answered it.
const CASES: [(i32, i32, bool); 2] = [(48, 26, true), (33, 9, false)];
const ANSWERED_AFTER: i32 = 4;

/// Opens both cases and writes the entry, each on its day. `email` is the physician's.
pub(crate) async fn open(
    app: &App,
    clock: impl Fn(DateTime) -> Result<Clock>,
    (today, email): (Date, &str),
    physician: &Physician,
    owner: &Owner,
    planned: &[Planned],
) -> Result<()> {
    let mut tx = app.store.read().await?;
    let account = store::accounts::find_by_email(&mut tx, email).await?.context("the physician has no account")?;
    drop(tx);
    let actor = Actor { who: Who::Account(account.id), seat: Seat::Physician(physician.id) };
    let scope = actor.physician().context("the physician has a record")?;
    let mut used = Vec::new();
    for (completed, opened, is_answered) in CASES {
        let day = today.saturating_sub(completed.days());
        let then = App { clock: clock(today.saturating_sub(opened.days()).at(19, 12, 0, 0))?, ..app.clone() };
        let runs = |activity: &&Activity| {
            activity.provider == owner.provider
                && activity.missing_for_active().is_empty()
                && activity.starts_on <= day
                && activity.ends_on >= day
        };
        let running = planned.iter().filter(|one| !one.is_reserved).map(|one| &one.activity).filter(runs);
        for activity in running {
            let known = missing_credit::look(&then, &scope, activity.provider, Some(activity.id), day).await?;
            let (Some(credit), [Finding::NotReported]) = (activity.credit, known.as_slice()) else { continue };
            if used.contains(&activity.id) {
                continue;
            }
            used.push(activity.id);
            let asked = Asked {
                activity: activity.id.to_string(),
                completed: day.to_string(),
                amount: credit.to_string(),
                note: "I signed the attendance list and sent the evaluation form.".into(),
                identifier: "license-0".into(),
                consent: "yes".into(),
                ..Asked::default()
            };
            let case = missing_credit::open(&then, &actor, &scope, &asked, None).await?;
            if is_answered {
                let at = today.saturating_sub((opened - ANSWERED_AFTER).days()).at(10, 3, 0, 0);
                let later = App { clock: clock(at)?, ..app.clone() };
                let fields = report(physician, &asked, day);
                let recorded = reports::report_one(&later, &owner.actor(), owner.name, fields).await?;
                let completion = recorded.completion.context("a report has a completion")?;
                missing_credit::answer(&later, &owner.actor(), owner.name, case.id, completion).await?;
            }
            break;
        }
    }
    let typed = Typed {
        title: "Reading about hypertension in pregnancy".into(),
        provider: "A journal, at home".into(),
        completed: today.saturating_sub(20.days()).to_string(),
        amount: "1.5".into(),
        credit_type: "AMA PRA Category 2".into(),
        note: "Three review articles.".into(),
        ..Typed::default()
    };
    let evening = App { clock: clock(today.saturating_sub(19.days()).at(20, 40, 0, 0))?, ..app.clone() };
    own_credit::add(&evening, &actor, &scope, &typed, None).await?;
    Ok(())
}

/// What the provider types, with the physician's first license.
fn report(physician: &Physician, asked: &Asked, day: Date) -> Vec<(Field, String)> {
    let license = physician.licenses.first();
    vec![
        (Field::RecordAction, "Add".to_owned()),
        (Field::ActivityId, asked.activity.clone()),
        (Field::CompletionDate, us_date(day)),
        (Field::FirstName, physician.first.clone()),
        (Field::LastName, physician.last.clone()),
        (Field::Birth, physician.birth.map(|day| day.to_string()).unwrap_or_default()),
        (Field::State, license.map(|held| held.state.to_string()).unwrap_or_default()),
        (Field::Identifier, license.map(|held| held.number.clone()).unwrap_or_default()),
        (Field::CmeCredits, asked.amount.clone()),
    ]
}
