//! What was said and done in a case, in order. Lines are only added.

use domain::MissingCreditId;
use domain::missing_credit::{Side, Step};
use uuid::Uuid;

use super::Case;
use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};
use crate::values::{at, word};

pub struct NewStep<'a> {
    pub id: Uuid,
    pub at: i64,
    pub side: Side,
    pub author: &'a str,
    pub step: Step,
    pub words: &'a str,
}

/// A line of a case's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepRow {
    pub at: i64,
    pub side: Side,
    pub author: String,
    pub step: Step,
    pub words: String,
}

/// Adds a line behind those that are there: one of the same moment, or of a clock that went back, comes after them.
pub async fn add_step(tx: &mut WriteTx, case: MissingCreditId, step: &NewStep<'_>) -> Result<()> {
    let (next,): (i64,) = one!(
        tx,
        (i64,),
        "select cast(coalesce(max(at) + 1, 0) as bigint) from missing_credit_step where missing_credit_id = $1",
        case.as_uuid(),
    )?;
    exec!(
        tx,
        "insert into missing_credit_step (step_id, missing_credit_id, at, side, author, step, words)
         values ($1, $2, $3, $4, $5, $6, $7)",
        step.id,
        case.as_uuid(),
        step.at.max(next),
        step.side.code(),
        step.author,
        step.step.code(),
        step.words,
    )?;
    Ok(())
}

/// The history of a case that its reader may see, the oldest line first.
pub async fn steps(tx: &mut ReadTx, case: &Case) -> Result<Vec<StepRow>> {
    let rows = all!(
        tx,
        (i64, String, String, String, String),
        "select at, side, author, step, words from missing_credit_step where missing_credit_id = $1
         order by at, step_id limit 1000",
        case.id.as_uuid(),
    )?;
    rows.into_iter()
        .map(|(time, side, author, step, words)| {
            let here = |column| at("missing_credit_step", column, &case.id);
            Ok(StepRow {
                at: time,
                side: word(Side::read(&side), here("side"))?,
                author,
                step: word(Step::read(&step), here("step"))?,
                words,
            })
        })
        .collect()
}
