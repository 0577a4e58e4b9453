//! Check 3 of domain.md: a learner report against its activity and the rules in force.
//!
//! Pure: the caller has found the activity and says what day it is. A check whose field already has
//! a problem stays silent, so that one slip is reported once.

use jiff::civil::Date;

use crate::activity::{Activity, MocRegistration};
use crate::pairing::{self, Record};
use crate::reference::{BoardRules, Reference};
use crate::report::{Action, LearnerReport, MocReport};
use crate::{Amount, Code, Field, Problem};

/// What day it is, twice over: the operator's day for deadlines, and the latest day anywhere in the
/// United States (Guam's), for deciding what is still in the future.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    pub today: Date,
    pub latest: Date,
}

/// Adds to the report every problem that the activity and the rules have with it. `activity` is
/// `None` when the provider has no such activity.
pub fn against_activity(report: &mut LearnerReport, activity: Option<&Activity>, reference: &Reference, days: Days) {
    if report.is_rems_only() || report.learner.state.is_some() || report.learner.identifier.is_some() {
        // enough to look for the learner
    } else if report.learner.board.is_none() && !report.faulty(Field::State) && !report.faulty(Field::Board) {
        report.problem(Problem::field(Code::IdentityIncomplete, Field::State));
    }
    if let Some(day) = report.completed_on {
        if day > days.latest {
            report.problem(Problem::field(Code::DateInFuture, Field::CompletionDate).given(us_date(day)));
        }
        let until = reference.settings_on(days.today).report_until(day);
        if days.today > until {
            let late = Problem::field(Code::ReportingWindowOver, Field::CompletionDate);
            report.problem(late.given(us_date(day)).fact(us_date(until)));
        }
    }
    let Some(activity) = activity else {
        unknown_activity(report);
        return;
    };
    if !activity.accepts_reports(days.today) {
        report.problem(Problem::field(Code::ActivityIsDraft, Field::ActivityId).given(activity.id.as_str()));
    }
    let year = activity.ends_on.year();
    if year <= reference.settings_on(days.today).locked_year {
        report.problem(Problem::field(Code::ActivityYearLocked, Field::ActivityId).fact(year.to_string()));
    }
    if let Some(day) = report.completed_on
        && !(activity.starts_on..=activity.ends_on).contains(&day)
    {
        let dates = format!("{} to {}", us_date(activity.starts_on), us_date(activity.ends_on));
        let outside = Problem::field(Code::DateOutsideActivity, Field::CompletionDate);
        report.problem(outside.given(us_date(day)).fact(dates));
    }
    if report.rems.is_some() && !activity.is_rems() {
        report.problem(Problem::field(Code::RemsNotRegistered, Field::RemsLocalId));
    }
    if report.action == Some(Action::Delete) {
        return; // a delete names what is on record; limits that changed since do not keep it there
    }
    if let (Some(credit), Some(most)) = (report.cme, activity.credit)
        && credit > most
    {
        let above = Problem::field(Code::CreditAboveActivity, Field::CmeCredits);
        report.problem(above.given(credit.to_string()).fact(most.to_string()));
    }
    if let Some(moc) = report.moc.clone() {
        for problem in board_problems(&moc, report.cme, report.completed_on, activity, reference) {
            report.problem(problem);
        }
    }
}

fn unknown_activity(report: &mut LearnerReport) {
    let given = match (&report.activity, &report.internal_activity) {
        (Some(id), _) => id.to_string(),
        (None, Some(internal)) => internal.clone(),
        (None, None) => {
            if !report.faulty(Field::ActivityId) {
                report.problem(Problem::field(Code::ActivityMissing, Field::ActivityId));
            }
            return;
        }
    };
    report.problem(Problem::field(Code::ActivityUnknown, Field::ActivityId).given(given));
}

fn board_problems(
    moc: &MocReport,
    cme: Option<Amount>,
    completed_on: Option<Date>,
    activity: &Activity,
    reference: &Reference,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    let label = reference.board_label(moc.board);
    let rules = completed_on.and_then(|day| reference.board_on(moc.board, day));
    match (rules, completed_on) {
        (Some(rules), Some(day)) => problems.extend(not_in_force(rules, moc, day, activity)),
        (None, Some(day)) if reference.board(moc.board).is_some() => {
            let over = Problem::field(Code::BoardNotInForce, Field::Board).given(label.clone());
            problems.push(over.fact(format!("on other dates than {}", us_date(day))));
        }
        _ => {}
    }
    let Some(registration) = activity.registration(moc.board) else {
        problems.push(Problem::field(Code::BoardNotRegistered, Field::Board).given(label));
        return problems;
    };
    problems.extend(above_registration(moc, registration, &label));
    if let (Some(until), Some(day)) = (registration.claim_until, completed_on)
        && day > until
    {
        problems.push(Problem::field(Code::ClaimDatePassed, Field::CompletionDate).fact(us_date(until)));
    }
    if let (Some(rules), Some(points)) = (rules, moc.total) {
        let alone = Record { points, types: &moc.types };
        problems.extend(pairing::sum_problem(rules, registration, &[alone], cme));
    }
    problems
}

fn not_in_force(rules: &BoardRules, moc: &MocReport, completed_on: Date, activity: &Activity) -> Vec<Problem> {
    let mut problems = Vec::new();
    let closed =
        |when: String| Problem::field(Code::BoardNotInForce, Field::Board).given(rules.label.clone()).fact(when);
    if let Some(from) = rules.completed_from.filter(|from| completed_on < *from) {
        problems.push(closed(format!("for completions from {} on", us_date(from))));
    }
    if let Some(from) = rules.activity_starts_from.filter(|from| activity.starts_on < *from) {
        problems.push(closed(format!("for activities that start on {} or later", us_date(from))));
    }
    for (n, (name, _)) in (0u8..).zip(&moc.types) {
        if rules.credit_type(name).is_some_and(|credit_type| !credit_type.in_force(completed_on)) {
            let over = Problem::field(Code::CreditTypeNotInForce, Field::CreditType(n));
            problems.push(over.given(name.clone()).fact(rules.label.clone()));
        }
    }
    problems
}

fn above_registration(moc: &MocReport, registration: &MocRegistration, label: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    if let Some(points) = moc.total.filter(|points| *points > registration.points) {
        let above = Problem::field(Code::PointsAboveRegistered, Field::BoardCredits);
        problems.push(above.given(points.to_string()).fact(registration.points.to_string()));
    }
    for (n, (name, _)) in (0u8..).zip(&moc.types) {
        if !registration.credit_types.contains(name) {
            let unregistered = Problem::field(Code::CreditTypeNotRegistered, Field::CreditType(n));
            problems.push(unregistered.given(name.clone()).fact(label.to_owned()));
        }
    }
    problems
}

/// A date the US way, as messages show it.
pub fn us_date(day: Date) -> String {
    format!("{:02}/{:02}/{:04}", day.month(), day.day(), day.year())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::Board;
    use crate::activity::tests::active;
    use crate::reference::CreditType;

    fn on(today: Date) -> Days {
        Days { today, latest: today }
    }

    fn reference() -> Reference {
        let board = |code: &str, types: &[(&str, Option<Date>)]| BoardRules {
            code: Board::read(code).unwrap(),
            label: code.into(),
            name: code.into(),
            credit_types: types
                .iter()
                .map(|(name, until)| CreditType { name: (*name).into(), valid_from: None, valid_until: *until })
                .collect(),
            practice_areas: vec![],
            diplomate_id_optional: false,
            points_equal_credit: code == "ABA",
            once_per_date: false,
            type_apart: None,
            completed_from: (code == "ABS").then(|| date(2027, 1, 1)),
            activity_starts_from: None,
        };
        let modules = ("Self-Assessment Module", Some(date(2020, 12, 31)));
        let boards = vec![
            board("ABIM", &[("Medical Knowledge", None)]),
            board("ABA", &[("Patient Safety", None), modules]),
            board("ABS", &[("Accredited CME", None)]),
        ];
        Reference::always(boards, Default::default())
    }

    fn activity() -> Activity {
        let registered = |code: &str, credit_type: &str| MocRegistration {
            board: Board::read(code).unwrap(),
            points: Amount::new(500),
            credit_types: vec![credit_type.into()],
            practice_areas: vec![],
            claim_until: Some(date(2026, 3, 20)),
            undertakings: vec![],
        };
        Activity {
            moc: vec![
                registered("ABIM", "Medical Knowledge"),
                registered("ABA", "Self-Assessment Module"),
                registered("ABS", "Accredited CME"),
            ],
            ..active()
        }
    }

    fn report() -> LearnerReport {
        let mut report = LearnerReport {
            action: Some(Action::Add),
            activity: Some(activity().id),
            completed_on: Some(date(2026, 3, 10)),
            cme: Some(Amount::new(300)),
            ..LearnerReport::default()
        };
        report.learner.state = crate::State::read("CA");
        report
    }

    fn moc(board: &str, points: i64, credit_type: &str) -> Option<MocReport> {
        Some(MocReport {
            board: Board::read(board).unwrap(),
            total: Some(Amount::new(points)),
            types: vec![(credit_type.into(), Amount::new(100))],
        })
    }

    #[test]
    fn every_rule_of_the_activity_has_its_code() {
        let days = on(date(2026, 3, 25));
        let cases: Vec<(LearnerReport, &[Code])> = vec![
            (report(), &[]),
            (LearnerReport { completed_on: Some(date(2026, 2, 28)), ..report() }, &[Code::DateOutsideActivity]),
            (LearnerReport { completed_on: Some(date(2026, 3, 26)), ..report() }, &[Code::DateInFuture]),
            (
                LearnerReport { completed_on: Some(date(2024, 3, 10)), ..report() },
                &[Code::ReportingWindowOver, Code::DateOutsideActivity],
            ),
            (LearnerReport { cme: Some(Amount::new(725)), ..report() }, &[Code::CreditAboveActivity]),
            (LearnerReport { action: Some(Action::Delete), cme: Some(Amount::new(725)), ..report() }, &[]),
            (LearnerReport { moc: moc("ABP", 100, "x"), ..report() }, &[Code::BoardNotRegistered]),
            (LearnerReport { moc: moc("ABIM", 525, "Medical Knowledge"), ..report() }, &[Code::PointsAboveRegistered]),
            (
                LearnerReport { moc: moc("ABIM", 100, "Practice Assessment"), ..report() },
                &[Code::CreditTypeNotRegistered],
            ),
            (
                LearnerReport {
                    moc: moc("ABIM", 100, "Medical Knowledge"),
                    completed_on: Some(date(2026, 3, 21)),
                    ..report()
                },
                &[Code::ClaimDatePassed],
            ),
            (
                LearnerReport { moc: moc("ABA", 300, "Self-Assessment Module"), ..report() },
                &[Code::CreditTypeNotInForce],
            ),
            (LearnerReport { moc: moc("ABS", 300, "Accredited CME"), ..report() }, &[Code::BoardNotInForce]),
            (
                LearnerReport { moc: moc("ABA", 200, "Patient Safety"), ..report() },
                &[Code::CreditTypeNotRegistered, Code::PointsNotEqualCredit],
            ),
            (LearnerReport { rems: Some(Default::default()), ..report() }, &[Code::RemsNotRegistered]),
        ];
        for (mut report, codes) in cases {
            let before = report.clone();
            against_activity(&mut report, Some(&activity()), &reference(), days);
            assert_eq!(report.problems.iter().map(|p| p.code).collect::<Vec<_>>(), codes, "{before:?}");
        }
    }

    #[test]
    fn rules_of_the_completion_date_count_whatever_holds_today() {
        use crate::reference::{Dated, Rules};
        let abim = reference().board(Board::read("ABIM").unwrap()).unwrap().clone();
        let equal = BoardRules { points_equal_credit: true, ..abim.clone() };
        let change = date(2026, 3, 10);
        let versions = |until| {
            let later = Dated { from: change, until, value: equal.clone() };
            Reference::new(
                Rules::new(vec![Dated::always(abim.clone()), later], vec![], vec![]).into(),
                date(2026, 3, 25),
            )
        };
        let codes = |day, reference: &Reference| {
            let mut report = LearnerReport {
                moc: moc("ABIM", 100, "Medical Knowledge"),
                completed_on: Some(date(2026, 3, day)),
                ..report()
            };
            against_activity(&mut report, Some(&activity()), reference, on(date(2026, 3, 25)));
            report.problems.iter().map(|p| p.code).collect::<Vec<_>>()
        };
        assert_eq!(codes(9, &versions(None)), []);
        assert_eq!(codes(10, &versions(None)), [Code::PointsNotEqualCredit]);
        assert_eq!(codes(12, &versions(Some(date(2026, 3, 11)))), [Code::BoardNotInForce]);
    }

    #[test]
    fn an_activity_of_somebody_else_is_simply_unknown() {
        let mut report = report();
        against_activity(&mut report, None, &reference(), on(date(2026, 3, 25)));
        assert_eq!(report.problems[0].message(), "Your organization has no activity 202600001.");
    }

    #[test]
    fn a_draft_takes_no_learners_and_a_locked_year_none_either() {
        let draft = Activity { credit: None, ..activity() };
        let settings = crate::reference::Settings { locked_year: 2026, ..Default::default() };
        let locked = Reference::always(reference().boards().cloned().collect(), settings);
        let mut report = report();
        against_activity(&mut report, Some(&draft), &locked, on(date(2026, 3, 25)));
        assert_eq!(
            report.problems.iter().map(|p| p.code).collect::<Vec<_>>(),
            [Code::ActivityIsDraft, Code::ActivityYearLocked]
        );
    }
}
