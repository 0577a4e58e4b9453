//! What a merge or split would move and what stands against it, before anything does. The same
//! computation is made again when it is confirmed.

use std::collections::HashSet;

use domain::access::{Actor, StaffScope};
use domain::credit::Completion;
use domain::{AccountId, CompletionId, IdentityChangeId, PhysicianId};
use sha2::{Digest, Sha256};
use store::ReadTx;
use store::identity_changes::{self, records};
use store::physicians::{self, Certification, License, Physician};
use store::transcripts::Record;

use super::against::{against_merge, against_split};
use super::facts::joined;
use super::{Change, Facts, Kind, Plan, Stage, plan, seats, staff};
use crate::{App, Error, Result, audit};

/// What would happen.
#[derive(Debug, Clone)]
pub struct Preview {
    pub kind: Kind,
    /// The record from which things go. A merge ends it.
    pub from: Physician,
    /// `None`: a split makes the record.
    pub into: Option<Physician>,
    /// What goes.
    pub licenses: Vec<License>,
    pub certifications: Vec<Certification>,
    pub completions: Vec<Completion>,
    /// What both records hold: the first's goes, the second's stays as it is.
    pub double_licenses: Vec<License>,
    pub double_certifications: Vec<Certification>,
    /// Completions of an activity and date that the second record has too: they stay with the first. A
    /// merged record's do not count.
    pub set_aside: Vec<Completion>,
    /// What the records say of their persons afterwards; a merged record keeps its facts.
    pub from_after: Facts,
    pub into_after: Facts,
    pub from_account: Option<AccountHolder>,
    pub into_account: Option<AccountHolder>,
    /// Whether the first record's account goes to the second.
    pub account_goes: bool,
    /// The strongest first; empty if nothing speaks against it.
    pub against: Vec<Against>,
    /// Stands for all of the above: another preview, another text. Handed back to
    /// [`super::confirm`] by the page that showed it.
    pub seen: String,
}

/// Who signs in for a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountHolder {
    pub account: AccountId,
    pub name: String,
    pub email: String,
}

/// Something that speaks against it. It warns and forbids nothing: two people look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Against {
    /// A stable word, such as `npi_differs`.
    pub code: &'static str,
    pub words: String,
}

/// What merging `from` into `into` would do. Both physicians see that staff looked.
///
/// Errors: `NotFound`; `Invalid` on `into` for a record and itself, and for one that was merged already.
pub async fn of_merge(app: &App, actor: &Actor, from: PhysicianId, into: PhysicianId) -> Result<Preview> {
    let (scope, _) = staff(actor)?;
    let preview = merge(&mut app.store.read().await?, &scope, from, into).await?;
    looked(app, actor, &preview).await?;
    Ok(preview)
}

/// What a split would do; `into` is `None` for a new record.
///
/// Errors: as [`of_merge`]; `Invalid` on `plan` for what the record does not hold, on `npi` for an NPI that
/// neither has, on `keeps` or `gets` for names that are missing.
pub async fn of_split(
    app: &App,
    actor: &Actor,
    from: PhysicianId,
    into: Option<PhysicianId>,
    plan: &Plan,
) -> Result<Preview> {
    let (scope, _) = staff(actor)?;
    let preview = split(&mut app.store.read().await?, &scope, from, into, plan).await?;
    looked(app, actor, &preview).await?;
    Ok(preview)
}

/// A plan to begin with: nothing moves, the facts are both records' own (of a new one: the first's names).
pub async fn split_draft(app: &App, actor: &Actor, from: PhysicianId, into: Option<PhysicianId>) -> Result<Plan> {
    staff(actor)?;
    let mut tx = app.store.read().await?;
    let (from, into) = both(&mut tx, from, into).await?;
    let keeps = Facts::of(&from);
    let gets = into.as_ref().map_or_else(|| Facts { npi: None, ..keeps.clone() }, Facts::of);
    Ok(Plan { keeps, gets, ..Plan::default() })
}

/// A change, and, while it waits, what it would do today.
///
/// Errors: `NotFound`. A proposal that cannot be carried out any more has no preview.
pub async fn of_change(app: &App, actor: &Actor, change: IdentityChangeId) -> Result<(Change, Option<Preview>)> {
    let (scope, _) = staff(actor)?;
    let mut tx = app.store.read().await?;
    let change = identity_changes::find(&mut tx, &scope, change).await?.ok_or(Error::NotFound)?;
    if change.stage != Stage::Proposed {
        return Ok((change, None));
    }
    let preview = match compute(&mut tx, &scope, &change).await {
        Ok(preview) => Some(preview),
        Err(Error::Invalid(_) | Error::NotFound) => None,
        Err(error) => return Err(error),
    };
    drop(tx);
    if let Some(preview) = &preview {
        looked(app, actor, preview).await?;
    }
    Ok((change, preview))
}

/// What a proposal would do.
pub(super) async fn compute(tx: &mut ReadTx, scope: &StaffScope, change: &Change) -> Result<Preview> {
    match (&change.plan, change.into) {
        (Some(plan), into) => split(tx, scope, change.from, into, plan).await,
        (None, Some(into)) => merge(tx, scope, change.from, into).await,
        (None, None) => Err(store::Error::corrupt("identity_change", "into_physician", change.id).into()),
    }
}

pub(super) async fn merge(
    tx: &mut ReadTx,
    scope: &StaffScope,
    from: PhysicianId,
    into: PhysicianId,
) -> Result<Preview> {
    let (from, into) = both(tx, from, Some(into)).await?;
    let into = into.ok_or(Error::NotFound)?;
    let completions = store::transcripts::completions(tx, &Record::of(scope, from.id)).await?;
    let (from_facts, into_facts) = (Facts::of(&from), Facts::of(&into));
    let preview = Preview {
        kind: Kind::Merge,
        licenses: from.licenses.clone(),
        certifications: from.certifications.clone(),
        completions,
        into_after: joined(&from_facts, &into_facts),
        from_after: from_facts,
        account_goes: true,
        ..blank(from, Some(into))
    };
    let mut preview = completed(tx, preview).await?;
    preview.against = against_merge(&preview);
    Ok(sealed(preview))
}

pub(super) async fn split(
    tx: &mut ReadTx,
    scope: &StaffScope,
    from: PhysicianId,
    into: Option<PhysicianId>,
    plan: &Plan,
) -> Result<Preview> {
    let (from, into) = both(tx, from, into).await?;
    plan::check(plan, &from, into.as_ref())?;
    let mut completions = store::transcripts::completions(tx, &Record::of(scope, from.id)).await?;
    let chosen: HashSet<CompletionId> = plan.completions.iter().copied().collect();
    completions.retain(|completion| chosen.contains(&completion.id));
    if completions.len() != chosen.len() {
        return Err(Error::invalid("plan", "A chosen completion is not of this record any more. Choose again."));
    }
    let is_chosen = |held: &&License| plan.licenses.contains(&(held.state, held.number.clone()));
    let licenses = from.licenses.iter().filter(is_chosen).cloned().collect();
    let is_chosen = |held: &&Certification| plan.certifications.contains(&(held.board, held.diplomate_id.clone()));
    let certifications = from.certifications.iter().filter(is_chosen).cloned().collect();
    let preview = Preview {
        kind: Kind::Split,
        licenses,
        certifications,
        completions,
        from_after: plan.keeps.clone(),
        into_after: plan.gets.clone(),
        account_goes: plan.account,
        ..blank(from, into)
    };
    let mut preview = completed(tx, preview).await?;
    if preview.account_goes && preview.into_account.is_some() {
        return Err(Error::invalid("plan", "The other record has a Passport account of its own."));
    }
    preview.against = against_split(&preview);
    Ok(sealed(preview))
}

fn blank(from: Physician, into: Option<Physician>) -> Preview {
    Preview {
        kind: Kind::Merge,
        from,
        into,
        licenses: Vec::new(),
        certifications: Vec::new(),
        completions: Vec::new(),
        double_licenses: Vec::new(),
        double_certifications: Vec::new(),
        set_aside: Vec::new(),
        from_after: Facts::default(),
        into_after: Facts::default(),
        from_account: None,
        into_account: None,
        account_goes: false,
        against: Vec::new(),
        seen: String::new(),
    }
}

/// Both records as they stand; neither may be merged into another.
async fn both(tx: &mut ReadTx, from: PhysicianId, into: Option<PhysicianId>) -> Result<(Physician, Option<Physician>)> {
    if into == Some(from) {
        return Err(Error::invalid("into", "Choose another record: a record and itself are one already."));
    }
    for id in [Some(from), into].into_iter().flatten() {
        if records::merged_into(tx, id).await?.is_some() {
            let message = "One of the records was merged into another already. Choose the one that stays.";
            return Err(Error::invalid("into", message));
        }
    }
    let first = physicians::find(tx, from).await?.ok_or(Error::NotFound)?;
    let second = match into {
        Some(into) => Some(physicians::find(tx, into).await?.ok_or(Error::NotFound)?),
        None => None,
    };
    Ok((first, second))
}

/// Tells doubles from what goes, and finds the accounts.
async fn completed(tx: &mut ReadTx, mut preview: Preview) -> Result<Preview> {
    if let Some(into) = &preview.into {
        let doubles: HashSet<CompletionId> =
            records::doubles(tx, preview.from.id, into.id).await?.into_iter().collect();
        let (aside, go) = preview.completions.into_iter().partition(|completion| doubles.contains(&completion.id));
        (preview.set_aside, preview.completions) = (aside, go);
        let has = |held: &License| into.licenses.iter().any(|of| (of.state, &of.number) == (held.state, &held.number));
        let (double, go) = preview.licenses.into_iter().partition(has);
        (preview.double_licenses, preview.licenses) = (double, go);
        let has = |held: &Certification| {
            into.certifications.iter().any(|of| (of.board, &of.diplomate_id) == (held.board, &held.diplomate_id))
        };
        let (double, go) = preview.certifications.into_iter().partition(has);
        (preview.double_certifications, preview.certifications) = (double, go);
        preview.into_account = seats::holder(tx, into.id).await?;
    }
    preview.from_account = seats::holder(tx, preview.from.id).await?;
    Ok(preview)
}

/// With the text that stands for all of it.
fn sealed(mut preview: Preview) -> Preview {
    let digest = Sha256::digest(format!("{preview:?}").as_bytes());
    preview.seen = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    preview
}

/// Whoever is named sees that staff looked at the record.
pub(super) async fn looked(app: &App, actor: &Actor, preview: &Preview) -> Result<()> {
    let named = [Some(preview.from.id), preview.into.as_ref().map(|into| into.id)];
    let mut tx = app.store.write().await?;
    for physician in named.into_iter().flatten() {
        let detail = format!("{} considered", preview.kind.code());
        audit::record(app, &mut tx, actor, "identity.look", physician, Some(physician), &detail).await?;
    }
    Ok(tx.commit().await?)
}
