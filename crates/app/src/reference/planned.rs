//! What is planned for a coming day, in the order of the days. It follows from the versions alone:
//! nobody keeps a list that could disagree with them.

use std::collections::BTreeMap;

use domain::Board;
use domain::reference::{Item, ItemKey, Rules, Settings};
use jiff::civil::Date;

/// Something that will be otherwise from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    pub on: Date,
    pub what: What,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A new item, or one that comes back.
    ItemBegins {
        key: ItemKey,
        name: String,
    },
    ItemRenamed {
        key: ItemKey,
        from: String,
        to: String,
    },
    ItemEnds {
        key: ItemKey,
        name: String,
    },
    /// New rules of a board; the first of all make it take part.
    BoardRules {
        code: Board,
        label: String,
    },
    BoardEnds {
        code: Board,
        label: String,
    },
    /// Settings by name.
    Settings(Vec<String>),
}

pub fn planned(rules: &Rules, today: Date) -> Vec<Planned> {
    let mut list: Vec<Planned> = items(rules, today);
    for versions in rules.boards.chunk_by(|a, b| a.value.code == b.value.code) {
        for (place, version) in versions.iter().enumerate() {
            let (code, label) = (version.value.code, version.value.label.clone());
            if version.from > today {
                list.push(Planned { on: version.from, what: What::BoardRules { code, label: label.clone() } });
            }
            let over = version.until.and_then(|until| until.tomorrow().ok());
            let next = versions.get(place + 1).map(|next| next.from);
            let ends = over.filter(|over| *over > today && next.is_none_or(|next| next > *over));
            list.extend(ends.map(|on| Planned { on, what: What::BoardEnds { code, label } }));
        }
    }
    for pair in rules.settings.windows(2) {
        if let [before, after] = pair
            && after.from > today
        {
            let names = differing(&before.value, &after.value);
            if !names.is_empty() {
                list.push(Planned { on: after.from, what: What::Settings(names) });
            }
        }
    }
    list.sort_by_key(|planned| planned.on);
    list
}

fn items(rules: &Rules, today: Date) -> Vec<Planned> {
    let mut stretches: BTreeMap<ItemKey, Vec<&Item>> = BTreeMap::new();
    let is_coming = |item: &&Item| {
        item.valid_from.is_some_and(|from| from > today) || item.valid_until.is_some_and(|until| until >= today)
    };
    for item in rules.items.iter().filter(is_coming) {
        stretches.entry(item.key()).or_default().push(item);
    }
    let mut list = Vec::new();
    for (key, mut items) in stretches {
        items.sort_by_key(|item| item.valid_from);
        let after = |item: &Item| item.valid_until.and_then(|until| until.tomorrow().ok());
        for item in &items {
            let name = item.name.clone();
            if let Some(on) = item.valid_from.filter(|from| *from > today) {
                let before = items.iter().find(|other| after(other) == Some(on));
                let what = match before {
                    Some(before) => What::ItemRenamed { key: key.clone(), from: before.name.clone(), to: name.clone() },
                    None => What::ItemBegins { key: key.clone(), name: name.clone() },
                };
                list.push(Planned { on, what });
            }
            let goes_on = |on: Date| items.iter().any(|other| other.valid_from == Some(on));
            if let Some(on) = after(item).filter(|on| *on > today && !goes_on(*on)) {
                list.push(Planned { on, what: What::ItemEnds { key: key.clone(), name } });
            }
        }
    }
    list
}

/// Names of the settings in which two versions differ.
fn differing(one: &Settings, other: &Settings) -> Vec<String> {
    let fields = |settings: &Settings| serde_json::to_value(settings).unwrap_or_default();
    let (one, other) = (fields(one), fields(other));
    let Some(fields) = other.as_object() else { return Vec::new() };
    fields.iter().filter(|(name, value)| one.get(name) != Some(value)).map(|(name, _)| name.clone()).collect()
}
