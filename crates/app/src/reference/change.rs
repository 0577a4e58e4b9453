//! What staff may change of reference data, and what is put on record for it. Nothing is overwritten: each
//! change is an entry with a day from which it counts, and what stood before stays in the history.

use domain::Board;
use domain::reference::{BoardRules, Item, ItemKey, List, Rules};
use jiff::civil::Date;
use serde_json::Value;
use store::reference::{Entry, Kept};

use super::{boards, items, settings};
use crate::error::{Error, Fault, Result};

/// The longest text of an item or a rule, in characters.
const TEXT_MOST: usize = 300;

/// A change as somebody asks for it. Faults stand beside `code`, `group`, `name`, `from` and `until`, for a
/// board's rules beside the field of [`BoardRules`], for settings beside the setting's name.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// A new item; its own days say when it may be chosen.
    Add(Item),
    /// Another name from a day on; the old one is still understood in files.
    Rename {
        key: ItemKey,
        name: String,
        from: Date,
    },
    /// The last day. Activities of its time keep the item.
    End {
        key: ItemKey,
        last: Date,
    },
    /// An item that ended, or is to end, may be chosen again from a day on.
    BringBack {
        key: ItemKey,
        from: Date,
    },
    /// What is planned for an item on a coming day does not happen.
    TakeBackItem {
        key: ItemKey,
        on: Date,
    },
    /// A board's rules from a day on (`None`: those of ever), until a day if one is given. With the first
    /// day of a version that is there it corrects that version.
    Board {
        rules: BoardRules,
        from: Option<Date>,
        until: Option<Date>,
    },
    TakeBackBoard {
        code: Board,
        from: Date,
    },
    /// Fields of [`domain::reference::Settings`] by name, as JSON.
    Settings {
        values: Vec<(String, Value)>,
        from: Date,
    },
    TakeBackSettings {
        names: Vec<String>,
        from: Date,
    },
}

/// What a change puts on record.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub entries: Vec<Entry>,
    /// The first day on which anything is judged otherwise.
    pub day: Date,
    pub action: &'static str,
    pub subject: String,
    pub detail: String,
}

/// What a list groups its items by; none where it has no groups.
pub fn group_label(list: List) -> Option<&'static str> {
    match list {
        List::StateTopics => Some("Domain"),
        List::CommendationTags => Some("Category"),
        _ => None,
    }
}

impl Change {
    /// List, group and code under which the history of what it changes is kept.
    pub fn keys(&self) -> Vec<(String, String, String)> {
        let of_item = |key: &ItemKey| vec![(key.list.code().to_owned(), key.group.clone(), key.code.clone())];
        let of = |list: &str, code: &str| (list.to_owned(), String::new(), code.to_owned());
        match self {
            Self::Add(item) => of_item(&item.key()),
            Self::Rename { key, .. }
            | Self::End { key, .. }
            | Self::BringBack { key, .. }
            | Self::TakeBackItem { key, .. } => of_item(key),
            Self::Board { rules, .. } => vec![of("boards", rules.code.code())],
            Self::TakeBackBoard { code, .. } => vec![of("boards", code.code())],
            Self::Settings { values, .. } => values.iter().map(|(name, _)| of("settings", name)).collect(),
            Self::TakeBackSettings { names, .. } => names.iter().map(|name| of("settings", name)).collect(),
        }
    }

    pub(super) fn plan(self, kept: &Kept, rules: &Rules, today: Date) -> Result<Plan> {
        match self {
            Self::Add(item) => items::add(kept, rules, item, today),
            Self::Rename { key, name, from } => items::rename(kept, rules, key, &name, from, today),
            Self::End { key, last } => items::end(kept, key, last, today),
            Self::BringBack { key, from } => items::bring_back(kept, key, from, today),
            Self::TakeBackItem { key, on } => items::take_back(kept, key, on, today),
            Self::Board { rules, from, until } => boards::put(kept, rules, from, until, today),
            Self::TakeBackBoard { code, from } => boards::take_back(kept, code, from, today),
            Self::Settings { values, from } => settings::put(kept, rules, values, from, today),
            Self::TakeBackSettings { names, from } => settings::take_back(kept, names, from, today),
        }
    }
}

pub(super) fn none_or_invalid(faults: Vec<Fault>) -> Result<()> {
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

pub(super) fn fault_of_text(field: &'static str, text: &str) -> Option<Fault> {
    if text.trim().is_empty() {
        Some(Fault::new(field, "This may not be empty."))
    } else if text.chars().count() > TEXT_MOST || text.chars().any(char::is_control) {
        Some(Fault::new(field, format!("Write at most {TEXT_MOST} characters in one line.")))
    } else {
        None
    }
}

pub(super) fn fault_of_dates(field: &'static str, from: Option<Date>, until: Option<Date>) -> Option<Fault> {
    let is_turned = from.zip(until).is_some_and(|(from, until)| until < from);
    is_turned.then(|| Fault::new(field, "The last day must not be before the first."))
}

/// A change begins today or later.
pub(super) fn fault_of_start(from: Date, today: Date) -> Option<Fault> {
    let is_late = from < today;
    is_late.then(|| Fault::new("from", "A change begins today or later: what was in force before stays as it was."))
}

pub(super) fn nothing_changes(field: &'static str) -> Error {
    Error::invalid(field, "This is what is in force then already; nothing would change.")
}
