//! What a person is told of a matched file: the rows with problems, outcomes with counts, the commonest reasons
//! with what to do, and one line per row in a file. Never anything that the registry holds.

use std::collections::HashMap;
use std::fs::File;
use std::hash::Hash;
use std::io::{BufWriter, Write};

use anyhow::Result;
use app::reasons::{self, Agreement};
use app::reports::{field_label, identity_problem};
use domain::{Place, Problem};
use matching::{Decision, Outcome};

use super::{Answer, Answered};
use crate::output::{count, say};

/// Outcomes of rows that the engine has no say in.
const UNREADABLE: &str = "unreadable";
const COLUMN_FAULT: &str = "column_fault";
/// How many different reasons are shown.
const REASONS: usize = 8;

/// One line per row: its number, the outcome, the codes of the reasons, what would settle it.
pub(super) fn write(file: File, answered: &[Answered]) -> Result<()> {
    let mut out = BufWriter::new(file);
    writeln!(out, "row\toutcome\treasons\tsettle_with")?;
    for Answered { row, answer } in answered {
        let (outcome, codes, settle): (_, Vec<&str>, String) = match answer {
            Answer::Decided(decision) => (
                decision.outcome.code(),
                decision.reasons.iter().map(|reason| reason.code()).collect(),
                settled_by(decision).join(", "),
            ),
            Answer::Unread => (
                UNREADABLE,
                row.problems.iter().map(|problem| problem.code.as_str()).collect(),
                row.problems.iter().map(remedy).collect::<Vec<_>>().join(" "),
            ),
            Answer::InStretch(problem) => (COLUMN_FAULT, vec![problem.code.as_str()], problem.remedy().into_owned()),
        };
        writeln!(out, "{}\t{outcome}\t{}\t{settle}", row.number, codes.join(" "))?;
    }
    Ok(out.flush()?)
}

/// Fields in the sender's words, each once.
fn settled_by(decision: &Decision) -> Vec<&'static str> {
    let mut labels: Vec<&str> = decision.settle_with.iter().map(|field| field_label(*field)).collect();
    labels.dedup();
    labels
}

/// What to do, and in which column.
fn remedy(problem: &Problem) -> String {
    match problem.in_field() {
        Some(field) => format!("{}: {}", field.label().trim(), problem.remedy()),
        None => problem.remedy().into_owned(),
    }
}

/// Row, column, what is wrong with the value, and what to do.
fn in_words(number: u64, problem: &Problem) -> String {
    let place = match problem.place {
        Place::Field(field) => format!("Row {number}, {}", field.label().trim()),
        _ => format!("Row {number}"),
    };
    format!("{place}: {} {}", problem.message(), problem.remedy())
}

pub(super) fn tell(answered: &[Answered], stretches: &[Problem], show: usize) -> Result<()> {
    for problem in stretches {
        say(&format!("{} {}", problem.message(), problem.remedy()))?;
    }
    let faulty = || answered.iter().filter(|answered| matches!(answered.answer, Answer::Unread));
    for Answered { row, .. } in faulty().take(show) {
        for problem in &row.problems {
            say(&in_words(row.number, problem))?;
        }
    }
    let hidden = faulty().count().saturating_sub(show);
    if hidden > 0 {
        say(&format!("... and {} more rows with problems; see more with --show N", count(hidden as u64)))?;
    }
    let line = |label: &str, number: usize| say(&format!("{:>12}  {label}", count(number as u64)));
    line("rows read", answered.len())?;
    let of = |outcome: &str| decisions(answered).filter(|decision| decision.outcome.code() == outcome).count();
    line("matched: one physician", of("matched"))?;
    line("several: more than one physician possible", of("several"))?;
    line("conflict: details of different people", of("conflict"))?;
    line("review: one physician likely, not certain", of("review"))?;
    line("none: no physician found", of("none"))?;
    line("refused with their column", answered.iter().filter(|a| matches!(a.answer, Answer::InStretch(_))).count())?;
    line("could not be read", faulty().count())?;
    let unmatched = || decisions(answered).filter(|decision| !matches!(decision.outcome, Outcome::Matched(_)));
    if unmatched().next().is_none() {
        return Ok(());
    }
    say("What would settle rows without a physician:")?;
    let remedies =
        unmatched().map(identity_problem).map(|problem| format!("{} {}", problem.message(), problem.remedy()));
    tell_frequent(remedies)?;
    say("Their most frequent reasons:")?;
    let against = unmatched().flat_map(|decision| &decision.reasons).filter_map(|reason| reasons::words(reason.code()));
    let against = against.filter(|words| matches!(words.agreement, Agreement::Differs | Agreement::OneSided));
    tell_frequent(against.map(|words| format!("{} ({})", words.sentence, words.code)))
}

fn decisions(answered: &[Answered]) -> impl Iterator<Item = &Decision> {
    answered.iter().filter_map(|answered| match &answered.answer {
        Answer::Decided(decision) => Some(decision),
        Answer::Unread | Answer::InStretch(_) => None,
    })
}

fn tell_frequent(said: impl Iterator<Item = String>) -> Result<()> {
    for (said, times) in by_frequency(said).into_iter().take(REASONS) {
        say(&format!("{:>12} x {said}", count(times)))?;
    }
    Ok(())
}

/// Each once with how often it came, the most frequent first.
fn by_frequency<T: Hash + Ord>(items: impl Iterator<Item = T>) -> Vec<(T, u64)> {
    let mut counts: HashMap<T, u64> = HashMap::new();
    for item in items {
        *counts.entry(item).or_default() += 1;
    }
    let mut counts: Vec<(T, u64)> = counts.into_iter().collect();
    counts.sort_unstable_by(|(a, one), (b, other)| other.cmp(one).then_with(|| a.cmp(b)));
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Code, Field};

    #[test]
    fn a_problem_names_place_value_and_remedy() {
        let problem = Problem::field(Code::BirthUnreadable, Field::Birth).given("13/45");
        let said = in_words(7, &problem);
        assert!(said.starts_with("Row 7, Date of Birth: “13/45” is not a month and day. Write a month"), "{said}");
        let broken = Problem::row(Code::RowBroken).fact("a quote is opened and never closed");
        assert!(in_words(3, &broken).starts_with("Row 3: This line"));
    }

    #[test]
    fn the_most_frequent_comes_first_and_ties_come_by_name() {
        assert_eq!(by_frequency(["b", "a", "c", "c"].into_iter()), [("c", 2), ("a", 1), ("b", 1)]);
    }
}
