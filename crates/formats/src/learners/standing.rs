//! A completion as its provider reads it back: the tree that was sent, with what each destination says of
//! its credit in a `Result` behind it, which the reader passes over.

use std::io::{self, Write};

use super::tree_out::{out, text};
use super::writer::DocumentWriter;
use crate::activities::Content;
use crate::header::Header;
use crate::row::Row;

/// What one destination says of its credit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Standing<'a> {
    /// CME, REMS or a certifying board's code.
    pub destination: &'a str,
    /// Pending, Accepted or Rejected.
    pub status: &'a str,
    /// Why it was rejected; empty otherwise.
    pub reason: &'a str,
    /// Digits; empty where the destination takes none.
    pub credits: &'a str,
    /// Made by the system from another credit of the completion.
    pub is_derived: bool,
    /// As RFC 3339 has it.
    pub reported_at: &'a str,
}

impl<W: Write> DocumentWriter<W> {
    /// Adds a row of a completion that is on record, with the credit ID under which it is.
    pub fn write_on_record(
        &mut self,
        header: &Header,
        row: &Row,
        credit_id: &str,
        standings: &[Standing<'_>],
    ) -> io::Result<()> {
        let mut parts = vec![text("creditId", credit_id)];
        if !standings.is_empty() {
            parts.push(out("destination", Content::Several(standings.iter().map(standing).collect())));
        }
        self.write_with(header, row, Some(out("Result", Content::Group(parts))))
    }
}

fn standing(standing: &Standing<'_>) -> Content {
    let Standing { destination, status, reason, credits, is_derived, reported_at } = *standing;
    let mut parts = vec![text("name", destination), text("status", status)];
    if !reason.is_empty() {
        parts.push(text("reason", reason));
    }
    if !credits.is_empty() {
        parts.push(out("numberOfCredits", Content::Number(credits.to_owned())));
    }
    if is_derived {
        parts.push(out("isDerived", Content::Truth(true)));
    }
    parts.push(text("reportedAt", reported_at));
    Content::Group(parts)
}
