//! One licensee of a sample: the evidence, and what people do about it.
//!
//! Each act names how many acts its author had seen; if somebody else acted meanwhile, nothing happens and they are
//! told ([`Error::Stale`]).

use domain::access::{Actor, LicensingBoardScope, PhysicianScope};
use domain::check::us_date;
use domain::license_audit::{ActKind, Decision};
use domain::{AccountId, AuditCaseId};
use jiff::civil::Date;
use store::WriteTx;
use store::counters::{self, Counter};
use store::license_audits::LicenseAudit;
use store::license_audits::acts::{self, Act};
use store::license_audits::cases::{self, Case, Decided};

use super::letters::{self, Draft, LONGEST_LETTER, LONGEST_SUBJECT};
use crate::licensee_lists::assessing::{Assessed, Record, Rules, figures, look};
use crate::licensee_lists::person;
use crate::mail::Letter;
use crate::{App, Error, Fault, Result, audit, mail};

/// The longest reason or note.
pub const LONGEST_REASON: usize = 1_000;

/// Everything that a decision rests on.
pub struct Evidence {
    pub case: Case,
    pub audit: LicenseAudit,
    pub acts: Vec<Act>,
    pub rules: Rules,
    /// What the record says now; `None` if the board may not read it any more.
    pub record: Option<Record>,
    /// Whether letters go to the e-mail of an account.
    pub has_account: bool,
}

impl Evidence {
    /// How the licensee stands now. It borrows the rules that the audit was started with.
    pub fn assessed(&self, today: Date) -> Option<Assessed<'_>> {
        let record = self.record.as_ref()?;
        Some(look(&self.rules, &record.facts, &record.credits, self.audit.as_of, self.audit.which, today))
    }
}

/// The evidence of one case. The physician sees who looked.
///
/// Errors: `NotFound` for another board's case.
pub async fn evidence(app: &App, actor: &Actor, scope: &LicensingBoardScope, case: AuditCaseId) -> Result<Evidence> {
    let evidence = gathered(app, scope, case).await?;
    let rule = format!("{}; holds or held a license in {}", evidence.audit.name, scope.state().name());
    let mut tx = app.store.write().await?;
    audit::record(app, &mut tx, actor, "license_audit.read", case, Some(evidence.case.physician), &rule).await?;
    tx.commit().await?;
    Ok(evidence)
}

async fn gathered(app: &App, scope: &LicensingBoardScope, case: AuditCaseId) -> Result<Evidence> {
    let mut tx = app.store.read().await?;
    let case = cases::find(&mut tx, scope, case).await?.ok_or(Error::NotFound)?;
    let audit = store::license_audits::find(&mut tx, scope, case.audit).await?.ok_or(Error::NotFound)?;
    let acts = acts::of_case(&mut tx, scope, case.id).await?;
    let rules = Rules::read(&audit.requirement)?;
    let record = Record::read(&mut tx, scope, &rules, audit.as_of, case.physician).await?;
    let has_account = store::seats::holder_of_physician(&mut tx, case.physician).await?.is_some();
    Ok(Evidence { case, audit, acts, rules, record, has_account })
}

/// The letter that goes with the decision, to be changed and sent; reads no record.
pub async fn draft(
    app: &App,
    board: &str,
    scope: &LicensingBoardScope,
    case: AuditCaseId,
    kind: ActKind,
) -> Result<(Case, Draft)> {
    let mut tx = app.store.read().await?;
    let case = cases::find(&mut tx, scope, case).await?.ok_or(Error::NotFound)?;
    let audit = store::license_audits::find(&mut tx, scope, case.audit).await?.ok_or(Error::NotFound)?;
    let draft = match kind {
        ActKind::Reminder => Some(letters::reminder(board, &audit, &case)),
        _ => letters::draft(board, &audit, &case),
    };
    Ok((case, draft.unwrap_or_default()))
}

/// Who acts on which case, and how many acts of it they saw.
#[derive(Clone, Copy)]
pub struct At<'a> {
    pub actor: &'a Actor,
    /// The person's name.
    pub by: &'a str,
    pub scope: &'a LicensingBoardScope,
    pub case: AuditCaseId,
    pub seen: i64,
}

/// Takes a number in the case for an act. `NotFound`, or `Stale` if somebody else acted since or the audit has ended.
async fn begin(tx: &mut WriteTx, at: At<'_>) -> Result<(Case, i64, AccountId)> {
    let by = person(at.actor)?;
    let taken = acts::take_number(tx, at.scope, at.case, at.seen).await?;
    let case = cases::find(tx, at.scope, at.case).await?.ok_or(Error::NotFound)?;
    Ok((case, taken.ok_or(Error::Stale)?, by))
}

async fn write(
    app: &App,
    tx: &mut WriteTx,
    at: At<'_>,
    (case, number, by): (&Case, i64, AccountId),
    kind: ActKind,
    summary: &str,
    letter: Option<(&Draft, &'static str)>,
) -> Result<()> {
    let act = Act {
        number,
        kind,
        at: app.clock.now(),
        by: Some(by),
        by_name: at.by.to_owned(),
        summary: summary.to_owned(),
        subject: letter.map(|(draft, _)| draft.subject.clone()).unwrap_or_default(),
        body: letter.map(|(draft, _)| draft.body.clone()).unwrap_or_default(),
        sent_by: letter.map(|(_, how)| how.to_owned()).unwrap_or_default(),
    };
    acts::insert(tx, case.id, &act).await?;
    let action = match kind {
        ActKind::Assessed => "license_audit.recheck",
        ActKind::Note => "license_audit.note",
        ActKind::Decided => "license_audit.decide",
        ActKind::Letter => "license_audit.letter",
        ActKind::Reminder => "license_audit.remind",
        ActKind::Resolved => "license_audit.resolve",
    };
    // a board's notes and reasons are its own; the letter tells the physician what concerns them
    let detail = case.audit_name.clone();
    audit::record(app, tx, at.actor, action, case.id, Some(case.physician), &detail).await
}

/// Words of several lines, trimmed. `Invalid` if they are too long or hold other control characters.
fn words(field: &'static str, typed: &str, longest: usize) -> Result<String> {
    let typed = typed.replace("\r\n", "\n");
    let typed = typed.trim();
    if typed.chars().count() > longest || typed.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err(Error::invalid(field, format!("Write at most {longest} characters of plain text.")));
    }
    Ok(typed.to_owned())
}

/// Decides a case, again if need be: the last decision counts.
///
/// Errors: `Invalid` on `reason` and `due_on`; `Stale`; `NotFound`.
pub async fn decide(app: &App, at: At<'_>, decision: Decision, reason: &str, due_on: Option<Date>) -> Result<()> {
    let mut faults = Vec::new();
    let reason = words("reason", reason, LONGEST_REASON).unwrap_or_else(|_| {
        faults.push(Fault::new("reason", format!("Write at most {LONGEST_REASON} characters of plain text.")));
        String::new()
    });
    if faults.is_empty() && reason.is_empty() && decision != Decision::Compliant {
        faults.push(Fault::new("reason", "Say why. The reason goes into the letter."));
    }
    let today = app.clock.today();
    let latest = today.checked_add(jiff::Span::new().years(2)).unwrap_or(today);
    let due_on = due_on.filter(|_| decision.asks_something());
    if decision.asks_something() && due_on.is_none_or(|due| due <= today || due > latest) {
        faults.push(Fault::new("due_on", "Enter the day by which the licensee is to answer, within two years."));
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let mut tx = app.store.write().await?;
    let (case, number, by) = begin(&mut tx, at).await?;
    let decided = Decided { decision, reason: &reason, by_name: at.by, at: app.clock.now(), due_on };
    cases::decide(&mut tx, case.id, &decided).await?;
    let due = due_on.map(|due| format!(", due {}", us_date(due))).unwrap_or_default();
    let because = if reason.is_empty() { String::new() } else { format!(": {reason}") };
    let summary = format!("{}{due}{because}", decision.label());
    write(app, &mut tx, at, (&case, number, by), ActKind::Decided, &summary, None).await?;
    Ok(tx.commit().await?)
}

/// Writes a note for the board's own people.
///
/// Errors: `Invalid` on `note`; `Stale`; `NotFound`.
pub async fn note(app: &App, at: At<'_>, note: &str) -> Result<()> {
    let note = words("note", note, LONGEST_REASON)?;
    if note.is_empty() {
        return Err(Error::invalid("note", "Write the note first."));
    }
    let mut tx = app.store.write().await?;
    let (case, number, by) = begin(&mut tx, at).await?;
    write(app, &mut tx, at, (&case, number, by), ActKind::Note, &note, None).await?;
    Ok(tx.commit().await?)
}

/// Sends a letter or a reminder: to the e-mail of the physician's account, or, where there is none, to be printed.
/// The physician reads it in the Passport too.
///
/// Errors: `Invalid` on `subject` and `body`; `Stale`; `NotFound`.
pub async fn send(app: &App, at: At<'_>, kind: ActKind, draft: &Draft) -> Result<()> {
    if !kind.is_letter() {
        return Err(Error::Internal("this act is no letter".into()));
    }
    let subject = words("subject", &draft.subject, LONGEST_SUBJECT)?.replace(['\n', '\t'], " ");
    let body = words("body", &draft.body, LONGEST_LETTER)?;
    let mut faults = Vec::new();
    if subject.is_empty() {
        faults.push(Fault::new("subject", "Give the letter a subject."));
    }
    if body.is_empty() {
        faults.push(Fault::new("body", "Write the letter first."));
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let draft = Draft { subject, body };
    let mut tx = app.store.write().await?;
    let (case, number, by) = begin(&mut tx, at).await?;
    if case.decision.is_none() {
        return Err(Error::invalid("body", "Decide first; the letter tells the decision."));
    }
    let account = store::seats::holder_of_physician(&mut tx, case.physician).await?;
    let account = match account {
        Some(id) => store::accounts::find(&mut tx, id).await?,
        None => None,
    };
    let how = if account.is_some() { "mail" } else { "print" };
    if let Some(account) = account {
        let letter = Letter::LicenseAudit { subject: &draft.subject, body: &draft.body };
        mail::queue(app, &mut tx, &account.email, &letter).await?;
    }
    let summary = draft.subject.clone();
    write(app, &mut tx, at, (&case, number, by), kind, &summary, Some((&draft, how))).await?;
    Ok(tx.commit().await?)
}

/// Compares the licensee with the requirement again, as the record stands now.
///
/// Errors: `Stale`; `NotFound`; `Invalid` on `recheck` if the board may not read the record any more.
pub async fn recheck(app: &App, at: At<'_>) -> Result<()> {
    let evidence = gathered(app, at.scope, at.case).await?;
    let assessed = evidence.assessed(app.clock.today());
    let gone = || Error::invalid("recheck", "This person's record is not a licensee's of your state any more.");
    let found = figures(&assessed.ok_or_else(gone)?, &app.reference.get());
    let mut tx = app.store.write().await?;
    let (case, number, by) = begin(&mut tx, at).await?;
    let ledger_size = counters::taken(&mut tx, Counter::LedgerLeaf).await?;
    cases::assessed(&mut tx, case.id, &found, ledger_size, app.clock.now()).await?;
    let before = case.found.as_ref().map_or_else(String::new, |before| {
        format!("; before: {}, counted {}", before.standing.label(), before.counted.fixed())
    });
    let summary = format!(
        "{}: counted {} of {}, missing {}{before}",
        found.standing.label(),
        found.counted.fixed(),
        found.required.fixed(),
        found.missing.fixed()
    );
    write(app, &mut tx, at, (&case, number, by), ActKind::Assessed, &summary, None).await?;
    Ok(tx.commit().await?)
}

/// Writes down that what was asked for is there.
///
/// Errors: `Invalid` on `resolved` if nothing is asked, or without a word on how; `Stale`; `NotFound`.
pub async fn resolve(app: &App, at: At<'_>, how: &str) -> Result<()> {
    let how = words("resolved", how, LONGEST_REASON)?;
    if how.is_empty() {
        return Err(Error::invalid("resolved", "Say how it was resolved."));
    }
    let mut tx = app.store.write().await?;
    let (case, number, by) = begin(&mut tx, at).await?;
    if !case.decision.is_some_and(Decision::asks_something) || case.resolved_at.is_some() {
        return Err(Error::invalid("resolved", "Nothing is open in this case."));
    }
    cases::resolve(&mut tx, case.id, app.clock.now()).await?;
    write(app, &mut tx, at, (&case, number, by), ActKind::Resolved, &how, None).await?;
    Ok(tx.commit().await?)
}

/// What a physician sees of an audit.
pub struct OwnCase {
    pub board: String,
    pub case: Case,
    pub letters: Vec<Act>,
}

/// The physician's own cases with their letters, newest first. A decision is told by its letter, not before.
pub async fn own(app: &App, scope: &PhysicianScope) -> Result<Vec<OwnCase>> {
    let mut tx = app.store.read().await?;
    let found = cases::of_physician(&mut tx, scope).await?;
    let boards = cases::boards_of_physician(&mut tx, scope).await?;
    let mut letters = acts::letters_of_physician(&mut tx, scope).await?;
    let own = found.into_iter().map(|case| {
        let board = boards.iter().find(|(id, _)| *id == case.id).map(|(_, name)| name.clone()).unwrap_or_default();
        let (theirs, others): (Vec<_>, Vec<_>) = letters.drain(..).partition(|(id, _)| *id == case.id);
        letters = others;
        OwnCase { board, letters: theirs.into_iter().map(|(_, act)| act).collect(), case }
    });
    Ok(own.collect())
}
