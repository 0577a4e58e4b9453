//! Problems in the words in which the sender of a record is told them, and the codes of what only the
//! activities on record can have against a record.

use domain::ActivityId;
use domain::activity::Rule;
use formats::activities::{Code, Field, Place, Problem, Record, Severity};
use store::activity_files::Told;

use crate::Fault;

/// What activities and completions on record have against a record. Stable codes, never renamed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Against {
    NotFound,
    PossibleDuplicate,
    AlreadyEntered,
    Closed,
    OnRecord,
    BelowYearEnd,
    OtherProvider,
    MayNotSubmit,
}

impl Against {
    const ALL: &[Against] = &[
        Self::NotFound,
        Self::PossibleDuplicate,
        Self::AlreadyEntered,
        Self::Closed,
        Self::OnRecord,
        Self::BelowYearEnd,
        Self::OtherProvider,
        Self::MayNotSubmit,
    ];

    fn code(self) -> &'static str {
        match self {
            Against::NotFound => "activity_not_found",
            Against::PossibleDuplicate => "activity_possible_duplicate",
            Against::AlreadyEntered => "activity_already_entered",
            Against::Closed => "activity_closed",
            Against::OnRecord => "completions_on_record",
            Against::BelowYearEnd => "total_below_year_end",
            Against::OtherProvider => "provider_is_another",
            Against::MayNotSubmit => "provider_not_in_good_standing",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Against::NotFound => "No such activity of yours",
            Against::PossibleDuplicate => "Possibly an activity that is there already",
            Against::AlreadyEntered => "Entered already, with other content",
            Against::Closed => "The activity is closed",
            Against::OnRecord => "Completions on record forbid it",
            Against::BelowYearEnd => "A cumulative total below that of the last year-end",
            Against::OtherProvider => "Another provider's record",
            Against::MayNotSubmit => "Provider is not in good standing",
        }
    }

    fn remedy(self) -> &'static str {
        match self {
            Against::NotFound => "Give the ID of one of your activities, or leave it out to add a new one.",
            Against::PossibleDuplicate => {
                "Give the Activity ID to change an activity, or an internal ID of its own to add another one."
            }
            Against::AlreadyEntered => "Send the record action Update to change it.",
            Against::Closed => "Reopen the activity first; that is possible until its year is locked.",
            Against::OnRecord => "Withdraw or correct the completions first, or leave the value as it is.",
            Against::BelowYearEnd => "Write at least the total that was reported then.",
            Against::OtherProvider => "Send the record with your own provider ID, or without one.",
            Against::MayNotSubmit => "Ask the accreditor. Once you are in good standing again, send the file again.",
        }
    }

    /// What stands against a record, at the place of the field that it is about.
    pub(super) fn told(self, record: &Record, field: Option<Field>, message: impl Into<String>) -> Told {
        let value = field.and_then(|field| record.first(field));
        Told {
            is_warning: false,
            code: self.code().to_owned(),
            place: value.map_or(&record.place, |value| &value.place).to_string(),
            field: field.map(Field::label).unwrap_or_default(),
            given: value.map(|value| shortened(&value.text)).unwrap_or_default(),
            message: message.into(),
            remedy: self.remedy().to_owned(),
        }
    }

    /// A fault that completions on record or a year-end are the cause of, at the place of its field.
    pub(super) fn fault(record: &Record, fault: Fault) -> Told {
        let totals = [Field::PhysicianTotal, Field::OtherTotal];
        let is_total = totals.iter().any(|field| field.column().key == fault.field);
        let against = if is_total { Self::BelowYearEnd } else { Self::OnRecord };
        let value = record.values.iter().find(|value| value.field.column().key == fault.field);
        Told {
            is_warning: false,
            code: against.code().to_owned(),
            place: value.map_or(&record.place, |value| &value.place).to_string(),
            field: domain::activity::field_label(fault.field).to_owned(),
            given: value.map(|value| shortened(&value.text)).unwrap_or_default(),
            message: fault.message,
            remedy: against.remedy().to_owned(),
        }
    }
}

/// A problem that reading or a rule found.
pub(super) fn problem(problem: &Problem) -> Told {
    Told {
        is_warning: problem.severity() == Severity::Warns,
        code: problem.code().to_owned(),
        place: problem.place.to_string(),
        field: problem.field.map(Field::label).unwrap_or_default(),
        given: problem.given.clone(),
        message: problem.message(),
        remedy: problem.remedy().to_owned(),
    }
}

/// A fault of a file as a whole that is ours to find.
pub(super) fn of_file(code: Code, fact: &str) -> Told {
    problem(&Problem::new(code, Place::File).fact(fact))
}

/// Title and remedy of a code, for lists of problems.
pub fn title_of(code: &str) -> Option<(&'static str, &'static str)> {
    let form = Code::ALL.iter().find(|known| known.as_str() == code).map(|code| (code.title(), code.remedy()));
    let rule = || Rule::ALL.iter().find(|rule| rule.as_str() == code).map(|rule| (rule.title(), rule.remedy()));
    let against = || Against::ALL.iter().find(|known| known.code() == code).map(|one| (one.title(), one.remedy()));
    form.or_else(rule).or_else(against)
}

/// A value as it is told: long ones are cut, as in problems of reading.
pub(super) fn shortened(value: &str) -> String {
    match value.char_indices().nth(80) {
        Some((cut, _)) => format!("{}…", value.get(..cut).unwrap_or_default()),
        None => value.to_owned(),
    }
}

/// IDs in a sentence: `200000001, 200000002 and 3 more`.
pub(super) fn named(ids: &[ActivityId]) -> String {
    let shown: Vec<String> = ids.iter().take(5).map(ActivityId::to_string).collect();
    let more = if ids.len() > 5 { format!(" and {} more", ids.len() - 5) } else { String::new() };
    format!("{}{more}", shown.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_not_taken_and_their_words_are_sentences() {
        for against in Against::ALL {
            let code = against.code();
            assert!(Code::ALL.iter().all(|known| known.as_str() != code), "{code}");
            assert!(Rule::ALL.iter().all(|known| known.as_str() != code), "{code}");
            assert!(domain::Code::ALL.iter().all(|known| known.as_str() != code), "{code}");
            assert!(against.remedy().ends_with('.') && !against.title().ends_with('.'), "{code}");
            assert_eq!(title_of(code), Some((against.title(), against.remedy())));
        }
    }
}
