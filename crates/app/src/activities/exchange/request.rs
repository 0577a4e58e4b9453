//! Records of a request: up to a thousand are settled at once and answered one by one; more become a
//! file that a job settles.
//!
//! A request that carries a key is done once: its answer is written down with the records themselves.

use domain::access::{Actor, ProviderScope};
use formats::activities::{ActivityFormat, SheetKind, open};
use serde::{Deserialize, Serialize};
use store::activity_files::{FileKind, Settled, Told};

use super::super::editor;
use super::files::{self, Received, limits};
use super::read::{Item, Items};
use super::settle::{settle, until_newest};
use super::stage::Staged;
use super::told;
use crate::idempotency::{self, RequestKey};
use crate::{App, Error, Result, providers};

/// Records that are settled within a request.
pub const MOST_AT_ONCE: usize = 1_000;

/// What became of a request.
#[derive(Debug)]
pub enum Submission {
    /// Every record is settled; their answers, in order.
    Settled(Vec<Settled>),
    /// Too many to wait for: a job settles them.
    Received(Box<Received>),
    /// It cannot be read, and nothing of it was taken.
    Unreadable(Vec<Told>),
}

/// What is kept of a request that carried a key.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Answer {
    Settled(Vec<Settled>),
    /// The file is found by its bytes.
    Received {
        seen_before: bool,
    },
}

/// Takes a request's body: a document of activities. It is read to its end before anything is saved.
/// The same body with the same key again is answered as before; one that cannot be read uses up no key.
pub async fn submit(
    app: &App,
    actor: &Actor,
    sender: &str,
    format: ActivityFormat,
    key: Option<&RequestKey>,
    staged: Staged,
) -> Result<Submission> {
    let scope = editor(actor)?;
    providers::must_be_in_good_standing(app, &scope).await?;
    let digest = staged.digest.clone();
    let request = idempotency::request("activities", &digest);
    if let Some(answered) = answered(app, &scope, key, &request, &digest).await? {
        return Ok(answered);
    }
    let (path, limits, reference) = (staged.path.clone(), limits(app), app.reference.get());
    let reading = tokio::task::spawn_blocking(move || -> std::result::Result<Vec<Item>, Vec<Told>> {
        let opened = open(&path, format, SheetKind::Activities, &limits);
        let records = opened.map_err(|problems| problems.iter().map(told::problem).collect::<Vec<_>>())?;
        let items = Items { records, kind: FileKind::Activities, reference: &reference };
        items.take(MOST_AT_ONCE + 1).collect::<std::result::Result<_, _>>().map_err(|told| vec![told])
    });
    let items = match reading.await.map_err(|error| Error::Internal(error.to_string()))? {
        Ok(items) => items,
        Err(told) => return Ok(Submission::Unreadable(told)),
    };
    if items.len() > MOST_AT_ONCE {
        let name = format!("request.{}", format.extension());
        let keyed = key.map(|key| (key, request.as_str()));
        return match files::receive_once(app, actor, sender, FileKind::Activities, &name, staged, keyed).await {
            Ok(Ok(received)) => Ok(Submission::Received(Box::new(received))),
            Ok(Err(told)) => Ok(Submission::Unreadable(vec![told])),
            Err(Error::Stale) => answered(app, &scope, key, &request, &digest).await?.ok_or(Error::Stale),
            Err(error) => Err(error),
        };
    }
    let answer = until_newest(|| async {
        let mut tx = app.store.write().await?;
        if let Some(earlier) = idempotency::earlier(&mut tx, key, &request).await? {
            return Ok(earlier);
        }
        let answer = Answer::Settled(settle(app, &mut tx, actor, &scope, &items).await?);
        if !idempotency::keep(app, &mut tx, key, &request, &answer).await? {
            return Err(Error::Stale);
        }
        tx.commit().await?;
        Ok(answer)
    });
    shown(app, &scope, &digest, answer.await?).await?.ok_or(Error::NotFound)
}

/// What the same request was answered before.
async fn answered(
    app: &App,
    scope: &ProviderScope,
    key: Option<&RequestKey>,
    request: &str,
    digest: &str,
) -> Result<Option<Submission>> {
    let mut tx = app.store.read().await?;
    let earlier = idempotency::earlier(&mut tx, key, request).await?;
    drop(tx);
    match earlier {
        Some(answer) => shown(app, scope, digest, answer).await,
        None => Ok(None),
    }
}

async fn shown(app: &App, scope: &ProviderScope, digest: &str, answer: Answer) -> Result<Option<Submission>> {
    Ok(match answer {
        Answer::Settled(records) => Some(Submission::Settled(records)),
        Answer::Received { seen_before } => {
            let received = files::received(app, scope, FileKind::Activities, digest, seen_before).await?;
            received.map(|received| Submission::Received(Box::new(received)))
        }
    })
}
