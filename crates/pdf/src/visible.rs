//! Makes any text safe to print: titles and names come from thousands of providers' files. Afterwards every character
//! has a glyph, nothing is invisible, nothing reorders its neighbors, and accents cannot climb over other lines.
//!
//! A character the font lacks is first tried in its plain form (`₂` as `2`), and only then replaced by `�`.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

const REPLACEMENT: char = '\u{fffd}';

/// Accents on one letter that are drawn; Vietnamese needs two, more is only ever mischief.
const MOST_ACCENTS: usize = 2;

/// The text as it can be printed with a font, in NFC, with single spaces between words.
pub(crate) fn visible(text: &str, has_glyph: impl Fn(char) -> bool) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let mut result = String::with_capacity(text.len());
    let mut accents = 0;
    for c in text.nfc() {
        accents = if is_combining_mark(c) { accents + 1 } else { 0 };
        if c.is_whitespace() {
            if !result.is_empty() && !result.ends_with(' ') {
                result.push(' ');
            }
        } else if is_ignorable(c) {
            // Optional hyphens and joiners: drawn as nothing by design, so nothing is lost.
        } else if accents > MOST_ACCENTS || reorders(c) || c.is_control() {
            result.push(REPLACEMENT);
        } else if has_glyph(c) {
            result.push(c);
        } else {
            push_plain_form(c, &has_glyph, &mut result);
        }
    }
    result.truncate(result.trim_end().len());
    result
}

/// Most text: letters, digits and signs that every font has, and single spaces between them.
fn is_plain(text: &str) -> bool {
    let single_spaces = !text.starts_with(' ') && !text.ends_with(' ') && !text.contains("  ");
    single_spaces && text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic())
}

fn push_plain_form(c: char, has_glyph: impl Fn(char) -> bool, result: &mut String) {
    let plain = |c: char| match c {
        '\u{2010}' | '\u{2011}' => '-',
        other => other,
    };
    let form: Vec<char> = std::iter::once(c).nfkc().map(plain).collect();
    if form.iter().all(|c| has_glyph(*c) && !is_ignorable(*c)) {
        result.extend(form);
    } else {
        result.push(REPLACEMENT);
    }
}

/// Soft hyphen, zero-width spaces and joiners, word joiner, byte order mark, variation selectors.
fn is_ignorable(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}')
}

/// Marks of direction, which can make a line read as something else than what is stored.
fn reorders(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A font of Latin letters, their accents and the replacement character.
    fn latin(c: char) -> bool {
        c < '\u{370}' || ('\u{1e00}'..'\u{1f00}').contains(&c) || c == REPLACEMENT
    }

    #[test]
    fn every_kind_of_character_ends_up_printable() {
        let table = [
            ("plain text", "plain text"),
            ("  tabs\tand\r\nlines \u{a0} ", "tabs and lines"),
            ("Nguye\u{302}\u{303}n", "Nguyễn"),
            ("A\u{30a}ngstro\u{308}m \u{212b}", "Ångström Å"),
            ("CO₂ at 37℃", "CO2 at 37°C"),
            ("COVID\u{2011}19", "COVID-19"),
            ("soft\u{ad}hy\u{200b}phen\u{feff}", "softhyphen"),
            ("nul\0bell\u{7}escape\u{1b}", "nul�bell�escape�"),
            ("evil\u{202e}cod.exe", "evil�cod.exe"),
            ("pill 💊", "pill �"),
            ("שלום", "����"),
            ("a\u{316}\u{317}\u{318}\u{319}b", "a\u{316}\u{317}��b"),
            ("\u{e000}\u{10ffff}", "��"),
            ("", ""),
            (" \u{200b} ", ""),
        ];
        for (text, expected) in table {
            assert_eq!(visible(text, latin), expected, "{text:?}");
        }
    }
}
