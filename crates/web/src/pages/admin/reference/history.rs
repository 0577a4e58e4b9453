//! The history of an item, a board or a setting as its page shows it: who, when, from which day, what
//! was before and what after.

use app::App;
use jiff::civil::Date;
use store::reference::{Change, Entry, Kept};

use super::Day;
use super::differences::{self, Difference};
use crate::When;

/// One change, or several entries that one person put at once.
pub(in crate::pages) struct Step {
    /// `None`: it came with a release.
    pub(in crate::pages) at: Option<When>,
    pub(in crate::pages) by: String,
    /// From which day it counts; empty: since ever.
    pub(in crate::pages) from: Day,
    pub(in crate::pages) is_taken_back: bool,
    pub(in crate::pages) differences: Vec<Difference>,
}

/// The newest first. Several histories may stand in one list: what was put for several settings at once is
/// one step.
pub(in crate::pages) fn steps(app: &App, mut changes: Vec<Change>) -> Vec<Step> {
    changes.sort_by_key(|change| change.seq);
    let mut kept = Kept::default();
    let mut steps: Vec<(Vec<Change>, Step)> = Vec::new();
    for change in changes {
        let differences = differences::put(&mut kept, &change.entry);
        match steps.last_mut().filter(|(together, _)| together.iter().all(|one| is_together(one, &change))) {
            Some((together, step)) => {
                step.differences.extend(differences);
                together.push(change);
            }
            None => {
                let (from, is_taken_back) = plan(&change.entry);
                let at = change.by.map(|_| When::of(app, change.at));
                let by = change.by_name.clone().unwrap_or_default();
                steps.push((vec![change], Step { at, by, from: Day::of(from), is_taken_back, differences }));
            }
        }
    }
    steps.into_iter().rev().map(|(_, step)| step).collect()
}

/// From which day an entry counts, and whether it takes back what was planned for that day.
fn plan(entry: &Entry) -> (Option<Date>, bool) {
    match entry {
        Entry::Item(from, _, item) => (*from, item.is_none()),
        Entry::Board(from, version) => (*from, version.rules.is_none()),
        Entry::Setting(from, _, value) => (*from, value.is_none()),
        Entry::Requirement(from, _, value) => (*from, value.is_none()),
    }
}

/// Two settings of one moment and one day.
fn is_together(one: &Change, other: &Change) -> bool {
    let are_others = matches!((&one.entry, &other.entry),
        (Entry::Setting(_, one, _), Entry::Setting(_, other, _)) if one != other);
    are_others && (one.at, one.by, plan(&one.entry)) == (other.at, other.by, plan(&other.entry))
}
