//! How often a board takes a completion, and when two records are one completion (domain.md, MOC / CC
//! registration): ABA wants points of patient safety in a record of their own if only a part of a completion's
//! points is of it, and both records together equal the CME credits.
//!
//! A record that could be half of such a pair is taken with fewer points than the credit: its other half may come
//! later, or never. All rules are those in force on the completion date.

use jiff::civil::Date;

use crate::activity::{Activity, Format, MocRegistration};
use crate::credit::Part;
use crate::reference::{BoardRules, Reference};
use crate::{Amount, Board, Code, Field, Problem};

/// One record of points for a board.
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    pub points: Amount,
    /// Tags over the same points.
    pub types: &'a [(String, Amount)],
}

/// Whether a board takes only one completion per diplomate, activity and date.
pub fn takes_one_per_date(board: Board, activity: &Activity, completed_on: Date, reference: &Reference) -> bool {
    let once = reference.board_on(board, completed_on).is_some_and(|rules| rules.once_per_date);
    once && activity.format != Format::JournalBased
}

/// Which part of a completion's points a record of these credit types is.
pub fn part_of(rules: &BoardRules, types: &[(String, Amount)]) -> Part {
    let Some(apart) = &rules.type_apart else { return Part::Whole };
    match (types.len(), types.iter().any(|(name, _)| name == apart)) {
        (0, _) => Part::Whole,
        (1, true) => Part::Apart,
        (_, true) => Part::Whole,
        (_, false) => Part::Rest,
    }
}

/// Whether a record can be half of a pair: the activity is registered for the type that stands apart and for
/// another one, and the record is of one of the two sides.
fn may_be_half(rules: &BoardRules, registration: &MocRegistration, record: &Record<'_>) -> bool {
    let is_apart = |name: &String| Some(name) == rules.type_apart.as_ref();
    let types = &registration.credit_types;
    part_of(rules, record.types) != Part::Whole && types.iter().any(is_apart) && !types.iter().all(is_apart)
}

/// What is wrong with all records of one completion for a board, taken together. `credit` is the CME credit that
/// was reported with it.
pub fn sum_problem(
    rules: &BoardRules,
    registration: &MocRegistration,
    records: &[Record<'_>],
    credit: Option<Amount>,
) -> Option<Problem> {
    let points = records.iter().map(|record| record.points).sum::<Amount>();
    if records.len() > 1 && points > registration.points {
        let above = Problem::field(Code::PointsAboveRegistered, Field::BoardCredits);
        return Some(above.given(points.to_string()).fact(registration.points.to_string()));
    }
    let credit = credit.filter(|_| rules.points_equal_credit)?;
    let lacks_half = match records {
        [alone] => points < credit && may_be_half(rules, registration, alone),
        _ => false,
    };
    let unequal = || Problem::field(Code::PointsNotEqualCredit, Field::BoardCredits);
    (points != credit && !lacks_half).then(|| unequal().given(points.to_string()).fact(credit.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::CreditType;

    const LEARNING: &str = "Lifelong Learning";
    const SAFETY: &str = "Patient Safety";
    const QUALITY: &str = "Quality Improvement";

    fn aba() -> BoardRules {
        let credit_type = |name: &str| CreditType { name: name.into(), valid_from: None, valid_until: None };
        BoardRules {
            code: Board::read("ABA").unwrap(),
            label: "ABA".into(),
            name: "Anesthesiology".into(),
            credit_types: [LEARNING, SAFETY, QUALITY].map(credit_type).into(),
            practice_areas: vec![],
            diplomate_id_optional: false,
            points_equal_credit: true,
            once_per_date: true,
            type_apart: Some(SAFETY.into()),
            completed_from: None,
            activity_starts_from: None,
        }
    }

    fn registered(types: &[&str]) -> MocRegistration {
        MocRegistration {
            board: aba().code,
            points: Amount::new(300),
            credit_types: types.iter().map(|name| (*name).to_owned()).collect(),
            practice_areas: vec![],
            claim_until: None,
            undertakings: vec![],
        }
    }

    fn types(names: &[&str]) -> Vec<(String, Amount)> {
        names.iter().map(|name| ((*name).to_owned(), Amount::new(100))).collect()
    }

    #[test]
    fn a_record_is_of_the_type_apart_of_all_others_or_of_both() {
        let cases: &[(&[&str], Part)] = &[
            (&[], Part::Whole),
            (&[SAFETY], Part::Apart),
            (&[LEARNING], Part::Rest),
            (&[LEARNING, QUALITY], Part::Rest),
            (&[LEARNING, SAFETY], Part::Whole),
        ];
        for (names, part) in cases {
            assert_eq!(part_of(&aba(), &types(names)), *part, "{names:?}");
            assert_eq!(part_of(&BoardRules { type_apart: None, ..aba() }, &types(names)), Part::Whole);
        }
    }

    #[test]
    fn a_lone_record_equals_the_credit_or_is_half_of_a_pair_and_a_pair_adds_up() {
        let (both, one): (&[&str], &[&str]) = (&[LEARNING, SAFETY], &[LEARNING]);
        let unequal = Some(Code::PointsNotEqualCredit);
        // registered types; records as types and points; credit; the answer
        #[expect(clippy::type_complexity, reason = "a table")]
        let cases: Vec<(&[&str], Vec<(&[&str], i64)>, Option<i64>, Option<Code>)> = vec![
            (both, vec![(&[LEARNING], 300)], Some(300), None),
            (both, vec![(&[LEARNING], 200)], Some(300), None),
            (both, vec![(&[SAFETY], 100)], Some(300), None),
            (both, vec![(&[LEARNING, SAFETY], 200)], Some(300), unequal),
            (both, vec![(&[], 200)], Some(300), unequal),
            (both, vec![(&[SAFETY], 350)], Some(300), unequal),
            // where the activity has nothing apart, there is no other half to wait for
            (one, vec![(&[LEARNING], 200)], Some(300), unequal),
            (&[SAFETY], vec![(&[SAFETY], 200)], Some(300), unequal),
            (both, vec![(&[LEARNING], 200), (&[SAFETY], 100)], Some(300), None),
            (both, vec![(&[LEARNING], 200), (&[SAFETY], 50)], Some(300), unequal),
            (both, vec![(&[LEARNING], 200), (&[SAFETY], 150)], Some(300), Some(Code::PointsAboveRegistered)),
            (both, vec![(&[LEARNING], 200), (&[SAFETY], 50)], Some(200), unequal),
            (both, vec![(&[LEARNING], 100), (&[SAFETY], 50)], None, None),
            (both, vec![(&[LEARNING], 200), (&[SAFETY], 125)], None, Some(Code::PointsAboveRegistered)),
        ];
        for (registration, given, credit, answer) in cases {
            let given: Vec<_> = given.iter().map(|(names, points)| (types(names), Amount::new(*points))).collect();
            let records: Vec<Record<'_>> =
                given.iter().map(|(types, points)| Record { points: *points, types }).collect();
            let problem = sum_problem(&aba(), &registered(registration), &records, credit.map(Amount::new));
            assert_eq!(problem.map(|problem| problem.code), answer, "{given:?} {credit:?}");
        }
    }
}
