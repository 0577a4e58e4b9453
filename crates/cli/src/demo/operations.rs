//! What the staff's pages about running the system show: a job that was given up, and a letter that no mail server took.

use anyhow::{Context, Result};
use app::{App, operations};
use domain::JobId;
use store::mails::Mail;

use super::shares::somebody;

pub(crate) async fn happen(app: &App) -> Result<()> {
    let staff = somebody(app, "staff@accreditor.example").await?;
    let scope = staff.staff().context("the accreditor has no seat")?;
    let now = app.clock.now();
    let id = JobId::new(app.chance.id(now));
    let mut tx = app.store.write().await?;
    // it names no check, so it fails again whenever it is started
    let kind = app::licensee_lists::checks::CHECK_LICENSEE_LIST;
    store::jobs::enqueue(&mut tx, id, kind, "a check that is gone", now, now).await?;
    let job = store::jobs::claim(&mut tx, now, now + 1).await?.context("the job cannot be taken")?;
    store::jobs::fail(&mut tx, &job, &format!("job {id} names nothing"), now + 60_000_000).await?;
    let letter = Mail {
        mail_id: app.chance.id(now),
        to_address: "former.editor@harborview.example".into(),
        kind: "invitation".into(),
        subject: "Join Harborview Medical Society".into(),
        body: "You are invited to join the team. The link in this letter worked once.\n".into(),
        created_at: now,
        ..Mail::default()
    };
    store::mails::insert(&mut tx, &letter).await?;
    let answer = "550 5.1.1 The address is not known here.";
    store::mails::mark_failed(&mut tx, letter.mail_id, now, answer).await?;
    tx.commit().await?;
    operations::give_up_job(app, &staff, &scope, id).await?;
    Ok(())
}
