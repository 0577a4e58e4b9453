//! Versions of a page of the help, each as it stood after a save.

use domain::HelpEntryId;
use domain::access::StaffScope;
use domain::help::{Category, Content, Status};

use super::{Entry, category, category_code};
use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};
use crate::values::{at, from_json, json, word};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    pub version: i64,
    pub status: Status,
    pub category: Option<Category>,
    pub content: Content,
    pub at: i64,
    /// Empty: it came with a release.
    pub author: String,
}

/// Keeps a page as it stands. What is kept already stays as it is.
pub(super) async fn keep(tx: &mut WriteTx, entry: &Entry) -> Result<()> {
    exec!(
        tx,
        "insert into help_version (help_entry_id, version, status, category, content, at, author)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (help_entry_id, version) do nothing",
        entry.id.as_uuid(),
        entry.version,
        entry.status.code(),
        category_code(entry.category),
        json(&entry.content)?,
        entry.changed_at,
        entry.changed_by.as_str(),
    )?;
    Ok(())
}

/// All versions of a page, the newest first. None are kept of what nobody changed since its release.
pub async fn versions(tx: &mut ReadTx, _scope: &StaffScope, id: HelpEntryId) -> Result<Vec<Version>> {
    let rows = all!(
        tx,
        (i64, String, String, String, i64, String),
        "select version, status, category, content, at, author from help_version where help_entry_id = $1
         order by version desc limit 500",
        id.as_uuid(),
    )?;
    rows.into_iter()
        .map(|(version, status, code, content, when, author)| {
            Ok(Version {
                version,
                status: word(Status::read(&status), at("help_version", "status", &id))?,
                category: category(&code),
                content: from_json(&content, at("help_version", "content", &id))?,
                at: when,
                author,
            })
        })
        .collect()
}
