//! What speaks against a merge or a split, in words for the two people who decide. Nothing here
//! forbids: rosters have mistakes, and an NPI that differs may be the mistake.

use super::facts::{agree, key, last_names};
use super::{Against, Facts, Preview};

fn against(code: &'static str, words: String) -> Against {
    Against { code, words }
}

/// The strongest first.
pub(super) fn against_merge(preview: &Preview) -> Vec<Against> {
    let Some(into) = &preview.into else { return Vec::new() };
    let (one, other) = (Facts::of(&preview.from), Facts::of(into));
    let mut found = Vec::new();
    if let (Some(a), Some(b)) = (&one.npi, &other.npi)
        && a != b
    {
        found.push(against("npi_differs", format!("They have different NPIs, {a} and {b}; a person has one.")));
    }
    if let (Some(a), Some(b)) = (one.birth, other.birth)
        && a != b
    {
        found.push(against("birth_differs", format!("Their birthdays differ: {a} and {b}.")));
    }
    for held in &preview.from.certifications {
        let other =
            into.certifications.iter().find(|of| of.board == held.board && of.diplomate_id != held.diplomate_id);
        if let Some(other) = other {
            let words =
                format!("{} knows them by two IDs, {} and {}.", held.board, held.diplomate_id, other.diplomate_id);
            found.push(against("two_diplomate_ids", words));
        }
    }
    if !agree(&one.first, &other.first) {
        found.push(against("first_name_differs", format!("First names differ: {} and {}.", one.first, other.first)));
    }
    if !last_names(&one).any(|name| last_names(&other).any(|other| key(name) == key(other))) {
        let words = format!("They share no last name, present or former: {} and {}.", one.last, other.last);
        found.push(against("last_name_differs", words));
    }
    if !agree(&one.middle, &other.middle) {
        found
            .push(against("middle_name_differs", format!("Middle names differ: {} and {}.", one.middle, other.middle)));
    }
    if !one.suffix.is_empty() && !other.suffix.is_empty() && key(&one.suffix) != key(&other.suffix) {
        found.push(against("suffix_differs", format!("Suffixes differ: {} and {}.", one.suffix, other.suffix)));
    }
    for held in &preview.licenses {
        if let Some(other) = into.licenses.iter().find(|of| of.state == held.state) {
            let words = format!("Two licenses in {}: {} and {}.", held.state.name(), held.number, other.number);
            found.push(against("two_licenses_in_state", words));
        }
    }
    if !preview.set_aside.is_empty() {
        let words = format!(
            "Both took part in the same activity on the same day, {}: two people may have.",
            times(preview.set_aside.len())
        );
        found.push(against("both_took_part", words));
    }
    if preview.from_account.is_some() && preview.into_account.is_some() {
        found.push(against("two_accounts", "Two people have claimed an account, one for each record.".to_owned()));
    }
    found
}

pub(super) fn against_split(preview: &Preview) -> Vec<Against> {
    let mut found = Vec::new();
    let gone = preview.licenses.len() + preview.certifications.len();
    let gone = gone + preview.double_licenses.len() + preview.double_certifications.len();
    if preview.from.licenses.len() + preview.from.certifications.len() == gone && preview.from_after.npi.is_none() {
        let words = "The first record keeps no license, certification or NPI: reports will hardly find it.";
        found.push(against("first_without_identifier", words.to_owned()));
    }
    if preview.into.is_none() && gone == 0 && preview.into_after.npi.is_none() {
        let words = "The new record gets no license, certification or NPI: reports will hardly find it.";
        found.push(against("second_without_identifier", words.to_owned()));
    }
    if !preview.set_aside.is_empty() {
        let words = format!(
            "The other record has the same activity and date already, {}: these stay where they are.",
            times(preview.set_aside.len())
        );
        found.push(against("same_activity_and_date", words));
    }
    found
}

fn times(count: usize) -> String {
    if count == 1 { "once".to_owned() } else { format!("{count} times") }
}
