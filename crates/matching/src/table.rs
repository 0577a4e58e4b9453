//! The table of keys: a frozen part, grouped by the top bits of the key, and a small open part for what
//! changed since. Frozen entries hold 32 more bits of the key and the physician's number: 8 bytes each.
//! A look-up may name a physician that does not have the key (1 in 500 million): callers compare anyway.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

/// Physician numbers by key.
#[derive(Debug, Default)]
pub(crate) struct Table {
    /// Where each group starts; one more than there are groups.
    starts: Vec<u32>,
    entries: Vec<(u32, u32)>,
    open: FxHashMap<u64, Vec<u32>>,
}

/// Piles that keys are spread over, as a power of two.
const FANS: u32 = 8;

/// Entries of a group on average: about one cache line.
const GROUP: usize = 8;

impl Table {
    /// Freezes the keys that `each_key` names. They are first spread over [`FANS`] piles, of which each fits into a
    /// processor's cache, then placed pile by pile on all cores: reaching for memory is what takes time here. It needs
    /// 16 bytes a key besides the table, for as long as it runs.
    pub(crate) fn freeze(each_key: impl Fn(&mut dyn FnMut(u64, u32))) -> Self {
        let mut sizes = [0usize; 1 << FANS];
        each_key(&mut |key, _| sizes[group(key, FANS)] += 1);
        let count = sizes.iter().sum::<usize>();
        let bits = (count / GROUP).checked_ilog2().unwrap_or(0);
        let fans = bits.min(FANS);
        let sizes: Vec<usize> = sizes.chunks(1 << (FANS - fans)).map(|pile| pile.iter().sum()).collect();

        let mut piled = vec![(0u64, 0u32); count];
        let mut next: Vec<usize> =
            sizes.iter().scan(0, |sum, size| Some(std::mem::replace(sum, *sum + size))).collect();
        each_key(&mut |key, number| {
            let place = &mut next[group(key, fans)];
            piled[*place] = (key, number);
            *place += 1;
        });

        let mut starts = vec![0u32; (1 << bits) + 1];
        let mut entries = vec![(0u32, 0u32); count];
        let groups_of_pile = 1usize << (bits - fans);
        let mut parts = Vec::with_capacity(sizes.len());
        let (mut rest, mut rest_piled, mut at) = (entries.as_mut_slice(), piled.as_slice(), 0);
        for (size, starts) in sizes.iter().zip(starts.chunks_mut(groups_of_pile)) {
            let (own, after) = rest.split_at_mut(*size);
            let (pile, piled_after) = rest_piled.split_at(*size);
            parts.push((at as u32, starts, own, pile));
            (rest, rest_piled, at) = (after, piled_after, at + size);
        }
        parts.into_par_iter().for_each(|(first, starts, own, pile)| {
            let in_pile = |key: u64| group(key, bits) & (groups_of_pile - 1);
            pile.iter().for_each(|(key, _)| starts[in_pile(*key)] += 1);
            let mut sum = 0;
            for start in starts.iter_mut() {
                sum += std::mem::replace(start, sum);
            }
            let mut next = starts.to_vec();
            for (key, number) in pile {
                let place = &mut next[in_pile(*key)];
                own[*place as usize] = (fingerprint(*key, bits), *number);
                *place += 1;
            }
            starts.iter_mut().for_each(|start| *start += first);
        });
        if let Some(end) = starts.last_mut() {
            *end = count as u32;
        }
        Self { starts, entries, open: FxHashMap::default() }
    }

    pub(crate) fn insert(&mut self, key: u64, number: u32) {
        self.open.entry(key).or_default().push(number);
    }

    /// Calls back with every physician number under the key.
    pub(crate) fn each(&self, key: u64, mut found: impl FnMut(u32)) {
        let groups = self.starts.len().saturating_sub(1);
        if groups > 0 {
            let bits = groups.trailing_zeros();
            let place = group(key, bits);
            let range = self.starts[place] as usize..self.starts[place + 1] as usize;
            let wanted = fingerprint(key, bits);
            self.entries[range].iter().filter(|(print, _)| *print == wanted).for_each(|(_, number)| found(*number));
        }
        if !self.open.is_empty()
            && let Some(numbers) = self.open.get(&key)
        {
            numbers.iter().for_each(|number| found(*number));
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        // a map's slot, its control byte, and the free slots and vector beside it
        const OPEN: usize = 64;
        self.starts.capacity() * 4 + self.entries.capacity() * 8 + self.open.capacity() * OPEN
    }
}

fn group(key: u64, bits: u32) -> usize {
    key.checked_shr(64 - bits).unwrap_or(0) as usize
}

/// The 32 bits below those of the group.
fn fingerprint(key: u64, bits: u32) -> u32 {
    ((key << bits) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::{Kind, key};

    #[test]
    fn what_was_frozen_and_what_was_inserted_are_both_found() {
        for size in [0u32, 1, 2, 17, 5_000] {
            let mut table =
                Table::freeze(|each| (0..size).for_each(|n| each(key(Kind::Npi, u64::from(n % 1_000), 0), n)));
            table.insert(key(Kind::Npi, 3, 0), 9_999);
            for wanted in 0..1_000.min(size) {
                let mut found = Vec::new();
                table.each(key(Kind::Npi, u64::from(wanted), 0), |n| found.push(n));
                let mut expected: Vec<u32> = (0..size).filter(|n| n % 1_000 == wanted).collect();
                expected.extend((wanted == 3).then_some(9_999));
                assert_eq!(found, expected, "{size} {wanted}");
            }
        }
    }
}
