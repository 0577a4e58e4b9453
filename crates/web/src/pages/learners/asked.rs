//! What the address of a list of learners says: a filter, an order, a page. The file of the same list reads the same
//! words.

use crate::addresses::encoded;
use app::App;
use domain::credit::{CreditStatus, Kind};
use domain::reference::Reference;
use jiff::civil::Date;
use serde::Deserialize;
use store::learners::{Search, Sort};

/// What the address says. Nonsense in it shows the whole list, a board that is none nobody.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub(super) struct Asked {
    pub q: String,
    pub id: String,
    pub activity: String,
    pub status: String,
    /// CME, REMS or a board's code.
    pub to: String,
    pub completed_from: String,
    pub completed_until: String,
    pub reported_from: String,
    pub reported_until: String,
    pub sort: String,
    pub page: String,
    /// Of a download: `csv` or `xlsx`.
    pub r#as: String,
}

/// The status that is none of a credit: the whole completion was withdrawn.
const WITHDRAWN: &str = "withdrawn";

/// Words of the address for each order.
const SORTS: [(&str, Sort); 6] = [
    ("-reported", Sort::NewestReport),
    ("reported", Sort::OldestReport),
    ("-completed", Sort::NewestCompletion),
    ("completed", Sort::OldestCompletion),
    ("name", Sort::Name),
    ("-name", Sort::NameBackwards),
];

pub(super) const STATUSES: [(&str, &str); 5] =
    [("", "Any"), ("accepted", "Accepted"), ("pending", "Pending"), ("rejected", "Rejected"), (WITHDRAWN, "Withdrawn")];

impl Asked {
    pub(super) fn search(&self, app: &App) -> Search {
        // a letter that PostgreSQL takes for no text becomes one that nobody wrote
        let text = |given: &str| given.trim().replace('\0', "\u{FFFD}");
        let day = |given: &str| given.trim().parse::<Date>().ok();
        Search {
            name: text(&self.q),
            identifier: text(&self.id),
            activity: text(&self.activity),
            completed_from: day(&self.completed_from),
            completed_until: day(&self.completed_until),
            reported_from: day(&self.reported_from).map(|day| app.clock.start_of(day)),
            reported_before: day(&self.reported_until).map(|day| app.clock.end_of(day)),
            kind: Kind::read(&self.to),
            status: CreditStatus::read(&self.status),
            is_withdrawn: self.status == WITHDRAWN,
        }
    }

    pub(super) fn sort(&self) -> Sort {
        SORTS.iter().find(|(word, _)| *word == self.sort).map_or(Sort::default(), |(_, sort)| *sort)
    }

    pub(super) fn page(&self) -> i64 {
        self.page.parse().unwrap_or(1).max(1)
    }

    fn words(&self) -> [(&'static str, &str); 9] {
        [
            ("q", &self.q),
            ("id", &self.id),
            ("activity", &self.activity),
            ("status", &self.status),
            ("to", &self.to),
            ("completed_from", &self.completed_from),
            ("completed_until", &self.completed_until),
            ("reported_from", &self.reported_from),
            ("reported_until", &self.reported_until),
        ]
    }

    pub(super) fn is_empty(&self) -> bool {
        self.words().iter().all(|(_, given)| given.trim().is_empty())
    }

    /// Whether something of the folded filters is asked for.
    pub(super) fn is_narrow(&self) -> bool {
        self.words().iter().skip(5).any(|(_, given)| !given.is_empty())
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

    /// A column's header: where it leads and how the list is sorted by it now.
    pub(super) fn header(&self, path: &str, up: &'static str, down: &'static str, first_down: bool) -> Header {
        let current = if self.sort.is_empty() { "-reported" } else { self.sort.as_str() };
        let (next, direction) = match current {
            sort if sort == up => (down, "ascending"),
            sort if sort == down => (up, "descending"),
            _ => (if first_down { down } else { up }, ""),
        };
        Header { href: self.address(path, next).trim_end_matches('&').to_owned(), direction }
    }
}

pub(super) struct Header {
    pub href: String,
    pub direction: &'static str,
}

/// Destinations to choose from: their words in the address and on the page.
pub(super) fn destinations(reference: &Reference) -> Vec<(String, String)> {
    let boards = reference.boards().map(|board| (board.code.to_string(), board.label.clone()));
    [(String::new(), "Any".to_owned()), ("CME".to_owned(), "CME".to_owned())]
        .into_iter()
        .chain(boards)
        .chain([("REMS".to_owned(), "REMS".to_owned())])
        .collect()
}
