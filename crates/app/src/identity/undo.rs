//! A merge or split undone: what it moved goes back. What came since stays where it is and is listed.
//!
//! The same look at both records serves the preview and the deed.

use domain::access::{Actor, StaffScope};
use domain::{AccountId, Board, CompletionId, IdentityChangeId, PhysicianId, State};
use store::events::EventKind;
use store::identity_changes::held::{CertificationRow, LicenseRow};
use store::identity_changes::records::Way;
use store::identity_changes::{self, Moved, held, records};
use store::physicians;
use store::{ReadTx, WriteTx, reviews};

use super::confirm::lock;
use super::facts::put_back;
use super::propose::{find, tell};
use super::{Change, Facts, Kind, Stage, credits, reason, seats, staff};
use crate::{App, Error, Result, audit, ledgers, retry};

/// What undoing a change would do today.
#[derive(Debug, Clone)]
pub struct UndoPreview {
    pub change: Change,
    /// In words, one line each.
    pub goes_back: Vec<String>,
    pub stays: Vec<String>,
}

/// What undoing would do. Both physicians see that staff looked.
///
/// Errors: `NotFound`; `Invalid` on `change`, saying why, if it cannot be undone: it is not confirmed, or a
/// later merge of one of the records must be undone first.
pub async fn of_undo(app: &App, actor: &Actor, change: IdentityChangeId) -> Result<UndoPreview> {
    let (scope, _) = staff(actor)?;
    let mut tx = app.store.read().await?;
    let change = identity_changes::find(&mut tx, &scope, change).await?.ok_or(Error::NotFound)?;
    let back = look(&mut tx, &change).await?;
    drop(tx);
    let mut tx = app.store.write().await?;
    for physician in [Some(change.from), change.into].into_iter().flatten() {
        audit::record(app, &mut tx, actor, "identity.look", physician, Some(physician), "undo considered").await?;
    }
    tx.commit().await?;
    Ok(UndoPreview { goes_back: back.lines(), stays: back.stays, change })
}

/// Undoes a confirmed change; one person and a reason suffice. Gives what stayed, in words.
///
/// Errors: as [`of_undo`]; `Invalid` on `reason`.
pub async fn undo(app: &App, actor: &Actor, change: IdentityChangeId, why: &str) -> Result<Vec<String>> {
    let (scope, account) = staff(actor)?;
    let why = reason(why)?;
    let stayed = retry::on_race(|| run(app, actor, &scope, account, change, why)).await?;
    app.registry.refresh(&app.store).await?;
    ledgers::sign_soon(app).await;
    Ok(stayed)
}

async fn run(
    app: &App,
    actor: &Actor,
    scope: &StaffScope,
    account: AccountId,
    id: IdentityChangeId,
    why: &str,
) -> Result<Vec<String>> {
    let mut tx = app.store.write().await?;
    lock(&mut tx).await?;
    let change = find(&mut tx, scope, id).await?;
    let back = look(&mut tx, &change).await?;
    back.go(app, &mut tx).await?;
    if !identity_changes::undo(&mut tx, id, account, app.clock.now(), why, &back.stays).await? {
        return Err(Error::Stale);
    }
    let detail = format!("{} undone; {} back", change.kind.code(), completions(back.completions.len()));
    tell(app, &mut tx, actor, &change, "identity.undo", &detail).await?;
    tx.commit().await?;
    Ok(back.stays)
}

fn completions(count: usize) -> String {
    if count == 1 { "1 completion".to_owned() } else { format!("{count} completions") }
}

/// What goes back from the second record to the first.
struct Back {
    kind: Kind,
    from: PhysicianId,
    into: PhysicianId,
    licenses: Vec<(State, String)>,
    certifications: Vec<(Board, String)>,
    double_licenses: Vec<LicenseRow>,
    double_certifications: Vec<CertificationRow>,
    completions: Vec<CompletionId>,
    /// Completions that were set aside and count again.
    counted_again: Vec<CompletionId>,
    /// Completions that count no more, each with the merged record to which it returns.
    set_aside_again: Vec<(CompletionId, PhysicianId)>,
    from_facts: Facts,
    into_facts: Facts,
    seats: seats::Back,
    /// The record that the split made holds nothing any more and ends.
    ends_second: bool,
    review: Option<domain::ReviewId>,
    stays: Vec<String>,
}

fn impossible(message: &str) -> Error {
    Error::invalid("change", message)
}

async fn look(tx: &mut ReadTx, change: &Change) -> Result<Back> {
    let (Some(moved), Some(into), Stage::Confirmed) = (&change.moved, change.into, change.stage) else {
        return Err(impossible("Only a change that was confirmed, and not undone since, can be undone."));
    };
    let from = change.from;
    let expected = (change.kind == Kind::Merge).then_some(into);
    if records::merged_into(tx, from).await? != expected || records::merged_into(tx, into).await?.is_some() {
        return Err(impossible("One of the records was merged since. Undo that change first."));
    }
    let mut back = Back {
        kind: change.kind,
        from,
        into,
        licenses: Vec::new(),
        certifications: Vec::new(),
        double_licenses: Vec::new(),
        double_certifications: Vec::new(),
        completions: Vec::new(),
        counted_again: Vec::new(),
        set_aside_again: Vec::new(),
        from_facts: Facts::default(),
        into_facts: Facts::default(),
        seats: seats::look_back(tx, from, into, moved).await?,
        ends_second: false,
        review: moved.review,
        stays: Vec::new(),
    };
    back.look_at_held(tx, moved).await?;
    back.look_at_completions(tx, moved).await?;
    back.look_at_facts(tx, moved).await?;
    back.stays.append(&mut back.seats.stays);
    Ok(back)
}

impl Back {
    async fn look_at_held(&mut self, tx: &mut ReadTx, moved: &Moved) -> Result<()> {
        for (state, number) in &moved.licenses {
            let is_there = held::license(tx, self.into, *state, number).await?.is_some();
            if is_there && held::license(tx, self.from, *state, number).await?.is_none() {
                self.licenses.push((*state, number.clone()));
            } else {
                self.stays.push(format!("License {state} {number}: it has gone elsewhere since."));
            }
        }
        for (board, id) in &moved.certifications {
            let is_there = held::certification(tx, self.into, *board, id).await?.is_some();
            if is_there && held::certification(tx, self.from, *board, id).await?.is_none() {
                self.certifications.push((*board, id.clone()));
            } else {
                self.stays.push(format!("Certification {board} {id}: it has gone elsewhere since."));
            }
        }
        for row in &moved.double_licenses {
            let state =
                State::read(&row.state).ok_or_else(|| store::Error::corrupt("license", "state", &row.number))?;
            if held::license(tx, self.from, state, &row.number).await?.is_none() {
                self.double_licenses.push(row.clone());
            }
        }
        for row in &moved.double_certifications {
            let corrupt = || store::Error::corrupt("certification", "board", &row.diplomate_id);
            let board = Board::read(&row.board).ok_or_else(corrupt)?;
            if held::certification(tx, self.from, board, &row.diplomate_id).await?.is_none() {
                self.double_certifications.push(row.clone());
            }
        }
        Ok(())
    }

    async fn look_at_completions(&mut self, tx: &mut ReadTx, moved: &Moved) -> Result<()> {
        for (completion, record) in &moved.returned {
            let is_merged_here = records::survivor(tx, *record).await? == Some(self.from);
            if is_merged_here && records::way(tx, *completion, self.from, *record).await? == Way::Free {
                self.set_aside_again.push((*completion, *record));
            }
        }
        let (mut doubled, mut gone) = (0, 0);
        for completion in &moved.completions {
            match records::way(tx, *completion, self.into, self.from).await? {
                Way::Free => self.completions.push(*completion),
                Way::Blocked(by) if self.set_aside_again.iter().any(|(completion, _)| *completion == by) => {
                    self.completions.push(*completion);
                }
                Way::Blocked(_) => doubled += 1,
                Way::Gone => gone += 1,
            }
        }
        if self.kind == Kind::Merge {
            let with_first = records::live_completions(tx, self.from).await?;
            for completion in &moved.set_aside {
                // it may count with the second record by now, because its double went elsewhere
                match records::way(tx, *completion, self.into, self.from).await? {
                    Way::Free => self.completions.push(*completion),
                    Way::Blocked(_) => doubled += 1,
                    Way::Gone if with_first.contains(completion) => self.counted_again.push(*completion),
                    Way::Gone => {}
                }
            }
        }
        if doubled > 0 {
            let words = "the first record has the same activity and date by now.";
            self.stays.push(format!("{}: {words}", completions(doubled)));
        }
        if gone > 0 {
            self.stays.push(format!("{}: with another record by now.", completions(gone)));
        }
        Ok(())
    }

    async fn look_at_facts(&mut self, tx: &mut ReadTx, moved: &Moved) -> Result<()> {
        let first = physicians::find(tx, self.from).await?.ok_or(Error::NotFound)?;
        let second = physicians::find(tx, self.into).await?.ok_or(Error::NotFound)?;
        let (from_facts, from_stays) = put_back(&Facts::of(&first), &moved.from_before, &moved.from_after);
        self.from_facts = from_facts;
        self.into_facts = Facts::of(&second);
        let mut into_stays = Vec::new();
        match &moved.into_before {
            Some(before) => {
                (self.into_facts, into_stays) = put_back(&self.into_facts, before, &moved.into_after);
            }
            None => {
                let licenses = second.licenses.iter().filter(|held| {
                    !self.licenses.iter().any(|(state, number)| (*state, number) == (held.state, &held.number))
                });
                let certifications = second.certifications.iter().filter(|held| {
                    !self.certifications.iter().any(|(board, id)| (*board, id) == (held.board, &held.diplomate_id))
                });
                let left = licenses.count() + certifications.count();
                let live = records::live_completions(tx, self.into).await?;
                let is_left = |completion: &CompletionId| !self.completions.contains(completion);
                let has_seat = records::seat(tx, self.into).await?.is_some() && self.seats.moves.is_none();
                self.ends_second = left == 0 && !live.iter().any(is_left) && !has_seat;
                if !self.ends_second {
                    self.stays
                        .push("The record that the split made: it has got something of its own since.".to_owned());
                }
            }
        }
        for (which, field) in from_stays.iter().map(|f| ("first", f)).chain(into_stays.iter().map(|f| ("second", f))) {
            self.stays.push(format!("The {which} record’s {field}: it was changed again since."));
        }
        self.deal_out_npis(tx).await
    }

    /// An NPI is one record's: what somebody else has by now, or both would have, is left out.
    async fn deal_out_npis(&mut self, tx: &mut ReadTx) -> Result<()> {
        let wanted: Vec<String> = [&self.from_facts.npi, &self.into_facts.npi].into_iter().flatten().cloned().collect();
        let holders = physicians::holders_of_npis(tx, &wanted).await?;
        let of_others = |npi: &String| holders.get(npi).is_some_and(|holder| ![self.from, self.into].contains(holder));
        let mut left_out = Vec::new();
        if let Some(npi) = self.into_facts.npi.clone()
            && !self.ends_second
            && (of_others(&npi) || self.from_facts.npi.as_ref() == Some(&npi))
        {
            self.into_facts.npi = None;
        }
        if let Some(npi) = self.from_facts.npi.clone().filter(of_others) {
            left_out.push(npi);
            self.from_facts.npi = None;
        }
        for npi in left_out {
            self.stays.push(format!("NPI {npi}: another record has it by now."));
        }
        Ok(())
    }

    /// What goes back, in words.
    fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        lines.extend(self.licenses.iter().map(|(state, number)| format!("License {state} {number}.")));
        lines.extend(self.certifications.iter().map(|(board, id)| format!("Certification {board} {id}.")));
        lines.extend(
            self.double_licenses.iter().map(|row| format!("License {} {}, held by both.", row.state, row.number)),
        );
        lines.extend(
            self.double_certifications
                .iter()
                .map(|row| format!("Certification {} {}, held by both.", row.board, row.diplomate_id)),
        );
        if !self.completions.is_empty() {
            lines.push(format!("{} with their credits.", completions(self.completions.len())));
        }
        if !self.counted_again.is_empty() {
            lines.push(format!("{} that had been set aside count again.", completions(self.counted_again.len())));
        }
        if self.seats.moves.is_some() {
            lines.push("The Passport account that moved.".to_owned());
        }
        if self.seats.reopens.is_some() {
            lines.push("The Passport account that was closed.".to_owned());
        }
        if self.ends_second {
            lines.push("The record that the split made ends.".to_owned());
        }
        lines
    }

    async fn go(&self, app: &App, tx: &mut WriteTx) -> Result<()> {
        let (from, into) = (self.from, self.into);
        records::clear_npi(tx, into).await?;
        records::clear_npi(tx, from).await?;
        if self.kind == Kind::Merge {
            records::set_merged(tx, from, None).await?;
        }
        if self.ends_second {
            records::set_merged(tx, into, Some(from)).await?;
        }
        physicians::update(tx, &[self.from_facts.physician(from), self.into_facts.physician(into)]).await?;
        for (state, number) in &self.licenses {
            held::move_license(tx, into, from, *state, number).await?;
        }
        for (board, id) in &self.certifications {
            held::move_certification(tx, into, from, *board, id).await?;
        }
        for row in &self.double_licenses {
            held::restore_license(tx, row).await?;
        }
        for row in &self.double_certifications {
            held::restore_certification(tx, row).await?;
        }
        for (completion, record) in &self.set_aside_again {
            credits::move_all(app, tx, &[*completion], from, *record).await?;
            credits::tell_of(app, tx, EventKind::CreditSetAside, &[*completion]).await?;
        }
        credits::move_all(app, tx, &self.completions, into, from).await?;
        // what went may have been in the way of a double with a record merged earlier
        credits::let_return(app, tx, from).await?;
        if !self.ends_second {
            credits::let_return(app, tx, into).await?;
        }
        credits::tell_of(app, tx, EventKind::CreditRestored, &self.counted_again).await?;
        seats::go_back(app, tx, from, &self.seats).await?;
        if let Some(review) = self.review {
            reviews::reopen(tx, review).await?;
        }
        Ok(())
    }
}
