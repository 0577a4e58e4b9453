//! What a leaf of the ledger is made of: the one definition that recording and verifying share.
//!
//! Personal details enter only as a commitment under the person's own key, so that a published leaf
//! cannot be tried against 366 birthdays, and erasing the key erases the person from the log.

use domain::credit::{CreditStatus, Kind};
use domain::report::RemsReport;
use domain::{ActivityId, Amount, CompletionId, CreditId, PhysicianId, ProviderId, UploadId};
use jiff::civil::Date;
use ledger::{Canonical, Hash, commitment, leaf_hash};

/// Everything that a credit's first leaf fixes for ever.
#[derive(Debug, Clone, Copy)]
pub struct ReportedCredit<'a> {
    pub credit: CreditId,
    pub completion: CompletionId,
    pub provider: ProviderId,
    pub activity: ActivityId,
    pub completed_on: Date,
    pub kind: Kind,
    pub amount: Amount,
    pub types: &'a [(String, Amount)],
    pub derived_from: Option<CreditId>,
    pub reported_at: i64,
    /// When the completion itself was first reported: earlier, if this credit came to one on record.
    pub completion_reported_at: i64,
    pub submission_id: &'a str,
    pub upload: UploadId,
    pub row_number: i64,
    pub person: &'a Hash,
}

/// Who a completion is of, as committed to.
#[derive(Debug, Clone, Copy)]
pub struct Person<'a> {
    pub physician: Option<PhysicianId>,
    pub first_name: &'a str,
    pub last_name: &'a str,
    pub birth: &'a str,
    /// Two letters, or nothing.
    pub state: &'a str,
    pub learner_identifier: &'a str,
    /// The ID with the board of the credit that the commitment goes into.
    pub diplomate_id: &'a str,
    pub rems: Option<&'a RemsReport>,
}

/// The commitment to a person's details under that person's key.
pub fn person(key: &[u8; 32], person: Person<'_>) -> Hash {
    let physician = person.physician.map(|id| id.to_string());
    let mut fields = Canonical::new("credence/person/1")
        .optional_text(physician.as_deref())
        .text(person.first_name)
        .text(person.last_name)
        .text(person.birth)
        .text(person.state)
        .text(person.learner_identifier)
        .text(person.diplomate_id);
    if let Some(rems) = person.rems {
        let RemsReport { local_id, profession, state, dea, practice_area, surgical, time_in_practice } = rems;
        for value in [local_id, profession, state, dea, practice_area, surgical, time_in_practice] {
            fields = fields.text(value);
        }
    }
    commitment(key, fields)
}

/// The leaf that says: this credit was reported.
pub fn reported(credit: &ReportedCredit<'_>) -> [u8; 32] {
    let mut bytes = Canonical::new("credence/report/1")
        .bytes(credit.credit.as_uuid().as_bytes())
        .bytes(credit.completion.as_uuid().as_bytes())
        .text(credit.provider.as_str())
        .text(credit.activity.as_str())
        .text(&credit.completed_on.to_string())
        .text(credit.kind.key())
        .number(credit.amount.hundredths())
        .number(i64::try_from(credit.types.len()).unwrap_or(i64::MAX));
    for (name, amount) in credit.types {
        bytes = bytes.text(name).number(amount.hundredths());
    }
    let derived_from = credit.derived_from.map(|id| id.to_string());
    let bytes = bytes
        .optional_text(derived_from.as_deref())
        .number(credit.reported_at)
        .number(credit.completion_reported_at)
        .text(credit.submission_id)
        .bytes(credit.upload.as_uuid().as_bytes())
        .number(credit.row_number)
        .bytes(&credit.person.0);
    leaf_hash(&bytes.finish()).0
}

/// The leaf that says: this credit was withdrawn.
pub fn withdrawn(credit: CreditId, at: i64) -> [u8; 32] {
    leaf_hash(&Canonical::new("credence/withdraw/1").bytes(credit.as_uuid().as_bytes()).number(at).finish()).0
}

/// The leaf that says: the board answered.
pub fn decided(credit: CreditId, status: CreditStatus, reason: &str, at: i64) -> [u8; 32] {
    let bytes = Canonical::new("credence/decide/1")
        .bytes(credit.as_uuid().as_bytes())
        .text(status.code())
        .text(reason)
        .number(at);
    leaf_hash(&bytes.finish()).0
}

/// The commitment to whose record a credit moved to. It is another for each credit, so that leaves that
/// are shown do not tell which credits are of one person.
pub fn holder(key: &[u8; 32], physician: PhysicianId, credit: CreditId) -> Hash {
    let fields = Canonical::new("credence/holder/1").text(&physician.to_string()).bytes(credit.as_uuid().as_bytes());
    commitment(key, fields)
}

/// The leaf that says: this credit went to another record, with a merge or a split.
pub fn relinked(credit: CreditId, holder: &Hash, at: i64) -> [u8; 32] {
    let bytes = Canonical::new("credence/relink/1").bytes(credit.as_uuid().as_bytes()).bytes(&holder.0).number(at);
    leaf_hash(&bytes.finish()).0
}
