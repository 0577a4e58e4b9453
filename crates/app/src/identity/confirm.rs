//! The second person's word: everything moves, in one transaction, or nothing does.

use domain::access::{Actor, StaffScope};
use domain::{AccountId, CompletionId, IdentityChangeId, PhysicianId};
use store::WriteTx;
use store::counters::{self, Counter};
use store::events::EventKind;
use store::identity_changes::{self, Moved, held, records};
use store::physicians::{self, NewPhysician};
use store::reviews::{self, Pair, Settled, Settlement};

use super::propose::{find, tell};
use super::{Change, Facts, Kind, Preview, Stage, credits, preview, seats, staff};
use crate::{App, Error, Result, ledgers, retry};

/// Which Passport account stays where both records have one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeptAccount {
    /// The account of the record that ends.
    From,
    /// The account of the record that stays.
    Into,
}

/// Carries a proposal out. `seen` is [`super::Preview::seen`] of the preview that this person looked at;
/// `keep` must be said if both records have accounts, and is not read otherwise.
///
/// Errors: `Forbidden` for the account that proposed; `Stale` if the proposal is none any more or its
/// preview is another by now; `Invalid` on `keep`, and as [`super::of_merge`] and [`super::of_split`].
pub async fn confirm(
    app: &App,
    actor: &Actor,
    change: IdentityChangeId,
    seen: &str,
    keep: Option<KeptAccount>,
) -> Result<Change> {
    let (scope, account) = staff(actor)?;
    let confirming = Confirming { app, actor, scope, account, keep };
    let done = retry::on_race(|| confirming.run(change, seen)).await?;
    app.registry.refresh(&app.store).await?;
    ledgers::sign_soon(app).await;
    Ok(done)
}

/// Takes the locks of everything that a change of records touches, always in this order: the registry,
/// claims to accounts, the ledger. Reports that were judged before are judged again.
pub(super) async fn lock(tx: &mut WriteTx) -> Result<()> {
    physicians::lock(tx).await?;
    counters::take(tx, Counter::AccountClaim, 0).await?;
    counters::take(tx, Counter::LedgerLeaf, 0).await?;
    counters::take(tx, Counter::IdentityChange, 1).await?;
    Ok(())
}

struct Confirming<'a> {
    app: &'a App,
    actor: &'a Actor,
    scope: StaffScope,
    account: AccountId,
    keep: Option<KeptAccount>,
}

impl Confirming<'_> {
    async fn run(&self, id: IdentityChangeId, seen: &str) -> Result<Change> {
        let mut tx = self.app.store.write().await?;
        lock(&mut tx).await?;
        let change = find(&mut tx, &self.scope, id).await?;
        if change.stage != Stage::Proposed {
            return Err(Error::Stale);
        }
        if change.proposed.by == self.account {
            return Err(Error::Forbidden("whoever proposes a change cannot confirm it; ask a colleague"));
        }
        let preview = preview::compute(&mut tx, &self.scope, &change).await?;
        if preview.seen != seen {
            return Err(Error::Stale);
        }
        let (into, moved) = self.carry_out(&mut tx, &preview).await?;
        let now = self.app.clock.now();
        if !identity_changes::confirm(&mut tx, id, self.account, now, into, &moved).await? {
            return Err(Error::Stale);
        }
        let done = find(&mut tx, &self.scope, id).await?;
        tell(self.app, &mut tx, self.actor, &done, "identity.confirm", &summary(change.kind, &moved)).await?;
        tx.commit().await?;
        Ok(done)
    }

    async fn carry_out(&self, tx: &mut WriteTx, preview: &Preview) -> Result<(PhysicianId, Moved)> {
        let from = preview.from.id;
        let ids = |list: &[domain::credit::Completion]| -> Vec<CompletionId> { list.iter().map(|of| of.id).collect() };
        let mut moved = Moved {
            licenses: preview.licenses.iter().map(|held| (held.state, held.number.clone())).collect(),
            certifications: preview.certifications.iter().map(|of| (of.board, of.diplomate_id.clone())).collect(),
            completions: ids(&preview.completions),
            set_aside: ids(&preview.set_aside),
            from_before: Facts::of(&preview.from),
            from_after: preview.from_after.clone(),
            into_before: preview.into.as_ref().map(Facts::of),
            into_after: preview.into_after.clone(),
            ..Moved::default()
        };
        let into = self.write_facts(tx, preview).await?;
        move_held(tx, from, into, preview, &mut moved).await?;
        credits::move_all(self.app, tx, &moved.completions, from, into).await?;
        if preview.kind == Kind::Merge {
            credits::tell_of(self.app, tx, EventKind::CreditSetAside, &moved.set_aside).await?;
            seats::merge(self.app, tx, from, into, self.keep, &mut moved).await?;
            moved.review = self.settle_pair(tx, Pair::new(from, into), into).await?;
        } else {
            moved.returned = credits::let_return(self.app, tx, from).await?;
            if preview.account_goes {
                seats::split(tx, from, into, &mut moved).await?;
            }
        }
        Ok((into, moved))
    }

    /// Writes what both records say afterwards, and gives the second one's id.
    async fn write_facts(&self, tx: &mut WriteTx, preview: &Preview) -> Result<PhysicianId> {
        let now = self.app.clock.now();
        let from = preview.from.id;
        if let (Kind::Merge, Some(into)) = (preview.kind, &preview.into) {
            records::set_merged(tx, from, Some(into.id)).await?;
            physicians::touch(tx, &[from]).await?;
            physicians::update(tx, &[preview.into_after.physician(into.id)]).await?;
            return Ok(into.id);
        }
        // NPIs are unique: both are laid down before they are dealt out again
        records::clear_npi(tx, from).await?;
        let first = preview.from_after.physician(from);
        match &preview.into {
            Some(into) => {
                records::clear_npi(tx, into.id).await?;
                physicians::update(tx, &[first, preview.into_after.physician(into.id)]).await?;
                Ok(into.id)
            }
            None => {
                physicians::update(tx, &[first]).await?;
                let id = PhysicianId::new(self.app.chance.id(now));
                let physician = preview.into_after.physician(id);
                let new = NewPhysician { physician, ledger_key: self.app.chance.bytes() };
                physicians::insert(tx, &[new], now).await?;
                Ok(id)
            }
        }
    }

    /// The suggestion to merge these two, if one waits, is settled with it.
    async fn settle_pair(&self, tx: &mut WriteTx, pair: Pair, into: PhysicianId) -> Result<Option<domain::ReviewId>> {
        let row = pair.row()?;
        let waiting = reviews::waiting_rows(tx, reviews::PAIR, std::slice::from_ref(&row)).await?;
        let Some(id) = waiting.get(&row).copied() else { return Ok(None) };
        let by = store::accounts::find(tx, self.account).await?.map(|account| account.name).unwrap_or_default();
        let at = self.app.clock.now();
        let end = Settled { id, settlement: Settlement::Merged, physician: Some(into), by, at };
        reviews::settle(tx, &[end]).await?;
        Ok(Some(id))
    }
}

/// Moves licenses and certifications; of doubles the first record's row is dropped and kept in `moved`.
async fn move_held(
    tx: &mut WriteTx,
    from: PhysicianId,
    into: PhysicianId,
    preview: &Preview,
    moved: &mut Moved,
) -> Result<()> {
    for license in &preview.double_licenses {
        moved.double_licenses.extend(held::license(tx, from, license.state, &license.number).await?);
        held::drop_license(tx, from, license.state, &license.number).await?;
    }
    for of in &preview.double_certifications {
        moved.double_certifications.extend(held::certification(tx, from, of.board, &of.diplomate_id).await?);
        held::drop_certification(tx, from, of.board, &of.diplomate_id).await?;
    }
    for license in &preview.licenses {
        held::move_license(tx, from, into, license.state, &license.number).await?;
    }
    for of in &preview.certifications {
        held::move_certification(tx, from, into, of.board, &of.diplomate_id).await?;
    }
    Ok(())
}

/// What moved, for the audit trail: counts only.
fn summary(kind: Kind, moved: &Moved) -> String {
    let count = |count: usize, what: &str| match count {
        0 => None,
        1 => Some(format!("1 {what}")),
        _ => Some(format!("{count} {what}s")),
    };
    let parts = [
        count(moved.licenses.len(), "license"),
        count(moved.certifications.len(), "certification"),
        count(moved.completions.len(), "completion"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let moved_words = if parts.is_empty() { "nothing".to_owned() } else { parts.join(", ") };
    let aside = count(moved.set_aside.len(), "completion").map(|words| format!("; {words} set aside as double"));
    format!("{}: {moved_words} moved{}", kind.code(), aside.unwrap_or_default())
}
