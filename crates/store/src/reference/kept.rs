//! The newest entry of each key, from which the rules are made. It is a value: what a change would make
//! of the rules is asked of a copy before anything is written.

use std::collections::BTreeMap;

use domain::reference::{BoardRules, Dated, Item, ItemKey, Rules, Settings};
use domain::requirement::Requirement;
use domain::{Board, State};
use jiff::civil::Date;

use super::{BoardVersion, Entry, SETTINGS};
use crate::error::Result;
use crate::values::{at, from_json, json};

/// All that counts of what was ever put.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Kept {
    items: BTreeMap<ItemKey, BTreeMap<Option<Date>, Option<Item>>>,
    boards: BTreeMap<Board, BTreeMap<Option<Date>, BoardVersion>>,
    settings: BTreeMap<(Option<Date>, String), Option<serde_json::Value>>,
    requirements: BTreeMap<State, BTreeMap<Option<Date>, Option<Requirement>>>,
}

impl Kept {
    /// The entry takes the place of the one with its key.
    pub fn put(&mut self, entry: Entry) {
        match entry {
            Entry::Item(from, key, item) => drop(self.items.entry(key).or_default().insert(from, item)),
            Entry::Board(from, version) => drop(self.boards.entry(version.code).or_default().insert(from, version)),
            Entry::Setting(from, name, value) => drop(self.settings.insert((from, name), value)),
            Entry::Requirement(from, state, value) => {
                self.requirements.entry(state).or_default().insert(from, value);
            }
        }
    }

    /// The versions of an item by the day they were put for, the first (`None`) before the others.
    pub fn item(&self, key: &ItemKey) -> Vec<(Option<Date>, &Item)> {
        let versions = self.items.get(key).into_iter().flatten();
        versions.filter_map(|(from, item)| Some((*from, item.as_ref()?))).collect()
    }

    /// The versions of a board's rules by their first day.
    pub fn board(&self, code: Board) -> Vec<(Option<Date>, Option<Date>, &BoardRules)> {
        let versions = self.boards.get(&code).into_iter().flatten();
        versions.filter_map(|(from, version)| Some((*from, version.until, version.rules.as_ref()?))).collect()
    }

    /// The values that a setting was given, by their first day.
    pub fn setting(&self, name: &str) -> Vec<(Option<Date>, &serde_json::Value)> {
        let of_name = self.settings.iter().filter(|((_, other), _)| other == name);
        of_name.filter_map(|((from, _), value)| Some((*from, value.as_ref()?))).collect()
    }

    /// The versions of a state's requirement by their first day.
    pub fn requirement(&self, state: State) -> Vec<(Option<Date>, &Requirement)> {
        let versions = self.requirements.get(&state).into_iter().flatten();
        versions.filter_map(|(from, value)| Some((*from, value.as_ref()?))).collect()
    }

    pub fn rules(&self) -> Result<Rules> {
        let boards = self.boards.values().flatten().filter_map(|(from, version)| {
            let value = version.rules.clone()?;
            Some(Dated { from: from.unwrap_or(Date::MIN), until: version.until, value })
        });
        let items = self.items.keys().flat_map(|key| stretches(&self.item(key)));
        let requirements = self.requirements.values().flatten().filter_map(|(from, value)| {
            Some(Dated { from: from.unwrap_or(Date::MIN), until: None, value: value.clone()? })
        });
        let rules = Rules::new(boards.collect(), self.versions_of_settings()?, items.collect());
        Ok(rules.with_requirements(requirements))
    }

    /// The settings as they stand from each day on which one of them changes. Those that a later release
    /// has added stand at their default until they are set.
    fn versions_of_settings(&self) -> Result<Vec<Dated<Settings>>> {
        let place = || at("reference_entry", "value", &SETTINGS);
        let mut fields: BTreeMap<String, serde_json::Value> = from_json(&json(&Settings::default())?, place())?;
        let mut versions: Vec<Dated<Settings>> = vec![Dated::always(Settings::default())];
        for ((from, name), value) in &self.settings {
            if let (Some(field), Some(value)) = (fields.get_mut(name), value) {
                field.clone_from(value);
            }
            let settings: Settings = from_json(&json(&fields)?, place())?;
            let from = from.unwrap_or(Date::MIN);
            match versions.last_mut() {
                Some(last) if last.from == from => last.value = settings,
                _ => versions.push(Dated { from, until: None, value: settings }),
            }
        }
        Ok(versions)
    }
}

/// Each version of an item for the days on which it is in force: until its last day or the next version.
fn stretches(versions: &[(Option<Date>, &Item)]) -> Vec<Item> {
    let mut list = Vec::with_capacity(versions.len());
    for (place, (from, item)) in versions.iter().enumerate() {
        let next = versions.get(place + 1).and_then(|(next, _)| *next).and_then(|next| next.yesterday().ok());
        let valid_from = from.or(item.valid_from);
        let valid_until = [item.valid_until, next].into_iter().flatten().min();
        if valid_from.zip(valid_until).is_none_or(|(from, until)| from <= until) {
            list.push(Item { valid_from, valid_until, ..(*item).clone() });
        }
    }
    list
}

#[cfg(test)]
mod tests {
    use domain::reference::List;
    use jiff::civil::date;

    use super::*;

    fn item(name: &str, until: Option<Date>) -> Item {
        let (group, code) = (String::new(), "x".to_owned());
        Item { list: List::Specialties, group, code, name: name.into(), valid_from: None, valid_until: until }
    }

    #[test]
    fn a_version_holds_until_its_last_day_or_the_next_and_one_taken_back_leaves_no_gap() {
        let mut kept = Kept::default();
        let key = item("", None).key();
        let day = |month| Some(date(2027, month, 1));
        kept.put(Entry::Item(None, key.clone(), Some(item("Old", None))));
        kept.put(Entry::Item(day(3), key.clone(), Some(item("New", Some(date(2027, 5, 31))))));
        kept.put(Entry::Item(day(9), key.clone(), Some(item("Back", None))));
        let shown = |kept: &Kept| -> Vec<(String, Option<Date>, Option<Date>)> {
            let items = kept.rules().unwrap().items;
            let mut list: Vec<_> = items.into_iter().map(|one| (one.name, one.valid_from, one.valid_until)).collect();
            list.sort_by_key(|(_, from, _)| *from);
            list
        };
        let all = [
            ("Old".into(), None, Some(date(2027, 2, 28))),
            ("New".into(), day(3), Some(date(2027, 5, 31))),
            ("Back".into(), day(9), None),
        ];
        assert_eq!(shown(&kept), all);
        kept.put(Entry::Item(day(3), key.clone(), None));
        assert_eq!(shown(&kept), [("Old".into(), None, Some(date(2027, 8, 31))), all[2].clone()]);
        kept.put(Entry::Item(None, key, None));
        assert_eq!(shown(&kept), [all[2].clone()]);
    }
}
