//! Changing reference data: for the accreditor's staff, audited, with effective dates. Nothing is ever
//! overwritten; what stood before stays in the history.

use domain::Board;
use domain::access::{Actor, Who};
use domain::reference::{BoardRules, Item, List, Reference, Settings};
use jiff::civil::Date;
use store::WriteTx;
use store::reference::{BoardVersion, Entry};

use crate::error::{Error, Fault, Result};
use crate::{App, audit};

/// The longest text of an item or a rule, in characters.
const TEXT_MOST: usize = 300;

fn staff(actor: &Actor) -> Result<()> {
    actor.staff().map(|_| ()).ok_or(Error::Forbidden("only the accreditor's staff change reference data"))
}

fn none_or_invalid(faults: Vec<Fault>) -> Result<()> {
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

fn fault_of_text(field: &'static str, text: &str) -> Option<Fault> {
    if text.trim().is_empty() {
        Some(Fault::new(field, "This may not be empty."))
    } else if text.chars().count() > TEXT_MOST || text.chars().any(char::is_control) {
        Some(Fault::new(field, format!("Write at most {TEXT_MOST} characters in one line.")))
    } else {
        None
    }
}

fn fault_of_dates(field: &'static str, from: Option<Date>, until: Option<Date>) -> Option<Fault> {
    let is_turned = from.zip(until).is_some_and(|(from, until)| until < from);
    is_turned.then(|| Fault::new(field, "The last day must not be before the first."))
}

/// Writes a change, the audit row beside it, and takes it over here; other processes follow the count.
async fn put(
    app: &App,
    actor: &Actor,
    entry: Entry,
    action: &'static str,
    subject: String,
    detail: &str,
) -> Result<()> {
    let by = match actor.who {
        Who::Account(account) => Some(account),
        Who::ApiClient(_) => None,
    };
    let mut tx: WriteTx = app.store.write().await?;
    store::reference::put(&mut tx, &[entry], app.clock.today(), by, app.clock.now()).await?;
    audit::record(app, &mut tx, actor, action, subject, None, detail).await?;
    tx.commit().await?;
    app.reference.refresh(&app.store).await?;
    Ok(())
}

/// Adds an item to a list, or changes the name and the days of the one with its list, group and code.
pub async fn put_item(app: &App, actor: &Actor, item: Item) -> Result<()> {
    staff(actor)?;
    let item = Item {
        group: item.group.trim().to_owned(),
        code: item.code.trim().to_owned(),
        name: item.name.trim().to_owned(),
        ..item
    };
    let mut faults: Vec<Fault> = Vec::new();
    faults.extend(fault_of_text("code", &item.code));
    faults.extend(fault_of_text("name", &item.name));
    if item.list == List::StateTopics {
        faults.extend(fault_of_text("group", &item.group));
    }
    faults.extend(fault_of_dates("valid_until", item.valid_from, item.valid_until));
    app.reference.refresh(&app.store).await?;
    let reference = app.reference.get();
    let is_own = |other: &Item| other.group == item.group && other.code == item.code;
    for (field, text) in [("code", &item.code), ("name", &item.name)] {
        if let Some(other) = reference.find_in(item.list, &item.group, text).filter(|other| !is_own(other)) {
            faults.push(Fault::new(field, format!("“{}” ({}) is in the list already.", other.name, other.code)));
        }
    }
    none_or_invalid(faults)?;
    let subject = format!("{}/{}", item.list.code(), item.code);
    let detail = item.name.clone();
    put(app, actor, Entry::Item(item), "reference.put_item", subject, &detail).await
}

/// Gives an item its last day; activities of its time keep it.
pub async fn end_item(app: &App, actor: &Actor, list: List, group: &str, code: &str, last: Date) -> Result<()> {
    staff(actor)?;
    app.reference.refresh(&app.store).await?;
    let reference = app.reference.get();
    let found =
        reference.rules().items.iter().find(|item| item.list == list && item.group == group && item.code == code);
    let item = Item { valid_until: Some(last), ..found.ok_or(Error::NotFound)?.clone() };
    none_or_invalid(fault_of_dates("valid_until", item.valid_from, item.valid_until).into_iter().collect())?;
    let subject = format!("{}/{}", list.code(), code);
    put(app, actor, Entry::Item(item), "reference.end_item", subject, &last.to_string()).await
}

/// A version may begin today or later; one that is there already may be corrected under its own date.
fn fault_of_start(app: &App, from: Option<Date>, is_there: bool) -> Option<Fault> {
    let today = app.clock.today();
    let is_late = from.is_none_or(|from| from < today) && !is_there;
    is_late.then(|| Fault::new("from", "A change begins today or later. Correct what stood before under its own date."))
}

fn has_board(reference: &Reference, code: Board, from: Option<Date>) -> bool {
    let from = from.unwrap_or(Date::MIN);
    reference.rules().boards.iter().any(|version| version.value.code == code && version.from == from)
}

/// Puts a board's rules in force from a day on (`None`: those of ever), until a day if one is given.
/// With the date of a version that is there it corrects that version.
pub async fn put_board_rules(
    app: &App,
    actor: &Actor,
    rules: BoardRules,
    from: Option<Date>,
    until: Option<Date>,
) -> Result<()> {
    staff(actor)?;
    app.reference.refresh(&app.store).await?;
    let mut faults: Vec<Fault> = Vec::new();
    faults.extend(fault_of_text("label", &rules.label));
    faults.extend(fault_of_text("name", &rules.name));
    faults.extend(fault_of_start(app, from, has_board(&app.reference.get(), rules.code, from)));
    faults.extend(fault_of_dates("until", from, until));
    if rules.credit_types.is_empty() {
        faults.push(Fault::new("credit_types", "A board takes at least one credit type."));
    }
    for credit_type in &rules.credit_types {
        faults.extend(fault_of_text("credit_types", &credit_type.name));
        faults.extend(fault_of_dates("credit_types", credit_type.valid_from, credit_type.valid_until));
    }
    for area in &rules.practice_areas {
        faults.extend(fault_of_text("practice_areas", area));
    }
    let names = rules.credit_types.iter().map(|credit_type| &credit_type.name);
    if has_twice(names) {
        faults.push(Fault::new("credit_types", "Name each credit type once."));
    }
    if has_twice(rules.practice_areas.iter()) {
        faults.push(Fault::new("practice_areas", "Name each practice area once."));
    }
    none_or_invalid(faults)?;
    let (subject, detail) = (format!("boards/{}", rules.code), from.map(|day| day.to_string()).unwrap_or_default());
    let version = BoardVersion { code: rules.code, until, rules: Some(rules) };
    put(app, actor, Entry::Board(from, version), "reference.put_board", subject, &detail).await
}

fn has_twice<'a>(names: impl Iterator<Item = &'a String>) -> bool {
    let mut folded: Vec<String> = names.map(|name| name.trim().to_lowercase()).collect();
    let count = folded.len();
    folded.sort_unstable();
    folded.dedup();
    folded.len() < count
}

/// Takes back a version that is planned for a later day.
pub async fn take_back_board_rules(app: &App, actor: &Actor, code: Board, from: Date) -> Result<()> {
    staff(actor)?;
    app.reference.refresh(&app.store).await?;
    if !has_board(&app.reference.get(), code, Some(from)) {
        return Err(Error::NotFound);
    }
    if from <= app.clock.today() {
        return Err(Error::Forbidden("rules that are in force already are not taken back; put new ones"));
    }
    let version = BoardVersion { code, until: None, rules: None };
    let subject = format!("boards/{code}");
    put(app, actor, Entry::Board(Some(from), version), "reference.take_back_board", subject, &from.to_string()).await
}

/// Sets one deadline, limit or threshold from a day on. `name` is a field of [`Settings`], the value
/// JSON as it is serialized.
pub async fn put_setting(
    app: &App,
    actor: &Actor,
    name: &str,
    value: serde_json::Value,
    from: Option<Date>,
) -> Result<()> {
    staff(actor)?;
    app.reference.refresh(&app.store).await?;
    let reference = app.reference.get();
    let from = from.unwrap_or(app.clock.today());
    none_or_invalid(fault_of_start(app, Some(from), false).into_iter().collect())?;
    // it must fit beside the other settings of its day, and of every later version
    let later = reference.rules().settings.iter().filter(|version| version.from > from).map(|version| &version.value);
    let mut faults = Vec::new();
    for settings in std::iter::once(reference.settings_on(from)).chain(later) {
        match changed(settings, name, &value) {
            Some(settings) => faults.extend(settings.faults().into_iter().map(|(_, what)| Fault::new("value", what))),
            None => faults.push(Fault::new("value", "There is no such setting, or the value is of another kind.")),
        }
    }
    faults.dedup();
    none_or_invalid(faults)?;
    let (subject, detail) = (format!("settings/{name}"), format!("{value} from {from}"));
    put(app, actor, Entry::Setting(Some(from), name.to_owned(), Some(value)), "reference.put_setting", subject, &detail)
        .await
}

/// Takes back a value that is planned for a later day.
pub async fn take_back_setting(app: &App, actor: &Actor, name: &str, from: Date) -> Result<()> {
    staff(actor)?;
    if from <= app.clock.today() {
        return Err(Error::Forbidden("a setting that is in force already is not taken back; set a new value"));
    }
    let history = store::reference::history(&mut app.store.read().await?, "settings", "", name).await?;
    let planned = history.iter().find_map(|change| match &change.entry {
        Entry::Setting(Some(day), _, value) if *day == from => Some(value.is_some()),
        _ => None,
    });
    if planned != Some(true) {
        return Err(Error::NotFound);
    }
    let entry = Entry::Setting(Some(from), name.to_owned(), None);
    put(app, actor, entry, "reference.take_back_setting", format!("settings/{name}"), &from.to_string()).await
}

/// The settings with one value changed; none if there is no such setting or it cannot hold the value.
fn changed(settings: &Settings, name: &str, value: &serde_json::Value) -> Option<Settings> {
    let mut fields = serde_json::to_value(settings).ok()?;
    *fields.get_mut(name)? = value.clone();
    serde_json::from_value(fields).ok()
}
