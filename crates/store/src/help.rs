//! The pages of the help center: all kinds in one table, what they say as one JSON object.
//!
//! Each change that readers can see takes a number of [`Counter::HelpChange`], so that every process knows when the
//! copy in its memory is old. What a release brings and staff have changed is theirs from then on.

mod files;
mod requests;
mod versions;
mod votes;

use domain::HelpEntryId;
use domain::access::StaffScope;
use domain::help::{Category, Content, Kind, Status};
use uuid::Uuid;

use crate::counters::{self, Counter};
use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};
use crate::values::{at, from_json, json, word};

pub use files::{File, delete_file, files, find_file, insert_file};
pub use requests::{
    Filter as RequestFilter, Line, NewLine, NewRequest, Owner, Request, Staff, Standing, add_line, change_request,
    count_requests, find_own_request, find_request, insert_request, lines, list_own_requests, list_requests, staff,
};
pub use versions::{Version, versions};
pub use votes::{Said, Votes, all_votes, said, vote};

/// A page of the help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub id: HelpEntryId,
    pub kind: Kind,
    pub slug: String,
    /// Of questions and guides.
    pub category: Option<Category>,
    pub status: Status,
    pub place: i64,
    pub content: Content,
    /// Somebody of the staff changed what a release brought, or wrote it.
    pub is_edited: bool,
    /// Counts the saves; whoever changes a page names the one that they saw.
    pub version: i64,
    pub created_at: i64,
    pub changed_at: i64,
    /// Empty: it came with a release.
    pub changed_by: String,
}

/// What a release brings: an entry as it is new, and the digest of all that it says.
#[derive(Debug, Clone)]
pub struct Seed {
    pub entry: Entry,
    pub digest: String,
}

#[derive(sqlx::FromRow)]
struct EntryRow {
    help_entry_id: Uuid,
    kind: String,
    slug: String,
    category: String,
    status: String,
    place: i64,
    content: String,
    is_edited: bool,
    version: i64,
    created_at: i64,
    changed_at: i64,
    changed_by: String,
}

impl TryFrom<EntryRow> for Entry {
    type Error = crate::Error;

    fn try_from(row: EntryRow) -> Result<Self> {
        let id = row.help_entry_id;
        let here = |column| at("help_entry", column, &id);
        Ok(Self {
            id: HelpEntryId::new(id),
            kind: word(Kind::read(&row.kind), here("kind"))?,
            slug: row.slug,
            category: category(&row.category),
            status: word(Status::read(&row.status), here("status"))?,
            place: row.place,
            content: from_json(&row.content, here("content"))?,
            is_edited: row.is_edited,
            version: row.version,
            created_at: row.created_at,
            changed_at: row.changed_at,
            changed_by: row.changed_by,
        })
    }
}

fn category(code: &str) -> Option<Category> {
    Category::read(code)
}

fn category_code(category: Option<Category>) -> &'static str {
    category.map_or("", Category::code)
}

macro_rules! entries {
    ($rest:literal) => {
        concat!(
            "select help_entry_id, kind, slug, category, status, place, content, is_edited, version, created_at,
             changed_at, changed_by from help_entry ",
            $rest
        )
    };
}

fn read(rows: Vec<EntryRow>) -> Result<Vec<Entry>> {
    rows.into_iter().map(Entry::try_from).collect()
}

/// What everybody may read, in the order of categories' places.
pub async fn published(tx: &mut ReadTx) -> Result<Vec<Entry>> {
    read(all!(tx, EntryRow, entries!("where status = 'published' order by kind, category, place, slug"))?)
}

/// Every page, for staff.
pub async fn list(tx: &mut ReadTx, _scope: &StaffScope) -> Result<Vec<Entry>> {
    read(all!(tx, EntryRow, entries!("order by kind, category, place, slug"))?)
}

pub async fn find(tx: &mut ReadTx, _scope: &StaffScope, id: HelpEntryId) -> Result<Option<Entry>> {
    let row = maybe!(tx, EntryRow, entries!("where help_entry_id = $1"), id.as_uuid())?;
    row.map(Entry::try_from).transpose()
}

/// The change up to which a copy of [`published`] is current.
pub async fn newest(tx: &mut ReadTx) -> Result<i64> {
    counters::taken(tx, Counter::HelpChange).await
}

/// `false`: the address is taken.
pub async fn insert(tx: &mut WriteTx, _scope: &StaffScope, entry: &Entry) -> Result<bool> {
    let inserted = exec!(
        tx,
        "insert into help_entry (help_entry_id, kind, slug, category, status, place, content, seed, is_edited, version,
         created_at, changed_at, changed_by) values ($1, $2, $3, $4, $5, $6, $7, '', $8, $9, $10, $11, $12)
         on conflict (kind, slug) do nothing",
        entry.id.as_uuid(),
        entry.kind.code(),
        entry.slug.as_str(),
        category_code(entry.category),
        entry.status.code(),
        entry.place,
        json(&entry.content)?,
        true,
        entry.version,
        entry.created_at,
        entry.changed_at,
        entry.changed_by.as_str(),
    )?;
    if inserted == 1 {
        versions::keep(tx, entry).await?;
        counters::take(tx, Counter::HelpChange, 1).await?;
    }
    Ok(inserted == 1)
}

/// Writes down a page as it stands now: category, status and content, by whom and when. `entry.version` is the one
/// that was seen. `false`: somebody changed it meanwhile.
pub async fn change(tx: &mut WriteTx, scope: &StaffScope, entry: &Entry) -> Result<bool> {
    let Some(before) = find(tx, scope, entry.id).await? else { return Ok(false) };
    let changed = exec!(
        tx,
        "update help_entry set category = $3, status = $4, content = $5, is_edited = $6, version = version + 1,
         changed_at = $7, changed_by = $8, place = $9 where help_entry_id = $1 and version = $2",
        entry.id.as_uuid(),
        entry.version,
        category_code(entry.category),
        entry.status.code(),
        json(&entry.content)?,
        true,
        entry.changed_at,
        entry.changed_by.as_str(),
        entry.place,
    )?;
    if changed == 1 {
        // what came with a release is kept once somebody changes it
        versions::keep(tx, &before).await?;
        versions::keep(tx, &Entry { version: entry.version + 1, ..entry.clone() }).await?;
        counters::take(tx, Counter::HelpChange, 1).await?;
    }
    Ok(changed == 1)
}

/// Puts pages in another order within their category.
pub async fn set_places(tx: &mut WriteTx, _scope: &StaffScope, places: &[(HelpEntryId, i64)]) -> Result<()> {
    for (id, place) in places {
        exec!(tx, "update help_entry set place = $2 where help_entry_id = $1", id.as_uuid(), *place)?;
    }
    counters::take(tx, Counter::HelpChange, 1).await?;
    Ok(())
}

/// Brings in what a release has and the table lacks, and what a release changed and nobody edited here. Tells how
/// many pages that were.
pub async fn seed(tx: &mut WriteTx, seeds: &[Seed]) -> Result<usize> {
    let known = all!(tx, (String, String, String, bool), "select kind, slug, seed, is_edited from help_entry")?;
    let mut new: Vec<(Uuid, &Seed, String)> = Vec::new();
    let mut changed = 0;
    for seed in seeds {
        let entry = &seed.entry;
        let there = known.iter().find(|(kind, slug, ..)| kind == entry.kind.code() && *slug == entry.slug);
        match there {
            None => new.push((entry.id.as_uuid(), seed, json(&entry.content)?)),
            Some((_, _, digest, is_edited)) if !is_edited && *digest != seed.digest => {
                changed += exec!(
                    tx,
                    "update help_entry set category = $3, place = $4, content = $5, seed = $6, version = version + 1,
                     changed_at = $7 where kind = $1 and slug = $2",
                    entry.kind.code(),
                    entry.slug.as_str(),
                    category_code(entry.category),
                    entry.place,
                    json(&entry.content)?,
                    seed.digest.as_str(),
                    entry.changed_at,
                )?;
            }
            Some(_) => {}
        }
    }
    let inserted = bulk!(
        tx,
        "insert into help_entry (help_entry_id, kind, slug, category, status, place, content, seed, is_edited, version,
         created_at, changed_at, changed_by) ",
        new,
        " on conflict (kind, slug) do nothing",
        |row| row.0,
        row.1.entry.kind.code(),
        row.1.entry.slug.clone(),
        category_code(row.1.entry.category),
        row.1.entry.status.code(),
        row.1.entry.place,
        row.2.clone(),
        row.1.digest.clone(),
        false,
        1_i64,
        row.1.entry.created_at,
        row.1.entry.changed_at,
        ""
    );
    let touched = inserted + changed;
    if touched > 0 {
        counters::take(tx, Counter::HelpChange, 1).await?;
    }
    Ok(usize::try_from(touched).unwrap_or(usize::MAX))
}
