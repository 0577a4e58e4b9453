//! Whether a paper or credential still tells the truth: anybody who holds one may ask by its code.
//!
//! The answer repeats what stands on the paper, with initials in place of the name: enough to see
//! that the paper was not altered, nothing that its holder does not have.

use domain::PhysicianId;
use domain::credit::CreditStatus;
use domain::transcript::{Filter, Total};
use jiff::civil::Date;
use store::ReadTx;
use store::identity_changes::records::survivor;
use store::transcript_issues::{self, Cited, Issue};

use crate::transcripts::{read_code, with_dashes};
use crate::{App, Error, Result};

/// How the credits of a paper stand today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    /// Everything it lists is still on record as it was.
    Valid,
    /// Part of it is, or its place was taken by what is right.
    Corrected(Changes),
    /// Nothing that it counts is left.
    Withdrawn(Changes),
}

/// What became of its credits since, in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Changes {
    /// Withdrawn by the provider.
    pub withdrawn: usize,
    /// Withdrawn, and reported again with another amount.
    pub replaced: usize,
    /// Rejected by a certifying board.
    pub rejected: usize,
    /// Found to be another physician's.
    pub moved: usize,
}

/// What is said about an issued transcript or certificate.
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
    /// The one completion, of a certificate.
    pub certified: Option<Certified>,
    pub validity: Validity,
}

/// What a certificate is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certified {
    pub title: String,
    pub provider: String,
    pub completed_on: Date,
}

/// Looks a code up. `NotFound` if nothing was issued under it.
pub async fn verify(app: &App, typed: &str) -> Result<Verified> {
    let code = read_code(typed).ok_or(Error::NotFound)?;
    let mut tx = app.store.read().await?;
    let issue = transcript_issues::find(&mut tx, &code).await?.ok_or(Error::NotFound)?;
    let validity = validity(&mut tx, &issue).await?;
    let names = transcript_issues::names(&mut tx, &issue).await?.unwrap_or_default();
    let initials: Vec<String> = [names.0, names.1]
        .iter()
        .filter_map(|name| name.chars().find(|letter| letter.is_alphabetic()))
        .map(|letter| format!("{}.", letter.to_uppercase()))
        .collect();
    let certified = match issue.filter.completion {
        Some(_) => transcript_issues::certified(&mut tx, &issue).await?,
        None => None,
    };
    drop(tx);
    // the physician sees that somebody asked
    crate::looks::verified(app, &issue).await?;
    Ok(Verified {
        code: with_dashes(&issue.code),
        issued_at: issue.issued_at,
        initials: initials.join(" "),
        filter: issue.filter,
        credits: issue.cited.len(),
        totals: issue.totals,
        certified: certified.map(|(title, provider, completed_on)| Certified { title, provider, completed_on }),
        validity,
    })
}

async fn validity(tx: &mut ReadTx, issue: &Issue) -> Result<Validity> {
    let mut changes = Changes::default();
    let mut standing = 0;
    let standings = transcript_issues::standings(tx, &issue.cited).await?;
    let standings: std::collections::HashMap<_, _> = standings.into_iter().map(|one| (one.credit, one)).collect();
    let replaced = transcript_issues::replaced(tx, &issue.cited).await?;
    for Cited { credit, status } in &issue.cited {
        let counted = *status != CreditStatus::Rejected;
        match standings.get(credit) {
            Some(now) if now.is_withdrawn && replaced.contains(credit) => changes.replaced += 1,
            Some(now) if !now.is_withdrawn && !is_same_person(tx, now.physician, issue.physician).await? => {
                changes.moved += 1;
            }
            Some(now) if !now.is_withdrawn && counted && now.status == CreditStatus::Rejected => changes.rejected += 1,
            Some(now) if !now.is_withdrawn => standing += usize::from(counted),
            _ => changes.withdrawn += 1,
        }
    }
    Ok(match changes {
        none if none == Changes::default() => Validity::Valid,
        some if standing == 0 && some.replaced == 0 => Validity::Withdrawn(some),
        some => Validity::Corrected(some),
    })
}

/// Whether a credit's holder is the person whom the transcript was issued for, by whichever record: merging
/// two records of one person makes no transcript wrong.
pub(crate) async fn is_same_person(
    tx: &mut ReadTx,
    holder: Option<PhysicianId>,
    issued_for: PhysicianId,
) -> Result<bool> {
    if holder == Some(issued_for) {
        return Ok(true);
    }
    let Some(holder) = holder else { return Ok(false) };
    let today = survivor(tx, holder).await?;
    Ok(today.is_some() && today == survivor(tx, issued_for).await?)
}
