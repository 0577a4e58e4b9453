//! A licensing board finds its licensees: people who hold or have held a license in its state, and
//! nobody else.
//!
//! Counting stops at [`MOST_COUNTED`]: two letters of a common name fit a hundred thousand people,
//! and whoever looks for one of them must type more anyway.

use domain::PhysicianId;
use domain::access::LicensingBoardScope;
use uuid::Uuid;

use crate::error::Result;
use crate::physicians::keys::{after_prefix, folded, number_key};
use crate::physicians::{self, License, Physician};
use crate::tx::ReadTx;

pub const MOST_LISTED: i64 = 50;
pub const MOST_COUNTED: i64 = 1_000;

/// What is known of a licensee. Empty means not asked for; everything given must agree.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Search {
    /// The beginning of the last name; all of it, if a first name is given too.
    pub last: String,
    /// The beginning of the first name.
    pub first: String,
    /// A license number of the board's state, however it is written.
    pub number: String,
    pub npi: String,
}

/// One line of what was found. Licenses are those of the board's state only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Licensee {
    pub id: PhysicianId,
    pub name: String,
    pub degree: String,
    pub licenses: Vec<License>,
}

/// What was found, by name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// At most [`MOST_LISTED`].
    pub licensees: Vec<Licensee>,
    /// At most [`MOST_COUNTED`], even if there are more.
    pub total: i64,
}

/// Licensees that fit. Nothing asked for finds nobody.
pub async fn search(tx: &mut ReadTx, scope: &LicensingBoardScope, search: &Search) -> Result<Found> {
    let ids = fitting(tx, scope, search, name_prefix(search)).await?;
    listed(tx, scope, ids).await
}

/// As [`search`] for programs, to whom `last` is a whole last name: by id, at most [`MOST_COUNTED`].
pub async fn of_name(tx: &mut ReadTx, scope: &LicensingBoardScope, search: &Search) -> Result<Vec<PhysicianId>> {
    let last = folded(&search.last);
    let name = (!last.is_empty()).then(|| format!("{last} {}", folded(&search.first)).into_bytes());
    let mut ids = fitting(tx, scope, search, name).await?;
    ids.sort_unstable();
    Ok(ids)
}

/// Who has the NPI or the number, and a name whose key begins so.
async fn fitting(
    tx: &mut ReadTx,
    scope: &LicensingBoardScope,
    search: &Search,
    prefix: Option<Vec<u8>>,
) -> Result<Vec<PhysicianId>> {
    let number = number_key(&search.number);
    let npi = search.npi.trim();
    // from and before take in every key where no name was given
    let from = prefix.clone().unwrap_or_default();
    let before = after_prefix(&from);
    let state = scope.state();
    let state = state.code();
    let ids = if !npi.is_empty() {
        all!(
            tx,
            (Uuid,),
            "select p.physician_id from physician p
             where p.npi = $1 and p.merged_into is null and p.name_key >= $2 and p.name_key < $3
               and exists (select 1 from license l where l.physician_id = p.physician_id and l.state = $4
                           and ($5 = '' or l.number_key = $5))",
            npi,
            from,
            before,
            state,
            number,
        )?
    } else if !number.is_empty() {
        all!(
            tx,
            (Uuid,),
            "select distinct p.physician_id
             from license l join physician p on p.physician_id = l.physician_id
             where l.state = $1 and l.number_key = $2 and p.merged_into is null
               and p.name_key >= $3 and p.name_key < $4
             limit $5",
            state,
            number,
            from,
            before,
            MOST_COUNTED,
        )?
    } else if prefix.is_some() {
        all!(
            tx,
            (Uuid,),
            "select p.physician_id from physician p
             where p.name_key >= $1 and p.name_key < $2 and p.merged_into is null
               and exists (select 1 from license l where l.physician_id = p.physician_id and l.state = $3)
             order by p.name_key, p.physician_id limit $4",
            from,
            before,
            state,
            MOST_COUNTED,
        )?
    } else {
        Vec::new()
    };
    Ok(ids.into_iter().map(|(id,)| PhysicianId::new(id)).collect())
}

/// The key that a fitting name begins with.
fn name_prefix(search: &Search) -> Option<Vec<u8>> {
    let (last, first) = (folded(&search.last), folded(&search.first));
    match (last.is_empty(), first.is_empty()) {
        (true, _) => None,
        (false, true) => Some(last.into_bytes()),
        (false, false) => Some(format!("{last} {first}").into_bytes()),
    }
}

async fn listed(tx: &mut ReadTx, scope: &LicensingBoardScope, ids: Vec<PhysicianId>) -> Result<Found> {
    let total = i64::try_from(ids.len()).unwrap_or(MOST_COUNTED);
    let most = usize::try_from(MOST_LISTED).unwrap_or_default();
    let mut physicians = physicians::by_ids(tx, ids.get(..most).unwrap_or(&ids)).await?;
    physicians.sort_by_key(|of| (folded(&of.last), folded(&of.first), of.id));
    let licensees = physicians.into_iter().map(|of| licensee(scope, of)).collect();
    Ok(Found { licensees, total })
}

fn licensee(scope: &LicensingBoardScope, of: Physician) -> Licensee {
    Licensee {
        id: of.id,
        name: of.full_name(),
        degree: of.degree,
        licenses: of.licenses.into_iter().filter(|held| held.state == scope.state()).collect(),
    }
}
