//! What kind of file it is, decided by its content: names and content types of uploads are often wrong.
//!
//! Text is told from other things by what it lacks (control characters), so the common wrong
//! files are named first, each with a word for the person who chose it.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use domain::{Code, Problem};
use encoding_rs::Decoder;
use serde::{Deserialize, Serialize};

use crate::columns::{Kind, field_of};
use crate::package;

/// A format that we read and write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum FileFormat {
    Xlsx,
    Xml,
    Json,
    /// Delimited text. `delimiter` is the byte of a tab, comma or semicolon.
    Text {
        delimiter: u8,
        encoding: Encoding,
    },
}

/// How a text file encodes its characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    Utf8,
    /// UTF-8 with a byte order mark, as Excel writes it.
    Utf8Bom,
    /// Excel's "Unicode Text".
    Utf16Le,
    Utf16Be,
    /// What is not UTF-8: Excel's "Text" and "CSV" in the United States.
    Windows1252,
}

impl Encoding {
    pub(crate) fn decoder(self) -> Decoder {
        match self {
            Encoding::Utf8 | Encoding::Utf8Bom => encoding_rs::UTF_8.new_decoder_with_bom_removal(),
            Encoding::Utf16Le => encoding_rs::UTF_16LE.new_decoder_with_bom_removal(),
            Encoding::Utf16Be => encoding_rs::UTF_16BE.new_decoder_with_bom_removal(),
            Encoding::Windows1252 => encoding_rs::WINDOWS_1252.new_decoder_without_bom_handling(),
        }
    }
}

impl FileFormat {
    /// Tab-separated UTF-8, the text template's format.
    pub const TSV: FileFormat = FileFormat::Text { delimiter: b'\t', encoding: Encoding::Utf8 };

    /// The ending of a file's name, without the point.
    pub fn extension(self) -> &'static str {
        match self {
            FileFormat::Xlsx => "xlsx",
            FileFormat::Xml => "xml",
            FileFormat::Json => "json",
            FileFormat::Text { delimiter: b'\t', .. } => "txt",
            FileFormat::Text { .. } => "csv",
        }
    }

    /// Of the files that we write; text is always written as UTF-8.
    pub fn content_type(self) -> &'static str {
        match self {
            FileFormat::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            FileFormat::Xml => "application/xml; charset=utf-8",
            FileFormat::Json => "application/json; charset=utf-8",
            FileFormat::Text { delimiter: b'\t', .. } => "text/tab-separated-values; charset=utf-8",
            FileFormat::Text { .. } => "text/csv; charset=utf-8",
        }
    }
}

/// What a person would call a file that is none of ours, by its first bytes.
const OTHERS: &[(&[u8], &str)] = &[
    (b"%PDF", "a PDF document"),
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "an old Office file, or one with a password"),
    (b"\x89PNG", "an image"),
    (b"\xFF\xD8\xFF", "an image"),
    (b"GIF8", "an image"),
    (b"{\\rtf", "a rich-text document"),
    (b"\x1F\x8B", "a compressed file"),
    (b"7z\xBC\xAF", "a compressed file"),
    (b"Rar!", "a compressed file"),
    (b"SQLite format 3", "a database"),
];

const SAMPLE: usize = 64 * 1024;

/// Decides the format of a learner batch. Errors are problems of the file: empty, unreadable, or of another kind.
pub fn sniff(path: &Path) -> Result<FileFormat, Problem> {
    if let Some(document) = document(path)? {
        return Ok(document);
    }
    sniff_columns(path, |header| field_of(header, |_: Kind| 0).is_some())
}

/// XML or JSON, by the first letters; whatever else the file is, the other checks say.
fn document(path: &Path) -> Result<Option<FileFormat>, Problem> {
    let mut start = Vec::with_capacity(1024);
    File::open(path).map_err(unreadable)?.take(1024).read_to_end(&mut start).map_err(unreadable)?;
    // zeros are those of UTF-16, the others byte order marks and white space
    let mut letters = start.iter().filter(|b| !b" \t\r\n\0\xEF\xBB\xBF\xFE\xFF".contains(b));
    let first: Vec<u8> = letters.by_ref().take(13).map(u8::to_ascii_lowercase).collect();
    Ok(match first.as_slice() {
        // a page, as a portal gives it where a file was meant
        page if page.starts_with(b"<html") || page.starts_with(b"<!doctypehtml") => None,
        [b'<', ..] => Some(FileFormat::Xml),
        // a sheet's first cell may begin with a bracket too
        [b'{', b'"' | b'}', ..] | [b'[', b'{' | b'[' | b']', ..] | [b'{'] | [b'['] => Some(FileFormat::Json),
        _ => None,
    })
}

/// As [`sniff`], with the column names by which the delimiter is chosen.
pub(crate) fn sniff_columns(path: &Path, known: impl Fn(&str) -> bool) -> Result<FileFormat, Problem> {
    let mut file = File::open(path).map_err(unreadable)?;
    let mut sample = Vec::with_capacity(SAMPLE);
    (&mut file).take(SAMPLE as u64).read_to_end(&mut sample).map_err(unreadable)?;
    if sample.starts_with(b"PK") {
        return package::recognize(path).map(|()| FileFormat::Xlsx);
    }
    if let Some((_, name)) = OTHERS.iter().find(|(start, _)| sample.starts_with(start)) {
        return Err(wrong_type(name));
    }
    let encoding = match sample.as_slice() {
        [0xEF, 0xBB, 0xBF, ..] => Encoding::Utf8Bom,
        [0xFF, 0xFE, ..] => Encoding::Utf16Le,
        [0xFE, 0xFF, ..] => Encoding::Utf16Be,
        _ if is_utf8(&sample, &mut file).map_err(unreadable)? => Encoding::Utf8,
        _ => Encoding::Windows1252,
    };
    let mut text = String::with_capacity(SAMPLE * 3);
    // What is cut off at the sample's end does not matter here.
    let _ = encoding.decoder().decode_to_string(&sample, &mut text, false);
    if text.trim().is_empty() {
        return Err(Problem::file(Code::FileEmpty));
    }
    let controls = text.chars().filter(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r')).count();
    if controls * 20 > text.chars().count() {
        return Err(wrong_type("a file of a program"));
    }
    if text.trim_start().starts_with('<') {
        return Err(wrong_type("a web page"));
    }
    Ok(FileFormat::Text { delimiter: delimiter(&text, known), encoding })
}

/// The delimiter by which a line splits into the most known names; failing that, into the most cells.
fn delimiter(text: &str, known: impl Fn(&str) -> bool) -> u8 {
    let score = |delimiter: &u8| {
        let names = |line: &str| {
            let cells = line.split(char::from(*delimiter)).map(|cell| cell.trim().trim_matches('"'));
            cells.fold((0, 0), |(names, cells), cell| (names + usize::from(known(cell)), cells + 1))
        };
        text.lines().take(60).map(names).max()
    };
    // `max_by_key` keeps the last of equals, and a tab is the likeliest.
    [b';', b',', b'\t'].into_iter().max_by_key(score).unwrap_or(b'\t')
}

/// Whether the sample and the rest of the file are UTF-8.
fn is_utf8(sample: &[u8], rest: &mut File) -> io::Result<bool> {
    let mut bytes = sample.to_vec();
    loop {
        let kept = match std::str::from_utf8(&bytes) {
            Ok(_) => 0,
            Err(e) if e.error_len().is_some() => return Ok(false),
            Err(e) => bytes.len() - e.valid_up_to(),
        };
        let start = bytes.len() - kept;
        bytes.drain(..start);
        if rest.take(SAMPLE as u64).read_to_end(&mut bytes)? == 0 {
            return Ok(bytes.is_empty());
        }
    }
}

pub(crate) fn unreadable(error: impl std::fmt::Display) -> Problem {
    Problem::file(Code::FileUnreadable).fact(error.to_string())
}

pub(crate) fn wrong_type(name: &str) -> Problem {
    Problem::file(Code::FileWrongType).fact(name)
}
