//! `demo.json`: what scripts and tests know of a demo. Its names are relied on; nothing is renamed.
//!
//! It is written last and in one step, so that its presence says that the demo is whole.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use store::physicians::Physician;

pub(crate) const FILE: &str = "demo.json";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Contract {
    /// Where the server answers.
    pub(crate) base: String,
    /// The provider of `provider_owner`.
    pub(crate) provider_id: String,
    /// By persona.
    pub(crate) sign_ins: BTreeMap<String, SignIn>,
    /// Bearer tokens by kind of client.
    pub(crate) tokens: BTreeMap<String, String>,
    /// Activities of the provider that accept learners today.
    pub(crate) activities: Vec<String>,
    /// Physicians without credit in those activities.
    pub(crate) physicians: Vec<Listed>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SignIn {
    pub(crate) email: String,
    pub(crate) password: String,
    pub(crate) organization: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Listed {
    pub(crate) first: String,
    pub(crate) last: String,
    /// MM/DD
    pub(crate) birth: String,
    pub(crate) state: String,
    pub(crate) license: String,
    pub(crate) npi: String,
    pub(crate) board: String,
    pub(crate) diplomate_id: String,
}

impl Listed {
    /// `None` for a physician who lacks one of the fields.
    pub(crate) fn of(physician: &Physician) -> Option<Self> {
        let license = physician.licenses.first()?;
        let certification = physician.certifications.first()?;
        Some(Self {
            first: physician.first.clone(),
            last: physician.last.clone(),
            birth: physician.birth?.to_string(),
            state: license.state.to_string(),
            license: license.number.clone(),
            npi: physician.npi.clone()?,
            board: certification.board.to_string(),
            diplomate_id: certification.diplomate_id.clone(),
        })
    }
}

impl Contract {
    /// The contract of a folder; `None` if it holds no finished demo.
    pub(crate) fn read(folder: &Path) -> Result<Option<Self>> {
        let file = folder.join(FILE);
        match std::fs::read(&file) {
            Ok(bytes) => {
                serde_json::from_slice(&bytes).map(Some).with_context(|| format!("{} is damaged", file.display()))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| format!("{} cannot be read", file.display())),
        }
    }

    pub(crate) fn write(&self, folder: &Path) -> Result<()> {
        let part = folder.join("demo.json.part");
        let mut file = std::fs::File::create(&part)?;
        file.write_all(&serde_json::to_vec_pretty(self)?)?;
        file.sync_all()?;
        std::fs::rename(&part, folder.join(FILE))?;
        Ok(())
    }
}
