//! Which activity on the desk a record means: by its ID, or by internal ID, start and format. A near miss
//! is refused, so that no record becomes a second activity by mistake.

use domain::ActivityId;
use domain::activity::{Activity, Recognized, recognize};
use formats::activities::{Action, Field, Reading, Record};

use super::super::read::Asked;
use super::super::told::{Against, named};
use super::{Desk, Found};

impl Desk<'_> {
    /// The activity that a refused record names, if it is the provider's own.
    pub(super) fn named_by(&self, asked: &Asked) -> Option<ActivityId> {
        let id = match asked {
            Asked::Whole(reading) => reading.activity_id,
            Asked::Totals(counts, _) => counts.activity_id,
        };
        id.filter(|id| self.now(*id).is_some())
    }

    pub(super) fn now(&self, id: ActivityId) -> Option<&Activity> {
        self.known.get(&id)?.now.as_ref()
    }

    /// Live activities with this internal ID.
    fn with_internal_id(&self, internal_id: &str) -> Vec<&Activity> {
        let ids = self.by_internal_id.get(internal_id).map(Vec::as_slice).unwrap_or_default();
        let live = ids.iter().filter_map(|id| self.now(*id));
        live.filter(|activity| activity.internal_id.trim() == internal_id).collect()
    }

    /// The activity that a record means; `None` is a new one.
    pub(super) fn recognized(&self, reading: &Reading, typed: &Activity) -> Found<Option<ActivityId>> {
        let record = reading.record();
        if let Some(id) = reading.activity_id {
            if self.now(id).is_some() {
                return Ok(Some(id));
            }
            let message = format!("You have no activity {id}.");
            return Err(vec![Against::NotFound.told(record, Some(Field::ActivityId), message)]);
        }
        let known = self.with_internal_id(&reading.internal_id);
        match recognize(&reading.internal_id, typed.starts_on, typed.format, known) {
            Recognized::Same(id) => Ok(Some(id)),
            Recognized::New if reading.action == Some(Action::Update) => {
                let message = "No activity of yours has this internal ID, start date and format.";
                Err(vec![Against::NotFound.told(record, Some(Field::InternalId), message)])
            }
            Recognized::New => Ok(None),
            Recognized::PossibleDuplicate(ids) => {
                let message = format!(
                    "The internal ID is that of {}, with another start date or format, or of several.",
                    named(&ids)
                );
                Err(vec![Against::PossibleDuplicate.told(record, Some(Field::InternalId), message)])
            }
        }
    }

    /// The activity that is named by its ID, or alone has this internal ID.
    pub(super) fn the_one(&self, record: &Record, id: Option<ActivityId>, internal_id: &str) -> Found<Activity> {
        if let Some(id) = id {
            let message = format!("You have no activity {id}.");
            let absent = || vec![Against::NotFound.told(record, Some(Field::ActivityId), message)];
            return self.now(id).cloned().ok_or_else(absent);
        }
        match self.with_internal_id(internal_id).as_slice() {
            [] => {
                let message = "No activity of yours has this internal ID.";
                Err(vec![Against::NotFound.told(record, Some(Field::InternalId), message)])
            }
            [one] => Ok((*one).clone()),
            several => {
                let ids: Vec<ActivityId> = several.iter().map(|one| one.id).collect();
                let message = format!("The internal ID is that of {}.", named(&ids));
                Err(vec![Against::PossibleDuplicate.told(record, Some(Field::InternalId), message)])
            }
        }
    }
}
