//! Each setting in the words of people: what it means, in which unit it is given, which day decides
//! whether it counts. Settings that mean one thing together are changed together.

use app::Fault;
use domain::Amount;
use domain::activity::Format;
use serde_json::{Map, Value};

use super::given::Given;

/// Settings that are changed on one page.
pub(super) struct Group {
    pub(super) code: &'static str,
    pub(super) label: &'static str,
    pub(super) meaning: &'static str,
    /// Which day decides between an old and a new value.
    pub(super) counted_by: &'static str,
    pub(super) fields: &'static [Field],
}

pub(super) struct Field {
    /// The field of `domain::reference::Settings`.
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) unit: &'static str,
    pub(super) kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Whole,
    Month,
    /// Hundredths of a credit.
    Credit,
    /// Months by format.
    Formats,
    Line,
    Text,
}

const fn field(name: &'static str, label: &'static str, unit: &'static str, kind: Kind) -> Field {
    Field { name, label, unit, kind }
}

pub(super) const GROUPS: &[Group] = &[
    Group {
        code: "reporting",
        label: "Last day to report a completion",
        meaning: "Completions of a year may be reported until this day of the year after. Later reports are refused.",
        counted_by: "The day of the report decides.",
        fields: &[
            field("report_until_month", "Month", "", Kind::Month),
            field("report_until_day", "Day", "1 to 31", Kind::Whole),
        ],
    },
    Group {
        code: "locked",
        label: "Last locked reporting year",
        meaning: "Activities that end in this year or an earlier one can no longer be changed, closed or reopened, and \
                  no learners are reported for them. 0 means that no year is locked.",
        counted_by: "It counts for everybody from the day on.",
        fields: &[field("locked_year", "Year", "four digits, or 0", Kind::Whole)],
    },
    Group {
        code: "length",
        label: "Longest time an activity may last",
        meaning: "An activity that runs longer is refused. A format without a limit of its own has the general one.",
        counted_by: "The activity’s start date decides.",
        fields: &[
            field("months_most", "General limit", "months, 1 to 120", Kind::Whole),
            field(
                "months_most_of",
                "Limits of single formats",
                "months, 1 to 120; empty: the general limit",
                Kind::Formats,
            ),
        ],
    },
    Group {
        code: "texts",
        label: "Longest texts of an activity",
        meaning: "Longer texts are refused, in forms, in files and by the web services.",
        counted_by: "The activity’s start date decides.",
        fields: &[
            field("description_most", "Description", "characters", Kind::Whole),
            field("text_most", "Any other text", "characters", Kind::Whole),
        ],
    },
    Group {
        code: "series",
        label: "Little credit for a series",
        meaning: "A regularly scheduled series with less credit than this is warned about, since a series is one \
                  activity with the credit of all its sessions. Nothing is refused.",
        counted_by: "It counts for everybody from the day on.",
        fields: &[field("series_few_credits", "Fewest credits", "AMA PRA Category 1 Credits", Kind::Credit)],
    },
    Group {
        code: "missing_credit",
        label: "Time to answer a case about missing credit",
        meaning: "A case that the provider has not answered by then is passed on to the accreditor. Both sides are \
                  told when seven days are left.",
        counted_by: "The day on which the case is opened decides.",
        fields: &[field("missing_credit_days", "Time to answer", "days, 1 to 365", Kind::Whole)],
    },
    Group {
        code: "mark",
        label: "How long the provider mark holds",
        meaning: "A provider may show the mark while its newest accepted learner report is no older than this. It is \
                  told 30 days before the mark ends, and when it has ended.",
        counted_by: "It counts for everybody from the day on.",
        fields: &[field("mark_months", "Mark holds", "months, 1 to 60", Kind::Whole)],
    },
    Group {
        code: "rosters",
        label: "Most that a roster may end",
        meaning: "A roster that would end more of a board’s active licenses or certifications than this share is held \
                  until somebody of the accreditor’s staff has looked and said how many end.",
        counted_by: "It counts for everybody from the day on.",
        fields: &[field("roster_ends_percent", "Share of what is active", "percent, 0 to 100", Kind::Whole)],
    },
    Group {
        code: "year_end_notice",
        label: "Notice of the year-end",
        meaning: "A notice to providers about the deadline of the year-end makes itself so many days before it. With 0 \
                  none does; somebody can still make it in Notices.",
        counted_by: "It counts for everybody from the day on.",
        fields: &[field("year_end_notice_days", "Made before the deadline", "days, 0 to 365", Kind::Whole)],
    },
    Group {
        code: "year_due",
        label: "Deadline of the year-end",
        meaning: "The last minute, in the year after the reporting year, in which a Program Summary is in time. A later \
                  one is taken and marked as late.",
        counted_by: "What is in force on December 31 of the reporting year decides.",
        fields: &[
            field("year_due_month", "Month", "", Kind::Month),
            field("year_due_day", "Day", "1 to 31", Kind::Whole),
            field("year_due_hour", "Hour", "0 to 23", Kind::Whole),
            field("year_due_minute", "Minute", "0 to 59", Kind::Whole),
            field("year_due_zone", "Time zone", "its name in the IANA list, such as America/Chicago", Kind::Line),
        ],
    },
    Group {
        code: "agreement",
        label: "Annual agreement",
        meaning: "What an owner of each provider accepts in the first step of a year-end. Who has accepted keeps the \
                  words that were accepted.",
        counted_by: "The day of the acceptance decides.",
        fields: &[field("agreement", "Words", "", Kind::Text)],
    },
];

pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

pub(super) fn group(code: &str) -> Option<&'static Group> {
    GROUPS.iter().find(|group| group.code == code)
}

/// The group that a setting belongs to.
pub(super) fn group_of(name: &str) -> Option<&'static Group> {
    GROUPS.iter().find(|group| group.fields.iter().any(|field| field.name == name))
}

fn find(name: &str) -> Option<&'static Field> {
    GROUPS.iter().flat_map(|group| group.fields).find(|field| field.name == name)
}

pub(super) fn label_of(name: &str) -> &'static str {
    find(name).map_or("Setting", |field| field.label)
}

/// A value as it is read.
pub(super) fn shown(name: &str, value: &Value) -> String {
    let number = value.as_i64().unwrap_or_default();
    match find(name).map_or(Kind::Line, |field| field.kind) {
        Kind::Month => usize::try_from(number - 1)
            .ok()
            .and_then(|at| MONTHS.get(at))
            .map_or_else(String::new, |name| (*name).to_owned()),
        Kind::Whole => number.to_string(),
        Kind::Credit => Amount::new(number).to_string(),
        Kind::Formats => {
            let months = |format: &&Format| value.get(format.code()).map(|months| format!("{format} {months}"));
            let all: Vec<String> = Format::ALL.iter().filter_map(|format| months(&format)).collect();
            if all.is_empty() { "None".to_owned() } else { all.join(", ") }
        }
        Kind::Line | Kind::Text => value.as_str().unwrap_or_default().to_owned(),
    }
}

impl Group {
    /// All values of the group in one line.
    pub(super) fn value(&self, settings: &Map<String, Value>) -> String {
        let of = |name: &str| shown(name, settings.get(name).unwrap_or(&Value::Null));
        let number = |name: &str| settings.get(name).and_then(Value::as_i64).unwrap_or_default();
        match self.code {
            "reporting" => format!("{} {} of the year after", of("report_until_month"), of("report_until_day")),
            "locked" if number("locked_year") == 0 => "No year is locked".to_owned(),
            "length" => format!("{} months; {}", of("months_most"), of("months_most_of")),
            "texts" => format!("{} characters; description {}", of("text_most"), of("description_most")),
            "series" => format!("{} credits", of("series_few_credits")),
            "missing_credit" => format!("{} days", of("missing_credit_days")),
            "mark" => format!("{} months", of("mark_months")),
            "rosters" => format!("{} percent", of("roster_ends_percent")),
            "year_end_notice" => format!("{} days before", of("year_end_notice_days")),
            "year_due" => format!(
                "{} {}, {:02}:{:02}, {}",
                of("year_due_month"),
                of("year_due_day"),
                number("year_due_hour"),
                number("year_due_minute"),
                of("year_due_zone")
            ),
            _ => self.fields.first().map(|field| of(field.name)).unwrap_or_default(),
        }
    }
}

impl Field {
    /// The value as the form holds it, one pair for each control.
    pub(super) fn typed(&self, value: &Value) -> Vec<(String, String)> {
        match self.kind {
            Kind::Month => vec![(self.name.to_owned(), value.as_i64().unwrap_or_default().to_string())],
            Kind::Formats => {
                let months = |format: &Format| value.get(format.code()).map(ToString::to_string).unwrap_or_default();
                Format::ALL.iter().map(|format| (self.control(*format), months(format))).collect()
            }
            _ => vec![(self.name.to_owned(), shown(self.name, value))],
        }
    }

    /// The name of the control for a format's own limit.
    pub(super) fn control(&self, format: Format) -> String {
        format!("{}_{}", self.name, format.code())
    }

    /// The value that was typed.
    pub(super) fn read(&self, given: &Given, faults: &mut Vec<Fault>) -> Option<Value> {
        let text = given.get(self.name).trim();
        let mut fault = |words: &str| {
            faults.push(Fault::new(self.name, words));
            None
        };
        match self.kind {
            Kind::Whole | Kind::Month => match text.parse::<u32>() {
                Ok(number) if number <= 1_000_000 => Some(number.into()),
                _ => fault("Write a whole number."),
            },
            Kind::Credit => match text {
                "0" | "0.00" => Some(0.into()),
                text => match Amount::read(text) {
                    Ok(amount) => Some(amount.hundredths().into()),
                    Err(_) => fault("Write an amount of credit in steps of 0.25, such as 4."),
                },
            },
            Kind::Formats => {
                let mut limits = Map::new();
                for format in Format::ALL {
                    let text = given.get(&self.control(*format)).trim();
                    match text.parse::<u32>() {
                        _ if text.is_empty() => {}
                        Ok(months) if months <= 10_000 => drop(limits.insert(format.code().to_owned(), months.into())),
                        _ => return fault(&format!("{format}: write a whole number of months.")),
                    }
                }
                Some(Value::Object(limits))
            }
            Kind::Line => Some(text.into()),
            // line breaks are for reading, not part of the words
            Kind::Text => Some(text.split_whitespace().collect::<Vec<_>>().join(" ").into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::reference::Settings;

    use super::*;

    fn standard() -> Map<String, Value> {
        match serde_json::to_value(Settings::default()).unwrap() {
            Value::Object(fields) => fields,
            other => panic!("{other}"),
        }
    }

    #[test]
    fn every_setting_has_words_and_comes_back_from_its_form_as_it_was() {
        let settings = standard();
        let fields: Vec<&Field> = GROUPS.iter().flat_map(|group| group.fields).collect();
        let mut named: Vec<&str> = fields.iter().map(|field| field.name).collect();
        named.sort_unstable();
        let mut stored: Vec<&str> = settings.keys().map(String::as_str).collect();
        stored.sort_unstable();
        assert_eq!(named, stored);
        for field in fields {
            let value = &settings[field.name];
            let mut faults = Vec::new();
            assert_eq!(field.read(&Given(field.typed(value)), &mut faults).as_ref(), Some(value), "{}", field.name);
            assert!(faults.is_empty());
        }
    }

    #[test]
    fn groups_say_their_values_in_words() {
        let settings = standard();
        let value = |code: &str| group(code).unwrap().value(&settings);
        assert_eq!(value("reporting"), "March 31 of the year after");
        assert_eq!(value("locked"), "No year is locked");
        assert_eq!(value("length"), "12 months; Enduring Material 36, Journal-Based CME 36");
        assert_eq!(value("series"), "4 credits");
        assert_eq!(value("year_due"), "March 31, 23:59, America/Chicago");
    }

    #[test]
    fn what_is_no_number_is_said_beside_its_field() {
        for (name, text) in [("locked_year", "soon"), ("series_few_credits", "0.1"), ("report_until_day", "-1")] {
            let mut faults = Vec::new();
            assert!(find(name).unwrap().read(&Given(vec![(name.into(), text.into())]), &mut faults).is_none());
            assert_eq!(faults[0].field, name);
        }
    }
}
