//! Lists of a provider's activities: filtered, sorted, in pages, with counts by status.

use domain::access::ProviderScope;
use domain::activity::{Format, Status};
use jiff::civil::Date;
use sqlx::AssertSqlSafe;

use super::rows::ActivityRow;
use super::{Stored, with_registrations};
use crate::error::Result;
use crate::tx::ReadTx;
use crate::values::date_text;

/// What a list shows. The default is everything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Words that must all stand in the title, the ID or the internal ID, in any case. The first
    /// [`MOST_WORDS`] count.
    pub words: String,
    pub status: Option<Status>,
    pub format: Option<Format>,
}

const MOST_WORDS: usize = 4;

/// The order of a list; equal ones follow each other by ID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    #[default]
    NewestStart,
    OldestStart,
    NewestEnd,
    OldestEnd,
    Title,
    TitleBackwards,
    MostCompletions,
    FewestCompletions,
}

impl Sort {
    fn sql(self) -> &'static str {
        match self {
            Sort::NewestStart => "starts_on desc",
            Sort::OldestStart => "starts_on",
            Sort::NewestEnd => "ends_on desc",
            Sort::OldestEnd => "ends_on",
            Sort::Title => "search_key",
            Sort::TitleBackwards => "search_key desc",
            Sort::MostCompletions => "completions desc",
            Sort::FewestCompletions => "completions",
        }
    }
}

/// An activity in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub stored: Stored,
    /// Completions on record, without withdrawn ones.
    pub completions: i64,
}

/// How many activities have each status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    pub draft: i64,
    pub active: i64,
    pub ready_to_close: i64,
    pub closed: i64,
}

impl Counts {
    pub fn of(&self, status: Status) -> i64 {
        match status {
            Status::Draft => self.draft,
            Status::Active => self.active,
            Status::ReadyToClose => self.ready_to_close,
            Status::Closed => self.closed,
        }
    }

    pub fn all(&self) -> i64 {
        self.draft + self.active + self.ready_to_close + self.closed
    }
}

#[derive(sqlx::FromRow)]
struct ListedRow {
    #[sqlx(flatten)]
    activity: ActivityRow,
    completions: i64,
}

/// `like` patterns, one for each word; `%` finds everything.
fn patterns(words: &str) -> [String; MOST_WORDS] {
    let mut words = words.split_whitespace().map(|word| {
        let literal = word.to_lowercase().replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
        format!("%{literal}%")
    });
    std::array::from_fn(|_| words.next().unwrap_or_else(|| "%".to_owned()))
}

/// The tests of [`Filter`] that every status shares.
const MATCHES: &str = r"provider_id = $1 and ($2 = '' or format = $2) and search_key like $3 escape '\'
    and search_key like $4 escape '\' and search_key like $5 escape '\' and search_key like $6 escape '\'";

/// The status on the day `$7`; the twin of `domain::activity::Activity::status`.
const STATUS: &str = "case when closed_at is not null then 'closed' when not is_complete then 'draft'
    when ends_on < $7 then 'ready_to_close' else 'active' end";

/// A page of the provider's activities.
pub async fn list(
    tx: &mut ReadTx,
    scope: &ProviderScope,
    filter: &Filter,
    today: Date,
    sort: Sort,
    limit: i64,
    offset: i64,
) -> Result<Vec<Listed>> {
    let [first, second, third, fourth] = patterns(&filter.words);
    let sql = format!(
        "select activity.*, (select count(*) from completion where completion.activity_id = activity.activity_id
             and withdrawn_at is null) as completions
         from activity where {MATCHES} and ($8 = '' or {STATUS} = $8) order by {}, activity_id limit $9 offset $10",
        sort.sql(),
    );
    let rows = all!(
        tx,
        ListedRow,
        AssertSqlSafe(sql),
        scope.provider().as_str(),
        filter.format.map_or("", Format::code),
        first,
        second,
        third,
        fourth,
        date_text(today),
        filter.status.map_or("", Status::code),
        limit,
        offset,
    )?;
    let (rows, completions): (Vec<ActivityRow>, Vec<i64>) =
        rows.into_iter().map(|row| (row.activity, row.completions)).unzip();
    let stored = with_registrations(tx, rows).await?;
    Ok(stored.into_iter().zip(completions).map(|(stored, completions)| Listed { stored, completions }).collect())
}

/// How many of the provider's activities have each status; the filter's own status is left aside.
pub async fn counts(tx: &mut ReadTx, scope: &ProviderScope, filter: &Filter, today: Date) -> Result<Counts> {
    let [first, second, third, fourth] = patterns(&filter.words);
    let sql = format!("select {STATUS} as status, count(*) from activity where {MATCHES} group by 1");
    let rows = all!(
        tx,
        (String, i64),
        AssertSqlSafe(sql),
        scope.provider().as_str(),
        filter.format.map_or("", Format::code),
        first,
        second,
        third,
        fourth,
        date_text(today),
    )?;
    let mut counts = Counts::default();
    for (status, count) in rows {
        match Status::read(&status) {
            Some(Status::Draft) => counts.draft = count,
            Some(Status::Active) => counts.active = count,
            Some(Status::ReadyToClose) => counts.ready_to_close = count,
            Some(Status::Closed) => counts.closed = count,
            None => {}
        }
    }
    Ok(counts)
}

/// Activities that learners can be reported for, as a list to choose from: ID, title and status,
/// running ones first.
pub async fn choices(tx: &mut ReadTx, scope: &ProviderScope, today: Date) -> Result<Vec<(String, String, Status)>> {
    let rows = all!(
        tx,
        (String, String, String),
        "select activity_id, title, ends_on from activity
         where provider_id = $1 and is_complete and closed_at is null
         order by case when ends_on >= $2 then 0 else 1 end, title, activity_id limit 500",
        scope.provider().as_str(),
        date_text(today),
    )?;
    let today = date_text(today);
    let status = |ends_on: &str| if ends_on < today.as_str() { Status::ReadyToClose } else { Status::Active };
    Ok(rows.into_iter().map(|(id, title, ends_on)| (id, title, status(&ends_on))).collect())
}
