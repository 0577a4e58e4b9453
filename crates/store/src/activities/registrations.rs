//! MOC registrations and the undertakings behind them. An undertaking keeps who gave it first, and
//! when, for as long as it stands.

use std::collections::{HashMap, HashSet};

use domain::access::ProviderScope;
use domain::activity::{Activity, MocRegistration, Undertaking};
use domain::{AccountId, ActivityId, Amount, Board};
use uuid::Uuid;

use super::Attested;
use super::rows::MocRow;
use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};
use crate::values::{at, date_text, json, parsed, word};

/// One undertaking towards one board, with who gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undertaken {
    pub board: Board,
    pub undertaking: Undertaking,
    pub at: i64,
    pub by: Option<AccountId>,
    /// The name of who gave it; empty if a program did.
    pub by_name: String,
}

/// Every undertaking that stands for an activity of this provider, by board.
pub async fn undertaken(tx: &mut ReadTx, scope: &ProviderScope, activity: ActivityId) -> Result<Vec<Undertaken>> {
    let rows = all!(
        tx,
        (String, String, i64, Option<Uuid>, String),
        "select u.board, u.undertaking, u.given_at, u.given_by, coalesce(account.name, '')
         from activity_moc_undertaking u join activity a on a.activity_id = u.activity_id
         left join account on account.account_id = u.given_by
         where u.activity_id = $1 and a.provider_id = $2 order by u.board, u.undertaking",
        activity.as_str(),
        scope.provider().as_str(),
    )?;
    let place = |column| at("activity_moc_undertaking", column, &activity);
    let one = |(board, undertaking, at, by, by_name): (String, String, i64, Option<Uuid>, String)| {
        Ok(Undertaken {
            board: parsed(&board, place("board"))?,
            undertaking: word(Undertaking::read(&undertaking), place("undertaking"))?,
            at,
            by: by.map(AccountId::new),
            by_name,
        })
    };
    rows.into_iter().map(one).collect()
}

struct NewRow<'a> {
    activity: &'a str,
    moc: &'a MocRegistration,
    credit_types: String,
    practice_areas: String,
}

/// Makes registrations and undertakings those of the values. `known` are the activities among them
/// that were on record before.
pub(super) async fn put(
    tx: &mut WriteTx,
    activities: &[&Activity],
    known: &[ActivityId],
    attested: Attested,
) -> Result<()> {
    let known: Vec<String> = known.iter().map(ActivityId::to_string).collect();
    let on_record: Vec<MocRow> = among!(
        tx,
        MocRow,
        in "select activity_id, board, points, credit_types, practice_areas, claim_until
            from activity_moc where activity_id in (",
        known,
        ")"
    );
    let mut before: HashMap<String, Vec<MocRegistration>> = HashMap::new();
    for row in on_record {
        before.entry(row.activity_id.clone()).or_default().push(super::rows::registration(row, &[])?);
    }
    let mut new = Vec::new();
    for activity in activities {
        let had = before.remove(activity.id.as_str()).unwrap_or_default();
        if is_same(&had, &activity.moc) {
            continue;
        }
        if !had.is_empty() {
            exec!(tx, "delete from activity_moc where activity_id = $1", activity.id.as_str())?;
        }
        for moc in &activity.moc {
            new.push(NewRow {
                activity: activity.id.as_str(),
                moc,
                credit_types: json(&moc.credit_types)?,
                practice_areas: json(&moc.practice_areas)?,
            });
        }
    }
    bulk!(
        tx,
        "insert into activity_moc (activity_id, board, points, credit_types, practice_areas, claim_until) ",
        new,
        |row| row.activity.to_owned(),
        row.moc.board.to_string(),
        row.moc.points.hundredths(),
        row.credit_types.clone(),
        row.practice_areas.clone(),
        row.moc.claim_until.map(date_text)
    );
    put_undertakings(tx, activities, &known, attested).await
}

/// Whether the rows say the same; undertakings are looked at by themselves.
fn is_same(before: &[MocRegistration], after: &[MocRegistration]) -> bool {
    let fields = |moc: &MocRegistration| -> (Amount, Vec<String>, Vec<String>, Option<jiff::civil::Date>) {
        (moc.points, moc.credit_types.clone(), moc.practice_areas.clone(), moc.claim_until)
    };
    before.len() == after.len()
        && after.iter().all(|moc| before.iter().any(|had| had.board == moc.board && fields(had) == fields(moc)))
}

type Key = (String, String, &'static str);

async fn put_undertakings(
    tx: &mut WriteTx,
    activities: &[&Activity],
    known: &[String],
    attested: Attested,
) -> Result<()> {
    let rows = among!(
        tx,
        (String, String, String),
        in "select activity_id, board, undertaking from activity_moc_undertaking where activity_id in (",
        known,
        ")"
    );
    let mut standing: HashSet<Key> = HashSet::new();
    for (activity, board, undertaking) in rows {
        let place = at("activity_moc_undertaking", "undertaking", &activity);
        let undertaking = word(Undertaking::read(&undertaking), place)?.code();
        standing.insert((activity, board, undertaking));
    }
    let mut new: Vec<Key> = Vec::new();
    for activity in activities {
        for moc in &activity.moc {
            for undertaking in &moc.undertakings {
                let key = (activity.id.to_string(), moc.board.to_string(), undertaking.code());
                if !standing.remove(&key) {
                    new.push(key);
                }
            }
        }
    }
    for (activity, board, undertaking) in standing {
        exec!(
            tx,
            "delete from activity_moc_undertaking where activity_id = $1 and board = $2 and undertaking = $3",
            activity,
            board,
            undertaking,
        )?;
    }
    bulk!(
        tx,
        "insert into activity_moc_undertaking (activity_id, board, undertaking, given_at, given_by) ",
        new,
        |row| row.0.clone(),
        row.1.clone(),
        row.2,
        attested.at,
        attested.by.map(AccountId::as_uuid)
    );
    Ok(())
}
