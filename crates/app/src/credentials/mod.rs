//! Digital credentials: Open Badges 3.0 in the data model of W3C Verifiable Credentials 2.0, signed as JWT. One is made
//! of a transcript's issue or of one completion's, and whether it still stands is asked of the ledger's facts.
//!
//! The same content is signed once: asking again gives the same bytes, however long after.

pub mod check;
mod content;
pub mod holder;
pub mod keys;
pub mod seal;
pub mod status;
mod throttle;

use domain::access::{Actor, LicensingBoardScope, PhysicianScope};
use domain::transcript::Filter;
use domain::{CredentialId, PhysicianId};
use sha2::{Digest, Sha256};
use store::credentials::{Credential, Place};
use store::transcripts::Record;
use store::{ReadTx, WriteTx};

pub use holder::Holder;
pub use keys::Credentials;

use crate::transcripts::{self, Drafted};
use crate::{App, Error, Result, audit, retry};

/// The kind of signed document, against use as another kind.
pub(crate) const TYP: &str = "JWT";
/// Tries to find a free place in a list that is at most an eighth full.
const MOST_DRAWS: usize = 64;

/// A credential to hand out.
#[derive(Debug, Clone)]
pub struct Issued {
    pub id: CredentialId,
    /// As printed on the paper with the same content.
    pub code: String,
    /// The compact JWS.
    pub token: String,
}

/// A credential of the physician's own transcript, or of one completion if the filter says so.
///
/// Errors: `NotFound` if nothing that counts is on it.
pub async fn own(app: &App, actor: &Actor, scope: &PhysicianScope, filter: Filter, holder: &Holder) -> Result<Issued> {
    retry::on_race(|| async {
        let mut tx = app.store.read().await?;
        let record = Record::own(scope);
        let drafted = transcripts::draft_for(app, &mut tx, &record, actor.seat.kind(), filter).await?;
        let made = make(app, &mut tx, &record, &drafted, holder).await?;
        drop(tx);
        if let Made::Before(issued) = made {
            return Ok(issued);
        }
        let mut tx = app.store.write().await?;
        let issued = settle(app, &mut tx, &drafted, made).await?;
        audit::record(app, &mut tx, actor, "credential.issue", issued.id, Some(scope.physician()), "").await?;
        tx.commit().await?;
        Ok(issued)
    })
    .await
}

/// A credential of a licensee's transcript or completion. The physician sees who had it made.
///
/// Errors: `NotFound` for somebody who never held a license in the board's state, and if nothing counts.
pub async fn of_licensee(
    app: &App,
    actor: &Actor,
    scope: &LicensingBoardScope,
    physician: PhysicianId,
    filter: Filter,
) -> Result<Issued> {
    retry::on_race(|| async {
        let mut tx = app.store.read().await?;
        let record = store::transcripts::of_licensee(&mut tx, scope, physician).await?.ok_or(Error::NotFound)?;
        let drafted = transcripts::draft_for(app, &mut tx, &record, actor.seat.kind(), filter).await?;
        let made = make(app, &mut tx, &record, &drafted, &Holder::Name).await?;
        drop(tx);
        let mut tx = app.store.write().await?;
        let issued = settle(app, &mut tx, &drafted, made).await?;
        let rule = format!("holds or held a license in {}", scope.state().name());
        audit::record(app, &mut tx, actor, "credential.read", issued.id, Some(physician), &rule).await?;
        tx.commit().await?;
        Ok(issued)
    })
    .await
}

enum Made {
    /// The same was signed before.
    Before(Issued),
    New(Box<Credential>),
}

async fn make(app: &App, tx: &mut ReadTx, record: &Record, drafted: &Drafted, holder: &Holder) -> Result<Made> {
    let official = &drafted.official;
    let credits = official.transcript.completions.iter().flat_map(|completion| &completion.credits);
    if !credits.into_iter().any(transcripts::counts) {
        return Err(Error::NotFound);
    }
    let body = content::body(app, official);
    let digest = content_digest(&body, drafted, holder)?;
    let key = app.credentials.key_id();
    if let Some(same) = store::credentials::find_same(tx, record, &digest, &key).await? {
        return Ok(Made::Before(issued(&same)));
    }
    let id = CredentialId::new(app.chance.id(app.clock.now()));
    let place = free_place(app, tx).await?;
    let now = app.clock.now();
    let given =
        content::Given { id, at: now, place, code: &official.code, identity: holder.identity(official, &app.chance) };
    let payload = content::payload(app, body, &given);
    Ok(Made::New(Box::new(Credential {
        id,
        code: drafted.issue.code.clone(),
        physician: official.physician,
        content: digest,
        token: app.credentials.sign(TYP, &payload),
        key,
        place,
        issued_at: now,
    })))
}

/// Writes down what is new.
async fn settle(app: &App, tx: &mut WriteTx, drafted: &Drafted, made: Made) -> Result<Issued> {
    match made {
        Made::Before(issued) => Ok(issued),
        Made::New(credential) => {
            drafted.issue(tx).await?;
            store::credentials::insert(tx, &credential, &drafted.issue.cited).await?;
            app.credentials.forget_list(credential.place.list);
            Ok(issued(&credential))
        }
    }
}

fn issued(credential: &Credential) -> Issued {
    Issued { id: credential.id, code: transcripts::with_dashes(&credential.code), token: credential.token.clone() }
}

/// What makes two credentials the same: all they say about the credit, the credits behind it with their status, and
/// how the holder is named.
fn content_digest(body: &serde_json::Value, drafted: &Drafted, holder: &Holder) -> Result<Vec<u8>> {
    let whole = serde_json::to_vec(&(body, &drafted.issue.cited, holder.words(&drafted.official)));
    let whole = whole.map_err(|error| Error::Internal(error.to_string()))?;
    Ok(Sha256::digest(whole).to_vec())
}

/// A place that nobody can guess. Two that draw the same at once meet in the unique index, and one draws again.
async fn free_place(app: &App, tx: &mut ReadTx) -> Result<Place> {
    let list = match store::credentials::last_list(tx).await? {
        Some((list, count)) if count >= status::MOST_IN_A_LIST => list + 1,
        Some((list, _)) => list,
        None => 0,
    };
    for _ in 0..MOST_DRAWS {
        let drawn = u32::from_be_bytes(app.chance.bytes());
        let place = Place { list, index: i64::from(drawn) % status::PLACES };
        if !store::credentials::is_taken(tx, place).await? {
            return Ok(place);
        }
    }
    Err(Error::Internal(format!("no free place was drawn in status list {list}")))
}
