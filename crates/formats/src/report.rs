//! A row of a file or form as a learner report, with **all** problems of check 2, *record*
//! (domain.md, Learner credit data), and of the activity ID's shape.
//!
//! What follows from a bad value is not reported twice: an unknown board has no credit types to
//! check. On a delete the credit may be left out; the key is learner, activity and date.

use domain::amount::AmountFault;
use domain::reference::{BoardRules, Reference};
use domain::report::{Action, LearnerReport, MocReport, RemsReport};
use domain::{Amount, Board, Code, Field, MonthDay, Problem, State};
use jiff::civil::Date;

use crate::columns::Purpose;
use crate::dates::read_date;
use crate::given::{Given, check_text};
use crate::header::Header;
use crate::row::Row;

/// Reads a row of a batch of completions.
pub fn learner_report(header: &Header, row: &Row, reference: &Reference) -> LearnerReport {
    learner_report_for(Purpose::Credit, header, row, reference)
}

/// As [`learner_report`]; for [`Purpose::Identity`] only columns D to H, J and K are read.
pub fn learner_report_for(purpose: Purpose, header: &Header, row: &Row, reference: &Reference) -> LearnerReport {
    let reads = |field: Option<Field>| field.is_none_or(|field| purpose.reads(field));
    let problems = row.problems.iter().filter(|problem| reads(problem.in_field())).cloned().collect();
    let mut report = LearnerReport { problems, ..LearnerReport::default() };
    let mut given = Given::default();
    for (column, cell) in header.columns().iter().zip(&row.cells) {
        if let Some(field) = column.field.filter(|field| purpose.reads(*field)) {
            let cell = cell.trim();
            if !cell.is_empty() {
                check_text(&mut report, field, cell);
                given.put(field, cell);
            }
        }
    }
    if purpose == Purpose::Credit {
        read_completion(&mut report, &given);
    }
    let board = read_board(&mut report, &given, reference);
    if purpose == Purpose::Credit {
        report.rems = read_rems(&mut report, &given);
        report.further_ids = row.origin.as_ref().map(|origin| origin.further_ids(given.submission)).unwrap_or_default();
        read_credit(&mut report, &given, board);
    }
    read_learner(&mut report, &given, purpose, board);
    report
}

fn read_completion(report: &mut LearnerReport, given: &Given<'_>) {
    report.action = match given.action {
        text if text.eq_ignore_ascii_case("add") => Some(Action::Add),
        text if text.eq_ignore_ascii_case("delete") => Some(Action::Delete),
        text => {
            if !report.faulty(Field::RecordAction) {
                report.problem(Problem::field(Code::ActionUnknown, Field::RecordAction).given(text));
            }
            None
        }
    };
    report.internal_activity = text(given.internal_activity);
    report.submission_id = text(given.submission);
    if !given.activity.is_empty() && !report.faulty(Field::ActivityId) {
        report.activity = without_decimals(given.activity).parse().ok();
        if report.activity.is_none() {
            let problem = Problem::field(Code::ActivityIdMalformed, Field::ActivityId);
            report.problem(problem.given(given.activity));
        }
    } else if given.activity.is_empty() && given.internal_activity.is_empty() {
        report.problem(Problem::field(Code::ActivityMissing, Field::ActivityId));
    }
    if given.date.is_empty() {
        report.problem(Problem::field(Code::DateMissing, Field::CompletionDate));
    } else if !report.faulty(Field::CompletionDate) {
        report.completed_on = read_date(given.date).filter(is_plausible);
        if report.completed_on.is_none() {
            report.problem(Problem::field(Code::DateUnreadable, Field::CompletionDate).given(given.date));
        }
    }
}

/// Years in which nobody reported anything are slips of the keyboard.
fn is_plausible(date: &Date) -> bool {
    (1900..=2999).contains(&date.year())
}

/// What the board columns mean together.
#[derive(Clone, Copy)]
enum BoardGiven<'a> {
    None,
    /// A board that is not among the participating ones, or columns without a board.
    Faulty,
    Known(&'a BoardRules),
}

fn read_board<'a>(report: &mut LearnerReport, given: &Given<'_>, reference: &'a Reference) -> BoardGiven<'a> {
    if given.board.is_empty() {
        let mut fields = Vec::new();
        if !given.diplomate.is_empty() {
            fields.push(Field::DiplomateId);
        }
        if !given.board_credits.is_empty() {
            fields.push(Field::BoardCredits);
        }
        fields.extend(
            given.given_types().map(
                |(n, name, _)| {
                    if name.is_empty() { Field::CreditTypeAmount(n) } else { Field::CreditType(n) }
                },
            ),
        );
        return match fields.first() {
            Some(field) => {
                report.problem(Problem::field(Code::BoardMissing, *field));
                BoardGiven::Faulty
            }
            None => BoardGiven::None,
        };
    }
    if report.faulty(Field::Board) {
        return BoardGiven::Faulty;
    }
    match Board::read(given.board).and_then(|board| reference.board(board)) {
        Some(rules) => BoardGiven::Known(rules),
        None => {
            report.problem(Problem::field(Code::BoardUnknown, Field::Board).given(given.board));
            BoardGiven::Faulty
        }
    }
}

fn read_rems(report: &mut LearnerReport, given: &Given<'_>) -> Option<RemsReport> {
    if given.rems.iter().all(|value| value.is_empty()) {
        return None;
    }
    let [local_id, profession, state, dea, practice_area, surgical, time_in_practice] = given.rems;
    if local_id.is_empty() {
        report.problem(Problem::field(Code::RemsLocalIdMissing, Field::RemsLocalId));
    }
    if profession.is_empty() {
        report.problem(Problem::field(Code::RemsProfessionMissing, Field::RemsProfession));
    }
    if !state.is_empty() && State::read(state).is_none() {
        report.problem(Problem::field(Code::StateUnknown, Field::RemsState).given(state));
    }
    Some(RemsReport {
        local_id: local_id.to_owned(),
        profession: profession.to_owned(),
        state: state.to_owned(),
        dea: dea.to_owned(),
        practice_area: practice_area.to_owned(),
        surgical: surgical.to_owned(),
        time_in_practice: time_in_practice.to_owned(),
    })
}

fn read_credit(report: &mut LearnerReport, given: &Given<'_>, board: BoardGiven<'_>) {
    report.cme = amount(report, Field::CmeCredits, given.cme);
    let has_points = !given.board_credits.is_empty() || given.given_types().next().is_some();
    match board {
        BoardGiven::None => {}
        BoardGiven::Faulty => {
            amount(report, Field::BoardCredits, given.board_credits);
            for (n, _, value) in given.given_types() {
                amount(report, Field::CreditTypeAmount(n), value);
            }
        }
        // Board and ID beside CME credit alone say who the learner is (domain.md, identity).
        BoardGiven::Known(_) if !has_points && (!given.cme.is_empty() || report.rems.is_some()) => {}
        BoardGiven::Known(rules) => read_moc(report, given, rules),
    }
    let nothing = given.cme.is_empty() && matches!(board, BoardGiven::None) && report.rems.is_none();
    if nothing && report.action != Some(Action::Delete) {
        report.problem(Problem::field(Code::CreditMissing, Field::CmeCredits));
    }
}

fn read_moc(report: &mut LearnerReport, given: &Given<'_>, rules: &BoardRules) {
    let required = report.action != Some(Action::Delete);
    let total = amount(report, Field::BoardCredits, given.board_credits);
    if given.board_credits.is_empty() && required {
        report.problem(Problem::field(Code::BoardCreditsMissing, Field::BoardCredits).fact(&rules.label));
    }
    let mut types: Vec<(String, Amount)> = Vec::new();
    for (n, name, value) in given.given_types() {
        let points = amount(report, Field::CreditTypeAmount(n), value);
        if name.is_empty() {
            report.problem(Problem::field(Code::CreditTypeMissing, Field::CreditType(n)).fact(&rules.label));
            continue;
        }
        if value.is_empty() {
            let problem = Problem::field(Code::CreditTypeAmountMissing, Field::CreditTypeAmount(n));
            report.problem(problem.fact(name));
        }
        if let (Some(points), Some(total)) = (points, total)
            && points > total
        {
            let problem = Problem::field(Code::CreditTypeAboveTotal, Field::CreditTypeAmount(n));
            report.problem(problem.given(value).fact(total.to_string()));
        }
        if report.faulty(Field::CreditType(n)) {
            continue;
        }
        match credit_type(rules, name) {
            None => {
                let problem = Problem::field(Code::CreditTypeUnknown, Field::CreditType(n));
                report.problem(problem.given(name).fact(&rules.label));
            }
            Some(own) if types.iter().any(|(known, _)| known == own) => {
                report.problem(Problem::field(Code::CreditTypeRepeated, Field::CreditType(n)).given(name));
            }
            Some(own) => types.extend(points.map(|points| (own.to_owned(), points))),
        }
    }
    if given.given_types().next().is_none() && required {
        report.problem(Problem::field(Code::CreditTypeMissing, Field::CreditType(0)).fact(&rules.label));
    }
    report.moc = Some(MocReport { board: rules.code, total, types });
}

/// The board's own spelling. Most senders write it: then nothing needs to be folded.
fn credit_type<'a>(rules: &'a BoardRules, given: &str) -> Option<&'a str> {
    let exact = rules.credit_types.iter().find(|credit_type| credit_type.name == given);
    exact.or_else(|| rules.credit_type(given)).map(|credit_type| credit_type.name.as_str())
}

fn read_learner(report: &mut LearnerReport, given: &Given<'_>, purpose: Purpose, board: BoardGiven<'_>) {
    report.learner.first = given.first.to_owned();
    report.learner.last = given.last.to_owned();
    report.learner.identifier = text(without_decimals(given.identifier));
    // A REMS learner need not be a physician: who it is, the provider's own ID says.
    let rems_only = purpose == Purpose::Credit
        && given.cme.is_empty()
        && matches!(board, BoardGiven::None)
        && report.rems.is_some();
    for (field, value, missing) in
        [(Field::FirstName, given.first, Code::FirstNameMissing), (Field::LastName, given.last, Code::LastNameMissing)]
    {
        if value.is_empty() {
            if !rems_only {
                report.problem(Problem::field(missing, field));
            }
        } else if !report.faulty(field) && !value.chars().any(char::is_alphabetic) {
            report.problem(Problem::field(Code::NameUnreadable, field).given(value));
        }
    }
    if !given.birth.is_empty() {
        report.learner.birth = MonthDay::read(given.birth);
        if report.learner.birth.is_none() && !report.faulty(Field::Birth) {
            report.problem(Problem::field(Code::BirthUnreadable, Field::Birth).given(given.birth));
        }
    } else if !rems_only {
        report.problem(Problem::field(Code::BirthMissing, Field::Birth));
    }
    if !given.state.is_empty() {
        report.learner.state = State::read(given.state);
        if report.learner.state.is_none() && !report.faulty(Field::State) {
            report.problem(Problem::field(Code::StateUnknown, Field::State).given(given.state));
        }
    }
    if let BoardGiven::Known(rules) = board {
        if !given.diplomate.is_empty() {
            report.learner.board = Some((rules.code, without_decimals(given.diplomate).to_owned()));
        } else if !rules.diplomate_id_optional {
            report.problem(Problem::field(Code::DiplomateIdMissing, Field::DiplomateId).fact(&rules.label));
        }
    }
}

fn amount(report: &mut LearnerReport, field: Field, value: &str) -> Option<Amount> {
    if value.is_empty() || report.faulty(field) {
        return None;
    }
    let code = match Amount::read(value) {
        Ok(amount) => return Some(amount),
        Err(AmountFault::NotANumber) => Code::AmountNotANumber,
        Err(AmountFault::NotPositive) => Code::AmountNotPositive,
        Err(AmountFault::NotAQuarter) => Code::AmountNotAQuarter,
        Err(AmountFault::TooLarge) => Code::AmountTooLarge,
    };
    report.problem(Problem::field(code, field).given(value));
    None
}

/// Takes off the `.0` that programs add to IDs which they took for numbers.
fn without_decimals(id: &str) -> &str {
    match id.strip_suffix(".0") {
        Some(digits) if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) => digits,
        _ => id,
    }
}

fn text(value: &str) -> Option<String> {
    (!value.is_empty()).then(|| value.to_owned())
}
