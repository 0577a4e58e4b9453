//! The activity's form as it was typed: names and values in their order, so that whatever comes back
//! holds every letter. `reading` makes an activity of it, `showing` the other way around.
//!
//! Repeated fields are lines: `support_source_0`, `support_dollars_0`, `support_source_1` ...

use domain::activity::FIELDS;

/// Names and values in the order of the form. A name may come several times.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Typed(pub(super) Vec<(String, String)>);

/// Lines that a form without scripts has room for beyond those that are used.
const SPARE_LINES: usize = 2;
/// Lines that are read at all.
const MOST_LINES: usize = 300;

/// Names of each kind of line.
pub(super) const SUPPORT: [&str; 2] = ["support_source", "support_dollars"];
pub(super) const OTHER_CREDIT: [&str; 2] = ["other_credit_kind", "other_credit_amount"];
pub(super) const BREAKDOWN: [&str; 2] = ["breakdown_profession", "breakdown_count"];
pub(super) const OUTLINE: [&str; 3] = ["outline_source", "outline_keyword", "outline_value"];
pub(super) const RECERTIFICATION: [&str; 2] = ["pharmacy_audience", "pharmacy_requirement"];

/// What is between a state topic's domain and the topic, as one choice.
pub(super) const IN_DOMAIN: &str = " | ";

/// Beginnings of names that belong to a field of another key.
const PARTS: [(&str, &str); 6] = [
    ("support_", "support"),
    ("other_credit_", "other_credits"),
    ("breakdown_", "other_breakdown"),
    ("outline_", "outlines"),
    ("pharmacy_", "pharmacy"),
    ("rems_", "rems"),
];

/// The key of the field that a name belongs to; empty for what is no part of an activity.
fn key_of(name: &str) -> &str {
    if FIELDS.iter().any(|(key, _)| *key == name) {
        return name;
    }
    PARTS.iter().find(|(beginning, _)| name.starts_with(beginning)).map_or("", |(_, key)| key)
}

impl Typed {
    pub(super) fn new(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// What stands in a field; empty if it is not there.
    pub(super) fn get(&self, field: &str) -> &str {
        self.0.iter().find(|(name, _)| name == field).map_or("", |(_, given)| given.as_str())
    }

    /// Everything that was ticked under a name.
    pub(super) fn all<'a>(&'a self, field: &str) -> impl Iterator<Item = &'a str> {
        let field = field.to_owned();
        self.0.iter().filter(move |(name, _)| *name == field).map(|(_, given)| given.as_str())
    }

    pub(super) fn has(&self, field: &str, choice: &str) -> bool {
        self.all(field).any(|given| given == choice)
    }

    /// Lines up to the last one with something in it.
    pub(super) fn lines<const N: usize>(&self, names: [&str; N]) -> Vec<[String; N]> {
        let mut lines: Vec<[String; N]> = Vec::new();
        for (name, given) in self.0.iter().filter(|(_, given)| !given.is_empty()) {
            let Some((beginning, number)) = name.rsplit_once('_') else { continue };
            let Some(column) = names.iter().position(|known| *known == beginning) else { continue };
            let Some(number) = number.parse::<usize>().ok().filter(|number| *number < MOST_LINES) else { continue };
            while lines.len() <= number {
                lines.push(std::array::from_fn(|_| String::new()));
            }
            if let Some(cell) = lines.get_mut(number).and_then(|line| line.get_mut(column)) {
                cell.clone_from(given);
            }
        }
        lines
    }

    /// The same with room for more.
    pub(super) fn lines_and_room<const N: usize>(&self, names: [&str; N]) -> Vec<[String; N]> {
        let mut lines = self.lines(names);
        for _ in 0..SPARE_LINES {
            lines.push(std::array::from_fn(|_| String::new()));
        }
        lines
    }

    /// The fields of the activity, for keeping: nothing of how they were sent.
    pub(super) fn fields(&self) -> Vec<(String, String)> {
        let of_activity = |(name, given): &&(String, String)| !key_of(name).is_empty() && !given.is_empty();
        self.0.iter().filter(of_activity).cloned().collect()
    }

    /// Whether somebody typed something beyond what a blank form holds.
    pub(super) fn is_begun(&self) -> bool {
        self.fields().iter().any(|(name, given)| name != "country" && !given.trim().is_empty())
    }

    /// The words of fields that differ.
    pub(super) fn differences(&self, other: &Typed) -> Vec<&'static str> {
        let of = |typed: &Typed, key: &str| {
            let mut all: Vec<(String, String)> =
                typed.fields().into_iter().filter(|(name, _)| key_of(name) == key).collect();
            all.sort_unstable();
            all
        };
        FIELDS.iter().filter(|(key, _)| of(self, key) != of(other, key)).map(|(_, words)| *words).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(list: &[(&str, &str)]) -> Typed {
        Typed::new(list.iter().map(|(name, given)| ((*name).to_owned(), (*given).to_owned())).collect())
    }

    #[test]
    fn differences_are_named_in_the_words_of_the_page() {
        let stored = pairs(&[("title", "A"), ("deliveries", "online"), ("city", ""), ("version", "1")]);
        let typed =
            pairs(&[("title", "B"), ("support_source_0", "Acme"), ("rems_identifier", "EG-1"), ("version", "2")]);
        assert_eq!(typed.differences(&stored), ["Title", "Delivery", "Sources of support", "REMS"]);
    }

    #[test]
    fn lines_keep_their_places_and_a_hostile_number_makes_no_memory() {
        let typed =
            pairs(&[("support_dollars_1", "5"), ("support_source_99999999999", "x"), ("support_source_300", "y")]);
        assert_eq!(typed.lines(SUPPORT), [["", ""], ["", "5"]]);
        assert_eq!(typed.lines_and_room(SUPPORT).len(), 4);
    }

    #[test]
    fn a_blank_form_is_not_begun() {
        assert!(!pairs(&[("country", "USA"), ("title", " "), ("version", "0"), ("nonsense", "x")]).is_begun());
        assert!(pairs(&[("other_credit_kind_0", "Nursing")]).is_begun());
    }
}
