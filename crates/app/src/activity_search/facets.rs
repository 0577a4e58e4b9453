//! What activities can be narrowed by: the facets, and the values of each that occur.
//!
//! A value is a short text that stands in addresses and never changes its meaning; what people read is made from
//! reference data when it is shown.

use std::collections::HashMap;

use domain::Board;
use domain::activity::{Delivery, Fee, Format, Registration};
use domain::reference::{List, Reference};

use super::when::When;

macro_rules! facets {
    ($($(#[$doc:meta])* $name:ident $parameter:literal $label:literal)+) => {
        /// A way to narrow a search. Several values of one are joined by "or", facets by "and".
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Facet { $($(#[$doc])* $name,)+ }

        impl Facet {
            /// In the order in which they stand in addresses and on the page.
            pub const ALL: &[Facet] = &[$(Facet::$name,)+];

            /// Its name in addresses.
            pub fn parameter(self) -> &'static str {
                match self { $(Facet::$name => $parameter,)+ }
            }

            /// Its name on pages.
            pub fn label(self) -> &'static str {
                match self { $(Facet::$name => $label,)+ }
            }
        }
    };
}

facets! {
    Format "format" "Format"
    Delivery "delivery" "Delivery"
    /// How soon it can be begun; the only one that depends on the day.
    When "when" "When"
    Country "country" "Country"
    /// `NV`, or outside the United States `CAN:Ontario`.
    State "state" "State or province"
    /// `Reno, NV`.
    City "city" "City"
    /// `ama`, or the code of another kind of credit.
    Credit "credit" "Kind of credit"
    Amount "amount" "Credits"
    Board "board" "Certifying board"
    /// `ABIM: Medical Knowledge`.
    MocType "moc" "MOC credit type"
    Specialty "specialty" "Specialty"
    /// `ABIM: Cardiovascular Disease`.
    Area "area" "Practice area"
    /// `Opioids: Pain management`.
    Topic "topic" "State content topic"
    Provider "provider" "Provider"
    Fee "fee" "Fee"
    Registration "registration" "Registration"
}

/// AMA PRA Category 1 among the kinds of credit.
pub const AMA: &str = "ama";

impl Facet {
    pub fn read(parameter: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|facet| facet.parameter() == parameter)
    }

    /// Its place in [`Facet::ALL`].
    pub fn place(self) -> usize {
        self as usize
    }

    /// The values in their own order, where there is one; others stand by how often they occur.
    pub fn order(self) -> Vec<&'static str> {
        match self {
            Self::Format => Format::ALL.iter().map(|one| one.code()).collect(),
            Self::Delivery => Delivery::ALL.iter().map(|one| one.code()).collect(),
            Self::When => When::ALL.iter().map(|one| one.code()).collect(),
            Self::Amount => AMOUNTS.iter().map(|(code, _, _)| *code).collect(),
            Self::Fee => Fee::ALL.iter().map(|one| one.code()).collect(),
            Self::Registration => Registration::ALL.iter().map(|one| one.code()).collect(),
            _ => Vec::new(),
        }
    }

    /// What people call a value. Providers' names are known to the index alone: see [`super::Value::name`].
    pub fn name_of(self, value: &str, reference: &Reference) -> String {
        let known = match self {
            Self::Format => Format::read(value).map(|one| one.label().to_owned()),
            Self::Delivery => Delivery::read(value).map(|one| one.label().to_owned()),
            Self::When => When::read(value).map(|one| one.label().to_owned()),
            Self::Fee => Fee::read(value).map(|one| fee_label(one).to_owned()),
            Self::Registration => Registration::read(value).map(|one| one.label().to_owned()),
            Self::Amount => AMOUNTS.iter().find(|(code, _, _)| *code == value).map(|(_, _, label)| (*label).to_owned()),
            Self::Country => Some(reference.name_of(List::Countries, value)),
            Self::State => Some(match value.split_once(':') {
                Some((country, state)) => format!("{state}, {}", reference.name_of(List::Countries, country)),
                None => reference.name_of(List::States, value),
            }),
            Self::Credit if value == AMA => Some(domain::activity::AMA_PRA_CATEGORY_1.to_owned()),
            Self::Credit => Some(reference.name_of(List::CreditKinds, value)),
            Self::Board => Board::read(value).map(|board| reference.board_label(board)),
            Self::MocType | Self::Area => value.split_once(": ").and_then(|(board, rest)| {
                Board::read(board).map(|board| format!("{}: {rest}", reference.board_label(board)))
            }),
            Self::Specialty => Some(reference.name_of(List::Specialties, value)),
            Self::City | Self::Topic | Self::Provider => None,
        };
        known.unwrap_or_else(|| value.to_owned())
    }
}

fn fee_label(fee: Fee) -> &'static str {
    match fee {
        Fee::Free => "Free",
        Fee::Yes => "There is a fee",
        Fee::Variable => "The fee varies",
    }
}

/// Ranges of AMA PRA Category 1 Credits: code, most hundredths, words.
const AMOUNTS: [(&str, i64, &str); 5] = [
    ("1", 100, "1 or fewer"),
    ("5", 500, "1.25 to 5"),
    ("10", 1_000, "5.25 to 10"),
    ("25", 2_500, "10.25 to 25"),
    ("more", i64::MAX, "More than 25"),
];

/// The range that so many hundredths of credit fall into.
pub(super) fn amount_range(hundredths: i64) -> &'static str {
    AMOUNTS.iter().find(|(_, most, _)| hundredths <= *most).map_or("more", |(code, _, _)| code)
}

/// A state as its facet has it.
pub(super) fn state_value(state: &str, country: &str) -> String {
    if country == "USA" { state.to_owned() } else { format!("{country}:{state}") }
}

/// All values that occur in the index, each with a number. Numbers are never used again.
#[derive(Default)]
pub(super) struct Values {
    numbers: HashMap<(Facet, String), u32>,
    values: Vec<(Facet, String)>,
    /// What people call it, where only the activity's row tells.
    names: HashMap<u32, String>,
}

impl Values {
    /// The number of a value, which is new if it never occurred.
    pub fn number(&mut self, facet: Facet, value: &str) -> u32 {
        let key = (facet, value.to_owned());
        if let Some(number) = self.numbers.get(&key) {
            return *number;
        }
        let number = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
        self.values.push(key.clone());
        self.numbers.insert(key, number);
        number
    }

    /// Remembers what people call a value.
    pub fn set_name(&mut self, number: u32, name: &str) {
        if self.names.get(&number).is_none_or(|known| known != name) {
            self.names.insert(number, name.to_owned());
        }
    }

    pub fn find(&self, facet: Facet, value: &str) -> Option<u32> {
        self.numbers.get(&(facet, value.to_owned())).copied()
    }

    pub fn name(&self, number: u32) -> Option<&str> {
        self.names.get(&number).map(String::as_str)
    }

    pub fn all(&self) -> &[(Facet, String)] {
        &self.values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_amount_falls_into_one_range() {
        for (hundredths, range) in [(25, "1"), (100, "1"), (125, "5"), (1_000, "10"), (2_500, "25"), (2_525, "more")] {
            assert_eq!(amount_range(hundredths), range);
        }
    }

    #[test]
    fn a_facet_is_read_by_its_parameter() {
        for facet in Facet::ALL {
            assert_eq!(Facet::read(facet.parameter()), Some(*facet));
            assert_eq!(Facet::ALL[facet.place()], *facet);
        }
    }
}
