//! Search for the activities that everybody may see: words, facets with counts, ranges, orders.
//!
//! The index is a cache in memory, built from the database and following its change sequence, so several processes
//! agree; see [`ActivitySearch::refresh_in`]. What a search shows is read from the database by ID, so a row that was
//! hidden a moment ago is never shown, whatever the index believes.

mod asked;
mod counting;
mod document;
mod engine;
mod facets;
mod gap;
mod rows;
mod when;
mod words;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use domain::ActivityId;
use jiff::civil::Date;
use store::ReadTx;
use store::activities::{self, Displayed};
use store::activity_changes;
use store::counters::{self, Counter};
use tokio::sync::{Mutex, OnceCell, Semaphore};
use tokio::task::spawn_blocking;

pub use asked::{LAST_PAGE, PER_PAGE, Search, Sort};
pub use counting::Range;
pub use document::topic_value;
pub use facets::{AMA, Facet};
pub use gap::Gap;
pub use when::When;

use crate::App;
use crate::error::{Error, Result};
use crate::registry::Progress;
use engine::{Engine, Filling};

/// Activities read at a time while the index is built, and changes taken over at a time.
const PAGE: i64 = 5_000;
const CHANGES: i64 = 1_000;
/// Searches that count at the same time; others wait, so that a crowd takes no more than its share of the machine.
const AT_ONCE: usize = 4;

/// The index, shared by everyone in the process. It is built when it is first needed, or by
/// [`ActivitySearch::build`]. Cloning shares it.
#[derive(Clone)]
pub struct ActivitySearch {
    shared: Arc<Shared>,
}

struct Shared {
    engine: OnceCell<Arc<Engine>>,
    /// The change up to which the index is current.
    seen: AtomicI64,
    /// One refresh at a time; the day before which nothing ends that is still in the index.
    refreshing: Mutex<Option<Date>>,
    permits: Semaphore,
}

impl Default for ActivitySearch {
    fn default() -> Self {
        let shared = Shared {
            engine: OnceCell::new(),
            seen: AtomicI64::new(0),
            refreshing: Mutex::new(None),
            permits: Semaphore::new(AT_ONCE),
        };
        Self { shared: Arc::new(shared) }
    }
}

/// A way to narrow a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Facet(Facet),
    Range(Range),
}

/// A value of a facet and how many activities choosing it would find.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// As it stands in addresses.
    pub code: String,
    /// What people call it, if that is no reference data; else see [`Facet::name_of`].
    pub name: Option<String>,
    pub count: u64,
    pub is_chosen: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetCounts {
    pub facet: Facet,
    /// What occurs, most frequent first or in the facet's own order, and what is chosen.
    pub values: Vec<Value>,
}

/// What the index answers.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Found {
    total: u64,
    ids: Vec<ActivityId>,
    facets: Vec<FacetCounts>,
    more_without: Vec<(Way, u64)>,
    read_as: Vec<(String, String)>,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Results {
    pub total: u64,
    /// The activities of the page, in order.
    pub activities: Vec<Displayed>,
    /// All facets, in the order of [`Facet::ALL`].
    pub facets: Vec<FacetCounts>,
    /// How many more would be found without one way to narrow.
    pub more_without: Vec<(Way, u64)>,
    /// Words that no activity holds, and what was looked for instead.
    pub read_as: Vec<(String, String)>,
}

impl ActivitySearch {
    /// Builds the index, unless it is there; tells how many activities are in it.
    pub async fn build(&self, app: &App, progress: Progress<'_>) -> Result<u64> {
        let engine = self.engine(app, progress).await?;
        Ok(engine.len())
    }

    async fn engine(&self, app: &App, progress: Progress<'_>) -> Result<Arc<Engine>> {
        let engine = self.shared.engine.get_or_try_init(|| async {
            let mut tx = app.store.read().await?;
            self.shared.seen.store(counters::taken(&mut tx, Counter::ActivityChange).await?, Ordering::SeqCst);
            let today = app.clock.today();
            let reference = Arc::new(app.reference.get());
            let mut filling = blocking(Filling::begin).await?;
            let (mut done, mut after) = (0, None);
            loop {
                let page = activities::displayed_after(&mut tx, today, after, PAGE).await?;
                let Some(last) = page.last() else { break };
                after = Some((last.stored.activity.ends_on, last.stored.activity.id));
                done += page.len() as u64;
                let reference = reference.clone();
                filling = blocking(move || filling.add(&page, &reference).map(|()| filling)).await?;
                progress(done, done);
            }
            Ok::<_, Error>(Arc::new(blocking(move || filling.end()).await?))
        });
        Ok(engine.await?.clone())
    }

    /// Takes over what changed in the database since, and forgets what has ended. One query when nothing did.
    pub async fn refresh(&self, app: &App) -> Result<()> {
        let mut tx = app.store.read().await?;
        self.refresh_in(app, &mut tx).await?;
        Ok(())
    }

    /// As [`ActivitySearch::refresh`], as far as an open transaction sees. It must not have changed activities
    /// itself. Gives the index, which knows at least what the transaction sees.
    async fn refresh_in(&self, app: &App, tx: &mut ReadTx) -> Result<Arc<Engine>> {
        let engine = self.engine(app, &|_, _| ()).await?;
        let newest = counters::taken(tx, Counter::ActivityChange).await?;
        let today = app.clock.today();
        if self.shared.seen.load(Ordering::SeqCst) >= newest && *self.shared.refreshing.lock().await == Some(today) {
            return Ok(engine);
        }
        let mut refreshed = self.shared.refreshing.lock().await;
        let mut seen = self.shared.seen.load(Ordering::SeqCst);
        let mut ended_before = (*refreshed != Some(today)).then_some(today);
        while seen < newest || ended_before.is_some() {
            let changes = activity_changes::since(tx, seen, CHANGES).await?;
            let changed: Vec<ActivityId> = changes.iter().map(|change| change.activity).collect();
            let shown = activities::displayed_among(tx, &changed).await?;
            seen = changes.last().map_or(newest, |last| last.seq);
            let (engine, reference) = (engine.clone(), app.reference.get());
            let ended = ended_before.take();
            blocking(move || engine.change(&changed, &shown, ended, &reference)).await?;
            self.shared.seen.fetch_max(seen, Ordering::SeqCst);
        }
        *refreshed = Some(today);
        Ok(engine)
    }

    /// How many a search finds, asked of the index alone: nothing of the database is read or followed. For measuring;
    /// the index must have been built.
    pub async fn search_alone(&self, search: &Search, today: Date) -> Result<u64> {
        let engine = self.shared.engine.get().ok_or_else(|| Error::Internal("the index is not built".to_owned()))?;
        let (engine, search) = (engine.clone(), search.clone());
        Ok(blocking(move || engine.search(&search, today, None, None, None)).await?.total)
    }

    /// Activities in the index; `None` if it is not built.
    pub fn activities(&self) -> Option<u64> {
        self.shared.engine.get().map(|engine| engine.len())
    }

    /// The newest change that the index knows.
    pub fn seen(&self) -> i64 {
        self.shared.seen.load(Ordering::SeqCst)
    }
}

/// Finds what everybody may see today. `gap`: what "fits my gap" means for whoever asks.
pub async fn search(app: &App, search: &Search, gap: Option<&Gap>) -> Result<Results> {
    let mut tx = app.store.read().await?;
    search_in(app, &mut tx, search, gap, None, None).await
}

/// The first so many of all that is found, whatever page is asked for.
pub async fn search_first(app: &App, search: &Search, gap: Option<&Gap>, most: usize) -> Result<Results> {
    let mut tx = app.store.read().await?;
    search_in(app, &mut tx, search, gap, None, Some(most)).await
}

/// As [`search_first`], among what could be seen first after one change, and not after another.
pub(crate) async fn search_new(
    app: &App,
    tx: &mut ReadTx,
    search: &Search,
    gap: Option<&Gap>,
    shown: (i64, i64),
    most: usize,
) -> Result<Results> {
    search_in(app, tx, search, gap, Some(shown), Some(most)).await
}

async fn search_in(
    app: &App,
    tx: &mut ReadTx,
    search: &Search,
    gap: Option<&Gap>,
    shown: Option<(i64, i64)>,
    most: Option<usize>,
) -> Result<Results> {
    let engine = app.activity_search.refresh_in(app, tx).await?;
    let today = app.clock.today();
    let found = {
        let permit = app.activity_search.shared.permits.acquire().await;
        let _permit = permit.map_err(|error| Error::Internal(error.to_string()))?;
        let (search, gap) = (search.clone(), gap.cloned());
        blocking(move || engine.search(&search, today, gap.as_ref(), shown, most)).await?
    };
    let mut displayed = activities::displayed_among(tx, &found.ids).await?;
    displayed.retain(|one| one.stored.activity.ends_on >= today);
    displayed.sort_by_key(|one| found.ids.iter().position(|id| *id == one.stored.activity.id));
    let Found { total, facets, more_without, read_as, .. } = found;
    Ok(Results { total, activities: displayed, facets, more_without, read_as })
}

/// Runs work of the engine where it may block.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> tantivy::Result<T> + Send + 'static) -> Result<T> {
    let internal = |error: String| Error::Internal(format!("the search for activities failed: {error}"));
    let done = spawn_blocking(work).await.map_err(|error| internal(error.to_string()))?;
    done.map_err(|error| internal(error.to_string()))
}
