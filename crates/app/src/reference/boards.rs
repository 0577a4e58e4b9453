//! A certifying board's rules: each change is a version of the whole, in force from its own day on.

use domain::Board;
use domain::reference::{BoardRules, CreditType};
use jiff::civil::Date;
use store::reference::{BoardVersion, Entry, Kept};

use super::change::{Plan, fault_of_dates, fault_of_start, fault_of_text, none_or_invalid, nothing_changes};
use crate::error::{Error, Fault, Result};

/// The most credit types or practice areas of a board.
const LINES_MOST: usize = 200;

pub(super) fn put(
    kept: &Kept,
    rules: BoardRules,
    from: Option<Date>,
    until: Option<Date>,
    today: Date,
) -> Result<Plan> {
    let rules = tidied(rules);
    let versions = kept.board(rules.code);
    let own = versions.iter().find(|(first, ..)| *first == from);
    let mut faults = faults_of(&rules);
    faults.extend(fault_of_dates("until", from, until));
    if own.is_none() {
        faults.extend(fault_of_start(from.unwrap_or(Date::MIN), today));
    }
    none_or_invalid(faults)?;
    let first = from.unwrap_or(Date::MIN);
    let before = versions.iter().rev().find(|(from, ..)| from.unwrap_or(Date::MIN) <= first);
    if before.is_some_and(|(_, last, stands)| **stands == rules && *last == until) {
        return Err(nothing_changes("from"));
    }
    let detail = match from {
        Some(from) => format!("from {from}"),
        None => "those of ever".to_owned(),
    };
    Ok(Plan {
        day: first.max(today),
        action: "reference.put_board",
        subject: format!("boards/{}", rules.code),
        detail,
        entries: vec![Entry::Board(from, BoardVersion { code: rules.code, until, rules: Some(rules) })],
    })
}

fn tidied(rules: BoardRules) -> BoardRules {
    let tidy = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let credit_types = rules.credit_types.into_iter().map(|one| CreditType { name: tidy(one.name), ..one });
    BoardRules {
        label: tidy(rules.label),
        name: tidy(rules.name),
        credit_types: credit_types.collect(),
        practice_areas: rules.practice_areas.into_iter().map(tidy).collect(),
        type_apart: rules.type_apart.map(tidy).filter(|name| !name.is_empty()),
        ..rules
    }
}

fn faults_of(rules: &BoardRules) -> Vec<Fault> {
    let mut faults: Vec<Fault> = Vec::new();
    faults.extend(fault_of_text("label", &rules.label));
    if !rules.label.is_empty() && Board::read(&rules.label) != Some(rules.code) {
        let words =
            format!("This is how the board writes its code {}: the same letters, in capitals or not.", rules.code);
        faults.push(Fault::new("label", words));
    }
    faults.extend(fault_of_text("name", &rules.name));
    if rules.credit_types.is_empty() {
        faults.push(Fault::new("credit_types", "A board takes at least one credit type."));
    }
    for credit_type in &rules.credit_types {
        faults.extend(fault_of_text("credit_types", &credit_type.name));
        faults.extend(fault_of_dates("credit_types", credit_type.valid_from, credit_type.valid_until));
    }
    if let Some(apart) = &rules.type_apart {
        let is_listed = rules.credit_types.iter().any(|credit_type| credit_type.name == *apart);
        if !is_listed || rules.credit_types.len() < 2 {
            let words = "Write it as in the list of credit types, which needs another one beside it.";
            faults.push(Fault::new("type_apart", words));
        }
    }
    for area in &rules.practice_areas {
        faults.extend(fault_of_text("practice_areas", area));
    }
    if has_twice(rules.credit_types.iter().map(|credit_type| &credit_type.name)) {
        faults.push(Fault::new("credit_types", "Name each credit type once."));
    }
    if has_twice(rules.practice_areas.iter()) {
        faults.push(Fault::new("practice_areas", "Name each practice area once."));
    }
    for (field, count) in [("credit_types", rules.credit_types.len()), ("practice_areas", rules.practice_areas.len())] {
        if count > LINES_MOST {
            faults.push(Fault::new(field, format!("Write at most {LINES_MOST} lines.")));
        }
    }
    faults.dedup();
    faults
}

fn has_twice<'a>(names: impl Iterator<Item = &'a String>) -> bool {
    let mut folded: Vec<String> = names.map(|name| name.trim().to_lowercase()).collect();
    let count = folded.len();
    folded.sort_unstable();
    folded.dedup();
    folded.len() < count
}

/// Takes back a version that is planned for a later day.
pub(super) fn take_back(kept: &Kept, code: Board, from: Date, today: Date) -> Result<Plan> {
    if !kept.board(code).iter().any(|(first, ..)| *first == Some(from)) {
        return Err(Error::NotFound);
    }
    if from <= today {
        return Err(Error::Forbidden("rules that are in force already are not taken back; put new ones"));
    }
    Ok(Plan {
        day: from,
        action: "reference.take_back_board",
        subject: format!("boards/{code}"),
        detail: from.to_string(),
        entries: vec![Entry::Board(Some(from), BoardVersion { code, until: None, rules: None })],
    })
}
