//! National Provider Identifiers. The check digit never proves identity: it only tells "typed wrong" from "given".

/// Whether ten digits end in the check digit of an NPI: Luhn over `80840` + the digits (CMS, NPI standard of 2004).
/// Anything but ten ASCII digits is not.
///
/// ```
/// assert!(matching::npi_check_digit_ok("1234567893"));
/// assert!(!matching::npi_check_digit_ok("1234567890"));
/// ```
pub fn npi_check_digit_ok(text: &str) -> bool {
    if text.len() != 10 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    // the prefix 80840 adds 24 to the sum
    let sum: u32 = text
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(digit - b'0');
            match place % 2 {
                0 => digit,
                _ if digit > 4 => digit * 2 - 9,
                _ => digit * 2,
            }
        })
        .sum();
    (sum + 24).is_multiple_of(10)
}

/// The value of an NPI-shaped text: ten digits that begin with 1 or 2, so that it fits 32 bits.
pub(crate) fn npi_value(text: &str) -> Option<u32> {
    let shaped = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit()) && text.starts_with(['1', '2']);
    if shaped { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_slip_of_one_digit_breaks_the_check_digit() {
        let good = "1234567893";
        assert!(npi_check_digit_ok(good));
        for place in 0..10 {
            for digit in b'0'..=b'9' {
                let mut other = good.as_bytes().to_vec();
                other[place] = digit;
                let other = String::from_utf8(other).unwrap();
                assert_eq!(npi_check_digit_ok(&other), other == good, "{other}");
            }
        }
    }

    #[test]
    fn other_shapes_are_not_npis() {
        for text in ["", "123456789", "12345678934", "123456789x", "１２３４５６７８９３"] {
            assert!(!npi_check_digit_ok(text), "{text}");
        }
        assert_eq!(npi_value("9234567893"), None);
        assert_eq!(npi_value("2999999999"), Some(2_999_999_999));
    }
}
