//! What both sides are written about a case. A letter names the activity and the provider, never the physician, nor what
//! somebody wrote: that is read behind the sign-in.

use domain::MissingCreditId;
use domain::access::{ProviderRole, ProviderScope};
use domain::missing_credit::Step;
use store::WriteTx;
use store::missing_credit::Case;

use crate::letters::Written;
use crate::mail::{self, Letter};
use crate::{App, Result};

/// The case is opened: the provider has something to do, the physician has it in writing.
pub(super) async fn opened(app: &App, tx: &mut WriteTx, case: &Case) -> Result<()> {
    to_provider(app, tx, case, Step::Opened).await?;
    to_physician(app, tx, case, Step::Opened).await
}

/// The activity as both sides know it; words of the physician's own are not repeated.
fn named(case: &Case) -> String {
    match case.activity {
        Some(id) => format!("“{}” (activity {id})", case.title),
        None => "an activity described in words".to_owned(),
    }
}

/// To those of the provider's team who report learners.
pub(super) async fn to_provider(app: &App, tx: &mut WriteTx, case: &Case, step: Step) -> Result<()> {
    let due = app.clock.day_of(case.due_at - 1).map(domain::check::us_date).unwrap_or_default();
    let Some(words) = provider_words(step, &named(case), &due) else { return Ok(()) };
    let scope = ProviderScope::of_record(case.provider);
    for member in store::seats::list_team(tx, &scope).await? {
        if matches!(member.role, ProviderRole::Owner | ProviderRole::LearnerData) {
            let letter = provider_letter(app, &member.name, &words, case.id);
            mail::queue(app, tx, &member.email, &Letter::Written(&letter)).await?;
        }
    }
    Ok(())
}

/// Subject and text, where the provider is told of a step.
pub(crate) fn provider_words(step: Step, what: &str, due: &str) -> Option<(&'static str, String)> {
    Some(match step {
        Step::Opened => (
            "A physician misses credit",
            format!(
                "A physician misses credit for {what}. Report it, ask, or say why not, by {due}; the case shows what \
                 the physician gave."
            ),
        ),
        Step::Replied => ("A message about missing credit", format!("The physician wrote about {what}.")),
        Step::Withdrawn => {
            ("A case about missing credit is withdrawn", format!("The physician took the case about {what} back."))
        }
        Step::Reminded => (
            "Seven days left: missing credit",
            format!("The case about missing credit for {what} is still open. Answer it by {due}."),
        ),
        Step::Urged => (
            "The accreditor asks for an answer: missing credit",
            format!("The accreditor asks you to answer the case about missing credit for {what}."),
        ),
        Step::Overdue => (
            "Overdue: missing credit",
            format!("The case about missing credit for {what} was not answered in time. The accreditor has it now."),
        ),
        Step::Closed => {
            ("A case about missing credit is closed", format!("The accreditor closed the case about {what}."))
        }
        Step::Asked | Step::Answered | Step::Declined => return None,
    })
}

/// To one of the provider's team.
pub(crate) fn provider_letter(app: &App, name: &str, words: &(&str, String), case: MissingCreditId) -> Written {
    let why = "You get this letter because you report learners for your organization. Answering cases is part of \
               reporting, so it cannot be turned off.";
    letter(app, name, words, why, &format!("/provider/missing-credit/{case}"))
}

/// To the account of the person whose case it is today.
pub(super) async fn to_physician(app: &App, tx: &mut WriteTx, case: &Case, step: Step) -> Result<()> {
    let due = app.clock.day_of(case.due_at - 1).map(domain::check::us_date).unwrap_or_default();
    let Some(words) = physician_words(step, &named(case), &case.provider_name, &due) else { return Ok(()) };
    let Some(physician) = store::missing_credit::person(tx, case).await? else { return Ok(()) };
    let Some(account) = store::seats::holder_of_physician(tx, physician).await? else { return Ok(()) };
    let Some(account) = store::accounts::find(tx, account).await? else { return Ok(()) };
    let letter = physician_letter(app, &account.name, &words, case.id);
    mail::queue(app, tx, &account.email, &Letter::Written(&letter)).await
}

/// Subject and text, where the physician is told of a step.
pub(crate) fn physician_words(step: Step, what: &str, provider: &str, due: &str) -> Option<(&'static str, String)> {
    Some(match step {
        Step::Opened => (
            "Your case about missing credit",
            format!("{provider} was told that you miss credit for {what}, and has until {due} to answer."),
        ),
        Step::Asked => ("A question about your missing credit", format!("{provider} asks you something about {what}.")),
        Step::Answered => (
            "Your missing credit is on record",
            format!("{provider} reported your credit for {what}. It is on your transcript."),
        ),
        Step::Declined => (
            "An answer about your missing credit",
            format!("{provider} does not report credit for {what}. Your case says why."),
        ),
        Step::Reminded => (
            "Seven days left: your missing credit",
            format!("{provider} has not answered yet about {what}. It was reminded, and has until {due}."),
        ),
        Step::Overdue => (
            "Overdue: your missing credit",
            format!("{provider} has not answered about {what}. The accreditor has your case now."),
        ),
        Step::Closed => {
            ("Your case about missing credit is closed", format!("The accreditor closed your case about {what}."))
        }
        Step::Replied | Step::Withdrawn | Step::Urged => return None,
    })
}

/// To the physician.
pub(crate) fn physician_letter(app: &App, name: &str, words: &(&str, String), case: MissingCreditId) -> Written {
    let why = "You get this letter because you opened this case.";
    letter(app, name, words, why, &format!("/passport/missing/{case}"))
}

fn letter(app: &App, name: &str, (subject, text): &(&str, String), why: &str, path: &str) -> Written {
    let subject = format!("{subject}, {}", app.config.product_name);
    Written::new("missing-credit", subject, name, why).paragraph(text).button(app, "Read and answer", path)
}
