//! Points that certifying boards rejected, by board and reason: what each reason means for the provider, and sending
//! all of one reason again.

use domain::access::{Actor, ProviderRole, ProviderScope};
use domain::reference::{List, Reference};
use domain::{Board, CreditId};

use crate::reports::{SentAgain, send_again};
use crate::{App, Error, Result};

/// Credits that one act sends again; who has more asks once more.
const MOST_AT_ONCE: usize = 10_000;

/// What one board rejected for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    pub board: Board,
    /// The reason without the notes that the board added to single credits.
    pub reason: String,
    /// As stored, with their notes.
    pub wordings: Vec<String>,
    pub credits: i64,
    pub advice: &'static str,
}

/// The board's reason, as the list of reasons has it, and what the provider can do.
fn known(reference: &Reference, wording: &str) -> (String, &'static str) {
    let is_it = |name: &str| wording.strip_prefix(name).is_some_and(|note| note.is_empty() || note.starts_with(": "));
    match reference.items(List::RejectionReasons).find(|item| is_it(&item.name)) {
        Some(item) => (item.name.clone(), advice(&item.code)),
        None if wording.is_empty() => ("No reason given".to_owned(), advice("")),
        None => (wording.to_owned(), advice("")),
    }
}

fn advice(code: &str) -> &'static str {
    match code {
        "diplomate_unknown" => {
            "Check the board ID with the learner and correct it. If it is right, the board’s roster was behind: send \
             the points again unchanged once the board has it."
        }
        "name_differs" => "Compare name and board ID with the learner, and correct the one that is wrong.",
        "not_participating" => {
            "There is nothing to correct on your side. Once the learner takes part with the board, send the points \
             again unchanged."
        }
        "type_not_valid" => {
            "Correct the credit type of the report, or ask the board which types it takes for this activity."
        }
        "already_recorded" => "The board counts these points already. Delete them if they were reported twice.",
        "outside_cycle" => "Check the completion date. If it is right, these points do not count for the board.",
        _ => "Read what the board says, and correct what is wrong or ask the board.",
    }
}

/// What stands rejected, the most frequent first.
pub async fn rejections(app: &App, scope: &ProviderScope) -> Result<Vec<Rejection>> {
    let reference = app.reference.get();
    let mut tx = app.store.read().await?;
    let mut all: Vec<Rejection> = Vec::new();
    for group in store::learners::rejections(&mut tx, scope).await? {
        let (reason, advice) = known(&reference, &group.reason);
        match all.iter_mut().find(|one| one.board == group.board && one.reason == reason) {
            Some(one) => {
                one.credits += group.credits;
                one.wordings.push(group.reason);
            }
            None => {
                let wordings = vec![group.reason];
                all.push(Rejection { board: group.board, reason, wordings, credits: group.credits, advice });
            }
        }
    }
    all.sort_by_key(|one| std::cmp::Reverse(one.credits));
    Ok(all)
}

/// Sends everything again that a board rejected for a reason, at most 10,000 credits.
///
/// Errors: `Forbidden` for a role that only reads.
pub async fn send_all_again(app: &App, actor: &Actor, sender: &str, board: Board, reason: &str) -> Result<SentAgain> {
    let scope = actor.provider(ProviderRole::LearnerData).ok_or(Error::Forbidden("your role only reads"))?;
    let all = rejections(app, &scope).await?;
    let Some(rejection) = all.into_iter().find(|one| one.board == board && one.reason == reason) else {
        return Ok(SentAgain::default());
    };
    let of = Some((board, rejection.wordings.as_slice()));
    let mut tx = app.store.read().await?;
    let found = store::learners::rejected(&mut tx, &scope, of, None, MOST_AT_ONCE as i64).await?;
    drop(tx);
    let credits: Vec<CreditId> = found.into_iter().map(|(_, credit, _)| credit).collect();
    send_again(app, actor, sender, &credits).await
}
