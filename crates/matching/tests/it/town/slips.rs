//! What machines, keyboards and hurried people do to names and numbers.

use super::Chance;
use super::names::{SHORT, SPELLINGS};

/// What a scanner reads for another letter.
const SCANNED: &[(&str, &str)] = &[
    ("rn", "m"),
    ("m", "rn"),
    ("cl", "d"),
    ("d", "cl"),
    ("li", "h"),
    ("l", "I"),
    ("i", "l"),
    ("o", "0"),
    ("O", "0"),
    ("S", "5"),
    ("B", "8"),
    ("l", "1"),
    ("u", "v"),
    ("v", "u"),
    ("e", "c"),
    ("c", "e"),
    ("h", "b"),
    ("n", "ri"),
    ("vv", "w"),
    ("w", "vv"),
];
const KEYBOARD: &[&str] = &["qwertyuiop", "asdfghjkl", "zxcvbnm"];

/// One mistake of a scanner, if the text has anything to mistake.
pub(crate) fn scanned(text: &str, chance: &mut Chance) -> String {
    let able: Vec<_> =
        SCANNED.iter().filter(|(from, _)| text.get(1..).is_some_and(|rest| rest.contains(from))).collect();
    if able.is_empty() {
        return keyboard(text, chance);
    }
    let (from, to) = able[chance.below(able.len())];
    let at = 1 + text[1..].find(from).unwrap();
    format!("{}{to}{}", &text[..at], &text[at + from.len()..])
}

/// A neighbouring key instead of, or beside, the right one; or two letters exchanged, one lost, one doubled.
pub(crate) fn keyboard(text: &str, chance: &mut Chance) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let place = 1 + chance.below(letters.len().saturating_sub(1));
    let Some(right) = letters.get(place).copied() else { return text.to_owned() };
    let row = KEYBOARD.iter().find_map(|row| row.find(right.to_ascii_lowercase()).map(|at| (row, at)));
    let beside = row.map_or(right, |(row, at)| {
        let at = if at == 0 || (chance.permille(500) && at + 1 < row.len()) { at + 1 } else { at - 1 };
        row.chars().nth(at).unwrap_or(right)
    });
    match chance.below(5) {
        0 => letters[place] = beside,
        1 => letters.insert(place, beside),
        2 => letters.insert(place, right),
        3 => drop(letters.remove(place)),
        _ if place + 1 < letters.len() => letters.swap(place, place + 1),
        _ => letters.swap(place - 1, place),
    }
    letters.into_iter().collect()
}

/// Another spelling of the name's first word, or of the whole.
pub(crate) fn respelled(name: &str, chance: &mut Chance) -> Option<String> {
    let head = name.split(' ').next()?;
    let family = SPELLINGS.iter().find(|family| family.contains(&head))?;
    let other = family[chance.below(family.len())];
    (other != head).then(|| name.replacen(head, other, 1))
}

pub(crate) fn short_form(name: &str) -> Option<String> {
    SHORT.iter().find(|(full, _)| *full == name).map(|(_, short)| (*short).to_owned())
}

/// A letter of another script that looks the same, or one that cannot be seen.
pub(crate) fn disguised(name: &str, chance: &mut Chance) -> String {
    let kind = chance.below(4);
    match kind {
        0 => name.replacen('o', "\u{43e}", 1).replacen('a', "\u{430}", 1).replacen('e', "\u{435}", 1),
        1 => format!("{}\u{200b}{}", &name[..1], &name[1..]),
        2 => name
            .chars()
            .map(|c| if c.is_ascii_alphabetic() { char::from_u32(c as u32 + 0xfee0).unwrap() } else { c })
            .collect(),
        _ => name.replacen('i', "\u{131}", 1),
    }
}

/// One digit changed, exchanged with its neighbour, lost or added.
pub(crate) fn digit_slip(number: &str, chance: &mut Chance) -> String {
    let mut letters: Vec<char> = number.chars().collect();
    let digits: Vec<usize> = (0..letters.len()).filter(|at| letters[*at].is_ascii_digit()).collect();
    let at = digits[chance.below(digits.len())];
    match chance.below(4) {
        0 | 1 => {
            let digit = letters[at].to_digit(10).unwrap() as usize;
            letters[at] = char::from(b'0' + ((digit + 1 + chance.below(9)) % 10) as u8);
        }
        2 if at + 1 < letters.len() && letters[at + 1].is_ascii_digit() && letters[at] != letters[at + 1] => {
            letters.swap(at, at + 1)
        }
        2 => drop(letters.remove(at)),
        _ => letters.insert(at, char::from(b'0' + chance.below(10) as u8)),
    }
    letters.into_iter().collect()
}

/// A letter where a digit should be.
pub(crate) fn letters_for_digits(number: &str, chance: &mut Chance) -> String {
    let (from, to) = [('0', "O"), ('1', "I"), ('5', "S"), ('8', "B"), ('1', "l")][chance.below(5)];
    match number.rfind(from) {
        Some(at) => format!("{}{to}{}", &number[..at], &number[at + 1..]),
        None => number.replacen('0', "O", 1),
    }
}

/// The number as people write it: without its prefix or suffix, without marks, with words in front.
pub(crate) fn rewritten(number: &str, state: &str, chance: &mut Chance) -> String {
    let plain: String = number.chars().filter(char::is_ascii_alphanumeric).collect();
    match chance.below(7) {
        0 => plain,
        1 => number.to_lowercase(),
        2 => format!("{state} {number}"),
        3 => format!("Lic# {number}"),
        4 => number.split(['.', '-']).map(str::to_owned).max_by_key(String::len).unwrap_or_default(),
        5 => number.trim_start_matches(|c: char| c.is_ascii_alphabetic()).trim_start_matches('0').to_owned(),
        _ => bare(number, state),
    }
}

/// The running number alone.
pub(crate) fn bare(number: &str, state: &str) -> String {
    let strip = |prefix: &str, suffix: &str| {
        let number = number.strip_prefix(prefix).unwrap_or(number);
        number.strip_suffix(suffix).unwrap_or(number).to_owned()
    };
    match state {
        "IL" => strip("036.", ""),
        "OH" => strip("35.", ""),
        "MI" => strip("4301", ""),
        "VA" => strip("0101", ""),
        "NJ" => strip("25MA", ""),
        "IN" => strip("01", "A"),
        "VT" => strip("042.", ""),
        "KS" => strip("04-", ""),
        "DE" => strip("C1-", ""),
        "WI" => strip("", "-20"),
        "UT" => strip("", "-1205"),
        "PA" => strip("MD", "L"),
        _ => number.to_owned(),
    }
}
