//! Files that physicians show, such as a certificate: PDF, JPEG or PNG by their first bytes, whatever they are called.
//! They are stored and synced before anything refers to them, and compared with their digest at each reading.

use std::path::PathBuf;

use domain::access::PhysicianScope;
use domain::{Code, EvidenceId};
use futures::Stream;
use sha2::{Digest, Sha256};
use store::WriteTx;
use store::evidence::{Evidence, EvidenceKind};

use crate::uploads::{UnclaimedFile, shown_name, store_bytes};
use crate::{App, Error, Result};

/// The largest file.
pub const MOST_BYTES: u64 = 5 << 20;
/// All files of one physician together.
const MOST_OF_ALL: i64 = 100 << 20;
/// What a file field takes, for its `accept`.
pub const ACCEPTED: &str = ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png";

/// A file that lies safely on disk and belongs to nothing yet; dropped, it is removed.
#[derive(Debug)]
pub struct Staged {
    evidence: Evidence,
    file: UnclaimedFile,
}

/// Writes a file to disk while it comes in. `None`: nothing was sent. `name` is shown and never a path.
///
/// Errors: `Invalid` on `evidence` for one that is too large or no PDF, JPEG or PNG.
pub async fn stage<S, B, E>(app: &App, name: &str, bytes: S) -> Result<Option<Staged>>
where
    S: Stream<Item = Result<B, E>>,
    B: AsRef<[u8]>,
    E: std::fmt::Display,
{
    let id = EvidenceId::new(app.chance.id(app.clock.now()));
    let file = UnclaimedFile { path: path(app, id) };
    let (bytes, digest) = match store_bytes(&file.path, MOST_BYTES, bytes).await {
        Ok(stored) => stored,
        Err(Error::Problems(problems)) if problems.iter().any(|problem| problem.code == Code::FileEmpty) => {
            return if name.is_empty() { Ok(None) } else { Err(invalid("The file is empty. Choose another.")) };
        }
        Err(Error::Problems(_)) => return Err(invalid("The file is larger than 5 MB. Choose a smaller one.")),
        Err(other) => return Err(other),
    };
    let kind = kind_of(&file.path).await?.ok_or_else(|| invalid("Choose a PDF, JPEG or PNG file."))?;
    let evidence = Evidence { id, file_name: named(name, kind), kind, bytes, digest };
    Ok(Some(Staged { evidence, file }))
}

fn invalid(message: &str) -> Error {
    Error::invalid("evidence", message)
}

fn path(app: &App, id: EvidenceId) -> PathBuf {
    app.config.data.join("evidence").join(id.to_string())
}

async fn kind_of(path: &std::path::Path) -> Result<Option<EvidenceKind>> {
    use tokio::io::AsyncReadExt;
    let mut head = Vec::new();
    tokio::fs::File::open(path).await?.take(8).read_to_end(&mut head).await?;
    Ok(match head.as_slice() {
        [b'%', b'P', b'D', b'F', b'-', ..] => Some(EvidenceKind::Pdf),
        [0xff, 0xd8, 0xff, ..] => Some(EvidenceKind::Jpeg),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n'] => Some(EvidenceKind::Png),
        _ => None,
    })
}

/// The sender's name for it, with an ending that says what it is.
fn named(name: &str, kind: EvidenceKind) -> String {
    let (endings, usual): (&[&str], &str) = match kind {
        EvidenceKind::Pdf => (&[".pdf"], ".pdf"),
        EvidenceKind::Jpeg => (&[".jpg", ".jpeg"], ".jpg"),
        EvidenceKind::Png => (&[".png"], ".png"),
    };
    let shown = match name {
        "" => "certificate".to_owned(),
        name => shown_name(name),
    };
    let lower = shown.to_lowercase();
    if endings.iter().any(|ending| lower.ends_with(ending)) { shown } else { format!("{shown}{usual}") }
}

/// Keeps a staged file for good, once the caller's transaction commits.
///
/// Errors: `Invalid` on `evidence` when the physician's files together are too large.
pub(crate) async fn keep(app: &App, tx: &mut WriteTx, scope: &PhysicianScope, staged: Staged) -> Result<EvidenceId> {
    let Staged { evidence, file } = staged;
    if store::evidence::bytes_of(tx, scope).await? + evidence.bytes > MOST_OF_ALL {
        return Err(invalid("Your files together are larger than 100 MB. Delete one that is not needed."));
    }
    store::evidence::insert(tx, scope, &evidence, app.clock.now()).await?;
    // from here on it belongs to its row: should the commit's answer get lost, it must be there
    file.claim();
    Ok(evidence.id)
}

/// Forgets a file that nothing holds any more; its bytes go after the commit, with [`forget`].
pub(crate) async fn drop_unused(tx: &mut WriteTx, id: Option<EvidenceId>) -> Result<Option<EvidenceId>> {
    let Some(id) = id else { return Ok(None) };
    Ok(store::evidence::delete_unused(tx, id).await?.then_some(id))
}

/// Removes the bytes of a file whose row is gone.
pub(crate) async fn forget(app: &App, id: Option<EvidenceId>) {
    if let Some(id) = id
        && let Err(error) = tokio::fs::remove_file(path(app, id)).await
    {
        tracing::warn!(%error, file = %id, "a file that nothing needs any more could not be removed");
    }
}

/// A file on its way out.
#[derive(Debug)]
pub struct Opened {
    pub name: String,
    pub content_type: &'static str,
    pub bytes: Vec<u8>,
}

/// Reads a file whose record the caller may see.
pub(crate) async fn read(app: &App, evidence: &Evidence) -> Result<Opened> {
    let bytes = tokio::fs::read(path(app, evidence.id)).await?;
    let digest: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    if digest != evidence.digest {
        return Err(Error::Internal(format!("the file {} is not what was received", evidence.id)));
    }
    Ok(Opened { name: evidence.file_name.clone(), content_type: evidence.kind.content_type(), bytes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_ends_as_the_file_is_and_is_never_a_path() {
        assert_eq!(named("../../certificate.PDF", EvidenceKind::Pdf), "certificate.PDF");
        assert_eq!(named("page.html", EvidenceKind::Png), "page.html.png");
        assert_eq!(named("", EvidenceKind::Jpeg), "certificate.jpg");
    }
}
