//! Notices of the accreditor: as they stand, each version they had, who put them away, and how far they were sent.

pub mod letters;

use domain::access::StaffScope;
use domain::announcement::{Kind, Level, Persona};
use domain::{AccountId, AnnouncementId};
use uuid::Uuid;

use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};
use crate::values::{at, json, word};

/// What staff write.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Words {
    pub kind: Kind,
    pub level: Level,
    pub title: String,
    /// Paragraphs between empty lines.
    pub body: String,
    /// A page of ours to read on; may be empty.
    pub path: String,
    pub personas: Vec<Persona>,
    pub shows_from: i64,
    pub shows_until: i64,
    pub is_dismissible: bool,
}

/// A notice as it stands now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announcement {
    pub id: AnnouncementId,
    pub version: i64,
    pub words: Words,
    pub created_at: i64,
    pub taken_back_at: Option<i64>,
    pub occasion: Option<String>,
    pub mailing: Mailing,
}

/// How far a notice was sent by e-mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mailing {
    pub asked_at: Option<i64>,
    pub done_at: Option<i64>,
    pub mailed: i64,
}

#[derive(sqlx::FromRow)]
struct Row {
    announcement_id: Uuid,
    version: i64,
    kind: String,
    level: String,
    title: String,
    body: String,
    path: String,
    personas: String,
    shows_from: i64,
    shows_until: i64,
    is_dismissible: bool,
    created_at: i64,
    taken_back_at: Option<i64>,
    occasion: Option<String>,
    mail_asked_at: Option<i64>,
    mail_done_at: Option<i64>,
    mailed: i64,
}

impl Row {
    fn announcement(self) -> Result<Announcement> {
        let id = self.announcement_id;
        let place = |column| at("announcement", column, &id);
        let personas = self.personas.split(' ').map(|one| word(Persona::read(one), place("personas")));
        Ok(Announcement {
            id: AnnouncementId::new(id),
            version: self.version,
            words: Words {
                kind: word(Kind::read(&self.kind), place("kind"))?,
                level: word(Level::read(&self.level), place("level"))?,
                title: self.title,
                body: self.body,
                path: self.path,
                personas: personas.collect::<Result<_>>()?,
                shows_from: self.shows_from,
                shows_until: self.shows_until,
                is_dismissible: self.is_dismissible,
            },
            created_at: self.created_at,
            taken_back_at: self.taken_back_at,
            occasion: self.occasion,
            mailing: Mailing { asked_at: self.mail_asked_at, done_at: self.mail_done_at, mailed: self.mailed },
        })
    }
}

fn all_of(rows: Vec<Row>) -> Result<Vec<Announcement>> {
    rows.into_iter().map(Row::announcement).collect()
}

fn spaced(personas: &[Persona]) -> String {
    personas.iter().map(|persona| persona.code()).collect::<Vec<_>>().join(" ")
}

/// Writes a new notice. `false`: one of its occasion is there already.
pub async fn insert(
    tx: &mut WriteTx,
    id: AnnouncementId,
    words: &Words,
    occasion: Option<&str>,
    by: Option<AccountId>,
    now: i64,
) -> Result<bool> {
    let inserted = exec!(
        tx,
        "insert into announcement (announcement_id, version, kind, level, title, body, path, personas, shows_from,
             shows_until, is_dismissible, created_at, occasion, mailed)
         values ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0) on conflict do nothing",
        id.as_uuid(),
        words.kind.code(),
        words.level.code(),
        &words.title,
        &words.body,
        &words.path,
        spaced(&words.personas),
        words.shows_from,
        words.shows_until,
        words.is_dismissible,
        now,
        occasion,
    )?;
    if inserted == 1 {
        remember(tx, id, 1, "write", words, by, now).await?;
    }
    Ok(inserted == 1)
}

/// Changes a notice whose newest version is `seen`. `false`: it is another by now, or it was taken back.
pub async fn update(
    tx: &mut WriteTx,
    _scope: &StaffScope,
    id: AnnouncementId,
    seen: i64,
    words: &Words,
    by: AccountId,
    now: i64,
) -> Result<bool> {
    let changed = exec!(
        tx,
        "update announcement set version = version + 1, kind = $3, level = $4, title = $5, body = $6, path = $7,
             personas = $8, shows_from = $9, shows_until = $10, is_dismissible = $11
         where announcement_id = $1 and version = $2 and taken_back_at is null",
        id.as_uuid(),
        seen,
        words.kind.code(),
        words.level.code(),
        &words.title,
        &words.body,
        &words.path,
        spaced(&words.personas),
        words.shows_from,
        words.shows_until,
        words.is_dismissible,
    )?;
    if changed == 1 {
        remember(tx, id, seen + 1, "change", words, Some(by), now).await?;
    }
    Ok(changed == 1)
}

/// Takes a notice back: nobody sees it any more. `false` as for [`update`].
pub async fn take_back(
    tx: &mut WriteTx,
    _scope: &StaffScope,
    notice: &Announcement,
    by: AccountId,
    now: i64,
) -> Result<bool> {
    let taken = exec!(
        tx,
        "update announcement set version = version + 1, taken_back_at = $3
         where announcement_id = $1 and version = $2 and taken_back_at is null",
        notice.id.as_uuid(),
        notice.version,
        now,
    )?;
    if taken == 1 {
        remember(tx, notice.id, notice.version + 1, "take_back", &notice.words, Some(by), now).await?;
    }
    Ok(taken == 1)
}

async fn remember(
    tx: &mut WriteTx,
    id: AnnouncementId,
    version: i64,
    act: &str,
    words: &Words,
    by: Option<AccountId>,
    now: i64,
) -> Result<()> {
    exec!(
        tx,
        "insert into announcement_version (announcement_id, version, changed_at, changed_by, act, fields)
         values ($1, $2, $3, $4, $5, $6)",
        id.as_uuid(),
        version,
        now,
        by.map(AccountId::as_uuid),
        act,
        json(words)?,
    )?;
    Ok(())
}

pub async fn find(tx: &mut ReadTx, id: AnnouncementId) -> Result<Option<Announcement>> {
    let row = maybe!(tx, Row, "select * from announcement where announcement_id = $1", id.as_uuid())?;
    row.map(Row::announcement).transpose()
}

/// The notice that was made for an occasion.
pub async fn find_by_occasion(tx: &mut ReadTx, occasion: &str) -> Result<Option<Announcement>> {
    let row = maybe!(tx, Row, "select * from announcement where occasion = $1", occasion)?;
    row.map(Row::announcement).transpose()
}

/// All notices, the newest first.
pub async fn list(tx: &mut ReadTx, _scope: &StaffScope, most: i64) -> Result<Vec<Announcement>> {
    all_of(all!(tx, Row, "select * from announcement order by created_at desc, announcement_id desc limit $1", most)?)
}

/// Notices that are shown or were, the latest first, for any persona.
pub async fn begun(tx: &mut ReadTx, now: i64, most: i64) -> Result<Vec<Announcement>> {
    all_of(all!(
        tx,
        Row,
        "select * from announcement where shows_from <= $1 and taken_back_at is null
         order by shows_from desc, announcement_id desc limit $2",
        now,
        most,
    )?)
}

/// Notices that are shown now and that this account did not put away, for any persona.
pub async fn shown(tx: &mut ReadTx, now: i64, account: Option<AccountId>) -> Result<Vec<Announcement>> {
    all_of(all!(
        tx,
        Row,
        "select * from announcement a where a.shows_until > $1 and a.shows_from <= $1 and a.taken_back_at is null
         and not exists (select 1 from announcement_dismissal d
             where d.account_id = $2 and d.announcement_id = a.announcement_id)
         order by a.shows_from desc, a.announcement_id desc",
        now,
        account.map(AccountId::as_uuid).unwrap_or_default(),
    )?)
}

/// Puts a notice away for an account; once is enough.
pub async fn dismiss(tx: &mut WriteTx, account: AccountId, id: AnnouncementId, now: i64) -> Result<()> {
    exec!(
        tx,
        "insert into announcement_dismissal (account_id, announcement_id, dismissed_at) values ($1, $2, $3)
         on conflict do nothing",
        account.as_uuid(),
        id.as_uuid(),
        now,
    )?;
    Ok(())
}

/// Shows a notice once more to those who put it away.
pub async fn show_again(tx: &mut WriteTx, _scope: &StaffScope, id: AnnouncementId) -> Result<u64> {
    exec!(tx, "delete from announcement_dismissal where announcement_id = $1", id.as_uuid())
}

/// How many put a notice away.
pub async fn dismissals(tx: &mut ReadTx, _scope: &StaffScope, id: AnnouncementId) -> Result<i64> {
    let sql = "select count(*) from announcement_dismissal where announcement_id = $1";
    let (count,) = one!(tx, (i64,), sql, id.as_uuid())?;
    Ok(count)
}

/// One version of a notice.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Version {
    pub version: i64,
    pub changed_at: i64,
    /// Who did it, by name; `None`: the system.
    pub by_name: Option<String>,
    /// `write`, `change`, `take_back` or `mail`.
    pub act: String,
    /// [`Words`] as JSON.
    pub fields: String,
}

/// The history of a notice, the newest version first.
pub async fn history(tx: &mut ReadTx, _scope: &StaffScope, id: AnnouncementId) -> Result<Vec<Version>> {
    all!(
        tx,
        Version,
        "select v.version, v.changed_at, a.name as by_name, v.act, v.fields
         from announcement_version v left join account a on a.account_id = v.changed_by
         where v.announcement_id = $1 order by v.version desc",
        id.as_uuid(),
    )
}
