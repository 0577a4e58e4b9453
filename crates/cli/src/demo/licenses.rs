//! License numbers, NPIs and diplomate IDs in the shapes that boards use, each given only once.
//!
//! A number follows from the physician's place in the registry by a multiplication modulo a prime:
//! it looks scattered, yet no two physicians get the same.

/// No more physicians than this can be invented: the prime beyond all their numbers.
pub(crate) const MOST_PHYSICIANS: u64 = 1_299_709;

/// Scatters numbers below the prime, another way for each `by`, without a collision.
fn scatter(number: u64, by: u64) -> u64 {
    (number * (by % 1_000_003 + 7) + by * 31) % MOST_PHYSICIANS
}

fn key(text: &str) -> u64 {
    text.bytes().fold(17, |key, byte| key * 131 + u64::from(byte)) % 1_000_003
}

/// The license number of a physician in a state.
pub(crate) fn license_number(state: &str, physician: u64) -> String {
    let n = scatter(physician, key(state));
    let letter = |letters: &[u8], at: u64| char::from(letters[usize::try_from(at).unwrap_or_default() % letters.len()]);
    match state {
        "CA" => format!("{}{:06}", letter(b"ACG", n / 500_000), n % 500_000 + 10_000),
        "TX" => format!("{}{:05}", letter(b"DEFGHJKLMNPQRST", n / 100_000), n % 100_000),
        "FL" => format!("ME{n:07}"),
        "NY" => format!("{:06}", n + 100_000),
        "PA" => format!("MD{n:07}L"),
        "IL" => format!("036{n:07}"),
        "OH" => format!("35.{n:07}"),
        "MI" => format!("4301{n:07}"),
        "NJ" => format!("25MA{n:07}00"),
        "NC" => format!("{}-{:05}", 1990 + n / 100_000, n % 100_000),
        "VA" => format!("0101{n:07}"),
        "WA" => format!("MD6{n:07}"),
        "MD" => format!("D{n:07}"),
        "TN" | "AL" => format!("MD.{n:07}"),
        "LA" => format!("MD.{n}"),
        "CO" => format!("DR.{n:07}"),
        "WI" => format!("{n}-20"),
        "MA" | "GA" | "AZ" | "OR" | "MN" | "CT" => format!("{}", n + 20_000),
        _ => format!("{n:06}"),
    }
}

/// An NPI whose check digit is right.
pub(crate) fn npi(physician: u64) -> String {
    // nine digits that a prime keeps apart, beginning with 1 as an NPI may
    let digits = format!("{:09}", 100_000_000 + (physician * 76_543_211 + 43_210_987) % 99_999_989);
    (0..10).map(|check| format!("{digits}{check}")).find(|npi| matching::npi_check_digit_ok(npi)).unwrap_or_default()
}

/// A diplomate's ID with a board.
pub(crate) fn diplomate_id(board: &str, physician: u64) -> String {
    format!("{}", 100_000 + scatter(physician, key(board)))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_number_is_given_twice() {
        for state in ["CA", "TX", "FL", "NY", "NC", "LA", "WI", "MA", "WY"] {
            let numbers: HashSet<String> = (0..60_000).map(|n| license_number(state, n * 21)).collect();
            assert_eq!(numbers.len(), 60_000, "{state}");
        }
        let npis: HashSet<String> = (0..60_000).map(|n| npi(n * 21)).collect();
        assert_eq!(npis.len(), 60_000);
        let ids: HashSet<String> = (0..60_000).map(|n| diplomate_id("ABIM", n * 21)).collect();
        assert_eq!(ids.len(), 60_000);
    }

    #[test]
    fn an_npi_has_ten_digits_and_the_right_last_one() {
        for physician in [0, 1, 19_999, MOST_PHYSICIANS - 1] {
            assert!(matching::npi_check_digit_ok(&npi(physician)), "{physician}");
        }
    }
}
