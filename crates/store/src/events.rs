//! The outbox: what changed for whom, in commit order. Written with the fact itself; boards' feeds,
//! webhooks and mail read it.

use domain::{Board, CreditId, ProviderId, UploadId};
use uuid::Uuid;

use crate::counters::{self, Counter};
use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};
use crate::values::{at, parsed, word};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    CreditReported,
    CreditWithdrawn,
    CreditDecided,
    /// The credit is another physician's record's now: records were merged, or one was split.
    CreditMoved,
    /// Two records of one person had the same credit: this one does not count (any more).
    CreditSetAside,
    /// The records were parted again, and the credit that was set aside counts.
    CreditRestored,
    UploadFinished,
}

impl EventKind {
    pub const ALL: &[EventKind] = &[
        Self::CreditReported,
        Self::CreditWithdrawn,
        Self::CreditDecided,
        Self::CreditMoved,
        Self::CreditSetAside,
        Self::CreditRestored,
        Self::UploadFinished,
    ];

    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }

    pub fn code(self) -> &'static str {
        match self {
            EventKind::CreditReported => "credit.reported",
            EventKind::CreditWithdrawn => "credit.withdrawn",
            EventKind::CreditDecided => "credit.decided",
            EventKind::CreditMoved => "credit.moved",
            EventKind::CreditSetAside => "credit.set_aside",
            EventKind::CreditRestored => "credit.restored",
            EventKind::UploadFinished => "upload.finished",
        }
    }
}

/// An event before it has its place in the sequence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    pub kind: EventKind,
    pub at: i64,
    pub provider: ProviderId,
    /// The certifying board that must hear of it.
    pub board: Option<Board>,
    pub credit: Option<CreditId>,
    pub upload: Option<UploadId>,
}

pub async fn append(tx: &mut WriteTx, events: &[NewEvent]) -> Result<()> {
    if events.is_empty() {
        return Ok(());
    }
    let first = counters::take(tx, Counter::Event, events.len() as i64).await?;
    let rows: Vec<(i64, &NewEvent)> = (first..).zip(events).collect();
    bulk!(
        tx,
        "insert into event (event_seq, kind, at, provider_id, board, credit_id, upload_id) ",
        rows,
        |row| row.0,
        row.1.kind.code(),
        row.1.at,
        row.1.provider.as_str(),
        row.1.board.as_ref().map(|board| board.code().to_owned()),
        row.1.credit.map(CreditId::as_uuid),
        row.1.upload.map(UploadId::as_uuid),
    );
    Ok(())
}

/// An event as the system's own readers need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passed {
    pub seq: i64,
    pub kind: EventKind,
    pub at: i64,
    pub provider: ProviderId,
    pub board: Option<Board>,
    pub credit: Option<CreditId>,
}

#[derive(sqlx::FromRow)]
struct PassedRow {
    event_seq: i64,
    kind: String,
    at: i64,
    provider_id: String,
    board: Option<String>,
    credit_id: Option<Uuid>,
}

/// The events from number `first` on, in order, at most `most`.
pub async fn from(tx: &mut ReadTx, first: i64, most: i64) -> Result<Vec<Passed>> {
    let rows = all!(
        tx,
        PassedRow,
        "select event_seq, kind, at, provider_id, board, credit_id from event
         where event_seq >= $1 order by event_seq limit $2",
        first,
        most,
    )?;
    rows.into_iter()
        .map(|row| {
            let seq = row.event_seq;
            let board = row.board.as_deref();
            Ok(Passed {
                seq,
                kind: word(EventKind::read(&row.kind), at("event", "kind", &seq))?,
                at: row.at,
                provider: parsed(&row.provider_id, at("event", "provider_id", &seq))?,
                board: board.map(|board| word(Board::read(board), at("event", "board", &seq))).transpose()?,
                credit: row.credit_id.map(CreditId::new),
            })
        })
        .collect()
}
