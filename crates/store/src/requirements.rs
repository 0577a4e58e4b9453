//! Credit as requirements count it: amounts of AMA PRA Category 1 with the format and the state content topics of
//! their activities. Topics are those that the activity lists today.
//!
//! Requirements themselves are reference data (`reference_entry`, list `requirements`): no table of their own.

use std::collections::HashMap;
use std::sync::Arc;

use domain::access::LicensingBoardScope;
use domain::activity::{Format, StateTopic};
use domain::requirement::Counted;
use domain::{Amount, CompletionId, PhysicianId};
use jiff::civil::Date;
use serde::Deserialize;
use uuid::Uuid;

use crate::error::Result;
use crate::transcripts::Record;
use crate::tx::ReadTx;
use crate::values::{at, date_text, from_json, parsed, word};

/// What a list of physicians has earned; who has nothing is not in it.
pub type Earned = HashMap<PhysicianId, Vec<Counted>>;

/// A tuple, since sqlx finds a tuple's columns by place: names cost seconds with a million rows.
type Row = (Uuid, Uuid, String, String, i64, Option<Uuid>);

/// The credit of one record, whenever it was completed.
pub async fn of_record(tx: &mut ReadTx, record: &Record) -> Result<Vec<Counted>> {
    let rows = all!(
        tx,
        Row,
        "select c.physician_id, c.completion_id, c.activity_id, c.completed_on, k.amount, k.derived_from
         from completion c join credit k on k.completion_id = c.completion_id
         where c.physician_id = $1 and c.withdrawn_at is null
           and k.kind = 'CME' and k.withdrawn_at is null and k.status <> 'rejected'",
        record.physician().as_uuid(),
    )?;
    Ok(counted(tx, rows).await?.remove(&record.physician()).unwrap_or_default())
}

/// The credit of these physicians, as far as they hold or have held a license in the board's state, completed on
/// `since` or later (`None`: whenever). Some hundred physicians a query.
pub async fn of_licensees(
    tx: &mut ReadTx,
    scope: &LicensingBoardScope,
    physicians: &[PhysicianId],
    since: Option<Date>,
) -> Result<Earned> {
    let ids: Vec<Uuid> = physicians.iter().map(|id| id.as_uuid()).collect();
    let own: Vec<Uuid> = looked_up!(
        tx,
        (Uuid,),
        ids,
        "select distinct item from wanted cross join license l where l.physician_id = item and l.state = ",
        scope.state().to_string(),
    )
    .into_iter()
    .map(|(id,)| id)
    .collect();
    let rows = looked_up!(
        tx,
        Row,
        own,
        "select c.physician_id, c.completion_id, c.activity_id, c.completed_on, k.amount, k.derived_from
         from wanted cross join completion c join credit k on k.completion_id = c.completion_id
         where c.physician_id = item and c.withdrawn_at is null
           and k.kind = 'CME' and k.withdrawn_at is null and k.status <> 'rejected' and c.completed_on >= ",
        since.map(date_text).unwrap_or_default(),
    );
    counted(tx, rows).await
}

#[derive(sqlx::FromRow)]
struct ActivityRow {
    activity_id: String,
    format: String,
    more: String,
}

/// What of the activity's other fields matters here.
#[derive(Deserialize, Default)]
#[serde(default)]
struct More {
    state_topics: Vec<StateTopic>,
}

/// Joins rows with their activities, each of which is read once however many have completed it.
async fn counted(tx: &mut ReadTx, rows: Vec<Row>) -> Result<Earned> {
    let mut ids: Vec<String> = rows.iter().map(|row| row.2.clone()).collect();
    ids.sort_unstable();
    ids.dedup();
    // the text is handed over only where it can hold a topic
    let activities = among!(
        tx,
        ActivityRow,
        in "select activity_id, format, case when more like '%state_topics%' then more else '' end as more
            from activity where activity_id in (",
        ids,
        ")"
    );
    let none: Arc<[StateTopic]> = Vec::new().into();
    let mut known: HashMap<String, (Format, Arc<[StateTopic]>)> = HashMap::with_capacity(activities.len());
    for row in activities {
        let format = word(Format::read(&row.format), at("activity", "format", &row.activity_id))?;
        let topics = match row.more.as_str() {
            "" => Arc::clone(&none),
            more => from_json::<More>(more, at("activity", "more", &row.activity_id))?.state_topics.into(),
        };
        known.insert(row.activity_id, (format, topics));
    }
    let mut earned = Earned::new();
    for (physician, completion, activity, completed_on, amount, derived_from) in rows {
        let found = known.get(&activity).cloned();
        let (format, topics) = word(found, at("completion", "activity_id", &completion))?;
        earned.entry(PhysicianId::new(physician)).or_default().push(Counted {
            completion: CompletionId::new(completion),
            completed_on: parsed(&completed_on, at("completion", "completed_on", &completion))?,
            amount: Amount::new(amount),
            is_derived: derived_from.is_some(),
            format,
            topics,
        });
    }
    Ok(earned)
}

/// Licensees of the board's state, in the order of their license numbers: at most so many.
pub async fn licensees(tx: &mut ReadTx, scope: &LicensingBoardScope, most: i64) -> Result<Vec<PhysicianId>> {
    let rows = all!(
        tx,
        (Uuid,),
        "select l.physician_id from license l join physician p on p.physician_id = l.physician_id
         where l.state = $1 and p.merged_into is null order by l.number_key, l.number, l.physician_id limit $2",
        scope.state().code(),
        most,
    )?;
    let mut ids: Vec<PhysicianId> = rows.into_iter().map(|(id,)| PhysicianId::new(id)).collect();
    // two licenses of one person in the state are one licensee
    let mut seen = std::collections::HashSet::new();
    ids.retain(|id| seen.insert(*id));
    Ok(ids)
}
