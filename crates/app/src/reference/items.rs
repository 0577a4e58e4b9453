//! Items of lists: added, renamed, ended, brought back, and what was planned taken back.

use domain::reference::{Item, ItemKey, List, Rules};
use jiff::civil::Date;
use store::reference::{Entry, Kept};

use super::change::{
    Plan, fault_of_dates, fault_of_start, fault_of_text, group_label, none_or_invalid, nothing_changes,
};
use crate::error::{Error, Fault, Result};

/// What pages put between a group and a code.
const BETWEEN: &str = " | ";

fn subject(key: &ItemKey) -> String {
    format!("{}/{}", key.list.code(), key.code)
}

fn fault_of_code(list: List, code: &str) -> Option<Fault> {
    let is_capitals = |count| code.len() == count && code.bytes().all(|letter| letter.is_ascii_uppercase());
    match list {
        List::Countries if !is_capitals(3) => {
            Some(Fault::new("code", "Write the three capital letters of ISO 3166, such as USA."))
        }
        List::States if !is_capitals(2) => Some(Fault::new("code", "Write the two capital letters, such as CA.")),
        _ if code.contains(BETWEEN) => Some(Fault::new("code", "A code has no bar between spaces.")),
        _ => fault_of_text("code", code),
    }
}

/// Another item of the list that goes by this code or name, on whatever day.
fn fault_of_twin(rules: &Rules, key: &ItemKey, field: &'static str, text: &str) -> Option<Fault> {
    let is_near = |other: &&Item| other.list != List::StateTopics || other.group == key.group;
    let means = |other: &&Item| is_alike(&other.code, text) || is_alike(&other.name, text);
    let of_list = rules.items.iter().filter(|other| other.list == key.list && other.key() != *key);
    let twin = of_list.filter(is_near).find(means)?;
    Some(Fault::new(field, format!("“{}” ({}) is in the list already.", twin.name, twin.code)))
}

/// Alike for whoever reads files: case and punctuation tell nothing apart.
fn is_alike(one: &str, other: &str) -> bool {
    let letters = |text: &str| -> String {
        text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    letters(one) == letters(other)
}

pub(super) fn add(kept: &Kept, rules: &Rules, item: Item, today: Date) -> Result<Plan> {
    let name = item.name.trim().to_owned();
    let code = item.code.trim();
    let has_groups = group_label(item.list).is_some();
    let item = Item {
        group: if has_groups { item.group.trim().to_owned() } else { String::new() },
        // what people write is the code, unless somebody gives another
        code: if code.is_empty() { name.clone() } else { code.to_owned() },
        name,
        ..item
    };
    let key = item.key();
    let mut faults: Vec<Fault> = Vec::new();
    if has_groups {
        faults.extend(fault_of_text("group", &item.group));
        if item.group.contains(BETWEEN) {
            faults.push(Fault::new("group", "This has no bar between spaces."));
        }
    }
    faults.extend(fault_of_text("name", &item.name));
    if !item.name.is_empty() || !code.is_empty() {
        faults.extend(fault_of_code(item.list, &item.code));
    }
    faults.extend(fault_of_dates("until", item.valid_from, item.valid_until));
    if !kept.item(&key).is_empty() {
        faults.push(Fault::new("code", "This code is in the list already. Rename that item, or bring it back."));
    } else {
        let texts = [("name", &item.name), ("code", &item.code)];
        let distinct = if item.code == item.name { 1 } else { 2 };
        let twins = texts.into_iter().take(distinct).filter(|(_, text)| !text.is_empty());
        faults.extend(twins.filter_map(|(field, text)| fault_of_twin(rules, &key, field, text)));
    }
    none_or_invalid(faults)?;
    Ok(Plan {
        day: item.valid_from.unwrap_or(today).max(today),
        action: "reference.add_item",
        subject: subject(&key),
        detail: item.name.clone(),
        entries: vec![Entry::Item(None, key, Some(item))],
    })
}

/// The version that is in force on a day or was before it, with the day it was put for.
fn version_on<'a>(versions: &[(Option<Date>, &'a Item)], day: Date) -> Option<(Option<Date>, &'a Item)> {
    versions.iter().rev().find(|(from, _)| from.is_none_or(|from| from <= day)).copied()
}

fn begins(from: Option<Date>, item: &Item) -> Option<Date> {
    from.or(item.valid_from)
}

/// The day for which a later version is planned: two plans would get into each other's way.
fn fault_of_plans(versions: &[(Option<Date>, &Item)], field: &'static str, today: Date) -> Option<Fault> {
    let planned = versions.iter().filter_map(|(from, item)| begins(*from, item)).find(|from| *from > today)?;
    let words = format!("A change is planned for {}. Take it back first.", domain::check::us_date(planned));
    Some(Fault::new(field, words))
}

pub(super) fn rename(kept: &Kept, rules: &Rules, key: ItemKey, name: &str, from: Date, today: Date) -> Result<Plan> {
    let versions = kept.item(&key);
    let (version, item) = version_on(&versions, from).ok_or(Error::NotFound)?;
    let name = name.trim();
    let mut faults: Vec<Fault> = fault_of_text("name", name).into_iter().collect();
    faults.extend(fault_of_twin(rules, &key, "name", name));
    faults.extend(fault_of_start(from, today));
    faults.extend(fault_of_plans(&versions, "from", today));
    let in_force = Item { valid_from: begins(version, item), ..item.clone() };
    if faults.is_empty() && !in_force.in_force(from) {
        faults.push(Fault::new("from", "The item may not be chosen on that day. Bring it back first."));
    }
    none_or_invalid(faults)?;
    if item.name == name {
        return Err(nothing_changes("name"));
    }
    let detail = format!("{} to {name} from {from}", item.name);
    let renamed = Item { name: name.to_owned(), valid_from: Some(from), ..item.clone() };
    Ok(Plan {
        day: from,
        action: "reference.rename_item",
        subject: subject(&key),
        detail,
        entries: vec![Entry::Item(Some(from), key, Some(renamed))],
    })
}

pub(super) fn end(kept: &Kept, key: ItemKey, last: Date, today: Date) -> Result<Plan> {
    let versions = kept.item(&key);
    let (from, item) = version_on(&versions, last).or(versions.first().copied()).ok_or(Error::NotFound)?;
    let mut faults: Vec<Fault> = fault_of_plans(&versions, "until", today).into_iter().collect();
    let over = last.tomorrow().unwrap_or(Date::MAX);
    if over < today {
        let words = "The last day is yesterday or later: what was in force before stays as it was.";
        faults.push(Fault::new("until", words));
    }
    faults.extend(fault_of_dates("until", begins(from, item), Some(last)));
    if faults.is_empty() && item.valid_until.is_some_and(|until| until < today) {
        faults.push(Fault::new("until", "It ended already."));
    }
    none_or_invalid(faults)?;
    if item.valid_until == Some(last) {
        return Err(nothing_changes("until"));
    }
    let ended = Item { valid_until: Some(last), ..item.clone() };
    Ok(Plan {
        day: over,
        action: "reference.end_item",
        subject: subject(&key),
        detail: last.to_string(),
        entries: vec![Entry::Item(from, key, Some(ended))],
    })
}

pub(super) fn bring_back(kept: &Kept, key: ItemKey, from: Date, today: Date) -> Result<Plan> {
    let versions = kept.item(&key);
    let (version, item) = versions.last().copied().ok_or(Error::NotFound)?;
    let mut faults: Vec<Fault> = fault_of_start(from, today).into_iter().collect();
    faults.extend(fault_of_plans(&versions, "from", today));
    none_or_invalid(faults)?;
    let Some(until) = item.valid_until.filter(|until| *until < from) else { return Err(nothing_changes("from")) };
    // without a day between, it simply goes on
    let goes_on = until.tomorrow().is_ok_and(|next| next == from);
    let entry = if goes_on {
        Entry::Item(version, key.clone(), Some(Item { valid_until: None, ..item.clone() }))
    } else {
        let back = Item { valid_from: Some(from), valid_until: None, ..item.clone() };
        Entry::Item(Some(from), key.clone(), Some(back))
    };
    Ok(Plan {
        day: from,
        action: "reference.bring_back_item",
        subject: subject(&key),
        detail: from.to_string(),
        entries: vec![entry],
    })
}

/// `on` is the day on which a version begins, or the day after an item's last.
pub(super) fn take_back(kept: &Kept, key: ItemKey, on: Date, today: Date) -> Result<Plan> {
    if on <= today {
        return Err(Error::Forbidden("what is in force already is not taken back; make a new change"));
    }
    let versions = kept.item(&key);
    let begun = versions.iter().find(|(from, item)| begins(*from, item) == Some(on));
    let ends = |item: &Item| item.valid_until.and_then(|until| until.tomorrow().ok()) == Some(on);
    let entry = match (begun, versions.last()) {
        (Some((from, _)), _) => Entry::Item(*from, key.clone(), None),
        (None, Some((from, item))) if ends(item) => {
            Entry::Item(*from, key.clone(), Some(Item { valid_until: None, ..(*item).clone() }))
        }
        _ => return Err(Error::NotFound),
    };
    Ok(Plan {
        day: on,
        action: "reference.take_back_item",
        subject: subject(&key),
        detail: on.to_string(),
        entries: vec![entry],
    })
}
