//! What a physician's licenses still miss, as the search for activities asks for it: the topics that the running
//! cycle of a license asks for and does not have, and of the cycle before while it can still be shown.
//!
//! Hours that are missing are no part of it: any activity would help with those. Nor are topics that are asked of
//! some licensees only, since nobody can compute of whom.

use domain::AccountId;
use domain::access::{Actor, Who};
use domain::requirement::{Assessment, Requirement};

use crate::activity_search::{Gap, topic_value};
use crate::requirements::{self, LicenseGap};
use crate::{App, Result};

/// The gap of whoever looks: none if they are no physician, an empty one if no license misses a topic.
pub async fn of(app: &App, actor: &Actor) -> Result<Option<Gap>> {
    let Some(scope) = actor.physician() else { return Ok(None) };
    let gaps = requirements::own(app, &scope).await?;
    let mut topics: Vec<String> = gaps.licenses.iter().flat_map(missing).collect();
    topics.sort_unstable();
    topics.dedup();
    Ok(Some(Gap { topics, boards: Vec::new() }))
}

fn missing(license: &LicenseGap) -> Vec<String> {
    let of = |requirement: &Requirement, assessment: &Assessment| -> Vec<String> {
        let missing = assessment.missing_topics(requirement, false);
        missing
            .map(|(topic, _)| match topic.topic.is_empty() {
                true => topic.domain.clone(),
                false => topic_value(&topic.domain, &topic.topic),
            })
            .collect()
    };
    let running = license.requirement.as_ref().map(|requirement| of(requirement, &license.assessment));
    let before = license.in_grace.as_ref().map(|(requirement, assessment)| of(requirement, assessment));
    running.into_iter().chain(before).flatten().collect()
}

/// The gap of an account, for letters; none if nobody sits in it as a physician.
pub async fn of_account(app: &App, account: AccountId) -> Result<Option<Gap>> {
    let seats = store::seats::list(&mut app.store.read().await?, account).await?;
    for seat in seats {
        let actor = Actor { who: Who::Account(account), seat: seat.seat };
        if let Some(gap) = of(app, &actor).await? {
            return Ok(Some(gap));
        }
    }
    Ok(None)
}
