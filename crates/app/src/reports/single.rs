//! One learner, typed on a page: the same checks and the same record as a row of a file, with an
//! answer at once. Nothing is kept of a report that is refused; the page still holds what was typed.

use domain::access::{Actor, ProviderRole, ProviderScope};
use domain::upload::{Counts, RowResult};
use domain::{Field, UploadId};
use formats::Header;
use sha2::{Digest, Sha256};
use store::WriteTx;
use store::upload_rows::SettledRow;
use store::uploads::{NewUpload, Source, Submitter};

use super::judge::{Judged, judge};
use super::record::{Recorded, record};
use crate::{App, Error, Result, audit, ledgers, providers, retry};

/// Reports one learner. `Problems` says what is wrong with it.
pub async fn report_one(app: &App, actor: &Actor, sender: &str, fields: Vec<(Field, String)>) -> Result<Recorded> {
    let scope = actor.provider(ProviderRole::LearnerData).ok_or(Error::Forbidden("your role only reads"))?;
    providers::must_be_in_good_standing(app, &scope).await?;
    let header = Header::of(fields.iter().map(|(field, _)| *field));
    let row = header.row(1, fields);
    let report = formats::learner_report(&header, &row, &app.reference.get());
    let judged = judge(app, &scope, vec![report]).await?;
    let Some(judged) = judged.into_iter().next() else { return Err(Error::NotFound) };
    if !judged.report.problems.is_empty() {
        return Err(Error::Problems(judged.report.problems));
    }
    let recorded = retry::on_race(|| record_one(app, actor, &scope, sender, &judged)).await?;
    ledgers::sign_soon(app).await;
    Ok(recorded)
}

async fn record_one(
    app: &App,
    actor: &Actor,
    scope: &ProviderScope,
    sender: &str,
    judged: &Judged,
) -> Result<Recorded> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let id = begin(app, &mut tx, actor, scope, sender, "form").await?;
    let recorded = record(app, &mut tx, scope, id, &[(1, judged)]).await?;
    let Some(recorded) = recorded.into_iter().next() else { return Err(Error::NotFound) };
    if recorded.result == RowResult::Refused {
        return Err(Error::Problems(recorded.problems)); // dropping the transaction leaves nothing behind
    }
    finish(&mut tx, id, std::slice::from_ref(&recorded), now).await?;
    audit::record(app, &mut tx, actor, "learner.report", id, None, "").await?;
    tx.commit().await?;
    Ok(recorded)
}

/// The upload of what is done on a page; `act` is a stable word for it, kept as its format.
pub(super) async fn begin(
    app: &App,
    tx: &mut WriteTx,
    actor: &Actor,
    scope: &ProviderScope,
    sender: &str,
    act: &'static str,
) -> Result<UploadId> {
    let now = app.clock.now();
    let id = UploadId::new(app.chance.id(now));
    let upload = NewUpload {
        id,
        source: Source::Form,
        submitter: Submitter { who: actor.who, name: sender.to_owned() },
        file_name: String::new(),
        file_format: act.to_owned(),
        file_bytes: 0,
        // a form has no bytes to compare; its own ID keeps it apart from all others
        digest: Sha256::digest(id.as_uuid().as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect(),
        permission_on: app.clock.today(),
        received_at: now,
    };
    store::uploads::insert(tx, scope, &upload).await?;
    Ok(id)
}

/// The rows of such an upload, counted from 1, none of them refused.
pub(super) async fn finish(tx: &mut WriteTx, upload: UploadId, rows: &[Recorded], now: i64) -> Result<()> {
    let mut counts = Counts::default();
    let mut settled = Vec::with_capacity(rows.len());
    for (number, Recorded { result, completion, .. }) in (1..).zip(rows) {
        counts.count(*result);
        settled.push(SettledRow { number, result: *result, completion: *completion, refused: None });
    }
    store::upload_rows::insert_many(tx, upload, &settled).await?;
    store::uploads::advance(tx, upload, 0, &counts, 1000).await?;
    store::uploads::finish(tx, upload, &[], now).await?;
    Ok(())
}
