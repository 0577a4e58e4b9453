//! Credit that a physician enters: a private note with a file, changed and deleted as they like. Nobody verifies it, and
//! no total, transcript, board or credential ever reads it.

use domain::access::{Actor, PhysicianScope};
use domain::reference::List;
use domain::{Amount, OwnCreditId};
use jiff::civil::Date;
use serde::Deserialize;
use store::own_credit::{Entry, OwnCredit};

use crate::evidence::{self, Opened, Staged};
use crate::{App, Error, Fault, Result, audit};

/// Entries that one physician may have.
pub const MOST_ENTRIES: usize = 500;
const LONGEST_LINE: usize = 300;
const LONGEST_NOTE: usize = 2_000;
const MOST_TOPICS: usize = 10;

/// The form as it was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    pub title: String,
    pub provider: String,
    /// An ISO date.
    pub completed: String,
    pub amount: String,
    pub credit_type: String,
    pub note: String,
    /// Codes of state content topics.
    pub topics: Vec<String>,
    /// `yes`: the file that is there goes.
    pub remove_evidence: String,
    /// Of the entry that the form was opened on.
    pub version: String,
}

impl Typed {
    /// An entry as the form shows it.
    pub fn of(one: &OwnCredit) -> Self {
        let Entry { title, provider, completed_on, amount, credit_type, topics, note } = one.entry.clone();
        Self {
            title,
            provider,
            completed: completed_on.to_string(),
            amount: amount.to_string(),
            credit_type,
            note,
            topics,
            remove_evidence: String::new(),
            version: one.updated_at.to_string(),
        }
    }

    /// All faults at once, each beside its field.
    fn read(&self, app: &App) -> Result<Entry> {
        let mut faults = Vec::new();
        let title = line("title", &self.title, true, &mut faults);
        let provider = line("provider", &self.provider, true, &mut faults);
        let credit_type = line("credit_type", &self.credit_type, true, &mut faults);
        let completed_on: Option<Date> = self.completed.trim().parse().ok();
        if completed_on.is_none_or(|day| day > app.clock.days().latest || day.year() < 1950) {
            faults.push(Fault::new("completed", "Enter the day on which you completed it, not in the future."));
        }
        let amount = Amount::read(&self.amount).ok();
        if amount.is_none() {
            faults.push(Fault::new("amount", "Enter a number in steps of 0.25, such as 1.5."));
        }
        let note = self.note.replace("\r\n", "\n").trim().to_owned();
        if note.chars().count() > LONGEST_NOTE {
            faults.push(Fault::new("note", format!("Write at most {LONGEST_NOTE} characters.")));
        }
        let reference = app.reference.get();
        let is_known = |code: &String| reference.items(List::StateTopics).any(|item| item.code == *code);
        let mut topics: Vec<String> = self.topics.iter().filter(|code| !code.is_empty()).cloned().collect();
        topics.sort_unstable();
        topics.dedup();
        if topics.len() > MOST_TOPICS || !topics.iter().all(is_known) {
            faults.push(Fault::new("topics", format!("Choose at most {MOST_TOPICS} topics from the list.")));
        }
        match (completed_on, amount) {
            (Some(completed_on), Some(amount)) if faults.is_empty() => {
                let note = note.chars().filter(|letter| *letter == '\n' || !letter.is_control()).collect();
                Ok(Entry { title, provider, completed_on, amount, credit_type, topics, note })
            }
            _ => Err(Error::Invalid(faults)),
        }
    }
}

fn line(field: &'static str, text: &str, is_needed: bool, faults: &mut Vec<Fault>) -> String {
    let visible: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    let line = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() && is_needed {
        let message = match field {
            "title" => "Enter what the credit is for.",
            "provider" => "Enter who gave it.",
            _ => "Enter the kind of credit, such as AMA PRA Category 2.",
        };
        faults.push(Fault::new(field, message));
    } else if line.chars().count() > LONGEST_LINE {
        faults.push(Fault::new(field, format!("Write at most {LONGEST_LINE} characters.")));
    }
    line
}

/// Adds an entry.
///
/// Errors: `Invalid` on a field.
pub async fn add(
    app: &App,
    actor: &Actor,
    scope: &PhysicianScope,
    typed: &Typed,
    evidence: Option<Staged>,
) -> Result<OwnCreditId> {
    let entry = typed.read(app)?;
    let now = app.clock.now();
    let id = OwnCreditId::new(app.chance.id(now));
    let mut tx = app.store.write().await?;
    if store::own_credit::list(&mut tx, scope).await?.len() >= MOST_ENTRIES {
        let message = format!("You have {MOST_ENTRIES} entries. Delete one that is not needed.");
        return Err(Error::invalid("title", message));
    }
    let file = match evidence {
        Some(staged) => Some(evidence::keep(app, &mut tx, scope, staged).await?),
        None => None,
    };
    store::own_credit::insert(&mut tx, scope, id, &entry, file, now).await?;
    audit::record(app, &mut tx, actor, "own_credit.add", id, Some(scope.physician()), &entry.title).await?;
    tx.commit().await?;
    Ok(id)
}

/// An entry of the physician's own.
pub async fn find(app: &App, scope: &PhysicianScope, id: OwnCreditId) -> Result<OwnCredit> {
    let mut tx = app.store.read().await?;
    store::own_credit::find(&mut tx, scope, id).await?.ok_or(Error::NotFound)
}

/// Changes an entry; another file takes the place of the one that is there.
///
/// Errors: `Invalid` on a field; `Stale` if it was changed since the form was opened.
pub async fn edit(
    app: &App,
    actor: &Actor,
    scope: &PhysicianScope,
    id: OwnCreditId,
    typed: &Typed,
    evidence: Option<Staged>,
) -> Result<()> {
    let entry = typed.read(app)?;
    let mut tx = app.store.write().await?;
    let seen = store::own_credit::find(&mut tx, scope, id).await?.ok_or(Error::NotFound)?;
    if typed.version != seen.updated_at.to_string() {
        return Err(Error::Stale);
    }
    let before = seen.evidence.as_ref().map(|file| file.id);
    let after = match evidence {
        Some(staged) => Some(evidence::keep(app, &mut tx, scope, staged).await?),
        None if typed.remove_evidence == "yes" => None,
        None => before,
    };
    if !store::own_credit::update(&mut tx, &seen, &entry, after, app.clock.now()).await? {
        return Err(Error::Stale);
    }
    let gone = evidence::drop_unused(&mut tx, before.filter(|before| Some(*before) != after)).await?;
    audit::record(app, &mut tx, actor, "own_credit.edit", id, Some(scope.physician()), &entry.title).await?;
    tx.commit().await?;
    evidence::forget(app, gone).await;
    Ok(())
}

/// Deletes an entry with its file.
pub async fn delete(app: &App, actor: &Actor, scope: &PhysicianScope, id: OwnCreditId) -> Result<()> {
    let mut tx = app.store.write().await?;
    let seen = store::own_credit::find(&mut tx, scope, id).await?.ok_or(Error::NotFound)?;
    store::own_credit::delete(&mut tx, &seen).await?;
    let gone = evidence::drop_unused(&mut tx, seen.evidence.as_ref().map(|file| file.id)).await?;
    audit::record(app, &mut tx, actor, "own_credit.delete", id, Some(scope.physician()), &seen.entry.title).await?;
    tx.commit().await?;
    evidence::forget(app, gone).await;
    Ok(())
}

/// The file of an entry.
pub async fn evidence_of(app: &App, scope: &PhysicianScope, id: OwnCreditId) -> Result<Opened> {
    let seen = find(app, scope, id).await?;
    evidence::read(app, seen.evidence.as_ref().ok_or(Error::NotFound)?).await
}
