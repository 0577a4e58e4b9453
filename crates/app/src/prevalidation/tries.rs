//! The limits of pre-validation. Month and day of birth are 366 values: who may ask as often as they like has
//! them all.
//!
//! What is counted is **different descriptions that did not mean the person they are about**, by provider and
//! person, over 30 days. A description that matched tells its sender nothing that they did not send; the same
//! one sent again tells nothing new. A person is a name as it is folded, and whoever the engine finds likeliest:
//! neither another spelling nor another name beside the same license is somebody new.

use std::collections::{HashMap, HashSet};

use domain::PhysicianId;
use domain::access::ProviderScope;
use domain::report::Learner;
use sha2::{Digest as _, Sha256};
use store::WriteTx;
use store::identity_tries::{self, Digest, Try};

use crate::claims::subjects::folded_name;
use crate::{App, Error, Result};

/// Different descriptions of one person that a provider may get wrong within [`WINDOW`]. Of the 366 days of birth
/// that is one in eighteen; whoever corrects a learner's details needs a handful.
pub const MOST_AT_ONE: usize = 20;
/// 30 days, in microseconds.
pub(crate) const WINDOW: i64 = 30 * 24 * crate::clock::HOUR;

/// One learner as the limits see it: digests only.
pub(super) struct Described {
    /// The name as folded, then whoever is likeliest meant.
    people: Vec<Digest>,
    description: Digest,
    is_match: bool,
}

impl Described {
    pub(super) fn of(scope: &ProviderScope, learner: &Learner, meant: Option<PhysicianId>, is_match: bool) -> Self {
        let named = digest(scope, &["name", &folded_name(&learner.last, &learner.first)]);
        let meant = meant.map(|physician| digest(scope, &["physician", &physician.to_string()]));
        let birth = learner.birth.map(|birth| birth.to_string()).unwrap_or_default();
        let state = learner.state.map(|state| state.to_string()).unwrap_or_default();
        let (board, id): (String, String) =
            learner.board.clone().map_or_else(Default::default, |(board, id)| (board.to_string(), id));
        let identifier = learner.identifier.as_deref().unwrap_or_default();
        let parts = ["description", &learner.first, &learner.last, &birth, &state, identifier, &board, &id];
        Self {
            people: [Some(named), meant].into_iter().flatten().collect(),
            description: digest(scope, &parts),
            is_match,
        }
    }

    /// For the audit: the same name gives the same letters.
    pub(super) fn shown(&self) -> String {
        self.people.iter().take(1).flatten().take(8).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Each part with its length before it, so that no two lists of parts read the same.
fn digest(scope: &ProviderScope, parts: &[&str]) -> Digest {
    let mut sha = Sha256::new();
    for part in std::iter::once(&scope.provider().as_str()).chain(parts) {
        sha.update((part.len() as u64).to_be_bytes());
        sha.update(part.as_bytes());
    }
    let mut half = Digest::default();
    half.iter_mut().zip(sha.finalize()).for_each(|(to, byte)| *to = byte);
    half
}

/// Counts a batch and says of each learner whether it may be answered; `None` of it was not looked for and counts
/// nothing. `TooMany` when the provider's day is used up.
pub(super) async fn count(
    app: &App,
    tx: &mut WriteTx,
    scope: &ProviderScope,
    described: &[Option<Described>],
) -> Result<Vec<bool>> {
    let (now, today) = (app.clock.now(), app.clock.today());
    let asked = i64::try_from(described.iter().flatten().count()).unwrap_or(i64::MAX);
    // first, because two batches at once wait for one another here
    if asked > 0 && identity_tries::add_checked(tx, scope, today, asked).await? > app.config.validations_per_day {
        let seconds = (app.clock.end_of(today) - now) / 1_000_000 + 1;
        return Err(Error::TooMany { retry_after_seconds: seconds });
    }
    let mut people: Vec<Digest> = described.iter().flatten().flat_map(|one| one.people.clone()).collect();
    people.sort_unstable();
    people.dedup();
    let mut seen = Seen::default();
    identity_tries::among(tx, scope, &people, now - WINDOW).await?.into_iter().for_each(|one| seen.note(one));
    let mut fresh = Vec::new();
    let told = described.iter().map(|one| one.as_ref().is_none_or(|one| seen.allow(one, &mut fresh))).collect();
    identity_tries::insert_many(tx, scope, &fresh, now).await?;
    Ok(told)
}

/// Tries so far, those of the batch itself among them.
#[derive(Default)]
struct Seen {
    tries: HashSet<Try>,
    by_person: HashMap<Digest, usize>,
}

impl Seen {
    fn note(&mut self, one: Try) {
        if self.tries.insert(one) {
            *self.by_person.entry(one.person).or_default() += 1;
        }
    }

    /// Whether this learner may be answered. A try that counts is put to `fresh`.
    fn allow(&mut self, one: &Described, fresh: &mut Vec<Try>) -> bool {
        let tries = one.people.iter().map(|person| Try { person: *person, description: one.description });
        let new: Vec<Try> = tries.filter(|one| !self.tries.contains(one)).collect();
        let is_open = |one: &Try| self.by_person.get(&one.person).is_none_or(|count| *count < MOST_AT_ONE);
        if !new.iter().all(is_open) {
            return false;
        }
        if !one.is_match {
            new.iter().for_each(|one| self.note(*one));
            fresh.extend(new);
        }
        true
    }
}
