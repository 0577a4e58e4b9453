//! What completions on record forbid a change of their activity to do.

use domain::access::ProviderScope;
use domain::activity::Activity;
use domain::check::us_date;
use domain::{Amount, Board};
use store::WriteTx;
use store::activities::{self, OnRecord, Outside};

use super::faults_of;
use crate::error::{Fault, Result};

/// `3 completions from 03/01/2026 to 03/14/2026`.
fn named(outside: &Outside) -> String {
    let (first, last) = (us_date(outside.first), us_date(outside.last));
    let when = if first == last { format!("of {first}") } else { format!("from {first} to {last}") };
    format!("{} {when}", completions(outside.count))
}

fn completions(count: i64) -> String {
    if count == 1 { "1 completion".into() } else { format!("{count} completions") }
}

/// Every completion on record must still be valid after the change.
pub(super) async fn faults_of_change(
    tx: &mut WriteTx,
    scope: &ProviderScope,
    before: &Activity,
    after: &Activity,
) -> Result<Vec<Fault>> {
    let on_record = activities::completions(tx, scope, after.id).await?;
    if on_record == 0 {
        return Ok(Vec::new());
    }
    let mut faults = Vec::new();
    if before.missing_for_active().is_empty() {
        for fault in faults_of(after.missing_for_active()) {
            let why =
                format!("{} The activity has {} and cannot become a draft.", fault.message, completions(on_record));
            faults.push(Fault::new(fault.field, why));
        }
    }
    if let Some(outside) = activities::outside_dates(tx, scope, after.id, after.starts_on, after.ends_on).await? {
        let field = if outside.first < after.starts_on { "starts_on" } else { "ends_on" };
        let what = format!("{} would lie outside these dates. Withdraw or correct them first.", named(&outside));
        faults.push(Fault::new(field, what));
    }
    if let Some(most) = after.credit
        && let Some(above) = activities::above_credit(tx, scope, after.id, most).await?
    {
        let what = format!("{} would have more than {most} credits. Withdraw or correct them first.", named(&above));
        faults.push(Fault::new("credit", what));
    }
    if before.is_rems && !after.is_rems {
        let count = activities::rems_completions(tx, scope, after.id).await?;
        if count > 0 {
            let what = format!("{} with a REMS learner would lose their place.", completions(count));
            faults.push(Fault::new("is_rems", what));
        }
    }
    Ok(faults)
}

/// What of this board's credit is on record.
pub(super) async fn of_board(
    tx: &mut WriteTx,
    scope: &ProviderScope,
    activity: &Activity,
    board: Board,
) -> Result<Option<OnRecord>> {
    Ok(activities::with_board(tx, scope, activity.id, board).await?)
}

/// What a registration must still allow because of credit on record.
pub(super) fn faults_of_registration(
    on_record: &OnRecord,
    points: Amount,
    credit_types: &[String],
    claim_until: Option<jiff::civil::Date>,
) -> Vec<Fault> {
    let count = completions(on_record.count);
    let mut faults = Vec::new();
    if on_record.most > points {
        let what = format!("{count} on record earn up to {} points. Points cannot be fewer.", on_record.most);
        faults.push(Fault::new("points", what));
    }
    let lost: Vec<&str> =
        on_record.types.iter().filter(|name| !credit_types.contains(name)).map(String::as_str).collect();
    if !lost.is_empty() {
        let what = format!("{count} on record use {}. Keep what is used.", lost.join(" and "));
        faults.push(Fault::new("credit_types", what));
    }
    if claim_until.is_some_and(|until| until < on_record.last) {
        let what = format!("{count} on record go up to {}. The claim date cannot be earlier.", us_date(on_record.last));
        faults.push(Fault::new("claim_until", what));
    }
    faults
}
