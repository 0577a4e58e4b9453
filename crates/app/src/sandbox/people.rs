//! Everybody and everything that a sandbox is filled with, and what each of them brings about. One table: the
//! page, the guide and the tests read it.
//!
//! No outcome is made up anywhere: the physicians stand in the sandbox's own registry, and the same engine, rules
//! and board answer that decide about real reports decide about these.

/// An activity that takes learners at any time: CME credit only.
pub const ACTIVITY: &str = "900000001";
/// The same, registered for MOC with the boards of [`BOARDS`].
pub const MOC_ACTIVITY: &str = "900000002";
pub const BOARDS: [&str; 2] = ["ABIM", "ABP"];
/// CME credits, and points of each board, of both activities; in hundredths.
pub const CREDITS: i64 = 1_000;

/// What becomes of a learner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Brings {
    /// Linked to the physician; a board that credit is reported for accepts it.
    Matched,
    /// Linked, and the board rejects its credit.
    BoardRejects,
    /// Nobody in the registry.
    NoMatch,
    Several,
    Conflict,
}

impl Brings {
    pub fn label(self) -> &'static str {
        match self {
            Self::Matched => "Matched",
            Self::BoardRejects => "Matched, board rejects",
            Self::NoMatch => "No match",
            Self::Several => "Several",
            Self::Conflict => "Conflict",
        }
    }

    /// The outcome's word where the learner is only checked.
    pub fn outcome(self) -> &'static str {
        match self {
            Self::Matched | Self::BoardRejects => "matched",
            Self::NoMatch => "no_match",
            Self::Several => "several",
            Self::Conflict => "conflict",
        }
    }

    /// The code of the problem with which a report about this learner is refused; empty if it is accepted.
    pub fn problem(self) -> &'static str {
        match self {
            Self::Matched | Self::BoardRejects => "",
            Self::NoMatch => "identity_not_found",
            Self::Several => "identity_several",
            Self::Conflict => "identity_conflict",
        }
    }
}

/// A learner to report or to check, as a sender writes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Learner {
    pub first: &'static str,
    pub last: &'static str,
    /// MM/DD
    pub birth: &'static str,
    pub state: &'static str,
    /// A license number of the state, or an NPI.
    pub identifier: &'static str,
    /// Certifying board and diplomate ID, for the activity with MOC credit; empty for others.
    pub board: &'static str,
    pub diplomate_id: &'static str,
    pub brings: Brings,
    /// Why, for people.
    pub why: &'static str,
}

impl Learner {
    /// Whether the identifier is an NPI; otherwise it is a license of the state.
    pub fn is_by_npi(&self) -> bool {
        matching::npi_check_digit_ok(self.identifier)
    }
}

const fn learner(
    name: [&'static str; 2],
    birth: &'static str,
    state: &'static str,
    identifier: &'static str,
    brings: Brings,
    why: &'static str,
) -> Learner {
    Learner { first: name[0], last: name[1], birth, state, identifier, board: "", diplomate_id: "", brings, why }
}

/// Learners with fixed outcomes.
pub const LEARNERS: &[Learner] = &[
    Learner {
        board: "ABIM",
        diplomate_id: "910001",
        ..learner(
            ["Amelia", "Sandbourne"],
            "03/14",
            "CA",
            "SB710001",
            Brings::Matched,
            "The license is hers. ABIM accepts the credit: the diplomate ID is on its roster.",
        )
    },
    Learner {
        board: "ABP",
        diplomate_id: "810001",
        ..learner(
            ["Amelia", "Sandbourne"],
            "03/14",
            "CA",
            "2000000010",
            Brings::Matched,
            "The same physician by her NPI, with a second board, which accepts the credit.",
        )
    },
    learner(
        ["Nolan", "Quillfeather"],
        "07/21",
        "CA",
        "SB719999",
        Brings::NoMatch,
        "Nobody of this name is in the registry, and nobody has this license.",
    ),
    learner(
        ["Robin", "Twinsley"],
        "05/05",
        "CA",
        "SB719998",
        Brings::Several,
        "Two physicians share name, birthday and state, and the license is neither’s.",
    ),
    learner(
        ["Robin", "Twinsley"],
        "05/05",
        "CA",
        "2000000028",
        Brings::Matched,
        "The same learner with the NPI of one of the two: that settles it.",
    ),
    learner(
        ["Corwin", "Mistral"],
        "09/30",
        "CA",
        "SB710004",
        Brings::Conflict,
        "The license belongs to somebody whose name and birthday are both different.",
    ),
    Learner {
        board: "ABIM",
        diplomate_id: "919999",
        ..learner(
            ["Rufus", "Undermark"],
            "11/02",
            "NV",
            "SB710005",
            Brings::BoardRejects,
            "The license is his, and CME credit is recorded. ABIM does not know the diplomate and rejects its credit.",
        )
    },
];

/// A physician of the sandbox's registry.
pub(super) struct Known {
    pub first: &'static str,
    pub last: &'static str,
    /// Month, day
    pub birth: (u8, u8),
    pub state: &'static str,
    pub license: &'static str,
    /// They begin with 2, which no real one does.
    pub npi: &'static str,
    /// Board and diplomate ID.
    pub certifications: &'static [(&'static str, &'static str)],
}

pub(super) const REGISTRY: &[Known] = &[
    Known {
        first: "Amelia",
        last: "Sandbourne",
        birth: (3, 14),
        state: "CA",
        license: "SB710001",
        npi: "2000000010",
        certifications: &[("ABIM", "910001"), ("ABP", "810001")],
    },
    Known {
        first: "Robin",
        last: "Twinsley",
        birth: (5, 5),
        state: "CA",
        license: "SB710002",
        npi: "2000000028",
        certifications: &[],
    },
    Known {
        first: "Robin",
        last: "Twinsley",
        birth: (5, 5),
        state: "CA",
        license: "SB710003",
        npi: "2000000036",
        certifications: &[],
    },
    Known {
        first: "Helena",
        last: "Ostrander",
        birth: (2, 11),
        state: "CA",
        license: "SB710004",
        npi: "2000000044",
        certifications: &[],
    },
    Known {
        first: "Rufus",
        last: "Undermark",
        birth: (11, 2),
        state: "NV",
        license: "SB710005",
        npi: "2000000051",
        certifications: &[],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_npi_holds_its_check_digit_and_every_outcome_occurs() {
        assert!(REGISTRY.iter().all(|known| matching::npi_check_digit_ok(known.npi)));
        for brings in [Brings::Matched, Brings::BoardRejects, Brings::NoMatch, Brings::Several, Brings::Conflict] {
            assert!(LEARNERS.iter().any(|learner| learner.brings == brings), "{brings:?}");
            let code = brings.problem();
            assert!(code.is_empty() || domain::Code::ALL.iter().any(|known| known.as_str() == code), "{code}");
        }
    }
}
