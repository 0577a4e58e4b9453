//! Drawing a sample that anybody can draw again: for each license number of the population, the SHA-256 of the seed,
//! a line break and the number; the smallest digests (as hex text) are the sample, in that order.
//!
//! Nothing else enters, so a seed that was told before the draw binds it. Two licensees with one number are told
//! apart by their place in the sorted population, which their order in the registry does not change.

use std::fmt::Write;

use sha2::{Digest, Sha256};

/// The longest seed.
pub const LONGEST_SEED: usize = 64;

/// How many licensees are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    Licensees(u32),
    /// Of the population, rounded up.
    Percent(u8),
}

impl Size {
    /// `50` or `10 %`. `None`: it is neither, or nothing.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        match text.strip_suffix('%') {
            Some(percent) => {
                percent.trim().parse().ok().filter(|percent| (1..=100).contains(percent)).map(Self::Percent)
            }
            None => text.replace(',', "").parse().ok().filter(|size| *size > 0).map(Self::Licensees),
        }
    }

    /// At least one, at most all.
    pub fn of(self, population: usize) -> usize {
        let wanted = match self {
            Self::Licensees(size) => size as usize,
            Self::Percent(percent) => (population * usize::from(percent)).div_ceil(100),
        };
        wanted.clamp(1.min(population), population)
    }
}

/// What decides a licensee's place in the draw: 64 hex digits.
pub fn draw_digest(seed: &str, license_number: &str) -> String {
    hex(&Sha256::digest(format!("{seed}\n{license_number}")))
}

/// The digest of a population: of its license numbers, sorted as text, each ended by a line break.
pub fn population_digest<'a>(license_numbers: impl IntoIterator<Item = &'a str>) -> String {
    let mut numbers: Vec<&str> = license_numbers.into_iter().collect();
    numbers.sort_unstable();
    let mut digest = Sha256::new();
    for number in numbers {
        digest.update(number);
        digest.update("\n");
    }
    hex(&digest.finalize())
}

/// The places in the population in the order of the draw: the first so many are the sample.
pub fn order<S: AsRef<str>>(seed: &str, license_numbers: &[S]) -> Vec<usize> {
    let digests = license_numbers.iter().map(|number| (draw_digest(seed, number.as_ref()), number.as_ref()));
    let mut drawn: Vec<((String, &str), usize)> = digests.zip(0..).collect();
    drawn.sort_unstable();
    drawn.into_iter().map(|(_, place)| place).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // writing to a string cannot fail
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_draw_is_what_a_shell_computes() {
        // printf 'spring\nA1' | sha256sum
        let known = "51c36a6cbff658fcf2ab77a331930c9f7a6ed4a06a15cbad780418bc09c00b67";
        assert_eq!(draw_digest("spring", "A1"), known);
        assert_ne!(known, draw_digest("spring", "A2"));
        assert_ne!(known, draw_digest("autumn", "A1"));
    }

    #[test]
    fn a_size_is_a_number_or_a_share() {
        for (text, population, size) in [
            ("50", 1_000, 50),
            ("1,000", 5_000, 1_000),
            ("50", 20, 20),
            ("10 %", 1_000, 100),
            ("10%", 11, 2),
            ("100%", 7, 7),
            ("1%", 0, 0),
        ] {
            assert_eq!(Size::read(text).map(|read| read.of(population)), Some(size), "{text} of {population}");
        }
        for wrong in ["", "0", "-1", "half", "0%", "101%", "4.5", "99999999999"] {
            assert_eq!(Size::read(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn a_draw_does_not_depend_on_the_order_of_the_population(
            numbers in proptest::collection::btree_set("[A-Z]{0,2}[0-9]{1,6}", 1..60),
            seed in "[ -~]{0,20}",
            turn in 0_usize..60,
        ) {
            let numbers: Vec<String> = numbers.into_iter().collect();
            let mut turned = numbers.clone();
            turned.rotate_left(turn % numbers.len());
            let drawn = |numbers: &[String]| -> Vec<String> {
                order(&seed, numbers).into_iter().map(|place| numbers[place].clone()).collect()
            };
            prop_assert_eq!(drawn(&numbers), drawn(&turned));
            let digest = |numbers: &[String]| population_digest(numbers.iter().map(String::as_str));
            prop_assert_eq!(digest(&numbers), digest(&turned));
            // everybody is in the draw once, so that a larger sample holds every smaller one
            let mut places = order(&seed, &numbers);
            places.sort_unstable();
            prop_assert_eq!(places, (0..numbers.len()).collect::<Vec<_>>());
        }
    }
}
