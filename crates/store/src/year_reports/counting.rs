//! What one provider's activities, completions and credit of a year add up to, grouped as the yearly report needs
//! it. Drafts count nowhere.
//!
//! Learner counts of activities are the totals that providers enter, completions are counted by themselves: neither
//! stands for the other. Enduring material is cumulative, so its learners of a year are a difference of two totals, as
//! in `years::totals`.

use domain::access::ProviderScope;
use domain::activity::{Delivery, Format};
use domain::credit::{CreditStatus, Kind};
use domain::{Amount, Board, ProviderId};
use sqlx::AssertSqlSafe;

use crate::error::Result;
use crate::provider_reports::Period;
use crate::tx::ReadTx;
use crate::values::{at, date_text, from_json, word};
use crate::years::cumulative;

/// What the activities of a group have in common.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Group {
    pub format: Format,
    /// In the order of the list; empty where the format has none.
    pub deliveries: Vec<Delivery>,
    pub is_closed: bool,
}

const GROUP: &str = "a.format, a.deliveries, a.stage";

#[derive(sqlx::FromRow)]
struct GroupRow {
    format: String,
    deliveries: String,
    stage: String,
}

impl GroupRow {
    fn group(self, provider: ProviderId) -> Result<Group> {
        let mut deliveries: Vec<Delivery> = from_json(&self.deliveries, at("activity", "deliveries", &provider))?;
        deliveries.sort();
        deliveries.dedup();
        Ok(Group {
            format: word(Format::read(&self.format), at("activity", "format", &provider))?,
            deliveries,
            is_closed: self.stage == "closed",
        })
    }
}

/// Activities that end in the year, or enduring material that runs on; empty totals count as nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityGroup {
    pub group: Group,
    pub activities: i64,
    pub offered: Amount,
    pub physicians: i64,
    pub others: i64,
}

#[derive(sqlx::FromRow)]
struct ActivityRow {
    #[sqlx(flatten)]
    group: GroupRow,
    activities: i64,
    offered: i64,
    physicians: i64,
    others: i64,
}

impl ActivityRow {
    fn group(self, scope: &ProviderScope) -> Result<ActivityGroup> {
        Ok(ActivityGroup {
            group: self.group.group(scope.provider())?,
            activities: self.activities,
            offered: Amount::new(self.offered),
            physicians: self.physicians,
            others: self.others,
        })
    }
}

/// The cumulative total of the last December 31 before year `$4`, or nothing.
fn before(column: &str) -> String {
    format!(
        "coalesce((select b.{column} from activity_year_total b where b.activity_id = a.activity_id
             and b.year < $4 order by b.year desc limit 1), 0)"
    )
}

/// A year's first and last day as text.
fn days(year: i16) -> (String, String) {
    let period = Period::year(year);
    (date_text(period.from), date_text(period.until))
}

/// Activities that end in the year.
pub async fn activities(tx: &mut ReadTx, scope: &ProviderScope, year: i16) -> Result<Vec<ActivityGroup>> {
    let (first, last) = days(year);
    let (had_physicians, had_others, formats) = (before("physicians"), before("others"), cumulative());
    let learners = |column: &str, had: &str| {
        format!(
            "cast(coalesce(sum(coalesce(a.{column}, 0) - case when a.format in ({formats}) then {had} else 0 end), 0)
                 as bigint)"
        )
    };
    let (physicians, others) = (learners("physician_total", &had_physicians), learners("other_total", &had_others));
    let rows = all!(
        tx,
        ActivityRow,
        AssertSqlSafe(format!(
            "select {GROUP}, count(*) as activities, cast(coalesce(sum(a.credit), 0) as bigint) as offered,
                 {physicians} as physicians, {others} as others
             from activity a where a.provider_id = $1 and a.ends_on between $2 and $3 and a.stage <> 'draft'
             group by {GROUP}"
        )),
        scope.provider().as_str(),
        first,
        last,
        i64::from(year),
    )?;
    rows.into_iter().map(|row| row.group(scope)).collect()
}

/// Learners of the year of enduring material that ends later, from its total of December 31. No activity of the year
/// yet.
pub async fn running(tx: &mut ReadTx, scope: &ProviderScope, year: i16) -> Result<Vec<ActivityGroup>> {
    let (_, last) = days(year);
    let (had_physicians, had_others) = (before("physicians"), before("others"));
    let rows = all!(
        tx,
        ActivityRow,
        AssertSqlSafe(format!(
            "select {GROUP}, cast(0 as bigint) as activities, cast(0 as bigint) as offered,
                 cast(coalesce(sum(t.physicians - {had_physicians}), 0) as bigint) as physicians,
                 cast(coalesce(sum(t.others - {had_others}), 0) as bigint) as others
             from activity_year_total t join activity a on a.activity_id = t.activity_id
             where t.provider_id = $1 and a.provider_id = $2 and a.ends_on > $3 and t.year = $4 and a.stage <> 'draft'
             group by {GROUP}"
        )),
        scope.provider().as_str(),
        scope.provider().as_str(),
        last,
        i64::from(year),
    )?;
    rows.into_iter().map(|row| row.group(scope)).collect()
}

/// Activities that end in the year and are registered with a board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistrationGroup {
    pub board: Board,
    pub activities: i64,
    pub points: Amount,
}

/// Registrations of activities that end in the year, by board.
pub async fn registrations(tx: &mut ReadTx, scope: &ProviderScope, year: i16) -> Result<Vec<RegistrationGroup>> {
    let (first, last) = days(year);
    let rows = all!(
        tx,
        (String, i64, i64),
        "select m.board, count(*), cast(coalesce(sum(m.points), 0) as bigint)
         from activity a join activity_moc m on m.activity_id = a.activity_id
         where a.provider_id = $1 and a.ends_on between $2 and $3 and a.stage <> 'draft'
         group by m.board order by m.board",
        scope.provider().as_str(),
        first,
        last,
    )?;
    let group = |(board, activities, points): (String, i64, i64)| {
        let board = word(Board::read(&board), at("activity_moc", "board", &scope.provider()))?;
        Ok(RegistrationGroup { board, activities, points: Amount::new(points) })
    };
    rows.into_iter().map(group).collect()
}

/// Live completions of the year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompletionGroup {
    pub group: Group,
    pub completions: i64,
}

#[derive(sqlx::FromRow)]
struct CompletionRow {
    #[sqlx(flatten)]
    group: GroupRow,
    completions: i64,
}

/// Completions by day of completion, activity by activity from the index `completion_activity` alone.
pub async fn completions(tx: &mut ReadTx, scope: &ProviderScope, year: i16) -> Result<Vec<CompletionGroup>> {
    let (first, last) = days(year);
    let rows = all!(
        tx,
        CompletionRow,
        AssertSqlSafe(format!(
            "select {GROUP}, cast(sum((select count(*) from completion k where k.activity_id = a.activity_id
                     and k.withdrawn_at is null and k.completed_on between $2 and $3)) as bigint) as completions
             from activity a where a.provider_id = $1 and a.ends_on >= $2 and a.starts_on <= $3 and a.stage <> 'draft'
             group by {GROUP}"
        )),
        scope.provider().as_str(),
        first,
        last,
    )?;
    let group = |row: CompletionRow| {
        Ok(CompletionGroup { group: row.group.group(scope.provider())?, completions: row.completions })
    };
    rows.into_iter().map(group).collect()
}

/// Live credit of the year, as reported: derived credit is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreditGroup {
    pub group: Group,
    pub kind: Kind,
    pub status: CreditStatus,
    pub credits: i64,
    pub amount: Amount,
}

#[derive(sqlx::FromRow)]
struct CreditRow {
    #[sqlx(flatten)]
    group: GroupRow,
    kind: String,
    status: String,
    credits: i64,
    amount: i64,
}

/// Credit by day of completion, from the tally that `credit_tally` keeps.
pub async fn credits(tx: &mut ReadTx, scope: &ProviderScope, year: i16) -> Result<Vec<CreditGroup>> {
    let (first, last) = days(year);
    let rows = all!(
        tx,
        CreditRow,
        AssertSqlSafe(format!(
            "select {GROUP}, t.kind, t.status, cast(sum(t.credits) as bigint) as credits,
                 cast(sum(t.amount) as bigint) as amount
             from credit_tally t join activity a on a.activity_id = t.activity_id
             where t.provider_id = $1 and t.completed_on between $2 and $3 and t.credits > 0 and a.stage <> 'draft'
             group by {GROUP}, t.kind, t.status"
        )),
        scope.provider().as_str(),
        first,
        last,
    )?;
    let provider = scope.provider();
    let group = |row: CreditRow| {
        Ok(CreditGroup {
            group: row.group.group(provider)?,
            kind: word(Kind::read(&row.kind), at("credit_tally", "kind", &provider))?,
            status: word(CreditStatus::read(&row.status), at("credit_tally", "status", &provider))?,
            credits: row.credits,
            amount: Amount::new(row.amount),
        })
    };
    rows.into_iter().map(group).collect()
}
