//! The table of confusion on an invented crowd: printed, and held to counts that may only get better.

use std::collections::BTreeMap;

use matching::Outcome;

use crate::crowd::{Fault, crowd, reports};
use crate::people::index;

#[derive(Debug, Default)]
struct Counts {
    rows: usize,
    right: usize,
    wrong: usize,
}

#[test]
fn recall_and_false_links_on_a_crowd_do_not_get_worse() {
    let mut table: BTreeMap<(Fault, bool), Counts> = BTreeMap::new();
    for seed in [11, 12, 13] {
        let people = crowd(seed, 4_000);
        let index = index(&people);
        let reports = reports(&people, seed + 100, 4_000);
        let queries: Vec<_> = reports.iter().map(|report| report.query.clone()).collect();
        for (report, decision) in reports.iter().zip(index.decide_all(&queries)) {
            let counts = table.entry((report.fault, report.with_identifier)).or_default();
            counts.rows += 1;
            match (decision.outcome, report.truth) {
                (Outcome::Matched(id), Some(truth)) if id == truth => counts.right += 1,
                (Outcome::Matched(_), _) => counts.wrong += 1,
                (_, None) => counts.right += 1,
                _ => {}
            }
        }
    }
    println!("fault, identifier given: rows, right, wrong links");
    for ((fault, with_identifier), counts) in &table {
        println!("{fault:?}, {with_identifier}: {}, {}, {}", counts.rows, counts.right, counts.wrong);
    }
    let registered = || table.iter().filter(|((fault, _), _)| *fault != Fault::Unregistered);
    let rows: usize = registered().map(|(_, counts)| counts.rows).sum();
    let right: usize = registered().map(|(_, counts)| counts.right).sum();
    let wrong: usize = registered().map(|(_, counts)| counts.wrong).sum();
    assert_eq!(wrong, 0, "wrong links of {rows} rows");
    // a stranger of the same name in the same state shares the birthday once in 336: nobody could tell
    let strangers: usize = table.values().map(|counts| counts.wrong).sum();
    assert!(strangers <= 1, "{strangers} strangers linked");
    assert!(right * 1_000 >= rows * 960, "recall {right} of {rows}");
}
