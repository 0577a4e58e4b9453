//! The letters' log: what was sent to whom, what failed and why. Bodies are read one at a time, since they may hold
//! secret links.

use domain::access::StaffScope;
use uuid::Uuid;

use crate::audit::literal;
use crate::error::Result;
use crate::question::Question;
use crate::tx::{ReadTx, WriteTx};

/// How a letter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Waiting,
    Sent,
    Failed,
}

impl Standing {
    pub const ALL: [Standing; 3] = [Standing::Waiting, Standing::Sent, Standing::Failed];

    /// As it stands in addresses.
    pub fn code(self) -> &'static str {
        match self {
            Standing::Waiting => "waiting",
            Standing::Sent => "sent",
            Standing::Failed => "failed",
        }
    }

    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|standing| standing.code() == code)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Logged {
    pub mail_id: Uuid,
    pub to_address: String,
    pub subject: String,
    pub created_at: i64,
    pub sent_at: Option<i64>,
    pub failed_at: Option<i64>,
    pub failure: Option<String>,
    /// Tries to hand it to the mail server, and when the last was.
    pub tries: i64,
    pub tried_at: Option<i64>,
    /// Whether its words are still there: they are blanked once it is sent.
    pub has_body: bool,
}

impl Logged {
    pub fn standing(&self) -> Standing {
        match (self.sent_at, self.failed_at) {
            (Some(_), _) => Standing::Sent,
            (None, Some(_)) => Standing::Failed,
            (None, None) => Standing::Waiting,
        }
    }
}

/// What is looked for; an empty text and `None` mean all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// A piece of the address.
    pub to: String,
    /// A piece of the subject.
    pub subject: String,
    pub standing: Option<Standing>,
    pub from: Option<i64>,
    pub before: Option<i64>,
    /// What stands behind this letter: its time and ID.
    pub after: Option<(i64, Uuid)>,
}

const COLUMNS: &str = "select mail_id, to_address, subject, created_at, sent_at, failed_at, failure, tries, tried_at,
        body <> '' as has_body from mail";

/// Newest first, at most `most`.
pub async fn search(tx: &mut ReadTx, _scope: &StaffScope, search: &Search, most: i64) -> Result<Vec<Logged>> {
    let mut question = Question::new(COLUMNS);
    question.push(
        match search.standing {
            None => " where true",
            Some(Standing::Waiting) => " where sent_at is null and failed_at is null",
            Some(Standing::Sent) => " where sent_at is not null",
            Some(Standing::Failed) => " where sent_at is null and failed_at is not null",
        },
        [],
    );
    for (column, piece) in [("to_address", &search.to), ("subject", &search.subject)] {
        if !piece.is_empty() {
            let piece = format!("%{}%", literal(&piece.to_lowercase()));
            question.push(&format!(" and lower({column}) like ? escape '!'"), [piece.into()]);
        }
    }
    if let Some(from) = search.from {
        question.push(" and created_at >= ?", [from.into()]);
    }
    if let Some(before) = search.before {
        question.push(" and created_at < ?", [before.into()]);
    }
    if let Some((at, id)) = search.after {
        question.push(" and (created_at < ? or (created_at = ? and mail_id < ?))", [at.into(), at.into(), id.into()]);
    }
    question.push(" order by created_at desc, mail_id desc limit ?", [most.into()]);
    asked!(tx, Logged, question)
}

/// One letter, and its words.
pub async fn find(tx: &mut ReadTx, _scope: &StaffScope, id: Uuid) -> Result<Option<(Logged, String)>> {
    let mut question = Question::new(COLUMNS);
    question.push(" where mail_id = ?", [id.into()]);
    let Some(logged) = asked!(tx, Logged, question)?.into_iter().next() else { return Ok(None) };
    let (body,) = one!(tx, (String,), "select body from mail where mail_id = $1", id)?;
    Ok(Some((logged, body)))
}

/// Lets a letter that failed wait to be sent again. `false`: there is none such, or its words are gone.
pub async fn send_again(tx: &mut WriteTx, _scope: &StaffScope, id: Uuid) -> Result<bool> {
    let again = exec!(
        tx,
        "update mail set failed_at = null, failure = null, tries = 0
         where mail_id = $1 and sent_at is null and failed_at is not null and body <> ''",
        id,
    )?;
    Ok(again == 1)
}

/// Marks all that wait as failed, with this reason: whether they were sent is not known. How many.
pub async fn hold_back(tx: &mut WriteTx, now: i64, reason: &str) -> Result<u64> {
    exec!(tx, "update mail set failed_at = $1, failure = $2 where sent_at is null and failed_at is null", now, reason)
}

/// How many wait, and since when the oldest does.
pub async fn waiting(tx: &mut ReadTx) -> Result<(i64, Option<i64>)> {
    let sql = "select count(*), min(created_at) from mail where sent_at is null and failed_at is null";
    one!(tx, (i64, Option<i64>), sql)
}

/// A try that may be made again: the server could not be reached, or asked to wait.
pub async fn mark_tried(tx: &mut WriteTx, id: Uuid, now: i64, failure: &str) -> Result<()> {
    exec!(tx, "update mail set tries = tries + 1, tried_at = $2, failure = $3 where mail_id = $1", id, now, failure)?;
    Ok(())
}
