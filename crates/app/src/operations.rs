//! What the accreditor's staff do to keep the system running: jobs started again or given up, letters sent again, the
//! audit trail searched. Each leaves a row in the trail, the search included.

mod acts;
mod letters;

use domain::JobId;
use domain::access::{Actor, StaffScope};
use store::audit::trail::{Entry, Search};
use store::mails::log::Logged;
use uuid::Uuid;

use crate::{App, Error, Result, audit};

pub use acts::{AREAS, words};
pub use letters::without_secrets;

/// What a job does, in words.
pub fn kind_of_job(kind: &str) -> &str {
    match kind {
        crate::uploads::PROCESS_UPLOAD => "Settle an upload",
        crate::uploads::RESUBMIT_UPLOAD => "Send refused rows again",
        crate::activities::exchange::PROCESS_ACTIVITY_FILE => "Settle a file of activities",
        crate::board_rules::ANSWER_WAITING => "Answer waiting points by a board’s rules",
        crate::license_audits::ASSESS_LICENSE_AUDIT => "Compare the licensees of an audit",
        crate::licensee_lists::checks::CHECK_LICENSEE_LIST => "Check a list of licensees",
        crate::rosters::imports::IMPORT_ROSTER => "Import a roster",
        crate::data_report::COUNT_YEAR => "Count a year’s figures",
        crate::announcements::MAIL_ANNOUNCEMENT => "Send a notice by e-mail",
        other => other,
    }
}

/// Lets a job that failed or was given up begin at once.
pub async fn start_job(app: &App, actor: &Actor, scope: &StaffScope, id: JobId) -> Result<()> {
    let mut tx = app.store.write().await?;
    if !store::jobs::listed::start_again(&mut tx, scope, id, app.clock.now()).await? {
        return Err(Error::Stale);
    }
    audit::record(app, &mut tx, actor, "job.start_again", id, None, "").await?;
    tx.commit().await?;
    app.jobs.wake();
    Ok(())
}

/// Gives a job up: it is not tried again unless somebody starts it. What it has done so far stays.
pub async fn give_up_job(app: &App, actor: &Actor, scope: &StaffScope, id: JobId) -> Result<()> {
    let mut tx = app.store.write().await?;
    if !store::jobs::listed::give_up(&mut tx, scope, id, app.clock.now()).await? {
        return Err(Error::Stale);
    }
    audit::record(app, &mut tx, actor, "job.give_up", id, None, "").await?;
    Ok(tx.commit().await?)
}

/// A letter with its words, secrets taken out. That it was read is written down first.
pub async fn read_letter(app: &App, actor: &Actor, scope: &StaffScope, id: Uuid) -> Result<(Logged, String)> {
    let mut tx = app.store.write().await?;
    let (logged, body) = store::mails::log::find(&mut tx, scope, id).await?.ok_or(Error::NotFound)?;
    audit::record(app, &mut tx, actor, "mail.read", id, None, &logged.subject).await?;
    tx.commit().await?;
    Ok((logged, without_secrets(&body)))
}

/// Lets a letter that failed be sent again.
pub async fn send_letter_again(app: &App, actor: &Actor, scope: &StaffScope, id: Uuid) -> Result<()> {
    let mut tx = app.store.write().await?;
    let (logged, _) = store::mails::log::find(&mut tx, scope, id).await?.ok_or(Error::NotFound)?;
    if !store::mails::log::send_again(&mut tx, scope, id).await? {
        return Err(Error::Stale);
    }
    audit::record(app, &mut tx, actor, "mail.send_again", id, None, &logged.subject).await?;
    Ok(tx.commit().await?)
}

/// Searches the trail. The search is written down, with what was asked in `asked`; one for a physician is a look at
/// their record, which they can read.
pub async fn search_trail(
    app: &App,
    actor: &Actor,
    scope: &StaffScope,
    search: &Search,
    (asked, most): (&str, i64),
) -> Result<Vec<Entry>> {
    let mut tx = app.store.write().await?;
    let found = store::audit::trail::search(&mut tx, scope, search, most).await?;
    audit::record(app, &mut tx, actor, "audit.search", "", search.physician, asked).await?;
    tx.commit().await?;
    Ok(found)
}
