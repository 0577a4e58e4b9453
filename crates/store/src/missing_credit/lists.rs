//! Lists of cases for providers and the accreditor, and how providers answer.

use std::collections::BTreeMap;

use domain::ProviderId;
use domain::access::{ProviderScope, StaffScope};
use domain::missing_credit::CaseState;

use super::{Case, CaseRow, cases};
use crate::error::Result;
use crate::question::Question;
use crate::tx::ReadTx;
use crate::values::{at, parsed, word};

/// Which cases of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Filter {
    /// Where somebody has to do something.
    #[default]
    Open,
    Overdue,
    State(CaseState),
    All,
}

/// Part of a list, and how long the list is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    pub cases: Vec<Case>,
    pub all: i64,
}

impl Filter {
    fn narrow(self, question: &mut Question) {
        match self {
            Self::Open => question.push(" and m.state in ('open', 'needs_information')", []),
            Self::Overdue => {
                question.push(" and m.state in ('open', 'needs_information') and m.overdue_at is not null", []);
            }
            Self::State(state) => question.push(" and m.state = ?", [state.code().into()]),
            Self::All => {}
        }
    }
}

async fn page(tx: &mut ReadTx, provider: Option<ProviderId>, filter: Filter, skip: i64, most: i64) -> Result<Page> {
    let narrow = |question: &mut Question| {
        if let Some(provider) = provider {
            question.push(" and m.provider_id = ?", [provider.as_str().into()]);
        }
        filter.narrow(question);
    };
    let mut counting = Question::new("select count(*) from missing_credit m where true");
    narrow(&mut counting);
    let all = asked!(tx, (i64,), counting)?.first().map_or(0, |(count,)| *count);
    let mut listing = Question::new(cases!("where true"));
    narrow(&mut listing);
    // what waits longest first, among it what the accreditor has; what is over at the end, the newest first
    listing.push(
        " order by case when m.state in ('open', 'needs_information') then 0 else 1 end,
                   case when m.overdue_at is null then 1 else 0 end,
                   case when m.state in ('open', 'needs_information') then m.due_at else - m.settled_at end,
                   m.missing_credit_id limit ? offset ?",
        [most.into(), skip.into()],
    );
    let cases = asked!(tx, CaseRow, listing)?.into_iter().map(Case::try_from).collect::<Result<_>>()?;
    Ok(Page { cases, all })
}

/// A provider's cases: those that are due first come first.
pub async fn list_of_provider(
    tx: &mut ReadTx,
    scope: &ProviderScope,
    filter: Filter,
    skip: i64,
    most: i64,
) -> Result<Page> {
    page(tx, Some(scope.provider()), filter, skip, most).await
}

/// Everybody's cases, overdue ones first.
pub async fn list_all(
    tx: &mut ReadTx,
    _scope: &StaffScope,
    provider: Option<ProviderId>,
    filter: Filter,
    skip: i64,
    most: i64,
) -> Result<Page> {
    page(tx, provider, filter, skip, most).await
}

/// How many cases wait for the provider, and how many of them are overdue.
pub async fn count_waiting(tx: &mut ReadTx, scope: &ProviderScope) -> Result<(i64, i64)> {
    one!(
        tx,
        (i64, i64),
        "select count(*), cast(coalesce(sum(case when overdue_at is null then 0 else 1 end), 0) as bigint)
         from missing_credit where provider_id = $1 and state = 'open'",
        scope.provider().as_str(),
    )
}

/// How many open cases the accreditor has.
pub async fn count_overdue(tx: &mut ReadTx, _scope: &StaffScope) -> Result<i64> {
    let (count,): (i64,) = one!(
        tx,
        (i64,),
        "select count(*) from missing_credit where state in ('open', 'needs_information') and overdue_at is not null",
    )?;
    Ok(count)
}

/// How a provider answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderFigures {
    pub provider: ProviderId,
    pub name: String,
    pub open: i64,
    pub overdue: i64,
    pub answered: i64,
    pub declined: i64,
    /// From opening to the provider's answer, in hours; nothing where none was answered.
    pub median_hours: Option<i64>,
}

/// Cases opened since a time, by provider: those with the most overdue first. Looks at 100,000 at most.
pub async fn figures(tx: &mut ReadTx, _scope: &StaffScope, since: i64) -> Result<Vec<ProviderFigures>> {
    let rows = all!(
        tx,
        (String, String, String, i64, Option<i64>, Option<i64>),
        "select m.provider_id, p.name, m.state, m.opened_at, m.overdue_at, m.settled_at
         from missing_credit m join provider p on p.provider_id = m.provider_id
         where m.opened_at >= $1 order by m.opened_at desc limit 100000",
        since,
    )?;
    let mut by_provider: BTreeMap<String, (ProviderFigures, Vec<i64>)> = BTreeMap::new();
    for (id, name, state, opened_at, overdue_at, settled_at) in rows {
        let state = word(CaseState::read(&state), at("missing_credit", "state", &id))?;
        let provider = parsed(&id, at("missing_credit", "provider_id", &id))?;
        let (figures, hours) = by_provider.entry(id).or_insert_with(|| {
            let none =
                ProviderFigures { provider, name, open: 0, overdue: 0, answered: 0, declined: 0, median_hours: None };
            (none, Vec::new())
        });
        match state {
            CaseState::Open | CaseState::NeedsInformation => figures.open += 1,
            CaseState::Answered => figures.answered += 1,
            CaseState::Declined => figures.declined += 1,
            CaseState::Withdrawn | CaseState::Closed => {}
        }
        figures.overdue += i64::from(state.is_open() && overdue_at.is_some());
        if matches!(state, CaseState::Answered | CaseState::Declined) {
            hours.extend(settled_at.map(|settled| (settled - opened_at) / 3_600_000_000));
        }
    }
    let mut all: Vec<ProviderFigures> = by_provider
        .into_values()
        .map(|(figures, mut hours)| {
            hours.sort_unstable();
            ProviderFigures { median_hours: hours.get(hours.len() / 2).copied(), ..figures }
        })
        .collect();
    all.sort_by(|a, b| (b.overdue, b.open).cmp(&(a.overdue, a.open)).then_with(|| a.name.cmp(&b.name)));
    Ok(all)
}
