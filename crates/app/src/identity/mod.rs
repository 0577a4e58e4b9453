//! Who is who, put right by the accreditor's staff: two records of one person merged, a record of two
//! people split, either undone.
//!
//! One person proposes, another confirms, and nothing moves before. Everything that moves does so in
//! one transaction, credits with a leaf in the ledger each, so a crash at any moment leaves all or
//! nothing. Locks are taken in one order: registry, claims, ledger, events.

mod against;
mod confirm;
mod credits;
pub(crate) mod facts;
mod plan;
mod preview;
mod propose;
mod seats;
mod undo;

use domain::AccountId;
use domain::access::{Actor, StaffScope, Who};
pub use store::identity_changes::{Act, Change, Facts, Kind, Moved, Plan, Stage};

pub use confirm::{KeptAccount, confirm};
pub use preview::{AccountHolder, Against, Preview, of_change, of_merge, of_split, split_draft};
pub use propose::{decline, propose_merge, propose_split};
pub use undo::{UndoPreview, of_undo, undo};

use crate::{Error, Result};

/// The most that may be written as a reason.
const LONGEST_REASON: usize = 500;

/// The scope of the accreditor's staff and the person who acts. Programs have no such seat.
pub(crate) fn staff(actor: &Actor) -> Result<(StaffScope, AccountId)> {
    match (actor.staff(), actor.who) {
        (Some(scope), Who::Account(account)) => Ok((scope, account)),
        _ => Err(Error::Forbidden("this is for the accreditor’s staff")),
    }
}

/// A reason as it is stored. `Invalid` on `reason` if it is missing or too long.
pub(crate) fn reason(typed: &str) -> Result<&str> {
    let typed = typed.trim();
    let is_fine = |letter: char| !letter.is_control() || letter == '\n' || letter == '\r';
    if typed.is_empty() {
        return Err(Error::invalid("reason", "Say why, in a sentence that others will understand later."));
    }
    if typed.chars().count() > LONGEST_REASON || !typed.chars().all(is_fine) {
        return Err(Error::invalid("reason", format!("Write at most {LONGEST_REASON} characters.")));
    }
    Ok(typed)
}
