//! A sandbox for each provider: a whole Credence of its own, with invented physicians whose outcomes are fixed.
//!
//! It has its own SQLite database below the data folder, whatever the real database is, with its own registry,
//! ledger and background work. So nothing of it can reach boards, the Passport or totals: no query has to
//! remember to leave it out. The real database knows only the tokens that open it and its generation; a reset
//! begins the next one, and every process notices at its next request.

mod filling;
mod opened;
mod people;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::ProviderId;
use domain::access::{Actor, ProviderRole, ProviderScope, Who};
use store::api_clients::Live;

use crate::{App, Error, Result, audit};
use opened::Opened;

pub use opened::{UPLOAD_BYTES, Visit};
pub use people::{ACTIVITY, BOARDS, Brings, CREDITS, LEARNERS, Learner, MOC_ACTIVITY};

/// More are not held open at a time, unless they are in use: the one that nobody used for longest is closed.
const MOST_OPEN: usize = 32;
/// Microseconds without a request after which a sandbox is closed.
const IDLE: i64 = 10 * 60 * 1_000_000;

/// The sandboxes that this process has open. Cloning shares them.
#[derive(Clone, Default)]
pub struct Sandboxes {
    places: Arc<Mutex<HashMap<ProviderId, Arc<Place>>>>,
}

/// A provider's. Whoever opens or closes it holds the lock: two requests at once open one.
#[derive(Default)]
struct Place {
    opened: tokio::sync::Mutex<Option<Arc<Opened>>>,
}

impl Sandboxes {
    fn place(&self, provider: ProviderId) -> Arc<Place> {
        Arc::clone(self.places.lock().unwrap_or_else(PoisonError::into_inner).entry(provider).or_default())
    }

    fn all(&self) -> Vec<Arc<Place>> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// How many are open.
    pub async fn open_now(&self) -> usize {
        let mut open = 0;
        for place in self.all() {
            open += usize::from(place.opened.lock().await.is_some());
        }
        open
    }

    /// Closes all, for the end of the process.
    pub async fn close(&self) {
        for place in self.all() {
            if let Some(opened) = place.opened.lock().await.take() {
                opened.close().await;
            }
        }
    }

    /// Closes those that nobody has used for longest, until no more are open than may be.
    async fn close_beyond(&self, most: usize) {
        let (mut open, mut unused) = (0_usize, Vec::new());
        for place in self.all() {
            // one that is being opened or closed just now is left alone
            let Ok(held) = place.opened.try_lock() else { continue };
            let Some(opened) = held.as_ref() else { continue };
            open += 1;
            if !opened.is_in_use() {
                unused.push((opened.used_at(), Arc::clone(&place)));
            }
        }
        unused.sort_by_key(|(used_at, _)| *used_at);
        for (used_at, place) in unused.into_iter().take(open.saturating_sub(most)) {
            close_unless_used(&place, |opened| opened.used_at() <= used_at).await;
        }
    }
}

/// Closes the place's sandbox if it fits and nobody is in it.
async fn close_unless_used(place: &Place, fits: impl Fn(&Opened) -> bool) {
    let Ok(mut held) = place.opened.try_lock() else { return };
    if let Some(opened) = held.take_if(|opened| fits(opened) && !opened.is_in_use()) {
        opened.close().await;
    }
}

/// Goes into a provider's sandbox, which is opened, and made if there is none yet.
pub async fn enter(app: &App, scope: &ProviderScope) -> Result<Visit> {
    Ok(open(app, scope).await?.1)
}

/// As [`enter`], for the program whose token was recognised.
pub async fn enter_as(app: &App, client: &Live) -> Result<Visit> {
    let actor = Actor { who: Who::ApiClient(client.id), seat: client.seat };
    let scope = actor.provider(ProviderRole::Viewer).ok_or(Error::Forbidden("only providers have a sandbox"))?;
    let (opened, visit) = open(app, &scope).await?;
    opened.make_known(client).await?;
    Ok(visit)
}

/// As [`enter`], but `None` if nothing was ever sent to it since it was last reset.
pub async fn look_into(app: &App, scope: &ProviderScope) -> Result<Option<Visit>> {
    let known = store::sandboxes::find(&mut app.store.read().await?, scope).await?;
    let folder = opened::folder_of(&app.config, scope).join(known.generation.to_string());
    if tokio::fs::try_exists(folder).await? { Ok(Some(enter(app, scope).await?)) } else { Ok(None) }
}

async fn open(app: &App, scope: &ProviderScope) -> Result<(Arc<Opened>, Visit)> {
    let generation = store::sandboxes::find(&mut app.store.read().await?, scope).await?.generation;
    let place = app.sandboxes.place(scope.provider());
    let mut held = place.opened.lock().await;
    if let Some(opened) = held.as_ref().filter(|opened| opened.generation >= generation)
        && let Some(visit) = opened.visit()
    {
        return Ok((Arc::clone(opened), visit));
    }
    if let Some(earlier) = held.take() {
        // whoever is still in it may finish
        tokio::spawn(async move { earlier.remove().await });
    }
    let opened = Arc::new(Opened::open(app, scope, generation).await?);
    let visit = opened.visit().ok_or_else(|| Error::Internal("a sandbox was closed while it opened".to_owned()))?;
    *held = Some(Arc::clone(&opened));
    drop(held);
    app.sandboxes.close_beyond(MOST_OPEN).await;
    Ok((opened, visit))
}

/// Begins the sandbox of the actor's provider anew: everything that was sent to it is forgotten, its tokens stay.
/// Requests that are in it finish in the old one.
pub async fn reset(app: &App, actor: &Actor) -> Result<()> {
    let scope = actor.provider(ProviderRole::Owner).ok_or(Error::Forbidden("only owners reset the sandbox"))?;
    let mut tx = app.store.write().await?;
    let generation = store::sandboxes::begin_anew(&mut tx, &scope, app.clock.now()).await?;
    audit::record(app, &mut tx, actor, "sandbox.reset", scope.provider(), None, &generation.to_string()).await?;
    tx.commit().await?;
    let place = app.sandboxes.place(scope.provider());
    let earlier = place.opened.lock().await.take_if(|opened| opened.generation < generation);
    if let Some(earlier) = earlier {
        tokio::spawn(async move { earlier.remove().await });
    }
    Ok(())
}

/// Closes sandboxes that nobody uses, and tells the others what changed in the reference data. Called every minute.
pub async fn tidy(app: &App) {
    let before = app.clock.now() - IDLE;
    for place in app.sandboxes.all() {
        close_unless_used(&place, |opened| opened.used_at() < before).await;
        let opened = place.opened.lock().await.clone();
        if let Some(opened) = opened
            && let Err(error) = opened.follow(app).await
        {
            tracing::error!(%error, "a sandbox could not take over reference data");
        }
    }
}
