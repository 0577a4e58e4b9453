//! Tries at describing a person before a report, counted so that nobody's birthday can be guessed; and how many
//! learners a provider had checked in a day.
//!
//! A batch takes one look and one change, whatever its size. All of it is digests that `app` makes.

use domain::access::ProviderScope;
use jiff::civil::Date;

use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};

/// SHA-256, cut to half: enough to tell people and descriptions of one provider apart.
pub type Digest = [u8; 16];

/// One description that did not mean the person it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Try {
    pub person: Digest,
    pub description: Digest,
}

#[derive(sqlx::FromRow)]
struct TryRow {
    person: Vec<u8>,
    description: Vec<u8>,
}

#[derive(sqlx::FromRow)]
struct Learners {
    learners: i64,
}

/// The different descriptions of any of these people after `since`.
pub async fn among(tx: &mut ReadTx, scope: &ProviderScope, people: &[Digest], since: i64) -> Result<Vec<Try>> {
    let people: Vec<Vec<u8>> = people.iter().map(|person| person.to_vec()).collect();
    let rows = among!(
        tx,
        TryRow,
        "select person, description from identity_try where provider_id = ", scope.provider().as_str(),
        " and at > ", since,
        in " and person in (", people, ")"
    );
    let digest = |bytes: Vec<u8>| Digest::try_from(bytes).unwrap_or_default();
    let tries = rows.into_iter().map(|row| Try { person: digest(row.person), description: digest(row.description) });
    Ok(tries.collect())
}

/// Writes down tries; one that is there already counts from `at` on again.
pub async fn insert_many(tx: &mut WriteTx, scope: &ProviderScope, tries: &[Try], at: i64) -> Result<()> {
    let provider = scope.provider();
    bulk!(
        tx,
        "insert into identity_try (provider_id, person, description, at) ",
        tries,
        " on conflict (provider_id, person, description) do update set at = excluded.at",
        |row| provider.as_str().to_owned(),
        row.person.to_vec(),
        row.description.to_vec(),
        at
    );
    Ok(())
}

/// Adds to the day's count and gives the new one. Until the transaction ends, others of this provider wait here:
/// what is counted after it cannot be counted twice at once.
pub async fn add_checked(tx: &mut WriteTx, scope: &ProviderScope, day: Date, learners: i64) -> Result<i64> {
    let day = day.to_string();
    exec!(
        tx,
        "insert into identity_check_day (provider_id, day, learners) values ($1, $2, $3)
         on conflict (provider_id, day) do update set learners = identity_check_day.learners + excluded.learners",
        scope.provider().as_str(),
        &day,
        learners,
    )?;
    let counted = one!(
        tx,
        Learners,
        "select learners from identity_check_day where provider_id = $1 and day = $2",
        scope.provider().as_str(),
        &day,
    )?;
    Ok(counted.learners)
}

/// Forgets what no limit counts any more.
pub async fn delete_before(tx: &mut WriteTx, at: i64, day: Date) -> Result<u64> {
    let tries = exec!(tx, "delete from identity_try where at < $1", at)?;
    Ok(tries + exec!(tx, "delete from identity_check_day where day < $1", day.to_string())?)
}
