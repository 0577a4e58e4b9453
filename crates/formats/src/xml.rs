//! XML as a stream of records. What XML can do and no record needs is refused: document types,
//! entities of one's own, deep nesting. Nothing outside the document is ever loaded.
//!
//! Elements of the given names, wherever they stand, are records; all else is passed over, except
//! that short texts outside of records (credentials in a request's body) are kept. Namespaces are
//! not compared: senders use any or none.

use std::collections::HashMap;
use std::io::Read;

use quick_xml::escape::EscapeError;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Error, Reader, XmlVersion};

use crate::source::{Source, Syntax};
use crate::tree::{DocumentLimits, Fault, Item, Kind, MOST_OUTER, Node, Outer, Spot, What, append, is_record};

/// A document that is being read.
pub struct XmlRecords {
    reader: Reader<Source>,
    buffer: Vec<u8>,
    records: &'static [&'static str],
    limits: DocumentLimits,
    /// The elements that are open, the root first.
    open: Vec<Open>,
    /// How many of them belong to the record that is being read.
    within: usize,
    values: usize,
    faults: Vec<Fault>,
    outer: Vec<Outer>,
    root: Option<String>,
    ended: bool,
}

/// An element whose end has not come. `dropped`: the record has too many values to keep it.
struct Open {
    node: Node,
    names: HashMap<String, u32>,
    dropped: bool,
}

impl XmlRecords {
    /// Opens a document whose records are the elements of these names.
    pub fn open(
        input: Box<dyn Read + Send>,
        records: &'static [&'static str],
        limits: &DocumentLimits,
    ) -> Result<Self, Fault> {
        let mut reader = Reader::from_reader(Source::open(input, Syntax::Xml, limits)?);
        reader.config_mut().enable_all_checks(true);
        Ok(Self {
            reader,
            buffer: Vec::new(),
            records,
            limits: *limits,
            open: Vec::new(),
            within: 0,
            values: 0,
            faults: Vec::new(),
            outer: Vec::new(),
            root: None,
            ended: false,
        })
    }

    /// The name of the outermost element, once it was met.
    pub fn root(&self) -> Option<&str> {
        self.root.as_deref()
    }

    /// What stood outside of records so far.
    pub fn outer(&self) -> &[Outer] {
        &self.outer
    }

    /// Bytes read so far.
    pub fn bytes(&self) -> u64 {
        self.reader.get_ref().bytes()
    }

    /// The next record. After an `Err` there is nothing more.
    pub fn next_record(&mut self) -> Result<Option<Item>, Fault> {
        while !self.ended {
            match self.step() {
                Ok(None) => {}
                Ok(Some(node)) => return Ok(Some(Item { node, faults: std::mem::take(&mut self.faults) })),
                Err(fault) => {
                    self.ended = true;
                    return Err(fault);
                }
            }
        }
        Ok(None)
    }

    /// Reads one event; the answer is a record whose end it was.
    fn step(&mut self) -> Result<Option<Node>, Fault> {
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.clear();
        self.reader.get_mut().allow(self.limits.piece);
        let spot = self.reader.get_ref().spot();
        let event = match self.reader.read_event_into(&mut buffer) {
            Ok(event) => event,
            Err(error) => return Err(self.broken(spot, error)),
        };
        let done = match event {
            Event::Start(tag) => self.start(&tag, spot).map(|()| None),
            Event::Empty(tag) => self.start(&tag, spot).map(|()| self.end()),
            Event::End(_) => Ok(self.end()),
            Event::Text(text) => self.text(&text.xml10_content(), spot).map(|()| None),
            Event::CData(text) => self.text(&text.xml10_content(), spot).map(|()| None),
            Event::GeneralRef(reference) => {
                resolve(&reference, spot).and_then(|text| self.text(text.encode_utf8(&mut [0; 4]), spot)).map(|()| None)
            }
            Event::DocType(_) => Err(self.fault(What::Doctype, spot, "")),
            Event::Decl(_) if spot != Spot::START => Err(self.fault(What::Malformed, spot, "a second XML declaration")),
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => Ok(None),
            Event::Eof => self.finish(spot).map(|()| None),
        };
        self.buffer = buffer;
        done
    }

    fn finish(&mut self, spot: Spot) -> Result<(), Fault> {
        self.ended = true;
        match (self.open.last(), &self.root) {
            (Some(open), _) => Err(Fault::at(What::Truncated, spot, &open.node.name).within(&open.node.path)),
            (None, None) => Err(Fault::at(What::Empty, spot, "")),
            (None, Some(_)) => Ok(()),
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>, spot: Spot) -> Result<(), Fault> {
        let name = tag.local_name().as_ref().to_owned();
        if self.open.is_empty() && self.root.is_some() {
            return Err(Fault::at(What::SecondRoot, spot, name));
        }
        if self.open.len() >= self.limits.depth {
            return Err(self.fault(What::TooDeep, spot, self.limits.depth.to_string()));
        }
        if self.root.is_none() {
            self.root = Some(name.clone());
        }
        if self.within > 0 || is_record(self.records, &name) {
            self.within += 1;
        }
        let path = self.path_of(&name);
        let dropped = self.count(spot, &path);
        let node = Node { name, kind: Kind::Group, text: String::new(), spot, path, children: Vec::new() };
        let mut open = Open { node, names: HashMap::new(), dropped };
        self.attributes(tag, &mut open)?;
        self.open.push(open);
        Ok(())
    }

    /// The path of a new child of the innermost element.
    fn path_of(&mut self, name: &str) -> String {
        let Some(parent) = self.open.last_mut() else { return format!("/{name}") };
        let nth = parent.names.entry(name.to_owned()).or_default();
        *nth += 1;
        match *nth {
            1 => format!("{}/{name}", parent.node.path),
            nth => format!("{}/{name}[{nth}]", parent.node.path),
        }
    }

    /// Counts a value of the record. `true` if it is one too many, which is told once.
    fn count(&mut self, spot: Spot, path: &str) -> bool {
        if self.within == 0 {
            return false;
        }
        self.values += 1;
        if self.values == self.limits.values + 1 {
            self.faults.push(Fault::at(What::TooManyValues, spot, self.limits.values.to_string()).within(path));
        }
        self.values > self.limits.values
    }

    /// Attributes become children. Those of XML itself and of schemas say nothing of the record.
    fn attributes(&mut self, tag: &BytesStart<'_>, open: &mut Open) -> Result<(), Fault> {
        let (spot, path) = (open.node.spot, open.node.path.clone());
        for (nth, attribute) in tag.attributes().enumerate() {
            if nth == self.limits.attributes {
                let fault = Fault::at(What::TooManyAttributes, spot, self.limits.attributes.to_string()).within(&path);
                if self.within == 0 {
                    return Err(fault);
                }
                self.faults.push(fault);
                return Ok(());
            }
            let malformed = |fact: String| Fault::at(What::Malformed, spot, fact).within(&path);
            let attribute = attribute.map_err(|e| malformed(e.to_string()))?;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|error| match error {
                Error::Escape(EscapeError::UnrecognizedEntity(_, name)) => {
                    Fault::at(What::Entity, spot, name).within(&path)
                }
                other => malformed(other.to_string()),
            })?;
            let (local, prefix) = attribute.key.decompose();
            let prefix = prefix.map(|prefix| prefix.as_ref().to_owned()).unwrap_or_default();
            if prefix == "xsi" && local.as_ref() == "nil" && matches!(value.trim(), "true" | "1") {
                open.node.kind = Kind::Null;
            }
            if matches!(prefix.as_str(), "xml" | "xmlns" | "xsi") || local.as_ref() == "xmlns" || self.within == 0 {
                continue;
            }
            let path = format!("{path}/@{}", local.as_ref());
            if self.count(spot, &path) {
                continue;
            }
            let mut text = String::new();
            if !append(&mut text, &value, self.limits.text) {
                self.faults.push(Fault::at(What::TextTooLong, spot, self.limits.text.to_string()).within(&path));
            }
            let name = local.as_ref().to_owned();
            open.node.children.push(Node { name, kind: Kind::Text, text, spot, path, children: Vec::new() });
        }
        Ok(())
    }

    fn text(&mut self, text: &str, spot: Spot) -> Result<(), Fault> {
        let Some(open) = self.open.last_mut() else {
            return match text.trim_matches([' ', '\t', '\r', '\n', '\u{FEFF}']) {
                "" => Ok(()),
                _ => Err(Fault::at(What::Malformed, spot, "text outside of the outermost element")),
            };
        };
        // White space in front of a value or between elements.
        let text = if open.node.text.is_empty() { text.trim_start() } else { text };
        if !open.dropped && !append(&mut open.node.text, text, self.limits.text) && self.within > 0 {
            let fault = Fault::at(What::TextTooLong, spot, self.limits.text.to_string()).within(&open.node.path);
            // A long text comes in many pieces: it is told once.
            if self.faults.last().is_none_or(|last| last.what != fault.what || last.path != fault.path) {
                self.faults.push(fault);
            }
        }
        Ok(())
    }

    fn end(&mut self) -> Option<Node> {
        let Open { mut node, dropped, .. } = self.open.pop()?;
        if node.children.is_empty() && node.kind != Kind::Null {
            node.kind = Kind::Text;
        } else if node.text.trim().is_empty() {
            // White space between elements.
            node.text = String::new();
        }
        if self.within == 0 {
            let text = node.text.trim();
            if !text.is_empty() && self.outer.len() < MOST_OUTER {
                self.outer.push(Outer { text: text.to_owned(), name: node.name, path: node.path, spot: node.spot });
            }
            return None;
        }
        self.within -= 1;
        if self.within == 0 {
            self.values = 0;
            return Some(node);
        }
        if !dropped && let Some(parent) = self.open.last_mut() {
            parent.node.children.push(node);
        }
        None
    }

    fn fault(&self, what: What, spot: Spot, fact: impl Into<String>) -> Fault {
        let path = self.open.last().map_or("", |open| open.node.path.as_str());
        Fault::at(what, spot, fact).within(path)
    }

    /// What the parser did not understand. At the end of the input something is missing there.
    fn broken(&mut self, spot: Spot, error: Error) -> Fault {
        match error {
            Error::Io(error) => {
                let path = self.open.last().map_or(String::new(), |open| open.node.path.clone());
                self.reader.get_mut().fault(&error).within(&path)
            }
            Error::Syntax(error) => self.fault(What::Truncated, spot, error.to_string()),
            other => self.fault(What::Malformed, spot, other.to_string()),
        }
    }
}

/// The character behind `&amp;`, `&#225;` and the like. Nothing else is resolved.
fn resolve(reference: &BytesRef<'_>, spot: Spot) -> Result<char, Fault> {
    match reference.as_ref() {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        name => match reference.resolve_char_ref() {
            Ok(Some(letter)) => Ok(letter),
            Ok(None) => Err(Fault::at(What::Entity, spot, name)),
            Err(error) => Err(Fault::at(What::Malformed, spot, error.to_string())),
        },
    }
}
