//! A request with learner reports: read to its end in memory, then settled and answered at once; a longer one
//! is received as a file that a job settles.
//!
//! A request that carries a key is done once: its answer is written down with the records themselves. Without
//! a key nothing is done twice either, since a completion is on record once.

use domain::access::{Actor, ProviderRole, ProviderScope};
use domain::{Code, Problem};
use formats::{Limits, Row};
use futures::{Stream, StreamExt, pin_mut, stream};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::settle::settle;
use super::told::{self, Settled, Told};
use crate::idempotency::{self, RequestKey};
use crate::uploads::{Received, Staged, receive_as, stage};
use crate::{App, Error, Result, providers};

/// Reports that are settled within a request.
pub const MOST_AT_ONCE: usize = 1_000;
/// Rows of them: a report of several boards is several rows.
const MOST_ROWS: usize = 5_000;
/// Bytes of a request that are held in memory: ten times what so many real reports have.
const HELD_BYTES: u64 = 12 << 20;
/// What was asked, in the answers that are kept.
const CALL: &str = "learner-activities";

/// The two spellings of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentFormat {
    Json,
    Xml,
}

impl DocumentFormat {
    fn extension(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Xml => "xml",
        }
    }
}

/// A request beside its body.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// What the provider calls the program.
    pub sender: &'a str,
    pub format: DocumentFormat,
    pub key: Option<&'a RequestKey>,
    /// Whether the learners' permission is stated to be held: by the request, or for old clients, which have no
    /// field for it, by the contract under which they were given their credentials.
    pub permission_held: bool,
}

/// A request's body: held in memory, or if it is long, on the disk.
#[derive(Debug)]
pub enum Body {
    Held(Vec<u8>),
    Staged(Staged),
}

/// What became of a request.
#[derive(Debug)]
pub enum Submission {
    /// Every report is settled; their answers, in order.
    Settled(Settled),
    /// Too many to wait for: a job settles them.
    Received(Box<Received>),
    /// It cannot be read, and nothing of it was taken.
    Unreadable(Vec<Told>),
}

/// What is kept of a request that carried a key.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Answer {
    Settled(Settled),
    /// Whether the same bytes had been received before; they lead to the upload. `receive_as` writes it.
    Received(bool),
}

/// Takes a body in. `Problems` where it is larger than the server takes.
pub async fn collect<S, B, E>(app: &App, bytes: S) -> Result<Body>
where
    S: Stream<Item = Result<B, E>>,
    B: AsRef<[u8]>,
    E: std::fmt::Display,
{
    let most = HELD_BYTES.min(app.config.upload_bytes);
    let mut held: Vec<u8> = Vec::new();
    pin_mut!(bytes);
    while let Some(piece) = bytes.next().await {
        let piece = piece.map_err(|error| Error::Io(std::io::Error::other(error.to_string())))?;
        held.extend_from_slice(piece.as_ref());
        if held.len() as u64 > most {
            let rest = bytes.map(|piece| piece.map(|piece| piece.as_ref().to_vec()));
            return Ok(Body::Staged(stage(app, stream::iter([Ok(held)]).chain(rest)).await?));
        }
    }
    Ok(Body::Held(held))
}

/// Takes a request. It is read to its end before anything of it is saved. The same body with the same key again
/// is answered as before; one that cannot be read uses up no key.
pub async fn submit(app: &App, actor: &Actor, call: &Call<'_>, body: Body) -> Result<Submission> {
    let scope = actor.provider(ProviderRole::LearnerData).ok_or(Error::Forbidden("your role only reads"))?;
    providers::must_be_in_good_standing(app, &scope).await?;
    if !call.permission_held {
        let remedy = "State that you hold each learner's permission: send permission=held in the query.";
        return Err(Error::invalid("permission", remedy));
    }
    let document = match body {
        Body::Held(document) => document,
        Body::Staged(staged) => return received(app, actor, call, staged).await,
    };
    let digest: String = Sha256::digest(&document).iter().map(|byte| format!("{byte:02x}")).collect();
    let request = idempotency::request(CALL, &digest);
    if let Some(answered) = answered(app, &scope, call.key, &request, &digest).await? {
        return Ok(answered);
    }
    let is_json = call.format == DocumentFormat::Json;
    let reading = tokio::task::spawn_blocking(move || {
        let rows = read(&document, is_json);
        (document, rows)
    });
    let (document, rows) = reading.await.map_err(|error| Error::Internal(error.to_string()))?;
    let rows = match rows {
        Ok(Some(rows)) => rows,
        Ok(None) => {
            let staged = stage(app, stream::iter([Ok::<_, std::convert::Infallible>(document)])).await?;
            return received(app, actor, call, staged).await;
        }
        Err(problems) => return Ok(Submission::Unreadable(problems.iter().map(told::problem).collect())),
    };
    let answer = settle(app, actor, &scope, call, &request, rows).await?;
    shown(app, &scope, &digest, answer).await?.ok_or(Error::NotFound)
}

/// The rows of a document; `None` if it holds too many to wait for.
fn read(document: &[u8], is_json: bool) -> std::result::Result<Option<Vec<Row>>, Vec<Problem>> {
    let mut rows = Vec::new();
    for row in formats::open_held(document.to_vec(), is_json, &Limits::default())? {
        let row = row.map_err(|problem| vec![problem])?;
        let report = row.origin.as_ref().map_or(row.number, |origin| origin.record);
        if report > MOST_AT_ONCE as u64 || rows.len() == MOST_ROWS {
            return Ok(None);
        }
        rows.push(row);
    }
    Ok(Some(rows))
}

/// Receives the body as a file.
async fn received(app: &App, actor: &Actor, call: &Call<'_>, staged: Staged) -> Result<Submission> {
    let name = format!("request.{}", call.format.extension());
    match receive_as(app, actor, call.sender, &name, staged, call.key, CALL).await {
        Ok(received) => Ok(Submission::Received(Box::new(received))),
        Err(Error::Problems(problems)) if problems.iter().all(|one| one.code != Code::IdempotencyKeyReused) => {
            Ok(Submission::Unreadable(problems.iter().map(told::problem).collect()))
        }
        Err(error) => Err(error),
    }
}

/// What the same request was answered before.
async fn answered(
    app: &App,
    scope: &ProviderScope,
    key: Option<&RequestKey>,
    request: &str,
    digest: &str,
) -> Result<Option<Submission>> {
    if key.is_none() {
        return Ok(None);
    }
    let mut tx = app.store.read().await?;
    let earlier = idempotency::earlier(&mut tx, key, request).await?;
    drop(tx);
    match earlier {
        Some(answer) => shown(app, scope, digest, answer).await,
        None => Ok(None),
    }
}

async fn shown(app: &App, scope: &ProviderScope, digest: &str, answer: Answer) -> Result<Option<Submission>> {
    match answer {
        Answer::Settled(settled) => Ok(Some(Submission::Settled(settled))),
        Answer::Received(seen_before) => {
            let mut tx = app.store.read().await?;
            let upload = store::uploads::find_by_digest(&mut tx, scope, digest).await?;
            Ok(upload.map(|upload| Submission::Received(Box::new(Received { upload, seen_before }))))
        }
    }
}
