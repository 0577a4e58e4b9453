//! Rosters that people send: the file is kept, a job says what it would change, somebody lets it in, a job does it.
//!
//! A file lies in the folder `rosters` under its digest, so the same bytes are kept once and known again. Work can be
//! killed at any moment: a row that stands already changes nothing when it is read again, and what each batch changed
//! is counted in the batch's own transaction.

mod acts;
mod command;
mod comparing;
mod ending;
mod preview;
mod problems;
mod receive;
mod working;

use std::path::PathBuf;

use domain::RegistryImportId;
use domain::access::Actor;
pub use store::registry_imports::{Counts, Door, Filter, RegistryImport, RowProblem, Sender, State};

pub use acts::{again, approve, stop};
pub use command::{Begun, Commanded, import_now};
pub use preview::{Absent, Change, IssuerPreview, NameDiffers, Preview};
pub use problems::{file, of_roster, problems_csv};
pub use receive::{Received, Sending, Staged, receive, stage};
pub use working::IMPORT_ROSTER;
pub(crate) use working::work;

use super::Kind;
use crate::{App, Error, Result};

/// Rows with problems that an import keeps; all of them are read from the file again when somebody downloads them.
const PROBLEMS_KEPT: usize = 500;

/// Where rosters lie.
fn folder(app: &App) -> PathBuf {
    app.config.data.join("rosters")
}

/// Where the bytes of this digest lie.
fn stored_file(app: &App, digest: &str) -> PathBuf {
    folder(app).join(digest)
}

/// Whose rosters somebody may send and see.
pub fn sender(actor: &Actor) -> Option<Sender> {
    let staff = actor.staff().map(Sender::Staff);
    let licensing = actor.licensing_board().map(Sender::LicensingBoard);
    staff.or(licensing).or(actor.certifying_board().map(Sender::CertifyingBoard))
}

/// The kinds of roster that a sender has.
pub fn kinds(sender: &Sender) -> &'static [Kind] {
    match sender {
        Sender::Staff(_) => &Kind::ALL,
        Sender::LicensingBoard(_) => &[Kind::Licenses],
        Sender::CertifyingBoard(_) => &[Kind::Certifications],
    }
}

/// The sender's import of this ID.
pub async fn find(app: &App, sender: &Sender, id: RegistryImportId) -> Result<RegistryImport> {
    store::registry_imports::find(&mut app.store.read().await?, sender, id).await?.ok_or(Error::NotFound)
}

/// The kind of roster that an import is.
pub fn kind_of(import: &RegistryImport) -> Result<Kind> {
    let corrupt = || store::Error::corrupt("registry_import", "kind", import.id);
    Ok(Kind::read(&import.kind).ok_or_else(corrupt)?)
}

/// What was found when an import was compared with the registry.
pub fn preview_of(import: &RegistryImport) -> Result<Option<Preview>> {
    let corrupt = |_| store::Error::corrupt("registry_import", "preview", import.id);
    Ok(import.preview.as_deref().map(serde_json::from_str).transpose().map_err(corrupt)?)
}
