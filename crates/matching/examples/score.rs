//! Reads a folder of the benchmark generator's files, decides every learner row and writes `predictions.tsv`
//! for its scorer. Prints build time, bytes a physician, rows a second and the slowest single look-ups.
//!
//!   cargo run --release -p matching --example score -- DIR [predictions.tsv] [--explain ROW]...

use std::collections::HashMap;
use std::error::Error;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::Instant;

use domain::{Board, MonthDay, PhysicianId, State};
use matching::{Index, Outcome, Physician, Query};

type Failure = Box<dyn Error>;

fn main() -> Result<(), Failure> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut explain: Vec<usize> = Vec::new();
    while let Some(at) = arguments.iter().position(|argument| argument == "--explain") {
        let row = arguments.drain(at..).nth(1).ok_or("--explain needs a row")?;
        explain.extend(row.split(',').map(str::parse::<usize>).collect::<Result<Vec<_>, _>>()?);
    }
    let folder = arguments.first().ok_or("which folder?")?;
    let folder = Path::new(folder);
    let output = arguments.get(1).map_or_else(|| folder.join("predictions.tsv"), |path| path.into());

    let physicians = read_physicians(folder)?;
    let started = Instant::now();
    let mut builder = Index::builder(physicians.len());
    physicians.iter().for_each(|physician| builder.push(physician));
    let pushed = started.elapsed();
    let index = builder.build();
    let count = index.len().max(1);
    eprintln!(
        "{count} physicians: built in {:.2?} ({pushed:.2?} of it pushing), {} bytes each",
        started.elapsed(),
        index.bytes() / count
    );
    drop(physicians);

    let queries = read_learners(&folder.join("learners.tsv"))?;
    for row in explain {
        let query = queries.get(row - 1).ok_or("no such row")?;
        println!("{query:#?}\n{:#?}", index.explain(query));
    }
    let started = Instant::now();
    let decisions = index.decide_all(&queries);
    eprintln!("{} rows, {:.0} rows/s", queries.len(), queries.len() as f64 / started.elapsed().as_secs_f64());

    let mut single: Vec<f64> = queries
        .iter()
        .map(|query| {
            let started = Instant::now();
            std::hint::black_box(index.decide(query));
            started.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    single.sort_by(f64::total_cmp);
    let at = |share: f64| single.get((single.len() as f64 * share) as usize).copied().unwrap_or_default();
    eprintln!("one look-up: median {:.1} µs, p99 {:.1} µs, p99.9 {:.1} µs", at(0.5), at(0.99), at(0.999));

    let mut out = BufWriter::new(File::create(output)?);
    writeln!(out, "row\tphysician_id\toutcome\treasons")?;
    for (row, decision) in (1..).zip(&decisions) {
        let id = match decision.outcome {
            Outcome::Matched(id) => format!("P{:07}", id.as_uuid().as_u128()),
            _ => String::new(),
        };
        let reasons: Vec<_> = decision.reasons.iter().map(|reason| reason.code()).collect();
        writeln!(out, "{row}\t{id}\t{}\t{}", decision.outcome.code(), reasons.join(" "))?;
    }
    Ok(out.flush()?)
}

fn id_of(text: &str) -> Result<PhysicianId, Failure> {
    let number: u128 = text.strip_prefix('P').ok_or("an id begins with P")?.parse()?;
    Ok(PhysicianId::new(uuid::Uuid::from_u128(number)))
}

fn cells(line: &str) -> Vec<&str> {
    line.split('\t').collect()
}

fn read_physicians(folder: &Path) -> Result<Vec<Physician>, Failure> {
    let mut physicians = Vec::new();
    let mut place = HashMap::new();
    for line in fs::read_to_string(folder.join("physicians.tsv"))?.lines().skip(1) {
        let [id, first, middle, last, suffix, former, birth, npi, ..] = cells(line)[..] else {
            return Err(line.into());
        };
        place.insert(id.to_owned(), physicians.len());
        physicians.push(Physician {
            first: first.into(),
            middle: middle.into(),
            last: last.into(),
            suffix: suffix.into(),
            former_last: former.split(';').filter(|name| !name.is_empty()).map(str::to_owned).collect(),
            birth: MonthDay::read(birth),
            npi: Some(npi.to_owned()).filter(|npi| !npi.is_empty()),
            ..Physician::new(id_of(id)?)
        });
    }
    for line in fs::read_to_string(folder.join("licenses.tsv"))?.lines().skip(1) {
        let [id, state, number, ..] = cells(line)[..] else { return Err(line.into()) };
        let physician = place.get(id).and_then(|place| physicians.get_mut(*place)).ok_or("unknown physician")?;
        physician.licenses.push((State::read(state).ok_or("no state")?, number.into()));
    }
    for line in fs::read_to_string(folder.join("certifications.tsv"))?.lines().skip(1) {
        let [id, board, number, ..] = cells(line)[..] else { return Err(line.into()) };
        let physician = place.get(id).and_then(|place| physicians.get_mut(*place)).ok_or("unknown physician")?;
        physician.certifications.push((Board::read(board).ok_or("no board")?, number.into()));
    }
    Ok(physicians)
}

fn read_learners(path: &Path) -> Result<Vec<Query>, Failure> {
    let text = fs::read_to_string(path)?;
    let rows = text.lines().skip(1).map(|line| {
        let [_, _, _, first, last, birth, state, identifier, _, board, board_id, ..] = cells(line)[..] else {
            return Err(line.into());
        };
        Ok(Query {
            first: first.into(),
            last: last.into(),
            birth: MonthDay::read(birth),
            state: State::read(state),
            identifier: Some(identifier.to_owned()),
            board: Board::read(board).map(|board| (board, board_id.to_owned())),
            ..Query::default()
        })
    });
    rows.collect()
}
