//! What became of a completion, destination by destination: asked by the sender's own ID, by ours, or by
//! learner, activity and date.
//!
//! What was never reported, what was withdrawn and what another provider reported are all the same: nothing.

use domain::access::ProviderScope;
use domain::{ActivityId, CompletionId, MonthDay};
use jiff::civil::Date;
use store::submissions;

use super::learner::holders;
use super::told::Destination;
use crate::uploads::credit_id;
use crate::{App, Result};

/// Which completion is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// `ccid:provider:completion` of ours, or the sender's own.
    CreditId(String),
    /// As it was reported.
    Learner {
        activity: ActivityId,
        birth: MonthDay,
        completed_on: Date,
        /// `domain:value`, as in `UniqueID`.
        identifier: String,
    },
}

/// One credit of a completion at its destination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusLine {
    /// `ccid:provider:completion`.
    pub credit_id: String,
    /// The sender's own ID; empty if none was given.
    pub submission_id: String,
    pub activity: ActivityId,
    pub completed_on: Date,
    pub destination: Destination,
}

/// The live credit that is meant; none is an empty list.
pub async fn status(app: &App, scope: &ProviderScope, asked: &Asked) -> Result<Vec<StatusLine>> {
    let ids = match asked {
        Asked::CreditId(id) => by_credit_id(app, scope, id).await?,
        Asked::Learner { activity, birth, completed_on, identifier } => {
            let holders = holders(app, identifier).await?;
            let own = identifier.split_once(':').map_or("", |(_, value)| value.trim());
            let mut tx = app.store.read().await?;
            let of_day = submissions::of_day(&mut tx, scope, *activity, *completed_on, *birth).await?;
            let is_meant = |one: &submissions::OfDay| {
                one.physician.is_some_and(|physician| holders.contains(&physician))
                    || (!own.is_empty() && one.learner_identifier.trim().eq_ignore_ascii_case(own))
            };
            of_day.into_iter().filter(is_meant).map(|one| one.id).collect()
        }
    };
    let mut tx = app.store.read().await?;
    let mut completions = store::completions::find_many(&mut tx, scope, &ids).await?;
    completions.sort_by_key(|completion| completion.id);
    let standings = submissions::standings(&mut tx, scope, &ids).await?;
    let mut lines = Vec::new();
    for completion in completions {
        lines.extend(standings.get(&completion.id).into_iter().flatten().map(|standing| StatusLine {
            credit_id: credit_id(scope.provider(), completion.id),
            submission_id: completion.submission_id.clone(),
            activity: completion.activity,
            completed_on: completion.completed_on,
            destination: Destination::from(standing),
        }));
    }
    Ok(lines)
}

async fn by_credit_id(app: &App, scope: &ProviderScope, id: &str) -> Result<Vec<CompletionId>> {
    let id = id.trim();
    let ours = id.strip_prefix(&format!("ccid:{}:", scope.provider())).and_then(|rest| rest.parse().ok());
    let mut tx = app.store.read().await?;
    let named = submissions::named(&mut tx, scope, &[id.to_owned()]).await?;
    Ok(ours.into_iter().chain(named.into_iter().map(|named| named.completion)).collect())
}
