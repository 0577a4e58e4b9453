//! Slides of webinars: what is kept of each beside its bytes.

use domain::access::StaffScope;
use domain::help::Status;
use domain::{HelpEntryId, HelpFileId};
use uuid::Uuid;

use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};
use crate::values::{at, word};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    pub id: HelpFileId,
    pub entry: HelpEntryId,
    pub file_name: String,
    pub bytes: i64,
    /// Hex SHA-256.
    pub digest: String,
}

#[derive(sqlx::FromRow)]
struct FileRow {
    help_file_id: Uuid,
    help_entry_id: Uuid,
    file_name: String,
    bytes: i64,
    digest: String,
}

impl From<FileRow> for File {
    fn from(row: FileRow) -> Self {
        Self {
            id: HelpFileId::new(row.help_file_id),
            entry: HelpEntryId::new(row.help_entry_id),
            file_name: row.file_name,
            bytes: row.bytes,
            digest: row.digest,
        }
    }
}

pub async fn insert_file(tx: &mut WriteTx, _scope: &StaffScope, file: &File, now: i64) -> Result<()> {
    exec!(
        tx,
        "insert into help_file (help_file_id, help_entry_id, file_name, bytes, digest, received_at)
         values ($1, $2, $3, $4, $5, $6)",
        file.id.as_uuid(),
        file.entry.as_uuid(),
        file.file_name.as_str(),
        file.bytes,
        file.digest.as_str(),
        now,
    )?;
    Ok(())
}

/// `false`: it was gone already.
pub async fn delete_file(tx: &mut WriteTx, _scope: &StaffScope, id: HelpFileId) -> Result<bool> {
    Ok(exec!(tx, "delete from help_file where help_file_id = $1", id.as_uuid())? == 1)
}

/// The files of a page, the oldest first.
pub async fn files(tx: &mut ReadTx, entry: HelpEntryId) -> Result<Vec<File>> {
    let rows = all!(
        tx,
        FileRow,
        "select help_file_id, help_entry_id, file_name, bytes, digest from help_file where help_entry_id = $1
         order by received_at, help_file_id",
        entry.as_uuid(),
    )?;
    Ok(rows.into_iter().map(File::from).collect())
}

/// A file, and the status of its page: whoever hands it out asks whether everybody may have it.
pub async fn find_file(tx: &mut ReadTx, id: HelpFileId) -> Result<Option<(File, Status)>> {
    let row = maybe!(
        tx,
        FileRow,
        "select help_file_id, help_entry_id, file_name, bytes, digest from help_file where help_file_id = $1",
        id.as_uuid(),
    )?;
    let Some(file) = row.map(File::from) else { return Ok(None) };
    let (status,): (String,) =
        one!(tx, (String,), "select status from help_entry where help_entry_id = $1", file.entry.as_uuid())?;
    let status = word(Status::read(&status), at("help_entry", "status", &file.entry))?;
    Ok(Some((file, status)))
}
