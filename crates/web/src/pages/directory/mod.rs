//! The public directory: `/providers` with each provider's page, and `/boards`. What the accreditor's own list of
//! providers is narrowed and sorted by is read here too.

mod boards;
mod provider;
mod providers;

pub(in crate::pages) use boards::{Row as BoardRow, level, rows as board_rows};
pub(in crate::pages) use providers::{any, standings, written};

use app::App;
use app::organizations::directory::{Order, Search};
use axum::Router;
use domain::State;
use serde::Deserialize;
use store::organizations::Standing;

use crate::addresses::encoded;

pub fn routes() -> Router<App> {
    Router::new().merge(providers::routes()).merge(provider::routes()).merge(boards::routes())
}

/// Providers on a page.
pub(in crate::pages) const PER_PAGE: usize = 25;
/// Letters of the words that are looked for.
const MOST_LETTERS: usize = 200;

/// Which providers an address asks for. Nothing in it is an error: what cannot be understood is left out.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub(in crate::pages) struct Asked {
    pub q: String,
    pub standing: String,
    pub kind: String,
    pub state: String,
    pub sort: String,
    pub dir: String,
    pub page: String,
}

impl Asked {
    pub fn search(&self) -> Search {
        Search {
            words: self.q.chars().take(MOST_LETTERS).collect(),
            standing: Standing::read(&self.standing),
            kind: self.kind.clone(),
            state: self.state.clone(),
        }
    }

    pub fn order(&self) -> (Order, bool) {
        (Order::read(&self.sort), self.dir == "desc")
    }

    pub fn is_narrowed(&self) -> bool {
        self.search() != Search::default()
    }

    /// What narrows, as it stands in addresses, with `&` behind.
    pub fn narrowing(&self) -> String {
        let search = self.search();
        let standing = search.standing.map_or("", Standing::code);
        let pairs =
            [("q", search.words.as_str()), ("standing", standing), ("kind", &search.kind), ("state", &search.state)];
        let set = pairs.into_iter().filter(|(_, value)| !value.trim().is_empty());
        set.map(|(name, value)| format!("{name}={}&", encoded(value))).collect()
    }

    /// The whole without the page, with `&` behind.
    pub fn query(&self) -> String {
        let (order, is_descending) = self.order();
        let dir = if is_descending { "desc" } else { "asc" };
        format!("{}sort={}&dir={dir}&", self.narrowing(), order.code())
    }

    /// The column headers that sort: label, address, direction (empty if the list is not sorted by it).
    pub fn headers(&self, base: &str, columns: &[(&'static str, Order)]) -> Vec<(&'static str, String, &'static str)> {
        let (order, is_descending) = self.order();
        let header = |(label, column): &(&'static str, Order)| {
            let is_this = order == *column;
            let dir = if is_this && !is_descending { "desc" } else { "asc" };
            let href = format!("{base}?{}sort={}&dir={dir}", self.narrowing(), column.code());
            let direction = match (is_this, is_descending) {
                (true, true) => "descending",
                (true, false) => "ascending",
                (false, _) => "",
            };
            (*label, href, direction)
        };
        columns.iter().map(header).collect()
    }

    /// The page that is asked for, the number of pages, and the rows of it.
    pub fn cut<T>(&self, all: Vec<T>) -> (u64, u64, Vec<T>) {
        let pages = all.len().div_ceil(PER_PAGE).max(1);
        let page = self.page.parse().unwrap_or(1).clamp(1, pages);
        let rows = all.into_iter().skip((page - 1) * PER_PAGE).take(PER_PAGE).collect();
        (page as u64, pages as u64, rows)
    }
}

/// Shape and words of how a provider stands.
pub(in crate::pages) fn standing(standing: Standing) -> (&'static str, &'static str) {
    let shape = match standing {
        Standing::Good => "good",
        Standing::Probation => "caution",
        Standing::Lapsed => "bad",
    };
    (shape, standing.label())
}

/// City and state as one line.
pub(in crate::pages) fn place(city: &str, state: &str) -> String {
    [city, state].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// A state's name, or what stands there.
pub(in crate::pages) fn state_name(code: &str) -> String {
    State::read(code).map_or_else(|| code.to_owned(), |state| state.name().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_with_nonsense_in_it_asks_for_everything_and_one_with_signs_stays_whole() {
        let nonsense =
            Asked { standing: "x".into(), sort: "x".into(), dir: "up".into(), page: "-3".into(), ..Asked::default() };
        assert!(!nonsense.is_narrowed());
        assert_eq!(nonsense.query(), "sort=name&dir=asc&");
        assert_eq!(nonsense.cut(vec![1, 2]), (1, 1, vec![1, 2]));
        let asked =
            Asked { q: "O’Hara & co".into(), standing: "lapsed".into(), page: "99".into(), ..Asked::default() };
        assert_eq!(asked.narrowing(), "q=O%E2%80%99Hara%20%26%20co&standing=lapsed&");
        assert_eq!(asked.cut((0..60).collect::<Vec<_>>()).0, 3);
    }
}
