//! What a whole roster does not name any more ends: an active license becomes [`ABSENT`]. Only where every row of the
//! file could be read, since a row that cannot be read may be the very one.

use std::collections::HashSet;

use domain::{PhysicianId, StandingChangeId};
use store::physicians::{self, Certification, Held, License};
use store::registry_imports::{self, Counts, RegistryImport, Stand};
use store::standing_changes::{self, Source, StandingChange};

use super::comparing::absent_page;
use super::preview::Preview;
use crate::lease::lease_end;
use crate::rosters::Under;
use crate::rosters::entry::Own;
use crate::{App, Result, audit, retry};

/// The status of what a whole roster left out.
pub const ABSENT: &str = "Not on roster";

/// Ends what the file does not name. Run again, it finds what still is active.
pub(super) async fn end_absent(
    app: &App,
    import: &RegistryImport,
    preview: &Preview,
    named: &HashSet<u64>,
    under: Under<'_>,
) -> Result<()> {
    let of: u64 = preview.issuers.iter().map(|issuer| issuer.absent).sum();
    let mut done = 0;
    for issuer in &preview.issuers {
        let mut after = None;
        loop {
            let mut tx = app.store.read().await?;
            let page = absent_page(&mut tx, &issuer.code, &mut after, named).await?;
            drop(tx);
            let Some(page) = page else { break };
            done += page.len() as u64;
            let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
            let stand = Stand { stage: "ending".to_owned(), done: number(done), of: number(of) };
            retry::on_race(|| end(app, import, &page, under, &stand)).await?;
        }
    }
    Ok(())
}

async fn end(
    app: &App,
    import: &RegistryImport,
    page: &[(PhysicianId, Own)],
    under: Under<'_>,
    stand: &Stand,
) -> Result<()> {
    let now = app.clock.now();
    let (mut licenses, mut certifications, mut changes) = (Vec::new(), Vec::new(), Vec::new());
    for (physician, own) in page {
        let (issuer, number) = own.issued();
        let before = own.standing();
        changes.push(StandingChange {
            id: StandingChangeId::new(app.chance.id(now)),
            physician: *physician,
            issuer: issuer.to_owned(),
            number: number.to_owned(),
            after: standing_changes::Standing { status: ABSENT.to_owned(), ..before.clone() },
            before,
            effective_on: app.clock.today(),
            at: now,
            source: Source::Absent,
            import: Some(import.id),
            by: None,
            by_name: import.file_name.clone(),
            reason: String::new(),
            undoes: None,
        });
        match own.clone() {
            Own::License { state, number, issued_on, expires_on, .. } => {
                let held = License { state, number, status: ABSENT.to_owned(), issued_on, expires_on };
                licenses.push(Held::new(*physician, held));
            }
            Own::Certification { board, diplomate_id, .. } => {
                let held = Certification { board, diplomate_id, status: ABSENT.to_owned() };
                certifications.push(Held::new(*physician, held));
            }
        }
    }
    let mut physicians: Vec<PhysicianId> = page.iter().map(|(id, _)| *id).collect();
    physicians.sort_unstable();
    physicians.dedup();
    let mut tx = app.store.write().await?;
    store::jobs::hold(&mut tx, under.job, lease_end(app)).await?;
    physicians::lock(&mut tx).await?;
    if !page.is_empty() {
        physicians::put_licenses(&mut tx, &licenses, now).await?;
        physicians::put_certifications(&mut tx, &certifications, now).await?;
        standing_changes::insert(&mut tx, &changes).await?;
        physicians::touch(&mut tx, &physicians).await?;
        let more = Counts { ended: i64::try_from(page.len()).unwrap_or(i64::MAX), ..Counts::default() };
        registry_imports::add(&mut tx, import.id, &more).await?;
        let detail = format!("{} not on the roster any more", page.len());
        audit::record_nobody(app, &mut tx, "registry.import", &import.file_name, &detail).await?;
    }
    registry_imports::set_stand(&mut tx, import.id, stand, now).await?;
    store::jobs::progressed(&mut tx, under.job).await?;
    Ok(tx.commit().await?)
}
