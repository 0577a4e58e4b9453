//! Activities in every format: documents built by hand, files that we wrote, and files made to hurt.

mod bad;
mod codes;
mod documents;
mod drafts;
mod hostile;
mod hostile_sheets;
mod invented;
mod mutants;
mod round_trip;
mod sheets;

use std::io::Cursor;
use std::sync::Arc;

use domain::activity::Activity;
use domain::reference::{BoardRules, CreditType, Dated, Item, List, Reference, Rules, Settings};
use domain::{ActivityId, Board, ProviderId};
use formats::activities::{
    ActivityFormat, ActivityLimits, Problem, Reading, Record, SheetKind, Submitted, open, open_document, read, sniff,
};

use crate::sample::file;

pub(crate) const ID: &str = "202600001";
pub(crate) const PROVIDER: &str = "0001234";

pub(crate) fn id() -> ActivityId {
    ID.parse().unwrap()
}

pub(crate) fn provider() -> ProviderId {
    PROVIDER.parse().unwrap()
}

fn board(code: &str, types: &[&str], areas: &[&str]) -> Dated<BoardRules> {
    let credit_type = |name: &&str| CreditType { name: (*name).into(), valid_from: None, valid_until: None };
    Dated::always(BoardRules {
        code: Board::read(code).unwrap(),
        label: code.into(),
        name: code.into(),
        credit_types: types.iter().map(credit_type).collect(),
        practice_areas: areas.iter().map(|area| (*area).to_owned()).collect(),
        diplomate_id_optional: false,
        points_equal_credit: false,
        once_per_date: false,
        type_apart: None,
        completed_from: None,
        activity_starts_from: None,
    })
}

/// Two boards and a few lists.
pub(crate) fn reference() -> Reference {
    let boards = vec![
        board("ABIM", &["Medical Knowledge", "Patient Safety"], &["Cardiology", "Nephrology"]),
        board("ABPath", &["Lifelong Learning"], &["Cytopathology"]),
    ];
    let items = [
        (List::Countries, "", "USA", "United States"),
        (List::Countries, "", "CAN", "Canada"),
        (List::States, "", "CA", "California"),
        (List::Outcomes, "", "knowledge", "Learner Knowledge"),
        (List::Outcomes, "", "patient_health", "Patient Health"),
        (List::Professions, "", "Nurse", "Nurse"),
        (List::Professions, "", "Athletic Trainer", "Athletic Trainer"),
        (List::Specialties, "", "Cardiology", "Cardiology"),
        (List::CommendationTags, "Teams", "Engages Teams", "Engages Teams"),
        (List::RemsPrograms, "", "Opioid Analgesic", "Opioid Analgesic"),
        (List::StateTopics, "Opioids", "Prescribing", "Prescribing"),
    ];
    let items = items.map(|(list, group, code, name)| Item {
        list,
        group: group.into(),
        code: code.into(),
        name: name.into(),
        valid_from: None,
        valid_until: None,
    });
    let rules = Rules::new(boards, vec![Dated::always(Settings::default())], items.to_vec());
    Reference::new(Arc::new(rules), jiff::civil::date(2026, 6, 1))
}

/// Everything that a file gives: its records, and the fault that ended it.
pub(crate) struct Outcome {
    pub(crate) submitted: Vec<Submitted>,
    pub(crate) fault: Option<Problem>,
}

impl Outcome {
    pub(crate) fn readings(&self) -> Vec<Reading> {
        self.submitted.iter().map(|one| read(one.record.clone(), &reference())).collect()
    }

    pub(crate) fn record(&self) -> &Record {
        &self.submitted[0].record
    }
}

fn collect(mut records: formats::activities::Records) -> Outcome {
    let mut outcome = Outcome { submitted: Vec::new(), fault: None };
    for record in &mut records {
        match record {
            Ok(record) => outcome.submitted.push(record),
            Err(problem) => outcome.fault = Some(problem),
        }
    }
    outcome
}

/// Reads bytes as an upload is read.
pub(crate) fn upload(bytes: &[u8], kind: SheetKind) -> Result<Outcome, Vec<Problem>> {
    let file = file(bytes);
    let format = sniff(file.path()).map_err(|problem| vec![problem])?;
    Ok(collect(open(file.path(), format, kind, &ActivityLimits::default())?))
}

/// Reads a document as a request is read.
pub(crate) fn request(bytes: &[u8], format: ActivityFormat) -> Result<Outcome, Vec<Problem>> {
    request_within(bytes, format, &ActivityLimits::default())
}

pub(crate) fn request_within(
    bytes: &[u8],
    format: ActivityFormat,
    limits: &ActivityLimits,
) -> Result<Outcome, Vec<Problem>> {
    Ok(collect(open_document(Box::new(Cursor::new(bytes.to_vec())), format, limits)?))
}

/// The one activity of a document, without any problem.
pub(crate) fn only(outcome: &Outcome) -> (Activity, Reading) {
    assert_eq!(outcome.fault, None);
    let readings = outcome.readings();
    assert_eq!(readings.len(), 1);
    let reading = readings[0].clone();
    assert_eq!(reading.problems, [], "{:?}", reading.problems);
    (reading.activity(id(), provider()).unwrap(), reading)
}

/// Codes of problems and warnings with the places' ends.
pub(crate) fn told(problems: &[Problem]) -> Vec<String> {
    problems.iter().map(|problem| format!("{} {}", problem.code(), problem.place)).collect()
}
