//! The official transcript: found by scope, assembled by rule, issued under a code, rendered.
//!
//! Reading it twice on one day with nothing changed in between gives the same code: only a new or
//! changed transcript writes a row. A board's reading always leaves one in the audit trail.

mod certificate;
mod json;
mod kept;
mod print;
pub mod programs;
mod sheets;

use std::sync::Arc;

use domain::access::{Actor, LicensingBoardScope, PhysicianScope};
use domain::credit::{Completion, Credit, CreditStatus, Kind};
use domain::transcript::{Filter, Holder, Transcript, assemble};
use domain::{CompletionId, PhysicianId};
use store::counters::{self, Counter};
use store::physicians::Physician;
use store::transcript_issues::{Cited, Issue};
use store::transcripts::Record;
use store::{ReadTx, WriteTx};

pub use certificate::certificate;
pub use json::json;
pub use kept::{Kept, Rendering};
pub use print::{long_date, notes, pdf, range_words};
pub use sheets::{csv, workbook};

use self::kept::Seen;
use crate::{App, Error, Result, audit};

const DAY: i64 = 24 * 3_600_000_000;
/// Letters and digits that cannot be mistaken for each other (Crockford's base 32).
const CODE_LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CODE_LENGTH: usize = 12;

/// An issued transcript with everything that its renderings say.
#[derive(Debug, Clone)]
pub struct Official {
    pub physician: PhysicianId,
    pub given_name: String,
    pub family_name: String,
    pub transcript: Transcript,
    /// Licensing board and number, one for each license.
    pub licenses: Vec<HeldLicense>,
    /// Certifying board and diplomate ID, one for each certification.
    pub certifications: Vec<HeldCertification>,
    /// As printed, with dashes.
    pub code: String,
    /// Microseconds since 1970, UTC.
    pub issued_at: i64,
    /// What a page made of it.
    pub page: Rendering<str>,
    pub(crate) paper: Rendering<Vec<u8>>,
}

#[derive(Debug, Clone)]
pub struct HeldLicense {
    pub state: domain::State,
    pub board_name: String,
    pub number: String,
    pub status: String,
}

#[derive(Debug, Clone)]
pub struct HeldCertification {
    pub board: domain::Board,
    pub board_name: String,
    pub diplomate_id: String,
    pub status: String,
}

/// The physician's own transcript.
pub async fn own(app: &App, actor: &Actor, scope: &PhysicianScope, filter: Filter) -> Result<Arc<Official>> {
    let mut tx = app.store.read().await?;
    let drafted = draft(app, &mut tx, &Record::own(scope), actor, filter).await?;
    drop(tx);
    if !drafted.is_new {
        return Ok(drafted.official);
    }
    let mut tx = app.store.write().await?;
    drafted.issue(&mut tx).await?;
    audit::record(app, &mut tx, actor, "transcript.issue", &drafted.issue.code, Some(scope.physician()), "").await?;
    tx.commit().await?;
    Ok(drafted.official)
}

/// A licensee's transcript. The physician sees who looked.
///
/// Errors: `NotFound` for somebody who never held a license in the board's state.
pub async fn of_licensee(
    app: &App,
    actor: &Actor,
    scope: &LicensingBoardScope,
    physician: PhysicianId,
    filter: Filter,
) -> Result<Arc<Official>> {
    let mut tx = app.store.read().await?;
    let record = store::transcripts::of_licensee(&mut tx, scope, physician).await?.ok_or(Error::NotFound)?;
    let drafted = draft(app, &mut tx, &record, actor, filter).await?;
    drop(tx);
    let mut tx = app.store.write().await?;
    record_issue(app, &mut tx, actor, scope, &drafted).await?;
    tx.commit().await?;
    Ok(drafted.official)
}

/// Writes down what a board was shown, and that it was.
async fn record_issue(
    app: &App,
    tx: &mut WriteTx,
    actor: &Actor,
    scope: &LicensingBoardScope,
    drafted: &Drafted,
) -> Result<()> {
    drafted.issue(tx).await?;
    // the rule under which the board may look, as it stood when it looked
    let rule = format!("holds or held a license in {}", scope.state().name());
    let physician = Some(drafted.official.physician);
    audit::record(app, tx, actor, "transcript.read", &drafted.issue.code, physician, &rule).await
}

/// The certificate of one of the physician's own completions, as a transcript with nothing else on it.
///
/// Errors: `NotFound` for a completion that is none of theirs, was withdrawn, or has no credit that counts.
pub async fn own_completion(
    app: &App,
    actor: &Actor,
    scope: &PhysicianScope,
    completion: CompletionId,
) -> Result<Arc<Official>> {
    let filter = Filter { completion: Some(completion), ..Filter::default() };
    counting(own_record_has(app, scope, completion).await?)?;
    own(app, actor, scope, filter).await
}

/// The same of a licensee's.
pub async fn completion_of_licensee(
    app: &App,
    actor: &Actor,
    scope: &LicensingBoardScope,
    physician: PhysicianId,
    completion: CompletionId,
) -> Result<Arc<Official>> {
    let mut tx = app.store.read().await?;
    let record = store::transcripts::of_licensee(&mut tx, scope, physician).await?.ok_or(Error::NotFound)?;
    let completions = store::transcripts::completions(&mut tx, &record).await?;
    drop(tx);
    counting(completions.into_iter().find(|one| one.id == completion))?;
    let filter = Filter { completion: Some(completion), ..Filter::default() };
    of_licensee(app, actor, scope, physician, filter).await
}

async fn own_record_has(app: &App, scope: &PhysicianScope, completion: CompletionId) -> Result<Option<Completion>> {
    let (_, completions) = own_record(app, scope).await?;
    Ok(completions.into_iter().find(|one| one.id == completion))
}

/// Refuses a completion that proves nothing.
fn counting(completion: Option<Completion>) -> Result<Completion> {
    let counts = |one: &Completion| one.credits.iter().any(counts);
    completion.filter(counts).ok_or(Error::NotFound)
}

/// Whether a credit is part of a total: REMS is not physician credit, rejected points are none.
pub fn counts(credit: &Credit) -> bool {
    credit.kind != Kind::Rems && credit.status != CreditStatus::Rejected
}

/// The physician's own record, for pages that issue nothing: who it is of, and every completion.
pub async fn own_record(app: &App, scope: &PhysicianScope) -> Result<(Physician, Vec<Completion>)> {
    let mut tx = app.store.read().await?;
    let record = Record::own(scope);
    let physician = store::transcripts::holder(&mut tx, &record).await?.ok_or(Error::NotFound)?;
    Ok((physician, store::transcripts::completions(&mut tx, &record).await?))
}

/// A transcript that is made and perhaps not issued yet.
#[derive(Debug)]
pub struct Drafted {
    pub official: Arc<Official>,
    pub issue: Arc<Issue>,
    /// The issue is not in the database yet.
    is_new: bool,
}

impl Drafted {
    /// Issues it, unless it was. Until the transaction is committed nobody may be shown it. Whoever reveals it
    /// writes the audit row beside.
    pub async fn issue(&self, tx: &mut WriteTx) -> Result<()> {
        if self.is_new {
            store::transcript_issues::insert(tx, &self.issue).await?;
        }
        Ok(())
    }
}

async fn draft(app: &App, tx: &mut ReadTx, record: &Record, actor: &Actor, filter: Filter) -> Result<Drafted> {
    draft_for(app, tx, record, actor.seat.kind(), filter).await
}

/// Makes the transcript of a record for a reader, in a word such as [`domain::access::Seat::kind`]: the same kind of
/// reader gets the same issue for a day.
pub async fn draft_for(app: &App, tx: &mut ReadTx, record: &Record, reader: &str, filter: Filter) -> Result<Drafted> {
    let now = app.clock.now();
    let key = (record.physician(), reader.to_owned(), filter);
    let seen = Seen::read(app, tx).await?;
    if let Some((official, issue)) = app.transcripts.get(&key, seen)
        && now - issue.issued_at < DAY
    {
        return Ok(Drafted { official, issue, is_new: false });
    }
    let physician = store::transcripts::holder(tx, record).await?.ok_or(Error::NotFound)?;
    let completions = store::transcripts::completions(tx, record).await?;
    let boards = store::organizations::list_licensing_boards(tx).await?;
    let reference = app.reference.get();
    let transcript = assemble(holder(&physician), completions, filter, &reference);

    let issue = Issue {
        code: new_code(app),
        physician: physician.id,
        issued_at: now,
        issued_by_kind: reader.to_owned(),
        filter,
        cited: cited(&transcript),
        totals: transcript.totals.clone(),
        ledger_size: counters::taken(tx, Counter::LedgerLeaf).await?,
    };
    let known = store::transcript_issues::newest(tx, record, reader, &filter).await?;
    let same =
        known.filter(|known| now - known.issued_at < DAY && known.cited == issue.cited && known.totals == issue.totals);
    let is_new = same.is_none();
    let issue = Arc::new(same.unwrap_or(issue));

    let board_name = |state: domain::State| {
        let named = boards.iter().find(|board| board.state == state);
        named.map_or_else(|| format!("{} medical board", state.name()), |board| board.name.clone())
    };
    let licenses = physician.licenses.iter().map(|held| HeldLicense {
        state: held.state,
        board_name: board_name(held.state),
        number: held.number.clone(),
        status: held.status.clone(),
    });
    let certifications = physician.certifications.iter().map(|held| HeldCertification {
        board: held.board,
        board_name: reference.board(held.board).map_or_else(|| held.board.to_string(), |board| board.name.clone()),
        diplomate_id: held.diplomate_id.clone(),
        status: held.status.clone(),
    });
    let official = Official {
        physician: physician.id,
        licenses: licenses.collect(),
        certifications: certifications.collect(),
        code: with_dashes(&issue.code),
        issued_at: issue.issued_at,
        given_name: physician.first,
        family_name: physician.last,
        transcript,
        page: Rendering::default(),
        paper: Rendering::default(),
    };
    let official = Arc::new(official);
    if !is_new {
        app.transcripts.put(key, seen, &official, &issue);
    }
    Ok(Drafted { official, issue, is_new })
}

fn holder(physician: &Physician) -> Holder {
    let name = physician.full_name();
    Holder {
        name: if physician.degree.is_empty() { name } else { format!("{name}, {}", physician.degree) },
        npi: physician.npi.clone(),
        licenses: physician.licenses.iter().map(|held| (held.state, held.number.clone())).collect(),
        certifications: physician.certifications.iter().map(|held| (held.board, held.diplomate_id.clone())).collect(),
    }
}

/// Every credit on the transcript with its status, in an order that does not depend on the page's.
fn cited(transcript: &Transcript) -> Vec<Cited> {
    let credits = transcript.completions.iter().flat_map(|completion| &completion.credits);
    let mut cited: Vec<Cited> = credits.map(|credit| Cited { credit: credit.id, status: credit.status }).collect();
    cited.sort_unstable_by_key(|cited| cited.credit);
    cited
}

/// 60 random bits: nobody finds a code by trying.
fn new_code(app: &App) -> String {
    let bytes = app.chance.bytes::<CODE_LENGTH>();
    bytes.iter().filter_map(|byte| CODE_LETTERS.get(usize::from(byte % 32))).map(|letter| char::from(*letter)).collect()
}

/// `7KQ2MX4D91TB` as `7KQ2-MX4D-91TB`.
pub(crate) fn with_dashes(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// A code as somebody typed it off paper: any case, with or without dashes and spaces, O for 0 and
/// I or L for 1. `None`: it cannot be a code.
pub fn read_code(typed: &str) -> Option<String> {
    let mut code = String::with_capacity(CODE_LENGTH);
    for letter in typed.chars().filter(|letter| !letter.is_whitespace() && !matches!(letter, '-' | '–')) {
        let letter = match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        if !letter.is_ascii() || !CODE_LETTERS.contains(&(letter as u8)) {
            return None;
        }
        code.push(letter);
    }
    (code.len() == CODE_LENGTH).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_was_typed() {
        for typed in ["7KQ2-MX4D-91TB", "7kq2mx4d91tb", " 7KQ2 MX4D–9ITB ", "7KQ2-MX4D-9lTB"] {
            assert_eq!(read_code(typed).as_deref(), Some("7KQ2MX4D91TB"), "{typed}");
        }
        assert_eq!(read_code("7KQ2-MX4D-91T"), None);
        assert_eq!(read_code("7KQ2-MX4D-91TU"), None);
        assert_eq!(read_code("7KQ2-MX4D-91Té"), None);
        assert_eq!(with_dashes("7KQ2MX4D91TB"), "7KQ2-MX4D-91TB");
    }
}
