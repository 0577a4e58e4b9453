//! Who lacks what for which license: the physician's own gaps, those of a board's licensees, and the requirements
//! that they are measured by, which each board edits for itself.
//!
//! A requirement is reference data: a version is an entry that is only ever added to, so the history and what is
//! planned come from `store::reference`.

mod checks;
mod edit;
mod effect;

use domain::PhysicianId;
use domain::access::{LicensingBoardScope, PhysicianScope};
use domain::reference::Reference;
use domain::requirement::{self, Assessment, Counted, LicenseFacts, Requirement, Standing};
use jiff::civil::Date;
use store::ReadTx;
use store::physicians::{License, Physician};
use store::transcripts::Record;

pub use edit::{Seen, preview, put, seen, take_back};
pub use effect::{Counts, Effect, MOST_PREVIEWED};

use crate::{App, Error, Result};

/// A physician's own licenses, each with how it stands today.
#[derive(Debug, Clone)]
pub struct Gaps {
    pub physician: Physician,
    /// In the order of the physician's licenses.
    pub licenses: Vec<LicenseGap>,
    /// What was counted; places in an assessment's trace are places in it.
    pub credits: Vec<Counted>,
}

/// One license in its running cycle.
#[derive(Debug, Clone)]
pub struct LicenseGap {
    pub license: License,
    /// The version that the cycle is judged by.
    pub requirement: Option<Requirement>,
    pub assessment: Assessment,
    /// The cycle before, while something of it is missing that can still be shown, with the version that it is
    /// judged by.
    pub in_grace: Option<(Requirement, Assessment)>,
}

/// One license of a board's licensee.
#[derive(Debug, Clone)]
pub struct LicenseeGap<'a> {
    pub physician: PhysicianId,
    pub name: String,
    pub license: License,
    pub requirement: Option<&'a Requirement>,
    pub assessment: Assessment,
}

/// What a rule may ask of one of a physician's licenses.
pub fn facts(physician: &Physician, license: &License) -> LicenseFacts {
    LicenseFacts {
        status: license.status.clone(),
        issued_on: license.issued_on,
        expires_on: license.expires_on,
        birth: physician.birth,
        certifications: physician.certifications.iter().map(|held| held.status.clone()).collect(),
    }
}

/// The physician's own gaps today.
///
/// Errors: `NotFound` if the record was merged into another.
pub async fn own(app: &App, scope: &PhysicianScope) -> Result<Gaps> {
    let reference = app.reference.get();
    let today = app.clock.today();
    let mut tx = app.store.read().await?;
    let record = Record::own(scope);
    let physician = store::transcripts::holder(&mut tx, &record).await?.ok_or(Error::NotFound)?;
    let credits = store::requirements::of_record(&mut tx, &record).await?;
    let gap = |license: &License| license_gap(&reference, &physician, license, &credits, today);
    let licenses = physician.licenses.iter().map(gap).collect();
    Ok(Gaps { physician, licenses, credits })
}

fn license_gap(
    reference: &Reference,
    physician: &Physician,
    license: &License,
    credits: &[Counted],
    today: Date,
) -> LicenseGap {
    let versions = reference.requirements(license.state);
    let facts = facts(physician, license);
    let (governing, assessment) = requirement::judge(versions, &facts, credits, today, today);
    let before = assessment.cycle.and_then(|cycle| cycle.from.yesterday().ok());
    let in_grace = before.and_then(|on| {
        let (governing, assessment) = requirement::judge(versions, &facts, credits, on, today);
        (assessment.standing == Standing::NotYetDue).then_some((governing?.clone(), assessment))
    });
    LicenseGap { license: license.clone(), requirement: governing.cloned(), assessment, in_grace }
}

/// How licensees stand in their cycles around `on`: one entry for each license in the board's state, in the order
/// of `physicians`; who never held one there is left out. A few queries for each 500; whoever shows people what is
/// found writes down that it was looked at.
pub async fn of_licensees<'a>(
    tx: &mut ReadTx,
    reference: &'a Reference,
    scope: &LicensingBoardScope,
    physicians: &[PhysicianId],
    on: Date,
    today: Date,
) -> Result<Vec<LicenseeGap<'a>>> {
    let versions = reference.requirements(scope.state());
    let since = requirement::looks_back(versions, on);
    let mut gaps = Vec::with_capacity(physicians.len());
    for physicians in physicians.chunks(500) {
        let earned = store::requirements::of_licensees(tx, scope, physicians, since).await?;
        let mut found = store::physicians::by_ids(tx, physicians).await?;
        let places: std::collections::HashMap<PhysicianId, usize> =
            physicians.iter().enumerate().map(|(place, id)| (*id, place)).collect();
        found.sort_by_key(|of| places.get(&of.id).copied());
        for of in &found {
            let credits = earned.get(&of.id).map_or(&[][..], Vec::as_slice);
            for license in of.licenses.iter().filter(|license| license.state == scope.state()) {
                let (requirement, assessment) = requirement::judge(versions, &facts(of, license), credits, on, today);
                gaps.push(LicenseeGap {
                    physician: of.id,
                    name: of.full_name(),
                    license: license.clone(),
                    requirement,
                    assessment,
                });
            }
        }
    }
    Ok(gaps)
}
