//! What people do with an import that was compared: let it in, decide against it, send the same file once more.

use domain::JobId;
use domain::RegistryImportId;
use domain::access::Actor;
use store::registry_imports::{self, NewImport, RegistryImport, Sender, State};

use super::receive::begin;
use super::working::IMPORT_ROSTER;
use super::{find, preview_of};
use crate::identity::reason;
use crate::licensee_lists::person;
use crate::{App, Error, Result, audit};

/// Lets a compared import in. `by`: the person's name. `ends`: how many licenses the person says will end, which a
/// braked import asks for.
///
/// Errors: `Stale` if it does not wait for that; `Invalid` on `ends` if it is braked and the number is not right, or
/// the person is a board's: then the accreditor's staff must look.
pub async fn approve(
    app: &App,
    actor: &Actor,
    sender: &Sender,
    by: &str,
    id: RegistryImportId,
    ends: Option<u64>,
) -> Result<()> {
    person(actor)?;
    let import = find(app, sender, id).await?;
    if import.state != State::Compared {
        return Err(Error::Stale);
    }
    let preview = preview_of(&import)?.ok_or(Error::Stale)?;
    if preview.is_braked() {
        if !matches!(sender, Sender::Staff(_)) {
            let words = "So much would end that the accreditor must look first. Ask its staff to let this roster in.";
            return Err(Error::invalid("ends", words));
        }
        if ends != Some(preview.ends()) {
            return Err(Error::invalid("ends", "Write how many end, as it is said above."));
        }
    }
    let now = app.clock.now();
    let allowed = i64::try_from(preview.ends()).unwrap_or(i64::MAX);
    let mut tx = app.store.write().await?;
    if !registry_imports::approve(&mut tx, sender, id, by, allowed, now).await? {
        return Err(Error::Stale);
    }
    let job = JobId::new(app.chance.id(now));
    store::jobs::enqueue(&mut tx, job, IMPORT_ROSTER, &id.to_string(), now, now).await?;
    let detail = format!("{}; {} end", import.file_name, preview.ends());
    audit::record(app, &mut tx, actor, "registry_import.approve", id, None, &detail).await?;
    tx.commit().await?;
    app.jobs.wake();
    Ok(())
}

/// Decides against a compared import; nothing of it is done.
///
/// Errors: `Stale` if it does not wait for that; `Invalid` on `reason`.
pub async fn stop(app: &App, actor: &Actor, sender: &Sender, id: RegistryImportId, why: &str) -> Result<()> {
    person(actor)?;
    let why = reason(why)?;
    find(app, sender, id).await?;
    let mut tx = app.store.write().await?;
    if !registry_imports::stop(&mut tx, sender, id, why, app.clock.now()).await? {
        return Err(Error::Stale);
    }
    audit::record(app, &mut tx, actor, "registry_import.stop", id, None, why).await?;
    Ok(tx.commit().await?)
}

/// Compares the file of an earlier import once more, as a new import: the registry may have changed since.
///
/// Errors: `Stale` while a job works on the earlier one.
pub async fn again(
    app: &App,
    actor: &Actor,
    sender: &Sender,
    by: &str,
    id: RegistryImportId,
) -> Result<RegistryImport> {
    let sent_by = person(actor)?;
    let earlier = find(app, sender, id).await?;
    if earlier.state.is_running() {
        return Err(Error::Stale);
    }
    let now = app.clock.now();
    let import = NewImport {
        id: RegistryImportId::new(app.chance.id(now)),
        kind: earlier.kind,
        door: sender.door(),
        issuer: sender.issuer(),
        is_whole: earlier.is_whole,
        file_name: earlier.file_name,
        file_bytes: earlier.file_bytes,
        digest: earlier.digest,
        sent_by: Some(sent_by),
        sent_by_name: by.to_owned(),
        received_at: now,
        state: State::Comparing,
    };
    begin(app, actor, &import).await?;
    find(app, sender, import.id).await
}
