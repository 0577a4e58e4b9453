//! A physician as the registry knows them: what the caller reads from its rows and pushes into the index.
//! Texts come as they are stored; the index normalises them once.

use domain::{Board, MonthDay, PhysicianId, State};

/// One physician. Empty text means unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Physician {
    pub id: PhysicianId,
    pub first: String,
    pub middle: String,
    pub last: String,
    /// `Jr`, `III` and the like; one that stands in `last` is found too.
    pub suffix: String,
    pub former_last: Vec<String>,
    /// Missing is no evidence, never agreement.
    pub birth: Option<MonthDay>,
    pub npi: Option<String>,
    /// Every license ever held, of any status: an old number still says who is meant.
    pub licenses: Vec<(State, String)>,
    pub certifications: Vec<(Board, String)>,
}

impl Physician {
    /// A physician of whom only the id is known.
    pub fn new(id: PhysicianId) -> Self {
        Self {
            id,
            first: String::new(),
            middle: String::new(),
            last: String::new(),
            suffix: String::new(),
            former_last: Vec::new(),
            birth: None,
            npi: None,
            licenses: Vec::new(),
            certifications: Vec::new(),
        }
    }
}
