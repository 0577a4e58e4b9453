//! How alike two spellings are: one edit, a few edits, the same sound. No allocation in the common cases.

/// Whether two texts are exactly one edit apart: a letter changed, dropped, added, or two neighbours exchanged.
pub(crate) fn one_edit(a: &[u8], b: &[u8]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if long.len() - short.len() > 1 {
        return false;
    }
    let same = short.iter().zip(long).take_while(|(x, y)| x == y).count();
    let (short, long) = (&short[same..], &long[same..]);
    match (short, long) {
        ([], []) => false,
        _ if short.len() < long.len() => short == &long[1..],
        ([x1, x2, x_rest @ ..], [y1, y2, y_rest @ ..]) if x1 == y2 && x2 == y1 && x_rest == y_rest => true,
        _ => short[1..] == long[1..],
    }
}

/// What a scanner takes for one another, in small letters.
const SCANNED: &[(&[u8], &[u8])] =
    &[(b"RN", b"M"), (b"CL", b"D"), (b"VV", b"W"), (b"LI", b"H"), (b"RI", b"N"), (b"IN", b"M")];

/// One edit, or one pair of letters that a scanner took for another one.
pub(crate) fn one_slip(a: &[u8], b: &[u8]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let same = short.iter().zip(long).take_while(|(x, y)| x == y).count();
    let scanned = |same: usize| {
        let (short, long) = (&short[same..], &long[same..]);
        SCANNED.iter().any(|(two, one)| {
            long.strip_prefix(*two).zip(short.strip_prefix(*one)).is_some_and(|(long, short)| long == short)
        })
    };
    one_edit(a, b) || (long.len() == short.len() + 1 && scanned(same))
}

/// Whether two texts are at most two edits apart.
pub(crate) fn two_edits(a: &[u8], b: &[u8]) -> bool {
    let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[same..], &b[same..]);
    let near = |a: &[u8], b: &[u8]| a == b || one_edit(a, b);
    match (a, b) {
        ([], rest) | (rest, []) => rest.len() <= 2,
        ([x1, x2, x_rest @ ..], [y1, y2, y_rest @ ..]) if x1 == y2 && x2 == y1 && near(x_rest, y_rest) => true,
        ([_, x_rest @ ..], [_, y_rest @ ..]) => near(x_rest, y_rest) || near(a, y_rest) || near(x_rest, b),
    }
}

/// Whether two longer names are at most two edits apart. Short names are too close to each other to say so.
pub(crate) fn few_edits(a: &str, b: &str) -> bool {
    a.len().min(b.len()) >= 6 && a.len().abs_diff(b.len()) <= 2 && strsim::osa_distance(a, b) <= 2
}

/// A code of how a name sounds: consonant classes in order, at most six, vowels only at the start. 0 for no letters.
/// The idea is Soundex's (1918), but the first letter counts as a sound too, so that `K` meets `C`.
pub(crate) fn sound(joined: impl Iterator<Item = u8>) -> u32 {
    let mut code = 0;
    let mut length = 0;
    let mut last = 0;
    let mut previous = 0;
    for letter in joined {
        let class = match letter {
            // PH is an F
            b'H' if previous == b'P' => 0,
            b'B' | b'F' | b'P' | b'V' => 1,
            b'C' | b'G' | b'J' | b'K' | b'Q' | b'S' | b'X' | b'Z' => 2,
            b'D' | b'T' => 3,
            b'L' => 4,
            b'M' | b'N' => 5,
            b'R' => 6,
            b'H' | b'W' => 0,
            _ if length == 0 => 7,
            _ => 0,
        };
        if class != 0 && class != last {
            code = code * 8 + class;
            length += 1;
            if length == 6 {
                break;
            }
        }
        if !matches!(letter, b'H' | b'W') {
            last = class;
        }
        previous = letter;
    }
    code
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn one_edit_is_a_distance_of_one(a in "[AB]{0,5}", b in "[AB]{0,5}") {
            prop_assert_eq!(one_edit(a.as_bytes(), b.as_bytes()), strsim::osa_distance(&a, &b) == 1);
        }

        #[test]
        fn two_edits_are_a_distance_of_two(a in "[ABC]{0,6}", b in "[ABC]{0,6}") {
            prop_assert_eq!(two_edits(a.as_bytes(), b.as_bytes()), strsim::osa_distance(&a, &b) <= 2);
        }
    }

    #[test]
    fn what_a_scanner_mistakes_is_one_slip() {
        for (a, b) in [("BARNES", "BAMES"), ("CLARK", "DARK"), ("WARD", "VVARD"), ("HALL", "LIALL"), ("SMITH", "SMYTH")]
        {
            assert!(one_slip(a.as_bytes(), b.as_bytes()) && one_slip(b.as_bytes(), a.as_bytes()), "{a} {b}");
        }
        for (a, b) in [("BARNES", "BARNES"), ("BARNES", "BAMS"), ("CLARK", "DORK")] {
            assert!(!one_slip(a.as_bytes(), b.as_bytes()), "{a} {b}");
        }
    }

    #[test]
    fn names_that_sound_alike_share_a_code() {
        let code = |name: &str| sound(name.bytes());
        for (a, b) in [("KATHERINE", "CATHERINE"), ("SMITH", "SMYTHE"), ("PHILLIPS", "FILIPS"), ("MEYER", "MAIER")] {
            assert_eq!(code(a), code(b), "{a} {b}");
        }
        assert_ne!(code("SMITH"), code("JONES"));
        assert_eq!(code(""), 0);
    }
}
