//! Slides of webinars: PDF by their first bytes, on disk and synced before anything refers to them, compared with
//! their digest at each reading, sent as attachments.

use std::path::PathBuf;

use domain::access::{Actor, StaffScope};
use domain::help::Status;
use domain::{Code, HelpEntryId, HelpFileId};
use futures::Stream;
use sha2::{Digest, Sha256};
use store::help::File;

use crate::evidence::Opened;
use crate::uploads::{UnclaimedFile, shown_name, store_bytes};
use crate::{App, Error, Result, audit};

/// The largest file.
pub const MOST_BYTES: u64 = 20 << 20;
/// Files of one page.
const MOST_FILES: usize = 10;
/// What the field takes, for its `accept`.
pub const SLIDES_ACCEPTED: &str = ".pdf,application/pdf";

/// A file that lies safely on disk and belongs to nothing yet; dropped, it is removed.
#[derive(Debug)]
pub struct Staged {
    id: HelpFileId,
    file_name: String,
    bytes: i64,
    digest: String,
    file: UnclaimedFile,
}

fn path(app: &App, id: HelpFileId) -> PathBuf {
    app.config.data.join("help").join(id.to_string())
}

fn invalid(message: &str) -> Error {
    Error::invalid("slides", message)
}

/// Writes a file to disk while it comes in. `name` is shown and never a path.
///
/// Errors: `Invalid` on `slides` for one that is empty, too large or no PDF.
pub async fn stage<S, B, E>(app: &App, name: &str, bytes: S) -> Result<Staged>
where
    S: Stream<Item = Result<B, E>>,
    B: AsRef<[u8]>,
    E: std::fmt::Display,
{
    let id = HelpFileId::new(app.chance.id(app.clock.now()));
    let file = UnclaimedFile { path: path(app, id) };
    let (bytes, digest) = match store_bytes(&file.path, MOST_BYTES, bytes).await {
        Ok(stored) => stored,
        Err(Error::Problems(problems)) if problems.iter().any(|problem| problem.code == Code::FileEmpty) => {
            return Err(invalid("Choose the PDF file that holds the slides."));
        }
        Err(Error::Problems(_)) => return Err(invalid("The file is larger than 20 MB. Choose a smaller one.")),
        Err(other) => return Err(other),
    };
    if !is_pdf(&file.path).await? {
        return Err(invalid("The file is no PDF. Save the slides as PDF and choose that file."));
    }
    let shown = shown_name(if name.is_empty() { "slides.pdf" } else { name });
    let file_name = if shown.to_lowercase().ends_with(".pdf") { shown } else { format!("{shown}.pdf") };
    Ok(Staged { id, file_name, bytes, digest, file })
}

async fn is_pdf(path: &std::path::Path) -> Result<bool> {
    use tokio::io::AsyncReadExt;
    let mut head = Vec::new();
    tokio::fs::File::open(path).await?.take(5).read_to_end(&mut head).await?;
    Ok(head == b"%PDF-")
}

/// Keeps a file with its page.
///
/// Errors: `Invalid` on `slides` when the page has ten.
pub async fn add_slides(app: &App, actor: &Actor, scope: &StaffScope, page: HelpEntryId, staged: Staged) -> Result<()> {
    let mut tx = app.store.write().await?;
    store::help::find(&mut tx, scope, page).await?.ok_or(Error::NotFound)?;
    if store::help::files(&mut tx, page).await?.len() >= MOST_FILES {
        return Err(invalid("The page has ten files. Remove one that is not needed."));
    }
    let Staged { id, file_name, bytes, digest, file } = staged;
    let kept = File { id, entry: page, file_name, bytes, digest };
    store::help::insert_file(&mut tx, scope, &kept, app.clock.now()).await?;
    audit::record(app, &mut tx, actor, "help.slides_add", page, None, &kept.file_name).await?;
    // from here on it belongs to its row: should the commit's answer get lost, it must be there
    file.claim();
    Ok(tx.commit().await?)
}

/// Forgets a file; its bytes go after the commit.
pub async fn remove_slides(
    app: &App,
    actor: &Actor,
    scope: &StaffScope,
    page: HelpEntryId,
    id: HelpFileId,
) -> Result<()> {
    let mut tx = app.store.write().await?;
    let (file, _) = store::help::find_file(&mut tx, id).await?.ok_or(Error::NotFound)?;
    if file.entry != page || !store::help::delete_file(&mut tx, scope, id).await? {
        return Err(Error::NotFound);
    }
    audit::record(app, &mut tx, actor, "help.slides_remove", page, None, &file.file_name).await?;
    tx.commit().await?;
    if let Err(error) = tokio::fs::remove_file(path(app, id)).await {
        tracing::warn!(%error, file = %id, "a file that nothing needs any more could not be removed");
    }
    Ok(())
}

/// A file for whoever may have it: of a published page for everybody, of any for staff.
pub async fn file(app: &App, staff: Option<&StaffScope>, id: HelpFileId) -> Result<Opened> {
    let found = store::help::find_file(&mut app.store.read().await?, id).await?;
    let (file, _) =
        found.filter(|(_, status)| *status == Status::Published || staff.is_some()).ok_or(Error::NotFound)?;
    let bytes = tokio::fs::read(path(app, id)).await?;
    let digest: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    if digest != file.digest {
        return Err(Error::Internal(format!("the file {id} is not what was received")));
    }
    Ok(Opened { name: file.file_name, content_type: "application/pdf", bytes })
}
