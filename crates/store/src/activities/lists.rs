//! Lists of a provider's activities: filtered, sorted, in pages, with counts by status.
//!
//! Status is said by SQL as `domain::activity::Activity::status` says it, from the stored stage and
//! the day: the two are kept alike by a test.

use domain::access::ProviderScope;
use domain::activity::{Format, Providership, Status};
use domain::{ActivityId, Board};
use jiff::civil::Date;

use super::rows::ActivityRow;
use super::tally::{self, Stage};
use super::{Stored, with_registrations};
use crate::error::{Error, Result};
use crate::question::{Question, Value};
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
    /// The provider's own ID, exactly.
    pub internal_id: Option<String>,
    pub starts_on: Option<Date>,
    /// The year of the start.
    pub starts_in: Option<i16>,
    /// The year of the end.
    pub ends_in: Option<i16>,
    pub providership: Option<Providership>,
    pub in_passport: Option<bool>,
    pub is_rems: Option<bool>,
    /// Registered with this board.
    pub board: Option<Board>,
}

const MOST_WORDS: usize = 8;

/// The order of a list; equal ones follow each other by ID in the same direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    #[default]
    NewestStart,
    OldestStart,
    NewestEnd,
    OldestEnd,
    /// By letters and digits, without spaces and punctuation.
    Title,
    TitleBackwards,
    MostCompletions,
    FewestCompletions,
}

impl Sort {
    fn is_by_completions(self) -> bool {
        matches!(self, Sort::MostCompletions | Sort::FewestCompletions)
    }

    fn sql(self) -> &'static str {
        match self {
            Sort::NewestStart => "starts_on desc, activity_id desc",
            Sort::OldestStart => "starts_on, activity_id",
            Sort::NewestEnd => "ends_on desc, activity_id desc",
            Sort::OldestEnd => "ends_on, activity_id",
            Sort::Title => "title_key, activity_id",
            Sort::TitleBackwards => "title_key desc, activity_id desc",
            Sort::MostCompletions => "completions desc, activity_id desc",
            Sort::FewestCompletions => "completions, activity_id",
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

    pub(super) fn from_rows(rows: impl Iterator<Item = (Status, i64)>) -> Self {
        let mut counts = Self::default();
        for (status, count) in rows {
            match status {
                Status::Draft => counts.draft += count,
                Status::Active => counts.active += count,
                Status::ReadyToClose => counts.ready_to_close += count,
                Status::Closed => counts.closed += count,
            }
        }
        counts
    }
}

#[derive(sqlx::FromRow)]
struct ListedRow {
    #[sqlx(flatten)]
    activity: ActivityRow,
    completions: i64,
}

/// Adds the provider and all of the filter but its status.
fn push_filter(question: &mut Question, scope: &ProviderScope, filter: &Filter) {
    question.push(" where provider_id = ?", [scope.provider().as_str().into()]);
    if let Some(format) = filter.format {
        question.push(" and format = ?", [format.code().into()]);
    }
    if let Some(internal_id) = &filter.internal_id {
        question.push(" and internal_id = ?", [internal_id.trim().into()]);
    }
    if let Some(day) = filter.starts_on {
        question.push(" and starts_on = ?", [date_text(day).into()]);
    }
    for (column, year) in [("starts_on", filter.starts_in), ("ends_on", filter.ends_in)] {
        if let Some(year) = year {
            let days = [format!("{year:04}-01-01").into(), format!("{year:04}-12-31").into()];
            question.push(&format!(" and {column} between ? and ?"), days);
        }
    }
    if let Some(providership) = filter.providership {
        question.push(" and providership = ?", [providership.code().into()]);
    }
    for (column, wanted) in [("in_passport", filter.in_passport), ("is_rems", filter.is_rems)] {
        match wanted {
            Some(true) => question.push(&format!(" and {column}"), []),
            Some(false) => question.push(&format!(" and not {column}"), []),
            None => {}
        }
    }
    if let Some(board) = filter.board {
        let registered = " and exists (select 1 from activity_moc where activity_moc.activity_id = activity.activity_id
             and board = ?)";
        question.push(registered, [board.code().into()]);
    }
    for word in filter.words.split_whitespace().take(MOST_WORDS) {
        let literal = word.to_lowercase().replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
        question.push(r" and search_key like ? escape '\'", [format!("%{literal}%").into()]);
    }
}

fn push_status(question: &mut Question, status: Option<Status>, today: Date) {
    let open = |question: &mut Question, compare: &str| {
        let day: Value = date_text(today).into();
        // `|| ''` keeps SQLite from taking the index of end dates, which has not the list's order
        question.push(&format!(" and stage = ? and ends_on || '' {compare} ?"), [Stage::Open.code().into(), day]);
    };
    match status {
        None => {}
        Some(Status::Draft) => question.push(" and stage = ?", [Stage::Draft.code().into()]),
        Some(Status::Closed) => question.push(" and stage = ?", [Stage::Closed.code().into()]),
        Some(Status::Active) => open(question, ">="),
        Some(Status::ReadyToClose) => open(question, "<"),
    }
}

/// Completions of an activity, without withdrawn ones.
const COMPLETIONS: &str = "(select count(*) from completion where completion.activity_id = activity.activity_id
    and withdrawn_at is null)";

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
    // the page is found first, from an index where one has the order; only its rows are then read whole
    let mut question = Question::new("with page as (select ");
    question.push(if sort.is_by_completions() { COMPLETIONS } else { "0" }, []);
    question.push(" as completions, activity_id from activity", []);
    push_filter(&mut question, scope, filter);
    push_status(&mut question, filter.status, today);
    question.push(&format!(" order by {} limit ? offset ?)", sort.sql()), [limit.into(), offset.into()]);
    question.push(" select activity.*, ", []);
    question.push(COMPLETIONS, []);
    question.push(" as completions from page join activity on activity.activity_id = page.activity_id order by ", []);
    question
        .push(&sort.sql().replace("completions", "page.completions").replace("activity_id", "page.activity_id"), []);
    let rows = asked!(tx, ListedRow, question)?;
    let (rows, completions): (Vec<ActivityRow>, Vec<i64>) =
        rows.into_iter().map(|row| (row.activity, row.completions)).unzip();
    let stored = with_registrations(tx, rows).await?;
    Ok(stored.into_iter().zip(completions).map(|(stored, completions)| Listed { stored, completions }).collect())
}

/// The IDs of everything a filter shows, oldest start first, at most `limit`: for acts on many.
pub async fn list_ids(
    tx: &mut ReadTx,
    scope: &ProviderScope,
    filter: &Filter,
    today: Date,
    limit: i64,
) -> Result<Vec<ActivityId>> {
    let mut question = Question::new("select activity_id from activity");
    push_filter(&mut question, scope, filter);
    push_status(&mut question, filter.status, today);
    question.push(&format!(" order by {} limit ?", Sort::OldestStart.sql()), [limit.into()]);
    let rows = asked!(tx, (String,), question)?;
    rows.into_iter().map(|(id,)| id.parse().map_err(|_| Error::corrupt("activity", "activity_id", &id))).collect()
}

/// How many of the provider's activities have each status; the filter's own status is left aside.
/// Without a filter it is a sum of few rows whatever the number of activities.
pub async fn counts(tx: &mut ReadTx, scope: &ProviderScope, filter: &Filter, today: Date) -> Result<Counts> {
    if *filter == (Filter { status: filter.status, ..Filter::default() }) {
        return tally::counts(tx, scope, today).await;
    }
    let mut question = Question::default();
    question.push(
        "select case when stage <> 'open' then stage when ends_on < ? then 'ready_to_close' else 'active' end,
             count(*) from activity",
        [date_text(today).into()],
    );
    push_filter(&mut question, scope, filter);
    question.push(" group by 1", []);
    let rows = asked!(tx, (String, i64), question)?;
    Ok(Counts::from_rows(rows.into_iter().filter_map(|(status, count)| Some((Status::read(&status)?, count)))))
}

/// Activities that learners can be reported for, as a list to choose from: ID, title and status,
/// running ones first.
pub async fn choices(tx: &mut ReadTx, scope: &ProviderScope, today: Date) -> Result<Vec<(String, String, Status)>> {
    let rows = all!(
        tx,
        (String, String, String),
        "select activity_id, title, ends_on from activity where provider_id = $1 and stage = 'open'
         order by case when ends_on >= $2 then 0 else 1 end, title, activity_id limit 500",
        scope.provider().as_str(),
        date_text(today),
    )?;
    let today = date_text(today);
    let status = |ends_on: &str| if ends_on < today.as_str() { Status::ReadyToClose } else { Status::Active };
    Ok(rows.into_iter().map(|(id, title, ends_on)| (id, title, status(&ends_on))).collect())
}
