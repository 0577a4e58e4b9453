//! What XML and JSON have in common: a tree of named values, each with its place in the document.
//!
//! Only one record's tree is in memory at a time. Attributes of XML and items of a JSON array are
//! ordinary children, so whoever reads a record need not know which of the two it came from.

use std::fmt;

/// A place in a document: line and column, both from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spot {
    pub line: u64,
    pub column: u64,
}

impl Spot {
    pub const START: Spot = Spot { line: 1, column: 1 };
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// What a value was written as. XML knows only text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    Number,
    Truth,
    /// JSON's `null`, XML's `xsi:nil`: nothing is given.
    Null,
    /// An object.
    Group,
}

/// A value of a record, with what stands inside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// The local name as it was given, without a prefix.
    pub name: String,
    pub kind: Kind,
    /// Digits of a number stay as they were written.
    pub text: String,
    pub spot: Spot,
    /// A JSON pointer, or the like for XML: `/ACCMEActivities/MedicalEducationMetrics[2]/Lom`.
    pub path: String,
    pub children: Vec<Node>,
}

impl Node {
    /// The name by which it is compared: no case, no stray spaces (a key of the draft ends in one).
    pub fn key(&self) -> String {
        key(&self.name)
    }

    /// The first child of a name, in any case.
    pub fn child(&self, name: &str) -> Option<&Node> {
        self.children.iter().find(|child| child.name.trim().eq_ignore_ascii_case(name))
    }
}

/// A name as it is compared.
pub(crate) fn key(name: &str) -> String {
    name.trim().to_ascii_lowercase()
}

/// One record of a document and what was wrong with its form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub node: Node,
    /// Faults that concern this record alone: the document is read on behind it.
    pub faults: Vec<Fault>,
}

/// What can be wrong with a document's form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum What {
    Empty,
    TooLarge,
    /// A tag, comment or text does not end where all real ones have.
    Endless,
    Unreadable,
    Encoding,
    ControlCharacter,
    Malformed,
    Doctype,
    Entity,
    TooDeep,
    SecondRoot,
    Truncated,
    DuplicateKey,
    TooManyValues,
    TooManyAttributes,
    TextTooLong,
}

/// A fault of form. Those that [`Item`] does not hold end the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub what: What,
    pub spot: Spot,
    /// What it stands in; empty at the top.
    pub path: String,
    /// The name, encoding or limit in question, for the message.
    pub fact: String,
}

impl Fault {
    pub(crate) fn at(what: What, spot: Spot, fact: impl Into<String>) -> Self {
        Self { what, spot, path: String::new(), fact: fact.into() }
    }

    #[must_use]
    pub(crate) fn within(mut self, path: &str) -> Self {
        path.clone_into(&mut self.path);
        self
    }
}

/// What a reader of documents refuses to go beyond **(ours)**. Real records have some 60 values,
/// stand four to seven deep and hold no text above 2,500 characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DocumentLimits {
    /// Bytes of the document, as UTF-8 too.
    pub bytes: u64,
    pub depth: usize,
    /// Values of one record, attributes and containers included.
    pub values: usize,
    pub attributes: usize,
    /// Bytes of one value; more are dropped and told.
    pub text: usize,
    /// Bytes of one tag, comment or stretch of text: what is held to find its end.
    pub piece: u64,
}

impl Default for DocumentLimits {
    fn default() -> Self {
        Self { bytes: 256 << 20, depth: 32, values: 5_000, attributes: 64, text: 64 << 10, piece: 1 << 20 }
    }
}

/// A value that lies outside every record, such as credentials in front of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outer {
    pub name: String,
    pub text: String,
    pub path: String,
    pub spot: Spot,
}

/// Values outside of records that are kept; what is beyond was never meant for us.
pub(crate) const MOST_OUTER: usize = 64;

/// Which elements or keys are records: compared without case.
pub(crate) fn is_record(names: &[&str], name: &str) -> bool {
    names.iter().any(|record| record.eq_ignore_ascii_case(name.trim()))
}

/// Adds a piece to a text that may not grow without bound. `false` where something was dropped.
pub(crate) fn append(text: &mut String, piece: &str, limit: usize) -> bool {
    let room = limit.saturating_sub(text.len());
    if piece.len() <= room {
        text.push_str(piece);
        return true;
    }
    let mut end = room;
    while !piece.is_char_boundary(end) {
        end -= 1;
    }
    text.push_str(&piece[..end]);
    false
}
