//! Who did what, and who read whose record. Rows are only ever added.
//!
//! Reads of a physician's record name the physician, so that physicians can see who looked.

use domain::PhysicianId;
use domain::access::{Actor, PhysicianScope, Who};
use uuid::Uuid;

use crate::error::Result;
use crate::seats;
use crate::tx::{ReadTx, WriteTx};

/// One thing that happened. `actor` is `None` where nobody was signed in, as at a failed sign-in.
#[derive(Debug, Clone)]
pub struct NewEntry {
    pub id: Uuid,
    pub at: i64,
    pub actor: Option<Actor>,
    /// A stable word, such as `transcript.read`.
    pub action: &'static str,
    /// The id of what was acted on.
    pub subject: String,
    pub physician: Option<PhysicianId>,
    pub detail: String,
}

/// What a physician reads about one access to or change of their record.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Entry {
    pub at: i64,
    /// As [`domain::access::Seat::kind`]; empty if nobody was signed in.
    pub seat_kind: String,
    /// The organization's name, or its key where it has none.
    pub organization: String,
    pub action: String,
    pub detail: String,
}

struct Columns<'a> {
    entry: &'a NewEntry,
    who_kind: &'static str,
    who_id: Option<Uuid>,
    seat_kind: &'static str,
    organization: String,
}

impl<'a> Columns<'a> {
    fn of(entry: &'a NewEntry) -> Self {
        let (who_kind, who_id) = match entry.actor.map(|actor| actor.who) {
            Some(Who::Account(id)) => ("account", Some(id.as_uuid())),
            Some(Who::ApiClient(id)) => ("api_client", Some(id.as_uuid())),
            None => ("nobody", None),
        };
        let (seat_kind, organization) =
            entry.actor.map_or(("", String::new()), |actor| (actor.seat.kind(), seats::columns(actor.seat).0));
        Self { entry, who_kind, who_id, seat_kind, organization }
    }
}

pub async fn insert(tx: &mut WriteTx, entry: &NewEntry) -> Result<()> {
    insert_many(tx, std::slice::from_ref(entry)).await
}

pub async fn insert_many(tx: &mut WriteTx, entries: &[NewEntry]) -> Result<()> {
    let rows: Vec<Columns<'_>> = entries.iter().map(Columns::of).collect();
    bulk!(
        tx,
        "insert into audit (audit_id, at, who_kind, who_id, seat_kind, organization, action, subject,
         physician_id, detail) ",
        rows,
        |row| row.entry.id,
        row.entry.at,
        row.who_kind,
        row.who_id,
        row.seat_kind,
        row.organization.clone(),
        row.entry.action,
        row.entry.subject.clone(),
        row.entry.physician.map(PhysicianId::as_uuid),
        row.entry.detail.clone(),
    );
    Ok(())
}

/// Everything about this physician's record, newest first, at most `limit` entries before `before`.
pub async fn list(tx: &mut ReadTx, scope: &PhysicianScope, before: i64, limit: i64) -> Result<Vec<Entry>> {
    all!(
        tx,
        Entry,
        "select audit.at, audit.seat_kind, coalesce(p.name, l.name, c.name, audit.organization) as organization,
                audit.action, audit.detail
         from audit
         left join provider p on audit.seat_kind = 'provider' and p.provider_id = audit.organization
         left join licensing_board l on audit.seat_kind = 'licensing_board' and l.state = audit.organization
         left join certifying_board c on audit.seat_kind = 'certifying_board' and c.board = audit.organization
         where audit.physician_id = $1 and audit.at < $2
         order by audit.at desc, audit.audit_id desc limit $3",
        scope.physician().as_uuid(),
        before,
        limit,
    )
}
