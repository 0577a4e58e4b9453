//! The facets beside the results, what is chosen as chips above them, and what to try where nothing was found.

use app::activity_search::{Facet, Range, Results, Search, Value, Way};
use domain::check::us_date;
use domain::reference::Reference;

use crate::pages::uploads::grouped;

/// Values of a facet that are shown before "more".
const SHOWN: usize = 6;

pub(super) struct FacetBox {
    pub(super) parameter: &'static str,
    pub(super) label: &'static str,
    pub(super) first: Vec<Choice>,
    pub(super) more: Vec<Choice>,
    pub(super) is_open: bool,
}

pub(super) struct Choice {
    pub(super) id: String,
    pub(super) code: String,
    pub(super) label: String,
    pub(super) count: String,
    pub(super) is_chosen: bool,
}

/// Something that narrows the search, and the search without it.
pub(super) struct Chip {
    pub(super) facet: &'static str,
    pub(super) label: String,
    pub(super) href: String,
}

/// The address of a search.
pub(super) fn address(search: &Search) -> String {
    match search.query() {
        query if query.is_empty() => "/activities".to_owned(),
        query => format!("/activities?{query}"),
    }
}

fn label(facet: Facet, value: &Value, reference: &Reference) -> String {
    value.name.clone().unwrap_or_else(|| facet.name_of(&value.code, reference))
}

/// Facets that stand open from the start.
const OPEN: [Facet; 5] = [Facet::When, Facet::Format, Facet::Delivery, Facet::Board, Facet::Topic];
/// In which order they stand.
const ORDER: [Facet; 16] = [
    Facet::When,
    Facet::Format,
    Facet::Delivery,
    Facet::Topic,
    Facet::Board,
    Facet::MocType,
    Facet::Amount,
    Facet::Credit,
    Facet::Fee,
    Facet::Registration,
    Facet::Specialty,
    Facet::Area,
    Facet::State,
    Facet::City,
    Facet::Country,
    Facet::Provider,
];

pub(super) fn boxes(results: &Results, reference: &Reference) -> Vec<FacetBox> {
    let counts = ORDER.iter().filter_map(|facet| results.facets.iter().find(|counts| counts.facet == *facet));
    let boxes = counts.filter(|counts| !counts.values.is_empty()).map(|counts| {
        let facet = counts.facet;
        let choice = |(place, value): (usize, &Value)| Choice {
            id: format!("{}-{place}", facet.parameter()),
            code: value.code.clone(),
            label: label(facet, value, reference),
            count: grouped(i64::try_from(value.count).unwrap_or(i64::MAX)),
            is_chosen: value.is_chosen,
        };
        let choices: Vec<Choice> = counts.values.iter().enumerate().map(choice).collect();
        // an order of its own is kept together; what is chosen is never hidden
        let shown = if facet.order().is_empty() { SHOWN } else { usize::MAX };
        let is_open = OPEN.contains(&facet) || choices.iter().any(|choice| choice.is_chosen);
        let (mut first, mut more) = (Vec::new(), Vec::new());
        for choice in choices {
            if first.len() < shown || choice.is_chosen { first.push(choice) } else { more.push(choice) }
        }
        FacetBox { parameter: facet.parameter(), label: facet.label(), first, more, is_open }
    });
    boxes.collect()
}

/// All that narrows the search, in the order of the address.
pub(super) fn chips(search: &Search, results: &Results, reference: &Reference) -> Vec<Chip> {
    let mut chips = Vec::new();
    for counts in &results.facets {
        for value in counts.values.iter().filter(|value| value.is_chosen) {
            chips.push(Chip {
                facet: counts.facet.label(),
                label: label(counts.facet, value, reference),
                href: address(&search.clone().without(counts.facet, &value.code)),
            });
        }
    }
    let without = |change: &dyn Fn(&mut Search)| {
        let mut other = search.clone().on_page(1);
        change(&mut other);
        address(&other)
    };
    let mut push = |facet, label, href| chips.push(Chip { facet, label, href });
    if let Some(day) = search.from {
        push("On or after", us_date(day), without(&|other| other.from = None));
    }
    if let Some(day) = search.to {
        push("On or before", us_date(day), without(&|other| other.to = None));
    }
    if let Some(amount) = search.least {
        push("Credits", format!("at least {amount}"), without(&|other| other.least = None));
    }
    if let Some(amount) = search.most {
        push("Credits", format!("at most {amount}"), without(&|other| other.most = None));
    }
    if search.fits {
        push("License", "fits what is missing".to_owned(), without(&|other| other.fits = false));
    }
    chips
}

/// A way out of an empty result: words, and where it leads.
pub(super) struct WayOut {
    pub(super) label: String,
    pub(super) href: String,
}

pub(super) fn ways_out(search: &Search, results: &Results) -> Vec<WayOut> {
    let mut ways: Vec<WayOut> = Vec::new();
    let mut more = results.more_without.clone();
    more.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    for (way, count) in more.into_iter().take(4) {
        let mut other = search.clone().on_page(1);
        let name = match way {
            Way::Facet(facet) => {
                other.chosen.remove(&facet);
                facet.label()
            }
            Way::Range(Range::Dates) => {
                (other.from, other.to) = (None, None);
                "dates"
            }
            Way::Range(Range::Amount) => {
                (other.least, other.most) = (None, None);
                "an amount of credits"
            }
            Way::Range(Range::Fits) => {
                other.fits = false;
                "what your licenses miss"
            }
        };
        let found = if count == 1 { "1 activity".to_owned() } else { format!("{count} activities") };
        ways.push(WayOut { label: format!("{found} without {}", lower(name)), href: address(&other) });
    }
    let mut bare = search.only_words();
    if search.is_narrowed() && !bare.words.is_empty() {
        for (typed, nearest) in &results.read_as {
            bare.words = bare.words.to_lowercase().replace(typed, nearest);
        }
        let label = format!("Look for \u{201c}{}\u{201d} without any filter", bare.words);
        ways.push(WayOut { label, href: address(&bare) });
    } else {
        // words that are found nowhere together may be found each by itself
        let words: Vec<&str> = bare.words.split(' ').filter(|word| word.chars().count() > 3).collect();
        for word in words.iter().take(3).filter(|_| words.len() > 1) {
            let mut other = Search::default();
            other.words = (*word).to_owned();
            ways.push(WayOut { label: format!("Look for \u{201c}{word}\u{201d} alone"), href: address(&other) });
        }
    }
    ways
}

/// A facet's name within a sentence; what is an abbreviation stays.
fn lower(name: &str) -> String {
    let mut letters = name.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(letters).collect(),
        _ => name.to_owned(),
    }
}
