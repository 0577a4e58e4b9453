//! The form of one learner's report, for a new one and for a correction: its inputs, what was typed, and the faults
//! beside them. Each board has a group of its own; each group goes out as one report with the same learner.

use std::collections::HashMap;

use app::App;
use domain::access::ProviderScope;
use domain::activity::Status;
use domain::{ActivityId, Field, Problem, State as UsState};
use store::learners::{Learner, Reported};

use crate::Result;
use crate::page::NamedFault;

/// What was typed, by the names of inputs.
pub(in crate::pages) type Given = HashMap<String, String>;

/// Inputs that are a field of a learner report as they stand. Month and day of birth are two.
const INPUTS: &[(&str, Field)] = &[
    ("activity", Field::ActivityId),
    ("completed", Field::CompletionDate),
    ("first", Field::FirstName),
    ("last", Field::LastName),
    ("state", Field::State),
    ("identifier", Field::Identifier),
    ("credits", Field::CmeCredits),
    ("rems_id", Field::RemsLocalId),
    ("rems_profession", Field::RemsProfession),
    ("rems_state", Field::RemsState),
    ("rems_dea", Field::RemsDea),
    ("rems_practice", Field::RemsPracticeArea),
    ("rems_surgical", Field::RemsSurgical),
    ("rems_years", Field::RemsTimeInPractice),
];

/// Groups and credit types that a request may bring; nobody fills in as many.
const MOST_GROUPS: usize = 12;
const MOST_TYPES: usize = 20;

/// Credit types that a group offers at least.
const TYPES: usize = 3;

/// The names of the inputs for one board.
pub(in crate::pages) struct Group {
    pub legend: String,
    /// Not the first: folded until something is in it.
    pub is_extra: bool,
    pub is_open: bool,
    pub board: String,
    pub diplomate: String,
    pub points: String,
    pub types: Vec<CreditType>,
}

pub(in crate::pages) struct CreditType {
    pub name: String,
    pub amount: String,
    pub label: String,
    pub amount_label: String,
    pub is_first: bool,
}

pub(in crate::pages) struct LearnerForm {
    given: Given,
    pub faults: Vec<NamedFault>,
    /// Problems of the report as a whole.
    pub problems: Vec<(String, &'static str)>,
    pub activities: Vec<(String, String)>,
    pub states: Vec<(String, &'static str)>,
    pub boards: Vec<(String, String)>,
    pub types: Vec<String>,
    pub groups: Vec<Group>,
}

impl LearnerForm {
    pub fn value(&self, name: &str) -> &str {
        self.given.get(name).map_or("", String::as_str)
    }

    pub fn error(&self, name: &str) -> &str {
        self.faults.iter().find(|fault| fault.field == name).map_or("", |fault| fault.message.as_str())
    }

    /// Whether something of REMS is filled in or wrong.
    pub fn has_rems(&self) -> bool {
        let rems = INPUTS.iter().map(|(name, _)| *name).filter(|name| name.starts_with("rems_"));
        rems.into_iter().any(|name| !self.value(name).is_empty() || !self.error(name).is_empty())
    }

    /// The form as typed, with `groups` boards at least, and what was found wrong in which report.
    pub async fn new(
        app: &App,
        scope: &ProviderScope,
        given: Given,
        groups: usize,
        problems: Vec<(usize, Problem)>,
    ) -> Result<Self> {
        let today = app.clock.today();
        let mut tx = app.store.read().await?;
        let choices = store::activities::choices(&mut tx, scope, today).await?;
        let label = |(id, title, status): (String, String, Status)| {
            let note = if status == Status::ReadyToClose { " (ended)" } else { "" };
            (id.clone(), format!("{title}, {id}{note}"))
        };
        let mut activities: Vec<(String, String)> = choices.into_iter().map(label).collect();
        // a closed one, or one beyond the length of the list
        let chosen = given.get("activity").and_then(|id| id.trim().parse::<ActivityId>().ok());
        if let Some(id) = chosen.filter(|id| !activities.iter().any(|(known, _)| known == id.as_str()))
            && let Some(stored) = store::activities::find(&mut tx, scope, id).await?
        {
            activities.push((id.to_string(), format!("{}, {id}", stored.activity.title)));
        }
        let reference = app.reference.get();
        let mut types: Vec<String> =
            reference.boards().flat_map(|board| board.credit_types.iter().map(|each| each.name.clone())).collect();
        types.sort();
        types.dedup();
        let groups: Vec<Group> = (0..groups_in(&given).max(groups).max(1)).map(|nth| Group::new(&given, nth)).collect();
        let mut faults = Vec::new();
        let mut whole = Vec::new();
        for (report, problem) in problems {
            match problem.in_field().and_then(|field| input_of(field, report)) {
                Some(field) => {
                    let message = format!("{} {}", problem.message(), problem.code.remedy());
                    faults.push(NamedFault { field, message });
                }
                None => whole.push((problem.message(), problem.code.remedy())),
            }
        }
        Ok(Self {
            given,
            faults,
            problems: whole,
            activities,
            states: UsState::all().map(|state| (state.to_string(), state.name())).collect(),
            boards: reference
                .boards()
                .map(|board| (board.code.to_string(), format!("{}, {}", board.label, board.name)))
                .collect(),
            types,
            groups,
        })
    }

    /// Asks for the statement that is missing.
    pub fn without_permission(mut self) -> Self {
        let message = "Confirm that you hold the learner’s permission.".to_owned();
        self.faults.push(NamedFault { field: "permission".to_owned(), message });
        self
    }
}

impl Group {
    fn new(given: &Given, nth: usize) -> Self {
        let types = (1..=MOST_TYPES).take_while(|n| *n <= TYPES || given.contains_key(&type_name(*n, nth)));
        let credit_type = |n: usize| CreditType {
            name: type_name(n, nth),
            amount: amount_name(n, nth),
            label: match n {
                1 => "Credit type".to_owned(),
                2 => "Second credit type".to_owned(),
                3 => "Third credit type".to_owned(),
                _ => format!("Credit type {n}"),
            },
            amount_label: match n {
                1 => "Credits for it".to_owned(),
                2 => "Credits for the second".to_owned(),
                3 => "Credits for the third".to_owned(),
                _ => format!("Credits for type {n}"),
            },
            is_first: n == 1,
        };
        Self {
            is_extra: nth > 0,
            is_open: !is_without_board(&fields_of(given, nth)),
            legend: if nth == 0 {
                "Board credit (MOC)".to_owned()
            } else {
                format!("Another board’s credit ({})", nth + 1)
            },
            board: named("board", nth),
            diplomate: named("diplomate", nth),
            points: named("points", nth),
            types: types.map(credit_type).collect(),
        }
    }
}

/// An input's name in the n-th group, counted from 0: the first has plain names.
fn named(name: &str, nth: usize) -> String {
    if nth == 0 { name.to_owned() } else { format!("{name}_{}", nth + 1) }
}

fn type_name(n: usize, nth: usize) -> String {
    named(&format!("type{n}"), nth)
}

fn amount_name(n: usize, nth: usize) -> String {
    named(&format!("amount{n}"), nth)
}

fn groups_in(given: &Given) -> usize {
    (0..MOST_GROUPS).take_while(|nth| given.contains_key(&named("board", *nth))).count()
}

/// The reports that were typed: one for each board that is filled in, or one without any.
pub(in crate::pages) fn reports_of(given: &Given) -> Vec<Vec<(Field, String)>> {
    (0..groups_in(given).max(1)).map(|nth| fields_of(given, nth)).collect()
}

/// Whether a report's board is left empty, so that it says nothing that the first does not.
pub(in crate::pages) fn is_without_board(fields: &[(Field, String)]) -> bool {
    let of_board = |field: &Field| {
        matches!(field, Field::Board | Field::DiplomateId | Field::BoardCredits)
            || matches!(field, Field::CreditType(_) | Field::CreditTypeAmount(_))
    };
    fields.iter().all(|(field, value)| !of_board(field) || value.is_empty())
}

/// The fields of the n-th report.
pub(in crate::pages) fn fields_of(given: &Given, nth: usize) -> Vec<(Field, String)> {
    let value = |name: &str| given.get(name).map(|value| value.trim().to_owned()).unwrap_or_default();
    let mut fields: Vec<(Field, String)> = INPUTS.iter().map(|(name, field)| (*field, value(name))).collect();
    let (month, day) = (value("birth_month"), value("birth_day"));
    let birth = if month.is_empty() && day.is_empty() { String::new() } else { format!("{month}/{day}") };
    fields.push((Field::Birth, birth));
    fields.push((Field::Board, value(&named("board", nth))));
    fields.push((Field::DiplomateId, value(&named("diplomate", nth))));
    fields.push((Field::BoardCredits, value(&named("points", nth))));
    for n in 1..=MOST_TYPES {
        let place = (n - 1) as u8;
        let (name, amount) = (value(&type_name(n, nth)), value(&amount_name(n, nth)));
        if n <= TYPES || !name.is_empty() || !amount.is_empty() {
            fields.push((Field::CreditType(place), name));
            fields.push((Field::CreditTypeAmount(place), amount));
        }
    }
    fields
}

/// The input that a fault of the n-th report stands beside; its board is only in its own group.
fn input_of(field: Field, nth: usize) -> Option<String> {
    match field {
        Field::Birth => Some("birth".to_owned()),
        Field::Board => Some(named("board", nth)),
        Field::DiplomateId => Some(named("diplomate", nth)),
        Field::BoardCredits => Some(named("points", nth)),
        Field::CreditType(n) if usize::from(n) < MOST_TYPES => Some(type_name(usize::from(n) + 1, nth)),
        Field::CreditTypeAmount(n) if usize::from(n) < MOST_TYPES => Some(amount_name(usize::from(n) + 1, nth)),
        field => INPUTS.iter().find(|(_, known)| *known == field).map(|(name, _)| (*name).to_owned()),
    }
}

/// What is on record, as it would have to be typed.
pub(in crate::pages) fn given_of(learner: &Learner) -> Given {
    let mut given = Given::new();
    let mut put = |name: &str, value: &str| {
        given.insert(name.to_owned(), value.to_owned());
    };
    put("activity", learner.activity.as_str());
    put("completed", &learner.completed_on.to_string());
    put("first", &learner.first_name);
    put("last", &learner.last_name);
    let (month, day) = learner.birth.split_once('/').unwrap_or_default();
    put("birth_month", month);
    put("birth_day", day);
    put("state", &learner.state.map(|state| state.to_string()).unwrap_or_default());
    // of a learner who is no physician it is the REMS identifier
    put("identifier", if learner.is_physician { &learner.identifier } else { "" });
    if let Some(rems) = &learner.rems {
        put("rems_id", &rems.local_id);
        put("rems_profession", &rems.profession);
        put("rems_state", &rems.state);
        put("rems_dea", &rems.dea);
        put("rems_practice", &rems.practice_area);
        put("rems_surgical", &rems.surgical);
        put("rems_years", &rems.time_in_practice);
    }
    let reported: Vec<&Reported> = learner.live().filter(|credit| !credit.is_derived).collect();
    let mut nth = 0;
    for credit in reported {
        match credit.kind {
            domain::credit::Kind::Cme => put("credits", &credit.amount.to_string()),
            domain::credit::Kind::Rems => {}
            domain::credit::Kind::Moc(board) => {
                put(&named("board", nth), board.code());
                put(&named("diplomate", nth), &credit.diplomate_id);
                put(&named("points", nth), &credit.amount.to_string());
                for (n, (name, amount)) in (1..).zip(&credit.types) {
                    put(&type_name(n, nth), name);
                    put(&amount_name(n, nth), &amount.to_string());
                }
                nth += 1;
            }
        }
    }
    given
}
