//! Whom a batch has made or changed so far, by everything a later row could mean them by. A row that
//! may mean one of them is not decided in this batch: the engine does not know them yet.

use std::collections::HashSet;

use domain::MonthDay;

use super::entry::{Entry, Identifier};
use super::merging::key;

/// By what a later row of the batch could mean somebody whom the batch has made or changed.
#[derive(Default)]
pub(super) struct Made {
    identifiers: HashSet<Identifier>,
    npis: HashSet<String>,
    names_with_birth: HashSet<(MonthDay, String)>,
    full_names: HashSet<(String, String)>,
    full_names_without_birth: HashSet<(String, String)>,
}

impl Made {
    /// `by_name`: somebody new, or known from now on by a further name.
    pub(super) fn add(&mut self, entry: &Entry, by_name: bool) {
        self.identifiers.insert(entry.identifier());
        self.npis.extend(entry.npi.clone());
        if !by_name {
            return;
        }
        let full = (key(&entry.first), key(&entry.last));
        match entry.birth {
            Some(birth) => self.names_with_birth.extend(names(entry).map(|name| (birth, name))),
            None => _ = self.full_names_without_birth.insert(full.clone()),
        }
        self.full_names.insert(full);
    }

    pub(super) fn may_be(&self, entry: &Entry) -> bool {
        let full = (key(&entry.first), key(&entry.last));
        let by_name = match entry.birth {
            Some(birth) => names(entry).any(|name| self.names_with_birth.contains(&(birth, name))),
            None => self.full_names.contains(&full),
        };
        by_name
            || self.full_names_without_birth.contains(&full)
            || self.identifiers.contains(&entry.identifier())
            || entry.npi.as_ref().is_some_and(|npi| self.npis.contains(npi))
    }
}

/// First name and every last name, present and former.
fn names(entry: &Entry) -> impl Iterator<Item = String> {
    [&entry.first, &entry.last].into_iter().chain(&entry.former_last).map(|name| key(name))
}
