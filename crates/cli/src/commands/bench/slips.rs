//! Slips of the keyboard and of other people's files: what happens to names and numbers on their way.

use crate::demo::dice::Dice;

/// A class of error with its rate in ten thousand.
pub(super) type Slip = (&'static str, u64);

pub(super) const NICKNAME: Slip = ("nickname", 500);
pub(super) const INITIAL: Slip = ("initial", 100);
pub(super) const MIDDLE_AS_FIRST: Slip = ("middle_as_first", 100);
pub(super) const TYPO_FIRST: Slip = ("typo_first", 100);
pub(super) const TYPO_LAST: Slip = ("typo_last", 120);
pub(super) const FORMER_NAME: Slip = ("former_name", 2_500);
pub(super) const HALF_HYPHEN: Slip = ("half_hyphen", 3_000);
pub(super) const SUFFIX_IN_LAST: Slip = ("suffix_in_last", 100);
pub(super) const SWAPPED: Slip = ("swapped", 40);
pub(super) const WRONG_DAY: Slip = ("wrong_day", 80);
pub(super) const WRONG_MONTH: Slip = ("wrong_month", 30);
pub(super) const MONTH_DAY_SWAPPED: Slip = ("month_day_swapped", 50);
pub(super) const COPIED_DOWN_BIRTH: Slip = ("copied_down_birth", 10);
pub(super) const LICENSE_OF_OTHER: Slip = ("license_of_other", 15);
pub(super) const LICENSE_TYPO: Slip = ("license_typo", 80);
pub(super) const LICENSE_TRANSPOSED: Slip = ("license_transposed", 40);
pub(super) const LICENSE_FORMAT: Slip = ("license_format", 1_500);
pub(super) const WRONG_STATE: Slip = ("wrong_state", 80);
pub(super) const NPI_TYPO: Slip = ("npi_typo", 50);
pub(super) const BOARD_ID_TYPO: Slip = ("board_id_typo", 50);

/// Short forms that people sign with.
#[rustfmt::skip]
const NICKNAMES: &[(&str, &str)] = &[
    ("James", "Jim"), ("Michael", "Mike"), ("Robert", "Bob"), ("John", "Jack"), ("David", "Dave"),
    ("William", "Bill"), ("Richard", "Rick"), ("Joseph", "Joe"), ("Thomas", "Tom"), ("Daniel", "Dan"),
    ("Matthew", "Matt"), ("Anthony", "Tony"), ("Steven", "Steve"), ("Andrew", "Andy"), ("Kenneth", "Ken"),
    ("Timothy", "Tim"), ("Christopher", "Chris"), ("Edward", "Ed"), ("Jeffrey", "Jeff"), ("Nicholas", "Nick"),
    ("Jonathan", "Jon"), ("Benjamin", "Ben"), ("Samuel", "Sam"), ("Gregory", "Greg"), ("Alexander", "Alex"),
    ("Patrick", "Pat"), ("Elizabeth", "Liz"), ("Jennifer", "Jen"), ("Patricia", "Pat"), ("Susan", "Sue"),
    ("Rebecca", "Becky"), ("Katherine", "Kate"), ("Catherine", "Cathy"), ("Christine", "Chris"),
    ("Samantha", "Sam"), ("Victoria", "Vicky"), ("Stephanie", "Steph"), ("Jessica", "Jess"), ("Teresa", "Terry"),
];

pub(super) fn nickname(first: &str) -> Option<&'static str> {
    NICKNAMES.iter().find(|(name, _)| *name == first).map(|(_, short)| *short)
}

pub(super) fn initial(name: &str) -> String {
    name.chars().take(1).collect()
}

/// One letter left out, put in, replaced or swapped with its neighbour, never the first.
pub(super) fn typo(dice: &mut Dice, text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let Some(inner) = letters.len().checked_sub(2).filter(|inner| *inner > 0) else {
        letters.extend(letters.last().copied());
        return letters.into_iter().collect();
    };
    let at = 1 + dice.below(inner as u64) as usize;
    let letter = char::from(b'a' + dice.below(26) as u8);
    match dice.below(4) {
        0 => drop(letters.remove(at)),
        1 => letters.insert(at, letter),
        2 => letters[at] = letter,
        _ => letters.swap(at, at + 1),
    }
    letters.into_iter().collect()
}

/// One digit is another. A number without digits stays as it is.
pub(super) fn digit_typo(dice: &mut Dice, number: &str) -> String {
    let digits: Vec<usize> = (0..number.len()).filter(|at| number.as_bytes()[*at].is_ascii_digit()).collect();
    if digits.is_empty() {
        return number.to_owned();
    }
    let wrong = *dice.pick(&digits);
    let more = 1 + dice.below(9) as u8;
    let changed = |(at, byte): (usize, u8)| if at == wrong { b'0' + (byte - b'0' + more) % 10 } else { byte };
    number.bytes().enumerate().map(changed).map(char::from).collect()
}

/// Two neighbouring digits change places.
pub(super) fn transposed(dice: &mut Dice, number: &str) -> String {
    let mut bytes = number.as_bytes().to_vec();
    let is_pair = |pair: &[u8]| pair.iter().all(u8::is_ascii_digit) && pair.first() != pair.last();
    let pairs: Vec<usize> = bytes.windows(2).enumerate().filter(|(_, pair)| is_pair(pair)).map(|(at, _)| at).collect();
    if pairs.is_empty() {
        return digit_typo(dice, number);
    }
    let at = *dice.pick(&pairs);
    bytes.swap(at, at + 1);
    bytes.into_iter().map(char::from).collect()
}

/// The same number as another program writes it.
pub(super) fn reformatted(dice: &mut Dice, number: &str) -> String {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    match dice.below(4) {
        0 => number.replace(['-', '.'], ""),
        1 => {
            let bare = number.trim_start_matches(|c: char| c.is_ascii_alphabetic() || matches!(c, '-' | '.'));
            let bare = bare.trim_start_matches('0');
            if bare.is_empty() { number.to_owned() } else { bare.to_owned() }
        }
        2 => number.to_lowercase(),
        _ => format!("{:0>width$}", digits(number), width = 7 + dice.below(3) as usize),
    }
}

/// How names are typed: mostly as they are, some in capitals, some without, some with spaces around.
pub(super) fn typed(dice: &mut Dice, name: &str) -> String {
    match dice.below(100) {
        0..4 => name.to_uppercase(),
        4..6 => name.to_lowercase(),
        6..9 => format!(" {name} "),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_change_what_they_should_and_never_fail_on_short_or_foreign_text() {
        for n in 0..2_000 {
            let dice = &mut Dice::of("slips", n);
            for text in ["", "Ng", "Åse", "Muñoz", "Łukaszewicz"] {
                assert!(typo(dice, text).chars().next() == text.chars().next(), "{text}");
            }
            let wrong = digit_typo(dice, "MD-00123");
            assert_eq!(wrong.len(), 8);
            assert_ne!(wrong, "MD-00123");
            assert_ne!(transposed(dice, "A12"), "A12");
            assert_eq!(digit_typo(dice, "ABC"), "ABC");
            let digits =
                |text: &str| text.replace(|c: char| !c.is_ascii_digit(), "").trim_start_matches('0').to_owned();
            assert_eq!(digits(&reformatted(dice, "35.0012340")), "350012340");
        }
    }
}
