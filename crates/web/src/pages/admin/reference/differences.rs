//! Versions of an item, a board or a setting as lines of label and value, and in which lines two of them
//! differ. Of long lists only what differs is shown.

use domain::check::us_date;
use domain::reference::{BoardRules, CreditType, Item, ItemKey, Reference};
use domain::requirement::{self, Requirement};
use domain::{Board, State};
use jiff::civil::Date;
use store::reference::{Entry, Kept};

use super::setting_words;
use super::words::group_label;

/// One line of a version. A list has a value for each of its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::pages) struct Fact {
    pub(in crate::pages) label: &'static str,
    pub(in crate::pages) values: Vec<String>,
    is_list: bool,
}

impl Fact {
    fn one(label: &'static str, value: impl Into<String>) -> Self {
        Self { label, values: vec![value.into()], is_list: false }
    }

    fn list(label: &'static str, values: Vec<String>) -> Self {
        Self { label, values, is_list: true }
    }
}

/// A line in which two versions differ; of lists what only one of them has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::pages) struct Difference {
    pub(in crate::pages) label: &'static str,
    pub(in crate::pages) before: String,
    pub(in crate::pages) after: String,
}

pub(in crate::pages) fn differences(before: &[Fact], after: &[Fact]) -> Vec<Difference> {
    let labels = before.iter().chain(after.iter().filter(|fact| !before.iter().any(|one| one.label == fact.label)));
    let of = |facts: &[Fact], label| facts.iter().find(|fact| fact.label == label).cloned();
    let difference = |fact: &Fact| {
        let (before, after) = (of(before, fact.label), of(after, fact.label));
        if before == after {
            return None;
        }
        let values = |fact: Option<Fact>| fact.map(|fact| fact.values).unwrap_or_default();
        let (before, after) = (values(before), values(after));
        let only = |own: &[String], other: &[String]| -> String {
            let own = own.iter().filter(|value| !fact.is_list || !other.contains(value));
            own.map(String::as_str).collect::<Vec<_>>().join("; ")
        };
        let (gone, new) = (only(&before, &after), only(&after, &before));
        let is_order_alone = gone.is_empty() && new.is_empty();
        let (gone, new) = if is_order_alone { (before.join("; "), after.join("; ")) } else { (gone, new) };
        Some(Difference { label: fact.label, before: gone, after: new })
    };
    labels.filter_map(difference).collect()
}

fn day(day: Option<Date>, none: &str) -> String {
    day.map_or_else(|| none.to_owned(), us_date)
}

pub(in crate::pages) fn of_item(from: Option<Date>, item: &Item) -> Vec<Fact> {
    let mut facts = vec![Fact::one("Name", &item.name)];
    if item.code != item.name {
        facts.push(Fact::one("Code", &item.code));
    }
    if let Some(label) = group_label(item.list) {
        facts.push(Fact::one(label, &item.group));
    }
    facts.push(Fact::one("First day", day(from.or(item.valid_from), "Any day")));
    facts.push(Fact::one("Last day", day(item.valid_until, "None")));
    facts
}

pub(in crate::pages) fn of_board(rules: &BoardRules, until: Option<Date>) -> Vec<Fact> {
    let yes_no = |holds: bool| if holds { "Yes" } else { "No" };
    vec![
        Fact::one("Name", &rules.name),
        Fact::one("Code as written", &rules.label),
        Fact::list("Credit types", rules.credit_types.iter().map(credit_type).collect()),
        Fact::list("Practice areas", rules.practice_areas.clone()),
        Fact::one("Points equal the CME credits", yes_no(rules.points_equal_credit)),
        Fact::one("One completion per diplomate, activity and date", yes_no(rules.once_per_date)),
        Fact::one("Credit type in a record of its own", rules.type_apart.as_deref().unwrap_or("None")),
        Fact::one("Diplomate ID may be left out", yes_no(rules.diplomate_id_optional)),
        Fact::one("First completion date", day(rules.completed_from, "Any day")),
        Fact::one("First start of an activity", day(rules.activity_starts_from, "Any day")),
        Fact::one("Takes part until", day(until, "Further notice")),
    ]
}

pub(in crate::pages) fn credit_type(credit_type: &CreditType) -> String {
    let name = &credit_type.name;
    match (credit_type.valid_from, credit_type.valid_until) {
        (None, None) => name.clone(),
        (Some(from), None) => format!("{name} (from {})", us_date(from)),
        (None, Some(until)) => format!("{name} (until {})", us_date(until)),
        (Some(from), Some(until)) => format!("{name} ({} to {})", us_date(from), us_date(until)),
    }
}

/// What an entry is about.
enum Subject<'a> {
    Item(&'a ItemKey),
    Board(Board),
    Setting(&'a str),
    Requirement(State),
}

fn subject(entry: &Entry) -> (Subject<'_>, Date) {
    let (subject, from) = match entry {
        Entry::Item(from, key, _) => (Subject::Item(key), from),
        Entry::Board(from, version) => (Subject::Board(version.code), from),
        Entry::Setting(from, name, _) => (Subject::Setting(name), from),
        Entry::Requirement(from, state, _) => (Subject::Requirement(*state), from),
    };
    (subject, from.unwrap_or(Date::MIN))
}

/// The version that holds on a day, or was the last before it.
fn facts(kept: &Kept, subject: &Subject<'_>, day: Date) -> Vec<Fact> {
    let is_begun = |from: Option<Date>| from.is_none_or(|from| from <= day);
    match subject {
        Subject::Item(key) => {
            let versions = kept.item(key);
            let found = versions.iter().rev().find(|(from, _)| is_begun(*from));
            found.map(|(from, item)| of_item(*from, item)).unwrap_or_default()
        }
        Subject::Board(code) => {
            let versions = kept.board(*code);
            let found = versions.iter().rev().find(|(from, ..)| is_begun(*from));
            found.map(|(_, until, rules)| of_board(rules, *until)).unwrap_or_default()
        }
        Subject::Setting(name) => {
            let values = kept.setting(name);
            let found = values.iter().rev().find(|(from, _)| is_begun(*from));
            let label = setting_words::label_of(name);
            found.map(|(_, value)| vec![Fact::one(label, setting_words::shown(name, value))]).unwrap_or_default()
        }
        Subject::Requirement(state) => {
            let versions = kept.requirement(*state);
            let found = versions.iter().rev().find(|(from, _)| is_begun(*from));
            // topics by the names that they have for good
            found.map(|(_, version)| of_requirement(version, &Reference::default())).unwrap_or_default()
        }
    }
}

/// What a board asks for, in the order of its page.
pub(in crate::pages) fn of_requirement(of: &Requirement, reference: &Reference) -> Vec<Fact> {
    let hours = match of.hours.is_zero() {
        true => "No number".to_owned(),
        false => of.hours.fixed(),
    };
    let statuses = |words: &[String], none: &str| if words.is_empty() { none.to_owned() } else { words.join(", ") };
    let mut facts = vec![
        Fact::one("Hours in each cycle", hours),
        Fact::one("Cycle", requirement::cycle_words(of.cycle)),
        Fact::list("Topics", of.topics.iter().map(|topic| requirement::minimum_words(topic, reference)).collect()),
        Fact::list("Caps", of.caps.iter().map(requirement::cap_words).collect()),
        Fact::one("Carried over", requirement::carry_words(of)),
        Fact::one("First renewal", requirement::first_renewal_words(of.first_renewal)),
        Fact::one("Days of grace", of.grace_days.to_string()),
        Fact::one("Certification that stands for the hours", statuses(&of.certified_statuses, "None")),
        Fact::one("License of which nothing is asked", statuses(&of.exempt_statuses, "None")),
    ];
    if !of.note.is_empty() {
        facts.push(Fact::one("Note", &of.note));
    }
    facts
}

/// What an entry makes different from its day on, beside what was kept; it is kept afterwards.
pub(in crate::pages) fn put(kept: &mut Kept, entry: &Entry) -> Vec<Difference> {
    let (subject, day) = subject(entry);
    let before = facts(kept, &subject, day);
    kept.put(entry.clone());
    differences(&before, &facts(kept, &subject, day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_lists_only_what_differs_is_shown() {
        let list = |values: &[&str]| vec![Fact::list("Areas", values.iter().map(|one| (*one).to_owned()).collect())];
        let found = differences(&list(&["a", "b"]), &list(&["b", "c"]));
        assert_eq!((found[0].before.as_str(), found[0].after.as_str()), ("a", "c"));
        let turned = differences(&list(&["a", "b"]), &list(&["b", "a"]));
        assert_eq!((turned[0].before.as_str(), turned[0].after.as_str()), ("a; b", "b; a"));
        assert!(differences(&list(&["a"]), &list(&["a"])).is_empty());
        let one = |value: &str| vec![Fact::one("Name", value)];
        let first = differences(&[], &one("x"));
        assert_eq!((first[0].before.as_str(), first[0].after.as_str()), ("", "x"));
    }
}
