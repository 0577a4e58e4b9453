//! What a licensing board asks of its licensees in each cycle, as data, and how their credit stands against it.
//!
//! Credit here is AMA PRA Category 1 alone. An activity says which topics it has and not how much of it they are,
//! so all of its credit counts for each of them. The same credit counts for the total and for topics at once, but
//! never twice within one of them (ours: public rules of boards differ, this is their common core).

mod assess;
#[cfg(test)]
mod assess_tests;
mod cycle;
#[cfg(test)]
mod properties;
mod words;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::activity::Format;
use crate::reference::Dated;
use crate::{Amount, MonthDay, State};

pub use assess::{
    Assessment, Counted, Cycle, LicenseFacts, Line, Listed, Standing, TopicStanding, Why, assess, no_requirement,
};
pub use cycle::Lacking;
pub use words::{cap_words, carry_words, cycle_words, first_renewal_words, minimum_words, topic_words};

/// One version of a board's requirement. Versions are entries of reference data, see [`governing`] for which of
/// them a cycle is judged by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirement {
    pub state: State,
    /// It came with a release as an illustration and is not the board's own.
    #[serde(default)]
    pub is_example: bool,
    /// In each cycle; zero: the board asks for no number of hours.
    pub hours: Amount,
    pub cycle: CycleRule,
    #[serde(default)]
    pub topics: Vec<TopicMinimum>,
    #[serde(default)]
    pub caps: Vec<Cap>,
    /// The most that is carried from what the cycle before had over its own hours; zero: nothing is.
    #[serde(default)]
    pub carry_over: Amount,
    #[serde(default)]
    pub first_renewal: FirstRenewal,
    /// Days after the cycle in which credit that was completed in it may still be shown.
    #[serde(default)]
    pub grace_days: u16,
    /// Words of a certification's status that stand for all hours, such as `Certified`; topics are still asked
    /// for. None: certification does not matter.
    #[serde(default)]
    pub certified_statuses: Vec<String>,
    /// Words of a license's status of which nothing is asked, such as `Retired`.
    #[serde(default)]
    pub exempt_statuses: Vec<String>,
    /// What else licensees should know, in words; may be empty.
    #[serde(default)]
    pub note: String,
}

/// When a cycle ends. A day that a year lacks is the last of its month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CycleRule {
    /// For all licensees on the same day of every so many years, one of which is `anchor_year`.
    FixedDate { ends: MonthDay, years: u8, anchor_year: i16 },
    /// With the licensee's month of birth. Years are counted from the one in which the license was issued, since
    /// the year of birth is never kept (ours).
    BirthMonth { years: u8 },
    /// The day before each anniversary of the license's issue.
    Issued { years: u8 },
    /// With the day on which the license expires.
    Expires { years: u8 },
}

/// Credit in a topic of [`crate::reference::List::StateTopics`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopicMinimum {
    /// The topic's domain, such as `Opioids`.
    pub domain: String,
    /// The topic's code; empty: any topic of the domain.
    #[serde(default)]
    pub topic: String,
    pub amount: Amount,
    /// Once in a licensee's time, whenever it was, and not in each cycle.
    #[serde(default)]
    pub once: bool,
    /// Whom it is asked of, such as `Licensees who prescribe controlled substances`; empty: everybody. Nobody can
    /// compute that, so such a topic is told and never makes a licensee fall short.
    #[serde(default)]
    pub condition: String,
}

/// The most that credit of a kind adds to the total. Topics know no caps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cap {
    pub on: Capped,
    pub most: Amount,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capped {
    Format(Format),
    /// CME that follows from a certifying board's points, since none was reported.
    Derived,
}

/// What is asked in the cycle in which a license was issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FirstRenewal {
    #[default]
    Full,
    /// Hours for each full month of the cycle that the license was held, down to a quarter (ours); topics in full.
    ProRata,
    /// Neither hours nor topics.
    Exempt,
}

impl CycleRule {
    /// Never below one.
    pub fn years(self) -> u8 {
        match self {
            Self::FixedDate { years, .. }
            | Self::BirthMonth { years }
            | Self::Issued { years }
            | Self::Expires { years } => years.max(1),
        }
    }
}

impl TopicMinimum {
    pub fn is_conditional(&self) -> bool {
        !self.condition.is_empty()
    }
}

impl Requirement {
    /// The earliest completion that can matter to the cycle that a day lies in; `None`: all can, since a topic is
    /// asked for once. It may be earlier than need be.
    pub fn looks_back(&self, on: Date) -> Option<Date> {
        let cycles = if self.carry_over.is_zero() { 1 } else { 2 };
        let once = self.topics.iter().any(|topic| topic.once);
        let years = jiff::Span::new().years(i64::from(self.cycle.years()) * cycles);
        if once { None } else { on.checked_sub(years).ok() }
    }
}

/// The version that the cycle around a day is judged by: the newest that is in force on the cycle's last day. So a
/// version that begins within a cycle counts for it as a whole, and cycles that ended before it stay as they were.
/// `versions` are of one state, by their first day.
pub fn governing<'a>(versions: &'a [Dated<Requirement>], facts: &LicenseFacts, on: Date) -> Option<&'a Requirement> {
    let ends = |version: &Dated<Requirement>| version.value.cycle.around(facts, on).map_or(on, |(_, until)| until);
    let newest = versions.iter().rev().find(|version| version.from <= ends(version));
    newest.map(|version| &version.value)
}

/// How a license stands in the cycle around `on`, by the version that governs that cycle, which is handed back.
pub fn judge<'a>(
    versions: &'a [Dated<Requirement>],
    facts: &LicenseFacts,
    credits: &[Counted],
    on: Date,
    today: Date,
) -> (Option<&'a Requirement>, Assessment) {
    match governing(versions, facts, on) {
        Some(requirement) => (Some(requirement), assess(requirement, facts, credits, on, today)),
        None => (None, no_requirement()),
    }
}

/// The earliest completion that can matter to any of these versions; see [`Requirement::looks_back`].
pub fn looks_back(versions: &[Dated<Requirement>], on: Date) -> Option<Date> {
    let each: Option<Vec<Date>> = versions.iter().map(|version| version.value.looks_back(on)).collect();
    each?.into_iter().min()
}
