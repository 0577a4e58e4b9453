//! How the credit of one licensee stands against a requirement, with a line of explanation for each thing that
//! counts or does not.
//!
//! The order in which credit is given changes nothing. Credit that was reported takes its place under the caps
//! before credit that is derived from points: so more credit never makes less count.

use std::sync::Arc;

use jiff::civil::Date;

use super::cycle::Lacking;
use super::{Capped, FirstRenewal, Requirement, TopicMinimum};
use crate::activity::{Format, StateTopic};
use crate::{Amount, CompletionId, MonthDay};

/// What a rule may ask of a license and its holder.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LicenseFacts {
    /// As the board's roster words it.
    pub status: String,
    pub issued_on: Option<Date>,
    pub expires_on: Option<Date>,
    pub birth: Option<MonthDay>,
    /// How each certification of the holder stands, in the certifying board's word.
    pub certifications: Vec<String>,
}

/// One live AMA PRA Category 1 credit that was not rejected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    pub completion: CompletionId,
    pub completed_on: Date,
    pub amount: Amount,
    pub is_derived: bool,
    pub format: Format,
    /// What the activity lists today; shared by all completions of it.
    pub topics: Arc<[StateTopic]>,
}

/// The cycle that was looked at, first and last day included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cycle {
    pub from: Date,
    pub until: Date,
    /// The last day of grace.
    pub due: Date,
    /// The license was issued in it.
    pub is_first: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    Met,
    /// Something is missing and there is time.
    NotYetDue,
    Missing,
    /// Nothing is asked.
    Exempt,
    /// See [`Assessment::lacking`].
    NotKnown,
}

/// How one licensee stands in one cycle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    pub standing: Standing,
    /// What would have to be known for an answer.
    pub lacking: Vec<Lacking>,
    /// `None` if it cannot be said which it is; then all amounts are zero.
    pub cycle: Option<Cycle>,
    pub required: Amount,
    /// Of the cycle's own credit, after caps.
    pub counted: Amount,
    /// From the cycle before.
    pub carried: Amount,
    pub missing: Amount,
    /// In the order of the requirement's topics.
    pub topics: Vec<TopicStanding>,
    pub trace: Vec<Line>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TopicStanding {
    pub required: Amount,
    pub counted: Amount,
    pub missing: Amount,
}

/// One line of the explanation. [`Line::words`] says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// The place among the credits that were given; `None`: it is about the cycle as a whole.
    pub credit: Option<usize>,
    pub why: Why,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// So much counts toward the total.
    Counts(Amount),
    /// So much does not, since a cap is reached; the place of the cap.
    OverCap(Amount, usize),
    /// So much counts for a topic, by its place, since the activity lists what is told.
    Topic(Amount, usize, Listed),
    /// So much of the surplus of the cycle before is carried, of so much.
    Carried { amount: Amount, surplus: Amount },
    /// The first renewal asks for less or nothing.
    FirstRenewal(FirstRenewal),
    /// A certification stands for the hours.
    Certified,
    /// The license's status asks for nothing.
    ExemptStatus,
    /// The license was issued after the cycle.
    IssuedLater,
    /// If this were the first renewal less would be asked; nobody knows, as the issue date is not on record.
    IssueDateUnknown,
}

/// Which of the activity's topics it was.
pub type Listed = usize;

impl Assessment {
    pub(super) fn not_known(lacking: Lacking) -> Self {
        Self {
            standing: Standing::NotKnown,
            lacking: vec![lacking],
            cycle: None,
            required: Amount::ZERO,
            counted: Amount::ZERO,
            carried: Amount::ZERO,
            missing: Amount::ZERO,
            topics: Vec::new(),
            trace: Vec::new(),
        }
    }

    /// The topics that fall short, with what is missing of each. Those with a condition are left out unless asked
    /// for: whether they are asked of this licensee is theirs to say.
    pub fn missing_topics<'a>(
        &'a self,
        requirement: &'a Requirement,
        with_conditional: bool,
    ) -> impl Iterator<Item = (&'a TopicMinimum, Amount)> {
        let topics = requirement.topics.iter().zip(&self.topics);
        let short = topics.filter(|(_, standing)| !standing.missing.is_zero());
        short
            .filter(move |(topic, _)| with_conditional || !topic.is_conditional())
            .map(|(topic, standing)| (topic, standing.missing))
    }

    /// What explains one credit.
    pub fn lines_of(&self, credit: usize) -> impl Iterator<Item = &Line> {
        self.trace.iter().filter(move |line| line.credit == Some(credit))
    }
}

/// The answer where a state has no rules on record.
pub fn no_requirement() -> Assessment {
    Assessment::not_known(Lacking::Requirement)
}

/// How a licensee stands in the cycle around `on`. `today` says whether what is missing is due.
pub fn assess(
    requirement: &Requirement,
    facts: &LicenseFacts,
    credits: &[Counted],
    on: Date,
    today: Date,
) -> Assessment {
    let (from, until) = match requirement.cycle.around(facts, on) {
        Ok(cycle) => cycle,
        Err(lacking) => return Assessment::not_known(lacking),
    };
    let due = until.checked_add(jiff::Span::new().days(i64::from(requirement.grace_days))).unwrap_or(until);
    let is_first = is_first(facts, from, until);
    let cycle = Cycle { from, until, due, is_first };
    let mut trace = Vec::new();
    let mut tell = |why| trace.push(Line { credit: None, why });

    let is_exempt = if has(&requirement.exempt_statuses, &facts.status) {
        tell(Why::ExemptStatus);
        true
    } else if facts.issued_on.is_some_and(|issued| until < issued) {
        tell(Why::IssuedLater);
        true
    } else if is_first && requirement.first_renewal == FirstRenewal::Exempt {
        tell(Why::FirstRenewal(FirstRenewal::Exempt));
        true
    } else {
        false
    };
    let is_certified = facts.certifications.iter().any(|status| has(&requirement.certified_statuses, status));
    let mut required = hours(requirement, facts, from, until);
    if is_exempt {
        required = Amount::ZERO;
    } else if is_certified {
        tell(Why::Certified);
        required = Amount::ZERO;
    } else if is_first && requirement.first_renewal == FirstRenewal::ProRata {
        tell(Why::FirstRenewal(FirstRenewal::ProRata));
    }

    let mut carried = Amount::ZERO;
    if !is_exempt && let Some(surplus) = surplus(requirement, facts, credits, from) {
        carried = surplus.min(requirement.carry_over);
        if !carried.is_zero() {
            tell(Why::Carried { amount: carried, surplus });
        }
    }
    let counted = tally(requirement, credits, from, until, Some(&mut trace));
    let topics = topics(requirement, credits, from, until, is_exempt, &mut trace);
    let missing = required.less(counted + carried);

    let falls_short = !missing.is_zero()
        || requirement.topics.iter().zip(&topics).any(|(of, one)| !of.is_conditional() && !one.missing.is_zero());
    let may_be_first = facts.issued_on.is_none() && requirement.first_renewal != FirstRenewal::Full;
    if falls_short && may_be_first {
        trace.push(Line { credit: None, why: Why::IssueDateUnknown });
    }
    let mut lacking = Vec::new();
    let standing = if is_exempt {
        Standing::Exempt
    } else if !falls_short {
        Standing::Met
    } else if today <= due {
        Standing::NotYetDue
    } else if may_be_first {
        lacking.push(Lacking::IssueDate);
        Standing::NotKnown
    } else {
        Standing::Missing
    };
    Assessment { standing, lacking, cycle: Some(cycle), required, counted, carried, missing, topics, trace }
}

fn has(words: &[String], word: &str) -> bool {
    words.iter().any(|one| one.trim().eq_ignore_ascii_case(word.trim()))
}

fn is_first(facts: &LicenseFacts, from: Date, until: Date) -> bool {
    facts.issued_on.is_some_and(|issued| from <= issued && issued <= until)
}

/// What a cycle asks for, apart from statuses and certifications.
fn hours(requirement: &Requirement, facts: &LicenseFacts, from: Date, until: Date) -> Amount {
    let full = requirement.hours;
    let Some(issued) = facts.issued_on.filter(|_| is_first(facts, from, until)) else { return full };
    match requirement.first_renewal {
        FirstRenewal::Full => full,
        FirstRenewal::Exempt => Amount::ZERO,
        FirstRenewal::ProRata => {
            let months = i64::from(requirement.cycle.years()) * 12;
            let held = full_months(issued, until).clamp(0, months);
            let share = full.hundredths().saturating_mul(held) / months;
            Amount::new(share - share % 25)
        }
    }
}

/// Months from a day to another, both included, that are whole.
fn full_months(from: Date, until: Date) -> i64 {
    let after = until.tomorrow().unwrap_or(until);
    let span = from.until((jiff::Unit::Month, after));
    span.map_or(0, |span| i64::from(span.get_months()))
}

/// What the cycle before `from` had over its own hours. That cycle is looked at by itself: what was carried into it
/// is not carried on.
fn surplus(requirement: &Requirement, facts: &LicenseFacts, credits: &[Counted], from: Date) -> Option<Amount> {
    if requirement.carry_over.is_zero() {
        return None;
    }
    let (before, ended) = requirement.cycle.around(facts, from.yesterday().ok()?).ok()?;
    if facts.issued_on.is_some_and(|issued| ended < issued) {
        return None;
    }
    let counted = tally(requirement, credits, before, ended, None);
    Some(counted.less(hours(requirement, facts, before, ended)))
}

/// Adds up a cycle's credit under the caps. Credit that was reported comes before derived credit, which two caps may
/// be about: then no other order makes more count.
fn tally(
    requirement: &Requirement,
    credits: &[Counted],
    from: Date,
    until: Date,
    mut trace: Option<&mut Vec<Line>>,
) -> Amount {
    let mut left: Vec<Amount> = requirement.caps.iter().map(|cap| cap.most).collect();
    let mut total = Amount::ZERO;
    for place in in_order(credits, from, until) {
        let Some(credit) = credits.get(place) else { continue };
        let is_capped = |on: Capped| match on {
            Capped::Format(format) => format == credit.format,
            Capped::Derived => credit.is_derived,
        };
        let caps = || requirement.caps.iter().enumerate().filter(|(_, cap)| is_capped(cap.on)).map(|(at, _)| at);
        let tightest = caps().filter_map(|at| Some((*left.get(at)?, at))).min();
        let counts = tightest.map_or(credit.amount, |(most, _)| most.min(credit.amount));
        for at in caps() {
            if let Some(left) = left.get_mut(at) {
                *left = left.less(counts);
            }
        }
        total = total + counts;
        if let Some(trace) = &mut trace {
            let mut tell = |why| trace.push(Line { credit: Some(place), why });
            if !counts.is_zero() {
                tell(Why::Counts(counts));
            }
            if let Some((_, cap)) = tightest.filter(|_| counts < credit.amount) {
                tell(Why::OverCap(credit.amount.less(counts), cap));
            }
        }
    }
    total
}

/// Places of the credits that were completed in these days: as reported first, then by date.
fn in_order(credits: &[Counted], from: Date, until: Date) -> Vec<usize> {
    let within = credits.iter().enumerate().filter(|(_, one)| from <= one.completed_on && one.completed_on <= until);
    let mut places: Vec<(bool, Date, CompletionId, usize)> =
        within.map(|(place, one)| (one.is_derived, one.completed_on, one.completion, place)).collect();
    places.sort_unstable();
    places.into_iter().map(|(.., place)| place).collect()
}

fn topics(
    requirement: &Requirement,
    credits: &[Counted],
    from: Date,
    until: Date,
    is_exempt: bool,
    trace: &mut Vec<Line>,
) -> Vec<TopicStanding> {
    let one = |(place, topic): (usize, &TopicMinimum)| {
        let since = if topic.once { Date::MIN } else { from };
        let mut counted = Amount::ZERO;
        for at in in_order(credits, since, until) {
            let Some(credit) = credits.get(at) else { continue };
            let fits = |listed: &StateTopic| {
                listed.domain == topic.domain && (topic.topic.is_empty() || listed.topic == topic.topic)
            };
            if let Some(listed) = credit.topics.iter().position(fits) {
                counted = counted + credit.amount;
                trace.push(Line { credit: Some(at), why: Why::Topic(credit.amount, place, listed) });
            }
        }
        let required = if is_exempt { Amount::ZERO } else { topic.amount };
        TopicStanding { required, counted, missing: required.less(counted) }
    };
    requirement.topics.iter().enumerate().map(one).collect()
}
