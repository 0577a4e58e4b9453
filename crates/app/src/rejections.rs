//! Letters to providers about credit that certifying boards rejected: one letter for all that was rejected since the
//! last one, at most one an hour, to the owners of the team and to those who report learners.
//!
//! The outbox is followed in order: each rejection marks its provider as waiting, and a letter takes the mark away,
//! both with what they follow from. No letter names a learner, nor repeats a board's own note, which might.

use domain::ProviderId;
use domain::access::{ProviderRole, ProviderScope};
use domain::reference::{List, Reference};
use store::counters::Counter;
use store::events::EventKind;
use store::rejection_notices::{self, Rejected};

use crate::clock::HOUR;
use crate::letters::Item;
use crate::mail::{self, Letter};
use crate::{App, Result, outbox, retry};

/// Providers that are written to in one round.
const AT_ONCE: i64 = 50;
/// Groups of credit that are read for a letter, and lines that it has.
const GROUPS: i64 = 2_000;
const LINES: usize = 12;

/// Marks the providers of the next rejections as waiting. Whether there may be more.
pub async fn note_next(app: &App) -> Result<bool> {
    if !outbox::is_behind(app, Counter::Rejections).await? {
        return Ok(false);
    }
    retry::on_race(|| note(app)).await?;
    Ok(true)
}

async fn note(app: &App) -> Result<()> {
    let mut tx = app.store.write().await?;
    // acceptances are marked too: which it was stands with the credit, and the letter looks there
    for event in outbox::take(&mut tx, Counter::Rejections).await? {
        if event.kind == EventKind::CreditDecided {
            rejection_notices::note(&mut tx, event.provider, event.seq).await?;
        }
    }
    Ok(tx.commit().await?)
}

/// Writes the letters that are due.
pub async fn write_due(app: &App) -> Result<()> {
    let due = rejection_notices::due(&mut app.store.read().await?, app.clock.now() - HOUR, AT_ONCE).await?;
    for (provider, seq) in due {
        retry::on_race(|| write(app, provider, seq)).await?;
    }
    Ok(())
}

async fn write(app: &App, provider: ProviderId, seq: i64) -> Result<()> {
    let scope = ProviderScope::of_record(provider);
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let rejected = rejection_notices::rejected_since(&mut tx, &scope, seq, GROUPS).await?;
    let mailed_at = (!rejected.is_empty()).then_some(now);
    if !rejection_notices::settle(&mut tx, &scope, seq, mailed_at).await? {
        return Ok(());
    }
    if !rejected.is_empty() {
        let organization = store::organizations::find_provider(&mut tx, provider).await?;
        let organization = organization.map(|found| found.name).unwrap_or_default();
        let credits = rejected.iter().map(|one| one.credits).sum();
        let lines = lines(&app.reference.get(), rejected);
        for member in store::seats::list_team(&mut tx, &scope).await? {
            if matches!(member.role, ProviderRole::Owner | ProviderRole::LearnerData) {
                let letter =
                    Letter::CreditRejected { name: &member.name, organization: &organization, credits, lines: &lines };
                mail::queue(app, &mut tx, &member.email, &letter).await?;
            }
        }
    }
    Ok(tx.commit().await?)
}

/// One line for each activity, board and reason, most credits first.
fn lines(reference: &Reference, rejected: Vec<Rejected>) -> Vec<Item> {
    let mut groups: Vec<Rejected> = Vec::new();
    for one in rejected {
        let reason = words_of(reference, &one.reason);
        let same = |known: &&mut Rejected| {
            known.activity == one.activity && known.board == one.board && known.reason == reason
        };
        match groups.iter_mut().find(same) {
            Some(known) => known.credits += one.credits,
            None => groups.push(Rejected { reason, ..one }),
        }
    }
    groups.sort_by_key(|group| -group.credits);
    let rest: i64 = groups.iter().skip(LINES).map(|group| group.credits).sum();
    let mut lines: Vec<Item> = groups.iter().take(LINES).map(|group| line(reference, group)).collect();
    if rest > 0 {
        let title = format!("{rest} more of other activities or for other reasons");
        lines.push(Item { title, ..Item::default() });
    }
    lines
}

fn line(reference: &Reference, group: &Rejected) -> Item {
    let Rejected { activity, title, board, reason, credits } = group;
    let board = domain::Board::read(board).map_or_else(|| board.clone(), |code| reference.board_label(code));
    let of = if *credits == 1 { "credit" } else { "credits" };
    let detail = format!("{credits} {board} {of}: {reason}");
    Item { title: format!("{title} ({activity})"), detail, ..Item::default() }
}

/// The catalogue's words of a reason, as they are today or once were, without the board's note.
fn words_of(reference: &Reference, reason: &str) -> String {
    let items = reference.rules().items.iter().filter(|item| item.list == List::RejectionReasons);
    let begins = |name: &str| reason.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'));
    let longest = items.filter(|item| begins(&item.name)).max_by_key(|item| item.name.len());
    longest.map_or_else(|| "see the board’s words there".to_owned(), |item| item.name.clone())
}
