//! All rows of a request in one transaction, with the upload under which people find them, the answer, and
//! the key that it is kept under.

use domain::access::{Actor, ProviderScope};
use domain::upload::Counts;
use domain::{Problem, UploadId};
use formats::{FileFormat, Row};
use sha2::{Digest, Sha256};
use store::WriteTx;
use store::uploads::{NewUpload, Source, Submitter};

use super::request::{Answer, Call, DocumentFormat};
use super::told::{Destination, Gathered, Record, Settled};
use crate::reports::{Judged, judge, record};
use crate::uploads::{credit_id, in_one_window, report_of, settled_row};
use crate::{App, Error, Result, audit, idempotency, retry};

/// How often rows are judged again when their activity changes meanwhile.
const JUDGED: usize = 5;

/// Judges and records the rows of a request. Records of physicians or an activity that changes meanwhile only
/// makes it begin again.
pub(super) async fn settle(
    app: &App,
    actor: &Actor,
    scope: &ProviderScope,
    call: &Call<'_>,
    request: &str,
    mut rows: Vec<Row>,
) -> Result<Answer> {
    let (header, provider) = (formats::learners::header(), scope.provider());
    for left in (0..JUDGED).rev() {
        let reference = app.reference.get();
        let reports = rows.iter().map(|row| report_of(&header, row, &provider, &reference)).collect();
        let judged = judge(app, scope, reports).await?;
        let together = rows.into_iter().zip(judged).collect();
        let (judged, problems) = in_one_window(app, header.clone(), together).await?;
        match retry::on_race(|| write_once(app, actor, scope, call, request, &judged, &problems)).await {
            Err(Error::Stale) if left > 0 => rows = judged.into_iter().map(|(row, _)| row).collect(),
            done => return done,
        }
    }
    Err(Error::Stale)
}

async fn write_once(
    app: &App,
    actor: &Actor,
    scope: &ProviderScope,
    call: &Call<'_>,
    request: &str,
    rows: &[(Row, Judged)],
    problems: &[Problem],
) -> Result<Answer> {
    let mut tx = app.store.write().await?;
    if let Some(earlier) = idempotency::earlier(&mut tx, call.key, request).await? {
        return Ok(earlier);
    }
    let answer = Answer::Settled(write(app, &mut tx, actor, scope, call, rows, problems).await?);
    if !idempotency::keep(app, &mut tx, call.key, request, &answer).await? {
        return Err(Error::Stale);
    }
    tx.commit().await?;
    Ok(answer)
}

/// Records judged rows, with everything that tells of them.
pub(super) async fn write(
    app: &App,
    tx: &mut WriteTx,
    actor: &Actor,
    scope: &ProviderScope,
    call: &Call<'_>,
    rows: &[(Row, Judged)],
    problems: &[Problem],
) -> Result<Settled> {
    let now = app.clock.now();
    let upload = UploadId::new(app.chance.id(now));
    let numbered: Vec<(i64, &Judged)> =
        rows.iter().map(|(row, judged)| (i64::try_from(row.number).unwrap_or(i64::MAX), judged)).collect();
    let recorded = record(app, tx, scope, upload, &numbered).await?;
    let mut counts = Counts::default();
    recorded.iter().for_each(|recorded| counts.count(recorded.result));
    let json = |error: serde_json::Error| Error::Internal(error.to_string());
    let (format, extension) = match call.format {
        DocumentFormat::Json => (FileFormat::Json, "json"),
        DocumentFormat::Xml => (FileFormat::Xml, "xml"),
    };
    let new = NewUpload {
        id: upload,
        source: Source::Service,
        submitter: Submitter { who: actor.who, name: call.sender.to_owned() },
        file_name: format!("request.{extension}"),
        file_format: serde_json::to_string(&format).map_err(json)?,
        file_bytes: 0,
        // the same request again is settled again, which changes nothing; its own ID keeps it apart from all others
        digest: Sha256::digest(upload.as_uuid().as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect(),
        permission_on: app.clock.today(),
        received_at: now,
    };
    let header = serde_json::to_string(&formats::learners::header()).map_err(json)?;
    store::uploads::insert_settled(tx, scope, &new, &header, problems, &counts).await?;
    let settled: Vec<_> = numbered
        .iter()
        .zip(rows)
        .zip(&recorded)
        .map(|(((number, _), (row, _)), recorded)| settled_row(*number, row, recorded.clone()))
        .collect();
    store::upload_rows::insert_many(tx, upload, &settled).await?;
    audit::record(app, tx, actor, "learner.submit", upload, None, &format!("{} rows", counts.rows)).await?;
    let reports = Gathered::reports(rows.iter().map(|(row, _)| row).zip(recorded));
    Ok(Settled { upload, records: answers(tx, scope, reports).await? })
}

/// The answers to reports, with what is on record of each now.
async fn answers(tx: &mut WriteTx, scope: &ProviderScope, reports: Vec<Gathered>) -> Result<Vec<Record>> {
    let completions: Vec<_> = reports.iter().flat_map(|report| report.completions.iter().copied()).collect();
    let standings = store::submissions::standings(tx, scope, &completions).await?;
    let answer = |report: Gathered| {
        let of_all = report.completions.iter().filter_map(|id| standings.get(id)).flatten();
        let destinations = of_all.map(Destination::from).collect();
        let id = report.completions.first().map(|id| credit_id(scope.provider(), *id)).unwrap_or_default();
        report.record(id, destinations)
    };
    Ok(reports.into_iter().map(answer).collect())
}
