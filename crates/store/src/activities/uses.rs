//! Activities of all providers as a change of reference data would meet them: a walk through those that
//! are not closed, and a count of those that are. For the accreditor's staff only.

use domain::ProviderId;
use domain::access::StaffScope;
use domain::activity::Activity;
use domain::reference::{Item, List};

use super::rows::{self, ActivityRow};
use super::tally::Stage;
use super::with_registrations;
use crate::error::Result;
use crate::tx::ReadTx;
use crate::values::{at, date_text, json, parsed};

/// Activities that one provider has at one stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unclosed {
    pub provider: ProviderId,
    pub is_draft: bool,
    pub activities: i64,
}

/// All activities that are not closed, as parts of a walk.
pub async fn unclosed(tx: &mut ReadTx, _scope: &StaffScope) -> Result<Vec<Unclosed>> {
    let rows = all!(
        tx,
        (String, String, i64),
        "select provider_id, stage, cast(coalesce(sum(activities), 0) as bigint) from activity_tally
         where stage <> $1 group by provider_id, stage having sum(activities) > 0 order by provider_id, stage",
        Stage::Closed.code(),
    )?;
    rows.into_iter()
        .map(|(provider, stage, activities)| {
            let provider = parsed(&provider, at("activity_tally", "provider_id", &provider))?;
            Ok(Unclosed { provider, is_draft: stage == Stage::Draft.code(), activities })
        })
        .collect()
}

/// The next activities of a part, by start and ID, after `last`.
pub async fn unclosed_after(
    tx: &mut ReadTx,
    _scope: &StaffScope,
    part: &Unclosed,
    last: Option<&Activity>,
    most: i64,
) -> Result<Vec<Activity>> {
    let stage = if part.is_draft { Stage::Draft } else { Stage::Open };
    let start = last.map(|last| date_text(last.starts_on)).unwrap_or_default();
    let id = last.map(|last| last.id.to_string()).unwrap_or_default();
    let rows = all!(
        tx,
        ActivityRow,
        "select * from activity where provider_id = $1 and stage = $2
             and (starts_on > $3 or (starts_on = $3 and activity_id > $4))
         order by starts_on, activity_id limit $5",
        part.provider.as_str(),
        stage.code(),
        start,
        id,
        most,
    )?;
    Ok(with_registrations(tx, rows).await?.into_iter().map(|stored| stored.activity).collect())
}

/// Rows of closed activities that are looked at together.
const AT_ONCE: i64 = 2_000;

/// How many closed activities hold an item. Rows whose text cannot hold it are left out by the database;
/// what is left is read and asked.
pub async fn closed_with(tx: &mut ReadTx, _scope: &StaffScope, item: &Item) -> Result<i64> {
    match item.list {
        List::Countries => return closed_in(tx, &item.code, "").await,
        List::States => return closed_in(tx, "USA", &item.code).await,
        _ => {}
    }
    let (mut count, mut last) = (0, String::new());
    let (code, name) = (within(&item.code)?, within(&item.name)?);
    loop {
        let rows = match item.list {
            List::Outcomes => all!(tx, ActivityRow, WITH_OUTCOME, &last, &code, &name, AT_ONCE)?,
            // written in free words
            List::Supporters => all!(tx, ActivityRow, WITH_SUPPORT, &last, AT_ONCE)?,
            _ => all!(tx, ActivityRow, WITH_MORE, &last, &code, &name, AT_ONCE)?,
        };
        let Some(end) = rows.last() else { return Ok(count) };
        last.clone_from(&end.activity_id);
        // registrations say nothing about items
        let read = rows::assemble(rows, Vec::new(), Vec::new())?;
        count += read.iter().filter(|stored| stored.activity.uses(item)).map(|_| 1_i64).sum::<i64>();
    }
}

const WITH_OUTCOME: &str = "select * from activity where activity_id > $1 and stage = 'closed'
    and (outcomes like $2 escape '\\' or outcomes like $3 escape '\\') order by activity_id limit $4";
const WITH_SUPPORT: &str = "select * from activity where activity_id > $1 and stage = 'closed' and support <> '[]'
    order by activity_id limit $2";
const WITH_MORE: &str = "select * from activity where activity_id > $1 and stage = 'closed'
    and (more like $2 escape '\\' or more like $3 escape '\\') order by activity_id limit $4";

/// The pattern of a text that stands somewhere within JSON.
fn within(text: &str) -> Result<String> {
    let quoted = json(text)?;
    let mut pattern = String::from("%");
    for letter in quoted.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    Ok(pattern)
}

/// Closed activities of a country, or of a state in it.
async fn closed_in(tx: &mut ReadTx, country: &str, state: &str) -> Result<i64> {
    let (count,): (i64,) = one!(
        tx,
        (i64,),
        "select count(*) from activity where stage = 'closed' and country = $1 and ($2 = '' or state = $2)",
        country,
        state,
    )?;
    Ok(count)
}
