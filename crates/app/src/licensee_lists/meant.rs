//! Whom a row of a list means: by license number alone, with names and NPI as a check. Pure.

use std::collections::{HashMap, HashSet};

use domain::PhysicianId;
use domain::licensee_list::RowOutcome;
use formats::licensees::LicenseeRow;
use store::licensee_lists::{Candidate, ListRow, key_of, plain_name};

/// Settles rows in order; a licensee who was meant before is repeated.
pub(super) fn settle(rows: Vec<LicenseeRow>, candidates: &[Candidate]) -> Vec<ListRow> {
    let mut by_key: HashMap<&str, Vec<&Candidate>> = HashMap::new();
    for candidate in candidates {
        by_key.entry(candidate.key.as_str()).or_default().push(candidate);
    }
    let mut seen: HashSet<PhysicianId> = HashSet::new();
    let settle = |row: LicenseeRow| {
        let key = key_of(&row.number);
        let among = by_key.get(key.as_str()).map_or(&[][..], Vec::as_slice);
        let (outcome, meant) = match meant(&row, among) {
            Ok(one) if seen.insert(one.physician) => (RowOutcome::Matched, Some(one)),
            Ok(_) => (RowOutcome::Repeated, None),
            Err(outcome) => (outcome, None),
        };
        ListRow {
            number: i64::try_from(row.row).unwrap_or(i64::MAX),
            given_number: row.number,
            given_first: row.first,
            given_last: row.last,
            given_npi: row.npi,
            outcome,
            physician: meant.map(|one| one.physician),
            license_number: meant.map(|one| one.number.clone()).unwrap_or_default(),
            name: meant.map(Candidate::listed_name).unwrap_or_default(),
        }
    };
    rows.into_iter().map(settle).collect()
}

/// The licensee that a row means among those with its digits, or why none.
fn meant<'a>(row: &LicenseeRow, among: &[&'a Candidate]) -> Result<&'a Candidate, RowOutcome> {
    if key_of(&row.number).is_empty() {
        return Err(RowOutcome::Unreadable);
    }
    let exact = |one: &&Candidate| signs(&one.number) == signs(&row.number);
    let has_exact = among.iter().any(exact);
    let mut fitting: Vec<&Candidate> = among
        .iter()
        .copied()
        .filter(|one| if has_exact { exact(one) } else { same_letters(&one.number, &row.number) })
        .collect();
    // one licensee may hold a number in two spellings
    fitting.dedup_by_key(|one| one.physician);
    if fitting.is_empty() {
        return Err(RowOutcome::NotFound);
    }
    fitting.retain(|one| agrees(row, one));
    match fitting[..] {
        [] => Err(RowOutcome::AnotherName),
        [one] => Ok(one),
        _ => Err(RowOutcome::Several),
    }
}

/// Letters and digits in capitals.
fn signs(number: &str) -> String {
    number.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase()
}

/// Whether the letters before or within two numbers are the same; a number without any fits all.
fn same_letters(one: &str, other: &str) -> bool {
    let letters =
        |number: &str| number.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_ascii_uppercase();
    let (one, other) = (letters(one), letters(other));
    one.is_empty() || other.is_empty() || one == other
}

/// Whether what was given besides the number is the licensee's; what was not given agrees.
fn agrees(row: &LicenseeRow, one: &Candidate) -> bool {
    let npi: String = row.npi.chars().filter(char::is_ascii_digit).collect();
    let npi_agrees = npi.is_empty() || one.npi.is_empty() || npi == one.npi;
    let lasts = || one.former_last.iter().chain([&one.last]);
    let last_agrees = row.last.is_empty() || lasts().any(|last| same_last(&row.last, last));
    npi_agrees && last_agrees && first_agrees(&row.first, one)
}

/// Equal, or one part of a double name.
fn same_last(given: &str, known: &str) -> bool {
    let parts = |name: &str| {
        let parts = name.split(['-', ' ']).map(plain_name).filter(|part| part.len() > 2);
        parts.collect::<Vec<_>>()
    };
    let (one, other) = (plain_name(given), plain_name(known));
    one == other || parts(known).contains(&one) || parts(given).contains(&other)
}

/// Equal, an initial, a form of the same name, or the middle name.
fn first_agrees(given: &str, one: &Candidate) -> bool {
    let word = |name: &str| plain_name(name.split_whitespace().next().unwrap_or_default());
    let given = word(given);
    let fits = |known: &str| {
        let known = word(known);
        matching::are_forms_of_one(&given, &known)
            || (!known.is_empty() && (given.len() == 1 || known.len() == 1) && given[..1] == known[..1])
    };
    given.is_empty() || fits(&one.first) || (!one.middle.is_empty() && fits(&one.middle))
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn licensee(id: u128, number: &str, first: &str, last: &str) -> Candidate {
        Candidate {
            physician: PhysicianId::new(Uuid::from_u128(id)),
            number: number.into(),
            key: key_of(number),
            first: first.into(),
            middle: "Lee".into(),
            last: last.into(),
            suffix: String::new(),
            former_last: vec!["Ahlgren".into()],
            npi: "1234567893".into(),
        }
    }

    fn given(number: &str, first: &str, last: &str, npi: &str) -> LicenseeRow {
        LicenseeRow { row: 2, number: number.into(), first: first.into(), last: last.into(), npi: npi.into() }
    }

    #[test]
    fn the_number_finds_and_the_rest_must_not_contradict() {
        let known = [licensee(1, "A040017", "William", "Muñoz-Reyes"), licensee(2, "A00555", "Ana", "Berg")];
        for (number, first, last, npi, outcome) in [
            ("A040017", "", "", "", RowOutcome::Matched),
            ("a 40017", "Bill", "munoz reyes", "", RowOutcome::Matched),
            ("40017", "W.", "Reyes", "1234567893", RowOutcome::Matched),
            ("40017", "Lee", "Ahlgren", "", RowOutcome::Matched),
            ("40017", "", "Berg", "", RowOutcome::AnotherName),
            ("40017", "Ana", "", "", RowOutcome::AnotherName),
            ("40017", "", "", "1098765432", RowOutcome::AnotherName),
            ("G040017", "", "", "", RowOutcome::NotFound),
            ("40018", "William", "Muñoz", "", RowOutcome::NotFound),
            ("none", "William", "Muñoz", "", RowOutcome::Unreadable),
            ("", "", "", "1234567893", RowOutcome::Unreadable),
        ] {
            let settled = settle(vec![given(number, first, last, npi)], &known);
            assert_eq!(settled[0].outcome, outcome, "{number} {first} {last} {npi}");
            // of a row that is refused, nothing of the registry is told
            assert_eq!(settled[0].name.is_empty(), outcome != RowOutcome::Matched);
            assert_eq!(settled[0].license_number.is_empty(), outcome != RowOutcome::Matched);
        }
    }

    #[test]
    fn two_boards_numbers_are_told_apart_by_letters_or_by_name() {
        let known = [licensee(1, "MD1234", "Ana", "Berg"), licensee(2, "DO1234", "Ivo", "Stone")];
        for (number, last, outcome) in [
            ("DO-1234", "", RowOutcome::Matched),
            ("1234", "Stone", RowOutcome::Matched),
            ("1234", "", RowOutcome::Several),
            ("1234", "Ahlgren", RowOutcome::Several),
            ("1234", "Other", RowOutcome::AnotherName),
            ("PA1234", "Stone", RowOutcome::NotFound),
        ] {
            assert_eq!(settle(vec![given(number, "", last, "")], &known)[0].outcome, outcome, "{number} {last}");
        }
    }

    #[test]
    fn a_licensee_counts_once_however_often_given() {
        let known = [licensee(1, "A1", "Ana", "Berg")];
        let rows = vec![given("A1", "", "", ""), given("1", "", "", ""), given("1", "", "Other", "")];
        let outcomes: Vec<RowOutcome> = settle(rows, &known).iter().map(|row| row.outcome).collect();
        assert_eq!(outcomes, [RowOutcome::Matched, RowOutcome::Repeated, RowOutcome::AnotherName]);
    }
}
