//! A document's bytes as UTF-8, piece by piece, with the line and column that were reached.
//!
//! The encoding is decided once, from the byte order mark, the zeros of UTF-16 and the declaration
//! of XML, which must agree. A fault further in is raised only when all text before it has been
//! read, so that its place is right and the records before it are kept.

use std::io::{self, BufRead, Read};

use encoding_rs::{Decoder, DecoderResult, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::tree::{DocumentLimits, Fault, Spot, What};

const CHUNK: usize = 64 * 1024;
/// How far a declaration may reach.
const HEAD: usize = 1024;

/// The language of a document, as far as encodings go.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Syntax {
    Xml,
    /// Only Unicode: JSON has no place to declare anything else.
    Json,
}

/// Text that is read and placed.
pub(crate) struct Source {
    input: Box<dyn Read + Send>,
    decoder: Decoder,
    raw: Vec<u8>,
    /// Bytes that were read to find the encoding.
    head: Option<Vec<u8>>,
    text: Vec<u8>,
    at: usize,
    ended: bool,
    /// Raised when the text before it is used up.
    pending: Option<Fault>,
    raised: Option<Fault>,
    spot: Spot,
    bytes: u64,
    limits: DocumentLimits,
    piece_left: u64,
}

impl Source {
    pub(crate) fn open(
        mut input: Box<dyn Read + Send>,
        syntax: Syntax,
        limits: &DocumentLimits,
    ) -> Result<Self, Fault> {
        let mut head = Vec::with_capacity(HEAD);
        (&mut input).take(HEAD as u64).read_to_end(&mut head).map_err(|e| unreadable(Spot::START, &e))?;
        if head.is_empty() {
            return Err(Fault::at(What::Empty, Spot::START, ""));
        }
        let decoder = decoder(&head, syntax)?;
        Ok(Self {
            input,
            decoder,
            raw: vec![0; CHUNK],
            head: Some(head),
            text: Vec::new(),
            at: 0,
            ended: false,
            pending: None,
            raised: None,
            spot: Spot::START,
            bytes: 0,
            limits: *limits,
            piece_left: u64::MAX,
        })
    }

    /// Where reading stands.
    pub(crate) fn spot(&self) -> Spot {
        self.spot
    }

    /// Bytes of UTF-8 that have been used up.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// From here, so many bytes may be read until this is called again.
    pub(crate) fn allow(&mut self, bytes: u64) {
        self.piece_left = bytes;
    }

    /// The fault behind an I/O error that this source gave.
    pub(crate) fn fault(&mut self, error: &io::Error) -> Fault {
        self.raised.take().unwrap_or_else(|| unreadable(self.spot, error))
    }

    fn raise(&mut self, fault: Fault) -> io::Error {
        self.raised = Some(fault);
        io::Error::other("a fault of the document")
    }

    fn refill(&mut self) -> io::Result<()> {
        self.text.clear();
        self.at = 0;
        while self.text.is_empty() && !self.ended && self.pending.is_none() {
            let head = self.head.take();
            let got = match &head {
                Some(head) => head.len(),
                None => match self.input.read(&mut self.raw) {
                    Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                    other => other?,
                },
            };
            self.ended = got == 0;
            let bytes = head.as_deref().unwrap_or(&self.raw).get(..got).unwrap_or_default();
            let room = self.decoder.max_utf8_buffer_length_without_replacement(got).unwrap_or(CHUNK * 4);
            self.text.resize(room, 0);
            let (result, _, written) =
                self.decoder.decode_to_utf8_without_replacement(bytes, &mut self.text, self.ended);
            self.text.truncate(written);
            if let DecoderResult::Malformed(..) = result {
                let name = self.decoder.encoding().name();
                self.pending = Some(Fault::at(What::Encoding, self.spot, format!("bytes that are not {name}")));
            }
            let control = |b: &u8| *b < b' ' && !matches!(b, b'\t' | b'\n' | b'\r');
            if let Some(at) = self.text.iter().position(control) {
                self.text.truncate(at);
                self.pending = Some(Fault::at(What::ControlCharacter, self.spot, ""));
            }
        }
        Ok(())
    }
}

impl Read for Source {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let mut available = self.fill_buf()?;
        let got = available.read(buf)?;
        self.consume(got);
        Ok(got)
    }
}

impl BufRead for Source {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at == self.text.len() {
            self.refill()?;
            if self.text.is_empty()
                && let Some(fault) = self.pending.take()
            {
                self.ended = true;
                let fault = Fault { spot: self.spot, ..fault };
                return Err(self.raise(fault));
            }
        }
        if self.bytes > self.limits.bytes {
            let fault = Fault::at(What::TooLarge, self.spot, crate::package::size(self.limits.bytes));
            return Err(self.raise(fault));
        }
        let available = self.text.len() - self.at;
        if self.piece_left == 0 && available > 0 {
            let fact = format!("something longer than {}", crate::package::size(self.limits.piece));
            let fault = Fault::at(What::Endless, self.spot, fact);
            return Err(self.raise(fault));
        }
        let end = usize::try_from(self.piece_left).map_or(available, |left| left.min(available));
        Ok(self.text.get(self.at..self.at + end).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        let end = (self.at + amount).min(self.text.len());
        let used = self.text.get(self.at..end).unwrap_or_default();
        let mut rest = used;
        while let Some(newline) = rest.iter().position(|b| *b == b'\n') {
            self.spot.line += 1;
            self.spot.column = 1;
            rest = rest.get(newline + 1..).unwrap_or_default();
        }
        // Bytes that go on a character are not counted.
        self.spot.column += rest.iter().filter(|b| **b & 0xC0 != 0x80).count() as u64;
        self.bytes += used.len() as u64;
        self.piece_left = self.piece_left.saturating_sub(used.len() as u64);
        self.at = end;
    }
}

fn unreadable(spot: Spot, error: &io::Error) -> Fault {
    Fault::at(What::Unreadable, spot, error.to_string())
}

/// The decoder for a document that begins with these bytes.
fn decoder(head: &[u8], syntax: Syntax) -> Result<Decoder, Fault> {
    let refused = |fact: String| Err(Fault::at(What::Encoding, Spot::START, fact));
    let (encoding, marked) = match head {
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => return refused("UTF-32, which is not read".into()),
        [0xEF, 0xBB, 0xBF, ..] => (UTF_8, true),
        [0xFF, 0xFE, ..] => (UTF_16LE, true),
        [0xFE, 0xFF, ..] => (UTF_16BE, true),
        [b'<' | b'{' | b'[', 0, ..] => (UTF_16LE, false),
        [0, b'<' | b'{' | b'[', ..] => (UTF_16BE, false),
        _ => (UTF_8, false),
    };
    if syntax == Syntax::Json {
        return Ok(encoding.new_decoder_with_bom_removal());
    }
    let (text, _) = encoding.decode_with_bom_removal(head);
    let Some(declared) = declared(&text) else { return Ok(encoding.new_decoder_with_bom_removal()) };
    let name = declared.to_ascii_lowercase();
    let agrees = match name.as_str() {
        "utf-8" | "utf8" => encoding == UTF_8,
        "utf-16" => encoding != UTF_8,
        "utf-16le" => encoding == UTF_16LE,
        "utf-16be" => encoding == UTF_16BE,
        "windows-1252" | "cp1252" | "iso-8859-1" | "latin1" | "us-ascii" | "ascii" => {
            if encoding == UTF_8 && !marked {
                return Ok(WINDOWS_1252.new_decoder_without_bom_handling());
            }
            false
        }
        _ => return refused(format!("{declared}, which is not read")),
    };
    if !agrees {
        return refused(format!("{declared} in its declaration, but {} in its bytes", encoding.name()));
    }
    Ok(encoding.new_decoder_with_bom_removal())
}

/// The encoding that an XML declaration names.
fn declared(text: &str) -> Option<&str> {
    let inside = text.strip_prefix("<?xml")?;
    let inside = inside.get(..inside.find("?>")?)?;
    let value = inside.get(inside.find("encoding")? + "encoding".len()..)?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value.get(1..)?.split(quote).next()
}
