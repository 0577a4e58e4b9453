//! Two sides of a comparison, field by field, in words: what was said of somebody beside what the
//! registry knows, or one record beside another.
//!
//! Where the identity engine has weighed a field, its own reason says how the two agree; else equal
//! letters and digits do.

use matching::{Part, Query, Teller};
use store::physicians::Physician;

use crate::reasons::{self, Agreement, Aspect};
use crate::rosters::settle::{Candidate, Issued, Row};

/// One field of both sides. Empty text means that a side says nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub label: &'static str,
    pub ours: String,
    pub theirs: String,
    pub agreement: Agreement,
    /// How they agree, in a few words.
    pub words: &'static str,
    /// Natural log of the odds, where the engine weighed the field.
    pub weight: Option<f64>,
}

/// The fields that a person compares, in their order.
const ASPECTS: [Aspect; 8] = [
    Aspect::Names,
    Aspect::Middle,
    Aspect::Suffix,
    Aspect::Birth,
    Aspect::State,
    Aspect::License,
    Aspect::Npi,
    Aspect::BoardId,
];

/// A question beside one physician, with the engine's weights.
pub(super) fn against(query: &Query, parts: &[Part], physician: &Physician) -> Vec<Line> {
    let weighed = |aspect| {
        let part = parts.iter().find(|part| reasons::words(part.reason.code()).is_some_and(|w| w.aspect == aspect));
        part.and_then(|part| reasons::words(part.reason.code()).map(|words| (part, words)))
    };
    let only = match query.teller {
        Teller::Report => ("Only in the report", "Only in the registry"),
        Teller::Roster => ("Only in the roster", "Only in the registry"),
    };
    // an NPI may stand in the column of the license
    let as_npi = query.npi.is_none() && weighed(Aspect::Npi).is_some();
    let line = |aspect: Aspect| {
        let ours = said(query, aspect, as_npi);
        let theirs = known(physician, aspect);
        let found = weighed(aspect);
        // the states of licenses stand beside their numbers; alone they matter only where one was named
        if ours.is_empty() && (theirs.is_empty() || aspect == Aspect::State) {
            return None;
        }
        let (agreement, words) = match found {
            // a board tells of a license that the registry may not have yet: news, and nothing against it
            Some((_, words)) if query.teller == Teller::Roster && words.code == "license_unknown" => {
                (Agreement::OneSided, "Another number")
            }
            Some((_, words)) if query.teller == Teller::Roster && words.code == "state_differs" => {
                (Agreement::OneSided, "No license there yet")
            }
            Some((_, words)) if words.agreement != Agreement::OneSided => (words.agreement, words.short),
            _ => one_sided(&ours, &theirs, only).unwrap_or_else(|| plainly(&ours, &theirs)),
        };
        Some(Line { label: aspect.label(), ours, theirs, agreement, words, weight: found.map(|(part, _)| part.weight) })
    };
    ASPECTS.into_iter().filter_map(line).collect()
}

/// A roster's row beside somebody who may be meant by it.
pub fn beside(row: &Row, candidate: &Candidate) -> Vec<Line> {
    let (license, board) = match &row.issued {
        Issued::License { state, number, .. } => (Some((*state, number.clone())), None),
        Issued::Certification { board, diplomate_id, .. } => {
            (row.known_by.clone(), Some((*board, diplomate_id.clone())))
        }
    };
    let (state, identifier) = license.unzip();
    let query = Query {
        first: row.first.clone(),
        middle: row.middle.clone(),
        last: row.last.clone(),
        suffix: row.suffix.clone(),
        former_last: row.former_last.clone(),
        birth: row.birth,
        state,
        identifier,
        npi: row.npi.clone(),
        board,
        teller: Teller::Roster,
    };
    let parts = candidate.evidence.as_ref().map(|evidence| evidence.parts.as_slice()).unwrap_or_default();
    against(&query, parts, &candidate.physician)
}

/// One record beside another, every field that either has.
pub fn compare(one: &Physician, other: &Physician) -> Vec<Line> {
    let line = |aspect: Aspect| {
        // states are part of the licenses below
        let (ours, theirs) = (known(one, aspect), known(other, aspect));
        if aspect == Aspect::State || (ours.is_empty() && theirs.is_empty()) {
            return None;
        }
        let only = ("Only in the first record", "Only in the second record");
        let (agreement, words) = one_sided(&ours, &theirs, only).unwrap_or_else(|| match aspect {
            // one person may hold many
            Aspect::License | Aspect::BoardId => (Agreement::OneSided, "In both records"),
            _ => plainly(&ours, &theirs),
        });
        Some(Line { label: aspect.label(), ours, theirs, agreement, words, weight: None })
    };
    ASPECTS.into_iter().filter_map(line).collect()
}

/// Letters and digits alone, in capitals.
fn folded(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// What is said where only one side has anything; `only` are the words for each side.
fn one_sided(ours: &str, theirs: &str, only: (&'static str, &'static str)) -> Option<(Agreement, &'static str)> {
    match (ours.is_empty(), theirs.is_empty()) {
        (false, true) => Some((Agreement::OneSided, only.0)),
        (true, false) => Some((Agreement::OneSided, only.1)),
        _ => None,
    }
}

/// By letters and digits alone. One of several numbers is enough, and an initial for a name.
fn plainly(ours: &str, theirs: &str) -> (Agreement, &'static str) {
    let (short, long) = if ours.len() < theirs.len() { (ours, theirs) } else { (theirs, ours) };
    if folded(short).chars().count() == 1 && folded(long).starts_with(&folded(short)) && short != long {
        return (Agreement::Near, "Initial only");
    }
    match theirs.split(", ").chain([theirs]).any(|theirs| folded(ours) == folded(theirs)) {
        true => (Agreement::Agrees, "Equal"),
        false => (Agreement::Differs, "Differs"),
    }
}

fn said(query: &Query, aspect: Aspect, as_npi: bool) -> String {
    let identifier = query.identifier.as_deref().unwrap_or_default();
    match aspect {
        Aspect::Names => with_former(&format!("{} {}", query.first, query.last), &query.former_last),
        Aspect::Middle => query.middle.clone(),
        Aspect::Suffix => query.suffix.clone(),
        Aspect::Birth => query.birth.map(|day| day.to_string()).unwrap_or_default(),
        Aspect::State => query.state.map(|state| state.name().to_owned()).unwrap_or_default(),
        Aspect::License if as_npi || identifier.is_empty() => String::new(),
        Aspect::License => match query.state {
            Some(state) => format!("{state} {identifier}"),
            None => identifier.to_owned(),
        },
        Aspect::Npi if as_npi => identifier.to_owned(),
        Aspect::Npi => query.npi.clone().unwrap_or_default(),
        Aspect::BoardId => query.board.as_ref().map(|(board, id)| format!("{board} {id}")).unwrap_or_default(),
        Aspect::Whole => String::new(),
    }
}

fn known(physician: &Physician, aspect: Aspect) -> String {
    match aspect {
        Aspect::Names => with_former(&format!("{} {}", physician.first, physician.last), &physician.former_last),
        Aspect::Middle => physician.middle.clone(),
        Aspect::Suffix => physician.suffix.clone(),
        Aspect::Birth => physician.birth.map(|day| day.to_string()).unwrap_or_default(),
        Aspect::State => {
            let mut states: Vec<&str> = physician.licenses.iter().map(|held| held.state.name()).collect();
            states.dedup();
            states.join(", ")
        }
        Aspect::License => {
            let held: Vec<String> =
                physician.licenses.iter().map(|held| format!("{} {}", held.state, held.number)).collect();
            held.join(", ")
        }
        Aspect::Npi => physician.npi.clone().unwrap_or_default(),
        Aspect::BoardId => {
            let held: Vec<String> =
                physician.certifications.iter().map(|held| format!("{} {}", held.board, held.diplomate_id)).collect();
            held.join(", ")
        }
        Aspect::Whole => String::new(),
    }
}

fn with_former(name: &str, former: &[String]) -> String {
    let name = name.trim();
    if former.is_empty() { name.to_owned() } else { format!("{name} (formerly {})", former.join(", ")) }
}

#[cfg(test)]
mod tests {
    use domain::{MonthDay, PhysicianId};
    use matching::Reason;

    use super::*;

    fn physician() -> Physician {
        Physician {
            id: PhysicianId::new(uuid::Uuid::nil()),
            first: "Amara".into(),
            middle: "N".into(),
            last: "Whitfield".into(),
            suffix: String::new(),
            former_last: vec!["Okoye".into()],
            degree: "MD".into(),
            birth: MonthDay::new(4, 28),
            npi: Some("1234567893".into()),
            licenses: vec![],
            certifications: vec![],
        }
    }

    #[test]
    fn the_engines_reason_says_how_a_field_agrees() {
        let query = Query { first: "Ama".into(), last: "Whitfield".into(), ..Query::default() };
        let parts =
            [Part { reason: Reason::Nickname, weight: 4.5 }, Part { reason: Reason::BirthUnknown, weight: 0.0 }];
        let lines = against(&query, &parts, &physician());
        let name = &lines[0];
        assert_eq!((name.label, name.words, name.agreement), ("Name", "Nickname", Agreement::Near));
        assert_eq!((name.theirs.as_str(), name.weight), ("Amara Whitfield (formerly Okoye)", Some(4.5)));
        let birth = lines.iter().find(|line| line.label == "Birthday").map(|line| (line.words, line.agreement));
        assert_eq!(birth, Some(("Only in the registry", Agreement::OneSided)));
    }

    #[test]
    fn an_npi_in_the_license_column_stands_beside_the_npi() {
        let query = Query { last: "Whitfield".into(), identifier: Some("1234567893".into()), ..Query::default() };
        let lines = against(&query, &[Part { reason: Reason::NpiEqual, weight: 17.0 }], &physician());
        let npi = lines.iter().find(|line| line.label == "NPI").map(|line| (line.ours.as_str(), line.words));
        assert_eq!(npi, Some(("1234567893", "Equal")));
        assert!(lines.iter().all(|line| line.label != "License"));
    }

    #[test]
    fn two_records_are_compared_by_letters_and_digits() {
        let other = Physician {
            first: "AMARA".into(),
            middle: "Ngozi".into(),
            birth: None,
            npi: Some("1999999999".into()),
            ..physician()
        };
        let lines = compare(&physician(), &other);
        let of = |label| lines.iter().find(|line| line.label == label).map(|line| (line.agreement, line.words));
        assert_eq!(of("Name"), Some((Agreement::Agrees, "Equal")));
        assert_eq!(of("Birthday"), Some((Agreement::OneSided, "Only in the first record")));
        assert_eq!(of("NPI"), Some((Agreement::Differs, "Differs")));
        assert_eq!(of("Middle name"), Some((Agreement::Near, "Initial only")));
        assert_eq!(of("License"), None);
    }
}
