//! Whose a row is that does not stand under its own number yet: a known physician's, a new one's, or not
//! for a program to say.
//!
//! An identifier in common settles a row when it is first read. Names and birthday alone settle it only
//! when the whole file has been read: then the registry knows everybody who could be meant.

use std::collections::HashMap;

use domain::PhysicianId;
use matching::{Decision, Evidence, Outcome, Reason};
use store::physicians::Physician;

use super::entry::{Entry, Identifier};
use super::known::{Asked, Known};
use super::merging::{
    Fit, degree_differs, first_names_agree, fit, holds_another, key, last_names_agree, middle_differs, npi_differs,
    suffix_differs,
};
use super::middles::Middles;
use super::odds::{AHEAD, POSSIBLE, Scale, has};
use super::waiting::Waiting;

const IDENTIFIER_EQUAL: [Reason; 3] = [Reason::LicenseEqual, Reason::NpiEqual, Reason::BoardIdEqual];

/// What is to become of a row.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Verdict {
    Of(PhysicianId),
    New,
    /// With an outcome and reason codes for the review list.
    Wait(&'static str, String),
}

/// What a later reading of the rows goes by.
pub(super) struct Again<'a> {
    pub(super) scale: &'a Scale,
    pub(super) middles: &'a Middles,
    pub(super) waiting: &'a Waiting,
    /// Physicians whose license, on the review list, a certifying board has named.
    pub(super) named: &'a HashMap<Identifier, PhysicianId>,
}

/// Judges a row; `again` from the second reading on.
pub(super) fn judge(entry: &Entry, asked: &Asked, known: &Known, again: Option<&Again<'_>>) -> Verdict {
    let decision = &asked.decision;
    let npi_holder = entry.npi.as_ref().and_then(|npi| known.npis.get(npi)).copied();
    if let Some(id) = by_identifier(decision) {
        let physician = known.physicians.get(&id);
        let by_npi = decision.reasons.contains(&Reason::NpiEqual);
        let contradicts = physician.is_none_or(|of| {
            npi_differs(entry, of) || suffix_differs(entry, of) || (!by_npi && middle_differs(entry, of))
        });
        return match contradicts || npi_holder.is_some_and(|holder| holder != id) {
            true => Verdict::Wait("conflict", codes(decision, Some("facts_contradict"))),
            false => Verdict::Of(id),
        };
    }
    if let Some(id) = named_by_board(entry, known, again).filter(|id| npi_holder.is_none_or(|holder| holder == *id)) {
        return Verdict::Of(id);
    }
    let wait = |because| Verdict::Wait(word(decision.outcome), codes(decision, because));
    match (decision.outcome, again) {
        _ if npi_holder.is_some() || decision.by_identifier() => wait(None),
        (Outcome::None, _) => Verdict::New,
        (Outcome::Conflict, _) | (_, None) => wait(None),
        (_, Some(again)) => by_name(entry, asked, known, again).unwrap_or_else(|because| wait(Some(because))),
    }
}

/// The physician for whom a certifying board has named the license that this row is about.
fn named_by_board(entry: &Entry, known: &Known, again: Option<&Again<'_>>) -> Option<PhysicianId> {
    let id = again?.named.get(&entry.identifier())?;
    let physician = known.physicians.get(id)?;
    let same = fit(entry, physician) == Fit::Same && last_names_agree(entry, physician);
    let has_another = holds_another(entry, physician);
    (same && !has_another && !middle_differs(entry, physician) && !degree_differs(entry, physician)).then_some(*id)
}

/// The physician whom the engine finds by a license, NPI or diplomate ID. More cautious than the engine, which
/// reads what people type: in rosters a twin's number and another birthday are for a person to look at.
pub(super) fn by_identifier(decision: &Decision) -> Option<PhysicianId> {
    let has = |reason| decision.reasons.contains(&reason);
    let person = !has(Reason::FirstNameDiffers) && (has(Reason::BirthEqual) || has(Reason::BirthUnknown));
    match decision.outcome {
        Outcome::Matched(id) if decision.by_identifier() && person => Some(id),
        _ => None,
    }
}

/// Judges by names and birthday. An error says why it is not sure.
fn by_name(entry: &Entry, asked: &Asked, known: &Known, again: &Again<'_>) -> Result<Verdict, &'static str> {
    let mut possible: Vec<(f64, &Physician, &Evidence)> = Vec::new();
    let records = again.waiting.beside(entry);
    for evidence in &asked.candidates {
        let Some(physician) = known.physicians.get(&evidence.physician) else { continue };
        let odds = again.scale.odds(again.middles, entry, records, physician, evidence);
        if odds >= POSSIBLE && !is_other(entry, physician, evidence) {
            possible.push((odds, physician, evidence));
        }
    }
    possible.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.id.cmp(&b.1.id)));
    let named = |evidence: &Evidence| IDENTIFIER_EQUAL.iter().any(|reason| has(evidence, *reason));
    let Some(((odds, physician, evidence), others)) = possible.split_first() else {
        return if asked.candidates.iter().any(named) { Err("identifier_of_other_person") } else { Ok(Verdict::New) };
    };
    if let Some(because) = stops(entry, physician, evidence) {
        return Err(because);
    }
    // whoever holds that license is meant, and whose it is is not sure
    if again.waiting.names_waiting_license(entry) {
        return Err("license_waits");
    }
    if *odds < again.scale.sure {
        return Err("not_distinctive");
    }
    if others.first().is_some_and(|next| odds - next.0 < AHEAD) {
        return Err("another_as_likely");
    }
    if again.waiting.disagree(entry, physician) {
        return Err("rows_disagree");
    }
    Ok(Verdict::Of(physician.id))
}

/// Whether row and physician are surely two people, whatever the names say.
fn is_other(entry: &Entry, physician: &Physician, evidence: &Evidence) -> bool {
    let slip = has(evidence, Reason::NpiTypo) || has(evidence, Reason::NpiAlike);
    (npi_differs(entry, physician) && !slip) || suffix_differs(entry, physician)
}

/// What keeps a row from a physician without an identifier, however rare the name.
fn stops(entry: &Entry, physician: &Physician, evidence: &Evidence) -> Option<&'static str> {
    let first = first_names_agree(&entry.first, &physician.first) || has(evidence, Reason::Nickname);
    let middle = has(evidence, Reason::MiddleNameDiffers) || middle_differs(entry, physician);
    // whoever bore the name before is not among those counted, so more must agree
    let former = key(&entry.last) != key(&physician.last) && (entry.middle.is_empty() || physician.middle.is_empty());
    let stops = [
        (entry.birth.is_none() || entry.birth != physician.birth, "birth_differs"),
        (!first, "first_name_differs"),
        (!last_names_agree(entry, physician), "last_name_differs"),
        (middle, "middle_name_differs"),
        (former, "last_name_former"),
        (npi_differs(entry, physician), "npi_differs"),
        // a father and his junior share a whole name, and no chance is needed for that
        (key(&entry.suffix) != key(&physician.suffix), "suffix_on_one_side"),
        (degree_differs(entry, physician), "degree_differs"),
        // each state or board gives a person one number
        (holds_another(entry, physician), "holds_another_number"),
    ];
    stops.into_iter().find(|(stops, _)| *stops).map(|(_, because)| because)
}

/// An outcome for the review list. The engine was sure, merging was not: somebody is probable.
fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Matched(_) => Outcome::Review.code(),
        outcome => outcome.code(),
    }
}

fn codes(decision: &Decision, because: Option<&'static str>) -> String {
    let codes = decision.reasons.iter().map(|reason| reason.code());
    let because = because.into_iter().filter(|because| decision.reasons.iter().all(|reason| reason.code() != *because));
    codes.chain(because).collect::<Vec<_>>().join(" ")
}
