//! Names as they are compared: capital letters A-Z, tokens parted by one space, titles and degrees gone.
//! Registry and query pass through the same function, so a rule that is wrong is wrong on both sides alike.
//! The surprise: a lone `DO`, `MA` or `V` is a name, never a degree.

use deunicode::deunicode_char;

/// What follows a name in a family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(u8)]
pub(crate) enum Suffix {
    #[default]
    None,
    Senior,
    /// Junior and II are used for one another.
    Second,
    Third,
    Fourth,
    Fifth,
}

impl Suffix {
    fn of(token: &str) -> Option<Self> {
        Some(match token {
            "SR" | "SENIOR" => Suffix::Senior,
            "JR" | "JUNIOR" | "II" | "JNR" => Suffix::Second,
            "III" => Suffix::Third,
            "IV" => Suffix::Fourth,
            "V" => Suffix::Fifth,
            _ => return None,
        })
    }

    /// Reads a suffix that has a field of its own; digits as in `3rd` are read too.
    pub(crate) fn read(text: &str) -> Self {
        let text = text.trim();
        match text.bytes().next() {
            Some(b'2') => Suffix::Second,
            Some(b'3') => Suffix::Third,
            Some(b'4') => Suffix::Fourth,
            Some(b'5') => Suffix::Fifth,
            _ => Suffix::of(&letters(text).replace(' ', "")).unwrap_or_default(),
        }
    }

    pub(crate) fn from_bits(bits: u8) -> Self {
        match bits {
            1 => Suffix::Senior,
            2 => Suffix::Second,
            3 => Suffix::Third,
            4 => Suffix::Fourth,
            5 => Suffix::Fifth,
            _ => Suffix::None,
        }
    }
}

/// Degrees and honours that people add to a name. `MA` and `BA` are missing on purpose: they are family names.
const DEGREES: &[&str] = &[
    "MD", "DO", "PHD", "DPHIL", "MPH", "MBBS", "MBCHB", "MBA", "MHA", "MSC", "DDS", "DMD", "DPM", "PHARMD", "JD",
    "ESQ", "FACP", "FACS", "FAAP", "FACC", "FACOG", "FACEP", "FAAFP", "FCCP", "FASA", "FRCS", "FRCP", "FAAN", "FAAOS",
    "FACR", "RN", "NP", "PA",
];

const TITLES: &[&str] = &["DR", "DOCTOR", "PROF", "PROFESSOR", "MR", "MRS", "MS"];

/// Small words inside a family name: no name of their own.
const PARTICLES: &[&str] = &[
    "DE", "DEL", "DELA", "DELLA", "LA", "LE", "LOS", "LAS", "VAN", "VON", "DER", "DEN", "DI", "DA", "DOS", "DU", "AL",
    "EL", "BIN", "IBN", "ST", "MC", "MAC", "O", "Y", "E", "TEN", "TER",
];

/// Which column a name stands in: a degree may trail both, but `V` ends only a family name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Column {
    First,
    Last,
}

/// A name's tokens and the suffix that stood with them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Name {
    pub(crate) spaced: String,
    pub(crate) suffix: Suffix,
}

/// Reads one field.
pub(crate) fn read(text: &str, column: Column) -> Name {
    if text.bytes().all(|b| b.is_ascii_alphabetic()) {
        return Name { spaced: text.to_ascii_uppercase(), suffix: Suffix::None };
    }
    let mut spaced = letters(text);
    let mut suffix = Suffix::None;
    while let Some((rest, token)) = spaced.rsplit_once(' ') {
        let family_suffix = Suffix::of(token).filter(|s| column == Column::Last || *s != Suffix::Fifth);
        if let Some(found) = family_suffix {
            suffix = found;
            spaced.truncate(rest.len());
        } else if let Some(kept) = before_degree(&spaced) {
            spaced.truncate(kept);
        } else {
            break;
        }
    }
    while let Some((token, rest)) = spaced.split_once(' ') {
        if !TITLES.contains(&token) {
            break;
        }
        spaced = rest.to_owned();
    }
    Name { spaced, suffix }
}

/// Where the name ends if a degree trails it, written as one token or with spaces (`M D`, `Ph D`).
fn before_degree(spaced: &str) -> Option<usize> {
    let (rest, token) = spaced.rsplit_once(' ')?;
    let particle_before = |rest: &str| is_particle(rest.rsplit(' ').next().unwrap_or(rest));
    if DEGREES.contains(&token) {
        return (!particle_before(rest)).then_some(rest.len());
    }
    let (rest, before) = rest.rsplit_once(' ')?;
    let parted = matches!((before, token), ("M", "D") | ("D", "O") | ("PH", "D"));
    (parted && !particle_before(rest)).then_some(rest.len())
}

/// Reads first and last name together, as some offices write them: both in one column (`Smith, John`), or the
/// family name again behind the first name.
pub(crate) fn read_both(first: &str, last: &str) -> (Name, Name) {
    let (mut one, mut two) = (read(first, Column::First), read(last, Column::Last));
    if let Some((family, given)) = last.split_once(',').or_else(|| first.split_once(',')) {
        let (family, given) = (read(family, Column::Last), read(given, Column::First));
        let is_degree = DEGREES.contains(&given.spaced.as_str()) || Suffix::of(&given.spaced).is_some();
        // the other column repeats one of the two, gives the first letter of the given name, or is empty
        let other = if last.contains(',') { &one } else { &two };
        let fits = other.spaced.is_empty()
            || other.spaced == family.spaced
            || head(&other.spaced) == head(&given.spaced)
            || (other.spaced.len() == 1 && given.spaced.starts_with(&other.spaced));
        if !is_degree && fits && !family.spaced.is_empty() && !given.spaced.is_empty() {
            let suffix = [one.suffix, two.suffix, given.suffix, family.suffix];
            let suffix = suffix.into_iter().find(|suffix| *suffix != Suffix::None).unwrap_or_default();
            return (Name { suffix, ..given }, Name { suffix, ..family });
        }
    }
    if two.spaced.is_empty()
        && let Some((given, family)) = one.spaced.rsplit_once(' ')
    {
        two.spaced = family.to_owned();
        one.spaced.truncate(given.len());
    } else if one.spaced.is_empty()
        && let Some((given, family)) = two.spaced.split_once(' ')
    {
        one.spaced = given.to_owned();
        two.spaced = family.to_owned();
    } else if let Some(given) = one.spaced.strip_suffix(two.spaced.as_str()).and_then(|rest| rest.strip_suffix(' ')) {
        one.spaced.truncate(given.len());
    }
    (one, two)
}

pub(crate) fn is_particle(token: &str) -> bool {
    PARTICLES.contains(&token)
}

/// Tokens that can stand for a family name alone.
pub(crate) fn bearing_tokens(spaced: &str) -> impl Iterator<Item = &str> + Clone {
    spaced.split(' ').filter(|token| token.len() >= 3 && !is_particle(token))
}

/// The first token.
pub(crate) fn head(spaced: &str) -> &str {
    spaced.split_once(' ').map_or(spaced, |(head, _)| head)
}

/// Letters of the name without spaces.
pub(crate) fn joined(spaced: &str) -> impl Iterator<Item = u8> {
    spaced.bytes().filter(|b| *b != b' ')
}

/// Capital letters A-Z in tokens parted by single spaces.
fn letters(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    let foreign = !text.is_ascii() && !text.chars().any(|c| c.is_ascii_alphabetic());
    // all of it looks Latin, or some of it is: then its look-alikes are Latin letters too
    let looks_latin = !foreign || text.chars().filter(|c| c.is_alphabetic()).all(|c| look_alike(c).is_some());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            'A'..='Z' | 'a'..='z' => push(&mut out, &mut gap, c),
            // `Dr.John` and `J.Robert` are two words; `M.D.` and `J.R.` one
            '.' => {
                let after = rest.clone().take_while(|c| c.is_alphabetic()).count();
                let before = out.len() - out.rfind(' ').map_or(0, |at| at + 1);
                gap |= after > 1 || (after == 1 && before > 1 && !out.ends_with("PH"));
            }
            // inside a name: O'Brien
            '\'' | '`' | '\u{2019}' | '\u{2018}' | '\u{00b4}' | '\u{2032}' => {}
            '2'..='4' if gap && ordinal_ending(rest.clone(), c) => {
                rest.nth(1);
                let roman = ["II", "III", "IV"][c as usize - '2' as usize];
                roman.chars().for_each(|letter| push(&mut out, &mut gap, letter));
            }
            '0'..='9' => {
                // a scanner's digit between letters; elsewhere it means nothing
                let inside = !gap && !out.is_empty() && rest.peek().is_some_and(char::is_ascii_alphabetic);
                if let Some(letter) = scanned_letter(c).filter(|_| inside) {
                    push(&mut out, &mut gap, letter);
                }
            }
            _ if c.is_ascii() => gap = true,
            _ if c.is_alphabetic() => match look_alike(c).filter(|_| looks_latin) {
                Some(latin) => push(&mut out, &mut gap, latin),
                None => {
                    for letter in deunicode_char(c).unwrap_or_default().chars().filter(char::is_ascii_alphabetic) {
                        push(&mut out, &mut gap, letter);
                    }
                }
            },
            // accents that follow their letter, and what cannot be seen
            '\u{0300}'..='\u{036f}'
            | '\u{00ad}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{2069}'
            | '\u{feff}'
            | '\u{fe00}'..='\u{fe0f}' => {}
            _ => gap = true,
        }
    }
    out
}

/// Whether `3` goes on to `3rd`.
fn ordinal_ending(mut rest: impl Iterator<Item = char>, digit: char) -> bool {
    let ending = [rest.next(), rest.next()].map(|c| c.map_or(' ', |c| c.to_ascii_lowercase()));
    let ends = rest.next().is_none_or(|c| !c.is_alphabetic());
    ends && ending
        == match digit {
            '2' => ['n', 'd'],
            '3' => ['r', 'd'],
            _ => ['t', 'h'],
        }
}

/// The letter that a scanner read as a digit.
fn scanned_letter(digit: char) -> Option<char> {
    Some(match digit {
        '0' => 'O',
        '1' => 'L',
        '5' => 'S',
        '8' => 'B',
        _ => return None,
    })
}

fn push(out: &mut String, gap: &mut bool, letter: char) {
    if *gap && !out.is_empty() {
        out.push(' ');
    }
    *gap = false;
    out.push(letter.to_ascii_uppercase());
}

/// Cyrillic, Greek and Latin letters that look like a plain Latin one. Only within a field that has Latin letters
/// too, or where every letter looks like one: elsewhere they are letters of their own.
fn look_alike(c: char) -> Option<char> {
    Some(match c {
        'А' | 'а' | 'Α' | 'α' => 'A',
        'В' | 'Β' | 'в' => 'B',
        'С' | 'с' | 'ϲ' => 'C',
        'ԁ' => 'D',
        'Е' | 'е' | 'Ε' => 'E',
        'ɡ' => 'G',
        'Н' | 'Η' | 'һ' => 'H',
        'І' | 'і' | 'Ι' | 'ι' | 'ı' | 'İ' => 'I',
        'Ј' | 'ј' | 'ϳ' => 'J',
        'К' | 'к' | 'Κ' | 'κ' => 'K',
        'Ӏ' | 'ӏ' => 'L',
        'М' | 'Μ' | 'м' => 'M',
        'Ν' | 'η' => 'N',
        'О' | 'о' | 'Ο' | 'ο' => 'O',
        'Р' | 'р' | 'Ρ' | 'ρ' => 'P',
        'Ѕ' | 'ѕ' => 'S',
        'ԛ' => 'Q',
        'Т' | 'Τ' | 'т' | 'τ' => 'T',
        'υ' => 'U',
        'У' | 'у' | 'Υ' | 'γ' => 'Y',
        'Х' | 'х' | 'Χ' | 'χ' => 'X',
        'ԝ' | 'ω' => 'W',
        'Ζ' => 'Z',
        'ν' => 'V',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_alike_in_every_spelling() {
        for (text, spaced) in [
            ("Smith", "SMITH"),
            ("  o'brien ", "OBRIEN"),
            ("O\u{2019}Brien", "OBRIEN"),
            ("García-López", "GARCIA LOPEZ"),
            ("Garci\u{301}a", "GARCIA"),
            ("De La  Cruz", "DE LA CRUZ"),
            ("Smith, M.D.", "SMITH"),
            ("Smith MD PhD", "SMITH"),
            ("Dr. Smith", "SMITH"),
            ("Do", "DO"),
            ("Van Do", "VAN DO"),
            ("Ma", "MA"),
            ("V", "V"),
            ("Müller", "MULLER"),
            ("Sm\u{456}th", "SMITH"),
            ("C\u{43e}x", "COX"),
            ("", ""),
            ("--", ""),
            ("Straße", "STRASSE"),
            ("Dr.Smith", "SMITH"),
            ("St.John", "ST JOHN"),
            ("Smith M D", "SMITH"),
            ("Smith, Ph.D.", "SMITH"),
            ("Smi\u{ad}th", "SMITH"),
            ("S\u{200b}mith", "SMITH"),
            ("\u{ff33}mith", "SMITH"),
            ("\u{421}\u{41e}\u{425}", "COX"),
            ("S0derberg", "SODERBERG"),
            ("Smith2", "SMITH"),
            ("Y\u{131}lmaz", "YILMAZ"),
            ("O\u{2bc}Brien", "OBRIEN"),
            ("Nguy\u{1ec5}n", "NGUYEN"),
        ] {
            assert_eq!(read(text, Column::Last).spaced, spaced, "{text}");
        }
    }

    #[test]
    fn suffixes_are_found_where_they_stand() {
        for (text, spaced, suffix) in [
            ("Smith Jr.", "SMITH", Suffix::Second),
            ("Smith, III, MD", "SMITH", Suffix::Third),
            ("Smith Sr", "SMITH", Suffix::Senior),
            ("Smith 3rd", "SMITH", Suffix::Third),
            ("Smith Jr MD", "SMITH", Suffix::Second),
            ("Jr", "JR", Suffix::None),
        ] {
            assert_eq!(read(text, Column::Last), Name { spaced: spaced.into(), suffix }, "{text}");
        }
        assert_eq!(read("John V", Column::First).suffix, Suffix::None);
        assert_eq!(Suffix::read("3rd"), Suffix::Third);
        assert_eq!(Suffix::read("J.R."), Suffix::Second);
        assert_eq!(Suffix::read("MD"), Suffix::None);
    }

    #[test]
    fn two_columns_are_read_together() {
        for (first, last, given, family) in [
            ("John", "Smith, John", "JOHN", "SMITH"),
            ("", "Smith, John A", "JOHN A", "SMITH"),
            ("J", "Smith, John", "JOHN", "SMITH"),
            ("Smith", "Smith, John", "JOHN", "SMITH"),
            ("Smith, John", "Smith", "JOHN", "SMITH"),
            ("John", "Smith, MD", "JOHN", "SMITH"),
            ("John", "Smith, Jr", "JOHN", "SMITH"),
            ("John", "Garcia, Lopez", "JOHN", "GARCIA LOPEZ"),
            ("John Smith", "Smith", "JOHN", "SMITH"),
            ("John Smith", "", "JOHN", "SMITH"),
            ("", "John Smith", "JOHN", "SMITH"),
            ("Kim", "Kim", "KIM", "KIM"),
            ("", "", "", ""),
        ] {
            let (one, two) = read_both(first, last);
            assert_eq!((one.spaced.as_str(), two.spaced.as_str()), (given, family), "{first} | {last}");
        }
    }
}
