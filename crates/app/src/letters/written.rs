//! A letter before it is text and HTML: parts in order, from which both are made, so that both say the same.
//!
//! Names, titles and reasons are other people's words. Every piece is brought to one line here and can hold neither
//! a line of ours nor an address that a mail program would make a link of; only [`Part::Lines`] keeps what it is given.

use crate::App;

/// Letters of a subject at most, and of the name in a greeting.
const LONGEST_SUBJECT: usize = 200;
const LONGEST_NAME: usize = 100;

/// One part of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Sentences.
    Paragraph(String),
    /// Over what follows.
    Heading(String),
    List(Vec<Item>),
    /// What somebody wrote, apart from our own words.
    Quote(String),
    /// Something to type, such as `123456`.
    Code(String),
    /// The one thing to do. `href` is a whole address of ours, as in each part below.
    Button {
        label: String,
        href: String,
    },
    /// Another way.
    Link {
        label: String,
        href: String,
    },
    /// Words that an organization wrote itself, with its line breaks.
    Lines(String),
}

/// One of a list. `detail` and `href` may be empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Item {
    pub title: String,
    pub detail: String,
    pub href: String,
}

/// A letter in parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// A stable word for the kind of letter, such as `invitation`.
    pub kind: &'static str,
    pub subject: String,
    /// Whom it greets; empty where the name is not known.
    pub name: String,
    /// Whether it greets at all.
    pub greets: bool,
    pub parts: Vec<Part>,
    /// Why somebody gets it, in a sentence.
    pub why: String,
    /// Where its reader chooses which letters to get; empty for a letter that is a duty.
    pub choose: String,
    /// Ends letters of this kind without signing in: a page with a button, and by one POST at once (RFC 8058).
    pub end: String,
    /// Whether it goes out behind letters that somebody waits for.
    pub can_wait: bool,
}

impl Written {
    /// A letter that is a duty: it cannot be ended.
    pub fn new(kind: &'static str, subject: impl Into<String>, name: &str, why: impl Into<String>) -> Self {
        Self {
            kind,
            subject: short(&one_line(&subject.into()), LONGEST_SUBJECT),
            name: short(&plain(name), LONGEST_NAME),
            greets: true,
            parts: Vec::new(),
            why: plain(&why.into()),
            choose: String::new(),
            end: String::new(),
            can_wait: false,
        }
    }

    #[must_use]
    pub fn paragraph(mut self, text: impl AsRef<str>) -> Self {
        self.parts.push(Part::Paragraph(plain(text.as_ref())));
        self
    }

    #[must_use]
    pub fn heading(mut self, text: impl AsRef<str>) -> Self {
        self.parts.push(Part::Heading(plain(text.as_ref())));
        self
    }

    /// Nothing, if there are no items.
    #[must_use]
    pub fn list(mut self, items: Vec<Item>) -> Self {
        let plain = |item: Item| Item { title: plain(&item.title), detail: plain(&item.detail), href: item.href };
        let items: Vec<Item> = items.into_iter().map(plain).collect();
        if !items.is_empty() {
            self.parts.push(Part::List(items));
        }
        self
    }

    /// Nothing, if nothing was written.
    #[must_use]
    pub fn quote(mut self, text: &str) -> Self {
        let lines: Vec<String> = text.lines().map(plain).collect();
        let text = lines.join("\n");
        if !text.trim().is_empty() {
            self.parts.push(Part::Quote(text));
        }
        self
    }

    #[must_use]
    pub fn code(mut self, code: &str) -> Self {
        self.parts.push(Part::Code(plain(code)));
        self
    }

    /// `path` begins with `/`.
    #[must_use]
    pub fn button(mut self, app: &App, label: &str, path: &str) -> Self {
        self.parts.push(Part::Button { label: plain(label), href: app.config.link(path) });
        self
    }

    #[must_use]
    pub fn link(mut self, app: &App, label: &str, path: &str) -> Self {
        self.parts.push(Part::Link { label: plain(label), href: app.config.link(path) });
        self
    }

    /// Words of an organization, in paragraphs between empty lines.
    #[must_use]
    pub fn lines(mut self, text: &str) -> Self {
        for block in blocks(text) {
            self.parts.push(Part::Lines(block.join("\n")));
        }
        self
    }

    /// Says how such letters end. Both are paths; `choose` may be empty.
    #[must_use]
    pub fn ends(mut self, app: &App, choose: &str, end: &str) -> Self {
        self.choose = if choose.is_empty() { String::new() } else { app.config.link(choose) };
        self.end = if end.is_empty() { String::new() } else { app.config.link(end) };
        self
    }

    /// Lets other letters go first.
    #[must_use]
    pub fn waits(mut self) -> Self {
        self.can_wait = true;
        self
    }

    /// A letter from a subject and plain text: paragraphs between empty lines, lists of lines that begin with `- `,
    /// and addresses of ours on lines of their own, of which the first becomes the button. `Hello NAME,` greets.
    pub fn of_words(app: &App, kind: &'static str, subject: &str, body: &str) -> Self {
        let product = &app.config.product_name;
        let mut written = Self::new(kind, subject, "", format!("You get this letter from {product}."));
        written.greets = false;
        for block in blocks(body) {
            written.read(app, &block);
        }
        written
    }

    fn read(&mut self, app: &App, block: &[String]) {
        if let [line] = block
            && self.parts.is_empty()
            && let Some(name) = line.strip_prefix("Hello").and_then(|rest| rest.strip_suffix(','))
        {
            self.name = short(&plain(name), LONGEST_NAME);
            self.greets = true;
            return;
        }
        let base = app.config.link("/");
        let is_address = |line: &str| line.starts_with(&base) && !line.contains(char::is_whitespace);
        let mut waiting: Vec<String> = Vec::new();
        for line in block {
            if is_address(line) {
                let label = waiting.pop_if(|last| last.ends_with(':')).unwrap_or_else(|| "Open this page:".to_owned());
                self.flush(&mut waiting);
                let label = plain(label.trim_end_matches(':'));
                let has_button = self.parts.iter().any(|part| matches!(part, Part::Button { .. }));
                let href = line.clone();
                self.parts.push(if has_button { Part::Link { label, href } } else { Part::Button { label, href } });
            } else {
                waiting.push(line.clone());
            }
        }
        self.flush(&mut waiting);
    }

    fn flush(&mut self, lines: &mut Vec<String>) {
        if lines.is_empty() {
            return;
        }
        let all = std::mem::take(lines);
        if all.iter().all(|line| line.starts_with("- ")) {
            let item = |line: &String| Item { title: plain(line.trim_start_matches("- ")), ..Item::default() };
            self.parts.push(Part::List(all.iter().map(item).collect()));
        } else {
            self.parts.push(Part::Lines(all.join("\n")));
        }
    }
}

/// Lines between empty lines, each without what steers a terminal or turns the line around.
fn blocks(text: &str) -> Vec<Vec<String>> {
    let mut blocks = vec![Vec::new()];
    for line in text.lines() {
        let line = one_line(line);
        match blocks.last_mut() {
            Some(last) if !line.is_empty() => last.push(line),
            _ => blocks.push(Vec::new()),
        }
    }
    blocks.retain(|block| !block.is_empty());
    blocks
}

/// One line: blanks are single, controls and marks that change the direction of writing are gone.
fn one_line(text: &str) -> String {
    let is_odd = |letter: char| {
        (letter.is_control() && !letter.is_whitespace())
            || matches!(letter, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
    };
    let kept: String = text.chars().map(|letter| if is_odd(letter) { ' ' } else { letter }).collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One line in which no mail program finds an address.
fn plain(text: &str) -> String {
    one_line(text).replace("://", ": //")
}

fn short(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or(text).trim_end()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_a_name_on_one_line() {
        let written = Written::new("x", "A\r\nBcc: b@c", "Ann\n\nhttps://evil.example/\u{202E}\0", "Why")
            .paragraph("Tab\tand http://here")
            .quote("one\r\ntwo https://x");
        assert_eq!(written.subject, "A Bcc: b@c");
        assert_eq!(written.name, "Ann https: //evil.example/");
        assert_eq!(written.parts[0], Part::Paragraph("Tab and http: //here".into()));
        assert_eq!(written.parts[1], Part::Quote("one\ntwo https: //x".into()));
        assert_eq!(Written::new("x", "s".repeat(300), "", "").subject.chars().count(), LONGEST_SUBJECT + 1);
    }

    #[test]
    fn empty_lists_and_quotes_leave_nothing() {
        assert!(Written::new("x", "s", "", "").list(Vec::new()).quote(" \n ").lines("\n\n").parts.is_empty());
    }
}
