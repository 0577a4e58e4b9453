//! Live credits added up by activity, day of completion, kind and status, for reports. They say what the provider
//! reported: CME credit that was derived from points is left out.
//!
//! Whoever inserts, decides or withdraws a credit keeps it within the same transaction, in `completions`
//! alone: nothing else of a credit, and nothing that a line is about, ever changes. Writers of credit stand
//! in one line (they take the ledger's counter), so no two of them meet. `credence verify` counts again.

use std::collections::HashMap;

use domain::{CompletionId, CreditId};
use uuid::Uuid;

use crate::completions::{NewCompletion, NewCredit};
use crate::error::Result;
use crate::tx::{Driver, WriteTx};
use crate::values::date_text;

const INTO: &str = "insert into credit_tally (provider_id, activity_id, completed_on, kind, status, credits, amount) ";

const ADDED: &str = " on conflict (provider_id, completed_on, activity_id, kind, status) do update
    set credits = credit_tally.credits + excluded.credits, amount = credit_tally.amount + excluded.amount";

/// Counts credits that were just inserted. Those of completions that came with them, nearly all of an
/// upload's, are added up in memory; the others are looked up.
pub(crate) async fn add_new(tx: &mut WriteTx, completions: &[NewCompletion], credits: &[NewCredit]) -> Result<()> {
    let completions: HashMap<CompletionId, &NewCompletion> =
        completions.iter().map(|completion| (completion.id, completion)).collect();
    let mut sums = HashMap::new();
    let mut others = Vec::new();
    for credit in credits.iter().filter(|credit| credit.withdrawn.is_none() && credit.derived_from.is_none()) {
        let Some(completion) = completions.get(&credit.completion) else {
            others.push(credit.id);
            continue;
        };
        let place = (completion.provider, completion.activity, completion.completed_on, credit.kind, credit.status);
        let (count, amount) = sums.entry(place).or_insert((0_i64, 0_i64));
        *count += 1;
        *amount += credit.amount.hundredths();
    }
    let sums: Vec<_> = sums.into_iter().collect();
    bulk!(
        tx,
        INTO,
        sums,
        ADDED,
        |row| row.0.0.as_str(),
        row.0.1.as_str(),
        date_text(row.0.2),
        row.0.3.key(),
        row.0.4.code(),
        row.1.0,
        row.1.1
    );
    add(tx, &others).await
}

/// Counts live credits as they stand, after they changed.
pub(crate) async fn add(tx: &mut WriteTx, credits: &[CreditId]) -> Result<()> {
    change(tx, credits, "count(*), cast(sum(c.amount) as bigint)").await
}

/// Takes live credits out as they stand, before they change.
pub(crate) async fn take(tx: &mut WriteTx, credits: &[CreditId]) -> Result<()> {
    change(tx, credits, "- count(*), - cast(sum(c.amount) as bigint)").await
}

async fn change(tx: &mut WriteTx, credits: &[CreditId], sums: &str) -> Result<()> {
    let of_live = format!(
        "{INTO}select k.provider_id, k.activity_id, k.completed_on, c.kind, c.status, {sums}
         from credit c join completion k on k.completion_id = c.completion_id
         where c.withdrawn_at is null and c.derived_from is null and c.credit_id in ("
    );
    let added = format!(") group by k.provider_id, k.activity_id, k.completed_on, c.kind, c.status{ADDED}");
    for piece in credits.chunks(500) {
        macro_rules! run {
            ($database:ty, $connection:ident) => {{
                let mut query = sqlx::QueryBuilder::<$database>::new(&of_live);
                let mut places = query.separated(", ");
                for credit in piece {
                    places.push_bind::<Uuid>(credit.as_uuid());
                }
                query.push(&added);
                query.build().execute(&mut **$connection).await?;
            }};
        }
        match &mut tx.driver {
            Driver::Sqlite(connection) => run!(sqlx::Sqlite, connection),
            Driver::Postgres(connection) => run!(sqlx::Postgres, connection),
        }
    }
    Ok(())
}
