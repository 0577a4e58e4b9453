//! JSON as a stream of records, strict in its grammar: one value, no key twice, nothing behind it.
//!
//! Objects under a key of the given names, alone or in an array, wherever they stand, are records
//! and are built one at a time; around them only what is open is remembered. An array's items
//! become children of one name, so that an object and an array of one object read alike.

use std::collections::HashSet;
use std::io::Read;

use crate::json_tokens::{Token, Tokens};
use crate::source::{Source, Syntax};
use crate::tree::{DocumentLimits, Fault, Item, Kind, MOST_OUTER, Node, Outer, Spot, What, is_record};

/// Faults of one record that are told; nobody reads more.
const MOST_FAULTS: usize = 100;

/// A document that is being read.
pub struct JsonRecords {
    tokens: Tokens,
    records: &'static [&'static str],
    limits: DocumentLimits,
    /// Objects and arrays around the records.
    open: Vec<Frame>,
    values: usize,
    faults: Vec<Fault>,
    outer: Vec<Outer>,
    root: Option<String>,
    begun: bool,
    ended: bool,
}

/// An open object or array outside of records.
struct Frame {
    path: String,
    /// Keys so far; `None` for an array.
    keys: Option<HashSet<String>>,
    /// Items so far.
    items: usize,
    /// An array whose objects are records, and their name.
    of_records: Option<String>,
}

impl JsonRecords {
    /// Opens a document whose records are the objects under keys of these names.
    pub fn open(
        input: Box<dyn Read + Send>,
        records: &'static [&'static str],
        limits: &DocumentLimits,
    ) -> Result<Self, Fault> {
        let source = Source::open(input, Syntax::Json, limits)?;
        Ok(Self {
            tokens: Tokens::new(source, limits.text),
            records,
            limits: *limits,
            open: Vec::new(),
            values: 0,
            faults: Vec::new(),
            outer: Vec::new(),
            root: None,
            begun: false,
            ended: false,
        })
    }

    /// The first key, once it was met: what XML would call the outermost element.
    pub fn root(&self) -> Option<&str> {
        self.root.as_deref()
    }

    /// What stood outside of records so far.
    pub fn outer(&self) -> &[Outer] {
        &self.outer
    }

    /// Bytes read so far.
    pub fn bytes(&self) -> u64 {
        self.tokens.bytes()
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

    /// Reads a value outside of records, or a record.
    fn step(&mut self) -> Result<Option<Node>, Fault> {
        let (mut token, mut spot) = self.tokens.next()?;
        let Some(frame) = self.open.last_mut() else {
            return self.top(token, spot);
        };
        if token == Token::Mark(if frame.keys.is_some() { b'}' } else { b']' }) {
            self.open.pop();
            return Ok(None);
        }
        if frame.items > 0 {
            demand(&token, b',', spot, "a comma", &frame.path)?;
            (token, spot) = self.tokens.next()?;
        }
        frame.items += 1;
        let (name, path) = match &mut frame.keys {
            None => (frame.of_records.clone().unwrap_or_default(), format!("{}/{}", frame.path, frame.items - 1)),
            Some(keys) => {
                let key = key_of(token, spot, &frame.path)?;
                let path = child_path(&frame.path, &key);
                if keys.len() > self.limits.values {
                    // each is remembered to find it again
                    let fact = self.limits.values.to_string();
                    return Err(Fault::at(What::TooManyValues, spot, fact).within(&frame.path));
                }
                if !keys.insert(key.clone()) {
                    return Err(Fault::at(What::DuplicateKey, spot, key).within(&path));
                }
                let (colon, at) = self.tokens.next()?;
                demand(&colon, b':', at, "a colon", &path)?;
                (token, spot) = self.tokens.next()?;
                (key, path)
            }
        };
        if self.root.is_none() && !name.is_empty() {
            self.root = Some(name.clone());
        }
        self.value(name, path, token, spot)
    }

    fn top(&mut self, token: Token, spot: Spot) -> Result<Option<Node>, Fault> {
        match token {
            Token::End if self.begun => {
                self.ended = true;
                Ok(None)
            }
            Token::End => Err(Fault::at(What::Empty, spot, "")),
            _ if self.begun => Err(Fault::at(What::SecondRoot, spot, "")),
            Token::Mark(mark @ (b'{' | b'[')) => {
                self.begun = true;
                self.enter(mark, String::new(), None, spot)
            }
            _ => Err(Fault::at(What::Malformed, spot, "neither an object nor an array")),
        }
    }

    fn enter(&mut self, mark: u8, path: String, of: Option<String>, spot: Spot) -> Result<Option<Node>, Fault> {
        if self.open.len() >= self.limits.depth {
            return Err(Fault::at(What::TooDeep, spot, self.limits.depth.to_string()).within(&path));
        }
        let keys = (mark == b'{').then(HashSet::new);
        self.open.push(Frame { path, keys, items: 0, of_records: of });
        Ok(None)
    }

    fn value(&mut self, name: String, path: String, token: Token, spot: Spot) -> Result<Option<Node>, Fault> {
        match token {
            Token::Mark(b'{') if is_record(self.records, &name) => {
                self.values = 0;
                let mut node = Node { name, kind: Kind::Group, text: String::new(), spot, path, children: Vec::new() };
                self.object(&mut node, self.open.len() + 1)?;
                Ok(Some(node))
            }
            Token::Mark(mark @ (b'{' | b'[')) => {
                let of = (mark == b'[' && is_record(self.records, &name)).then_some(name);
                self.enter(mark, path, of, spot)
            }
            Token::Value { kind, text, .. } => {
                if kind != Kind::Null && self.outer.len() < MOST_OUTER {
                    self.outer.push(Outer { name, text, path, spot });
                }
                Ok(None)
            }
            other => Err(unexpected(&other, spot, &path)),
        }
    }

    /// The members of an object of a record, behind its `{`.
    fn object(&mut self, parent: &mut Node, depth: usize) -> Result<(), Fault> {
        let mut keys = HashSet::new();
        let (mut token, mut spot) = self.tokens.next()?;
        while token != Token::Mark(b'}') {
            if !keys.is_empty() {
                demand(&token, b',', spot, "a comma", &parent.path)?;
                (token, spot) = self.tokens.next()?;
            }
            let key = key_of(token, spot, &parent.path)?;
            let path = child_path(&parent.path, &key);
            let (colon, at) = self.tokens.next()?;
            demand(&colon, b':', at, "a colon", &path)?;
            // a record with more is refused, and remembering its keys would take memory without bound
            let repeated = keys.len() <= self.limits.values && !keys.insert(key.clone());
            if repeated && self.faults.len() < MOST_FAULTS {
                self.faults.push(Fault::at(What::DuplicateKey, spot, &key).within(&path));
            }
            let (value, at) = self.tokens.next()?;
            let before = parent.children.len();
            self.member(parent, &key, path, value, at, depth)?;
            if repeated {
                parent.children.truncate(before);
            }
            (token, spot) = self.tokens.next()?;
        }
        Ok(())
    }

    /// One value of a record, put among its parent's children.
    fn member(
        &mut self,
        parent: &mut Node,
        name: &str,
        path: String,
        token: Token,
        spot: Spot,
        depth: usize,
    ) -> Result<(), Fault> {
        if depth >= self.limits.depth {
            return Err(Fault::at(What::TooDeep, spot, self.limits.depth.to_string()).within(&path));
        }
        let mut node =
            Node { name: name.to_owned(), kind: Kind::Group, text: String::new(), spot, path, children: Vec::new() };
        match token {
            Token::Mark(b'[') => return self.items(parent, &node, depth),
            Token::Mark(b'{') => self.object(&mut node, depth + 1)?,
            Token::Value { kind, text, cut } => {
                if cut {
                    let fact = self.limits.text.to_string();
                    self.faults.push(Fault::at(What::TextTooLong, spot, fact).within(&node.path));
                }
                (node.kind, node.text) = (kind, text);
            }
            other => return Err(unexpected(&other, spot, &node.path)),
        }
        self.values += 1;
        if self.values == self.limits.values + 1 {
            let fact = self.limits.values.to_string();
            self.faults.push(Fault::at(What::TooManyValues, spot, fact).within(&node.path));
        }
        if self.values <= self.limits.values {
            parent.children.push(node);
        }
        Ok(())
    }

    /// The items of an array, behind its `[`: each is a child of the array's name.
    fn items(&mut self, parent: &mut Node, array: &Node, depth: usize) -> Result<(), Fault> {
        let (mut token, mut spot) = self.tokens.next()?;
        let mut nth = 0u64;
        while token != Token::Mark(b']') {
            if nth > 0 {
                demand(&token, b',', spot, "a comma", &array.path)?;
                (token, spot) = self.tokens.next()?;
            }
            self.member(parent, &array.name, format!("{}/{nth}", array.path), token, spot, depth + 1)?;
            nth += 1;
            (token, spot) = self.tokens.next()?;
        }
        Ok(())
    }
}

fn key_of(token: Token, spot: Spot, path: &str) -> Result<String, Fault> {
    match token {
        Token::Value { kind: Kind::Text, text, .. } => Ok(text),
        other => Err(unexpected(&other, spot, path)),
    }
}

fn demand(token: &Token, mark: u8, spot: Spot, name: &str, path: &str) -> Result<(), Fault> {
    match token {
        Token::Mark(found) if *found == mark => Ok(()),
        Token::End => Err(unexpected(token, spot, path)),
        _ => Err(Fault::at(What::Malformed, spot, format!("something else where {name} belongs")).within(path)),
    }
}

fn unexpected(token: &Token, spot: Spot, path: &str) -> Fault {
    match token {
        Token::End => Fault::at(What::Truncated, spot, "").within(path),
        Token::Mark(mark) => Fault::at(What::Malformed, spot, format!("a stray {}", char::from(*mark))).within(path),
        Token::Value { .. } => Fault::at(What::Malformed, spot, "a value where a key belongs").within(path),
    }
}

/// The pointer to a member (RFC 6901).
fn child_path(path: &str, key: &str) -> String {
    format!("{path}/{}", key.replace('~', "~0").replace('/', "~1"))
}
