//! What became of the rows of a roster, for people and for tests.

use formats::roster::RosterProblem;

use super::batch::Counts;

/// What became of the rows of a roster. Each row of the file counts once: new, attached, updated, unchanged,
/// review or refused.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    pub rows: u64,
    /// Physicians who were not in the registry.
    pub new: u64,
    /// Licenses or certifications added to physicians who were.
    pub attached: u64,
    /// Rows that changed a status, a date, or what is known of the physician.
    pub updated: u64,
    /// Rows that changed nothing: as they stood, or taken off the review list by staff before.
    pub unchanged: u64,
    /// Rows that could not be merged safely and wait for a person, and how many of them are new.
    pub review: u64,
    pub newly_in_review: u64,
    /// Rows that waited on the review list since an earlier import and are settled now.
    pub from_list: u64,
    /// Licenses or certifications given to a physician although another one holds the same number.
    pub shared: u64,
    /// Pairs of physicians that may be one person, suggested to staff for the first time.
    pub pairs: u64,
    /// Rows with problems, which were left out.
    pub refused: u64,
    /// The first problems.
    pub problems: Vec<RosterProblem>,
}

impl Summary {
    /// Whether registry and review list are as they were.
    pub fn changed_nothing(&self) -> bool {
        self.new + self.attached + self.updated + self.newly_in_review + self.from_list + self.pairs == 0
    }

    pub(super) fn add(&mut self, counts: &Counts) {
        self.new += counts.new;
        self.attached += counts.attached;
        self.updated += counts.updated;
        self.unchanged += counts.unchanged;
        self.review += counts.review;
        self.newly_in_review += counts.newly_in_review;
        self.from_list += counts.from_list;
        self.shared += counts.shared;
        self.pairs += counts.pairs;
    }
}
