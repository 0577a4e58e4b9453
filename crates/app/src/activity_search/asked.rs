//! What is asked for: words, narrowings, an order and a page, read from an address and written back to it in one
//! order, so that two addresses of the same search are the same text.
//!
//! Nothing that an address says is an error. What cannot be understood is left out, what is too long is cut.

use std::collections::{BTreeMap, BTreeSet};

use domain::Amount;
use jiff::civil::Date;

use super::facets::Facet;

/// Activities of a page.
pub const PER_PAGE: usize = 20;
/// The last page: who looks further had better narrow the search.
pub const LAST_PAGE: usize = 500;
/// Letters of all words together.
const MOST_LETTERS: usize = 200;
/// Values of one facet, and letters of one.
const MOST_VALUES: usize = 30;
const MOST_VALUE_LETTERS: usize = 200;
/// Parameters that are looked at.
const MOST_PARAMETERS: usize = 500;

/// In which order activities stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// Best first; needs words.
    Relevance,
    /// What begins next comes first, then what has begun, by its end.
    Soonest,
    /// By the days between the activity and today, or the first day asked for: none while it lasts.
    Nearest,
    /// Most AMA PRA Category 1 Credits first.
    Credits,
    /// What could be seen first most recently.
    Newest,
}

impl Sort {
    pub const ALL: [Self; 5] = [Self::Relevance, Self::Soonest, Self::Nearest, Self::Credits, Self::Newest];

    pub fn code(self) -> &'static str {
        match self {
            Self::Relevance => "relevance",
            Self::Soonest => "date",
            Self::Nearest => "distance",
            Self::Credits => "credits",
            Self::Newest => "newest",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Relevance => "Best match",
            Self::Soonest => "Date, soonest first",
            Self::Nearest => "Nearest in time",
            Self::Credits => "Most credits",
            Self::Newest => "Newest",
        }
    }

    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.code() == code)
    }
}

/// A search as somebody asks for it. [`Search::default`] asks for everything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Search {
    pub words: String,
    pub chosen: BTreeMap<Facet, BTreeSet<String>>,
    /// Activities that last on some day from here ...
    pub from: Option<Date>,
    /// ... to here, both included.
    pub to: Option<Date>,
    /// AMA PRA Category 1 Credits, both included.
    pub least: Option<Amount>,
    pub most: Option<Amount>,
    /// Only what the licenses of whoever asks still miss.
    pub fits: bool,
    sort: Option<Sort>,
    /// From 1.
    page: usize,
}

impl Search {
    /// Reads the part of an address after the question mark.
    pub fn read(query: &str) -> Self {
        let mut search = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()).take(MOST_PARAMETERS) {
            search.take(&name, &value);
        }
        search
    }

    fn take(&mut self, name: &str, value: &str) {
        match name {
            "q" => self.words = cleaned(value, MOST_LETTERS),
            "from" => self.from = day(value),
            "to" => self.to = day(value),
            "min" => self.least = Amount::read(value).ok(),
            "max" => self.most = Amount::read(value).ok(),
            "fits" => self.fits = value == "1",
            "sort" => self.sort = Sort::read(value),
            "page" => self.page = value.parse().unwrap_or(1).clamp(1, LAST_PAGE),
            _ => {
                let Some(facet) = Facet::read(name) else { return };
                let value = cleaned(value, MOST_VALUE_LETTERS);
                let chosen = self.chosen.entry(facet).or_default();
                if !value.is_empty() && chosen.len() < MOST_VALUES {
                    chosen.insert(value);
                }
                if chosen.is_empty() {
                    self.chosen.remove(&facet);
                }
            }
        }
    }

    /// The same as text for an address, without order and page. Empty if everything is asked for.
    pub fn narrowing(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if !self.words.is_empty() {
            query.append_pair("q", &self.words);
        }
        for (facet, values) in &self.chosen {
            for value in values {
                query.append_pair(facet.parameter(), value);
            }
        }
        for (name, day) in [("from", self.from), ("to", self.to)] {
            if let Some(day) = day {
                query.append_pair(name, &day.to_string());
            }
        }
        for (name, amount) in [("min", self.least), ("max", self.most)] {
            if let Some(amount) = amount {
                query.append_pair(name, &amount.to_string());
            }
        }
        if self.fits {
            query.append_pair("fits", "1");
        }
        query.finish()
    }

    /// The same as text for an address, in the one order that there is.
    pub fn query(&self) -> String {
        let sort = self.sort.filter(|sort| *sort != self.usual_sort()).map(|sort| format!("sort={}", sort.code()));
        let page = (self.page() > 1).then(|| format!("page={}", self.page()));
        let narrowing = Some(self.narrowing()).filter(|query| !query.is_empty());
        [narrowing, sort, page].into_iter().flatten().collect::<Vec<_>>().join("&")
    }

    /// The order: best first where there are words, else the soonest first, unless another is asked for.
    pub fn sort(&self) -> Sort {
        match self.sort {
            Some(Sort::Relevance) | None => self.usual_sort(),
            Some(sort) => sort,
        }
    }

    fn usual_sort(&self) -> Sort {
        if self.words.is_empty() { Sort::Soonest } else { Sort::Relevance }
    }

    pub fn page(&self) -> usize {
        self.page.max(1)
    }

    #[must_use]
    pub fn on_page(mut self, page: usize) -> Self {
        self.page = page.clamp(1, LAST_PAGE);
        self
    }

    #[must_use]
    pub fn sorted(mut self, sort: Sort) -> Self {
        self.sort = Some(sort);
        self.on_page(1)
    }

    pub fn is_chosen(&self, facet: Facet, value: &str) -> bool {
        self.chosen.get(&facet).is_some_and(|values| values.contains(value))
    }

    /// The same without one value of a facet, on its first page.
    #[must_use]
    pub fn without(mut self, facet: Facet, value: &str) -> Self {
        if let Some(values) = self.chosen.get_mut(&facet) {
            values.remove(value);
            if values.is_empty() {
                self.chosen.remove(&facet);
            }
        }
        self.on_page(1)
    }

    /// The same with nothing but its words.
    #[must_use]
    pub fn only_words(&self) -> Self {
        Self { words: self.words.clone(), ..Self::default() }
    }

    /// Whether anything beside words narrows it.
    pub fn is_narrowed(&self) -> bool {
        self.narrowing() != self.only_words().narrowing()
    }
}

/// Text without control letters and double spaces, at most so many letters.
fn cleaned(text: &str, most: usize) -> String {
    let plain: String = text.chars().take(most * 2).map(|c| if c.is_control() { ' ' } else { c }).collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    words.join(" ").chars().take(most).collect::<String>().trim_end().to_owned()
}

/// A day as browsers send it, or as people in the United States write it.
fn day(text: &str) -> Option<Date> {
    let text = text.trim();
    let read = text.parse().ok().or_else(|| Date::strptime("%m/%d/%Y", text).ok());
    read.filter(|day| (1900..=9998).contains(&day.year()))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn two_addresses_of_one_search_are_written_alike() {
        let one =
            Search::read("page=2&format=live_course&q=+heart%20%20care&state=NV&format=enduring_material&to=&min=2.50");
        let other = Search::read("q=heart+care&format=enduring_material&format=live_course&min=2.5&state=NV&page=2");
        assert_eq!(one, other);
        assert_eq!(one.query(), "q=heart+care&format=enduring_material&format=live_course&state=NV&min=2.5&page=2");
        assert_eq!(Search::read(&one.query()), one);
    }

    #[test]
    fn nonsense_is_left_out_and_length_is_cut() {
        let long = "x".repeat(10_000);
        let search =
            Search::read(&format!("q={long}&from=tomorrow&to=02/30/2027&min=-1&max=NaN&page=99999999999&sort=up&no"));
        assert_eq!(search.words.len(), MOST_LETTERS);
        assert_eq!((search.from, search.to, search.least, search.most), (None, None, None, None));
        assert_eq!((search.page(), search.sort()), (LAST_PAGE, Sort::Relevance));
        assert_eq!(Search::read("q=a%00b%0Ac").words, "a b c");
        assert_eq!(Search::read("from=01/02/2027").from, Some(date(2027, 1, 2)));
        let many: String = (0..1_000).map(|n| format!("city={n}&")).collect();
        assert_eq!(Search::read(&many).chosen[&Facet::City].len(), MOST_VALUES);
        assert_eq!(Search::read("%FF%FE=%FF&q=%FF").words, "\u{FFFD}");
    }

    #[test]
    fn without_words_there_is_no_best() {
        assert_eq!(Search::read("sort=relevance").sort(), Sort::Soonest);
        assert_eq!(Search::read("q=a").sort(), Sort::Relevance);
        assert_eq!(Search::read("q=a&sort=credits").query(), "q=a&sort=credits");
        assert_eq!(Search::read("q=a&sort=relevance").query(), "q=a");
    }
}
