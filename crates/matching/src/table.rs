//! The table of keys: a frozen part, grouped by the top bits of the key, and a small open part for what
//! changed since. Frozen entries hold 32 more bits of the key and the physician's number: 8 bytes each.
//! A look-up may name a physician that does not have the key (1 in 500 million): callers compare anyway.

use rustc_hash::FxHashMap;

/// Physician numbers by key.
#[derive(Debug, Default)]
pub(crate) struct Table {
    /// Where each group starts; one more than there are groups.
    starts: Vec<u32>,
    entries: Vec<(u32, u32)>,
    open: FxHashMap<u64, Vec<u32>>,
}

/// Entries of a group on average: about one cache line.
const GROUP: usize = 8;

impl Table {
    /// Freezes the keys that `each_key` names, in two passes, so that no second copy of them is ever in memory.
    pub(crate) fn freeze(each_key: impl Fn(&mut dyn FnMut(u64, u32))) -> Self {
        let mut count = 0usize;
        each_key(&mut |_, _| count += 1);
        let bits = (count / GROUP).checked_ilog2().unwrap_or(0);
        let mut starts = vec![0u32; (1 << bits) + 1];
        each_key(&mut |key, _| starts[group(key, bits) + 1] += 1);
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut next = starts.clone();
        let mut entries = vec![(0, 0); count];
        each_key(&mut |key, number| {
            let place = &mut next[group(key, bits)];
            entries[*place as usize] = (fingerprint(key, bits), number);
            *place += 1;
        });
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
