//! Decisions about a provider's accreditation, and what follows when the day of one comes: who may submit, what the
//! public search shows, letters to the provider's owners.

use domain::ProviderId;
use domain::access::{Actor, ProviderRole, ProviderScope};
use domain::check::us_date;
use domain::reference::{Item, List};
use jiff::ToSpan;
use store::WriteTx;
use store::counters::{self, Counter};
use store::organizations::Standing;
use store::organizations::standings::{self, NewDecision};
use uuid::Uuid;

use super::{Form, staff};
use crate::mail::{self, Letter};
use crate::{App, Error, Result, audit, retry};

/// Providers looked at in one round.
const AT_ONCE: i64 = 100;

/// A decision as it is typed.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// `GROUP/CODE` of the list of decisions.
    pub decision: String,
    pub from: String,
    pub term_until: String,
    pub reason: String,
}

/// The decisions that can be made today: value, name, and how the provider stands by it.
pub fn choices(app: &App) -> Vec<(String, String, Standing)> {
    let reference = app.reference.get();
    let choice = |item: &Item| {
        let standing = Standing::read(&item.group)?;
        Some((format!("{}/{}", item.group, item.code), item.name.clone(), standing))
    };
    let mut all: Vec<_> = reference.items(List::AccreditationDecisions).filter_map(choice).collect();
    all.sort_by_key(|(.., standing)| Standing::ALL.iter().position(|one| one == standing));
    all
}

/// Reads a typed decision; its faults go to the form.
pub(super) fn read(app: &App, form: &mut Form, provider: ProviderId, wanted: &Wanted) -> Option<NewDecision> {
    let today = app.clock.today();
    let chosen = choices(app).into_iter().find(|(value, ..)| *value == wanted.decision);
    if chosen.is_none() {
        form.fault("decision", "Choose the decision.");
    }
    let from = form.day("from", &wanted.from, "Enter the day from which the decision counts.");
    if from.is_some_and(|from| from > today.saturating_add(5.years())) {
        form.fault("from", "This day is more than five years away.");
    }
    let term = form.day("term_until", &wanted.term_until, "");
    if let (Some(from), Some(term)) = (from, term)
        && term < from
    {
        form.fault("term_until", "The term ends before the decision counts. Correct one of the two days.");
    }
    let is_adverse = chosen.as_ref().is_some_and(|(.., standing)| *standing != Standing::Good);
    let missing = if is_adverse { "Say why: the provider’s owners read it." } else { "" };
    let reason = form.words("reason", &wanted.reason, 1_000, missing);
    let (_, name, standing) = chosen?;
    let now = app.clock.now();
    Some(NewDecision {
        id: app.chance.id(now),
        provider,
        starts_on: from?,
        standing,
        decision: name,
        term_until: term,
        reason,
        recorded_at: now,
        recorded_by: None,
    })
}

/// Puts a decision on record. One whose day is today or past counts at once, if no later one does.
pub async fn decide(app: &App, actor: &Actor, provider: ProviderId, wanted: &Wanted) -> Result<()> {
    let (_, account) = staff(actor)?;
    let mut form = Form::default();
    let decision = read(app, &mut form, provider, wanted);
    form.done()?;
    let Some(decision) = decision else { return Err(Error::invalid("decision", "Choose the decision.")) };
    let decision = NewDecision { recorded_by: Some(account), ..decision };
    retry::on_race(|| async {
        let mut tx = app.store.write().await?;
        counters::take(&mut tx, Counter::LedgerLeaf, 0).await?;
        store::organizations::find_provider(&mut tx, provider).await?.ok_or(Error::NotFound)?;
        standings::insert(&mut tx, &decision).await?;
        let detail = format!("{} ({}) from {}", decision.decision, decision.standing.label(), decision.starts_on);
        audit::record(app, &mut tx, actor, "provider.decide", provider, None, &detail).await?;
        see_to(app, &mut tx, provider).await?;
        Ok(tx.commit().await?)
    })
    .await
}

/// Takes a planned decision back. `NotFound`: there is none, or its day has come.
pub async fn take_back(app: &App, actor: &Actor, provider: ProviderId, decision: Uuid) -> Result<()> {
    let (scope, account) = staff(actor)?;
    let (now, today) = (app.clock.now(), app.clock.today());
    let mut tx = app.store.write().await?;
    if !standings::take_back(&mut tx, &scope, provider, decision, (account, now), today).await? {
        return Err(Error::NotFound);
    }
    audit::record(app, &mut tx, actor, "provider.take_back", provider, None, &decision.to_string()).await?;
    Ok(tx.commit().await?)
}

/// Sees to decisions whose day has come. Whether there may be more.
pub async fn see_to_due(app: &App) -> Result<bool> {
    let due = standings::due(&mut app.store.read().await?, app.clock.today(), AT_ONCE).await?;
    let is_full = i64::try_from(due.len()).is_ok_and(|found| found >= AT_ONCE);
    for provider in due {
        retry::on_race(|| async {
            let mut tx = app.store.write().await?;
            counters::take(&mut tx, Counter::LedgerLeaf, 0).await?;
            see_to(app, &mut tx, provider).await?;
            Ok(tx.commit().await?)
        })
        .await?;
    }
    Ok(is_full)
}

/// Brings what follows from the decisions up to date: whoever comes second finds nothing left to do. The caller holds
/// the ledger's lock.
pub(super) async fn see_to(app: &App, tx: &mut WriteTx, provider: ProviderId) -> Result<()> {
    let (now, today) = (app.clock.now(), app.clock.today());
    if standings::mark_applied(tx, provider, today, now).await? == 0 {
        return Ok(());
    }
    let before = store::organizations::standing(tx, provider).await?.ok_or(Error::NotFound)?;
    let after = standings::on(tx, provider, today).await?.ok_or(Error::NotFound)?;
    if before == after {
        return Ok(());
    }
    standings::set_current(tx, provider, after).await?;
    store::activity_changes::note_provider(tx, provider).await?;
    store::provider_marks::look_now(tx, provider).await?;
    let entry = audit::entry(app, None, "provider.standing", provider.to_string(), None, after.code());
    audit::insert(app, tx, &[entry]).await?;
    tell(app, tx, provider, after).await
}

/// Tells a provider's owners how it stands now.
async fn tell(app: &App, tx: &mut WriteTx, provider: ProviderId, standing: Standing) -> Result<()> {
    let name = store::organizations::find_provider(tx, provider).await?.ok_or(Error::NotFound)?.name;
    let product = &app.config.product_name;
    let what = match standing {
        Standing::Good => {
            "You can submit activities and learner credit, and activities that you display are in the public search."
        }
        Standing::Probation | Standing::Lapsed => {
            "While this holds you cannot submit activities or learner credit, and your activities are not in the public \
             search. What is on record stays on record. Rows of uploads that were still running are refused and wait \
             on the upload’s page."
        }
    };
    let subject = format!("{name}: {} on {product}", standing.label());
    let link = app.config.link("/provider");
    let from = us_date(app.clock.today());
    for owner in store::seats::list_team(tx, &ProviderScope::of_record(provider)).await? {
        if owner.role == ProviderRole::Owner {
            let body = format!(
                "Hello {},\n\nfrom {from} on, the standing of {name} is: {}.\n\n{what}\n\nYour pages:\n{link}\n",
                owner.name,
                standing.label(),
            );
            mail::queue(app, tx, &owner.email, &Letter::Words { subject: &subject, body: &body }).await?;
        }
    }
    Ok(())
}
