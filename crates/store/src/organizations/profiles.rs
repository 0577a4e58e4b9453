//! What is published of providers and boards, providers' further contacts, and how boards take part.

use domain::access::StaffScope;
use domain::organization::{ContactRole, Participation};
use domain::{AccountId, Organization, ProviderId, State};
use jiff::civil::Date;
use uuid::Uuid;

use super::{Provider, ProviderRow};
use crate::counters::{self, Counter};
use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};
use crate::values::{at, date_text, parsed, word};

/// A provider with what its row does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub provider: Provider,
    /// Empty or a whole address.
    pub website: String,
    pub contact_phone: String,
    /// Whether everybody may read the contact.
    pub is_contact_public: bool,
}

#[derive(sqlx::FromRow)]
struct ListedRow {
    #[sqlx(flatten)]
    provider: ProviderRow,
    website: String,
    contact_phone: String,
    is_contact_public: bool,
}

impl TryFrom<ListedRow> for Listed {
    type Error = crate::Error;

    fn try_from(row: ListedRow) -> Result<Self> {
        Ok(Self {
            provider: row.provider.try_into()?,
            website: row.website,
            contact_phone: row.contact_phone,
            is_contact_public: row.is_contact_public,
        })
    }
}

/// All providers, by ID. They are some thousands at most.
pub async fn list(tx: &mut ReadTx) -> Result<Vec<Listed>> {
    let rows = all!(
        tx,
        ListedRow,
        "select p.*, coalesce(f.website, '') as website, coalesce(f.contact_phone, '') as contact_phone,
                coalesce(f.is_contact_public, false) as is_contact_public
         from provider p left join provider_profile f on f.provider_id = p.provider_id order by p.provider_id",
    )?;
    rows.into_iter().map(Listed::try_from).collect()
}

pub async fn find(tx: &mut ReadTx, id: ProviderId) -> Result<Option<Listed>> {
    let row = maybe!(
        tx,
        ListedRow,
        "select p.*, coalesce(f.website, '') as website, coalesce(f.contact_phone, '') as contact_phone,
                coalesce(f.is_contact_public, false) as is_contact_public
         from provider p left join provider_profile f on f.provider_id = p.provider_id where p.provider_id = $1",
        id.as_str(),
    )?;
    row.map(Listed::try_from).transpose()
}

/// Locks the provider until the transaction ends. `false`: there is none.
pub async fn lock(tx: &mut WriteTx, id: ProviderId) -> Result<bool> {
    // an update that changes nothing locks on both databases
    Ok(exec!(tx, "update provider set name = name where provider_id = $1", id.as_str())? == 1)
}

/// Writes everything but ID, standing and the day of its beginning.
pub async fn save(tx: &mut WriteTx, _scope: &StaffScope, listed: &Listed) -> Result<()> {
    let provider = &listed.provider;
    exec!(
        tx,
        "update provider set name = $1, organization_type = $2, city = $3, state = $4, contact_name = $5,
         contact_email = $6 where provider_id = $7",
        &provider.name,
        &provider.organization_type,
        &provider.city,
        &provider.state,
        &provider.contact_name,
        &provider.contact_email,
        provider.id.as_str(),
    )?;
    exec!(
        tx,
        "insert into provider_profile (provider_id, website, contact_phone, is_contact_public)
         values ($1, $2, $3, $4)
         on conflict (provider_id) do update set website = excluded.website,
          contact_phone = excluded.contact_phone, is_contact_public = excluded.is_contact_public",
        provider.id.as_str(),
        &listed.website,
        &listed.contact_phone,
        listed.is_contact_public,
    )?;
    Ok(())
}

/// Somebody at a provider whom the accreditor can ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    pub id: Uuid,
    pub role: ContactRole,
    pub name: String,
    pub email: String,
    pub phone: String,
    pub created_at: i64,
}

#[derive(sqlx::FromRow)]
struct ContactRow {
    contact_id: Uuid,
    role: String,
    name: String,
    email: String,
    phone: String,
    created_at: i64,
}

pub async fn insert_contact(
    tx: &mut WriteTx,
    _scope: &StaffScope,
    provider: ProviderId,
    contact: &Contact,
) -> Result<()> {
    exec!(
        tx,
        "insert into provider_contact (contact_id, provider_id, role, name, email, phone, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        contact.id,
        provider.as_str(),
        contact.role.code(),
        &contact.name,
        &contact.email,
        &contact.phone,
        contact.created_at,
    )?;
    Ok(())
}

/// A provider's further contacts, oldest first.
pub async fn contacts(tx: &mut ReadTx, _scope: &StaffScope, provider: ProviderId) -> Result<Vec<Contact>> {
    let rows = all!(
        tx,
        ContactRow,
        "select contact_id, role, name, email, phone, created_at from provider_contact
         where provider_id = $1 order by created_at, contact_id",
        provider.as_str(),
    )?;
    rows.into_iter()
        .map(|row| {
            Ok(Contact {
                id: row.contact_id,
                role: word(ContactRole::read(&row.role), at("provider_contact", "role", &row.contact_id))?,
                name: row.name,
                email: row.email,
                phone: row.phone,
                created_at: row.created_at,
            })
        })
        .collect()
}

/// `false`: the provider has no such contact.
pub async fn delete_contact(tx: &mut WriteTx, _scope: &StaffScope, provider: ProviderId, id: Uuid) -> Result<bool> {
    let deleted =
        exec!(tx, "delete from provider_contact where contact_id = $1 and provider_id = $2", id, provider.as_str())?;
    Ok(deleted == 1)
}

/// What is published of a board. All of it may be empty.
#[derive(Debug, Clone, PartialEq, Eq, Default, sqlx::FromRow)]
pub struct BoardProfile {
    pub website: String,
    pub contact_name: String,
    pub contact_email: String,
    pub contact_phone: String,
}

pub async fn board(tx: &mut ReadTx, board: Organization) -> Result<BoardProfile> {
    let row = maybe!(
        tx,
        BoardProfile,
        "select website, contact_name, contact_email, contact_phone from board_profile
         where kind = $1 and organization = $2",
        board.kind(),
        board.key(),
    )?;
    Ok(row.unwrap_or_default())
}

pub async fn save_board(
    tx: &mut WriteTx,
    _scope: &StaffScope,
    board: Organization,
    profile: &BoardProfile,
) -> Result<()> {
    exec!(
        tx,
        "insert into board_profile (kind, organization, website, contact_name, contact_email, contact_phone)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (kind, organization) do update set website = excluded.website,
          contact_name = excluded.contact_name, contact_email = excluded.contact_email,
          contact_phone = excluded.contact_phone",
        board.kind(),
        board.key(),
        &profile.website,
        &profile.contact_name,
        &profile.contact_email,
        &profile.contact_phone,
    )?;
    Ok(())
}

/// Gives a licensing board another name.
pub async fn rename_licensing_board(tx: &mut WriteTx, _scope: &StaffScope, state: State, name: &str) -> Result<()> {
    exec!(tx, "update licensing_board set name = $1 where state = $2", name, state.code())?;
    counters::take(tx, Counter::BoardName, 1).await?;
    Ok(())
}

/// How a board takes part, from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakesPart {
    pub id: Uuid,
    pub starts_on: Date,
    pub level: Participation,
    pub note: String,
    pub recorded_at: i64,
    /// Whoever wrote it down; empty: the system.
    pub recorded_by: String,
}

#[derive(sqlx::FromRow)]
struct TakesPartRow {
    participation_id: Uuid,
    organization: String,
    starts_on: String,
    level: String,
    note: String,
    recorded_at: i64,
    recorded_by_name: String,
}

impl TryFrom<TakesPartRow> for TakesPart {
    type Error = crate::Error;

    fn try_from(row: TakesPartRow) -> Result<Self> {
        let id = row.participation_id;
        Ok(Self {
            id,
            starts_on: parsed(&row.starts_on, at("board_participation", "starts_on", &id))?,
            level: word(Participation::read(&row.level), at("board_participation", "level", &id))?,
            note: row.note,
            recorded_at: row.recorded_at,
            recorded_by: row.recorded_by_name,
        })
    }
}

pub async fn insert_participation(
    tx: &mut WriteTx,
    _scope: &StaffScope,
    board: Organization,
    part: &TakesPart,
    by: Option<AccountId>,
) -> Result<()> {
    exec!(
        tx,
        "insert into board_participation (participation_id, kind, organization, starts_on, level, note, recorded_at,
         recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        part.id,
        board.kind(),
        board.key(),
        date_text(part.starts_on),
        part.level.code(),
        &part.note,
        part.recorded_at,
        by.map(AccountId::as_uuid),
    )?;
    Ok(())
}

/// How a board takes, took and will take part, the latest day first.
pub async fn participation(tx: &mut ReadTx, board: Organization) -> Result<Vec<TakesPart>> {
    let rows = all!(
        tx,
        TakesPartRow,
        "select b.participation_id, b.organization, b.starts_on, b.level, b.note, b.recorded_at,
                coalesce(a.name, '') as recorded_by_name
         from board_participation b left join account a on a.account_id = b.recorded_by
         where b.kind = $1 and b.organization = $2
         order by b.starts_on desc, b.recorded_at desc, b.participation_id desc",
        board.kind(),
        board.key(),
    )?;
    rows.into_iter().map(TakesPart::try_from).collect()
}

/// How all boards of a kind (`licensing_board`, `certifying_board`) take part, by their keys; of each board the latest
/// day first.
pub async fn participations(tx: &mut ReadTx, kind: &str) -> Result<Vec<(String, TakesPart)>> {
    let rows = all!(
        tx,
        TakesPartRow,
        "select b.participation_id, b.organization, b.starts_on, b.level, b.note, b.recorded_at,
                coalesce(a.name, '') as recorded_by_name
         from board_participation b left join account a on a.account_id = b.recorded_by
         where b.kind = $1 order by b.organization, b.starts_on desc, b.recorded_at desc, b.participation_id desc",
        kind,
    )?;
    rows.into_iter().map(|row| Ok((row.organization.clone(), row.try_into()?))).collect()
}

#[derive(sqlx::FromRow)]
struct BoardProfileRow {
    organization: String,
    #[sqlx(flatten)]
    profile: BoardProfile,
}

/// What is published of the boards of a kind, by their keys.
pub async fn boards(tx: &mut ReadTx, kind: &str) -> Result<Vec<(String, BoardProfile)>> {
    let rows = all!(
        tx,
        BoardProfileRow,
        "select organization, website, contact_name, contact_email, contact_phone from board_profile where kind = $1",
        kind,
    )?;
    Ok(rows.into_iter().map(|row| (row.organization, row.profile)).collect())
}
