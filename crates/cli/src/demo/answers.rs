//! What certifying boards answered: most credit is accepted, some rejected with a reason, some waits.

use anyhow::Result;
use app::{App, decisions};
use domain::CreditId;
use domain::access::Actor;
use domain::credit::CreditStatus;

use super::dice::Dice;

/// Credit looked at in one sitting.
const SITTING: i64 = 1_000;

/// Each board looks at the credit that waits for it, as of the app's clock.
pub(crate) async fn answer(app: &App, boards: &[Actor]) -> Result<()> {
    let reasons = decisions::reasons(&app.reference.get());
    for board in boards {
        let Some(scope) = board.certifying_board() else { continue };
        let mut tx = app.store.read().await?;
        let waiting = store::moc::list(&mut tx, &scope, CreditStatus::Pending, SITTING, 0).await?;
        drop(tx);
        for credit in waiting {
            let (status, reason) = verdict(credit.id, &reasons);
            if status != CreditStatus::Pending {
                decisions::decide(app, board, credit.id, status, reason).await?;
            }
        }
    }
    Ok(())
}

/// A board never changes its mind: the answer follows from the credit's id.
fn verdict(credit: CreditId, reasons: &[(String, String)]) -> (CreditStatus, &str) {
    let (_, low) = credit.as_uuid().as_u64_pair();
    let mut dice = Dice::of("verdict", low);
    match dice.below(100) {
        0..=1 => (CreditStatus::Pending, ""),
        2..=6 => (CreditStatus::Rejected, &dice.pick_early(reasons).1),
        _ => (CreditStatus::Accepted, ""),
    }
}
