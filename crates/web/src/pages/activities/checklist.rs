//! What an activity still needs for its next status, as a list that leads to each field. One list for
//! the form, the activity's page and the answer to closing many, always that of the domain.

use app::Fault;
use domain::ActivityId;
use domain::activity::{Activity, Missing, Rule, Status, field_label};
use domain::reference::Reference;
use jiff::civil::Date;

use super::reading::Unread;

/// Where an activity stands and what comes next.
pub(super) struct Checklist {
    /// Shape and word of the status; that of a draft for what is not one yet.
    pub status: (&'static str, &'static str),
    /// Such as "Missing before it can be closed".
    pub heading: &'static str,
    pub items: Vec<ToDo>,
    /// What only the calendar can do.
    pub waits: String,
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
            return Self { status, heading: "", items: Vec::new(), waits: String::new() };
        };
        // that it has not ended is nothing to fill in
        let not_ended = missing.iter().position(|missing| missing.rule == Rule::NotEnded);
        let waits = not_ended.map(|place| missing.remove(place).words()).unwrap_or_default();
        let heading = if next == Status::Active { FOR_ACTIVE } else { FOR_CLOSED };
        let items = missing.iter().map(|missing| ToDo::of(page, activity.id, missing)).collect();
        Self { status, heading, items, waits }
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
            waits: String::new(),
        }
    }

    /// The same with what keeps it from being saved on top.
    pub(super) fn with_faults(mut self, faults: &[Fault]) -> Self {
        let told: Vec<String> = self.items.iter().map(|item| item.words.clone()).collect();
        let new = faults.iter().filter(|fault| !told.contains(&fault.message)).map(ToDo::of_fault);
        self.items.splice(0..0, new);
        self
    }

    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}
