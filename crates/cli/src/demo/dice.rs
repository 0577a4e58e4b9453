//! The demo's own chance: a small generator that repeats itself for the same seed.
//!
//! Each invented thing gets dice of its own from what it is and its number, so that the hundredth
//! physician is the same person whether twenty thousand or a million are made.

/// SplitMix64: one 64-bit state, good enough for invented data and for nothing else.
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    /// Dice for the `number`-th thing of a kind.
    pub(crate) fn of(kind: &str, number: u64) -> Self {
        let seed = kind.bytes().fold(0xC0DE_u64, |seed, byte| seed.wrapping_mul(0x100_0000_01B3) ^ u64::from(byte));
        let mut dice = Self(seed);
        dice.0 = dice.draw() ^ number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        dice.draw();
        dice
    }

    pub(crate) fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to `bound - 1`; 0 for a bound of 0.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        if bound == 0 { 0 } else { self.draw() % bound }
    }

    /// A number from `least` to `most`, both included.
    pub(crate) fn between(&mut self, least: i64, most: i64) -> i64 {
        let span = most.saturating_sub(least).max(0).unsigned_abs() + 1;
        least + i64::try_from(self.below(span)).unwrap_or_default()
    }

    /// True in so many of a hundred cases.
    pub(crate) fn percent(&mut self, cases: u64) -> bool {
        self.below(100) < cases
    }

    /// One of a list that must not be empty.
    pub(crate) fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.place(list.len())]
    }

    /// One of a list, those near its front more often: names come by frequency.
    pub(crate) fn pick_early<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        let place = self.place(list.len()).min(self.place(list.len()));
        &list[place]
    }

    /// One of a list by its weights, which must not all be 0.
    pub(crate) fn weighted<'a, T>(&mut self, list: &'a [(T, u64)]) -> &'a T {
        let mut left = self.below(list.iter().map(|(_, weight)| weight).sum());
        for (choice, weight) in list {
            match left.checked_sub(*weight) {
                Some(rest) => left = rest,
                None => return choice,
            }
        }
        &list[0].0
    }

    fn place(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_thing_throws_the_same_numbers_and_its_neighbour_others() {
        let throws = |number| {
            let mut dice = Dice::of("physician", number);
            (0..8).map(|_| dice.below(1000)).collect::<Vec<_>>()
        };
        assert_eq!(throws(7), throws(7));
        assert_ne!(throws(7), throws(8));
        assert_ne!(Dice::of("provider", 7).draw(), Dice::of("physician", 7).draw());
    }

    #[test]
    fn weights_are_kept_within_a_few_percent() {
        let list = [("often", 90), ("seldom", 10), ("never", 0)];
        let mut dice = Dice::of("weights", 1);
        let seldom = (0..10_000).filter(|_| *dice.weighted(&list) == "seldom").count();
        assert!((800..1200).contains(&seldom), "{seldom}");
        assert!((0..1_000).all(|_| *dice.weighted(&list) != "never"));
    }
}
