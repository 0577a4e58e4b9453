//! Physicians' claims to their accounts. Every try leaves a row, whatever became of it: a failed one
//! can be looked at by a person, a proven one is finished by the secret of its letter.

use domain::access::StaffScope;
use domain::{AccountId, PhysicianId};
use uuid::Uuid;

use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};

#[derive(Debug, Clone)]
pub struct NewClaim {
    pub id: Uuid,
    /// SHA-256 of the letter's secret and whom the claim proved to be; `None` if it proved nothing.
    pub proven: Option<(Vec<u8>, PhysicianId)>,
    pub email: String,
    /// What was typed, as JSON.
    pub details: String,
    /// What the identity engine said: its outcome, and reason codes separated by spaces.
    pub outcome: String,
    pub reasons: String,
    pub created_at: i64,
    pub expires_at: i64,
}

pub async fn insert(tx: &mut WriteTx, claim: &NewClaim) -> Result<()> {
    exec!(
        tx,
        "insert into account_claim (claim_id, token_hash, physician_id, email, details, outcome, reasons, created_at,
         expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        claim.id,
        claim.proven.as_ref().map(|(hash, _)| hash.clone()),
        claim.proven.as_ref().map(|(_, physician)| physician.as_uuid()),
        &claim.email,
        &claim.details,
        &claim.outcome,
        &claim.reasons,
        claim.created_at,
        claim.expires_at,
    )?;
    Ok(())
}

/// A proven claim that waits for its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    pub id: Uuid,
    pub physician: PhysicianId,
    pub email: String,
    /// A person of the accreditor's staff granted it: it may take over the account of the record.
    pub by_a_person: bool,
}

/// The claim behind a letter's link, if it can still be finished.
pub async fn find_open(tx: &mut ReadTx, hash: &[u8], now: i64) -> Result<Option<Open>> {
    let row = maybe!(
        tx,
        (Uuid, Uuid, String, Option<bool>),
        "select claim_id, physician_id, email, review_granted from account_claim
         where token_hash = $1 and accepted_at is null and expires_at > $2 and physician_id is not null
           and stopped_at is null and coalesce(opens_at, 0) <= $2",
        hash.to_vec(),
        now,
    )?;
    Ok(row.map(|(id, physician, email, granted)| Open {
        id,
        physician: PhysicianId::new(physician),
        email,
        by_a_person: granted == Some(true),
    }))
}

/// Uses the claim up. `false`: it was used or expired meanwhile.
pub async fn accept(tx: &mut WriteTx, id: Uuid, now: i64) -> Result<bool> {
    let changed = exec!(
        tx,
        "update account_claim set accepted_at = $1
         where claim_id = $2 and accepted_at is null and stopped_at is null and expires_at > $1",
        now,
        id,
    )?;
    Ok(changed == 1)
}

/// Asks for a person to look at a claim made after `since`. `false`: there is none, or it was asked.
pub async fn ask_review(tx: &mut WriteTx, id: Uuid, since: i64, now: i64) -> Result<bool> {
    let changed = exec!(
        tx,
        "update account_claim set review_asked_at = $1
         where claim_id = $2 and created_at > $3 and accepted_at is null and review_asked_at is null",
        now,
        id,
        since,
    )?;
    Ok(changed == 1)
}

/// A claim that a person of the accreditor's staff was asked to look at.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Review {
    pub claim_id: Uuid,
    pub email: String,
    pub details: String,
    pub outcome: String,
    pub reasons: String,
    pub review_asked_at: i64,
}

/// Claims that wait for a person, the oldest first.
pub async fn list_reviews(tx: &mut ReadTx, _scope: &StaffScope, limit: i64) -> Result<Vec<Review>> {
    all!(
        tx,
        Review,
        "select claim_id, email, details, outcome, reasons, review_asked_at from account_claim
         where review_asked_at is not null and review_settled_at is null order by review_asked_at, claim_id limit $1",
        limit,
    )
}

pub async fn count_reviews(tx: &mut ReadTx, _scope: &StaffScope) -> Result<i64> {
    let (count,): (i64,) = one!(
        tx,
        (i64,),
        "select count(*) from account_claim where review_asked_at is not null and review_settled_at is null"
    )?;
    Ok(count)
}

/// A claim that waits for a person.
pub async fn find_review(tx: &mut ReadTx, _scope: &StaffScope, id: Uuid) -> Result<Option<Review>> {
    maybe!(
        tx,
        Review,
        "select claim_id, email, details, outcome, reasons, review_asked_at from account_claim
         where claim_id = $1 and review_asked_at is not null and review_settled_at is null",
        id,
    )
}

/// What a person decided about a claim.
#[derive(Debug, Clone)]
pub struct Settlement<'a> {
    pub by: AccountId,
    pub reason: &'a str,
    pub at: i64,
    /// `None`: no.
    pub grant: Option<Grant>,
}

/// A claim that was granted: whose record, and the letters' secrets as SHA-256.
#[derive(Debug, Clone)]
pub struct Grant {
    pub physician: PhysicianId,
    /// Of the letter that finishes the claim, from `opens_at` to `expires_at`.
    pub hash: Vec<u8>,
    /// Of the letter to the address on file, which stops it.
    pub stop_hash: Vec<u8>,
    pub opens_at: i64,
    pub expires_at: i64,
}

/// Takes a claim off the list with a decision. `false`: it is not on it.
pub async fn settle_review(
    tx: &mut WriteTx,
    _scope: &StaffScope,
    id: Uuid,
    settlement: &Settlement<'_>,
) -> Result<bool> {
    let grant = settlement.grant.as_ref();
    let changed = exec!(
        tx,
        "update account_claim set review_settled_at = $1, review_settled_by = $2, review_granted = $3,
           review_reason = $4, token_hash = coalesce($5, token_hash), physician_id = coalesce($6, physician_id),
           stop_hash = $7, opens_at = $8, expires_at = coalesce($9, expires_at)
         where claim_id = $10 and review_asked_at is not null and review_settled_at is null and accepted_at is null",
        settlement.at,
        settlement.by.as_uuid(),
        grant.is_some(),
        settlement.reason,
        grant.map(|grant| grant.hash.clone()),
        grant.map(|grant| grant.physician.as_uuid()),
        grant.map(|grant| grant.stop_hash.clone()),
        grant.map(|grant| grant.opens_at),
        grant.map(|grant| grant.expires_at),
        id,
    )?;
    Ok(changed == 1)
}

/// Whose record a granted claim is about, while its owner's letter can still stop it.
pub async fn find_to_stop(tx: &mut ReadTx, hash: &[u8]) -> Result<Option<PhysicianId>> {
    let row = maybe!(
        tx,
        (Uuid,),
        "select physician_id from account_claim
         where stop_hash = $1 and stopped_at is null and accepted_at is null and physician_id is not null",
        hash.to_vec(),
    )?;
    Ok(row.map(|(physician,)| PhysicianId::new(physician)))
}

/// `false`: it was finished or stopped meanwhile.
pub async fn stop(tx: &mut WriteTx, hash: &[u8], now: i64) -> Result<bool> {
    let changed = exec!(
        tx,
        "update account_claim set stopped_at = $1
         where stop_hash = $2 and stopped_at is null and accepted_at is null",
        now,
        hash.to_vec(),
    )?;
    Ok(changed == 1)
}

/// Forgets claims that nobody can use or was asked to look at any more.
pub async fn delete_before(tx: &mut WriteTx, at: i64) -> Result<u64> {
    exec!(
        tx,
        "delete from account_claim where created_at < $1 and (review_asked_at is null or review_settled_at is not null)
           and (coalesce(review_granted, false) = false or accepted_at is not null or expires_at < $1)",
        at
    )
}
