//! Everything that is held about a physician, as one document for themselves.
//!
//! It is read through the same scope as their pages; secrets and their hashes are left out, and so is what others
//! wrote about them for each other.

use domain::access::{Actor, PhysicianScope, Who};
use serde_json::{Value, json};
use store::record_trail::Stretch;
use store::transcripts::Record;

use crate::{App, Error, Result, audit, looks, shares};

/// Looks at one share that the document holds.
const MOST_LOOKS: i64 = 100_000;

/// The document, pretty printed. Having it made stands in the trail.
pub async fn document(app: &App, actor: &Actor, scope: &PhysicianScope) -> Result<String> {
    let Who::Account(account) = actor.who else { return Err(Error::NotFound) };
    let mut tx = app.store.write().await?;
    audit::record(app, &mut tx, actor, "personal_data.download", account, Some(scope.physician()), "").await?;
    tx.commit().await?;

    let mut tx = app.store.read().await?;
    let account = store::accounts::find(&mut tx, account).await?.ok_or(Error::NotFound)?;
    let record = Record::own(scope);
    let physician = store::transcripts::holder(&mut tx, &record).await?.ok_or(Error::NotFound)?;
    let completions = store::transcripts::completions(&mut tx, &record).await?;
    let everything = Stretch { from: i64::MIN, until: i64::MAX };
    let trail = looks::lines(app, &mut tx, scope, everything).await?;
    let reports = store::record_trail::reports(&mut tx, scope, everything, i64::MAX).await?;
    let at = |micros: i64| app.clock.machine(micros);

    let mut shared = Vec::new();
    for share in store::shares::list(&mut tx, scope).await? {
        let looks = store::shares::looks::list(&mut tx, &share, MOST_LOOKS).await?;
        shared.push(json!({
            "recipient": shares::recipient(&mut tx, &share).await?,
            "message": share.terms.message,
            "completed_from": share.terms.filter.from.map(|day| day.to_string()),
            "completed_until": share.terms.filter.until.map(|day| day.to_string()),
            "kind": share.terms.filter.kind.map(|kind| kind.key().to_owned()),
            "shows_numbers": share.terms.shows_numbers,
            "allows_downloads": share.terms.allows_downloads,
            "made_at": at(share.created_at),
            "ends_at": at(share.terms.expires_at),
            "ended_by_you_at": share.revoked_at.map(at),
            "opened": share.openings,
            "looks": looks.iter().map(|look| json!({
                "at": at(look.at),
                "what": look.what,
                "device": look.device,
                "confirmed_email": look.confirmed_email,
            })).collect::<Vec<Value>>(),
        }));
    }
    let wanted = store::notices::wanted(&mut tx, account.id).await?;
    let document = json!({
        "made_at": at(app.clock.now()),
        "account": {
            "name": account.name,
            "email": account.email,
            "opened_at": at(account.created_at),
            "letters": wanted.iter().map(|topic| topic.code()).collect::<Vec<_>>(),
        },
        "registry": {
            "first_name": physician.first,
            "middle_name": physician.middle,
            "last_name": physician.last,
            "suffix": physician.suffix,
            "former_last_names": physician.former_last,
            "degree": physician.degree,
            "birth_month_and_day": physician.birth.map(|day| day.to_string()),
            "npi": physician.npi,
            "licenses": physician.licenses.iter().map(|held| json!({
                "state": held.state.code(),
                "number": held.number,
                "status": held.status,
                "issued_on": held.issued_on.map(|day| day.to_string()),
                "expires_on": held.expires_on.map(|day| day.to_string()),
            })).collect::<Vec<Value>>(),
            "certifications": physician.certifications.iter().map(|held| json!({
                "board": held.board.code(),
                "diplomate_id": held.diplomate_id,
                "status": held.status,
            })).collect::<Vec<Value>>(),
        },
        "completions": completions.iter().map(|completion| json!({
            "activity_id": completion.activity.as_str(),
            "title": completion.title,
            "provider": completion.provider_name,
            "completed_on": completion.completed_on.to_string(),
            "reported_at": at(completion.reported_at),
            "credits": completion.credits.iter().map(|credit| json!({
                "kind": credit.kind.key(),
                "amount": credit.amount.fixed(),
                "types": credit.types.iter().map(|(name, amount)| json!({
                    "name": name,
                    "amount": amount.fixed(),
                })).collect::<Vec<Value>>(),
                "status": credit.status.label(),
                "reason": credit.reason,
                "derived": credit.is_derived,
            })).collect::<Vec<Value>>(),
        })).collect::<Vec<Value>>(),
        "reports": reports.iter().map(|report| json!({
            "provider": report.provider,
            "title": report.title,
            "completed_on": report.completed_on,
            "permission_stated_on": report.permission_on,
            "reported_at": at(report.reported_at),
            "withdrawn_at": report.withdrawn_at.map(at),
        })).collect::<Vec<Value>>(),
        "shares": shared,
        "trail": trail.iter().map(|line| json!({
            "at": at(line.at),
            "times_that_day": line.times,
            "kind": line.kind.label(),
            "who": line.who,
            "what": line.what,
            "right": line.right,
        })).collect::<Vec<Value>>(),
    });
    serde_json::to_string_pretty(&document).map_err(|error| Error::Internal(error.to_string()))
}
