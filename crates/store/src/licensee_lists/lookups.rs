//! Licensees of one state by their numbers, or all of them by status and month of expiry. Nobody else's license is
//! ever read here.

use domain::PhysicianId;
use domain::access::LicensingBoardScope;
use jiff::civil::Date;
use uuid::Uuid;

use crate::error::Result;
use crate::physicians::keys::{folded, number_key};
use crate::tx::ReadTx;
use crate::values::date_text;

/// A license of the board's state, and what the registry calls its holder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub physician: PhysicianId,
    /// As the registry writes it.
    pub number: String,
    /// The number's digits without leading zeros, as [`by_numbers`] was asked.
    pub key: String,
    pub first: String,
    pub middle: String,
    pub last: String,
    pub suffix: String,
    pub former_last: Vec<String>,
    pub npi: String,
}

impl Candidate {
    /// `Last, First Middle, Suffix`, as lists of people go.
    pub fn listed_name(&self) -> String {
        let given: Vec<&str> =
            [&self.first, &self.middle].map(|part| part.trim()).into_iter().filter(|p| !p.is_empty()).collect();
        let parts = [self.last.trim(), &given.join(" "), self.suffix.trim()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    }
}

#[derive(sqlx::FromRow)]
struct CandidateRow {
    physician_id: Uuid,
    number: String,
    number_key: String,
    first_name: String,
    middle_name: String,
    last_name: String,
    suffix: String,
    former_last_names: String,
    npi: Option<String>,
}

impl From<CandidateRow> for Candidate {
    fn from(row: CandidateRow) -> Self {
        let former = row.former_last_names.split(';').filter(|name| !name.is_empty());
        Self {
            physician: PhysicianId::new(row.physician_id),
            former_last: former.map(str::to_owned).collect(),
            number: row.number,
            key: row.number_key,
            first: row.first_name,
            middle: row.middle_name,
            last: row.last_name,
            suffix: row.suffix,
            npi: row.npi.unwrap_or_default(),
        }
    }
}

/// The key by which a number is looked for: its digits without leading zeros; empty of a number without any.
pub fn key_of(number: &str) -> String {
    number_key(number)
}

/// Licenses of the board's state with these keys ([`key_of`]), of whatever status.
pub async fn by_numbers(tx: &mut ReadTx, scope: &LicensingBoardScope, keys: &[String]) -> Result<Vec<Candidate>> {
    let state = scope.state();
    let rows: Vec<CandidateRow> = among!(
        tx,
        CandidateRow,
        "select l.physician_id, l.number, l.number_key, p.first_name, p.middle_name, p.last_name, p.suffix,
                p.former_last_names, p.npi
         from license l join physician p on p.physician_id = l.physician_id
         where p.merged_into is null and l.state = ",
        state.code().to_owned(),
        in " and l.number_key in (",
        keys,
        ") order by l.number_key, l.number, l.physician_id"
    );
    Ok(rows.into_iter().map(Candidate::from).collect())
}

/// Which licensees of the registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RegistryFilter {
    /// Only licenses that the board calls active.
    pub only_active: bool,
    /// Only licenses that expire from the first day to the last.
    pub expires: Option<(Date, Date)>,
}

/// Licensees of the board's state, one license each (an active one before others, then the one that expires last),
/// by license number; at most `limit`.
pub async fn of_registry(
    tx: &mut ReadTx,
    scope: &LicensingBoardScope,
    filter: &RegistryFilter,
    limit: i64,
) -> Result<Vec<Candidate>> {
    let state = scope.state();
    let (from, until) =
        filter.expires.map_or((String::new(), String::new()), |(from, until)| (date_text(from), date_text(until)));
    let rows = all!(
        tx,
        CandidateRow,
        "select l.physician_id, l.number, l.number_key, p.first_name, p.middle_name, p.last_name, p.suffix,
                p.former_last_names, p.npi
         from license l join physician p on p.physician_id = l.physician_id
         where l.state = $1 and p.merged_into is null and ($2 = 0 or lower(l.status) = 'active')
           and ($3 = '' or (l.expires_on >= $3 and l.expires_on <= $4))
         order by l.physician_id, case when lower(l.status) = 'active' then 0 else 1 end,
                  coalesce(l.expires_on, '') desc, l.number
         limit $5",
        state.code().to_owned(),
        i64::from(filter.only_active),
        from,
        until,
        limit,
    )?;
    let mut licensees: Vec<Candidate> = rows.into_iter().map(Candidate::from).collect();
    licensees.dedup_by_key(|one| one.physician);
    licensees.sort_by(|one, other| (&one.number, one.physician).cmp(&(&other.number, other.physician)));
    Ok(licensees)
}

/// A name's letters in plain capitals, by which names are compared.
pub fn plain_name(name: &str) -> String {
    folded(name)
}

/// How many people hold or held a license in the board's state, and how many of them an active one.
pub async fn licensee_counts(tx: &mut ReadTx, scope: &LicensingBoardScope) -> Result<(i64, i64)> {
    one!(
        tx,
        (i64, i64),
        "select count(distinct l.physician_id),
                count(distinct case when lower(l.status) = 'active' then l.physician_id end)
         from license l join physician p on p.physician_id = l.physician_id
         where l.state = $1 and p.merged_into is null",
        scope.state().code().to_owned(),
    )
}

/// CME credit on record of the board's licensees, hundredths by year of completion, oldest first.
pub async fn credit_by_year(tx: &mut ReadTx, scope: &LicensingBoardScope) -> Result<Vec<(String, i64)>> {
    all!(
        tx,
        (String, i64),
        "select substr(c.completed_on, 1, 4) as completed_year, cast(coalesce(sum(k.amount), 0) as bigint)
         from completion c join credit k on k.completion_id = c.completion_id
         where c.withdrawn_at is null and k.withdrawn_at is null and k.kind = 'CME' and k.status <> 'rejected'
           and c.physician_id in (select l.physician_id from license l where l.state = $1)
         group by substr(c.completed_on, 1, 4) order by 1",
        scope.state().code().to_owned(),
    )
}
