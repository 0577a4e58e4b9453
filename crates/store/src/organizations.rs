//! Providers, licensing boards and certifying boards: who they are and how they stand.
//!
//! Organisations are public knowledge, so reading them takes no scope. The certifying boards' rules
//! live in the same rows and are read elsewhere, as reference data.

pub mod figures;
pub mod history;
pub mod people;
pub mod profiles;
pub mod standings;

use domain::{Board, ProviderId, State};

use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};
use crate::values::{at, parsed, word};

/// How a provider stands with the accreditor. Only good standing may submit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Good,
    Probation,
    Lapsed,
}

impl Standing {
    pub fn code(self) -> &'static str {
        match self {
            Self::Good => "good_standing",
            Self::Probation => "probation",
            Self::Lapsed => "lapsed",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Good => "Good standing",
            Self::Probation => "Probation",
            Self::Lapsed => "Lapsed",
        }
    }

    pub const ALL: [Self; 3] = [Self::Good, Self::Probation, Self::Lapsed];

    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|standing| standing.code() == code)
    }
}

/// An accredited provider. `state` is the two letters of its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    pub id: ProviderId,
    pub name: String,
    pub organization_type: String,
    pub city: String,
    pub state: String,
    pub standing: Standing,
    pub contact_name: String,
    pub contact_email: String,
    pub created_at: i64,
}

#[derive(sqlx::FromRow)]
struct ProviderRow {
    provider_id: String,
    name: String,
    organization_type: String,
    city: String,
    state: String,
    standing: String,
    contact_name: String,
    contact_email: String,
    created_at: i64,
}

impl TryFrom<ProviderRow> for Provider {
    type Error = crate::Error;

    fn try_from(row: ProviderRow) -> Result<Self> {
        let id = parsed(&row.provider_id, at("provider", "provider_id", &row.provider_id))?;
        let standing = word(Standing::read(&row.standing), at("provider", "standing", &row.provider_id))?;
        Ok(Self {
            id,
            name: row.name,
            organization_type: row.organization_type,
            city: row.city,
            state: row.state,
            standing,
            contact_name: row.contact_name,
            contact_email: row.contact_email,
            created_at: row.created_at,
        })
    }
}

pub async fn insert_provider(tx: &mut WriteTx, provider: &Provider) -> Result<()> {
    exec!(
        tx,
        "insert into provider (provider_id, name, organization_type, city, state, standing, contact_name,
         contact_email, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        provider.id.as_str(),
        &provider.name,
        &provider.organization_type,
        &provider.city,
        &provider.state,
        provider.standing.code(),
        &provider.contact_name,
        &provider.contact_email,
        provider.created_at,
    )?;
    exec!(
        tx,
        "insert into provider_mark (provider_id, warned_of, look_at) values ($1, '', $2)",
        provider.id.as_str(),
        provider.created_at,
    )?;
    Ok(())
}

pub async fn find_provider(tx: &mut ReadTx, id: ProviderId) -> Result<Option<Provider>> {
    let row = maybe!(tx, ProviderRow, "select * from provider where provider_id = $1", id.as_str())?;
    row.map(Provider::try_from).transpose()
}

/// All providers by name.
pub async fn list_providers(tx: &mut ReadTx) -> Result<Vec<Provider>> {
    let rows = all!(tx, ProviderRow, "select * from provider order by lower(name), provider_id")?;
    rows.into_iter().map(Provider::try_from).collect()
}

/// How the provider stood when its standing was last seen to: within moments that of today. Whether it may submit is
/// asked of [`standings::on`]. `None`: there is no such provider.
pub async fn standing(tx: &mut ReadTx, id: ProviderId) -> Result<Option<Standing>> {
    let row = maybe!(tx, (String,), "select standing from provider where provider_id = $1", id.as_str())?;
    row.map(|(text,)| word(Standing::read(&text), at("provider", "standing", &id))).transpose()
}

/// A state's medical board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LicensingBoard {
    pub state: State,
    pub name: String,
}

pub async fn insert_licensing_board(tx: &mut WriteTx, board: &LicensingBoard) -> Result<()> {
    exec!(tx, "insert into licensing_board (state, name) values ($1, $2)", board.state.code(), &board.name)?;
    Ok(())
}

pub async fn find_licensing_board(tx: &mut ReadTx, state: State) -> Result<Option<LicensingBoard>> {
    let row = maybe!(tx, (String,), "select name from licensing_board where state = $1", state.code())?;
    Ok(row.map(|(name,)| LicensingBoard { state, name }))
}

pub async fn list_licensing_boards(tx: &mut ReadTx) -> Result<Vec<LicensingBoard>> {
    let rows = all!(tx, (String, String), "select state, name from licensing_board order by state")?;
    rows.into_iter()
        .map(|(state, name)| {
            let state = word(State::read(&state), at("licensing_board", "state", &state))?;
            Ok(LicensingBoard { state, name })
        })
        .collect()
}

/// A certifying board's names: `label` as it writes its own code, `name` in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertifyingBoard {
    pub board: Board,
    pub label: String,
    pub name: String,
}

pub async fn find_certifying_board(tx: &mut ReadTx, board: Board) -> Result<Option<CertifyingBoard>> {
    let row = maybe!(tx, (String, String), "select label, name from certifying_board where board = $1", board.code())?;
    Ok(row.map(|(label, name)| CertifyingBoard { board, label, name }))
}

pub async fn list_certifying_boards(tx: &mut ReadTx) -> Result<Vec<CertifyingBoard>> {
    let rows = all!(tx, (String, String, String), "select board, label, name from certifying_board order by board")?;
    rows.into_iter()
        .map(|(code, label, name)| {
            let board = parsed(&code, at("certifying_board", "board", &code))?;
            Ok(CertifyingBoard { board, label, name })
        })
        .collect()
}
