//! A text file of any accepted encoding as a stream of lines of UTF-8.
//!
//! A line keeps its end (`\n`, `\r\n` or a lone `\r`), because a quoted cell may go on behind it.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use encoding_rs::{CoderResult, Decoder};

use crate::format::Encoding;

const CHUNK: usize = 64 * 1024;

/// Lines of a file, decoded piece by piece.
pub(crate) struct Lines {
    file: File,
    decoder: Decoder,
    raw: Vec<u8>,
    /// Decoded text, of which everything before `at` has been handed out.
    text: String,
    at: usize,
    ended: bool,
    read: u64,
    size: u64,
}

impl Lines {
    pub(crate) fn open(path: &Path, encoding: Encoding) -> io::Result<Self> {
        let file = File::open(path)?;
        let size = file.metadata()?.len();
        let decoder = encoding.decoder();
        Ok(Self { file, decoder, raw: vec![0; CHUNK], text: String::new(), at: 0, ended: false, read: 0, size })
    }

    /// Puts the next line into `line`, in place of what was there. `false` at the end of the file.
    pub(crate) fn next_line(&mut self, line: &mut String) -> io::Result<bool> {
        line.clear();
        loop {
            let rest = self.text.get(self.at..).unwrap_or_default();
            match rest.bytes().position(|b| b == b'\n' || b == b'\r') {
                Some(end) => {
                    let carriage_return = rest.as_bytes().get(end) == Some(&b'\r');
                    line.push_str(&rest[..=end]);
                    self.at += end + 1;
                    if carriage_return {
                        if self.at == self.text.len() {
                            self.refill()?;
                        }
                        if self.text.as_bytes().get(self.at) == Some(&b'\n') {
                            line.push('\n');
                            self.at += 1;
                        }
                    }
                    return Ok(true);
                }
                None => {
                    line.push_str(rest);
                    if !self.refill()? {
                        return Ok(!line.is_empty());
                    }
                }
            }
        }
    }

    /// Replaces the text, all of which has been handed out. `false` at the end of the file.
    fn refill(&mut self) -> io::Result<bool> {
        self.text.clear();
        self.at = 0;
        while self.text.is_empty() && !self.ended {
            let got = match self.file.read(&mut self.raw) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                other => other?,
            };
            self.ended = got == 0;
            self.read += got as u64;
            let mut bytes = self.raw.get(..got).unwrap_or_default();
            self.text.reserve(self.decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(CHUNK * 3));
            loop {
                let (result, used, _) = self.decoder.decode_to_string(bytes, &mut self.text, self.ended);
                bytes = bytes.get(used..).unwrap_or_default();
                match result {
                    CoderResult::InputEmpty => break,
                    CoderResult::OutputFull => self.text.reserve(CHUNK),
                }
            }
        }
        Ok(!self.text.is_empty())
    }

    /// How much of the file has been read, from 0 to 1.
    pub(crate) fn progress(&self) -> f32 {
        if self.size == 0 { 1.0 } else { (self.read as f64 / self.size as f64).min(1.0) as f32 }
    }
}
