//! Values copied down, filled series, and exchanged names: told from the rows and their answers, nobody is asked
//! again. Rows that match in the ordinary way are what keeps a true file apart: a practice with consecutive
//! licenses, a file sorted by birthday, one learner in many rows.

use std::collections::BTreeSet;

use super::{Column, Fault, Line, Stretch, is_matched, is_refused, person};
use crate::decision::{Decision, Outcome, Reason};
use crate::query::Query;

/// Fewest people that a value must stand beside. Two share a number when a spouse's was typed.
const PEOPLE: usize = 3;

/// Fewest rows of a series. Three or four numbers in a row come about by chance in a sorted list.
const SERIES: usize = 5;

/// Fewest people whose names are exchanged.
const EXCHANGED: usize = 5;

/// One identifier beside at least three people, at least two of whom were refused while it does not agree. Whose
/// it is stands at one end: a list sorted by number, with others' slips among them, has its owner in between.
pub(super) fn copied_down(lines: &[&Line], column: Column) -> Vec<Stretch> {
    runs(
        lines,
        |a, b| column.is_same(a, b),
        PEOPLE,
        |run| {
            let (mut others, mut refused) = (BTreeSet::new(), BTreeSet::new());
            let mut is_somebodys = false;
            for line in run {
                match &line.decision {
                    Some(decision) if column.agrees(decision) => is_somebodys = true,
                    Some(_) => {
                        others.insert(person(&line.query));
                        if is_refused(line) {
                            refused.insert(person(&line.query));
                        }
                    }
                    None => {}
                }
            }
            others.len() + usize::from(is_somebodys) >= PEOPLE && refused.len() >= 2
        },
    )
    .map(|(first, last)| Stretch { column, fault: Fault::CopiedDown, first, last })
    .collect()
}

/// One birthday beside at least three people whose identifiers say that theirs is another, and at most one whose
/// it is. People sorted by birthday agree with it; people who are not registered say nothing.
pub(super) fn birth_copied_down(lines: &[&Line]) -> Vec<Stretch> {
    runs(
        lines,
        |a, b| Column::Birth.is_same(a, b),
        PEOPLE,
        |run| {
            let (mut own, mut others) = (BTreeSet::new(), BTreeSet::new());
            for line in run {
                let Some(decision) = &line.decision else { continue };
                if Column::Birth.agrees(decision) {
                    own.insert(person(&line.query));
                } else if names_another_birthday(decision) {
                    others.insert(person(&line.query));
                }
            }
            others.len() >= PEOPLE && own.len() <= 1 && run.iter().any(|line| is_refused(line))
        },
    )
    .map(|(first, last)| Stretch { column: Column::Birth, fault: Fault::CopiedDown, first, last })
    .collect()
}

/// Identifiers that rise by one from row to row, at least five, of which at least three are contradicted: by their
/// owner, or by a physician of that name and birthday who has another. At most the first may agree. Newly licensed
/// people whom the registry does not know yet contradict nothing.
pub(super) fn series(lines: &[&Line]) -> Vec<Stretch> {
    runs(lines, rises_by_one, SERIES, |run| {
        let people: BTreeSet<_> = run.iter().map(|line| person(&line.query)).collect();
        let decisions = || run.iter().filter_map(|line| line.decision.as_ref());
        let agreeing = decisions().filter(|decision| Column::Identifier.agrees(decision)).count();
        let contradicted = decisions().filter(|decision| is_contradicted(decision)).count();
        let refused = run.iter().filter(|line| is_refused(line)).count();
        people.len() >= PEOPLE && contradicted >= PEOPLE && refused >= PEOPLE && agreeing <= 1
    })
    .map(|(first, last)| Stretch { column: Column::Identifier, fault: Fault::Series, first, last })
    .collect()
}

/// First and last name in each other's column, in nearly all rows that tell: at least five people, and at most one
/// row in ten that matches in the ordinary way. Most of these rows match all the same.
pub(super) fn exchanged(lines: &[&Line]) -> Option<Stretch> {
    let (mut rows, mut people, mut ordinary) = (Vec::new(), BTreeSet::new(), 0);
    for (row, line) in lines.iter().enumerate() {
        let Some(decision) = &line.decision else { continue };
        if decision.reasons.contains(&Reason::NamesSwapped) {
            rows.push(row);
            people.insert(person(&line.query));
        } else if is_matched(decision) {
            ordinary += 1;
        }
    }
    let (first, last) = (*rows.first()?, *rows.last()?);
    let is_whole = people.len() >= EXCHANGED && ordinary * 10 <= rows.len() + ordinary;
    is_whole.then_some(Stretch { column: Column::Names, fault: Fault::Exchanged, first, last })
}

/// First and last place of every longest run of at least `least` rows, each of which `goes_on` after the one
/// before, that `is_faulty`.
fn runs<'a>(
    lines: &'a [&'a Line],
    goes_on: impl Fn(&Query, &Query) -> bool + 'a,
    least: usize,
    is_faulty: impl Fn(&[&Line]) -> bool + 'a,
) -> impl Iterator<Item = (usize, usize)> + 'a {
    let mut next = 0;
    lines.chunk_by(move |a, b| goes_on(&a.query, &b.query)).filter_map(move |run| {
        let first = next;
        next += run.len();
        (run.len() >= least && is_faulty(run)).then_some((first, next - 1))
    })
}

fn names_another_birthday(decision: &Decision) -> bool {
    let known = !decision.reasons.contains(&Reason::BirthUnknown);
    known && (Column::Identifier.agrees(decision) || Column::BoardId.agrees(decision))
}

fn is_contradicted(decision: &Decision) -> bool {
    let by_a_person = decision.outcome == Outcome::Conflict || decision.reasons.contains(&Reason::BirthEqual);
    by_a_person && !Column::Identifier.agrees(decision)
}

/// Whether the second identifier is the first with its last digits one higher, as spreadsheets fill a series.
fn rises_by_one(a: &Query, b: &Query) -> bool {
    let split = |query: &'_ Query| -> Option<(String, u64)> {
        let text = query.identifier.as_deref()?.trim();
        let prefix = text.trim_end_matches(|c: char| c.is_ascii_digit());
        let number = text.get(prefix.len()..)?.parse().ok()?;
        Some((prefix.to_owned(), number))
    };
    match (split(a), split(b)) {
        (Some((prefix, number)), Some((other, next))) => prefix == other && number.checked_add(1) == Some(next),
        _ => false,
    }
}
