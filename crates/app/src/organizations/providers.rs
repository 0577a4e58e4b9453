//! Providers as the accreditor enters and edits them. The standing has its own room; everything else about a provider is
//! written here, and each change says in the audit trail what was and what is.

use domain::access::{Actor, ProviderRole};
use domain::organization::ContactRole;
use domain::reference::List;
use domain::{Organization, ProviderId, State};
use sha2::{Digest, Sha256};
use store::counters::{self, Counter};
use store::organizations::profiles::{self, Contact, Listed};
use store::organizations::standings::NewDecision;
use store::organizations::{Provider, Standing};
use uuid::Uuid;

use super::standings::{self, see_to};
use super::{Form, people, staff};
use crate::{App, Error, Result, audit};

/// A provider as it is typed.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Seven digits, or empty for the next that is free. Only of a new provider.
    pub id: String,
    pub name: String,
    /// A name of the list of types.
    pub kind: String,
    pub city: String,
    /// Two letters.
    pub state: String,
    pub contact_name: String,
    pub contact_email: String,
    pub contact_phone: String,
    pub website: String,
    pub is_contact_public: bool,
}

impl Wanted {
    pub fn of(listed: &Listed) -> Self {
        let Listed { provider, website, contact_phone, is_contact_public } = listed.clone();
        Self {
            id: provider.id.to_string(),
            name: provider.name,
            kind: provider.organization_type,
            city: provider.city,
            state: provider.state,
            contact_name: provider.contact_name,
            contact_email: provider.contact_email,
            contact_phone,
            website,
            is_contact_public,
        }
    }
}

/// The names of the types that there are today; `also`: one that a provider has, though it is no longer among them.
pub fn kinds(app: &App, also: &str) -> Vec<String> {
    let reference = app.reference.get();
    let mut all: Vec<String> = reference.items(List::OrganizationTypes).map(|item| item.name.clone()).collect();
    if !also.is_empty() && !all.iter().any(|kind| kind == also) {
        all.push(also.to_owned());
    }
    all
}

fn read(app: &App, form: &mut Form, id: ProviderId, wanted: &Wanted, before: Option<&Listed>) -> Listed {
    let name = form.line("name", &wanted.name, 200, "Enter the provider’s name.");
    let present = before.map_or("", |before| before.provider.organization_type.as_str());
    if !kinds(app, present).contains(&wanted.kind) {
        form.fault("kind", "Choose the type.");
    }
    let city = form.line("city", &wanted.city, 100, "Enter the city.");
    if State::read(&wanted.state).is_none() {
        form.fault("state", "Choose the state.");
    }
    let provider = Provider {
        id,
        name,
        organization_type: wanted.kind.clone(),
        city,
        state: State::read(&wanted.state).map_or_else(String::new, |state| state.code().to_owned()),
        standing: before.map_or(Standing::Lapsed, |before| before.provider.standing),
        contact_name: form.line("contact_name", &wanted.contact_name, 100, "Enter the contact’s name."),
        contact_email: form.email("contact_email", &wanted.contact_email, true),
        created_at: before.map_or_else(|| app.clock.now(), |before| before.provider.created_at),
    };
    Listed {
        provider,
        website: form.website("website", &wanted.website),
        contact_phone: form.phone("contact_phone", &wanted.contact_phone),
        is_contact_public: wanted.is_contact_public,
    }
}

/// The ID behind the highest, or the lowest gap once that is reached.
pub fn next_id(taken: &[ProviderId]) -> Option<ProviderId> {
    let number = |id: &ProviderId| id.as_str().parse::<u32>().unwrap_or_default();
    let numbers: std::collections::BTreeSet<u32> = taken.iter().map(number).collect();
    let behind = numbers.last().map_or(1, |last| last + 1);
    let free = Some(behind).filter(|next| *next <= 9_999_999).or_else(|| (1..9_999_999).find(|n| !numbers.contains(n)));
    free.and_then(|number| format!("{number:07}").parse().ok())
}

/// Enters a provider with its first decision, and invites the contact as its owner if that is wanted.
///
/// Errors: `Invalid` on `id` if it is malformed or taken, and on every field that is not as it should be.
pub async fn create(
    app: &App,
    actor: &Actor,
    wanted: &Wanted,
    decision: &standings::Wanted,
    invites: bool,
) -> Result<ProviderId> {
    let (scope, account) = staff(actor)?;
    let mut tx = app.store.write().await?;
    counters::take(&mut tx, Counter::LedgerLeaf, 0).await?;
    let all = store::organizations::list_providers(&mut tx).await?;
    let taken: Vec<ProviderId> = all.iter().map(|one| one.id).collect();
    let next = next_id(&taken).ok_or(Error::Internal("all provider IDs are taken".to_owned()))?;
    let mut form = Form::default();
    let id = match wanted.id.trim() {
        "" => next,
        text => text.parse().unwrap_or_else(|_| {
            form.fault("id", "A provider ID is seven digits, such as 0012345.");
            next
        }),
    };
    if let Some(same) = all.iter().find(|one| one.id == id) {
        form.fault("id", format!("This ID belongs to {}.", same.name));
    }
    let listed = read(app, &mut form, id, wanted, None);
    let name = listed.provider.name.to_lowercase();
    let is_same = |one: &&Provider| one.name.to_lowercase() == name && one.state == listed.provider.state;
    if let Some(same) = all.iter().find(is_same) {
        form.fault("name", format!("{} has this name in this state. Enter a name that tells them apart.", same.id));
    }
    let decision = standings::read(app, &mut form, id, decision);
    form.done()?;
    let Some(decision) = decision else { return Err(Error::invalid("decision", "Choose the decision.")) };
    store::organizations::insert_provider(&mut tx, &listed.provider).await?;
    profiles::save(&mut tx, &scope, &listed).await?;
    let detail = format!("{}; {} from {}", listed.provider.name, decision.decision, decision.starts_on);
    let decision = NewDecision { recorded_by: Some(account), ..decision };
    store::organizations::standings::insert(&mut tx, &decision).await?;
    audit::record(app, &mut tx, actor, "provider.create", id, None, &detail).await?;
    see_to(app, &mut tx, id).await?;
    if invites {
        let organization = Organization::Provider(id);
        let email = &listed.provider.contact_email;
        people::send(app, &mut tx, actor, organization, email, ProviderRole::Owner).await?;
    }
    tx.commit().await?;
    Ok(id)
}

/// Stands for what somebody saw of a provider when they began to edit it.
pub fn seen(listed: &Listed) -> String {
    let text = format!("{:?}", Wanted::of(listed));
    Sha256::digest(text.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// Writes what was edited. `Stale`: somebody else changed the provider since `seen`.
pub async fn edit(app: &App, actor: &Actor, id: ProviderId, wanted: &Wanted, seen_then: &str) -> Result<()> {
    let (scope, _) = staff(actor)?;
    let mut tx = app.store.write().await?;
    if !profiles::lock(&mut tx, id).await? {
        return Err(Error::NotFound);
    }
    let before = profiles::find(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let mut form = Form::default();
    let after = read(app, &mut form, id, wanted, Some(&before));
    form.done()?;
    if seen(&before) != seen_then {
        return Err(Error::Stale);
    }
    let changes = differences(&before, &after);
    if changes.is_empty() {
        return Ok(());
    }
    profiles::save(&mut tx, &scope, &after).await?;
    if before.provider.name != after.provider.name {
        store::activity_changes::note_provider(&mut tx, id).await?;
    }
    audit::record(app, &mut tx, actor, "provider.edit", id, None, &changes.join("; ")).await?;
    tx.commit().await?;
    Ok(())
}

/// What was and what is, field by field.
fn differences(before: &Listed, after: &Listed) -> Vec<String> {
    let (was, is) = (&before.provider, &after.provider);
    let public = |listed: &Listed| if listed.is_contact_public { "shown" } else { "hidden" }.to_owned();
    let fields = [
        ("name", was.name.clone(), is.name.clone()),
        ("type", was.organization_type.clone(), is.organization_type.clone()),
        ("city", was.city.clone(), is.city.clone()),
        ("state", was.state.clone(), is.state.clone()),
        ("contact", was.contact_name.clone(), is.contact_name.clone()),
        ("contact's e-mail", was.contact_email.clone(), is.contact_email.clone()),
        ("contact's phone", before.contact_phone.clone(), after.contact_phone.clone()),
        ("website", before.website.clone(), after.website.clone()),
        ("contact in the directory", public(before), public(after)),
    ];
    let changed = fields.into_iter().filter(|(_, was, is)| was != is);
    changed.map(|(field, was, is)| format!("{field}: “{was}” became “{is}”")).collect()
}

/// A further contact as it is typed.
#[derive(Debug, Clone, Default)]
pub struct WantedContact {
    pub role: String,
    pub name: String,
    pub email: String,
    pub phone: String,
}

/// Most contacts of a provider beside its first.
const MOST_CONTACTS: usize = 20;

/// Adds a contact. Faults are on `contact_role`, `other_name`, `other_email` and `other_phone`.
pub async fn add_contact(app: &App, actor: &Actor, id: ProviderId, wanted: &WantedContact) -> Result<()> {
    let (scope, _) = staff(actor)?;
    let mut form = Form::default();
    let role = ContactRole::read(&wanted.role);
    if role.is_none() {
        form.fault("contact_role", "Choose what the person is asked about.");
    }
    let now = app.clock.now();
    let name = form.line("other_name", &wanted.name, 100, "Enter the person’s name.");
    let email = form.email("other_email", &wanted.email, true);
    let phone = form.phone("other_phone", &wanted.phone);
    form.done()?;
    let Some(role) = role else { return Err(Error::NotFound) };
    let mut tx = app.store.write().await?;
    if !profiles::lock(&mut tx, id).await? {
        return Err(Error::NotFound);
    }
    if profiles::contacts(&mut tx, &scope, id).await?.len() >= MOST_CONTACTS {
        return Err(Error::invalid("other_name", format!("A provider has at most {MOST_CONTACTS} more contacts.")));
    }
    let contact = Contact { id: app.chance.id(now), role, name, email, phone, created_at: now };
    profiles::insert_contact(&mut tx, &scope, id, &contact).await?;
    let detail = format!("contact added: {} ({})", contact.name, role.label());
    audit::record(app, &mut tx, actor, "provider.edit", id, None, &detail).await?;
    tx.commit().await?;
    Ok(())
}

pub async fn remove_contact(app: &App, actor: &Actor, id: ProviderId, contact: Uuid) -> Result<()> {
    let (scope, _) = staff(actor)?;
    let mut tx = app.store.write().await?;
    let all = profiles::contacts(&mut tx, &scope, id).await?;
    let gone = all.into_iter().find(|one| one.id == contact).ok_or(Error::NotFound)?;
    if !profiles::delete_contact(&mut tx, &scope, id, contact).await? {
        return Err(Error::NotFound);
    }
    let detail = format!("contact removed: {} ({})", gone.name, gone.role.label());
    audit::record(app, &mut tx, actor, "provider.edit", id, None, &detail).await?;
    tx.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_id_follows_the_highest_and_then_fills_gaps() {
        let ids = |all: &[&str]| all.iter().map(|id| id.parse().unwrap()).collect::<Vec<ProviderId>>();
        let next = |all: &[&str]| next_id(&ids(all)).map(|id| id.to_string());
        assert_eq!(next(&[]).as_deref(), Some("0000001"));
        assert_eq!(next(&["0000007", "0031984"]).as_deref(), Some("0031985"));
        assert_eq!(next(&["9999999", "0000001"]).as_deref(), Some("0000002"));
    }
}
