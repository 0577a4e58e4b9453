//! What the address of the list says: a filter and an order. Other pages that act on the same list
//! read and write the same words.

use domain::Board;
use domain::activity::{Format, Providership, Status};
use serde::Deserialize;
use store::activities::{Filter, Sort};

use super::typed::Typed;
use crate::addresses::encoded;

/// What the address says. Nonsense in it shows the whole list.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub(super) struct Asked {
    pub q: String,
    pub status: String,
    pub format: String,
    /// The year of the start.
    pub year: String,
    /// The year of the end: what a year-end asks for.
    pub ends: String,
    pub board: String,
    pub providership: String,
    pub passport: String,
    pub rems: String,
    pub sort: String,
    pub page: String,
    pub done: String,
    /// How many that was done to.
    pub count: String,
}

/// Words of the address for each order, ascending and descending.
const SORTS: [(&str, Sort); 8] = [
    ("-start", Sort::NewestStart),
    ("start", Sort::OldestStart),
    ("-end", Sort::NewestEnd),
    ("end", Sort::OldestEnd),
    ("title", Sort::Title),
    ("-title", Sort::TitleBackwards),
    ("-completions", Sort::MostCompletions),
    ("completions", Sort::FewestCompletions),
];

impl Asked {
    pub(super) fn filter(&self) -> Filter {
        Filter {
            // a letter that PostgreSQL takes for no text becomes one that nobody wrote
            words: self.q.replace('\0', "\u{FFFD}"),
            status: Status::read(&self.status),
            format: Format::read(&self.format),
            starts_in: year(&self.year),
            ends_in: year(&self.ends),
            board: if self.board.is_empty() { None } else { Board::read(&self.board) },
            providership: Providership::read(&self.providership),
            in_passport: yes_no(&self.passport),
            is_rems: yes_no(&self.rems),
            ..Filter::default()
        }
    }

    /// The same words as a form sends them along with an act on the list.
    pub(super) fn of(given: &Typed) -> Self {
        let word = |name: &str| given.get(name).to_owned();
        Self {
            q: word("q"),
            status: word("status"),
            format: word("format"),
            year: word("year"),
            ends: word("ends"),
            board: word("board"),
            providership: word("providership"),
            passport: word("passport"),
            rems: word("rems"),
            sort: word("sort"),
            ..Self::default()
        }
    }

    /// Everything in it but order and page, by the names that it is asked under.
    pub(super) fn words(&self) -> [(&'static str, &str); 9] {
        [
            ("q", &self.q),
            ("status", &self.status),
            ("format", &self.format),
            ("year", &self.year),
            ("ends", &self.ends),
            ("board", &self.board),
            ("providership", &self.providership),
            ("passport", &self.passport),
            ("rems", &self.rems),
        ]
    }

    /// Whether something of the folded filters is asked for.
    pub(super) fn is_narrow(&self) -> bool {
        self.words().iter().skip(4).any(|(_, given)| !given.is_empty())
    }

    pub(super) fn sort(&self) -> Sort {
        SORTS.iter().find(|(word, _)| *word == self.sort).map_or(Sort::default(), |(_, sort)| *sort)
    }

    pub(super) fn page(&self) -> i64 {
        self.page.parse().unwrap_or(1).clamp(1, 1_000_000)
    }

    /// The address of the same list in another order, up to the page's number.
    pub(super) fn address(&self, path: &str, sort: &str) -> String {
        let mut address = format!("{path}?");
        for (key, given) in self.words().into_iter().chain([("sort", sort)]) {
            if !given.is_empty() {
                address.push_str(&format!("{key}={}&", encoded(given)));
            }
        }
        address
    }
}

/// A year of four digits; nothing for anything else.
fn year(text: &str) -> Option<i16> {
    text.parse().ok().filter(|year| (1900..=9998).contains(year))
}

fn yes_no(text: &str) -> Option<bool> {
    match text {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}
