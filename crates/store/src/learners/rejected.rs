//! Points that certifying boards have rejected, and how an activity's credits stand. Both start from the tally, so
//! that a few of a million are found without reading the others.

use domain::access::ProviderScope;
use domain::credit::{CreditStatus, Kind};
use domain::{ActivityId, Amount, Board, CompletionId, CreditId};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::question::Question;
use crate::tx::ReadTx;

/// Rejected credits of one board for one reason, in the board's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    pub board: Board,
    pub reason: String,
    pub credits: i64,
}

macro_rules! rejected {
    ($columns:literal) => {
        concat!(
            "select ",
            $columns,
            " from credit_tally t
              cross join completion k
              join credit c on c.completion_id = k.completion_id and c.kind = t.kind
              where t.provider_id = ? and t.status = 'rejected' and t.credits > 0 and k.activity_id = t.activity_id
                and k.completed_on = t.completed_on and k.provider_id || '' = t.provider_id
                and c.status = 'rejected' and c.withdrawn_at is null"
        )
    };
}

/// How many are rejected, by board and reason, the most frequent first.
pub async fn rejections(tx: &mut ReadTx, scope: &ProviderScope) -> Result<Vec<Group>> {
    let mut question = Question::default();
    question.push(rejected!("c.kind, c.reason, count(*)"), [scope.provider().as_str().into()]);
    question.push(" group by c.kind, c.reason order by 3 desc, c.kind, c.reason", []);
    let rows = asked!(tx, (String, String, i64), question)?;
    rows.into_iter()
        .map(|(kind, reason, credits)| {
            let board = Board::read(&kind).ok_or_else(|| Error::corrupt("credit", "kind", &kind))?;
            Ok(Group { board, reason, credits })
        })
        .collect()
}

/// How many are rejected.
pub async fn count_rejected(tx: &mut ReadTx, scope: &ProviderScope) -> Result<i64> {
    let (count,) = one!(
        tx,
        (i64,),
        "select cast(coalesce(sum(credits), 0) as bigint) from credit_tally where provider_id = $1 and status = 'rejected'",
        scope.provider().as_str(),
    )?;
    Ok(count)
}

/// Rejected credits with their completions, oldest report first, behind `after`, at most `most`: all, or those of one
/// board for any of these reasons.
pub async fn rejected(
    tx: &mut ReadTx,
    scope: &ProviderScope,
    of: Option<(Board, &[String])>,
    after: Option<(i64, CreditId)>,
    most: i64,
) -> Result<Vec<(CompletionId, CreditId, i64)>> {
    let mut question = Question::default();
    question.push(rejected!("c.completion_id, c.credit_id, c.reported_at"), [scope.provider().as_str().into()]);
    if let Some((board, reasons)) = of {
        let places = vec!["?"; reasons.len().max(1)].join(", ");
        let words = if reasons.is_empty() { vec![String::new()] } else { reasons.to_vec() };
        let values = std::iter::once(board.code().to_owned()).chain(words).map(Into::into);
        question.push(&format!(" and c.kind = ? and c.reason in ({places})"), values);
    }
    if let Some((at, credit)) = after {
        // IDs begin with the time at which they were made, so their text has the order of the report
        question.push(
            " and (c.reported_at > ? or (c.reported_at = ? and c.credit_id > ?))",
            [at.into(), at.into(), credit.as_uuid().into()],
        );
    }
    question.push(" order by c.reported_at, c.credit_id limit ?", [most.into()]);
    let rows = asked!(tx, (Uuid, Uuid, i64), question)?;
    Ok(rows.into_iter().map(|(of, id, at)| (CompletionId::new(of), CreditId::new(id), at)).collect())
}

/// The completions of the scope to which these credits belong.
pub async fn holders(
    tx: &mut ReadTx,
    scope: &ProviderScope,
    credits: &[CreditId],
) -> Result<Vec<(CreditId, CompletionId)>> {
    let provider = scope.provider();
    let ids: Vec<Uuid> = credits.iter().map(|id| id.as_uuid()).collect();
    let rows = among!(
        tx,
        (Uuid, Uuid),
        "select c.credit_id, c.completion_id from credit c join completion k on k.completion_id = c.completion_id
         where k.provider_id || '' = ",
        provider.as_str(),
        in " and c.credit_id in (",
        ids,
        ")"
    );
    Ok(rows.into_iter().map(|(credit, of)| (CreditId::new(credit), CompletionId::new(of))).collect())
}

/// Live credits of an activity by destination and status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub kind: Kind,
    pub status: CreditStatus,
    pub credits: i64,
    pub amount: Amount,
}

/// CME first, then boards by their codes, REMS last.
pub async fn standings(tx: &mut ReadTx, scope: &ProviderScope, activity: ActivityId) -> Result<Vec<Standing>> {
    let rows = all!(
        tx,
        (String, String, i64, i64),
        "select kind, status, cast(sum(credits) as bigint), cast(sum(amount) as bigint) from credit_tally
         where provider_id = $1 and activity_id = $2 and credits > 0 group by kind, status order by kind, status",
        scope.provider().as_str(),
        activity.as_str(),
    )?;
    let corrupt = || Error::corrupt("credit_tally", "kind", activity);
    let one = |(kind, status, credits, amount): (String, String, i64, i64)| {
        let kind = Kind::read(&kind).ok_or_else(corrupt)?;
        let status = CreditStatus::read(&status).ok_or_else(corrupt)?;
        Ok(Standing { kind, status, credits, amount: Amount::new(amount) })
    };
    let mut standings = rows.into_iter().map(one).collect::<Result<Vec<_>>>()?;
    standings.sort_by_key(|standing| standing.kind);
    Ok(standings)
}
