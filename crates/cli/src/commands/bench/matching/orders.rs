//! Whether answers depend on anything but what was asked: the order of rows, of the registry, how many threads work.

use anyhow::{Context, Result, bail};
use matching::{Index, Physician, Query};

use super::predictions;
use crate::commands::match_registry::FileRegistry;
use crate::demo::dice::Dice;

/// Decides everything again in other orders, and compares with what was told first, byte for byte.
pub(super) fn check(registry: &FileRegistry, queries: &[Query], told: &str) -> Result<()> {
    let rows = shuffled(Dice::of("rows", 0), queries.len());
    let in_other_order: Vec<Query> = rows.iter().filter_map(|row| queries.get(*row)).cloned().collect();
    for threads in [1, 2, 5] {
        let places = shuffled(Dice::of("registry", threads as u64), registry.physicians.len());
        let physicians: Vec<&Physician> = places.iter().filter_map(|place| registry.physicians.get(*place)).collect();
        let index = FileRegistry::index(physicians.into_iter());
        compare(registry, queries, told, &index, threads, None)?;
        compare(registry, &in_other_order, told, &index, threads, Some(&rows))?;
    }
    Ok(())
}

/// `rows` says which row of the file each query is, if they are not in the file's order.
fn compare(
    registry: &FileRegistry,
    queries: &[Query],
    told: &str,
    index: &Index,
    threads: usize,
    rows: Option<&[usize]>,
) -> Result<()> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().context("threads cannot be started")?;
    let mut decisions = pool.install(|| index.decide_all(queries));
    if let Some(rows) = rows {
        let mut in_order: Vec<_> = rows.iter().zip(decisions).collect();
        in_order.sort_unstable_by_key(|(row, _)| **row);
        decisions = in_order.into_iter().map(|(_, decision)| decision).collect();
    }
    let again = predictions(registry, &decisions);
    if again != told {
        let differing = told.lines().zip(again.lines()).find(|(before, after)| before != after);
        let (before, after) = differing.unwrap_or(("another number of rows", ""));
        let order = if rows.is_some() { "rows and registry shuffled" } else { "the registry shuffled" };
        bail!("with {order} and {threads} threads the output differs:\n{before}\n{after}");
    }
    Ok(())
}

/// The numbers below `size` in an order that the dice give.
fn shuffled(mut dice: Dice, size: usize) -> Vec<usize> {
    let mut places: Vec<usize> = (0..size).collect();
    for place in (1..size).rev() {
        let other = dice.below(place as u64 + 1) as usize;
        places.swap(place, other);
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shuffled_order_holds_each_place_once() {
        let mut order = shuffled(Dice::of("rows", 1), 500);
        assert_ne!(order, (0..500).collect::<Vec<_>>());
        order.sort_unstable();
        assert_eq!(order, (0..500).collect::<Vec<_>>());
        assert!(shuffled(Dice::of("rows", 1), 0).is_empty());
    }
}
