//! Everything that is held about a physician, as one document for themselves.
//!
//! It is read through the same scope as their pages; secrets and their hashes are left out, and so is what others
//! wrote about them for each other.

use domain::AccountId;
use domain::access::{Actor, PhysicianScope, Who};
use domain::help::RequestStep;
use serde_json::{Value, json};
use store::ReadTx;
use store::record_trail::Stretch;
use store::transcripts::Record;

use crate::{App, Error, Result, accounts, audit, looks, shares};

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
    let secured = secured(app, &mut tx, account.id).await?;
    let cases = cases(app, &mut tx, scope).await?;
    let own_credit = own_credit(app, &mut tx, scope).await?;
    let requests = requests(app, &mut tx, account.id).await?;
    let document = json!({
        "made_at": at(app.clock.now()),
        "account": {
            "name": account.name,
            "email": account.email,
            "opened_at": at(account.created_at),
            "letters": wanted.iter().map(|topic| topic.code()).collect::<Vec<_>>(),
        },
        "signing_in": secured,
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
        "missing_credit_cases": cases,
        "self_entered_credit": own_credit,
        "requests_to_the_staff": requests,
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

/// What they asked the accreditor's staff while signed in, with the answers.
async fn requests(app: &App, tx: &mut ReadTx, account: AccountId) -> Result<Value> {
    let at = |micros: i64| app.clock.machine(micros);
    let mut all = Vec::new();
    for request in store::help::list_own_requests(tx, account).await? {
        let lines = store::help::lines(tx, request.id).await?;
        let answers = lines.iter().filter(|line| line.step == RequestStep::Answered);
        all.push(json!({
            "number": request.number,
            "topic": request.topic.label(),
            "sent_at": at(request.opened_at),
            "words": request.words,
            "answers": answers.map(|line| json!({ "at": at(line.at), "words": line.words })).collect::<Vec<Value>>(),
        }));
    }
    Ok(all.into())
}

/// Sessions and second factors: what they are and when they were used, never what opens them.
async fn secured(app: &App, tx: &mut ReadTx, account: AccountId) -> Result<Value> {
    let at = |micros: i64| app.clock.machine(micros);
    let idle_since = accounts::sessions::idle_since(app);
    let sessions = store::sessions::list(tx, account, app.clock.now(), idle_since).await?;
    let authenticator = store::second_factors::find(tx, account).await?;
    let codes = store::second_factors::factors(tx, account).await?.codes;
    let passkeys = store::passkeys::list(tx, account).await?;
    Ok(json!({
        "sessions": sessions.iter().map(|session| json!({
            "began_at": at(session.created_at),
            "used_at": at(session.seen_at),
            "browser": session.user_agent,
        })).collect::<Vec<Value>>(),
        "authenticator_app": authenticator.map(|app| json!({
            "begun_at": at(app.created_at),
            "confirmed_at": app.confirmed_at.map(at),
        })),
        "passkeys": passkeys.iter().map(|passkey| json!({
            "name": passkey.name,
            "added_at": at(passkey.created_at),
            "used_at": passkey.last_used_at.map(at),
        })).collect::<Vec<Value>>(),
        "recovery_codes_left": codes,
    }))
}

/// Cases about missing credit with all that was said in them.
async fn cases(app: &App, tx: &mut ReadTx, scope: &PhysicianScope) -> Result<Vec<Value>> {
    let at = |micros: i64| app.clock.machine(micros);
    let mut cases = Vec::new();
    for case in store::missing_credit::list(tx, scope).await? {
        let steps = store::missing_credit::steps(tx, &case).await?;
        cases.push(json!({
            "provider": case.provider_name,
            "title": case.title,
            "activity_id": case.activity.map(|activity| activity.to_string()),
            "completed_on": case.completed_on.to_string(),
            "amount": case.amount.fixed(),
            "note": case.note,
            "file": case.evidence.map(|file| file.file_name),
            "state": case.state.code(),
            "opened_at": at(case.opened_at),
            "due_at": at(case.due_at),
            "settled_at": case.settled_at.map(at),
            "reason": case.reason,
            "steps": steps.iter().map(|step| json!({
                "at": at(step.at),
                "by": step.author,
                "what": step.step.code(),
                "words": step.words,
            })).collect::<Vec<Value>>(),
        }));
    }
    Ok(cases)
}

/// What the physician entered, with the names of files that show it.
async fn own_credit(app: &App, tx: &mut ReadTx, scope: &PhysicianScope) -> Result<Vec<Value>> {
    let entries = store::own_credit::list(tx, scope).await?;
    let entry = |own: store::own_credit::OwnCredit| {
        json!({
            "title": own.entry.title,
            "provider": own.entry.provider,
            "completed_on": own.entry.completed_on.to_string(),
            "amount": own.entry.amount.fixed(),
            "credit_type": own.entry.credit_type,
            "topics": own.entry.topics,
            "note": own.entry.note,
            "file": own.evidence.map(|file| file.file_name),
            "entered_at": app.clock.machine(own.created_at),
            "changed_at": app.clock.machine(own.updated_at),
        })
    };
    Ok(entries.into_iter().map(entry).collect())
}
