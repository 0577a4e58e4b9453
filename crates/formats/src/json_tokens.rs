//! The words of JSON (RFC 8259) with their places: marks, strings, numbers, truth values.
//!
//! Numbers stay text, so that `1e400` and a credit of 0.25 are exactly what was sent. Strings are
//! read to their end whatever their length, but only the limit's part of one is kept.

use std::io::BufRead;

use crate::source::Source;
use crate::tree::{Fault, Kind, Spot, What, append};

/// Digits of a number that are kept.
const NUMBER_BYTES: usize = 400;

/// A word of the language.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Token {
    /// One of `{ } [ ] : ,`.
    Mark(u8),
    Value {
        kind: Kind,
        text: String,
        /// The text was longer than what is kept.
        cut: bool,
    },
    End,
}

pub(crate) struct Tokens {
    source: Source,
    longest: usize,
}

impl Tokens {
    pub(crate) fn new(source: Source, longest: usize) -> Self {
        Self { source, longest }
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.source.bytes()
    }

    fn peek(&mut self) -> Result<Option<u8>, Fault> {
        match self.source.fill_buf() {
            Ok(bytes) => Ok(bytes.first().copied()),
            Err(error) => Err(self.source.fault(&error)),
        }
    }

    fn malformed(&self, fact: impl Into<String>) -> Fault {
        Fault::at(What::Malformed, self.source.spot(), fact)
    }

    /// The next word and where it begins.
    pub(crate) fn next(&mut self) -> Result<(Token, Spot), Fault> {
        while let Some(b' ' | b'\t' | b'\r' | b'\n') = self.peek()? {
            self.source.consume(1);
        }
        let spot = self.source.spot();
        let token = match self.peek()? {
            None => Token::End,
            Some(mark @ (b'{' | b'}' | b'[' | b']' | b':' | b',')) => {
                self.source.consume(1);
                Token::Mark(mark)
            }
            Some(b'"') => self.string(spot)?,
            Some(b'-' | b'0'..=b'9') => self.number(spot)?,
            Some(b'a'..=b'z' | b'A'..=b'Z') => self.word(spot)?,
            Some(_) => return Err(self.malformed("a character that JSON does not have here")),
        };
        Ok((token, spot))
    }

    fn word(&mut self, spot: Spot) -> Result<Token, Fault> {
        let mut word = String::new();
        while let Some(letter) = self.peek()?.filter(u8::is_ascii_alphabetic) {
            if word.len() < 20 {
                word.push(char::from(letter));
            }
            self.source.consume(1);
        }
        let kind = match word.as_str() {
            "true" | "false" => Kind::Truth,
            "null" => Kind::Null,
            _ => return Err(Fault::at(What::Malformed, spot, format!("the bare word {word}"))),
        };
        Ok(Token::Value { kind, text: word, cut: false })
    }

    fn number(&mut self, spot: Spot) -> Result<Token, Fault> {
        let mut text = String::new();
        let mut cut = false;
        while let Some(byte) = self.peek()?.filter(|b| b.is_ascii_digit() || b"+-.eE".contains(b)) {
            cut |= !append(&mut text, char::from(byte).encode_utf8(&mut [0; 4]), NUMBER_BYTES);
            self.source.consume(1);
        }
        if !cut && !is_number(&text) {
            return Err(Fault::at(What::Malformed, spot, format!("{text}, which is no number")));
        }
        Ok(Token::Value { kind: Kind::Number, text, cut })
    }

    fn string(&mut self, spot: Spot) -> Result<Token, Fault> {
        self.source.consume(1);
        let mut bytes = Vec::new();
        let mut cut = false;
        loop {
            let available = match self.source.fill_buf() {
                Ok(available) => available,
                Err(error) => return Err(self.source.fault(&error)),
            };
            if available.is_empty() {
                return Err(Fault::at(What::Truncated, spot, "a text"));
            }
            let end = available.iter().position(|b| matches!(b, b'"' | b'\\' | b'\n' | b'\r' | b'\t'));
            let plain = available.get(..end.unwrap_or(available.len())).unwrap_or_default();
            let used = plain.len();
            keep(&mut bytes, plain, self.longest, &mut cut);
            self.source.consume(used);
            match end.map(|_| self.peek()).transpose()?.flatten() {
                None => {}
                Some(b'"') => {
                    self.source.consume(1);
                    break;
                }
                Some(b'\\') => {
                    let letter = self.escape()?;
                    keep(&mut bytes, letter.encode_utf8(&mut [0; 4]).as_bytes(), self.longest, &mut cut);
                }
                Some(_) => return Err(self.malformed("a line break or tab within a text")),
            }
        }
        // A cut may have split a character.
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let whole = error.utf8_error().valid_up_to();
                String::from_utf8_lossy(error.as_bytes().get(..whole).unwrap_or_default()).into_owned()
            }
        };
        Ok(Token::Value { kind: Kind::Text, text, cut })
    }

    /// What stands behind a backslash. Half of a pair becomes the mark of an undecodable character.
    fn escape(&mut self) -> Result<char, Fault> {
        self.source.consume(1);
        let letter = self.peek()?.unwrap_or_default();
        self.source.consume(1);
        Ok(match letter {
            b'"' | b'\\' | b'/' => char::from(letter),
            b'b' => '\u{8}',
            b'f' => '\u{C}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let first = self.hex()?;
                if !(0xD800..0xDC00).contains(&first) {
                    return Ok(char::from_u32(first).unwrap_or('\u{FFFD}'));
                }
                if self.peek()? != Some(b'\\') {
                    return Ok('\u{FFFD}');
                }
                self.source.consume(1);
                if self.peek()? != Some(b'u') {
                    return Err(self.malformed("half of a character"));
                }
                self.source.consume(1);
                let second = self.hex()?;
                let low = second.checked_sub(0xDC00).filter(|low| *low < 0x400);
                low.and_then(|low| char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + low)).unwrap_or('\u{FFFD}')
            }
            _ => return Err(self.malformed("a backslash that means nothing")),
        })
    }

    fn hex(&mut self) -> Result<u32, Fault> {
        let mut value = 0;
        for _ in 0..4 {
            let digit = self.peek()?.and_then(|b| char::from(b).to_digit(16));
            value = value * 16 + digit.ok_or_else(|| self.malformed("an escape without four hexadecimal digits"))?;
            self.source.consume(1);
        }
        Ok(value)
    }
}

fn keep(bytes: &mut Vec<u8>, more: &[u8], limit: usize, cut: &mut bool) {
    let room = limit.saturating_sub(bytes.len());
    *cut |= more.len() > room;
    bytes.extend_from_slice(more.get(..room.min(more.len())).unwrap_or_default());
}

/// The grammar of numbers: no leading zero, digits on both sides of a point.
pub(crate) fn is_number(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (text, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(digits)
}
