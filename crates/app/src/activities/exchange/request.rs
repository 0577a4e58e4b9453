//! Records of a request: up to a thousand are settled at once and answered one by one; more become a
//! file that a job settles.

use domain::access::Actor;
use formats::activities::{ActivityFormat, SheetKind, open};
use store::activity_files::{FileKind, Settled, Told};

use super::super::editor;
use super::files::{self, Received, limits};
use super::read::{Item, Items};
use super::settle::{settle, until_newest};
use super::stage::Staged;
use super::told;
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

/// Takes a request's body: a document of activities. It is read to its end before anything is saved.
pub async fn submit(
    app: &App,
    actor: &Actor,
    sender: &str,
    format: ActivityFormat,
    staged: Staged,
) -> Result<Submission> {
    let scope = editor(actor)?;
    providers::must_be_in_good_standing(app, &scope).await?;
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
        let received = files::receive(app, actor, sender, FileKind::Activities, &name, staged).await?;
        return Ok(match received {
            Ok(received) => Submission::Received(Box::new(received)),
            Err(told) => Submission::Unreadable(vec![told]),
        });
    }
    let settled = until_newest(|| async {
        let mut tx = app.store.write().await?;
        let settled = settle(app, &mut tx, actor, &scope, &items).await?;
        tx.commit().await?;
        Ok(settled)
    });
    Ok(Submission::Settled(settled.await?))
}
