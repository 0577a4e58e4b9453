//! What a check found of each licensee: rows that are never changed, listed by standing, name or what is missing.

use domain::access::LicensingBoardScope;
use domain::requirement::Standing;
use domain::{Amount, ComplianceCheckId, PhysicianId};
use jiff::civil::Date;
use uuid::Uuid;

use super::checks::Check;
use crate::error::Result;
use crate::physicians::keys::{after_prefix, folded, name_key, name_range};
use crate::tx::{ReadTx, WriteTx};
use crate::values::{at, date_text, from_json, json, parsed, word};

/// How a licensee stands, in figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standings {
    pub standing: Standing,
    /// First and last day.
    pub cycle: Option<(Date, Date)>,
    pub required: Amount,
    pub counted: Amount,
    pub missing: Amount,
    /// Topics of which something is missing, and how much.
    pub topics: Vec<(String, Amount)>,
}

/// One licensee of a check; the name as `Last, First Middle`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultRow {
    pub row: i64,
    pub physician: PhysicianId,
    pub license_number: String,
    pub name: String,
    pub found: Standings,
}

/// What a list of results is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// As the licensees stand in the list.
    #[default]
    Row,
    Name,
    /// Most missing first.
    Missing,
}

/// Which results.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wanted {
    pub standing: Option<Standing>,
    /// The beginning of a last name (all of it with a first name), or a license number.
    pub words: String,
    pub sort: Sort,
}

/// What a row of the table is made of.
pub(crate) type StandingColumns = (String, Option<String>, Option<String>, i64, i64, i64, String);

pub(crate) fn standings(columns: StandingColumns, table: &'static str, id: &Uuid) -> Result<Standings> {
    let (standing, from, until, required, counted, missing, topics) = columns;
    let at = |column| at(table, column, id);
    let cycle = match (from, until) {
        (Some(from), Some(until)) => Some((parsed(&from, at("cycle_from"))?, parsed(&until, at("cycle_until"))?)),
        _ => None,
    };
    Ok(Standings {
        standing: word(Standing::read(&standing), at("standing"))?,
        cycle,
        required: Amount::new(required),
        counted: Amount::new(counted),
        missing: Amount::new(missing),
        topics: from_json(&topics, at("topics"))?,
    })
}

#[derive(sqlx::FromRow)]
struct Columns {
    row_number: i64,
    physician_id: Uuid,
    license_number: String,
    name: String,
    standing: String,
    cycle_from: Option<String>,
    cycle_until: Option<String>,
    required: i64,
    counted: i64,
    missing: i64,
    topics: String,
}

impl Columns {
    fn row(self) -> Result<ResultRow> {
        let figures =
            (self.standing, self.cycle_from, self.cycle_until, self.required, self.counted, self.missing, self.topics);
        Ok(ResultRow {
            found: standings(figures, "compliance_result", &self.physician_id)?,
            row: self.row_number,
            physician: PhysicianId::new(self.physician_id),
            license_number: self.license_number,
            name: self.name,
        })
    }
}

/// Adds what was found of licensees.
pub async fn insert(tx: &mut WriteTx, check: ComplianceCheckId, rows: &[ResultRow]) -> Result<()> {
    let mut written = Vec::with_capacity(rows.len());
    for row in rows {
        let (last, first) = row.name.split_once(", ").unwrap_or((row.name.as_str(), ""));
        let first = first.split(' ').next().unwrap_or_default();
        written.push((row, name_key(last, first), json(&row.found.topics)?));
    }
    bulk!(
        tx,
        "insert into compliance_result (check_id, row_number, physician_id, license_number, name, name_key, standing,
         cycle_from, cycle_until, required, counted, missing, topics) ",
        written,
        |it| check.as_uuid(),
        it.0.row,
        it.0.physician.as_uuid(),
        it.0.license_number.as_str(),
        it.0.name.as_str(),
        it.1.clone(),
        it.0.found.standing.code(),
        it.0.found.cycle.map(|(from, _)| date_text(from)),
        it.0.found.cycle.map(|(_, until)| date_text(until)),
        it.0.found.required.hundredths(),
        it.0.found.counted.hundredths(),
        it.0.found.missing.hundredths(),
        it.2.as_str(),
    );
    Ok(())
}

/// How many licensees stand how, with what they are required to have and what is missing, as far as the check is.
pub async fn tally(tx: &mut ReadTx, check: &Check) -> Result<Vec<(Standing, i64)>> {
    let found = all!(
        tx,
        (String, i64),
        "select standing, count(*) from compliance_result where check_id = $1 group by standing",
        check.id.as_uuid(),
    )?;
    let read = |(code, count): (String, i64)| {
        Ok((word(Standing::read(&code), at("compliance_result", "standing", &check.id))?, count))
    };
    let mut found: Vec<(Standing, i64)> = found.into_iter().map(read).collect::<Result<_>>()?;
    found.sort_unstable();
    Ok(found)
}

/// Topics of licensees for whom something of a topic is missing: how many miss how much, as JSON was written.
pub async fn topics(tx: &mut ReadTx, check: &Check) -> Result<Vec<Vec<(String, Amount)>>> {
    let found = all!(
        tx,
        (String,),
        "select topics from compliance_result where check_id = $1 and topics <> '[]'",
        check.id.as_uuid(),
    )?;
    found.into_iter().map(|(text,)| from_json(&text, at("compliance_result", "topics", &check.id))).collect()
}

/// What is missing of each licensee, hundredths, for a distribution. Only of those of whom anything is.
pub async fn missing(tx: &mut ReadTx, check: &Check) -> Result<Vec<i64>> {
    let sql = "select missing from compliance_result where check_id = $1 and missing > 0";
    Ok(all!(tx, (i64,), sql, check.id.as_uuid())?.into_iter().map(|(missing,)| missing).collect())
}

/// The key ranges and number that the words of a search mean.
fn search(words: &str) -> (Vec<u8>, Vec<u8>, String) {
    let number: String = words.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase();
    if number.bytes().any(|byte| byte.is_ascii_digit()) {
        let from = Vec::new();
        return (from.clone(), after_prefix(&from), number);
    }
    let (from, before) = name_range(words);
    // words of which no letter is left would find everybody
    if !words.trim().is_empty() && folded(words).is_empty() {
        return (b"~".to_vec(), b"~".to_vec(), String::new());
    }
    (from, before, String::new())
}

/// How many results fit.
pub async fn count(tx: &mut ReadTx, check: &Check, wanted: &Wanted) -> Result<i64> {
    let (from, before, number) = search(&wanted.words);
    let found = one!(
        tx,
        (i64,),
        "select count(*) from compliance_result
         where check_id = $1 and ($2 = '' or standing = $2) and name_key >= $3 and name_key < $4
           and ($5 = '' or upper(replace(replace(license_number, ' ', ''), '-', '')) = $5)",
        check.id.as_uuid(),
        wanted.standing.map_or("", Standing::code),
        from,
        before,
        number,
    )?;
    Ok(found.0)
}

/// The results that fit, a page at a time.
pub async fn list(tx: &mut ReadTx, check: &Check, wanted: &Wanted, limit: i64, offset: i64) -> Result<Vec<ResultRow>> {
    let (from, before, number) = search(&wanted.words);
    let order = match wanted.sort {
        Sort::Row => "row_number",
        Sort::Name => "name_key, row_number",
        Sort::Missing => "missing desc, row_number",
    };
    let sql = format!(
        "select row_number, physician_id, license_number, name, standing, cycle_from, cycle_until, required, counted,
                missing, topics
         from compliance_result
         where check_id = $1 and ($2 = '' or standing = $2) and name_key >= $3 and name_key < $4
           and ($5 = '' or upper(replace(replace(license_number, ' ', ''), '-', '')) = $5)
         order by {order} limit $6 offset $7"
    );
    let rows = all!(
        tx,
        Columns,
        sqlx::AssertSqlSafe(sql.as_str()),
        check.id.as_uuid(),
        wanted.standing.map_or("", Standing::code),
        from.clone(),
        before.clone(),
        number.as_str(),
        limit,
        offset,
    )?;
    rows.into_iter().map(Columns::row).collect()
}

/// What a check of the board found of one licensee.
pub async fn find(
    tx: &mut ReadTx,
    scope: &LicensingBoardScope,
    check: ComplianceCheckId,
    physician: PhysicianId,
) -> Result<Option<ResultRow>> {
    let found = maybe!(
        tx,
        Columns,
        "select r.row_number, r.physician_id, r.license_number, r.name, r.standing, r.cycle_from, r.cycle_until,
                r.required, r.counted, r.missing, r.topics
         from compliance_check c join compliance_result r on r.check_id = c.check_id
         where c.check_id = $1 and c.state = $2 and r.physician_id = $3",
        check.as_uuid(),
        scope.state().code().to_owned(),
        physician.as_uuid(),
    )?;
    found.map(Columns::row).transpose()
}

/// A licensee whose standing differs between two checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    pub physician: PhysicianId,
    pub license_number: String,
    pub name: String,
    pub before: (Standing, Amount),
    pub now: (Standing, Amount),
}

/// Who of the later check stands otherwise than in the earlier one, or has other credit counted; at most `limit`.
pub async fn changed(tx: &mut ReadTx, earlier: &Check, later: &Check, limit: i64) -> Result<Vec<Changed>> {
    type Row = (Uuid, String, String, String, i64, String, i64);
    let rows = all!(
        tx,
        Row,
        "select n.physician_id, n.license_number, n.name, e.standing, e.counted, n.standing, n.counted
         from compliance_result n
         join compliance_result e on e.check_id = $1 and e.physician_id = n.physician_id
         where n.check_id = $2 and (e.standing <> n.standing or e.counted <> n.counted)
         order by n.row_number limit $3",
        earlier.id.as_uuid(),
        later.id.as_uuid(),
        limit,
    )?;
    let read = |(id, license_number, name, before, counted_before, now, counted): Row| {
        let standing = |code: &str| word(Standing::read(code), at("compliance_result", "standing", &id));
        Ok(Changed {
            physician: PhysicianId::new(id),
            license_number,
            name,
            before: (standing(&before)?, Amount::new(counted_before)),
            now: (standing(&now)?, Amount::new(counted)),
        })
    };
    rows.into_iter().map(read).collect()
}
