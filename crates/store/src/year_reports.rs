//! The accreditor's yearly reports: snapshots that a job counts, and which of them everybody may see.
//!
//! What a snapshot holds is JSON of the caller's; SQL never looks inside.

mod counting;

use domain::access::StaffScope;
use domain::{AccountId, YearReportId};
use uuid::Uuid;

pub use counting::{
    ActivityGroup, CompletionGroup, CreditGroup, Group, RegistrationGroup, activities, completions, credits,
    registrations, running,
};

use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};

/// One count of a year, with or without its figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearReport {
    pub id: YearReportId,
    pub year: i16,
    pub asked_at: i64,
    pub asked_by: Option<AccountId>,
    pub providers: i64,
    pub providers_done: i64,
    pub begun_at: Option<i64>,
    /// `None`: the job has not ended.
    pub counted_at: Option<i64>,
    /// JSON; empty until it is counted.
    pub figures: String,
    pub published_at: Option<i64>,
    pub published_by: Option<AccountId>,
    pub foreword: String,
    pub taken_back_at: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct Row {
    year_report_id: Uuid,
    year: i64,
    asked_at: i64,
    asked_by: Option<Uuid>,
    providers: i64,
    providers_done: i64,
    begun_at: Option<i64>,
    counted_at: Option<i64>,
    figures: String,
    published_at: Option<i64>,
    published_by: Option<Uuid>,
    foreword: String,
    taken_back_at: Option<i64>,
}

impl From<Row> for YearReport {
    fn from(row: Row) -> Self {
        Self {
            id: YearReportId::new(row.year_report_id),
            year: i16::try_from(row.year).unwrap_or_default(),
            asked_at: row.asked_at,
            asked_by: row.asked_by.map(AccountId::new),
            providers: row.providers,
            providers_done: row.providers_done,
            begun_at: row.begun_at,
            counted_at: row.counted_at,
            figures: row.figures,
            published_at: row.published_at,
            published_by: row.published_by.map(AccountId::new),
            foreword: row.foreword,
            taken_back_at: row.taken_back_at,
        }
    }
}

/// Writes down that a year is to be counted. `false`: it is being counted already.
pub async fn insert(
    tx: &mut WriteTx,
    id: YearReportId,
    year: i16,
    asked_by: Option<AccountId>,
    now: i64,
) -> Result<bool> {
    let inserted = exec!(
        tx,
        "insert into year_report (year_report_id, year, asked_at, asked_by, providers, providers_done, figures, foreword)
         values ($1, $2, $3, $4, 0, 0, '', '') on conflict do nothing",
        id.as_uuid(),
        i64::from(year),
        now,
        asked_by.map(AccountId::as_uuid),
    )?;
    Ok(inserted == 1)
}

/// For the job: the report of this ID, whoever asked for it.
pub async fn find_for_work(tx: &mut ReadTx, id: YearReportId) -> Result<Option<YearReport>> {
    Ok(maybe!(tx, Row, "select * from year_report where year_report_id = $1", id.as_uuid())?.map(YearReport::from))
}

/// Says how far the count is.
pub async fn progress(tx: &mut WriteTx, id: YearReportId, done: i64, of: i64, begun_at: i64) -> Result<()> {
    exec!(
        tx,
        "update year_report set providers_done = $2, providers = $3, begun_at = $4
         where year_report_id = $1 and counted_at is null",
        id.as_uuid(),
        done,
        of,
        begun_at,
    )?;
    Ok(())
}

/// Ends a count, and forgets those of its year that were never published, but for the newest before it.
pub async fn finish(tx: &mut WriteTx, report: &YearReport, figures: &str, now: i64) -> Result<()> {
    exec!(
        tx,
        "delete from year_report where year = $1 and counted_at is not null and published_at is null
         and counted_at < (select max(other.counted_at) from year_report other where other.year = $1)",
        i64::from(report.year),
    )?;
    exec!(
        tx,
        "update year_report set figures = $2, counted_at = $3, providers_done = $4, providers = $4
         where year_report_id = $1 and counted_at is null",
        report.id.as_uuid(),
        figures,
        now,
        report.providers,
    )?;
    Ok(())
}

/// The newest count of each year that has one, the newest year first.
pub async fn newest(tx: &mut ReadTx, _scope: &StaffScope) -> Result<Vec<YearReport>> {
    newest_of_each(tx, "counted_at is not null", "counted_at").await
}

/// What everybody sees of each year, the newest year first.
pub async fn published(tx: &mut ReadTx) -> Result<Vec<YearReport>> {
    newest_of_each(tx, "published_at is not null and taken_back_at is null", "published_at").await
}

async fn newest_of_each(tx: &mut ReadTx, which: &str, by: &str) -> Result<Vec<YearReport>> {
    let sql = format!("select * from year_report where {which} order by year desc, {by} desc, year_report_id desc");
    let mut reports: Vec<YearReport> =
        all!(tx, Row, sqlx::AssertSqlSafe(sql.as_str()))?.into_iter().map(YearReport::from).collect();
    reports.dedup_by_key(|report| report.year);
    Ok(reports)
}

/// Counts that have not ended.
pub async fn open(tx: &mut ReadTx) -> Result<Vec<YearReport>> {
    let rows = all!(tx, Row, "select * from year_report where counted_at is null order by year desc")?;
    Ok(rows.into_iter().map(YearReport::from).collect())
}

/// When each year was counted last.
pub async fn counted(tx: &mut ReadTx) -> Result<Vec<(i16, i64)>> {
    let rows = all!(
        tx,
        (i64, i64),
        "select year, max(counted_at) from year_report where counted_at is not null group by year"
    )?;
    Ok(rows.into_iter().filter_map(|(year, at)| Some((i16::try_from(year).ok()?, at))).collect())
}

/// Shows a count to everybody. `false`: it is none, or is shown already.
pub async fn publish(
    tx: &mut WriteTx,
    _scope: &StaffScope,
    id: YearReportId,
    foreword: &str,
    by: AccountId,
    now: i64,
) -> Result<bool> {
    let published = exec!(
        tx,
        "update year_report set published_at = $2, published_by = $3, foreword = $4,
             taken_back_at = null, taken_back_by = null
         where year_report_id = $1 and counted_at is not null and (published_at is null or taken_back_at is not null)",
        id.as_uuid(),
        now,
        by.as_uuid(),
        foreword,
    )?;
    Ok(published == 1)
}

/// Shows no count of the year any more. `false`: none was shown.
pub async fn take_back(tx: &mut WriteTx, _scope: &StaffScope, year: i16, by: AccountId, now: i64) -> Result<bool> {
    let taken = exec!(
        tx,
        "update year_report set taken_back_at = $2, taken_back_by = $3
         where year = $1 and published_at is not null and taken_back_at is null",
        i64::from(year),
        now,
        by.as_uuid(),
    )?;
    Ok(taken > 0)
}

/// The first and the last year in which activities end, of all providers; `None` without any.
pub async fn years(tx: &mut ReadTx) -> Result<Option<(i16, i16)>> {
    let (first, last) = one!(
        tx,
        (Option<String>, Option<String>),
        "select (select min(ends_on) from activity), (select max(ends_on) from activity)"
    )?;
    let year = |day: Option<String>| day.and_then(|day| day.parse::<jiff::civil::Date>().ok()).map(|day| day.year());
    Ok(year(first).zip(year(last)))
}
