//! Proving the record: every leaf is computed again from the facts as they stand, the tree from the
//! leaves, and each signed head is compared with it. A credit that is not with whom it was reported for
//! must have been moved there by leaves, the last of which names who holds it.
//!
//! What this shows: an edited, missing or extra credit, completion, leaf or head is always found, as
//! long as the signing key was not used to cover it up; against that helps only an older head kept
//! elsewhere.

use std::collections::HashMap;

use domain::credit::{CreditStatus, Kind};
use domain::report::RemsReport;
use domain::{Amount, CompletionId, CreditId, PhysicianId, UploadId};
use ledger::{Frontier, Hash, VerifyingKey};
use store::Store;
use store::ledger::Head;
use store::proof::{Census, Evidence};
use uuid::Uuid;

use crate::Result;
use crate::reports::leaf;

const PAGE: i64 = 5_000;
/// Faults told in full; the rest are counted.
const TOLD: usize = 50;

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    pub leaves: i64,
    /// Leaves that a signed head covers.
    pub signed: i64,
    pub heads: usize,
    pub credits: i64,
    /// The first faults, in words.
    pub faults: Vec<String>,
    pub fault_count: u64,
}

impl Report {
    pub fn is_sound(&self) -> bool {
        self.fault_count == 0
    }

    fn fault(&mut self, what: String) {
        self.fault_count += 1;
        if self.faults.len() < TOLD {
            self.faults.push(what);
        }
    }
}

/// Reads everything once and compares. `progress` is told leaves done and leaves in all.
pub async fn run(store: &Store, key: &VerifyingKey, progress: &(dyn Fn(i64, i64) + Send + Sync)) -> Result<Report> {
    let mut tx = store.read().await?;
    let census = store::proof::census(&mut tx).await?;
    let heads = store::ledger::heads(&mut tx).await?;
    let mut report = Report { heads: heads.len(), credits: census.credits, ..Report::default() };
    let mut unread = heads.iter().peekable();
    let mut frontier = Frontier::default();
    let mut events = Events::default();
    loop {
        let page = store::proof::evidence(&mut tx, report.leaves, PAGE).await?;
        for evidence in &page {
            if evidence.leaf_index != report.leaves {
                report.fault(format!("leaf {} is missing", report.leaves));
                report.leaves = evidence.leaf_index;
            }
            check_leaf(evidence, &mut events, &mut report);
            frontier.append(hash_of(&evidence.leaf_hash));
            report.leaves += 1;
            while let Some(head) = unread.next_if(|head| head.size == report.leaves) {
                check_head(head, &frontier, key, &mut report);
            }
        }
        progress(report.leaves, census.leaves_given_out);
        if page.len() < PAGE as usize {
            break;
        }
    }
    for head in unread {
        report.fault(format!("the head over {} leaves covers leaves that are missing", head.size));
    }
    check_holders(&events, &mut report);
    check_census(&census, &events, &mut report);
    Ok(report)
}

#[derive(Default)]
struct Events {
    reports: i64,
    withdrawals: i64,
    decisions: i64,
    /// Credits that moved, by what the facts or the leaves say.
    moved: HashMap<Uuid, Holding>,
}

/// Who holds a credit: by the completion as it stands, and by the last leaf that moved it.
struct Holding {
    today: Option<Uuid>,
    by_leaves: Option<Uuid>,
}

fn hash_of(bytes: &[u8]) -> Hash {
    Hash(bytes.try_into().unwrap_or_default())
}

fn check_leaf(evidence: &Evidence, events: &mut Events, report: &mut Report) {
    let credit = CreditId::new(evidence.credit_id);
    let index = evidence.leaf_index;
    let says_decision = evidence.leaf_status.is_some() || evidence.leaf_reason.is_some();
    let says_holder = evidence.holder_id.is_some();
    if (says_decision && evidence.event != "decide") || (says_holder && evidence.event != "relink") {
        report.fault(format!("leaf {index}: more is stored with it than was recorded"));
    }
    let expected = match evidence.event.as_str() {
        "report" => {
            events.reports += 1;
            if evidence.credit_leaf != Some(index) {
                report.fault(format!("leaf {index}: credit {credit} does not point back to it"));
            }
            if !has_status_of_its_kind(evidence) {
                report.fault(format!("leaf {index}: credit {credit} has a status that nobody decided"));
            }
            if evidence.physician_id != evidence.reported_physician_id {
                let (today, by_leaves) = (evidence.physician_id, evidence.reported_physician_id);
                events.moved.insert(evidence.credit_id, Holding { today, by_leaves });
            }
            reported(evidence)
        }
        "relink" => {
            if evidence.credit_leaf.is_none_or(|reported| reported >= index) {
                report.fault(format!("leaf {index}: credit {credit} was moved before it was reported"));
            }
            let (today, by_leaves) = (evidence.physician_id, evidence.holder_id);
            events.moved.insert(evidence.credit_id, Holding { today, by_leaves });
            relinked(evidence)
        }
        "withdraw" => {
            events.withdrawals += 1;
            if evidence.withdrawn_leaf != Some(index) {
                report.fault(format!("leaf {index}: credit {credit} does not know that it was withdrawn"));
            }
            evidence.withdrawn_at.filter(|at| *at == evidence.at).map(|at| leaf::withdrawn(credit, at))
        }
        "decide" => {
            events.decisions += 1;
            if evidence.status != evidence.leaf_status || evidence.reason != evidence.leaf_reason {
                report.fault(format!("leaf {index}: the status of credit {credit} is not what was decided"));
            }
            let status = evidence.leaf_status.as_deref().and_then(CreditStatus::read);
            let reason = evidence.leaf_reason.as_deref().unwrap_or_default();
            status.map(|status| leaf::decided(credit, status, reason, evidence.at))
        }
        _ => None,
    };
    if expected.is_none_or(|expected| expected != evidence.leaf_hash.as_slice()) {
        report.fault(format!("leaf {index}: what is stored of credit {credit} is not what was recorded"));
    }
}

/// CME and REMS credit is accepted when it is recorded; only MOC credit is decided later, and then
/// the deciding leaf vouches for its status.
fn has_status_of_its_kind(evidence: &Evidence) -> bool {
    let undecided = evidence.reason.as_deref() == Some("");
    match (evidence.kind.as_deref(), evidence.status.as_deref()) {
        (Some("CME" | "REMS"), status) => status == Some("accepted") && undecided,
        (_, Some("pending")) => undecided,
        _ => true,
    }
}

/// The leaf that moved a credit, as the stored holder makes it.
fn relinked(evidence: &Evidence) -> Option<[u8; 32]> {
    let credit = CreditId::new(evidence.credit_id);
    let holder = PhysicianId::new(evidence.holder_id?);
    let key = evidence.holder_key.as_deref()?.try_into().ok()?;
    Some(leaf::relinked(credit, &leaf::holder(key, holder, credit), evidence.at))
}

/// The leaf as the stored facts make it; `None` where a fact is missing or unreadable.
fn reported(evidence: &Evidence) -> Option<[u8; 32]> {
    let rems: Option<RemsReport> = match evidence.rems.as_deref() {
        Some(rems) => Some(serde_json::from_str(rems).ok()?),
        None => None,
    };
    let person = leaf::Person {
        physician: evidence.reported_physician_id.map(PhysicianId::new),
        first_name: evidence.first_name.as_deref()?,
        last_name: evidence.last_name.as_deref()?,
        birth: evidence.birth.as_deref()?,
        state: evidence.state.as_deref()?,
        learner_identifier: evidence.learner_identifier.as_deref()?,
        diplomate_id: evidence.diplomate_id.as_deref()?,
        rems: rems.as_ref(),
    };
    let key = if evidence.reported_physician_id.is_some() { &evidence.ledger_key } else { &evidence.person_key };
    let person = leaf::person(key.as_deref()?.try_into().ok()?, person);
    let types: Vec<(String, Amount)> = serde_json::from_str(evidence.types.as_deref()?).ok()?;
    if evidence.at != evidence.reported_at? {
        return None;
    }
    Some(leaf::reported(&leaf::ReportedCredit {
        credit: CreditId::new(evidence.credit_id),
        completion: CompletionId::new(evidence.completion_id?),
        provider: evidence.provider_id.as_deref()?.parse().ok()?,
        activity: evidence.activity_id.as_deref()?.parse().ok()?,
        completed_on: evidence.completed_on.as_deref()?.parse().ok()?,
        kind: Kind::read(evidence.kind.as_deref()?)?,
        amount: Amount::new(evidence.amount?),
        types: &types,
        derived_from: evidence.derived_from.map(CreditId::new),
        reported_at: evidence.reported_at?,
        completion_reported_at: evidence.completion_reported_at?,
        submission_id: evidence.submission_id.as_deref()?,
        upload: UploadId::new(evidence.upload_id?),
        row_number: evidence.row_number?,
        person: &person,
    }))
}

fn check_head(head: &Head, frontier: &Frontier, key: &VerifyingKey, report: &mut Report) {
    if head.root != frontier.root().0 || head.frontier != frontier.to_bytes() {
        report.fault(format!("the head over {} leaves has another root than the leaves", head.size));
    }
    match ledger::open(&head.note, key) {
        Err(error) => report.fault(format!("the head over {} leaves: {error}", head.size)),
        Ok(note) if note.root.0 != head.root || i64::try_from(note.size) != Ok(head.size) => {
            report.fault(format!("the head over {} leaves is not what was signed", head.size));
        }
        Ok(_) => report.signed = head.size,
    }
}

fn check_holders(events: &Events, report: &mut Report) {
    for (credit, holding) in &events.moved {
        if holding.today != holding.by_leaves {
            report.fault(format!("credit {credit} is with another physician than the ledger moved it to"));
        }
    }
}

fn check_census(census: &Census, events: &Events, report: &mut Report) {
    let pairs = [
        ("leaves", census.leaves_given_out, report.leaves),
        ("credits", census.credits, events.reports),
        ("withdrawn credits", census.withdrawn, events.withdrawals),
        ("decided credits", census.decided, events.decisions),
        ("completions without credit", census.empty, 0),
        ("completions at odds with their credits", census.at_odds, 0),
        ("completions that are live twice", census.doubled, 0),
        ("derived credits without points that they follow from", census.derived_at_odds, 0),
        ("sums for reports that are not those of the credits", census.tally_at_odds, 0),
    ];
    for (what, stored, recorded) in pairs {
        if stored != recorded {
            report.fault(format!("{what}: {stored} are stored where the ledger knows {recorded}"));
        }
    }
}
