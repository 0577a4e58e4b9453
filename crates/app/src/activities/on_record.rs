//! What completions on record forbid a change of their activity to do.

use domain::Board;
use domain::access::ProviderScope;
use domain::activity::{Activity, MocRegistration};
use domain::check::us_date;
use store::ReadTx;
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
    tx: &mut ReadTx,
    scope: &ProviderScope,
    before: &Activity,
    after: &Activity,
) -> Result<Vec<Fault>> {
    let mut faults = faults_of_totals(tx, scope, after).await?;
    let on_record = activities::completions(tx, scope, after.id).await?;
    if on_record == 0 {
        return Ok(faults);
    }
    if before.is_complete() {
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
    if before.is_rems() && !after.is_rems() {
        let count = activities::rems_completions(tx, scope, after.id).await?;
        if count > 0 {
            let what = format!("{} with a REMS learner would lose their place.", completions(count));
            faults.push(Fault::new("rems", what));
        }
    }
    Ok(faults)
}

/// Cumulative totals never fall below those of the last year-end.
async fn faults_of_totals(tx: &mut ReadTx, scope: &ProviderScope, after: &Activity) -> Result<Vec<Fault>> {
    if !after.format.is_cumulative() {
        return Ok(Vec::new());
    }
    let Some((year, taken)) = store::years::last_snapshot(tx, scope, after.id).await? else { return Ok(Vec::new()) };
    let totals = [
        ("physician_total", after.physician_total, taken.physicians),
        ("other_total", after.other_total, taken.others),
    ];
    let below = totals.into_iter().filter(|(_, total, least)| total.unwrap_or(0) < *least);
    let fault = |(field, _, least)| {
        Fault::new(
            field,
            format!("Totals are cumulative: {least} were reported at the end of {year}. Write at least that."),
        )
    };
    Ok(below.map(fault).collect())
}

/// Registrations that go or shrink while credit was reported under them.
pub(super) async fn faults_of_registrations(
    tx: &mut ReadTx,
    scope: &ProviderScope,
    before: &Activity,
    after: &Activity,
) -> Result<Vec<Fault>> {
    let mut faults = Vec::new();
    for had in before.moc.iter().filter(|had| after.registration(had.board) != Some(had)) {
        let Some(on_record) = of_board(tx, scope, after, had.board).await? else { continue };
        match after.registration(had.board) {
            Some(kept) => faults.extend(faults_of_registration(&on_record, kept)),
            None => faults.push(fault_of_removal(&on_record, had.board)),
        }
    }
    Ok(faults)
}

pub(super) fn fault_of_removal(on_record: &OnRecord, board: Board) -> Fault {
    Fault::new(
        "board",
        format!("{} on record earn points of {board}. Keep its registration.", completions(on_record.count)),
    )
}

/// What of this board's credit is on record.
pub(super) async fn of_board(
    tx: &mut ReadTx,
    scope: &ProviderScope,
    activity: &Activity,
    board: Board,
) -> Result<Option<OnRecord>> {
    Ok(activities::with_board(tx, scope, activity.id, board).await?)
}

/// What a registration must still allow because of credit on record.
pub(super) fn faults_of_registration(on_record: &OnRecord, registration: &MocRegistration) -> Vec<Fault> {
    let MocRegistration { points, credit_types, claim_until, .. } = registration;
    let count = completions(on_record.count);
    let mut faults = Vec::new();
    if on_record.most > *points {
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
