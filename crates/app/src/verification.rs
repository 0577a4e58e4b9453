//! Whether a printed transcript still tells the truth: anybody who holds one may ask by its code.
//!
//! The answer repeats what stands on the paper, with initials in place of the name: enough to see
//! that the paper was not altered, nothing that its holder does not have.

use domain::PhysicianId;
use domain::credit::CreditStatus;
use domain::transcript::{Filter, Total};
use store::ReadTx;
use store::identity_changes::records::survivor;
use store::transcript_issues::{self, Cited};

use crate::transcripts::{read_code, with_dashes};
use crate::{App, Error, Result};

/// How the credits of a paper stand today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    /// Everything it lists is still on record as it was.
    Valid,
    /// So many of its credits were withdrawn, rejected or found to be another physician's since.
    Corrected { withdrawn: usize, rejected: usize, moved: usize },
}

/// What is said about an issued transcript.
#[derive(Debug, Clone)]
pub struct Verified {
    /// As printed, with dashes.
    pub code: String,
    pub issued_at: i64,
    /// Such as `A. W.`
    pub initials: String,
    pub filter: Filter,
    pub credits: usize,
    pub totals: Vec<Total>,
    pub validity: Validity,
}

/// Looks a code up. `NotFound` if no transcript was issued under it.
pub async fn verify(app: &App, typed: &str) -> Result<Verified> {
    let code = read_code(typed).ok_or(Error::NotFound)?;
    let mut tx = app.store.read().await?;
    let issue = transcript_issues::find(&mut tx, &code).await?.ok_or(Error::NotFound)?;
    let (mut withdrawn, mut rejected, mut moved) = (0, 0, 0);
    let standings = transcript_issues::standings(&mut tx, &issue.cited).await?;
    for Cited { credit, status } in &issue.cited {
        let now = standings.iter().find(|standing| standing.credit == *credit);
        match now {
            Some(now) if !now.is_withdrawn && !is_same_person(&mut tx, now.physician, issue.physician).await? => {
                moved += 1;
            }
            Some(now) if !now.is_withdrawn => {
                let turned = now.status == CreditStatus::Rejected && *status != CreditStatus::Rejected;
                rejected += usize::from(turned);
            }
            _ => withdrawn += 1,
        }
    }
    let names = transcript_issues::names(&mut tx, &issue).await?.unwrap_or_default();
    let initials: Vec<String> = [names.0, names.1]
        .iter()
        .filter_map(|name| name.chars().find(|letter| letter.is_alphabetic()))
        .map(|letter| format!("{}.", letter.to_uppercase()))
        .collect();
    Ok(Verified {
        code: with_dashes(&issue.code),
        issued_at: issue.issued_at,
        initials: initials.join(" "),
        filter: issue.filter,
        credits: issue.cited.len(),
        totals: issue.totals,
        validity: match (withdrawn, rejected, moved) {
            (0, 0, 0) => Validity::Valid,
            _ => Validity::Corrected { withdrawn, rejected, moved },
        },
    })
}

/// Whether a credit's holder is the person whom the transcript was issued for, by whichever record: merging
/// two records of one person makes no transcript wrong.
async fn is_same_person(tx: &mut ReadTx, holder: Option<PhysicianId>, issued_for: PhysicianId) -> Result<bool> {
    if holder == Some(issued_for) {
        return Ok(true);
    }
    let Some(holder) = holder else { return Ok(false) };
    let today = survivor(tx, holder).await?;
    Ok(today.is_some() && today == survivor(tx, issued_for).await?)
}
