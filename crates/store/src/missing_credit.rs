//! Cases about credit that a physician misses: whose they are, how they stand, what was said.
//!
//! A case is found by one of its parties' scopes, and follows its physician through merges. Every change names the
//! version that it was made on; one that somebody else changed meanwhile stays as it is.

mod lists;
mod search;
mod steps;

use domain::access::{PhysicianScope, ProviderScope, StaffScope};
use domain::missing_credit::{CaseState, Finding};
use domain::{ActivityId, Amount, CompletionId, EvidenceId, MissingCreditId, PhysicianId, ProviderId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::Result;
use crate::evidence::{Evidence, EvidenceRow, records_of};
use crate::identity_changes::records::survivor;
use crate::tx::{ReadTx, WriteTx};
use crate::values::{at, date_text, from_json, json, parsed, parsed_or_none, word};

pub use lists::{Filter, Page, ProviderFigures, count_overdue, count_waiting, figures, list_all, list_of_provider};
pub use search::{
    Public, RefusedRow, Reported, find_public, is_of, live_completion, public, refused_rows, reported_for,
    standing_completion,
};
pub use steps::{NewStep, StepRow, add_step, steps};

/// What a physician lets the provider see of themselves, to be reported with.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Shown {
    pub first: String,
    pub last: String,
    /// `MM/DD`, or empty.
    pub birth: String,
    /// Two letters, or empty.
    pub state: String,
    /// A license number or an NPI.
    pub identifier: String,
}

pub struct NewCase {
    pub id: MissingCreditId,
    pub provider: ProviderId,
    pub activity: Option<ActivityId>,
    pub title: String,
    pub completed_on: Date,
    pub amount: Amount,
    pub note: String,
    pub shown: Shown,
    pub evidence: Option<EvidenceId>,
    pub known: Vec<Finding>,
    pub opened_at: i64,
    pub due_at: i64,
    pub next_at: Option<i64>,
    /// Since when the accreditor has it, if from the first.
    pub overdue_at: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    pub id: MissingCreditId,
    /// The record that it was opened for; see [`person`] for who that is today.
    pub physician: PhysicianId,
    pub provider: ProviderId,
    pub provider_name: String,
    pub activity: Option<ActivityId>,
    /// The activity's title when the case was opened, or the physician's words.
    pub title: String,
    pub completed_on: Date,
    pub amount: Amount,
    pub note: String,
    pub shown: Shown,
    pub evidence: Option<Evidence>,
    pub known: Vec<Finding>,
    pub state: CaseState,
    pub opened_at: i64,
    pub due_at: i64,
    /// When the clock looks at it next.
    pub next_at: Option<i64>,
    pub overdue_at: Option<i64>,
    pub urged_at: Option<i64>,
    pub settled_at: Option<i64>,
    pub completion: Option<CompletionId>,
    pub reason: String,
    pub version: i64,
}

#[derive(sqlx::FromRow)]
struct CaseRow {
    missing_credit_id: Uuid,
    physician_id: Uuid,
    provider_id: String,
    provider_name: String,
    activity_id: String,
    title: String,
    completed_on: String,
    amount: i64,
    note: String,
    learner: String,
    #[sqlx(flatten)]
    evidence: EvidenceRow,
    known: String,
    state: String,
    opened_at: i64,
    due_at: i64,
    next_at: Option<i64>,
    overdue_at: Option<i64>,
    urged_at: Option<i64>,
    settled_at: Option<i64>,
    completion_id: Option<Uuid>,
    reason: String,
    version: i64,
}

impl TryFrom<CaseRow> for Case {
    type Error = crate::Error;

    fn try_from(row: CaseRow) -> Result<Self> {
        let id = row.missing_credit_id;
        let here = |column| at("missing_credit", column, &id);
        Ok(Self {
            id: MissingCreditId::new(id),
            physician: PhysicianId::new(row.physician_id),
            provider: parsed(&row.provider_id, here("provider_id"))?,
            provider_name: row.provider_name,
            activity: parsed_or_none(&row.activity_id, here("activity_id"))?,
            title: row.title,
            completed_on: parsed(&row.completed_on, here("completed_on"))?,
            amount: Amount::new(row.amount),
            note: row.note,
            shown: from_json(&row.learner, here("learner"))?,
            evidence: row.evidence.read()?,
            known: from_json(&row.known, here("known"))?,
            state: word(CaseState::read(&row.state), here("state"))?,
            opened_at: row.opened_at,
            due_at: row.due_at,
            next_at: row.next_at,
            overdue_at: row.overdue_at,
            urged_at: row.urged_at,
            settled_at: row.settled_at,
            completion: row.completion_id.map(CompletionId::new),
            reason: row.reason,
            version: row.version,
        })
    }
}

/// The columns of [`CaseRow`], with what follows the joins.
macro_rules! cases {
    ($rest:literal) => {
        concat!(
            "select m.missing_credit_id, m.physician_id, m.provider_id, p.name as provider_name, m.activity_id, m.title,
             m.completed_on, m.amount, m.note, m.learner, e.evidence_id, e.file_name as evidence_name,
             e.kind as evidence_kind, e.bytes as evidence_bytes, e.digest as evidence_digest, m.known, m.state,
             m.opened_at, m.due_at, m.next_at, m.overdue_at, m.urged_at, m.settled_at, m.completion_id, m.reason,
             m.version
             from missing_credit m join provider p on p.provider_id = m.provider_id
             left join evidence e on e.evidence_id = m.evidence_id ",
            $rest
        )
    };
}
use cases;

/// What a case is about, so that the same is open once: the activity, or the plain letters of its words.
fn about(activity: Option<ActivityId>, title: &str) -> String {
    match activity {
        Some(id) => id.to_string(),
        None => {
            title.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).take(200).collect()
        }
    }
}

/// `false`: the same is open already.
pub async fn insert(tx: &mut WriteTx, scope: &PhysicianScope, case: &NewCase) -> Result<bool> {
    let about = about(case.activity, &case.title);
    // records of one person that were merged must not have the same open twice either
    for record in records_of(tx, scope).await? {
        let (open,): (i64,) = one!(
            tx,
            (i64,),
            "select count(*) from missing_credit where physician_id = $1 and provider_id = $2 and about = $3
             and completed_on = $4 and state in ('open', 'needs_information')",
            record,
            case.provider.as_str(),
            about.as_str(),
            date_text(case.completed_on),
        )?;
        if open > 0 {
            return Ok(false);
        }
    }
    let inserted = exec!(
        tx,
        "insert into missing_credit (missing_credit_id, physician_id, provider_id, activity_id, title, about,
         completed_on, amount, note, learner, evidence_id, known, state, opened_at, due_at, next_at, overdue_at, reason,
         version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'open', $13, $14, $15, $16, '', 1)
         on conflict do nothing",
        case.id.as_uuid(),
        scope.physician().as_uuid(),
        case.provider.as_str(),
        case.activity.map(|id| id.to_string()).unwrap_or_default(),
        case.title.as_str(),
        about,
        date_text(case.completed_on),
        case.amount.hundredths(),
        case.note.as_str(),
        json(&case.shown)?,
        case.evidence.map(EvidenceId::as_uuid),
        json(&case.known)?,
        case.opened_at,
        case.due_at,
        case.next_at,
        case.overdue_at,
    )?;
    Ok(inserted == 1)
}

/// All cases of a physician, the newest first.
pub async fn list(tx: &mut ReadTx, scope: &PhysicianScope) -> Result<Vec<Case>> {
    let mut all = Vec::new();
    for record in records_of(tx, scope).await? {
        all.extend(all!(
            tx,
            CaseRow,
            cases!("where m.physician_id = $1 order by m.opened_at desc limit 1000"),
            record
        )?);
    }
    let mut all = all.into_iter().map(Case::try_from).collect::<Result<Vec<_>>>()?;
    all.sort_by_key(|case| std::cmp::Reverse((case.opened_at, case.id)));
    Ok(all)
}

/// `None`: no case, or another physician's.
pub async fn find(tx: &mut ReadTx, scope: &PhysicianScope, id: MissingCreditId) -> Result<Option<Case>> {
    let case = find_for_work(tx, id).await?;
    let records = records_of(tx, scope).await?;
    Ok(case.filter(|case| records.contains(&case.physician.as_uuid())))
}

/// `None`: no case, or another provider's.
pub async fn find_of_provider(tx: &mut ReadTx, scope: &ProviderScope, id: MissingCreditId) -> Result<Option<Case>> {
    Ok(find_for_work(tx, id).await?.filter(|case| case.provider == scope.provider()))
}

/// Anybody's, for the accreditor's staff.
pub async fn find_any(tx: &mut ReadTx, _scope: &StaffScope, id: MissingCreditId) -> Result<Option<Case>> {
    find_for_work(tx, id).await
}

/// A case of whomever, for background work: it names its parties itself.
pub async fn find_for_work(tx: &mut ReadTx, id: MissingCreditId) -> Result<Option<Case>> {
    maybe!(tx, CaseRow, cases!("where m.missing_credit_id = $1"), id.as_uuid())?.map(Case::try_from).transpose()
}

/// Whose case it is today. `None`: the record stands for nobody any more.
pub async fn person(tx: &mut ReadTx, case: &Case) -> Result<Option<PhysicianId>> {
    survivor(tx, case.physician).await
}

/// Open cases at which the clock has something to say, and those whose provider lost its good standing while the
/// accreditor does not have them yet.
pub async fn due(tx: &mut ReadTx, now: i64, most: i64) -> Result<Vec<MissingCreditId>> {
    let rows = all!(
        tx,
        (Uuid,),
        "select missing_credit_id from missing_credit where next_at is not null and next_at <= $1
         order by next_at limit $2",
        now,
        most,
    )?;
    let mut found: Vec<Uuid> = rows.into_iter().map(|(id,)| id).collect();
    let fallen = all!(
        tx,
        (Uuid,),
        "select m.missing_credit_id from provider p join missing_credit m on m.provider_id = p.provider_id
         where p.standing <> 'good_standing' and m.state in ('open', 'needs_information') and m.overdue_at is null
         limit $1",
        most,
    )?;
    found.extend(fallen.into_iter().map(|(id,)| id));
    found.sort_unstable();
    found.dedup();
    Ok(found.into_iter().map(MissingCreditId::new).collect())
}

/// Open cases that credit answers, of the leaves from `first` to before `until`, each with the completion: credit that
/// was reported, or moved to another record, after the case was opened, of its activity and day. Whose it is, is for the
/// caller to compare.
pub async fn landed(tx: &mut ReadTx, first: i64, until: i64) -> Result<Vec<(MissingCreditId, CompletionId)>> {
    let any = maybe!(
        tx,
        (Uuid,),
        "select missing_credit_id from missing_credit where state in ('open', 'needs_information') limit 1",
    )?;
    if any.is_none() {
        return Ok(Vec::new());
    }
    // the leaves come first, which SQLite keeps so for a cross join: there are few new ones
    let rows = all!(
        tx,
        (Uuid, Uuid),
        "select distinct m.missing_credit_id, c.completion_id
         from ledger_leaf l cross join credit k cross join completion c cross join missing_credit m
         where l.leaf_index >= $1 and l.leaf_index < $2 and l.event in ('report', 'relink')
           and k.credit_id = l.credit_id and k.withdrawn_at is null
           and c.completion_id = k.completion_id and c.withdrawn_at is null
           and m.provider_id = c.provider_id and m.state in ('open', 'needs_information')
           and m.activity_id = c.activity_id and m.completed_on = c.completed_on and l.at >= m.opened_at
         order by m.missing_credit_id, c.completion_id",
        first,
        until,
    )?;
    Ok(rows.into_iter().map(|(case, completion)| (MissingCreditId::new(case), CompletionId::new(completion))).collect())
}

/// Writes down how a case stands now. `false`: somebody changed it meanwhile.
pub async fn change(tx: &mut WriteTx, case: &Case) -> Result<bool> {
    let changed = exec!(
        tx,
        "update missing_credit set state = $3, due_at = $4, next_at = $5, overdue_at = $6, urged_at = $7,
         settled_at = $8, completion_id = $9, reason = $10, version = version + 1
         where missing_credit_id = $1 and version = $2",
        case.id.as_uuid(),
        case.version,
        case.state.code(),
        case.due_at,
        case.next_at,
        case.overdue_at,
        case.urged_at,
        case.settled_at,
        case.completion.map(CompletionId::as_uuid),
        case.reason.as_str(),
    )?;
    Ok(changed == 1)
}
