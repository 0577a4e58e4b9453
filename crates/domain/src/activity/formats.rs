//! What follows from an activity's format, and the names that formats had before.
//!
//! Until 2021 the format said how an activity reached its learners (`Internet Live Course`); now the
//! delivery is a field of its own. Old names are understood and become both.

use super::choices::{Delivery, Format, folded};

/// A format as somebody named it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named {
    pub format: Format,
    /// The delivery that an old name implied.
    pub delivery: Option<Delivery>,
    /// Whether the name is one that is no longer used: the sender should be told.
    pub is_old: bool,
}

/// Names that are no longer used, with what they mean today (domain.md, Activities).
const OLD: &[(&str, Format, Option<Delivery>)] = &[
    ("Course", Format::LiveCourse, Some(Delivery::InPerson)),
    ("Internet Live Course", Format::LiveCourse, Some(Delivery::LiveStreamed)),
    ("Live Internet Course", Format::LiveCourse, Some(Delivery::LiveStreamed)),
    ("Internet Enduring Material", Format::EnduringMaterial, Some(Delivery::Online)),
    ("Internet Activity Enduring Material", Format::EnduringMaterial, Some(Delivery::Online)),
    ("Performance Improvement", Format::QualityImprovement, None),
    ("Internet Point of Care", Format::InternetSearching, None),
];

/// Other ways of writing a format's present name.
const OTHERWISE: &[(&str, Format)] = &[
    ("RSS", Format::RegularlyScheduledSeries),
    ("Regularly Scheduled Series (RSS)", Format::RegularlyScheduledSeries),
    ("Journal CME", Format::JournalBased),
    ("Journal-Based CE", Format::JournalBased),
    ("Performance Improvement/Quality Improvement", Format::QualityImprovement),
    ("Quality Improvement", Format::QualityImprovement),
    ("Other", Format::OtherBlended),
    ("Blended", Format::OtherBlended),
    ("Other (Blended)", Format::OtherBlended),
];

impl Format {
    /// Reads a present or an old name, in any case and punctuation.
    pub fn named(text: &str) -> Option<Named> {
        if let Some(format) = Format::read(text) {
            return Some(Named { format, delivery: None, is_old: false });
        }
        let wanted = folded(text);
        let old = OLD.iter().find(|(name, ..)| folded(name) == wanted);
        if let Some((_, format, delivery)) = old {
            return Some(Named { format: *format, delivery: *delivery, is_old: true });
        }
        let (_, format) = OTHERWISE.iter().find(|(name, _)| folded(name) == wanted)?;
        Some(Named { format: *format, delivery: None, is_old: false })
    }

    /// The delivery methods the format may have; none for formats without delivery.
    pub fn deliveries(self) -> &'static [Delivery] {
        match self {
            Format::LiveCourse | Format::RegularlyScheduledSeries => &[Delivery::InPerson, Delivery::LiveStreamed],
            Format::EnduringMaterial => &[Delivery::Online, Delivery::PrintOther],
            Format::OtherBlended => Delivery::ALL,
            _ => &[],
        }
    }

    /// Whether learners meet: an ended one without any learners is likely a slip.
    pub fn is_live(self) -> bool {
        matches!(self, Format::LiveCourse | Format::RegularlyScheduledSeries)
    }

    /// Whether learner totals are cumulative as of each 31 December, so that a year's own learners are
    /// the difference of two snapshots.
    pub fn is_cumulative(self) -> bool {
        self == Format::EnduringMaterial
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_names_become_a_format_and_a_delivery() {
        let cases = [
            ("Course", Format::LiveCourse, Some(Delivery::InPerson), true),
            ("internet live course", Format::LiveCourse, Some(Delivery::LiveStreamed), true),
            ("Internet Enduring Material", Format::EnduringMaterial, Some(Delivery::Online), true),
            ("Enduring Material", Format::EnduringMaterial, None, false),
            ("RSS", Format::RegularlyScheduledSeries, None, false),
            ("Journal-based CME", Format::JournalBased, None, false),
        ];
        for (name, format, delivery, is_old) in cases {
            assert_eq!(Format::named(name), Some(Named { format, delivery, is_old }), "{name}");
        }
        assert_eq!(Format::named("Seminar"), None);
    }

    #[test]
    fn an_implied_delivery_is_one_that_the_format_may_have() {
        for (name, format, delivery) in OLD {
            assert!(delivery.is_none_or(|way| format.deliveries().contains(&way)), "{name}");
        }
    }
}
