//! Credit that a physician misses: what is known of it at once, and a case with its provider that runs against a clock.
//!
//! A case answers itself when the credit lands (`landing`, which follows the ledger). The clock (`clock`) reminds and
//! passes on; each of its steps is one transaction with its letters, so that a kill says nothing twice.

mod acts;
mod clock;
mod known;
mod landing;
pub(crate) mod letters;
mod opening;
mod refused;
mod seen;

use domain::access::Actor;
use domain::missing_credit::{Side, Step};
use store::WriteTx;
use store::missing_credit::{Case, NewStep};

pub use acts::{ask, close, decline, decline_reasons, reply, urge, withdraw};
pub use clock::tick_due;
pub use known::{find_activities, look};
pub use landing::{answer, follow_next};
pub use opening::{Asked, Identifier, Opening, identifiers, open};
pub use seen::{Seen, Standing, evidence_of, of_any, of_physician, of_provider};

use crate::{App, Error, Result, audit};

/// Characters of a message, a note or a reason.
pub const LONGEST_WORDS: usize = 2_000;

/// What somebody wrote: no control characters but line ends, and not endless.
fn words(field: &'static str, text: &str) -> Result<String> {
    let text = text.replace("\r\n", "\n").trim().to_owned();
    if text.chars().count() > LONGEST_WORDS {
        return Err(Error::invalid(field, format!("Write at most {LONGEST_WORDS} characters.")));
    }
    Ok(text.chars().filter(|letter| *letter == '\n' || !letter.is_control()).collect())
}

/// As [`words`], where something must be written.
fn some_words(field: &'static str, text: &str, ask: &str) -> Result<String> {
    let text = words(field, text)?;
    if text.is_empty() { Err(Error::invalid(field, ask)) } else { Ok(text) }
}

/// A line of the case's history.
async fn note(
    app: &App,
    tx: &mut WriteTx,
    case: &Case,
    side: Side,
    author: &str,
    step: Step,
    words: &str,
) -> Result<()> {
    let at = app.clock.now();
    let step = NewStep { id: app.chance.id(at), at, side, author, step, words };
    Ok(store::missing_credit::add_step(tx, case.id, &step).await?)
}

/// Writes down how the case stands now, with who did it in the audit trail of its physician.
///
/// Errors: `Stale` if somebody changed it meanwhile.
async fn change(app: &App, tx: &mut WriteTx, case: &Case, by: Option<(&Actor, &'static str)>) -> Result<()> {
    if !store::missing_credit::change(tx, case).await? {
        return Err(Error::Stale);
    }
    if let Some((actor, action)) = by {
        let physician = store::missing_credit::person(tx, case).await?;
        audit::record(app, tx, actor, action, case.id, physician, "").await?;
    }
    Ok(())
}
