//! "Was this helpful?": one answer for each reader and page, the newest counts.
//!
//! A reader who is not signed in is known by a digest of the network address alone, so that nobody votes a page up or
//! down by asking again, and nothing about anybody is kept.

use domain::HelpEntryId;
use domain::access::{Actor, Who};

use super::words;
use crate::chance::hash_of_secret;
use crate::clock::HOUR;
use crate::{App, Error, Result};

/// Characters of a remark.
const LONGEST_REMARK: usize = 1_000;
/// Answers that one reader gives within a day.
const MOST_A_DAY: i64 = 40;
const KIND: &str = "help_vote";

/// Who asks, as the limits know them: the account, or the network address.
pub(super) fn subject(actor: Option<&Actor>, address: &str) -> String {
    let known = match actor.map(|actor| actor.who) {
        Some(Who::Account(id)) => format!("account {id}"),
        _ => format!("address {address}"),
    };
    hash_of_secret(&known).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Takes an answer about a page that everybody can read.
///
/// Errors: `Invalid` on `remark`; `TooMany` after 40 within a day.
pub async fn vote(
    app: &App,
    (actor, address): (Option<&Actor>, &str),
    page: HelpEntryId,
    is_helpful: bool,
    remark: &str,
) -> Result<()> {
    let remark = words("remark", remark, LONGEST_REMARK)?;
    let voter = subject(actor, address);
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let tries = store::attempts::count_since(&mut tx, KIND, &voter, now - 24 * HOUR).await?;
    if tries.count >= MOST_A_DAY {
        return Err(Error::TooMany { retry_after_seconds: 24 * 3_600 });
    }
    store::attempts::insert(&mut tx, app.chance.id(now), KIND, &voter, now).await?;
    store::help::vote(&mut tx, page, &voter, is_helpful, &remark, now).await?;
    Ok(tx.commit().await?)
}
