//! The zip archive around a workbook, inspected before anything parses it.
//!
//! Every part is unpacked once and only counted: bytes, ratio, document types, and the few things
//! by which a small file could make the parser behind us take much memory. The parser never sees
//! an archive that has not passed. Its zip crate is this one, so both see the same parts.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::path::Path;

use domain::{Code, Problem};
use zip::ZipArchive;

use crate::batch::Limits;
use crate::dates::grouped;
use crate::format::{unreadable, wrong_type};

/// A workbook of many sheets and pictures has some hundred parts.
const MOST_PARTS: usize = 10_000;
/// Archives that unpack to less than this are never called bombs.
const SMALL: u64 = 16 << 20;
/// One text, tag or cell; a cell longer than Excel's 32,767 characters is refused by its row.
const LONGEST_RUN: u64 = 16 << 20;
/// Shared strings that a part may hold, or announce, since memory for them is taken in advance.
const MOST_STRINGS: u64 = 3_000_000;
/// Cell formats times the longest name in them: each format carries its own copy of the font's name.
const MOST_STYLE_BYTES: u64 = 128 << 20;
/// How far behind a `<` the scan looks.
const LOOK_AHEAD: usize = 64;
const CHUNK: usize = 64 * 1024;

/// Where a part lies in the file, for progress.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part {
    pub(crate) start: u64,
    pub(crate) bytes: u64,
    /// Bytes when unpacked, as counted.
    pub(crate) inflated: u64,
}

impl Part {
    /// About how much of this part a reading of `bytes` from `start` of the file unpacks to.
    pub(crate) fn unpacked(&self, start: u64, bytes: u64) -> u64 {
        let end = (start + bytes).min(self.start + self.bytes);
        let shared = end.saturating_sub(start.max(self.start));
        shared.saturating_mul(self.inflated) / self.bytes.max(1)
    }
}

/// Whether a zip archive is a workbook, by the names in it.
pub(crate) fn recognize(path: &Path) -> Result<(), Problem> {
    let archive = open(path)?;
    let names: Vec<String> = archive.file_names().flatten().map(|name| name.to_ascii_lowercase()).collect();
    let has = |end: &str| names.iter().any(|name| name.ends_with(end));
    if has("workbook.bin") {
        Err(wrong_type("a binary workbook (.xlsb)"))
    } else if has("workbook.xml") || names.iter().any(|name| name.starts_with("xl/")) {
        Ok(())
    } else if has("word/document.xml") {
        Err(wrong_type("a Word document"))
    } else if has("content.xml") {
        Err(wrong_type("an OpenDocument file"))
    } else {
        Err(wrong_type("a compressed folder"))
    }
}

/// Unpacks and counts every part. The answer says where parts lie.
pub(crate) fn inspect(path: &Path, limits: &Limits) -> Result<Vec<Part>, Problem> {
    let file_bytes = limits.check_size(path)?;
    let mut archive = open(path)?;
    let mut budget = Budget {
        left: limits.inflated_bytes,
        ratio_left: SMALL.max(file_bytes.saturating_mul(limits.inflate_ratio)),
        limits: *limits,
    };
    let mut parts = Vec::with_capacity(archive.len());
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(damaged)?;
        let (start, bytes) = (part.data_start().unwrap_or_default(), part.compressed_size());
        let name = part.name().map_err(damaged)?.to_ascii_lowercase();
        let inflated = scan(&mut part, &name, &mut budget)?;
        parts.push(Part { start, bytes, inflated });
    }
    Ok(parts)
}

fn open(path: &Path) -> Result<ZipArchive<BufReader<File>>, Problem> {
    let mut file = File::open(path).map_err(unreadable)?;
    if parts_listed(&mut file).map_err(unreadable)? > MOST_PARTS {
        return Err(unreadable("it has more parts than a workbook has"));
    }
    file.rewind().map_err(unreadable)?;
    ZipArchive::new(BufReader::new(file)).map_err(damaged)
}

/// Counts the marks of directory entries, before a directory of a million is read into memory.
fn parts_listed(file: &mut File) -> io::Result<usize> {
    const MARK: &[u8; 4] = b"PK\x01\x02";
    let mut window = vec![0; CHUNK];
    let mut filled = 0;
    let mut parts = 0;
    loop {
        let got = file.read(window.get_mut(filled..).unwrap_or_default())?;
        if got == 0 {
            return Ok(parts);
        }
        filled += got;
        let bytes = window.get(..filled).unwrap_or_default();
        parts += bytes.windows(MARK.len()).filter(|mark| mark == MARK).count();
        let kept = filled.min(MARK.len() - 1);
        window.copy_within(filled - kept..filled, 0);
        filled = kept;
    }
}

struct Budget {
    left: u64,
    ratio_left: u64,
    limits: Limits,
}

impl Budget {
    fn take(&mut self, bytes: u64) -> Result<(), Problem> {
        let inflates = |fact: String| Problem::file(Code::FileInflates).fact(fact);
        self.left = self.left.checked_sub(bytes).ok_or_else(|| inflates(size(self.limits.inflated_bytes)))?;
        self.ratio_left = self
            .ratio_left
            .checked_sub(bytes)
            .ok_or_else(|| inflates(format!("{} times its size", self.limits.inflate_ratio)))?;
        Ok(())
    }
}

/// Reads one part to its end in windows that overlap by [`LOOK_AHEAD`]. The answer is its size.
fn scan(part: &mut impl Read, name: &str, budget: &mut Budget) -> Result<u64, Problem> {
    let strings = name.ends_with("sharedstrings.xml");
    let mut window = vec![0; CHUNK];
    let mut filled = 0;
    let mut scan = Scan::default();
    let mut ended = false;
    while !ended {
        let got = part.read(window.get_mut(filled..).unwrap_or_default()).map_err(damaged)?;
        budget.take(got as u64)?;
        filled += got;
        ended = got == 0;
        let whole = if ended { filled } else { filled.saturating_sub(LOOK_AHEAD) };
        let bytes = window.get(..filled).unwrap_or_default();
        for (at, byte) in bytes.iter().enumerate().take(whole) {
            match byte {
                b'<' => scan.tag(bytes.get(at + 1..).unwrap_or_default(), at as u64)?,
                b'u' if strings => announced_strings(bytes.get(at..).unwrap_or_default())?,
                _ => {}
            }
        }
        window.copy_within(whole..filled, 0);
        scan.window += whole as u64;
        filled -= whole;
        scan.check(scan.window)?;
    }
    if strings && scan.strings > MOST_STRINGS {
        return Err(too_many_strings());
    }
    if strings && scan.window > budget.limits.inflated_bytes / 8 {
        let fact = format!("{} of texts", size(budget.limits.inflated_bytes / 8));
        return Err(Problem::file(Code::FileInflates).fact(fact));
    }
    if name.ends_with("styles.xml") && scan.formats.saturating_mul(scan.longest) > MOST_STYLE_BYTES {
        return Err(Problem::file(Code::FileInflates).fact(format!("{} of cell formats", size(MOST_STYLE_BYTES))));
    }
    Ok(scan.window)
}

/// What one part shows so far; places are bytes from its beginning.
#[derive(Default)]
struct Scan {
    /// Where the window begins.
    window: u64,
    /// Where the last tag began, and the longest stretch between two.
    tag: u64,
    longest: u64,
    /// Where the open cell or shared string began.
    cell: Option<u64>,
    /// Cell formats (`xf`).
    formats: u64,
    /// Shared strings (`si`).
    strings: u64,
}

impl Scan {
    /// A `<` stands at `at` of the window, with `behind` after it.
    fn tag(&mut self, behind: &[u8], at: u64) -> Result<(), Problem> {
        let place = self.window + at;
        self.check(place)?;
        self.tag = place;
        let (closing, name) = match behind {
            [b'!', declaration @ ..] => {
                return match declaration.get(..7) {
                    Some(word) if word.eq_ignore_ascii_case(b"DOCTYPE") => {
                        Err(unreadable("it declares a document type, which workbooks never do"))
                    }
                    _ => Ok(()),
                };
            }
            [b'/', name @ ..] => (true, name),
            name => (false, name),
        };
        let name = name.get(..LOOK_AHEAD - 2).unwrap_or(name);
        let end = name.iter().position(|b| b" \t\r\n/>".contains(b)).unwrap_or(name.len());
        let name = name.get(..end).unwrap_or_default();
        match name.rsplit(|b| *b == b':').next() {
            Some(name @ (b"c" | b"si")) => {
                self.cell = (!closing).then_some(place);
                self.strings += u64::from(!closing && name == b"si");
            }
            Some(b"row" | b"sheetData" | b"sst") => self.cell = None,
            Some(b"xf") => self.formats += 1,
            _ => {}
        }
        Ok(())
    }

    fn check(&mut self, place: u64) -> Result<(), Problem> {
        let run = place.saturating_sub(self.tag);
        self.longest = self.longest.max(run);
        if run > LONGEST_RUN || self.cell.is_some_and(|cell| place.saturating_sub(cell) > LONGEST_RUN) {
            return Err(unreadable(format!("a cell of it is larger than {}", size(LONGEST_RUN))));
        }
        Ok(())
    }
}

/// Refuses `uniqueCount="99999999999"`: the parser makes room for as many strings at once.
fn announced_strings(bytes: &[u8]) -> Result<(), Problem> {
    let Some(value) = bytes.strip_prefix(b"uniqueCount") else { return Ok(()) };
    let value = value.get(..LOOK_AHEAD - 12).unwrap_or(value);
    let mut digits = value.iter().skip_while(|b| b" \t\r\n='\"+0".contains(b)).take_while(|b| b.is_ascii_digit());
    let count = digits.try_fold(0u64, |count, digit| count.checked_mul(10)?.checked_add(u64::from(digit - b'0')));
    if count.is_none_or(|count| count > MOST_STRINGS) {
        return Err(too_many_strings());
    }
    Ok(())
}

fn too_many_strings() -> Problem {
    Problem::file(Code::FileInflates).fact(format!("{} texts", grouped(MOST_STRINGS)))
}

/// A number of bytes for people.
pub(crate) fn size(bytes: u64) -> String {
    match bytes {
        0x4000_0000.. if bytes.is_multiple_of(1 << 30) => format!("{} GB", bytes >> 30),
        0x10_0000.. => format!("{} MB", bytes >> 20),
        0x400.. => format!("{} KB", bytes >> 10),
        _ => format!("{bytes} bytes"),
    }
}

fn damaged(error: impl std::fmt::Display) -> Problem {
    unreadable(format!("the workbook is damaged or was cut off ({error})"))
}
