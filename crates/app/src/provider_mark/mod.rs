//! The mark of providers that report learner credit: who may show it, since when and until when at least.
//!
//! A mark is current while the provider is in good standing and its newest accepted report is no older than the setting
//! `mark_months` says. That is asked of the record each time; nothing has to be revoked.

mod clock;
mod letters;

use domain::ProviderId;
use domain::access::{Actor, ProviderRole};
use jiff::ToSpan;
use jiff::civil::Date;
use store::ReadTx;
use store::organizations::{Standing, standings};

pub use clock::look_due;

use crate::{App, Error, Result, audit};

/// How a provider's mark stands at this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    Current {
        /// Since this moment at least; nothing while nobody has looked yet.
        since: Option<i64>,
        /// The last day on which it is current even if nothing more is reported.
        until: Date,
    },
    NotCurrent(Why),
}

/// Why a mark is not current.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The provider is not in good standing.
    Standing(Standing),
    /// Nothing was ever accepted.
    NeverReported,
    /// The newest accepted report is too old; its mark was current until this day.
    Stopped { until: Date },
}

/// A provider's mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    pub provider: ProviderId,
    pub name: String,
    pub state: State,
    /// The months of the setting.
    pub months: i32,
}

impl Mark {
    pub fn is_current(&self) -> bool {
        matches!(self.state, State::Current { .. })
    }
}

/// How a provider's mark stands. `NotFound`: there is no such provider.
pub async fn of(app: &App, provider: ProviderId) -> Result<Mark> {
    let mut tx = app.store.read().await?;
    let name = store::organizations::find_provider(&mut tx, provider).await?.ok_or(Error::NotFound)?.name;
    let state = state(app, &mut tx, provider).await?;
    Ok(Mark { provider, name, state, months: months(app) })
}

fn months(app: &App) -> i32 {
    app.reference.get().settings().mark_months
}

/// The last day on which a report of that time carries the mark.
fn until(app: &App, reported_at: i64) -> Date {
    let day = app.clock.day_of(reported_at).unwrap_or(Date::MIN);
    day.saturating_add(months(app).months())
}

async fn state(app: &App, tx: &mut ReadTx, provider: ProviderId) -> Result<State> {
    let today = app.clock.today();
    let standing = standings::on(tx, provider, today).await?.ok_or(Error::NotFound)?;
    if standing != Standing::Good {
        return Ok(State::NotCurrent(Why::Standing(standing)));
    }
    let Some(newest) = store::provider_marks::newest_report(tx, provider).await? else {
        return Ok(State::NotCurrent(Why::NeverReported));
    };
    let until = until(app, newest);
    if until < today {
        return Ok(State::NotCurrent(Why::Stopped { until }));
    }
    let since = store::provider_marks::find(tx, provider).await?.and_then(|seen| seen.begun_at);
    Ok(State::Current { since, until })
}

/// Notes that somebody of the team takes the mark along. `Forbidden`: it is not current at this moment.
pub async fn take(app: &App, actor: &Actor, what: &str) -> Result<()> {
    let scope = actor.provider(ProviderRole::Viewer).ok_or(Error::Forbidden("only providers have a mark"))?;
    if !of(app, scope.provider()).await?.is_current() {
        return Err(Error::Forbidden("your mark is not current; its page says why"));
    }
    let mut tx = app.store.write().await?;
    audit::record(app, &mut tx, actor, "mark.download", scope.provider(), None, what).await?;
    Ok(tx.commit().await?)
}
