//! A certifying board's answer to a pending MOC credit: a fact of its own, with its leaf in the
//! ledger and its event for the provider.

use domain::CreditId;
use domain::access::Actor;
use domain::credit::CreditStatus;
use domain::reference::{List, Reference};
use store::WriteTx;
use store::counters::{self, Counter};
use store::events::{EventKind, NewEvent};
use store::ledger::{Leaf, LedgerEvent};

use crate::reports::leaf;
use crate::{App, Error, Result, audit};

const LONGEST_NOTE: usize = 200;

/// The reasons that boards choose from today, as code and words; the words are what provider and physician read.
pub fn reasons(reference: &Reference) -> Vec<(String, String)> {
    reference.items(List::RejectionReasons).map(|item| (item.code.clone(), item.name.clone())).collect()
}

/// The words to store for a chosen reason, with a note of the board's own if it wrote one.
///
/// Errors: `Invalid` on `reason` or `note`.
pub fn reason_words(reference: &Reference, chosen: &str, note: &str) -> Result<String> {
    let reason = reference.items(List::RejectionReasons).find(|item| item.code == chosen);
    let reason = reason.ok_or_else(|| Error::invalid("reason", "Choose why the points are rejected."))?;
    let note = note.trim();
    if note.chars().count() > LONGEST_NOTE || note.chars().any(char::is_control) {
        return Err(Error::invalid("note", format!("Write at most {LONGEST_NOTE} characters, on one line.")));
    }
    Ok(if note.is_empty() { reason.name.clone() } else { format!("{}: {note}", reason.name) })
}

/// What a board says of one credit. `reason` is empty for an acceptance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    pub credit: CreditId,
    pub status: CreditStatus,
    pub reason: String,
}

/// What became of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    Decided,
    /// The board had said the same before.
    SaidBefore,
    /// The board had said something else before; that stands.
    SaidOtherwise,
    /// There is no such live credit of this board.
    NotFound,
}

/// Accepts or rejects one pending credit of the actor's board. `reason` is empty for an acceptance.
///
/// Errors: `NotFound` for another board's credit, `Stale` if it was decided meanwhile, `Forbidden` for an
/// answer that is none.
pub async fn decide(app: &App, actor: &Actor, credit: CreditId, status: CreditStatus, reason: &str) -> Result<()> {
    let decision = Decision { credit, status, reason: reason.to_owned() };
    match decide_many(app, actor, &[decision]).await?.first() {
        Some(Settled::Decided) => Ok(()),
        Some(Settled::SaidBefore | Settled::SaidOtherwise) => Err(Error::Stale),
        Some(Settled::NotFound) | None => Err(Error::NotFound),
    }
}

/// Settles decisions on credits of the actor's board in one transaction, each by itself and in the given
/// order; one that comes too late does not hold up the others. Sent again, they change nothing.
///
/// Errors: `NotFound` for an actor who is no certifying board, `Forbidden` for an answer that is none.
pub async fn decide_many(app: &App, actor: &Actor, decisions: &[Decision]) -> Result<Vec<Settled>> {
    let mut tx = app.store.write().await?;
    let settled = decide_in(app, &mut tx, actor, "", decisions).await?;
    tx.commit().await?;
    Ok(settled)
}

/// As [`decide_many`], within the caller's transaction. `by` is what the audit says beside the reason, where it was
/// nobody's hand.
pub(crate) async fn decide_in(
    app: &App,
    tx: &mut WriteTx,
    actor: &Actor,
    by: &str,
    decisions: &[Decision],
) -> Result<Vec<Settled>> {
    let scope = actor.certifying_board().ok_or(Error::NotFound)?;
    if decisions.iter().any(|decision| decision.status == CreditStatus::Pending) {
        return Err(Error::Forbidden("an answer is to accept or to reject"));
    }
    let now = app.clock.now();
    // the ledger's lock first: whoever records stands in one line
    counters::take(tx, Counter::LedgerLeaf, 0).await?;
    let mut settled = Vec::with_capacity(decisions.len());
    let mut events = Vec::new();
    for decision in decisions {
        let &Decision { credit, status, ref reason } = decision;
        let Some(moc) = store::moc::find(tx, &scope, credit).await? else {
            settled.push(Settled::NotFound);
            continue;
        };
        if moc.status != CreditStatus::Pending {
            let is_same = moc.status == status && moc.reason == *reason;
            settled.push(if is_same { Settled::SaidBefore } else { Settled::SaidOtherwise });
            continue;
        }
        if !store::completions::decide_credit(tx, credit, status, reason).await? {
            return Err(Error::Stale);
        }
        let index = counters::take(tx, Counter::LedgerLeaf, 1).await?;
        let decided = Leaf {
            index,
            hash: leaf::decided(credit, status, reason, now),
            event: LedgerEvent::Decide { status, reason: reason.clone() },
            credit,
            at: now,
        };
        store::ledger::append(tx, &[decided]).await?;
        events.push(NewEvent {
            kind: EventKind::CreditDecided,
            at: now,
            provider: moc.provider,
            board: Some(scope.board()),
            credit: Some(credit),
            upload: None,
        });
        let action = if status == CreditStatus::Accepted { "credit.accept" } else { "credit.reject" };
        let detail = [by, reason.as_str()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": ");
        audit::record(app, tx, actor, action, credit, moc.physician, &detail).await?;
        settled.push(Settled::Decided);
    }
    store::events::append(tx, &events).await?;
    Ok(settled)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use domain::reference::{Item, Rules};
    use jiff::civil::date;

    use super::*;

    fn reference() -> Reference {
        let item = |code: &str, name: &str, until| Item {
            list: List::RejectionReasons,
            group: String::new(),
            code: code.into(),
            name: name.into(),
            valid_from: None,
            valid_until: until,
        };
        let items = vec![
            item("name_differs", "Name and diplomate ID do not agree", None),
            item("too_late", "Too late", Some(date(2026, 1, 31))),
        ];
        Reference::new(Arc::new(Rules::new(vec![], vec![], items)), date(2026, 2, 1))
    }

    #[test]
    fn a_reason_comes_from_the_catalogue_of_today_and_may_carry_a_note() {
        let words = |chosen: &str, note: &str| reason_words(&reference(), chosen, note);
        assert_eq!(words("name_differs", " ").unwrap(), "Name and diplomate ID do not agree");
        assert_eq!(words("name_differs", "maiden name?").unwrap(), "Name and diplomate ID do not agree: maiden name?");
        assert_eq!(reasons(&reference()).len(), 1);
        for wrong in ["because", "too_late", "", "Name and diplomate ID do not agree"] {
            assert!(words(wrong, "").is_err(), "{wrong}");
        }
        assert!(words("name_differs", "two\nlines").is_err());
        assert!(words("name_differs", &"x".repeat(201)).is_err());
    }
}
