//! What an activity still needs for its next status, as a list that leads to each field. One list for
//! the form, the activity's page and the answer to closing many, always that of the domain.

use app::{App, Fault};
use domain::ActivityId;
use domain::activity::{Activity, Beside, Missing, Rule, Status, field_label};
use domain::check::us_date;
use domain::reference::Reference;
use jiff::civil::Date;

use super::reading::Unread;
use crate::pages::years;

/// Where an activity stands and what comes next.
#[derive(Default)]
pub(super) struct Checklist {
    /// Shape and word of the status; that of a draft for what is not one yet.
    pub status: (&'static str, &'static str),
    /// Such as "Missing before it can be closed".
    pub heading: &'static str,
    pub items: Vec<ToDo>,
    /// What only the calendar can do.
    pub waits: String,
    /// That the reporting year was due already, and what that means.
    pub late: String,
    /// What is allowed but more often a slip than meant.
    pub slips: Vec<ToDo>,
}

pub(super) struct ToDo {
    pub href: String,
    /// The field's label.
    pub field: &'static str,
    pub words: String,
}

pub(super) const FOR_DRAFT: &str = "Missing before it is a draft";
const FOR_ACTIVE: &str = "Missing before learners can be reported";
const FOR_CLOSED: &str = "Missing before it can be closed";

impl ToDo {
    /// `page` is the address of the form, or nothing on the form itself.
    pub(super) fn of(page: &str, id: ActivityId, missing: &Missing) -> Self {
        let href = match missing.board {
            // a registration has a form of its own
            Some(board) => format!("/provider/activities/{id}/moc/{board}#{}", missing.field),
            None => format!("{page}#{}", missing.field),
        };
        Self { href, field: missing.label(), words: missing.words() }
    }

    fn of_fault(fault: &Fault) -> Self {
        Self { href: format!("#{}", fault.field), field: field_label(fault.field), words: fault.message.clone() }
    }
}

impl Checklist {
    /// Of an activity as it is, or as it would be when saved.
    pub(super) fn of(page: &str, activity: &Activity, today: Date, reference: &Reference) -> Self {
        let status = super::status_words(activity.status(today));
        let Some((next, mut missing)) = activity.next(today, reference) else {
            return Self { status, heading: "", ..Self::default() };
        };
        // that it has not ended is nothing to fill in
        let not_ended = missing.iter().position(|missing| missing.rule == Rule::NotEnded);
        let waits = not_ended.map(|place| missing.remove(place).words()).unwrap_or_default();
        let heading = if next == Status::Active { FOR_ACTIVE } else { FOR_CLOSED };
        let items = missing.iter().map(|missing| ToDo::of(page, activity.id, missing)).collect();
        Self { status, heading, items, waits, ..Self::default() }
    }

    /// Of what no activity can be made of: unreadable values first, then what a draft needs.
    pub(super) fn of_unread(unread: &Unread, is_draft: bool) -> Self {
        let items = unread.unreadable.iter().map(ToDo::of_fault);
        let missing = unread.missing.iter().map(|missing| ToDo {
            href: format!("#{}", missing.field),
            field: missing.label(),
            words: missing.words(),
        });
        Self {
            status: if is_draft { super::status_words(Status::Draft) } else { ("draft", "Not a draft yet") },
            heading: if unread.unreadable.is_empty() { FOR_DRAFT } else { "To correct before it can be saved" },
            items: items.chain(missing).collect(),
            ..Self::default()
        }
    }

    /// The same with what keeps it from being saved on top.
    pub(super) fn with_faults(mut self, faults: &[Fault]) -> Self {
        let told: Vec<String> = self.items.iter().map(|item| item.words.clone()).collect();
        let new = faults.iter().filter(|fault| !told.contains(&fault.message)).map(ToDo::of_fault);
        self.items.splice(0..0, new);
        self
    }

    /// The same with the slips that can be seen in what is typed; those that other records show are
    /// told on the activity's own page.
    pub(super) fn with_slips(mut self, activity: &Activity, today: Date, reference: &Reference) -> Self {
        let slips = activity.warnings(today, reference, Beside::default());
        self.slips = slips
            .iter()
            .map(|slip| ToDo {
                href: format!("#{}", slip.warning.field()),
                field: slip.warning.title(),
                words: format!("{} {}", slip.message(), slip.warning.advice()),
            })
            .collect();
        self
    }

    /// The same with a word about a reporting year that was due already.
    pub(super) fn with_late(mut self, app: &App, activity: &Activity) -> Self {
        self.late = late(app, activity);
        self
    }

    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

/// What a late entry can still do; nothing while the year-end is ahead, and nothing of a year that is
/// locked, about which the rules speak.
fn late(app: &App, activity: &Activity) -> String {
    let reference = app.reference.get();
    let (settings, year) = (reference.settings(), activity.year_of_closing());
    let (due, is_late) = years::due(app, year);
    if activity.is_closed || year <= settings.locked_year || !is_late {
        return String::new();
    }
    let mut words = format!(
        "The year-end of {year} was due by {}. The activity can still be entered and closed; a Program Summary \
         that was submitted is then submitted again.",
        due.shown
    );
    let until = settings.report_until(activity.ends_on);
    if until < app.clock.today() {
        words.push_str(&format!(" Its learners could be reported until {}.", us_date(until)));
    }
    words
}
