//! What both sides are written about a case. A letter names the activity and the provider, never the physician, nor what
//! somebody wrote: that is read behind the sign-in.

use domain::access::{ProviderRole, ProviderScope};
use domain::missing_credit::Step;
use store::WriteTx;
use store::missing_credit::Case;

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
    let what = named(case);
    let (subject, text) = match step {
        Step::Opened => (
            "A physician misses credit",
            format!(
                "a physician misses credit for {what}. Report it, ask, or say why not, by {due}; the case shows what \
                 the physician gave."
            ),
        ),
        Step::Replied => ("A message about missing credit", format!("the physician wrote about {what}.")),
        Step::Withdrawn => {
            ("A case about missing credit is withdrawn", format!("the physician took the case about {what} back."))
        }
        Step::Reminded => (
            "Seven days left: missing credit",
            format!("the case about missing credit for {what} is still open. Answer it by {due}."),
        ),
        Step::Urged => (
            "The accreditor asks for an answer: missing credit",
            format!("the accreditor asks you to answer the case about missing credit for {what}."),
        ),
        Step::Overdue => (
            "Overdue: missing credit",
            format!("the case about missing credit for {what} was not answered in time. The accreditor has it now."),
        ),
        Step::Closed => {
            ("A case about missing credit is closed", format!("the accreditor closed the case about {what}."))
        }
        Step::Asked | Step::Answered | Step::Declined => return Ok(()),
    };
    let link = app.config.link(&format!("/provider/missing-credit/{}", case.id));
    let scope = ProviderScope::of_record(case.provider);
    for member in store::seats::list_team(tx, &scope).await? {
        if matches!(member.role, ProviderRole::Owner | ProviderRole::LearnerData) {
            send(app, tx, (&member.email, &member.name), subject, &text, &link).await?;
        }
    }
    Ok(())
}

/// To the account of the person whose case it is today.
pub(super) async fn to_physician(app: &App, tx: &mut WriteTx, case: &Case, step: Step) -> Result<()> {
    let due = app.clock.day_of(case.due_at - 1).map(domain::check::us_date).unwrap_or_default();
    let (what, provider) = (named(case), &case.provider_name);
    let (subject, text) = match step {
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
            ("Your case about missing credit is closed", format!("the accreditor closed your case about {what}."))
        }
        Step::Replied | Step::Withdrawn | Step::Urged => return Ok(()),
    };
    let Some(physician) = store::missing_credit::person(tx, case).await? else { return Ok(()) };
    let Some(account) = store::seats::holder_of_physician(tx, physician).await? else { return Ok(()) };
    let Some(account) = store::accounts::find(tx, account).await? else { return Ok(()) };
    let link = app.config.link(&format!("/passport/missing/{}", case.id));
    send(app, tx, (&account.email, &account.name), subject, &text, &link).await
}

async fn send(
    app: &App,
    tx: &mut WriteTx,
    (email, name): (&str, &str),
    subject: &str,
    text: &str,
    link: &str,
) -> Result<()> {
    let subject = format!("{subject}, {}", app.config.product_name);
    let body = format!("Hello {name},\n\n{text}\n\nRead and answer here:\n{link}\n");
    mail::queue(app, tx, email, &Letter::Words { subject: &subject, body: &body }).await
}
