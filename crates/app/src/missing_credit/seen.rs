//! A case as its parties read it: with its history, and with what counts today of the credit that answered it. When a
//! provider or the accreditor opens one, the physician can see that they did.

use domain::access::{Actor, PhysicianScope, ProviderScope, StaffScope};
use domain::missing_credit::CaseState;
use domain::{MissingCreditId, PhysicianId};
use jiff::ToSpan;
use store::ReadTx;
use store::missing_credit::{Case, Reported, StepRow};

use crate::evidence::{self, Opened};
use crate::{App, Error, Result, audit};

/// Days before and after a claimed date within which a provider's own reports are offered as the answer.
const AROUND: i32 = 60;

/// What became of the credit that answered a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// The case was not answered with credit.
    None,
    /// It counts, or a corrected report in its place does.
    Counts(Reported),
    /// The provider deleted it.
    Deleted,
}

#[derive(Debug, Clone)]
pub struct Seen {
    pub case: Case,
    /// The oldest line first.
    pub steps: Vec<StepRow>,
    pub credit: Standing,
    /// For the provider of an open case: what it reported of this physician around the day.
    pub candidates: Vec<Reported>,
}

async fn with_history(tx: &mut ReadTx, case: Case) -> Result<Seen> {
    let steps = store::missing_credit::steps(tx, &case).await?;
    let credit = match case.state {
        CaseState::Answered => match store::missing_credit::standing_completion(tx, &case).await? {
            Some(reported) => Standing::Counts(reported),
            None => Standing::Deleted,
        },
        _ => Standing::None,
    };
    Ok(Seen { case, steps, credit, candidates: Vec::new() })
}

/// The physician's own case.
pub async fn of_physician(app: &App, scope: &PhysicianScope, id: MissingCreditId) -> Result<Seen> {
    let mut tx = app.store.read().await?;
    let case = store::missing_credit::find(&mut tx, scope, id).await?.ok_or(Error::NotFound)?;
    with_history(&mut tx, case).await
}

/// A case of the provider's, with what it reported that may answer it.
pub async fn of_provider(app: &App, actor: &Actor, scope: &ProviderScope, id: MissingCreditId) -> Result<Seen> {
    let mut tx = app.store.read().await?;
    let case = store::missing_credit::find_of_provider(&mut tx, scope, id).await?.ok_or(Error::NotFound)?;
    let person = store::missing_credit::person(&mut tx, &case).await?;
    let mut seen = with_history(&mut tx, case).await?;
    if let Some(person) = person.filter(|_| seen.case.state.is_open()) {
        let day = seen.case.completed_on;
        let (from, until) = (day.saturating_sub(AROUND.days()), day.saturating_add(AROUND.days()));
        seen.candidates = store::missing_credit::reported_for(&mut tx, scope, person, from, until).await?;
    }
    drop(tx);
    told_of(app, actor, "missing_credit.read", &seen.case, person).await?;
    Ok(seen)
}

/// Anybody's case, for the accreditor's staff.
pub async fn of_any(app: &App, actor: &Actor, scope: &StaffScope, id: MissingCreditId) -> Result<Seen> {
    let mut tx = app.store.read().await?;
    let case = store::missing_credit::find_any(&mut tx, scope, id).await?.ok_or(Error::NotFound)?;
    let person = store::missing_credit::person(&mut tx, &case).await?;
    let seen = with_history(&mut tx, case).await?;
    drop(tx);
    told_of(app, actor, "missing_credit.read", &seen.case, person).await?;
    Ok(seen)
}

/// The file of a case that its reader may see: the scope was asked when the case was found.
pub async fn evidence_of(app: &App, actor: &Actor, case: &Case) -> Result<Opened> {
    let file = case.evidence.as_ref().ok_or(Error::NotFound)?;
    let opened = evidence::read(app, file).await?;
    if actor.physician().is_none() {
        let person = store::missing_credit::person(&mut app.store.read().await?, case).await?;
        told_of(app, actor, "missing_credit.evidence", case, person).await?;
    }
    Ok(opened)
}

async fn told_of(
    app: &App,
    actor: &Actor,
    action: &'static str,
    case: &Case,
    person: Option<PhysicianId>,
) -> Result<()> {
    let mut tx = app.store.write().await?;
    audit::record(app, &mut tx, actor, action, case.id, person, "").await?;
    Ok(tx.commit().await?)
}
