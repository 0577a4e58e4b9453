//! How fast the index answers: whole files on all cores, and one look-up at a time.

use std::collections::HashMap;
use std::hint::black_box;
use std::time::Instant;

use matching::{Decision, Index, Physician, Query};

use crate::commands::match_registry::FileRegistry;

/// Passes over the same look-ups. The best of them counts for each: the rest is what else the machine does.
const PASSES: usize = 3;
/// Last names that count as frequent, and how many of their bearers are asked for.
const FREQUENT: usize = 10;
const BEARERS: usize = 500;

pub(super) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Rows a second of so many runs, the median; and what was decided.
pub(super) fn rate(index: &Index, queries: &[Query], runs: u32) -> (f64, Vec<Decision>) {
    let mut rates = Vec::new();
    let mut decisions = Vec::new();
    for _ in 0..runs {
        let begun = Instant::now();
        decisions = index.decide_all(queries);
        rates.push(queries.len() as f64 / begun.elapsed().as_secs_f64().max(1e-9));
    }
    (median(&mut rates), decisions)
}

/// The middle one; of an even number the upper of the two. Nothing has the middle 0.
pub(super) fn median(of: &mut [f64]) -> f64 {
    of.sort_unstable_by(f64::total_cmp);
    of.get(of.len() / 2).copied().unwrap_or_default()
}

/// Microseconds of single look-ups on one thread.
pub(super) struct Single {
    sorted: Vec<f64>,
}

pub(super) fn single(index: &Index, queries: &[Query]) -> Single {
    let mut best = vec![f64::INFINITY; queries.len()];
    for _ in 0..PASSES {
        for (best, query) in best.iter_mut().zip(queries) {
            let begun = Instant::now();
            black_box(index.decide(black_box(query)));
            *best = best.min(begun.elapsed().as_secs_f64() * 1e6);
        }
    }
    best.sort_unstable_by(f64::total_cmp);
    Single { sorted: best }
}

impl Single {
    fn at(&self, share: f64) -> f64 {
        let place = (self.sorted.len() as f64 * share) as usize;
        self.sorted.get(place.min(self.sorted.len().saturating_sub(1))).copied().unwrap_or_default()
    }

    pub(super) fn in_words(&self, of: &str) -> String {
        let (median, most) = (self.at(0.5), self.at(1.0));
        format!("one look-up of {of}: p50 {median:.1} µs, p99 {:.1} µs, max {most:.1} µs", self.at(0.99))
    }
}

/// Bearers of the most frequent last names, asked for by name, birthday and state alone: once by their own birthday,
/// once by that of the next bearer, so that nothing settles it early.
pub(super) fn of_frequent_names(registry: &FileRegistry) -> Vec<Query> {
    let mut bearers: HashMap<&str, Vec<&Physician>> = HashMap::new();
    for physician in &registry.physicians {
        bearers.entry(&physician.last).or_default().push(physician);
    }
    let mut names: Vec<_> = bearers.into_iter().collect();
    names.sort_unstable_by(|(name, a), (other, b)| b.len().cmp(&a.len()).then(name.cmp(other)));
    let mut queries = Vec::new();
    for (_, bearers) in names.into_iter().take(FREQUENT) {
        let next = bearers.iter().cycle().skip(1);
        for (physician, next) in bearers.iter().zip(next).take(BEARERS) {
            let own = Query {
                first: physician.first.clone(),
                last: physician.last.clone(),
                birth: physician.birth,
                state: physician.licenses.first().map(|(state, _)| *state),
                ..Query::default()
            };
            queries.push(Query { birth: next.birth, ..own.clone() });
            queries.push(own);
        }
    }
    queries
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_one() {
        assert_eq!(median(&mut [3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&mut [4.0, 1.0]), 4.0);
        assert_eq!(median(&mut []), 0.0);
    }

    #[test]
    fn percentiles_stay_within_what_was_measured() {
        let single = Single { sorted: (0..200).map(f64::from).collect() };
        assert_eq!(single.in_words("rows"), "one look-up of rows: p50 100.0 µs, p99 198.0 µs, max 199.0 µs");
        assert_eq!(Single { sorted: Vec::new() }.at(0.99), 0.0);
    }
}
