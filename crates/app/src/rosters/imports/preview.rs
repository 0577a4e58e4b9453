//! What a roster would change, as it is kept beside its import.

use domain::PhysicianId;
use serde::{Deserialize, Serialize};

/// Examples kept of each kind of change.
pub(super) const MOST_SHOWN: usize = 100;

/// What a roster would change. Rows count once: same, changed, new to the registry in one of three ways, unclear, or
/// refused.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Preview {
    pub rows: u64,
    pub refused: u64,
    /// Rows whose number stands as they say.
    pub same: u64,
    /// Rows whose number stands otherwise.
    pub changed: u64,
    /// Rows with a new number for somebody whom the registry knows by another identifier, about.
    pub to_known: u64,
    /// Rows of people whom the registry does not know, about.
    pub to_new: u64,
    /// Rows that look like somebody known without being sure, or whose number is another person's: most will be
    /// settled by what the rest of the file says, the others go to the review list.
    pub unclear: u64,
    /// Rows whose name is not that on record.
    pub names_differ: u64,
    /// Whether the file is the whole roster and every row of it could be read: only then does what it leaves out end.
    pub ends_absent: bool,
    pub issuers: Vec<IssuerPreview>,
    /// The first of each.
    pub changes: Vec<Change>,
    pub names: Vec<NameDiffers>,
    pub absent: Vec<Absent>,
}

/// What a roster would do to one state's or board's.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct IssuerPreview {
    pub code: String,
    pub rows: u64,
    /// Active on record now.
    pub active: u64,
    /// Rows that say that an active one is not any more.
    pub ended: u64,
    /// Active on record and not in the file.
    pub absent: u64,
    /// Whether more would end than may without a second look.
    pub is_braked: bool,
}

/// A license or certification that would stand otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub row: u64,
    pub issuer: String,
    pub number: String,
    pub name: String,
    /// In words, such as `Active, expires 06/30/2027`.
    pub before: String,
    pub after: String,
    pub ends: bool,
}

/// A row whose name is not that on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameDiffers {
    pub row: u64,
    pub issuer: String,
    pub number: String,
    pub said: String,
    pub physician: PhysicianId,
}

/// An active license or certification that the file does not name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absent {
    pub issuer: String,
    pub number: String,
    pub physician: PhysicianId,
}

impl IssuerPreview {
    /// How many end, if what is absent does.
    pub fn ends(&self, ends_absent: bool) -> u64 {
        self.ended + if ends_absent { self.absent } else { 0 }
    }
}

impl Preview {
    /// Licenses or certifications that would end.
    pub fn ends(&self) -> u64 {
        self.issuers.iter().map(|issuer| issuer.ends(self.ends_absent)).sum()
    }

    /// Whether somebody must look twice before it is let in.
    pub fn is_braked(&self) -> bool {
        self.issuers.iter().any(|issuer| issuer.is_braked)
    }

    /// Whether nothing on record would change.
    pub fn changes_nothing(&self) -> bool {
        self.changed + self.to_known + self.to_new + self.unclear + self.names_differ + self.ends() == 0
    }

    /// Sets the brake where more than `percent` of what is active would end.
    pub(super) fn brake(&mut self, percent: u64) {
        let ends_absent = self.ends_absent;
        for issuer in &mut self.issuers {
            issuer.is_braked = issuer.ends(ends_absent) * 100 > issuer.active * percent;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_brake_holds_what_ends_more_than_its_share() {
        let issuer = |active, ended, absent| IssuerPreview { active, ended, absent, ..IssuerPreview::default() };
        let braked = |issuer: IssuerPreview, ends_absent| {
            let mut preview = Preview { issuers: vec![issuer], ends_absent, ..Preview::default() };
            preview.brake(5);
            preview.is_braked()
        };
        assert!(!braked(issuer(100, 5, 0), false) && braked(issuer(100, 6, 0), false));
        assert!(!braked(issuer(100, 0, 50), false), "what is absent ends only by a whole roster");
        assert!(braked(issuer(100, 0, 50), true));
        assert!(!braked(issuer(0, 0, 0), true));
    }
}
