//! What the parties of a case do: the provider asks or declines, the physician replies or takes it back, the accreditor
//! urges or ends it. Each names the version of the case that they saw.

use domain::MissingCreditId;
use domain::access::{Actor, PhysicianScope, ProviderRole, ProviderScope, StaffScope};
use domain::missing_credit::{CaseState, Side, Step};
use domain::reference::List;
use store::WriteTx;
use store::missing_credit::Case;

use super::{change, letters, note, some_words};
use crate::{App, Error, Result};

/// The accreditor urges a provider at most this often.
const BETWEEN_URGES: i64 = 24 * crate::clock::HOUR;

/// Why a provider may decline: codes and words.
pub fn decline_reasons(app: &App) -> Vec<(String, String)> {
    let reference = app.reference.get();
    reference.items(List::DeclineReasons).map(|item| (item.code.clone(), item.name.clone())).collect()
}

/// Refuses what was decided on an older version, or on a case that is over.
fn must_be(case: &Case, version: i64) -> Result<()> {
    if case.version == version && case.state.is_open() { Ok(()) } else { Err(Error::Stale) }
}

pub(super) fn settle(case: Case, state: CaseState, now: i64, reason: &str) -> Case {
    Case { state, settled_at: Some(now), next_at: None, reason: reason.to_owned(), ..case }
}

async fn of_provider(
    tx: &mut WriteTx,
    actor: &Actor,
    id: MissingCreditId,
    version: i64,
) -> Result<(ProviderScope, Case)> {
    let scope = actor.provider(ProviderRole::LearnerData).ok_or(Error::Forbidden("your role only reads"))?;
    let case = store::missing_credit::find_of_provider(tx, &scope, id).await?.ok_or(Error::NotFound)?;
    must_be(&case, version)?;
    Ok((scope, case))
}

/// The provider asks the physician something. The clock runs on.
pub async fn ask(app: &App, actor: &Actor, name: &str, id: MissingCreditId, version: i64, text: &str) -> Result<()> {
    let text = some_words("question", text, "Write your question.")?;
    let mut tx = app.store.write().await?;
    let (_, case) = of_provider(&mut tx, actor, id, version).await?;
    let asked = Case { state: CaseState::NeedsInformation, ..case };
    change(app, &mut tx, &asked, Some((actor, "missing_credit.ask"))).await?;
    note(app, &mut tx, &asked, Side::Provider, name, Step::Asked, &text).await?;
    letters::to_physician(app, &mut tx, &asked, Step::Asked).await?;
    Ok(tx.commit().await?)
}

/// The provider says why it does not report the credit: a reason of the catalogue, and words.
pub async fn decline(
    app: &App,
    actor: &Actor,
    name: &str,
    id: MissingCreditId,
    version: i64,
    (reason, text): (&str, &str),
) -> Result<()> {
    let chosen = decline_reasons(app).into_iter().find(|(code, _)| code == reason);
    let (_, reason) = chosen.ok_or_else(|| Error::invalid("reason", "Choose a reason."))?;
    let text = some_words("words", text, "Write what the physician should know, in a sentence or two.")?;
    let mut tx = app.store.write().await?;
    let (_, case) = of_provider(&mut tx, actor, id, version).await?;
    let declined = settle(case, CaseState::Declined, app.clock.now(), &reason);
    change(app, &mut tx, &declined, Some((actor, "missing_credit.decline"))).await?;
    note(app, &mut tx, &declined, Side::Provider, name, Step::Declined, &format!("{reason}: {text}")).await?;
    letters::to_physician(app, &mut tx, &declined, Step::Declined).await?;
    Ok(tx.commit().await?)
}

async fn of_physician(tx: &mut WriteTx, scope: &PhysicianScope, id: MissingCreditId, version: i64) -> Result<Case> {
    let case = store::missing_credit::find(tx, scope, id).await?.ok_or(Error::NotFound)?;
    must_be(&case, version)?;
    Ok(case)
}

/// The physician writes to the provider, in answer to a question or without.
pub async fn reply(
    app: &App,
    actor: &Actor,
    scope: &PhysicianScope,
    id: MissingCreditId,
    version: i64,
    text: &str,
) -> Result<()> {
    let text = some_words("reply", text, "Write your message.")?;
    let mut tx = app.store.write().await?;
    let case = of_physician(&mut tx, scope, id, version).await?;
    let replied = Case { state: CaseState::Open, ..case };
    change(app, &mut tx, &replied, Some((actor, "missing_credit.reply"))).await?;
    note(app, &mut tx, &replied, Side::Physician, "", Step::Replied, &text).await?;
    letters::to_provider(app, &mut tx, &replied, Step::Replied).await?;
    Ok(tx.commit().await?)
}

/// The physician takes the case back.
pub async fn withdraw(
    app: &App,
    actor: &Actor,
    scope: &PhysicianScope,
    id: MissingCreditId,
    version: i64,
) -> Result<()> {
    let mut tx = app.store.write().await?;
    let case = of_physician(&mut tx, scope, id, version).await?;
    let withdrawn = settle(case, CaseState::Withdrawn, app.clock.now(), "");
    change(app, &mut tx, &withdrawn, Some((actor, "missing_credit.withdraw"))).await?;
    note(app, &mut tx, &withdrawn, Side::Physician, "", Step::Withdrawn, "").await?;
    letters::to_provider(app, &mut tx, &withdrawn, Step::Withdrawn).await?;
    Ok(tx.commit().await?)
}

async fn of_staff(tx: &mut WriteTx, scope: &StaffScope, id: MissingCreditId, version: i64) -> Result<Case> {
    let case = store::missing_credit::find_any(tx, scope, id).await?.ok_or(Error::NotFound)?;
    must_be(&case, version)?;
    Ok(case)
}

/// The accreditor asks the provider to answer, at most once a day.
///
/// Errors: `TooMany` within a day of the last time.
pub async fn urge(
    app: &App,
    actor: &Actor,
    (scope, name): (&StaffScope, &str),
    id: MissingCreditId,
    version: i64,
    text: &str,
) -> Result<()> {
    let text = super::words("words", text)?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let case = of_staff(&mut tx, scope, id, version).await?;
    if let Some(urged_at) = case.urged_at.filter(|urged_at| now - urged_at < BETWEEN_URGES) {
        return Err(Error::TooMany { retry_after_seconds: (urged_at + BETWEEN_URGES - now) / 1_000_000 });
    }
    let urged = Case { urged_at: Some(now), ..case };
    change(app, &mut tx, &urged, Some((actor, "missing_credit.urge"))).await?;
    note(app, &mut tx, &urged, Side::Accreditor, name, Step::Urged, &text).await?;
    letters::to_provider(app, &mut tx, &urged, Step::Urged).await?;
    Ok(tx.commit().await?)
}

/// The accreditor ends a case, and says why to both sides.
pub async fn close(
    app: &App,
    actor: &Actor,
    (scope, name): (&StaffScope, &str),
    id: MissingCreditId,
    version: i64,
    text: &str,
) -> Result<()> {
    let text = some_words("words", text, "Write why the case ends. Both sides read it.")?;
    let mut tx = app.store.write().await?;
    let case = of_staff(&mut tx, scope, id, version).await?;
    let closed = settle(case, CaseState::Closed, app.clock.now(), &text);
    change(app, &mut tx, &closed, Some((actor, "missing_credit.close"))).await?;
    note(app, &mut tx, &closed, Side::Accreditor, name, Step::Closed, &text).await?;
    letters::to_provider(app, &mut tx, &closed, Step::Closed).await?;
    letters::to_physician(app, &mut tx, &closed, Step::Closed).await?;
    Ok(tx.commit().await?)
}
