//! Amounts of credit, in whole hundredths, so that sums are exact.

use std::fmt;
use std::iter::Sum;
use std::ops::Add;

use serde::{Deserialize, Serialize};

/// An amount of credit or points in **hundredths**: `Amount::new(150)` is 1.50.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Amount(i64);

/// Why a text is not an amount that can be reported (domain.md, check 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AmountFault {
    NotANumber,
    NotPositive,
    /// Not a multiple of 0.25.
    NotAQuarter,
    /// More than 9,999.75: nobody earns that; it is a slip of the keyboard.
    TooLarge,
}

impl Amount {
    pub const ZERO: Amount = Amount(0);

    pub const fn new(hundredths: i64) -> Self {
        Self(hundredths)
    }

    pub const fn hundredths(self) -> i64 {
        self.0
    }

    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Reads a positive multiple of 0.25. Digits and one point only, or the exponent form that
    /// spreadsheets write (`2.5E-1`): the value is exact, never by way of a float.
    pub fn read(text: &str) -> Result<Self, AmountFault> {
        let text = text.trim();
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().map_err(|_| AmountFault::NotANumber)?),
            None => (digits, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all: String = [whole, fraction].concat();
        if all.is_empty() || all.len() > 30 || !all.bytes().all(|b| b.is_ascii_digit()) {
            return Err(AmountFault::NotANumber);
        }
        let value: u128 = all.parse().map_err(|_| AmountFault::NotANumber)?;
        if value == 0 || negative {
            return Err(AmountFault::NotPositive);
        }
        // value * 10^shift is the amount in hundredths
        let shift = exponent.saturating_sub(i32::try_from(fraction.len()).unwrap_or(i32::MAX)).saturating_add(2);
        let hundredths = match u32::try_from(shift) {
            Ok(up) => 10u128.checked_pow(up).and_then(|power| value.checked_mul(power)).ok_or(AmountFault::TooLarge)?,
            Err(_) => {
                let power = 10u128.checked_pow(shift.unsigned_abs()).ok_or(AmountFault::NotAQuarter)?;
                if !value.is_multiple_of(power) {
                    return Err(AmountFault::NotAQuarter);
                }
                value / power
            }
        };
        let hundredths = i64::try_from(hundredths).map_err(|_| AmountFault::TooLarge)?;
        match hundredths {
            1_000_000.. => Err(AmountFault::TooLarge),
            h if h % 25 != 0 => Err(AmountFault::NotAQuarter),
            h => Ok(Self(h)),
        }
    }

    /// What is left when `other` is taken away; never below zero.
    pub const fn less(self, other: Amount) -> Self {
        if other.0 >= self.0 { Self::ZERO } else { Self(self.0 - other.0) }
    }

    /// Two decimals: `7.00`.
    pub fn fixed(self) -> String {
        format!("{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

/// As short as it can be: `7`, `7.5`, `0.25`.
impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fixed = self.fixed();
        f.pad(fixed.trim_end_matches('0').trim_end_matches('.'))
    }
}

impl Add for Amount {
    type Output = Amount;

    fn add(self, other: Amount) -> Amount {
        Amount(self.0 + other.0)
    }
}

impl Sum for Amount {
    fn sum<I: Iterator<Item = Amount>>(amounts: I) -> Amount {
        amounts.fold(Amount::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarters_are_read_in_every_spelling() {
        for (text, hundredths) in [
            ("1", 100),
            ("0.25", 25),
            (".5", 50),
            ("2.50", 250),
            ("7.", 700),
            (" 3 ", 300),
            ("+1", 100),
            ("2.5E-1", 25),
            ("1e2", 10_000),
            ("1.750000", 175),
        ] {
            assert_eq!(Amount::read(text), Ok(Amount(hundredths)), "{text}");
        }
    }

    #[test]
    fn each_fault_has_its_name() {
        for (text, fault) in [
            ("", AmountFault::NotANumber),
            ("two", AmountFault::NotANumber),
            ("1,5", AmountFault::NotANumber),
            ("NaN", AmountFault::NotANumber),
            (".", AmountFault::NotANumber),
            ("0", AmountFault::NotPositive),
            ("-1", AmountFault::NotPositive),
            ("0.00", AmountFault::NotPositive),
            ("0.1", AmountFault::NotAQuarter),
            ("1e-40", AmountFault::NotAQuarter),
            ("0.333", AmountFault::NotAQuarter),
            ("1e309", AmountFault::TooLarge),
            ("10000", AmountFault::TooLarge),
            ("99999999999999999999999999999", AmountFault::TooLarge),
        ] {
            assert_eq!(Amount::read(text), Err(fault), "{text}");
        }
    }

    #[test]
    fn amounts_are_written_short_or_fixed() {
        assert_eq!(Amount(700).to_string(), "7");
        assert_eq!(Amount(750).to_string(), "7.5");
        assert_eq!(Amount(25).to_string(), "0.25");
        assert_eq!(Amount(10_000).to_string(), "100");
        assert_eq!(Amount(700).fixed(), "7.00");
    }
}
