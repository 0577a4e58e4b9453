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
    let mut spaced = letters(text);
    let mut suffix = Suffix::None;
    while let Some((rest, token)) = spaced.rsplit_once(' ') {
        let family_suffix = Suffix::of(token).filter(|s| column == Column::Last || *s != Suffix::Fifth);
        let before = rest.rsplit(' ').next().unwrap_or(rest);
        let degree = DEGREES.contains(&token) && !is_particle(before);
        if let Some(found) = family_suffix {
            suffix = found;
        } else if !degree {
            break;
        }
        spaced.truncate(rest.len());
    }
    while let Some((token, rest)) = spaced.split_once(' ') {
        if !TITLES.contains(&token) {
            break;
        }
        spaced = rest.to_owned();
    }
    Name { spaced, suffix }
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
    let looks_latin = !text.is_ascii() && text.chars().any(|c| c.is_ascii_alphabetic());
    for c in text.chars() {
        match c {
            'A'..='Z' | 'a'..='z' => push(&mut out, &mut gap, c),
            // inside a name: O'Brien, M.D., 1st
            '.' | '\'' | '`' | '\u{2019}' | '\u{2018}' | '\u{00b4}' | '0'..='9' => {}
            _ if c.is_ascii() => gap = true,
            _ if c.is_alphabetic() => match look_alike(c).filter(|_| looks_latin) {
                Some(latin) => push(&mut out, &mut gap, latin),
                None => {
                    for letter in deunicode_char(c).unwrap_or_default().chars().filter(char::is_ascii_alphabetic) {
                        push(&mut out, &mut gap, letter);
                    }
                }
            },
            // accents that follow their letter
            '\u{0300}'..='\u{036f}' | '\u{200b}'..='\u{200f}' | '\u{feff}' => {}
            _ => gap = true,
        }
    }
    out
}

fn push(out: &mut String, gap: &mut bool, letter: char) {
    if *gap && !out.is_empty() {
        out.push(' ');
    }
    *gap = false;
    out.push(letter.to_ascii_uppercase());
}

/// Cyrillic and Greek letters that look like a Latin one. Only within a field that has Latin letters too: there
/// they are a slip of the keyboard, elsewhere they are letters of their own.
fn look_alike(c: char) -> Option<char> {
    Some(match c {
        'А' | 'а' | 'Α' | 'α' => 'A',
        'В' | 'Β' => 'B',
        'С' | 'с' => 'C',
        'Е' | 'е' | 'Ε' => 'E',
        'Н' | 'Η' => 'H',
        'І' | 'і' | 'Ι' | 'ι' => 'I',
        'Ј' | 'ј' => 'J',
        'К' | 'к' | 'Κ' | 'κ' => 'K',
        'М' | 'Μ' => 'M',
        'Ν' => 'N',
        'О' | 'о' | 'Ο' | 'ο' => 'O',
        'Р' | 'р' | 'Ρ' | 'ρ' => 'P',
        'Ѕ' | 'ѕ' => 'S',
        'Т' | 'Τ' => 'T',
        'У' | 'у' | 'Υ' => 'Y',
        'Х' | 'х' | 'Χ' => 'X',
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
            ("Jr", "JR", Suffix::None),
        ] {
            assert_eq!(read(text, Column::Last), Name { spaced: spaced.into(), suffix }, "{text}");
        }
        assert_eq!(read("John V", Column::First).suffix, Suffix::None);
        assert_eq!(Suffix::read("3rd"), Suffix::Third);
        assert_eq!(Suffix::read("J.R."), Suffix::Second);
        assert_eq!(Suffix::read("MD"), Suffix::None);
    }
}
