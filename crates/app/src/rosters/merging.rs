//! One row and one physician: are they the same person, and what does the row add?
//!
//! Facts are only ever filled in or added, never overwritten: a board that knows less than another
//! takes nothing away.

use store::physicians::Physician;

use super::entry::{Entry, Own};

/// Letters alone, in capitals: `O'Brien-Smith` and `OBRIEN SMITH` are one name.
pub(super) fn key(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphabetic()).flat_map(char::to_uppercase).collect()
}

/// Whether one of two names says no more than the other's initial.
fn is_initial_of(short: &str, long: &str) -> bool {
    short.chars().count() == 1 && long.starts_with(short)
}

/// Whether two names are equal or one is the other's initial. An empty name agrees with none.
pub(super) fn first_names_agree(a: &str, b: &str) -> bool {
    let (a, b) = (key(a), key(b));
    !a.is_empty() && (a == b || is_initial_of(&a, &b) || is_initial_of(&b, &a))
}

/// Every last name, present or former, as keys.
fn last_names<'a>(last: &'a str, former: &'a [String]) -> impl Iterator<Item = String> + 'a {
    std::iter::once(last).chain(former.iter().map(String::as_str)).map(key).filter(|name| !name.is_empty())
}

/// Whether row and physician share a last name, present or former.
pub(super) fn last_names_agree(entry: &Entry, physician: &Physician) -> bool {
    let known: Vec<String> = last_names(&physician.last, &physician.former_last).collect();
    last_names(&entry.last, &entry.former_last).any(|name| known.contains(&name))
}

/// Whether both say something, and not the same.
fn both_differ(a: &str, b: &str) -> bool {
    let (a, b) = (key(a), key(b));
    !a.is_empty() && !b.is_empty() && a != b
}

/// Whether row and physician have different NPIs: then they are two people, or one NPI is wrong.
pub(super) fn npi_differs(entry: &Entry, physician: &Physician) -> bool {
    matches!((&entry.npi, &physician.npi), (Some(said), Some(known)) if said != known)
}

/// Jr and III of one name are two people.
pub(super) fn suffix_differs(entry: &Entry, physician: &Physician) -> bool {
    both_differ(&entry.suffix, &physician.suffix)
}

pub(super) fn degree_differs(entry: &Entry, physician: &Physician) -> bool {
    both_differ(&entry.degree, &physician.degree)
}

/// Whether both give a middle name and it is neither equal nor the other's initial.
pub(super) fn middle_differs(entry: &Entry, physician: &Physician) -> bool {
    both_differ(&entry.middle, &physician.middle) && !first_names_agree(&entry.middle, &physician.middle)
}

/// Whether the physician holds another number of the row's own state or board.
pub(super) fn holds_another(entry: &Entry, physician: &Physician) -> bool {
    match &entry.held {
        Own::License { state, number, .. } => {
            physician.licenses.iter().any(|held| held.state == *state && held.number != *number)
        }
        Own::Certification { board, diplomate_id, .. } => {
            physician.certifications.iter().any(|held| held.board == *board && held.diplomate_id != *diplomate_id)
        }
    }
}

/// How a row goes with the physician who is on record under the row's own number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// The holder's row.
    Same,
    /// Another person's: the number was given twice.
    Other,
    /// A slip, a sibling, or a number typed wrongly: not for a program to say.
    Unclear,
}

/// Compares a row with the physician on record under its own license number or diplomate ID. The number
/// speaks for the holder, so that a new last name does not matter beside first name and birthday.
pub(super) fn fit(entry: &Entry, physician: &Physician) -> Fit {
    let first = first_names_agree(&entry.first, &physician.first);
    let last = last_names_agree(entry, physician);
    let birth = entry.birth.zip(physician.birth).map(|(said, known)| said == known);
    let contradicts = npi_differs(entry, physician) || suffix_differs(entry, physician);
    match birth {
        Some(true) if first && !contradicts && (last || !middle_differs(entry, physician)) => Fit::Same,
        None if first && last && !contradicts => Fit::Same,
        Some(false) if !first && !last => Fit::Other,
        Some(false) | None if npi_differs(entry, physician) && !(first && last) => Fit::Other,
        None if !first && !last && npi_differs(entry, physician) => Fit::Other,
        _ => Fit::Unclear,
    }
}

/// Whether two records may be of one person, if a row names both: one birthday, names that agree, and
/// nothing against it.
pub(super) fn could_be_one(a: &Physician, b: &Physician) -> bool {
    let names = |of: &Physician| last_names(&of.last, &of.former_last).collect::<Vec<_>>();
    let (ours, theirs) = (names(a), names(b));
    let npis = a.npi.as_ref().zip(b.npi.as_ref()).is_none_or(|(a, b)| a == b);
    a.birth.is_some()
        && a.birth == b.birth
        && first_names_agree(&a.first, &b.first)
        && ours.iter().any(|name| theirs.contains(name))
        && !both_differ(&a.suffix, &b.suffix)
        && npis
}

/// Adds what the row knows and the physician's record lacks. Tells whether anything was added.
pub(super) fn enrich(physician: &mut Physician, entry: &Entry, npi_is_free: bool) -> bool {
    let before = physician.clone();
    longer(&mut physician.first, &entry.first);
    longer(&mut physician.middle, &entry.middle);
    if physician.suffix.is_empty() {
        physician.suffix.clone_from(&entry.suffix);
    }
    if physician.degree.is_empty() {
        physician.degree.clone_from(&entry.degree);
    }
    if physician.birth.is_none() {
        physician.birth = entry.birth;
    }
    if physician.npi.is_none() && npi_is_free {
        physician.npi.clone_from(&entry.npi);
    }
    for name in std::iter::once(&entry.last).chain(&entry.former_last) {
        let is_known = last_names(&physician.last, &physician.former_last).any(|known| known == key(name));
        if !is_known && !key(name).is_empty() {
            physician.former_last.push(name.replace(';', " "));
        }
    }
    *physician != before
}

/// Takes the name that says more: any for none, a whole one for its initial.
fn longer(known: &mut String, said: &str) {
    let (short, long) = (key(known), key(said));
    if (short.is_empty() && !long.is_empty()) || (long.chars().count() > 1 && is_initial_of(&short, &long)) {
        said.clone_into(known);
    }
}

#[cfg(test)]
pub(super) mod tests {
    use domain::{MonthDay, PhysicianId, State};

    use super::*;

    pub(in super::super) fn physician() -> Physician {
        Physician {
            id: PhysicianId::new(uuid::Uuid::nil()),
            first: "Helen".into(),
            middle: "E".into(),
            last: "O'Brien".into(),
            suffix: String::new(),
            former_last: vec![],
            degree: "MD".into(),
            birth: MonthDay::new(2, 16),
            npi: None,
            licenses: vec![],
            certifications: vec![],
        }
    }

    pub(in super::super) fn entry(first: &str, last: &str, former: &[&str], birth: &str) -> Entry {
        Entry {
            row: 1,
            review: None,
            first: first.into(),
            middle: "Elizabeth".into(),
            last: last.into(),
            suffix: String::new(),
            former_last: former.iter().map(|name| (*name).into()).collect(),
            degree: String::new(),
            birth: MonthDay::read(birth),
            npi: Some("1234567893".into()),
            held: Own::License {
                state: State::read("CA").unwrap(),
                number: "A1".into(),
                status: String::new(),
                issued_on: None,
                expires_on: None,
            },
            known_by: None,
        }
    }

    #[test]
    fn a_known_number_with_another_person_behind_it_is_noticed() {
        for (row, expected) in [
            (entry("HELEN", "OBRIEN", &[], "02/16"), Fit::Same),
            (entry("H", "O BRIEN", &[], "02/16"), Fit::Same),
            (entry("Helen", "Married", &[], "02/16"), Fit::Same),
            (entry("Helen", "Married", &["OBrien"], ""), Fit::Same),
            (entry("Helen", "Married", &[], ""), Fit::Unclear),
            (entry("Helen", "OBrien", &[], "02/17"), Fit::Unclear),
            // a twin, or a number of the twin's
            (entry("Nora", "OBrien", &[], "02/16"), Fit::Unclear),
            (entry("Nora", "Quist", &[], "02/16"), Fit::Unclear),
            (entry("Nora", "Quist", &[], "02/17"), Fit::Other),
            (entry("", "OBrien", &[], ""), Fit::Unclear),
        ] {
            assert_eq!(fit(&row, &physician()), expected, "{row:?}");
        }
        let npi = Physician { npi: Some("1987654328".into()), ..physician() };
        for (row, expected) in [
            (entry("Helen", "Quist", &[], "02/17"), Fit::Other),
            (entry("Nora", "OBrien", &[], ""), Fit::Other),
            (entry("Helen", "OBrien", &[], "02/16"), Fit::Unclear),
            (entry("Helen", "OBrien", &[], "02/17"), Fit::Unclear),
        ] {
            assert_eq!(fit(&row, &npi), expected, "{row:?}");
        }
    }

    #[test]
    fn facts_are_added_and_a_second_time_nothing_changes() {
        let mut known = physician();
        let row = entry("Helen", "Married", &["Maiden"], "02/16");
        assert!(enrich(&mut known, &row, true));
        assert_eq!((known.middle.as_str(), known.npi.as_deref()), ("Elizabeth", Some("1234567893")));
        assert_eq!((known.last.as_str(), known.former_last.join(";")), ("O'Brien", "Married;Maiden".into()));
        assert!(!enrich(&mut known, &row, true));
    }

    #[test]
    fn an_npi_of_somebody_else_is_not_taken_over() {
        let mut known = physician();
        enrich(&mut known, &entry("Helen", "OBrien", &[], "02/16"), false);
        assert_eq!(known.npi, None);
    }
}
