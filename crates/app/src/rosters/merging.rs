//! One row and one physician: can they be the same person, and what does the row add?
//!
//! Facts are only ever filled in or added, never overwritten: a board that knows less than another
//! takes nothing away.

use store::physicians::Physician;

use super::entry::Entry;

/// Letters alone, in capitals: `O'Brien-Smith` and `OBRIEN SMITH` are one name.
pub(super) fn key(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphabetic()).flat_map(char::to_uppercase).collect()
}

/// Whether one of two names says no more than the other's initial.
fn is_initial_of(short: &str, long: &str) -> bool {
    short.chars().count() == 1 && long.starts_with(short)
}

fn first_names_agree(a: &str, b: &str) -> bool {
    let (a, b) = (key(a), key(b));
    !a.is_empty() && (a == b || is_initial_of(&a, &b) || is_initial_of(&b, &a))
}

/// Every last name, present or former, as keys.
fn last_names<'a>(last: &'a str, former: &'a [String]) -> impl Iterator<Item = String> + 'a {
    std::iter::once(last).chain(former.iter().map(String::as_str)).map(key).filter(|name| !name.is_empty())
}

/// Whether a row whose own license or diplomate ID is this physician's can be about the physician:
/// equal birthday with one name equal, or both names equal where a birthday is unknown.
pub(super) fn can_be(entry: &Entry, physician: &Physician) -> bool {
    let first = first_names_agree(&entry.first, &physician.first);
    let known: Vec<String> = last_names(&physician.last, &physician.former_last).collect();
    let last = last_names(&entry.last, &entry.former_last).any(|name| known.contains(&name));
    match (entry.birth, physician.birth) {
        (Some(said), Some(known)) => said == known && (first || last),
        _ => first && last,
    }
}

/// Whether row and physician have different NPIs: then one of them is wrong.
pub(super) fn npi_differs(entry: &Entry, physician: &Physician) -> bool {
    matches!((&entry.npi, &physician.npi), (Some(said), Some(known)) if said != known)
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
mod tests {
    use domain::{MonthDay, PhysicianId, State};

    use super::super::entry::Own;
    use super::*;

    fn physician() -> Physician {
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

    fn entry(first: &str, last: &str, former: &[&str], birth: &str) -> Entry {
        Entry {
            row: 1,
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
        for (row, fits) in [
            (entry("HELEN", "OBRIEN", &[], "02/16"), true),
            (entry("H", "O BRIEN", &[], "02/16"), true),
            (entry("Helen", "Married", &[], "02/16"), true),
            (entry("Helen", "Married", &["OBrien"], ""), true),
            (entry("Helen", "Married", &[], ""), false),
            (entry("Helen", "OBrien", &[], "02/17"), false),
            (entry("Nora", "Quist", &[], "02/16"), false),
            (entry("", "OBrien", &[], ""), false),
        ] {
            assert_eq!(can_be(&row, &physician()), fits, "{row:?}");
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
