//! Reference data: the rules that may change next year, as values with dates.
//!
//! Seeded from files of the repository, kept in tables, edited by the accreditor; nothing in the
//! code knows the name of a board. A [`Reference`] holds past and future versions too and answers
//! what is in force on a date, so a change with a future date takes effect by itself.

mod board;
mod lists;
mod settings;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::civil::Date;

pub use board::{BoardRules, CreditType};
pub use lists::{Item, ItemKey, List};
pub use settings::Settings;

use crate::activity::choices::folded;
use crate::requirement::Requirement;
use crate::{Board, State};

/// A version with the days on which it is in force, both included. A later `from` replaces an earlier
/// one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dated<T> {
    pub from: Date,
    pub until: Option<Date>,
    pub value: T,
}

impl<T> Dated<T> {
    /// In force since ever.
    pub fn always(value: T) -> Self {
        Self { from: Date::MIN, until: None, value }
    }

    fn holds_during(&self, first: Date, last: Date) -> bool {
        self.from <= last && self.until.is_none_or(|until| first <= until)
    }
}

/// All versions, as the tables hold them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rules {
    /// By board, then `from`.
    pub boards: Vec<Dated<BoardRules>>,
    /// By `from`; each holds until the next.
    pub settings: Vec<Dated<Settings>>,
    /// By list, then name.
    pub items: Vec<Item>,
    /// What licensing boards ask of their licensees, by `from`; each holds until the next.
    pub requirements: BTreeMap<State, Vec<Dated<Requirement>>>,
    /// Items by list and folded code, then by folded name.
    index: HashMap<(List, String), Vec<usize>>,
    standard: Settings,
}

impl Rules {
    pub fn new(mut boards: Vec<Dated<BoardRules>>, mut settings: Vec<Dated<Settings>>, mut items: Vec<Item>) -> Self {
        boards.sort_by_key(|version| (version.value.code, version.from));
        settings.sort_by_key(|version| version.from);
        items.sort_by(|a, b| (a.list, &a.group, &a.name).cmp(&(b.list, &b.group, &b.name)));
        let mut index: HashMap<(List, String), Vec<usize>> = HashMap::new();
        for (place, item) in items.iter().enumerate() {
            let mut keys = vec![folded(&item.code), folded(&item.name)];
            keys.dedup();
            for key in keys {
                index.entry((item.list, key)).or_default().push(place);
            }
        }
        Self { boards, settings, items, index, requirements: BTreeMap::new(), standard: Settings::default() }
    }

    /// With the requirements of licensing boards.
    #[must_use]
    pub fn with_requirements(mut self, requirements: impl IntoIterator<Item = Dated<Requirement>>) -> Self {
        for version in requirements {
            self.requirements.entry(version.value.state).or_default().push(version);
        }
        self.requirements.values_mut().for_each(|versions| versions.sort_by_key(|version| version.from));
        self
    }
}

/// Everything the checks compare with, seen from one day. Cloning shares it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reference {
    today: Date,
    rules: Arc<Rules>,
}

impl Reference {
    pub fn new(rules: Arc<Rules>, today: Date) -> Self {
        Self { today, rules }
    }

    /// Boards and settings that were always in force and no lists, for tests and tools.
    pub fn always(boards: Vec<BoardRules>, settings: Settings) -> Self {
        let boards = boards.into_iter().map(Dated::always).collect();
        Self::new(Arc::new(Rules::new(boards, vec![Dated::always(settings)], Vec::new())), Date::default())
    }

    /// The day from which it is seen.
    pub fn today(&self) -> Date {
        self.today
    }

    /// All versions, past and future, for the accreditor's editor.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Boards that take part today, in the order of their codes.
    pub fn boards(&self) -> impl Iterator<Item = &BoardRules> {
        self.boards_on(self.today)
    }

    pub fn boards_on(&self, day: Date) -> impl Iterator<Item = &BoardRules> {
        let versions = &self.rules.boards;
        versions.chunk_by(|a, b| a.value.code == b.value.code).filter_map(move |of_one| in_force(of_one, day, day))
    }

    /// A board as of today or, if it takes no part today, as it was known last: credit of its time is
    /// still shown by its name.
    pub fn board(&self, code: Board) -> Option<&BoardRules> {
        let versions = self.versions(code);
        let known = versions.iter().rev().find(|version| version.from <= self.today).or(versions.first());
        in_force(versions, self.today, self.today).or(known.map(|version| &version.value))
    }

    /// A board's rules on a day; none if it took no part then.
    pub fn board_on(&self, code: Board, day: Date) -> Option<&BoardRules> {
        self.board_during(code, day, day)
    }

    /// The latest rules of a board that are in force on some of these days.
    pub fn board_during(&self, code: Board, first: Date, last: Date) -> Option<&BoardRules> {
        in_force(self.versions(code), first, last)
    }

    /// All rules of a board that are in force on some of these days, each with the first and last of
    /// the days that it holds.
    pub fn boards_during(
        &self,
        code: Board,
        first: Date,
        last: Date,
    ) -> impl Iterator<Item = (&BoardRules, Date, Date)> {
        let versions = self.versions(code);
        versions.iter().enumerate().filter_map(move |(place, version)| {
            let next = versions.get(place + 1).and_then(|next| next.from.yesterday().ok());
            let ends = [version.until, next].into_iter().flatten().fold(last, Date::min);
            let begins = version.from.max(first);
            (begins <= ends).then_some((&version.value, begins, ends))
        })
    }

    fn versions(&self, code: Board) -> &[Dated<BoardRules>] {
        let all = &self.rules.boards;
        let first = all.partition_point(|version| version.value.code < code);
        let count = all[first..].partition_point(|version| version.value.code == code);
        &all[first..first + count]
    }

    /// A board's own spelling of its code.
    pub fn board_label(&self, code: Board) -> String {
        self.board(code).map_or_else(|| code.to_string(), |board| board.label.clone())
    }

    /// Today's deadlines and limits.
    pub fn settings(&self) -> &Settings {
        self.settings_on(self.today)
    }

    pub fn settings_on(&self, day: Date) -> &Settings {
        in_force(&self.rules.settings, day, day).unwrap_or(&self.rules.standard)
    }

    /// The items of a list that are in force today, by group and name.
    pub fn items(&self, list: List) -> impl Iterator<Item = &Item> {
        self.items_on(list, self.today)
    }

    pub fn items_on(&self, list: List, day: Date) -> impl Iterator<Item = &Item> {
        self.rules.items.iter().filter(move |item| item.list == list && item.in_force(day))
    }

    /// The item that a text means: its code or its name, in any case and punctuation. One in force
    /// today comes before one that is over.
    pub fn find(&self, list: List, text: &str) -> Option<&Item> {
        let found = || self.named(list, text);
        found().find(|item| item.in_force(self.today)).or_else(|| found().next())
    }

    /// As [`Reference::find`], within a group.
    pub fn find_in(&self, list: List, group: &str, text: &str) -> Option<&Item> {
        let group = folded(group);
        let found = || self.named(list, text).filter(|item| folded(&item.group) == group);
        found().find(|item| item.in_force(self.today)).or_else(|| found().next())
    }

    /// All versions of a state's requirement; none if the state has no rules on record. Which of them a cycle is
    /// judged by is [`crate::requirement::governing`].
    pub fn requirements(&self, state: State) -> &[Dated<Requirement>] {
        self.rules.requirements.get(&state).map_or(&[], Vec::as_slice)
    }

    /// The version in force today, as a page tells it.
    pub fn requirement(&self, state: State) -> Option<&Dated<Requirement>> {
        self.requirements(state).iter().rev().find(|version| version.from <= self.today)
    }

    fn named(&self, list: List, text: &str) -> impl Iterator<Item = &Item> {
        let places = self.rules.index.get(&(list, folded(text))).map_or(&[][..], Vec::as_slice);
        places.iter().filter_map(|place| self.rules.items.get(*place))
    }

    /// Whether a list has an item of exactly this code, in force on some of these days. An empty
    /// group is any group. A list without any item allows everything: it was never filled.
    pub fn has_during(&self, list: List, group: &str, code: &str, first: Date, last: Date) -> bool {
        let mut found =
            self.named(list, code).filter(|item| item.code == code && (group.is_empty() || item.group == group));
        found.any(|item| item.in_force_during(first, last)) || !self.rules.items.iter().any(|item| item.list == list)
    }

    /// The name of a code today, or as it was last; the code itself if it is not in the list.
    pub fn name_of(&self, list: List, code: &str) -> String {
        let exact = || self.named(list, code).filter(|item| item.code == code);
        let known = || exact().filter(|item| item.valid_from.is_none_or(|from| from <= self.today));
        let found =
            exact().find(|item| item.in_force(self.today)).or_else(|| known().max_by_key(|item| item.valid_from));
        found.or_else(|| exact().next()).map_or_else(|| code.to_owned(), |item| item.name.clone())
    }
}

/// The latest version that is in force on some of these days.
fn in_force<T>(versions: &[Dated<T>], first: Date, last: Date) -> Option<&T> {
    let (place, version) = versions.iter().enumerate().rev().find(|(_, version)| version.from <= last)?;
    // a later version ends an earlier one, but days before it still belong to that one
    if version.holds_during(first, last) {
        return Some(&version.value);
    }
    let earlier = versions.get(..place)?;
    if first < version.from { in_force(earlier, first, version.from.yesterday().ok()?) } else { None }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn board(code: &str, label: &str) -> BoardRules {
        BoardRules {
            code: Board::read(code).unwrap(),
            label: label.into(),
            name: label.into(),
            credit_types: vec![],
            practice_areas: vec![],
            diplomate_id_optional: false,
            points_equal_credit: false,
            once_per_date: false,
            type_apart: None,
            completed_from: None,
            activity_starts_from: None,
        }
    }

    fn item(code: &str, name: &str, until: Option<Date>) -> Item {
        let group = String::new();
        Item {
            list: List::Outcomes,
            group,
            code: code.into(),
            name: name.into(),
            valid_from: Some(date(2021, 1, 1)),
            valid_until: until,
        }
    }

    fn reference(today: Date) -> Reference {
        let boards = vec![
            Dated { from: date(2027, 1, 1), until: None, value: board("ABX", "new") },
            Dated { from: Date::MIN, until: None, value: board("ABX", "old") },
            Dated { from: date(2020, 1, 1), until: Some(date(2025, 12, 31)), value: board("ABY", "past") },
        ];
        let later = Settings { locked_year: 2026, ..Settings::default() };
        let settings =
            vec![Dated::always(Settings::default()), Dated { from: date(2027, 5, 1), until: None, value: later }];
        let items = vec![
            item("knowledge", "Learner Knowledge", None),
            item("old", "Learner Opinion", Some(date(2024, 12, 31))),
        ];
        Reference::new(Arc::new(Rules::new(boards, settings, items)), today)
    }

    #[test]
    fn a_change_with_a_future_date_takes_effect_on_its_day() {
        let label = |today: Date| reference(today).board_label(Board::read("ABX").unwrap());
        assert_eq!((label(date(2026, 12, 31)), label(date(2027, 1, 1))), ("old".into(), "new".into()));
        let locked = |today: Date| reference(today).settings().locked_year;
        assert_eq!((locked(date(2027, 4, 30)), locked(date(2027, 5, 1))), (0, 2026));
    }

    #[test]
    fn what_was_in_force_on_a_date_stays_answerable() {
        let reference = reference(date(2027, 6, 1));
        let (new, past) = (Board::read("ABX").unwrap(), Board::read("ABY").unwrap());
        assert_eq!(reference.board_on(new, date(2026, 6, 1)).unwrap().label, "old");
        assert_eq!(reference.board_during(new, date(2026, 6, 1), date(2027, 6, 1)).unwrap().label, "new");
        assert!(reference.board_on(past, date(2026, 1, 1)).is_none());
        assert_eq!(reference.board_on(past, date(2025, 12, 31)).unwrap().label, "past");
        assert_eq!(reference.board_during(past, date(2025, 6, 1), date(2027, 1, 1)).unwrap().label, "past");
        let all: Vec<_> = reference
            .boards_during(new, date(2026, 6, 1), date(2027, 6, 1))
            .map(|(rules, first, last)| (rules.label.as_str(), first, last))
            .collect();
        let (turn, end) = (date(2026, 12, 31), date(2027, 6, 1));
        assert_eq!(all, [("old", date(2026, 6, 1), turn), ("new", date(2027, 1, 1), end)]);
        assert_eq!(reference.boards_during(past, date(2026, 1, 1), end).count(), 0);
        assert_eq!(reference.board_label(past), "past");
        assert_eq!(reference.boards().map(|board| board.label.as_str()).collect::<Vec<_>>(), ["new"]);
        assert!(reference.board(Board::read("ABZ").unwrap()).is_none());
    }

    #[test]
    fn items_are_found_by_code_or_name_and_judged_by_the_activitys_dates() {
        let reference = reference(date(2026, 6, 1));
        for text in ["knowledge", "Learner knowledge", "LEARNER-KNOWLEDGE"] {
            assert_eq!(
                reference.find(List::Outcomes, text).map(|item| item.code.as_str()),
                Some("knowledge"),
                "{text}"
            );
        }
        assert!(reference.find(List::Outcomes, "luck").is_none());
        let during = |code, first, last| reference.has_during(List::Outcomes, "", code, first, last);
        assert!(during("old", date(2024, 6, 1), date(2025, 6, 1)));
        assert!(!during("old", date(2025, 1, 1), date(2025, 6, 1)));
        assert!(!during("knowledge", date(2020, 1, 1), date(2020, 12, 31)));
        assert!(!during("Learner Knowledge", date(2026, 1, 1), date(2026, 2, 1)), "activities hold codes");
        assert_eq!(reference.items(List::Outcomes).count(), 1);
        assert_eq!(reference.name_of(List::Outcomes, "old"), "Learner Opinion");
    }

    #[test]
    fn a_renamed_item_goes_by_the_name_of_the_day_and_is_found_by_both() {
        let last = date(2026, 12, 31);
        let renamed = Item { valid_from: Some(date(2027, 1, 1)), ..item("knowledge", "Knowledge", None) };
        let items = vec![renamed, item("knowledge", "Learner Knowledge", Some(last))];
        let rules = Arc::new(Rules::new(vec![], vec![], items));
        for (today, name) in [(last, "Learner Knowledge"), (date(2027, 1, 1), "Knowledge")] {
            let reference = Reference::new(Arc::clone(&rules), today);
            assert_eq!(reference.name_of(List::Outcomes, "knowledge"), name);
            assert_eq!(reference.items(List::Outcomes).map(|item| item.name.as_str()).collect::<Vec<_>>(), [name]);
            for text in ["Learner Knowledge", "Knowledge"] {
                assert_eq!(reference.find(List::Outcomes, text).unwrap().code, "knowledge");
            }
        }
        let later = Reference::new(rules, date(2026, 1, 1));
        assert!(later.has_during(List::Outcomes, "", "knowledge", date(2026, 6, 1), date(2027, 6, 1)));
    }
}
