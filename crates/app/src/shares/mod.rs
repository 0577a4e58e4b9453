//! A physician lets somebody see the transcript: a licensing board of the system, an e-mail address, or whoever is
//! handed a link. What the recipient reads is the transcript of that moment, within what the physician chose.
//!
//! A link's secret is shown or sent once and stored hashed; so sending it again makes another, and the one before opens
//! nothing any more.

mod given;
pub(crate) mod letters;
mod received;
mod visits;

use domain::access::{Actor, PhysicianScope};
use domain::{ShareId, State};
use store::ReadTx;
use store::shares::looks::Look;
use store::shares::{Recipient, Share, Terms};
use store::transcripts::Record;

pub use given::{ENDS, Given, To};
pub use received::read as read_received;
pub use visits::{Offered, Opened, VISIT, confirm, offer, open, read, send_code};

use crate::accounts::Secret;
use crate::chance::hash_of_secret;
use crate::mail::{self, Letter};
use crate::{App, Error, Result, audit};

/// Shares that a physician may have open at a time: more is no longer sharing.
const MOST_OPEN: usize = 200;
/// Looks that a share's page lists.
const MOST_LOOKS: i64 = 500;

/// A share that was just made, or has a new link.
#[derive(Debug, Clone)]
pub struct Made {
    pub id: ShareId,
    /// The link's secret, where the physician hands it over themselves.
    pub link: Option<Secret>,
}

/// How a recipient looks at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    Page,
    Pdf,
    Json,
}

impl What {
    fn code(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Pdf => "pdf",
            Self::Json => "json",
        }
    }

    fn action(self) -> &'static str {
        match self {
            Self::Page => "share.view",
            Self::Pdf => "share.pdf",
            Self::Json => "share.json",
        }
    }
}

/// Whom a share is for, as its physician reads it.
pub fn recipient_words(recipient: &Recipient, board: impl FnOnce(State) -> String) -> String {
    match recipient {
        Recipient::Link { name } if name.is_empty() => "Anybody with the link".to_owned(),
        Recipient::Link { name } => format!("{name}, by a link"),
        Recipient::Email { name, email, .. } if name.is_empty() => email.clone(),
        Recipient::Email { name, email, .. } => format!("{name}, {email}"),
        Recipient::Board(state) => board(*state),
    }
}

/// As [`recipient_words`], with the boards' names of today.
pub async fn recipient(tx: &mut ReadTx, share: &Share) -> Result<String> {
    let board = match &share.terms.recipient {
        Recipient::Board(state) => store::organizations::find_licensing_board(tx, *state).await?,
        _ => None,
    };
    let named = |state: State| board.map_or_else(|| format!("{} medical board", state.name()), |board| board.name);
    Ok(recipient_words(&share.terms.recipient, named))
}

/// The name that stands on the shared transcript today. `None`: its record stands for nobody any more.
async fn person(tx: &mut ReadTx, share: &Share) -> Result<Option<(Record, String)>> {
    let Some(record) = store::shares::record(tx, share).await? else { return Ok(None) };
    let Some(physician) = store::transcripts::holder(tx, &record).await? else { return Ok(None) };
    let name = physician.full_name();
    let name = if physician.degree.is_empty() { name } else { format!("{name}, {}", physician.degree) };
    Ok(Some((record, name)))
}

/// Makes a share and sends its letter.
///
/// Errors: `Invalid` on a field of the form.
pub async fn create(app: &App, actor: &Actor, scope: &PhysicianScope, given: &Given) -> Result<Made> {
    let mut tx = app.store.read().await?;
    let boards = store::organizations::list_licensing_boards(&mut tx).await?;
    let terms = given.terms(app, &boards)?;
    let now = app.clock.now();
    let open = store::shares::list(&mut tx, scope).await?;
    let still_open = open.iter().filter(|share| share.revoked_at.is_none() && share.terms.expires_at > now).count();
    drop(tx);
    if still_open >= MOST_OPEN {
        let message = format!("You share your transcript {MOST_OPEN} times already. End a share that is not needed.");
        return Err(Error::invalid("to", message));
    }
    let id = ShareId::new(app.chance.id(now));
    let secret = Secret::new(app.chance.secret(""));
    let hash = hash_of_secret(secret.expose());
    let by_link = !matches!(terms.recipient, Recipient::Board(_));
    let mut tx = app.store.write().await?;
    store::shares::insert(&mut tx, scope, id, &terms, by_link.then_some(hash.as_slice()), now).await?;
    let share = store::shares::find(&mut tx, scope, id).await?.ok_or(Error::NotFound)?;
    let told = recipient(&mut tx, &share).await?;
    audit::record(app, &mut tx, actor, "share.create", id, Some(scope.physician()), &told).await?;
    let link = send(app, &mut tx, &share, secret).await?;
    tx.commit().await?;
    Ok(Made { id, link })
}

/// Sends the link where the system does, and hands it back where the physician does.
async fn send(app: &App, tx: &mut store::WriteTx, share: &Share, secret: Secret) -> Result<Option<Secret>> {
    match &share.terms.recipient {
        Recipient::Board(_) => Ok(None),
        Recipient::Link { .. } => Ok(Some(secret)),
        Recipient::Email { email, .. } => {
            let (_, name) = person(tx, share).await?.ok_or(Error::NotFound)?;
            let letter = letters::shared(app, &share.terms, &name, &secret);
            mail::queue(app, tx, email, &Letter::Written(&letter)).await?;
            Ok(None)
        }
    }
}

/// A share of the physician's with the newest looks at it.
///
/// Errors: `NotFound` for another physician's too.
pub async fn find(app: &App, scope: &PhysicianScope, id: ShareId) -> Result<(Share, Vec<Look>)> {
    let mut tx = app.store.read().await?;
    let share = store::shares::find(&mut tx, scope, id).await?.ok_or(Error::NotFound)?;
    let looks = store::shares::looks::list(&mut tx, &share, MOST_LOOKS).await?;
    Ok((share, looks))
}

/// Ends a share at once, also for those who have it open.
pub async fn revoke(app: &App, actor: &Actor, scope: &PhysicianScope, id: ShareId) -> Result<()> {
    let mut tx = app.store.write().await?;
    let share = store::shares::find(&mut tx, scope, id).await?.ok_or(Error::NotFound)?;
    if store::shares::revoke(&mut tx, &share, app.clock.now()).await? {
        let told = recipient(&mut tx, &share).await?;
        audit::record(app, &mut tx, actor, "share.revoke", id, Some(scope.physician()), &told).await?;
    }
    Ok(tx.commit().await?)
}

/// Lets a share last for so many days from today, also one that has expired. `ends` as in the form.
///
/// Errors: `Invalid` on `ends`; `Stale` for one that was revoked.
pub async fn extend(app: &App, actor: &Actor, scope: &PhysicianScope, id: ShareId, given: &Given) -> Result<()> {
    let until = given.expires_at(app)?;
    let mut tx = app.store.write().await?;
    let share = store::shares::find(&mut tx, scope, id).await?.ok_or(Error::NotFound)?;
    if !store::shares::extend(&mut tx, &share, until).await? {
        return Err(Error::Stale);
    }
    let detail = format!("{}, until {}", recipient(&mut tx, &share).await?, app.clock.show(until));
    audit::record(app, &mut tx, actor, "share.extend", id, Some(scope.physician()), &detail).await?;
    Ok(tx.commit().await?)
}

/// Makes a new link, which takes the place of the one before, and sends it where the system does.
///
/// Errors: `Stale` for a share that has ended, or that has no link.
pub async fn renew(app: &App, actor: &Actor, scope: &PhysicianScope, id: ShareId) -> Result<Made> {
    let secret = Secret::new(app.chance.secret(""));
    let mut tx = app.store.write().await?;
    let share = store::shares::find(&mut tx, scope, id).await?.ok_or(Error::NotFound)?;
    if !store::shares::renew(&mut tx, &share, &hash_of_secret(secret.expose()), app.clock.now()).await? {
        return Err(Error::Stale);
    }
    let told = recipient(&mut tx, &share).await?;
    audit::record(app, &mut tx, actor, "share.renew", id, Some(scope.physician()), &told).await?;
    let link = send(app, &mut tx, &share, secret).await?;
    tx.commit().await?;
    Ok(Made { id, link })
}

/// Whether a link's terms let a recipient take a file away.
fn must_allow(terms: &Terms, what: What) -> Result<()> {
    if what == What::Page || terms.allows_downloads { Ok(()) } else { Err(Error::NotFound) }
}
