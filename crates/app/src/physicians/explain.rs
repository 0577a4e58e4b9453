//! Why a report was linked, or not: the engine's answer to the same question, with the evidence for and
//! against everyone who came into question.
//!
//! The answer is of today's registry, not of that of the day of the report. It names physicians, so it
//! is for staff only, and each who is shown has an audit row.

use domain::access::{Actor, StaffScope};
use domain::{Board, MonthDay, PhysicianId, State};
use matching::{Outcome, Query, Settings};
use store::physicians::Physician;

use super::compare::{Line, against};
use super::note;
use crate::reasons::{self, Decided};
use crate::reports::field_label;
use crate::{App, Error, Fault, Result};

/// Candidates that are shown, best first; the others are only counted.
const MOST_SHOWN: usize = 6;
const LONGEST: usize = 100;

/// What somebody is asked about, as typed; field names are the form's. Empty means not known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Typed {
    pub first: String,
    pub last: String,
    pub birth_month: String,
    pub birth_day: String,
    /// Code or name.
    pub state: String,
    /// A license number, or an NPI: one column, as in learner files.
    pub identifier: String,
    pub board: String,
    pub diplomate_id: String,
}

impl Typed {
    /// Reads the form; all faults at once.
    fn read(&self) -> Result<Query> {
        let mut faults = Vec::new();
        let filled = |text: &str| !text.trim().is_empty();
        for (field, text) in [
            ("first", &self.first),
            ("last", &self.last),
            ("identifier", &self.identifier),
            ("diplomate_id", &self.diplomate_id),
        ] {
            if text.chars().count() > LONGEST {
                faults.push(Fault::new(field, format!("Enter at most {LONGEST} characters.")));
            }
        }
        if ![&self.first, &self.last, &self.identifier, &self.diplomate_id].into_iter().any(|text| filled(text)) {
            faults.push(Fault::new("first", "Enter a name, a license number, an NPI or a certifying board ID."));
        }
        let birth = self.birth();
        if birth.is_none() && (filled(&self.birth_month) || filled(&self.birth_day)) {
            faults.push(Fault::new("birth_month", "Enter month and day of birth as numbers, such as 4 and 28."));
        }
        let state = State::read(&self.state);
        if state.is_none() && filled(&self.state) {
            faults.push(Fault::new("state", "Choose a state, or none."));
        }
        let board = Board::read(&self.board);
        if board.is_none() && (filled(&self.board) || filled(&self.diplomate_id)) {
            faults.push(Fault::new("board", "Choose the board that gave the ID."));
        } else if board.is_some() && !filled(&self.diplomate_id) {
            faults.push(Fault::new("diplomate_id", "Enter the ID that the board gave, or choose no board."));
        }
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        let text = |text: &str| filled(text).then(|| text.trim().to_owned());
        Ok(Query {
            first: self.first.trim().to_owned(),
            last: self.last.trim().to_owned(),
            birth,
            state,
            identifier: text(&self.identifier),
            board: board.zip(text(&self.diplomate_id)),
            ..Query::default()
        })
    }

    fn birth(&self) -> Option<MonthDay> {
        MonthDay::new(self.birth_month.trim().parse().ok()?, self.birth_day.trim().parse().ok()?)
    }
}

/// Where a question comes from, for the audit trail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked<'a> {
    /// Typed by hand.
    ByHand,
    /// About a reported row: `UPLOAD row N`.
    Row(&'a str),
}

/// The engine's answer with everything that led to it.
#[derive(Debug, Clone)]
pub struct Explained {
    /// The stable word: `matched`, `several`, `conflict`, `review`, `none`.
    pub outcome: &'static str,
    pub decided: Decided,
    /// Why, in sentences.
    pub reasons: Vec<&'static str>,
    /// Fields that would settle it, in words.
    pub settle_with: Vec<&'static str>,
    /// What every candidate starts from; natural log of the odds, as all weights here.
    pub prior: f64,
    /// How sure is sure enough.
    pub settings: Settings,
    /// Best first.
    pub candidates: Vec<Candidate>,
    /// Candidates that are not shown.
    pub others: usize,
    /// Physicians in the registry.
    pub registry: usize,
}

/// Somebody who came into question.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub physician: Physician,
    /// All evidence together, with the prior.
    pub weight: f64,
    /// How far behind the best one; none for the best.
    pub behind: Option<f64>,
    pub lines: Vec<Line>,
    /// The engine answers with this physician.
    pub is_match: bool,
}

/// Answers a typed question. Errors: `Invalid` with a fault beside each field.
pub async fn explain(
    app: &App,
    actor: &Actor,
    _scope: &StaffScope,
    typed: &Typed,
    asked: Asked<'_>,
) -> Result<Explained> {
    let query = typed.read()?;
    app.registry.refresh(&app.store).await?;
    let explanation = app.registry.explain(&query);
    let decision = &explanation.decision;
    let matched = match decision.outcome {
        Outcome::Matched(id) => Some(id),
        _ => None,
    };
    let in_all = explanation.candidates.len();
    let ids: Vec<PhysicianId> =
        explanation.candidates.iter().take(MOST_SHOWN).map(|evidence| evidence.physician).collect();
    let mut tx = app.store.read().await?;
    let mut physicians = store::physicians::by_ids(&mut tx, &ids).await?;
    drop(tx);
    let best = explanation.candidates.first().map_or(0.0, |evidence| evidence.weight);
    let mut candidates = Vec::new();
    for (place, evidence) in explanation.candidates.iter().take(MOST_SHOWN).enumerate() {
        let Some(at) = physicians.iter().position(|physician| physician.id == evidence.physician) else { continue };
        let physician = physicians.swap_remove(at);
        candidates.push(Candidate {
            weight: evidence.weight,
            behind: (place > 0).then_some(best - evidence.weight),
            lines: against(&query, &evidence.parts, &physician),
            is_match: matched == Some(physician.id),
            physician,
        });
    }
    let shown: Vec<PhysicianId> = candidates.iter().map(|candidate| candidate.physician.id).collect();
    let subject = match asked {
        Asked::ByHand => "",
        Asked::Row(row) => row,
    };
    note(app, actor, "identity.explain", subject, &shown, decision.outcome.code()).await?;
    Ok(Explained {
        outcome: decision.outcome.code(),
        decided: reasons::decided(decision),
        reasons: decision
            .reasons
            .iter()
            .filter_map(|reason| reasons::words(reason.code()).map(|words| words.sentence))
            .collect(),
        settle_with: decision.settle_with.iter().map(|field| field_label(*field)).collect(),
        prior: explanation.prior,
        settings: Settings::default(),
        others: in_all.saturating_sub(candidates.len()),
        candidates,
        registry: app.registry.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> Typed {
        Typed {
            first: " Amara".into(),
            last: "Whitfield".into(),
            birth_month: "04".into(),
            birth_day: "28".into(),
            state: "Georgia".into(),
            identifier: "048812".into(),
            ..Typed::default()
        }
    }

    #[test]
    fn a_form_in_order_is_a_question() {
        let query = typed().read().ok().unwrap_or_default();
        assert_eq!((query.first.as_str(), query.birth), ("Amara", MonthDay::new(4, 28)));
        assert_eq!((query.state, query.identifier.as_deref()), (State::read("GA"), Some("048812")));
    }

    #[test]
    fn every_fault_stands_beside_its_field() {
        for (change, field) in [
            (Typed::default(), "first"),
            (Typed { birth_month: "2".into(), birth_day: "30".into(), ..typed() }, "birth_month"),
            (Typed { birth_day: String::new(), ..typed() }, "birth_month"),
            (Typed { state: "ZZ".into(), ..typed() }, "state"),
            (Typed { diplomate_id: "7".into(), ..typed() }, "board"),
            (Typed { board: "ABIM".into(), ..typed() }, "diplomate_id"),
            (Typed { last: "x".repeat(101), ..typed() }, "last"),
        ] {
            let Err(Error::Invalid(faults)) = change.read() else { panic!("{field}: a fault was missed") };
            assert_eq!(faults.iter().map(|fault| fault.field).collect::<Vec<_>>(), [field]);
        }
    }

    #[test]
    fn an_identifier_alone_is_enough_to_ask() {
        assert!(Typed { identifier: "1234567893".into(), ..Typed::default() }.read().is_ok());
    }
}
