//! Measures the engine on the invented town of the tests (`tests/it/town`), at any size:
//! `town PHYSICIANS REPORTS SEED [show FAULT]` prints the table of confusion, and with `show` the rows of one
//! fault that were refused or linked wrongly.
#![expect(clippy::unwrap_used, reason = "a tool for measuring, on data it makes itself")]

use std::collections::BTreeMap;
use std::time::Instant;

use matching::{Index, Outcome};

#[path = "../tests/it/town/mod.rs"]
mod town;

use town::reports::Fault;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize| arguments.get(at).map(|text| text.parse::<usize>().unwrap());
    let (people, rows, seed) = (number(0).unwrap_or(300_000), number(1).unwrap_or(100_000), number(2).unwrap_or(1));
    let show = arguments.get(4).map(String::as_str);
    let town = town::people::town(seed as u64, people);
    let reports = town::reports::reports(&town, seed as u64 ^ 0xfeed, rows);
    let started = Instant::now();
    let mut builder = Index::builder(people);
    town.people.iter().for_each(|person| builder.push(person));
    let index = builder.build();
    eprintln!("{} physicians in {:.2?}, {} bytes each", index.len(), started.elapsed(), index.bytes() / index.len());
    let queries: Vec<_> = reports.iter().map(|report| report.query.clone()).collect();
    let decisions = index.decide_all(&queries);

    let mut table: BTreeMap<(Fault, &str), [usize; 3]> = BTreeMap::new();
    let mut sums = [[0usize; 4]; 2];
    for (report, decision) in reports.iter().zip(&decisions) {
        let linked = if let Outcome::Matched(id) = decision.outcome { Some(id) } else { None };
        let (right, wrong) = (linked == report.truth, linked.is_some() && linked != report.truth);
        let kind = if report.faults[1] == Fault::Clean { "alone" } else { "with another" };
        let counts = table.entry((report.faults[0], kind)).or_default();
        counts[0] += 1;
        counts[1] += usize::from(right);
        counts[2] += usize::from(wrong);
        let sum = &mut sums[usize::from(report.has_identifier)];
        sum[0] += 1;
        sum[1] += usize::from(report.truth.is_some());
        sum[2] += usize::from(report.truth.is_some() && right);
        sum[3] += usize::from(wrong);
        let shown = show.is_some_and(|show| format!("{:?}", report.faults).contains(show)) && !right;
        if wrong || shown {
            let reasons: Vec<_> = decision.reasons.iter().map(|reason| reason.code()).collect();
            let truth = report.truth.map(|id| &town.people[id.as_uuid().as_u128() as usize - 1]);
            let linked = linked.map(|id| &town.people[id.as_uuid().as_u128() as usize - 1]);
            println!(
                "{:?} {} {}\n  row   {:?}\n  truth {truth:?}",
                report.faults,
                decision.outcome.code(),
                reasons.join(" "),
                report.query
            );
            if wrong {
                println!("  LINKED {linked:?}");
            }
        }
    }
    println!("{:<36} rows   right%  wrong", "fault");
    for ((fault, kind), [rows, right, wrong]) in &table {
        let share = 100.0 * *right as f64 / *rows as f64;
        println!("{:<36} {rows:6} {share:7.2} {wrong:6}", format!("{fault:?} {kind}"));
    }
    for (name, [rows, known, right, wrong]) in ["no identifier", "identifier"].iter().zip(sums) {
        let per = 1e5 * wrong as f64 / rows as f64;
        println!(
            "{name}: {rows} rows, recall {:.5}, {wrong} wrong links = {per:.1} per 100,000",
            right as f64 / known as f64
        );
    }
}
