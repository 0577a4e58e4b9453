//! A neutral record as an activity: what every value means, with all problems at once.
//!
//! An update is the whole record: a field that is not given is empty afterwards. Whether the result
//! may be saved is for the rules of the domain; [`Reading::problem`] gives what they find the place
//! and the value in the file.

use domain::activity::{Activity, Basics, Delivery, Fee, Format, Missing, Providership, Registration};
use domain::reference::{List, Reference};
use domain::{ActivityId, ProviderId};

use super::field::Field;
use super::groups;
use super::problem::{Code, Problem, Severity};
use super::record::Record;
use super::values::Values;

/// What the sender asks for. None is said: add it, or update it where it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Add,
    Update,
    Delete,
}

impl Action {
    pub fn word(self) -> &'static str {
        match self {
            Action::Add => "Add",
            Action::Update => "Update",
            Action::Delete => "Delete",
        }
    }

    fn read(text: &str) -> Option<Self> {
        [Action::Add, Action::Update, Action::Delete]
            .into_iter()
            .find(|action| action.word().eq_ignore_ascii_case(text))
    }
}

/// A record, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    pub action: Option<Action>,
    /// Whether the activity is to be closed as well.
    pub close: Option<bool>,
    /// The activity that is meant, where it is named.
    pub activity_id: Option<ActivityId>,
    /// The provider's own ID of the activity; empty if it is not given.
    pub internal_id: String,
    /// The provider that the record names, as it is written there: a safeguard, no more.
    pub provider: String,
    /// What refuses the record.
    pub problems: Vec<Problem>,
    pub warnings: Vec<Problem>,
    record: Record,
    activity: Option<Activity>,
}

impl Reading {
    /// The activity, with the ID and provider it is to have; not closed. `None` where title, format
    /// or dates are not there: then [`Reading::problems`] says so.
    pub fn activity(&self, id: ActivityId, provider: ProviderId) -> Option<Activity> {
        self.activity.clone().map(|activity| Activity { id, provider, ..activity })
    }

    /// The record that was read.
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// What a rule found, at its place in the file.
    pub fn problem(&self, missing: Missing) -> Problem {
        self.record.problem(missing)
    }

    pub fn is_refused(&self) -> bool {
        !self.problems.is_empty()
    }
}

/// Understands a record. The values of lists become codes.
pub fn read(record: Record, reference: &Reference) -> Reading {
    let mut values = Values { record: &record, reference, problems: Vec::new() };
    let action = values.read(Field::RecordAction, 0, Code::ActionUnknown, Action::read);
    let close = values.truth(Field::Close);
    let activity_id =
        values.read(Field::ActivityId, 0, Code::ActivityIdMalformed, |text| without_decimals(text).parse().ok());
    let internal_id = values.text(Field::InternalId, 0);
    let provider = values.text(Field::ProviderId, 0);
    let activity = if action == Some(Action::Delete) {
        if record.first(Field::ActivityId).is_none() && internal_id.is_empty() {
            let problem = Problem::new(Code::ActivityMissing, record.place.clone()).field(Field::ActivityId);
            values.problems.push(problem);
        }
        None
    } else {
        activity(&mut values).map(|activity| Activity { internal_id: internal_id.clone(), ..activity })
    };
    let found = std::mem::take(&mut values.problems);
    let all = record.problems.iter().cloned().chain(found);
    let (warnings, problems) = all.partition(|problem| problem.severity() == Severity::Warns);
    Reading { action, close, activity_id, internal_id, provider, problems, warnings, record, activity }
}

fn without_decimals(id: &str) -> &str {
    id.strip_suffix(".0").unwrap_or(id)
}

fn activity(values: &mut Values<'_>) -> Option<Activity> {
    let named = values.read(Field::Format, 0, Code::ChoiceUnknown, Format::named);
    let basics = Basics {
        title: values.text(Field::Title, 0),
        format: named.map(|named| named.format),
        starts_on: values.date(Field::StartsOn, 0),
        ends_on: values.date(Field::EndsOn, 0),
    };
    let mut deliveries = Vec::new();
    for value in values.several(Field::Deliveries, 0) {
        match Delivery::read(&value.text) {
            Some(delivery) if !deliveries.contains(&delivery) => deliveries.push(delivery),
            Some(_) => {}
            None => values.wrong(Code::ChoiceUnknown, value),
        }
    }
    if let Some(named) = named.filter(|named| named.is_old) {
        let mut today = named.format.label().to_owned();
        if let Some(delivery) = named.delivery {
            today = format!("{today}, {delivery}");
            if deliveries.is_empty() {
                deliveries.push(delivery);
            }
        }
        if let Some(value) = values.record.first(Field::Format) {
            let problem = Problem::new(Code::FormatRenamed, value.place.clone()).field(Field::Format);
            values.problems.push(problem.given(&value.text).fact(today));
        }
    }
    let country = values.listed(Field::Country, 0, List::Countries);
    let state = match country.as_str() {
        "" | "USA" => values.listed(Field::State, 0, List::States),
        _ => values.text(Field::State, 0),
    };
    let specialties = values.listed_all(Field::Specialties, 0, List::Specialties);
    let moc = groups::registrations(values, &specialties);
    // Every value is read before the basics are judged, so that all problems are told at once.
    let rest = Activity {
        deliveries,
        city: values.text(Field::City, 0),
        state,
        country,
        credit: values.amount(Field::Credit, 0),
        other_credits: groups::other_credits(values),
        description: values.text(Field::Description, 0),
        providership: values.read(Field::Providership, 0, Code::ChoiceUnknown, Providership::read),
        joint_providers: groups::joint_providers(values),
        is_interprofessional: values.truth(Field::IsInterprofessional),
        professions: values.listed_all(Field::Professions, 0, List::Professions),
        specialties,
        in_passport: values.truth(Field::InPassport),
        url: values.text(Field::Url, 0),
        fee: values.read(Field::Fee, 0, Code::ChoiceUnknown, Fee::read),
        registration: values.read(Field::Registration, 0, Code::ChoiceUnknown, Registration::read),
        outcomes: groups::outcomes(values),
        has_support: values.truth(Field::HasSupport),
        support: groups::support(values),
        physician_total: values.whole(Field::PhysicianTotal, 0),
        other_total: values.whole(Field::OtherTotal, 0),
        other_breakdown: groups::breakdown(values),
        commendation_tags: values.listed_all(Field::CommendationTags, 0, List::CommendationTags),
        is_mips: values.truth(Field::IsMips),
        rems: groups::rems(values),
        has_state_topics: values.truth(Field::HasStateTopics),
        state_topics: groups::state_topics(values),
        outlines: groups::outlines(values),
        pharmacy: groups::pharmacy(values),
        moc,
        ..nothing()?
    };
    let (format, starts_on, ends_on) = (basics.format, basics.starts_on, basics.ends_on);
    match basics.clone().draft(rest.id, rest.provider) {
        Ok(_) => {
            let (format, starts_on, ends_on) = (format?, starts_on?, ends_on?);
            Some(Activity { title: basics.title, format, starts_on, ends_on, ..rest }.tidied())
        }
        Err(missing) => {
            // One that is there and cannot be read has been told already.
            for missing in missing.into_iter().filter(|missing| !is_given(values.record, missing)) {
                values.problems.push(values.record.problem(missing));
            }
            None
        }
    }
}

fn is_given(record: &Record, missing: &Missing) -> bool {
    let is_it = |field: Field| field.column().key == missing.field;
    record.values.iter().any(|value| is_it(value.field))
        || record.problems.iter().filter_map(|problem| problem.field).any(is_it)
}

/// An activity of which nothing is known, to be filled in. Its ID and provider are given by the caller
/// of [`Reading::activity`].
fn nothing() -> Option<Activity> {
    let day = jiff::civil::Date::constant(2000, 1, 1);
    Some(Activity::draft("000000000".parse().ok()?, "0000000".parse().ok()?, "", Format::LiveCourse, day, day))
}
