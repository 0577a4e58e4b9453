//! Who did what, and who read whose record. Rows are only ever added.
//!
//! Reads of a physician's record name the physician, so that physicians can see who looked.

pub mod trail;

use domain::PhysicianId;
use domain::access::{Actor, LicensingBoardScope, PhysicianScope, Who};
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

/// What a licensing board reads about one act of its people and programs.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct BoardEntry {
    pub audit_id: Uuid,
    pub at: i64,
    /// `account` or `api_client`.
    pub who_kind: String,
    /// The person's or the program's name.
    pub who: String,
    pub action: String,
    pub subject: String,
    pub detail: String,
    /// Whose record was read or changed; empty where it was nobody's.
    pub licensee: String,
    pub physician_id: Option<Uuid>,
}

/// Which acts of a board are meant; `None` and an empty text mean all.
#[derive(Debug, Clone, Default)]
pub struct BoardSearch {
    /// At this time or later, and before that one.
    pub from: Option<i64>,
    pub before: Option<i64>,
    /// Actions that begin so, such as `transcript.`.
    pub action: String,
    /// A piece of the person's or the program's name, in any case.
    pub who: String,
    /// What stands behind this entry: its time and ID.
    pub after: Option<(i64, Uuid)>,
}

/// What the board's people and programs did, newest first, at most `most`.
pub async fn of_board(
    tx: &mut ReadTx,
    scope: &LicensingBoardScope,
    search: &BoardSearch,
    most: i64,
) -> Result<Vec<BoardEntry>> {
    let (last_at, last_id) = search.after.unwrap_or((i64::MAX, Uuid::max()));
    all!(
        tx,
        BoardEntry,
        "select d.audit_id, d.at, d.who_kind, coalesce(a.name, t.name, '') as who, d.action, d.subject, d.detail,
                coalesce(p.first_name || ' ' || p.last_name, '') as licensee, d.physician_id
         from audit d
         left join account a on d.who_kind = 'account' and a.account_id = d.who_id
         left join api_client t on d.who_kind = 'api_client' and t.api_client_id = d.who_id
         left join physician p on p.physician_id = d.physician_id
         where d.seat_kind = 'licensing_board' and d.organization = $1
           and d.at >= $2 and d.at < $3 and (d.at < $4 or (d.at = $4 and d.audit_id < $5))
           and substr(d.action, 1, length($6)) = $6
           and ($7 = '' or lower(coalesce(a.name, t.name, '')) like '%' || $7 || '%' escape '!')
         order by d.at desc, d.audit_id desc limit $8",
        scope.state().code(),
        search.from.unwrap_or(i64::MIN),
        search.before.unwrap_or(i64::MAX),
        last_at,
        last_id,
        &search.action,
        literal(&search.who.to_lowercase()),
        most,
    )
}

/// For `like ... escape '!'`: signs that stand for others stand for themselves.
pub(crate) fn literal(text: &str) -> String {
    text.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}
