//! What the accreditor's pages about the registry list: who fits a search, what is known of a
//! physician beside the rosters' facts, and where a reported row came from.
//!
//! Staff may read every record. That each look is audited with the physician named is `app`'s part:
//! whatever shows a record is called by `app::physicians` only.

pub mod beside;
mod submitted;

use domain::access::StaffScope;
use domain::{Board, CompletionId, PhysicianId, ReviewId, State};
use jiff::civil::Date;
pub use submitted::{Source, Submission, SubmittedRow, source, submissions, submitted_row};
use uuid::Uuid;

use crate::error::Result;
use crate::physicians::keys::{name_key, name_range, number_key};
use crate::physicians::{self, Physician};
use crate::reviews::{self, Filter, Kept, Review};
use crate::tx::ReadTx;
use crate::values::{at, parsed};

/// Counting stops here: whoever looks for one of a thousand must type more anyway.
pub const MOST_COUNTED: i64 = 1_000;

/// What is known of somebody. Empty means not asked for; everything given must agree.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Search {
    /// The beginning of a last name, or of `Last First`.
    pub name: String,
    /// Of the license; without it the number is looked for in every state.
    pub state: Option<State>,
    /// A license number, however it is written.
    pub number: String,
    pub npi: String,
    /// Both, or neither.
    pub certification: Option<(Board, String)>,
}

/// A page of what was found, by name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    pub physicians: Vec<Physician>,
    /// At most [`MOST_COUNTED`], even if there are more.
    pub total: i64,
}

/// Physicians that fit, without those who were merged into others. Nothing asked for finds nobody.
pub async fn search(tx: &mut ReadTx, scope: &StaffScope, search: &Search, skip: i64, most: i64) -> Result<Found> {
    let ids = match numbered(tx, search).await? {
        Some(ids) => ids,
        None if number_key(&search.number).is_empty() && !name_range(&search.name).0.is_empty() => {
            return named(tx, scope, &search.name, skip, most).await;
        }
        None => return Ok(Found::default()),
    };
    let ids: Vec<PhysicianId> = ids.into_iter().map(|(id,)| PhysicianId::new(id)).collect();
    let mut fitting = physicians::by_ids(tx, &ids).await?;
    fitting.retain(|physician| fits(search, physician));
    fitting.sort_by_key(|of| (name_key(&of.last, &of.first), of.id));
    fitting.dedup_by_key(|of| of.id);
    let total = i64::try_from(fitting.len()).unwrap_or(MOST_COUNTED);
    let place = |number: i64| usize::try_from(number).unwrap_or_default();
    Ok(Found { physicians: fitting.into_iter().skip(place(skip)).take(place(most)).collect(), total })
}

/// Whom the most telling number given belongs to; `None` if no number was given.
async fn numbered(tx: &mut ReadTx, search: &Search) -> Result<Option<Vec<(Uuid,)>>> {
    let npi = search.npi.trim();
    let number = number_key(&search.number);
    Ok(if !npi.is_empty() {
        let sql = "select physician_id from physician where npi = $1 and merged_into is null";
        Some(all!(tx, (Uuid,), sql, npi)?)
    } else if let Some((board, diplomate_id)) = &search.certification {
        let sql = "select p.physician_id from certification c join physician p on p.physician_id = c.physician_id
                   where c.board = $1 and c.diplomate_id = $2 and p.merged_into is null";
        Some(all!(tx, (Uuid,), sql, board.code().to_owned(), diplomate_id.trim())?)
    } else if !number.is_empty() {
        // the index on numbers begins with the state, so every state is asked in turn
        let states: Vec<String> = match search.state {
            Some(state) => vec![state.code().to_owned()],
            None => State::all().map(|state| state.code().to_owned()).collect(),
        };
        Some(looked_up!(
            tx,
            (Uuid,),
            states,
            "select p.physician_id from wanted cross join license l join physician p on p.physician_id = l.physician_id
             where l.state = item and p.merged_into is null and l.number_key = ",
            number.clone(),
            " limit ",
            MOST_COUNTED,
        ))
    } else {
        None
    })
}

fn fits(search: &Search, physician: &Physician) -> bool {
    let (from, before) = name_range(&search.name);
    let key = name_key(&physician.last, &physician.first);
    let number = number_key(&search.number);
    let npi = search.npi.trim();
    let licensed = physician
        .licenses
        .iter()
        .any(|held| number_key(&held.number) == number && search.state.is_none_or(|state| state == held.state));
    (from.as_slice()..before.as_slice()).contains(&key.as_slice())
        && (npi.is_empty() || physician.npi.as_deref() == Some(npi))
        && (number.is_empty() || licensed)
        && search.certification.as_ref().is_none_or(|(board, id)| {
            physician.certifications.iter().any(|held| held.board == *board && held.diplomate_id == id.trim())
        })
}

async fn named(tx: &mut ReadTx, _scope: &StaffScope, name: &str, skip: i64, most: i64) -> Result<Found> {
    let (from, before) = name_range(name);
    let (total,): (i64,) = one!(
        tx,
        (i64,),
        "select count(*) from (select 1 as one from physician
           where name_key >= $1 and name_key < $2 and merged_into is null limit $3) as fitting",
        from.clone(),
        before.clone(),
        MOST_COUNTED,
    )?;
    let ids = all!(
        tx,
        (Uuid,),
        "select physician_id from physician where name_key >= $1 and name_key < $2 and merged_into is null
         order by name_key, physician_id limit $3 offset $4",
        from,
        before,
        most.min(MOST_COUNTED),
        skip,
    )?;
    let ids: Vec<PhysicianId> = ids.into_iter().map(|(id,)| PhysicianId::new(id)).collect();
    let mut physicians = physicians::by_ids(tx, &ids).await?;
    physicians.sort_by_key(|of| (name_key(&of.last, &of.first), of.id));
    Ok(Found { physicians, total })
}

/// How a record stands in the registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The record that this one became part of.
    pub merged_into: Option<PhysicianId>,
    pub created_at: i64,
    /// When the physician opened their account, if they have one.
    pub account_since: Option<i64>,
}

pub async fn standing(tx: &mut ReadTx, _scope: &StaffScope, physician: PhysicianId) -> Result<Option<Standing>> {
    let row = maybe!(
        tx,
        (Option<Uuid>, i64, Option<i64>),
        "select p.merged_into, p.created_at, s.created_at from physician p
         left join seat s on s.kind = 'physician' and s.organization = $2
         where p.physician_id = $1",
        physician.as_uuid(),
        physician.to_string(),
    )?;
    Ok(row.map(|(merged_into, created_at, account_since)| Standing {
        merged_into: merged_into.map(PhysicianId::new),
        created_at,
        account_since,
    }))
}

/// Live completions of one physician with one provider, by the year in which they were completed.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct YearCount {
    pub provider_name: String,
    /// Four digits.
    pub year: String,
    pub completions: i64,
}

/// The newest year first.
pub async fn completions_by_year(
    tx: &mut ReadTx,
    _scope: &StaffScope,
    physician: PhysicianId,
) -> Result<Vec<YearCount>> {
    all!(
        tx,
        YearCount,
        "select p.name as provider_name, substr(c.completed_on, 1, 4) as year, count(*) as completions
         from completion c join provider p on p.provider_id = c.provider_id
         where c.physician_id = $1 and c.withdrawn_at is null
         group by p.name, substr(c.completed_on, 1, 4) order by 2 desc, 1",
        physician.as_uuid(),
    )
}

/// A completion as it stands on a physician's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reported {
    pub id: CompletionId,
    pub title: String,
    pub provider_name: String,
    pub completed_on: Date,
    pub reported_at: i64,
}

/// Live completions, the newest report first.
pub async fn completions(
    tx: &mut ReadTx,
    _scope: &StaffScope,
    physician: PhysicianId,
    most: i64,
) -> Result<Vec<Reported>> {
    let rows = all!(
        tx,
        (Uuid, String, String, String, i64),
        "select c.completion_id, a.title, p.name, c.completed_on, c.reported_at
         from completion c
         join activity a on a.activity_id = c.activity_id
         join provider p on p.provider_id = c.provider_id
         where c.physician_id = $1 and c.withdrawn_at is null
         order by c.reported_at desc, c.completion_id desc limit $2",
        physician.as_uuid(),
        most,
    )?;
    rows.into_iter()
        .map(|(id, title, provider_name, completed_on, reported_at)| {
            Ok(Reported {
                id: CompletionId::new(id),
                title,
                provider_name,
                completed_on: parsed(&completed_on, at("completion", "completed_on", &id))?,
                reported_at,
            })
        })
        .collect()
}

/// One line of the audit trail, with who it was.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Look {
    pub at: i64,
    /// The person's or program's name; empty if nobody was signed in.
    pub who: String,
    /// As [`domain::access::Seat::kind`]; empty if nobody was signed in.
    pub seat_kind: String,
    /// The organization's name, or its key where it has none.
    pub organization: String,
    pub action: String,
    pub detail: String,
}

/// Looks at and changes of one physician's record, newest first.
pub async fn trail(tx: &mut ReadTx, _scope: &StaffScope, physician: PhysicianId, most: i64) -> Result<Vec<Look>> {
    all!(
        tx,
        Look,
        "select u.at, coalesce(a.name, k.name, '') as who, u.seat_kind,
                coalesce(p.name, l.name, b.name, u.organization) as organization, u.action, u.detail
         from audit u
         left join account a on u.who_kind = 'account' and a.account_id = u.who_id
         left join api_client k on u.who_kind = 'api_client' and k.api_client_id = u.who_id
         left join provider p on u.seat_kind = 'provider' and p.provider_id = u.organization
         left join licensing_board l on u.seat_kind = 'licensing_board' and l.state = u.organization
         left join certifying_board b on u.seat_kind = 'certifying_board' and b.board = u.organization
         where u.physician_id = $1
         order by u.at desc, u.audit_id desc limit $2",
        physician.as_uuid(),
        most,
    )
}

/// Reviews that ended with this record, the latest first.
pub async fn settled_with(tx: &mut ReadTx, scope: &StaffScope, physician: PhysicianId, most: i64) -> Result<Vec<Kept>> {
    let ids = all!(
        tx,
        (Uuid,),
        "select review_id from registry_review where settled_at is not null and settled_physician = $1
         order by settled_at desc, review_id limit $2",
        physician.as_uuid(),
        most,
    )?;
    let mut settled = Vec::with_capacity(ids.len());
    for (id,) in ids {
        settled.extend(reviews::find(tx, scope, ReviewId::new(id)).await?);
    }
    Ok(settled)
}

/// The review that waits behind one, in the order of the list.
pub async fn next_review(
    tx: &mut ReadTx,
    _scope: &StaffScope,
    filter: &Filter,
    after: &Review,
) -> Result<Option<ReviewId>> {
    let found = maybe!(
        tx,
        (Uuid,),
        "select review_id from registry_review
         where settled_at is null and ($1 = '' or source = $1) and ($2 = '' or outcome = $2)
           and (created_at > $3 or (created_at = $3 and review_id > $4))
         order by created_at, review_id limit 1",
        filter.source.as_str(),
        filter.outcome.as_str(),
        after.created_at,
        after.id.as_uuid(),
    )?;
    Ok(found.map(|(id,)| ReviewId::new(id)))
}

/// How many reviews are settled.
pub async fn count_settled(tx: &mut ReadTx, _scope: &StaffScope, filter: &Filter) -> Result<i64> {
    let (count,): (i64,) = one!(
        tx,
        (i64,),
        "select count(*) from registry_review
         where settled_at is not null and ($1 = '' or source = $1) and ($2 = '' or outcome = $2)",
        filter.source.as_str(),
        filter.outcome.as_str(),
    )?;
    Ok(count)
}
