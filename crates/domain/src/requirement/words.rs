//! All wording of requirements and of what explains an assessment, so that a page, a letter and a download say the
//! same.

use super::assess::{Counted, Line, Standing, Why};
use super::cycle::Lacking;
use super::{Cap, Capped, CycleRule, FirstRenewal, Requirement, TopicMinimum};
use crate::activity::StateTopic;
use crate::reference::{List, Reference};

impl Standing {
    /// The word in files and addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::NotYetDue => "not_yet_due",
            Self::Missing => "missing",
            Self::Exempt => "exempt",
            Self::NotKnown => "not_known",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Met => "Met",
            Self::NotYetDue => "Not yet due",
            Self::Missing => "Missing",
            Self::Exempt => "Nothing required",
            Self::NotKnown => "Not known",
        }
    }

    pub fn read(code: &str) -> Option<Self> {
        let all = [Self::Met, Self::NotYetDue, Self::Missing, Self::Exempt, Self::NotKnown];
        all.into_iter().find(|one| one.code() == code)
    }
}

impl Lacking {
    pub fn words(self) -> &'static str {
        match self {
            Self::Requirement => "No rules of this state’s board are on record.",
            Self::IssueDate => "The day on which the license was issued is not on record.",
            Self::ExpiryDate => "The day on which the license expires is not on record.",
            Self::BirthMonth => "The month of birth is not on record.",
        }
    }
}

impl Line {
    /// One sentence. `credits` are those that were assessed.
    pub fn words(&self, requirement: &Requirement, credits: &[Counted], reference: &Reference) -> String {
        let credit = self.credit.and_then(|place| credits.get(place));
        match self.why {
            Why::Counts(amount) => {
                format!("{} count toward the hours: completed within the cycle.", these(amount.fixed(), credit))
            }
            Why::OverCap(amount, cap) => {
                let (of, most) = requirement
                    .caps
                    .get(cap)
                    .map_or_else(Default::default, |cap| (capped_words(cap.on).to_owned(), cap.most.fixed()));
                format!("{} of {of} are over the cap of {most} and do not count.", amount.fixed())
            }
            Why::Topic(amount, topic, listed) => {
                let of = requirement.topics.get(topic).map(|topic| named(topic, reference)).unwrap_or_default();
                let listed = credit.and_then(|credit| credit.topics.get(listed));
                let listed = listed.map(|topic| listed_words(topic, reference)).unwrap_or_default();
                let amount = these(amount.fixed(), credit);
                format!("{amount} count for {of} because the activity lists the topic {listed}.")
            }
            Why::Carried { amount, surplus } => format!(
                "{} are carried over: the cycle before had {} more than it needed, and at most {} of that counts.",
                amount.fixed(),
                surplus.fixed(),
                requirement.carry_over.fixed()
            ),
            Why::FirstRenewal(FirstRenewal::Exempt) => {
                "Nothing is required in the cycle in which the license was issued.".to_owned()
            }
            Why::FirstRenewal(_) => "The license was issued within this cycle: hours are required for each full month \
                                     since."
                .to_owned(),
            Why::Certified => "The board takes a current certification for all hours.".to_owned(),
            Why::ExemptStatus => "Nothing is required of a license of this status.".to_owned(),
            Why::IssuedLater => "The license was issued after this cycle.".to_owned(),
            Why::IssueDateUnknown => "The day on which the license was issued is not on record. If it was in this \
                                      cycle, less is required."
                .to_owned(),
        }
    }
}

/// All of a credit, or a part of it.
fn these(amount: String, credit: Option<&Counted>) -> String {
    match credit {
        Some(credit) if credit.amount.fixed() == amount => format!("These {amount}"),
        Some(credit) => format!("{amount} of these {}", credit.amount.fixed()),
        None => amount,
    }
}

fn listed_words(topic: &StateTopic, reference: &Reference) -> String {
    format!("{} ({})", reference.name_of(List::StateTopics, &topic.topic), topic.domain)
}

fn named(topic: &TopicMinimum, reference: &Reference) -> String {
    match topic.topic.as_str() {
        "" => topic.domain.clone(),
        code => reference.name_of(List::StateTopics, code),
    }
}

/// A topic as people read it: its name, or any of a domain.
pub fn topic_words(topic: &TopicMinimum, reference: &Reference) -> String {
    match topic.topic.is_empty() {
        true => format!("{} (any topic)", topic.domain),
        false => named(topic, reference),
    }
}

/// `2.00 of Opioid prescribing, once: licensees who prescribe`.
pub fn minimum_words(topic: &TopicMinimum, reference: &Reference) -> String {
    let how_often = if topic.once { ", once" } else { "" };
    let whom = if topic.is_conditional() { format!(" ({})", topic.condition) } else { String::new() };
    format!("{} of {}{how_often}{whom}", topic.amount.fixed(), topic_words(topic, reference))
}

fn capped_words(on: Capped) -> &'static str {
    match on {
        Capped::Format(format) => format.label(),
        Capped::Derived => "credit derived from MOC points",
    }
}

/// `At most 10.00 of Journal-Based CME`.
pub fn cap_words(cap: &Cap) -> String {
    format!("At most {} of {}", cap.most.fixed(), capped_words(cap.on))
}

/// When a cycle ends, as one sentence.
pub fn cycle_words(rule: CycleRule) -> String {
    let every = match rule.years() {
        1 => "every year".to_owned(),
        years => format!("every {years} years"),
    };
    match rule {
        CycleRule::FixedDate { ends, years, anchor_year } if years > 1 => {
            format!("Cycles end on {ends} {every}, as in {anchor_year}.")
        }
        CycleRule::FixedDate { ends, .. } => format!("Cycles end on {ends} {every}."),
        CycleRule::BirthMonth { .. } => format!(
            "Cycles end with the licensee's month of birth {every}, counted from the year in which the license was \
             issued."
        ),
        CycleRule::Issued { .. } => {
            format!("Cycles begin on the day of the year on which the license was issued, {every}.")
        }
        CycleRule::Expires { .. } => format!("Cycles end on the day on which the license expires, {every}."),
    }
}

/// What the cycle of issue asks for, as one sentence.
pub fn first_renewal_words(first: FirstRenewal) -> &'static str {
    match first {
        FirstRenewal::Full => "The cycle in which a license is issued asks for all hours.",
        FirstRenewal::ProRata => {
            "The cycle in which a license is issued asks for hours for each full month since, and for all topics."
        }
        FirstRenewal::Exempt => "The cycle in which a license is issued asks for nothing.",
    }
}

/// What is carried over, as one sentence.
pub fn carry_words(requirement: &Requirement) -> String {
    match requirement.carry_over.is_zero() {
        true => "Nothing is carried over from one cycle to the next.".to_owned(),
        false => format!(
            "At most {} hours that a cycle has over its own are carried to the next.",
            requirement.carry_over.fixed()
        ),
    }
}
