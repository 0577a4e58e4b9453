//! Numbers that the system hands out in order: activity IDs, places in the ledger, in the change
//! sequence of the registry and in the outbox.
//!
//! Taking a number locks its row until the transaction ends, so numbers appear in commit order and
//! without gaps: a reader that has seen number n has seen all before it.

use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counter {
    Activity,
    /// Saves and deletions of activities, which the index of their search follows.
    ActivityChange,
    LedgerLeaf,
    RegistryChange,
    /// Changes of licensing boards' names, which transcripts bear.
    BoardName,
    Event,
    /// Claims to accounts: taking a number keeps them in one line, so that tries are counted exactly.
    AccountClaim,
    /// Merges, splits and all else that takes an identifier from somebody: a report that was judged
    /// before the newest of them is judged again.
    IdentityChange,
    /// Changes of reference data: a copy in memory is current if it has seen as many.
    Reference,
    /// The first event that CME credit was not derived from yet.
    DerivedCredit,
    /// The first event that the boards' automatic rules were not asked about yet.
    BoardRules,
    /// The first event that no letter about rejections was thought of for yet.
    Rejections,
    /// The first leaf of the ledger that physicians' letters were not told of yet.
    PhysicianNews,
    /// The first leaf of the ledger that open cases about missing credit were not compared with yet.
    MissingCredit,
    /// Changes of the help's pages, which copies in memory follow.
    HelpChange,
    /// Requests to the accreditor's staff.
    HelpRequest,
}

impl Counter {
    fn name(self) -> &'static str {
        match self {
            Counter::Activity => "activity",
            Counter::ActivityChange => "activity_change",
            Counter::LedgerLeaf => "ledger_leaf",
            Counter::RegistryChange => "registry_change",
            Counter::BoardName => "board_name",
            Counter::Event => "event",
            Counter::AccountClaim => "account_claim",
            Counter::IdentityChange => "identity_change",
            Counter::Reference => "reference",
            Counter::DerivedCredit => "derived_credit",
            Counter::BoardRules => "board_rules",
            Counter::Rejections => "rejections",
            Counter::PhysicianNews => "physician_news",
            Counter::MissingCredit => "missing_credit",
            Counter::HelpChange => "help_change",
            Counter::HelpRequest => "help_request",
        }
    }
}

/// Takes the next `count` numbers and returns the first; the very first number is 0.
pub async fn take(tx: &mut WriteTx, counter: Counter, count: i64) -> Result<i64> {
    let (next,): (i64,) = one!(
        tx,
        (i64,),
        "insert into counter (name, value) values ($1, $2)
         on conflict (name) do update set value = counter.value + excluded.value
         returning value",
        counter.name(),
        count,
    )?;
    Ok(next - count)
}

/// How many numbers of several kinds were taken so far, in one query.
pub async fn several<const N: usize>(tx: &mut ReadTx, wanted: [Counter; N]) -> Result<[i64; N]> {
    let rows: Vec<(String, i64)> = all!(tx, (String, i64), "select name, value from counter")?;
    let value = |counter: Counter| rows.iter().find(|(name, _)| name == counter.name()).map_or(0, |(_, value)| *value);
    Ok(wanted.map(value))
}

/// How many numbers were taken so far.
pub async fn taken(tx: &mut ReadTx, counter: Counter) -> Result<i64> {
    let row: Option<(i64,)> = maybe!(tx, (i64,), "select value from counter where name = $1", counter.name())?;
    Ok(row.map_or(0, |(value,)| value))
}
