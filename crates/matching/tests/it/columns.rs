//! Files with a column that is wrong as a whole, and files that only look so.

use std::cell::Cell;

use domain::{Board, MonthDay, State};
use matching::columns::{CONTEXT, Column, Fault, Line, Stretch, find};
use matching::{Index, Outcome, Physician, Query};
use proptest::prelude::*;

use crate::crowd::rand_like::Chance;
use crate::crowd::{crowd, reports};
use crate::people::{With, index, physician, query};

/// A row that says all of a physician truly.
fn row(person: &Physician) -> Query {
    let (state, number) = person.licenses[0].clone();
    Query {
        first: person.first.clone(),
        last: person.last.clone(),
        birth: person.birth,
        state: Some(state),
        identifier: Some(number),
        board: person.certifications.first().cloned(),
        ..Query::default()
    }
}

/// A town of physicians, each with a diplomate ID, in no order.
fn town() -> Vec<Physician> {
    let mut people = crowd(11, 400);
    for (number, person) in people.iter_mut().enumerate() {
        *person = person.clone().board("ABIM", &format!("{}", 200_000 + number * 37));
    }
    people.sort_by_key(|person| (person.id.as_uuid().as_u128() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    people
}

fn lines(index: &Index, rows: &[Query]) -> Vec<Line> {
    rows.iter().map(|query| Line { query: query.clone(), decision: Some(index.decide(query)) }).collect()
}

fn stretches(index: &Index, rows: &[Query]) -> Vec<Stretch> {
    let lines = lines(index, rows);
    find(&lines.iter().collect::<Vec<_>>(), |queries| index.decide_all(queries))
}

/// Moves the values of one column: those of `from..=to` stand `by` rows below, and what stood there is gone.
fn moved<T: Default>(rows: &mut [Query], from: usize, to: usize, by: isize, column: fn(&mut Query) -> &mut T) {
    let values: Vec<T> = (from..=to).map(|row| std::mem::take(column(&mut rows[row]))).collect();
    for (row, value) in (from..).zip(values) {
        *column(&mut rows[row.checked_add_signed(by).unwrap()]) = value;
    }
}

#[test]
fn a_column_that_stands_rows_too_low_or_too_high_is_one_stretch() {
    let people = town();
    let index = index(&people);
    let rows: Vec<Query> = people.iter().map(row).collect();
    assert_eq!(stretches(&index, &rows), []);
    for by in [1, -1, 2, -2, 3, -3] {
        let mut rows: Vec<Query> = people.iter().map(|person| Query { board: None, ..row(person) }).collect();
        moved(&mut rows, 20, 300, by, |query| &mut query.identifier);
        let found = stretches(&index, &rows);
        // cells left empty above or below say nothing, so up to two rows at either end may be missing
        assert!(
            matches!(found[..], [Stretch { column: Column::Identifier, fault: Fault::Shifted(found), first, last }]
                if found == by && (20..=22).contains(&first) && (298..=300).contains(&last)),
            "{found:?}"
        );
    }
    for by in [1, -1] {
        let mut rows: Vec<Query> = people.iter().map(|person| Query { identifier: None, ..row(person) }).collect();
        moved(&mut rows, 20, 300, by, |query| &mut query.board);
        let [found] = stretches(&index, &rows)[..] else { panic!() };
        let (first, last) = if by > 0 { (21, 300) } else { (20, 299) };
        assert_eq!(found, Stretch { column: Column::BoardId, fault: Fault::Shifted(by), first, last });
        let mut rows: Vec<Query> =
            people.iter().map(|person| Query { identifier: None, board: None, ..row(person) }).collect();
        moved(&mut rows, 20, 300, by, |query| &mut query.birth);
        let found = stretches(&index, &rows);
        assert!(
            matches!(found[..], [Stretch { column: Column::Birth, fault: Fault::Shifted(found), first, last }]
                if found == by && first.abs_diff(20) <= 2 && last.abs_diff(300) <= 2),
            "{found:?}"
        );
    }
}

#[test]
fn names_that_stand_beside_the_next_persons_details_are_one_stretch() {
    let people = town();
    let index = index(&people);
    let mut rows: Vec<Query> = people.iter().map(row).collect();
    moved(&mut rows, 20, 299, 1, |query| &mut query.first);
    moved(&mut rows, 20, 299, 1, |query| &mut query.last);
    // the details that belong to the names stand above them
    let found = Stretch { column: Column::Names, fault: Fault::Shifted(-1), first: 21, last: 300 };
    assert_eq!(stretches(&index, &rows), [found]);
}

#[test]
fn two_columns_pasted_together_are_told_of_both() {
    let people = town();
    let index = index(&people);
    let mut rows: Vec<Query> = people.iter().map(row).collect();
    moved(&mut rows, 20, 60, 1, |query| &mut query.identifier);
    moved(&mut rows, 20, 60, 1, |query| &mut query.board);
    let stretch = |column, first| Stretch { column, fault: Fault::Shifted(1), first, last: 60 };
    // the first row has no board any more, so no number of it can be asked for
    assert_eq!(stretches(&index, &rows), [stretch(Column::Identifier, 20), stretch(Column::BoardId, 21)]);
}

#[test]
fn a_shift_of_five_rows_is_found_and_one_of_four_is_left_to_the_rows() {
    let people = town();
    let index = index(&people);
    for (to, found) in [(104, 1), (103, 0)] {
        let mut rows: Vec<Query> = people.iter().map(|person| Query { board: None, ..row(person) }).collect();
        moved(&mut rows, 100, to, 1, |query| &mut query.identifier);
        assert_eq!(stretches(&index, &rows).len(), found);
    }
}

#[test]
fn a_learner_in_many_rows_does_not_hide_a_shifted_column() {
    let people = town();
    let index = index(&people);
    let mut rows: Vec<Query> =
        people.iter().flat_map(|person| std::iter::repeat_n(Query { board: None, ..row(person) }, 9)).collect();
    moved(&mut rows, 90, 900, 1, |query| &mut query.identifier);
    let found = stretches(&index, &rows);
    assert!(matches!(found[..], [Stretch { fault: Fault::Shifted(1), .. }]), "{found:?}");
    assert!(found[0].first.abs_diff(90) <= 9 && found[0].last.abs_diff(900) <= 9, "{found:?}");
}

#[test]
fn within_a_shifted_stretch_nobody_is_matched_beside_an_identifier_that_does_not_agree() {
    let people = town();
    let index = index(&people);
    let mut rows: Vec<Query> = people.iter().map(|person| Query { board: None, ..row(person) }).collect();
    // a number that nobody has, in every tenth row: the rows it is moved to match by all else
    for (query, person) in rows.iter_mut().zip(&people).skip(1).step_by(10) {
        query.middle = person.middle.clone();
    }
    rows.iter_mut().step_by(10).for_each(|query| query.identifier = Some("MD-777001".into()));
    moved(&mut rows, 20, 300, 1, |query| &mut query.identifier);
    let lines = lines(&index, &rows);
    let found = find(&lines.iter().collect::<Vec<_>>(), |queries| index.decide_all(queries));
    let [stretch] = found[..] else { panic!("{found:?}") };
    let is_matched = |line: &&Line| matches!(line.decision.as_ref().unwrap().outcome, Outcome::Matched(_));
    let matched: Vec<&Line> = lines[stretch.first..=stretch.last].iter().filter(is_matched).collect();
    assert!(matched.len() > 10, "{}", matched.len());
    assert!(matched.iter().all(|line| stretch.concerns(line.decision.as_ref().unwrap())));
}

#[test]
fn a_row_of_a_shifted_stretch_whose_identifier_agrees_is_left_alone() {
    let people = town();
    let index = index(&people);
    let mut rows: Vec<Query> = people.iter().map(|person| Query { identifier: None, ..row(person) }).collect();
    moved(&mut rows, 20, 300, 1, |query| &mut query.birth);
    let lines = lines(&index, &rows);
    let stretch = Stretch { column: Column::Birth, fault: Fault::Shifted(1), first: 20, last: 300 };
    for line in &lines[21..300] {
        let decision = line.decision.as_ref().unwrap();
        let is_matched = matches!(decision.outcome, Outcome::Matched(_));
        assert_eq!(stretch.concerns(decision), !is_matched, "{decision:?}");
    }
}

#[test]
fn a_value_copied_down_is_one_stretch() {
    let people = town();
    let index = index(&people);
    let mut rows: Vec<Query> = people.iter().map(|person| Query { board: None, ..row(person) }).collect();
    for row in 51..90 {
        rows[row].identifier = rows[50].identifier.clone();
    }
    let copied = |column| Stretch { column, fault: Fault::CopiedDown, first: 50, last: 89 };
    assert_eq!(stretches(&index, &rows), [copied(Column::Identifier)]);
    let mut rows: Vec<Query> = people.iter().map(|person| Query { identifier: None, ..row(person) }).collect();
    for row in 51..90 {
        rows[row].board = rows[50].board.clone();
    }
    assert_eq!(stretches(&index, &rows), [copied(Column::BoardId)]);
    // two people are a family, three are a column
    let mut rows: Vec<Query> = people.iter().map(row).filter(|query| query.state == State::read("FL")).collect();
    rows[21].identifier = rows[20].identifier.clone();
    assert_eq!(stretches(&index, &rows), []);
    rows[22].identifier = rows[20].identifier.clone();
    assert_eq!(stretches(&index, &rows), [Stretch { first: 20, last: 22, ..copied(Column::Identifier) }]);
}

#[test]
fn a_birthday_copied_down_is_told_by_the_identifiers_beside_it() {
    // of two people with one name, neither matches by an NPI and another's birthday
    let mut people = town();
    for number in 0..60 {
        let (first, last) = (people[number].first.clone(), people[number].last.clone());
        people.push(Physician { first, last, ..crowd(12, 400 + 60)[400 + number].clone() });
    }
    let index = index(&people);
    let mut rows: Vec<Query> = people.iter().map(row).collect();
    let birth = MonthDay::read("02/29");
    rows[20..50].iter_mut().for_each(|query| query.birth = birth);
    let found = stretches(&index, &rows);
    assert_eq!(found, [Stretch { column: Column::Birth, fault: Fault::CopiedDown, first: 20, last: 49 }]);
}

#[test]
fn numbers_filled_as_a_series_are_one_stretch() {
    let people = town();
    let index = index(&people);
    let mut rows: Vec<Query> = people.iter().map(|person| Query { board: None, ..row(person) }).collect();
    for (row, number) in (40..100).zip(1_010..) {
        rows[row].identifier = Some(format!("MD-{number:06}"));
    }
    let found = Stretch { column: Column::Identifier, fault: Fault::Series, first: 40, last: 99 };
    assert_eq!(stretches(&index, &rows), [found]);
}

#[test]
fn names_in_each_others_column_are_one_stretch() {
    let people = town();
    let index = index(&people);
    let mut rows: Vec<Query> = people.iter().map(row).collect();
    rows.iter_mut().for_each(|query| std::mem::swap(&mut query.first, &mut query.last));
    let found = Stretch { column: Column::Names, fault: Fault::Exchanged, first: 0, last: people.len() - 1 };
    assert_eq!(stretches(&index, &rows), [found]);
}

#[test]
fn true_files_are_left_alone() {
    let people = town();
    let index_of_town = index(&people);
    // as many faults as true files have: one row in forty
    let clean = people.iter().cycle().map(row);
    let reported = reports(&people, 5, 2_000).into_iter().enumerate();
    let faulty: Vec<Query> =
        reported.zip(clean).map(|((n, report), clean)| if n % 10 == 0 { report.query } else { clean }).collect();
    let sorted = |key: fn(&Query) -> String| {
        let mut rows = faulty.clone();
        rows.sort_by_key(key);
        rows
    };
    let by_license = sorted(|query| query.identifier.clone().unwrap_or_default());
    let by_birth = sorted(|query| query.birth.map(|birth| birth.to_string()).unwrap_or_default());
    let by_name = sorted(|query| format!("{} {}", query.last, query.first).to_uppercase());
    let each_nine_times: Vec<Query> = faulty.iter().flat_map(|query| std::iter::repeat_n(query.clone(), 9)).collect();
    for (name, rows) in [
        ("as it came", faulty.clone()),
        ("sorted by license", by_license),
        ("sorted by birthday", by_birth),
        ("sorted by name", by_name),
        ("each in nine rows", each_nine_times),
    ] {
        assert_eq!(stretches(&index_of_town, &rows), [], "{name}");
    }
}

#[test]
fn a_practice_with_consecutive_licenses_and_couples_with_each_others_are_left_alone() {
    let names =
        ["Alma|Ashdown", "Bruno|Birchwood", "Celia|Calloway", "Dario|Dunmore", "Edith|Eastlake", "Felix|Fairburn"];
    let member = |(number, name): (usize, &&str)| {
        physician(number as u32, name, &format!("03/{:02}", number * 3), &format!("OH MD{}", 4_000 + number))
    };
    let practice: Vec<Physician> = names.iter().enumerate().skip(1).map(member).collect();
    let registry = index(&practice);
    let rows: Vec<Query> = practice.iter().map(row).collect();
    assert_eq!(stretches(&registry, &rows), []);
    // residents of this summer, whom the registry does not know yet
    let residents: Vec<Query> = (0..8)
        .map(|n| {
            query(
                &format!("Resident{}|Newman{}", "abcdefgh".get(n..=n).unwrap(), "hgfedcba".get(n..=n).unwrap()),
                "05/06",
                "OH",
                &format!("57.01{:04}", 100 + n),
            )
        })
        .collect();
    assert_eq!(stretches(&registry, &residents), []);
    // ten couples, each with the other's license
    let couples: Vec<Physician> = (0..20)
        .map(|n| {
            let first = if n % 2 == 0 { "Orlando" } else { "Marisol" };
            let last = format!(
                "Quill{}",
                ["feather", "ford", "ham", "well", "by", "ton", "dale", "more", "ley", "stone"][n / 2]
            );
            let license = format!("OH MD{}", 1_000 + n * 7_321 % 90_000);
            physician(n as u32, &format!("{first}|{last}"), &format!("{:02}/{:02}", n % 12 + 1, n + 1), &license)
        })
        .collect();
    let mut rows: Vec<Query> = couples.iter().map(row).collect();
    rows.chunks_mut(2).for_each(|couple| {
        let [one, other] = couple else { panic!() };
        std::mem::swap(&mut one.identifier, &mut other.identifier);
    });
    let registry = index(&couples);
    assert!(rows.iter().all(|query| registry.decide(query).outcome == Outcome::Conflict));
    assert_eq!(stretches(&registry, &rows), []);
}

#[test]
fn a_file_read_in_parts_gives_the_same_rows_as_the_file_as_a_whole() {
    let people = town();
    let index = index(&people);
    let rows: Vec<Query> =
        people.iter().cycle().take(2_400).map(|person| Query { board: None, ..row(person) }).collect();
    for (from, to) in [(100, 2_000), (495, 520), (990, 1_010), (870, 1_000), (1_000, 1_130)] {
        let mut rows = rows.clone();
        moved(&mut rows, from, to, 1, |query| &mut query.identifier);
        let lines = lines(&index, &rows);
        let lines: Vec<&Line> = lines.iter().collect();
        let ask = |queries: &[Query]| index.decide_all(queries);
        let whole = find(&lines, ask);
        assert_eq!(whole, [Stretch { column: Column::Identifier, fault: Fault::Shifted(1), first: from, last: to }]);
        for part in (0..rows.len()).step_by(500) {
            let start = part.saturating_sub(CONTEXT);
            let end = (part + 500 + CONTEXT).min(lines.len());
            let found = find(&lines[start..end], ask);
            for row in part..(part + 500).min(lines.len()) {
                let holds = |stretch: &Stretch| (stretch.first + start..=stretch.last + start).contains(&row);
                assert_eq!(found.iter().any(holds), (from..=to).contains(&row), "row {row} of {from}..={to}");
            }
        }
    }
}

#[test]
fn the_work_is_bounded() {
    let people = town();
    let index = index(&people);
    let asked = |rows: &[Query]| {
        let lines = lines(&index, rows);
        let count = Cell::new(0);
        let ask = |queries: &[Query]| {
            count.set(count.get() + queries.len());
            index.decide_all(queries)
        };
        find(&lines.iter().collect::<Vec<_>>(), ask);
        count.get()
    };
    let clean: Vec<Query> = people.iter().cycle().take(4_000).map(row).collect();
    assert_eq!(asked(&clean), 0);
    // nobody is registered: each row is refused
    let strangers: Vec<Query> = clean
        .iter()
        .enumerate()
        .map(|(n, query)| Query {
            last: format!("{}xyz", query.last),
            birth: MonthDay::new(1 + (n % 12) as u8, 29),
            ..query.clone()
        })
        .collect();
    let count = asked(&strangers);
    assert!(count > 0 && count < 4 * strangers.len(), "{count}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn rows_in_no_order_never_make_a_stretch(seed in any::<u64>()) {
        let people = crowd(seed, 300);
        let index = index(&people);
        let rows: Vec<Query> = reports(&people, seed ^ 7, 1_500).into_iter().map(|report| report.query).collect();
        prop_assert_eq!(stretches(&index, &rows), []);
    }

    #[test]
    fn a_shift_at_any_place_is_found_at_that_place(seed in any::<u64>(), from in 1_usize..150, length in 30_usize..120) {
        let people = crowd(seed, 300);
        let index = index(&people);
        let mut chance = Chance(seed);
        let mut rows: Vec<Query> = (0..300).map(|_| row(chance.pick(&people))).collect();
        moved(&mut rows, from, from + length, 1, |query| &mut query.identifier);
        let found = stretches(&index, &rows);
        prop_assert_eq!(found.len(), 1, "{:?}", found);
        prop_assert_eq!(found[0].fault, Fault::Shifted(1));
        prop_assert!(found[0].first.abs_diff(from) <= 4 && found[0].last.abs_diff(from + length) <= 4, "{:?}", found);
    }
}

#[test]
fn a_board_that_is_not_the_neighbours_lends_no_number() {
    let people = town();
    let index = index(&people);
    let mut rows: Vec<Query> = people.iter().map(|person| Query { identifier: None, ..row(person) }).collect();
    moved(&mut rows, 20, 300, 1, |query| &mut query.board);
    for query in rows.iter_mut().step_by(2) {
        query.board = query.board.take().map(|(_, number)| (Board::read("ABP").unwrap(), number));
    }
    assert_eq!(stretches(&index, &rows), []);
}
