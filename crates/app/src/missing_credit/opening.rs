//! A physician opens a case: what was filled in, what they let the provider see of themselves, and the clock.

use domain::access::{Actor, PhysicianScope};
use domain::missing_credit::{Finding, Side, Step, is_missing};
use domain::{ActivityId, Amount, MissingCreditId, ProviderId};
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;
use store::counters::{self, Counter};
use store::missing_credit::{NewCase, Shown};
use store::physicians::Physician;
use store::transcripts::Record;

use super::{known, letters, note, words};
use crate::evidence::{self, Staged};
use crate::{App, Error, Fault, Result, audit};

/// Cases that a physician may have open at a time, and may open within a day.
const MOST_OPEN: usize = 30;
const MOST_A_DAY: usize = 15;
const DAY: i64 = 24 * crate::clock::HOUR;
/// Days before the end at which both sides are reminded.
pub(super) const REMINDED: i32 = 7;
const LONGEST_TITLE: usize = 300;

/// The form as it was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// Empty for one that is described in words.
    pub activity: String,
    /// The physician's words, where no activity was found, and who gave it.
    pub title: String,
    pub provider: String,
    /// An ISO date.
    pub completed: String,
    pub amount: String,
    pub note: String,
    /// The place of one of [`identifiers`]; empty for none.
    pub identifier: String,
    /// `yes`: the provider may see the details.
    pub consent: String,
}

/// Something by which a provider can report the physician.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identifier {
    /// As the form sends it.
    pub code: String,
    pub label: String,
    state: String,
    number: String,
}

/// What the physician can let the provider report them by: licenses first.
pub fn identifiers(physician: &Physician) -> Vec<Identifier> {
    let licenses = physician.licenses.iter().enumerate().map(|(place, held)| Identifier {
        code: format!("license-{place}"),
        label: format!("License {}, {}", held.number, held.state.name()),
        state: held.state.to_string(),
        number: held.number.clone(),
    });
    let first = physician.licenses.first().map(|held| held.state.to_string()).unwrap_or_default();
    let npi = physician.npi.iter().map(|npi| Identifier {
        code: "npi".to_owned(),
        label: format!("NPI {npi}"),
        state: first.clone(),
        number: npi.clone(),
    });
    licenses.chain(npi).collect()
}

/// A case that was just opened.
#[derive(Debug, Clone)]
pub struct Opening {
    pub id: MissingCreditId,
    pub known: Vec<Finding>,
}

/// What was filled in, once it can be meant.
struct Meant {
    provider: ProviderId,
    activity: Option<ActivityId>,
    title: String,
    completed_on: Date,
    amount: Amount,
    note: String,
    shown: Shown,
}

/// Opens a case with the provider, sends both sides their letters and starts the clock.
///
/// Errors: `Invalid` on a field; on `completed` when the same is open already.
pub async fn open(
    app: &App,
    actor: &Actor,
    scope: &PhysicianScope,
    asked: &Asked,
    evidence: Option<Staged>,
) -> Result<Opening> {
    let meant = read(app, scope, asked).await?;
    let known = known::look(app, scope, meant.provider, meant.activity, meant.completed_on).await?;
    if !is_missing(&known, Some(meant.amount)) {
        return Err(Error::invalid("amount", "This much is on your transcript already. Nothing is missing."));
    }
    let now = app.clock.now();
    let today = app.clock.today();
    let days = app.reference.get().settings().missing_credit_days;
    let due_at = app.clock.end_of(today.saturating_add(days.days()));
    let is_for_accreditor = known.contains(&Finding::NotInGoodStanding);
    let remind_at = app.clock.start_of(today.saturating_add((days - REMINDED).days()));
    let next_at = if remind_at > now { remind_at } else { due_at };
    let id = MissingCreditId::new(app.chance.id(now));
    let case = NewCase {
        id,
        provider: meant.provider,
        activity: meant.activity,
        title: meant.title,
        completed_on: meant.completed_on,
        amount: meant.amount,
        note: meant.note,
        shown: meant.shown,
        evidence: None,
        known: known.clone(),
        opened_at: now,
        due_at,
        next_at: (!is_for_accreditor).then_some(next_at),
        overdue_at: is_for_accreditor.then_some(now),
    };
    write(app, actor, scope, case, evidence).await?;
    Ok(Opening { id, known })
}

async fn write(
    app: &App,
    actor: &Actor,
    scope: &PhysicianScope,
    mut case: NewCase,
    evidence: Option<Staged>,
) -> Result<()> {
    let mut tx = app.store.write().await?;
    // two forms of one physician stand in one line, so that the limits count
    counters::take(&mut tx, Counter::MissingCredit, 0).await?;
    let all = store::missing_credit::list(&mut tx, scope).await?;
    let open = all.iter().filter(|one| one.state.is_open()).count();
    let lately = all.iter().filter(|one| one.opened_at > case.opened_at - DAY).count();
    if open >= MOST_OPEN || lately >= MOST_A_DAY {
        let message =
            format!("You can have {MOST_OPEN} cases open, and open {MOST_A_DAY} within a day. Wait for answers.");
        return Err(Error::invalid("completed", message));
    }
    if let Some(staged) = evidence {
        case.evidence = Some(evidence::keep(app, &mut tx, scope, staged).await?);
    }
    if !store::missing_credit::insert(&mut tx, scope, &case).await? {
        return Err(Error::invalid("completed", "A case about this activity and day is open already."));
    }
    let opened = store::missing_credit::find(&mut tx, scope, case.id).await?.ok_or(Error::NotFound)?;
    note(app, &mut tx, &opened, Side::Physician, "", Step::Opened, &case.note).await?;
    if case.overdue_at.is_some() {
        note(app, &mut tx, &opened, Side::System, "", Step::Overdue, "The provider cannot report at the moment.")
            .await?;
    }
    audit::record(app, &mut tx, actor, "missing_credit.open", case.id, Some(scope.physician()), &opened.provider_name)
        .await?;
    letters::opened(app, &mut tx, &opened).await?;
    Ok(tx.commit().await?)
}

/// All faults at once, each beside its field.
async fn read(app: &App, scope: &PhysicianScope, asked: &Asked) -> Result<Meant> {
    let mut faults: Vec<Fault> = Vec::new();
    let mut tx = app.store.read().await?;
    let physician = store::transcripts::holder(&mut tx, &Record::own(scope)).await?.ok_or(Error::NotFound)?;
    let completed_on: Option<Date> = asked.completed.trim().parse().ok();
    match completed_on {
        None => faults.push(Fault::new("completed", "Enter the day on which you completed the activity.")),
        Some(day) if day > app.clock.days().latest => {
            faults.push(Fault::new("completed", "This day has not come yet. Enter a day in the past."));
        }
        Some(_) => {}
    }
    let (provider, activity, title) = if asked.activity.trim().is_empty() {
        let provider = match asked.provider.trim().parse::<ProviderId>() {
            Ok(id) => store::organizations::find_provider(&mut tx, id).await?,
            Err(_) => None,
        };
        if provider.is_none() {
            faults.push(Fault::new("provider", "Choose the provider from the list."));
        }
        let title = one_line(&asked.title);
        if title.chars().filter(|letter| letter.is_alphanumeric()).count() < 3 {
            faults.push(Fault::new("title", "Describe the activity: its title, or subject and place."));
        } else if title.chars().count() > LONGEST_TITLE {
            faults.push(Fault::new("title", format!("Write at most {LONGEST_TITLE} characters.")));
        }
        (provider.map(|provider| provider.id), None, title)
    } else {
        let found = match asked.activity.trim().parse() {
            Ok(id) => store::missing_credit::public(&mut tx, scope, id).await?,
            Err(_) => None,
        };
        match found {
            None => {
                faults.push(Fault::new("activity", "There is no such activity. Look for it again."));
                (None, None, String::new())
            }
            Some(found) => {
                if completed_on.is_some_and(|day| day < found.starts_on || day > found.ends_on) {
                    let dates = (domain::check::us_date(found.starts_on), domain::check::us_date(found.ends_on));
                    let message = format!("The activity ran from {} to {}. Enter a day between.", dates.0, dates.1);
                    faults.push(Fault::new("completed", message));
                }
                (Some(found.provider), Some(found.id), found.title)
            }
        }
    };
    let amount = Amount::read(&asked.amount).ok();
    if amount.is_none() {
        faults.push(Fault::new("amount", "Enter the credit that you claim, in steps of 0.25."));
    }
    let text = words("note", &asked.note);
    if let Err(Error::Invalid(found)) = &text {
        faults.extend(found.iter().cloned());
    }
    let offered = identifiers(&physician);
    let chosen = offered.iter().find(|one| one.code == asked.identifier.trim());
    if chosen.is_none() && !offered.is_empty() {
        faults.push(Fault::new("identifier", "Choose what the provider shall report you by."));
    }
    if asked.consent != "yes" {
        let message = "The provider can only look for your credit if it may see these details.";
        faults.push(Fault::new("consent", message));
    }
    match (provider, completed_on, amount, text) {
        (Some(provider), Some(completed_on), Some(amount), Ok(note)) if faults.is_empty() => {
            let shown = Shown {
                first: physician.first.clone(),
                last: physician.last.clone(),
                birth: physician.birth.map(|day| day.to_string()).unwrap_or_default(),
                state: chosen.map(|one| one.state.clone()).unwrap_or_default(),
                identifier: chosen.map(|one| one.number.clone()).unwrap_or_default(),
            };
            Ok(Meant { provider, activity, title, completed_on, amount, note, shown })
        }
        _ => Err(Error::Invalid(faults)),
    }
}

fn one_line(text: &str) -> String {
    let visible: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}
