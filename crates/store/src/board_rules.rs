//! Certifying boards' automatic rules, each change beside the ones before it, and the waiting credit that they are
//! asked about.

use std::collections::HashMap;

use domain::access::CertifyingBoardScope;
use domain::{AccountId, Amount, CreditId};
use jiff::civil::Date;
use uuid::Uuid;

use crate::error::Result;
use crate::physicians::keys;
use crate::tx::{ReadTx, WriteTx};
use crate::values::{at, from_json, parsed};

/// What a board lets the system answer. Reasons are codes of the catalogue; none: people decide.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BoardRules {
    pub diplomate_unknown: Option<String>,
    pub name_differs: Option<String>,
    pub type_not_valid: Option<String>,
    /// Credit that passes all checks is accepted.
    pub accepts: bool,
}

impl BoardRules {
    /// Whether they ever answer anything.
    pub fn is_on(&self) -> bool {
        self.accepts || [&self.diplomate_unknown, &self.name_differs, &self.type_not_valid].iter().any(|r| r.is_some())
    }
}

/// Rules as somebody set them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetRules {
    pub id: Uuid,
    pub rules: BoardRules,
    pub set_at: i64,
    pub set_by: AccountId,
    pub set_by_name: String,
}

#[derive(sqlx::FromRow)]
struct RulesRow {
    board_rules_id: Uuid,
    diplomate_unknown: String,
    name_differs: String,
    type_not_valid: String,
    accepts: bool,
    set_at: i64,
    set_by: Uuid,
    name: String,
}

impl From<RulesRow> for SetRules {
    fn from(row: RulesRow) -> Self {
        let reason = |code: String| Some(code).filter(|code| !code.is_empty());
        Self {
            id: row.board_rules_id,
            rules: BoardRules {
                diplomate_unknown: reason(row.diplomate_unknown),
                name_differs: reason(row.name_differs),
                type_not_valid: reason(row.type_not_valid),
                accepts: row.accepts,
            },
            set_at: row.set_at,
            set_by: AccountId::new(row.set_by),
            set_by_name: row.name,
        }
    }
}

/// The board's rules as they were set, newest first: the first ones count.
pub async fn list(tx: &mut ReadTx, scope: &CertifyingBoardScope, most: i64) -> Result<Vec<SetRules>> {
    let rows = all!(
        tx,
        RulesRow,
        "select board_rules_id, diplomate_unknown, name_differs, type_not_valid, accepts, set_at, set_by, name
         from board_rules join account on account_id = set_by
         where board = $1 order by set_at desc, board_rules_id desc limit $2",
        scope.board().code(),
        most,
    )?;
    Ok(rows.into_iter().map(SetRules::from).collect())
}

/// Adds rules that count from now on. The name is not read.
pub async fn insert(tx: &mut WriteTx, scope: &CertifyingBoardScope, set: &SetRules) -> Result<()> {
    let reason = |code: &Option<String>| code.clone().unwrap_or_default();
    exec!(
        tx,
        "insert into board_rules (board_rules_id, board, diplomate_unknown, name_differs, type_not_valid, accepts,
         set_at, set_by) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        set.id,
        scope.board().code(),
        reason(&set.rules.diplomate_unknown),
        reason(&set.rules.name_differs),
        reason(&set.rules.type_not_valid),
        set.rules.accepts,
        set.set_at,
        set.set_by.as_uuid(),
    )?;
    Ok(())
}

/// Credit that waits for the board, beside what the registry says of its physician.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    pub id: CreditId,
    pub reported_at: i64,
    pub completed_on: Date,
    /// Tags over the same points.
    pub types: Vec<(String, Amount)>,
    /// The ID with the board as the provider reported it; empty if it gave none.
    pub diplomate_id: String,
    /// The physician's IDs with the board, from its roster.
    pub roster: Vec<String>,
    /// Whether the reported name is the registry's: letters only, whatever their case and accents, with the last
    /// name of today or a former one.
    pub name_agrees: bool,
}

#[derive(sqlx::FromRow)]
struct WaitingRow {
    credit_id: Uuid,
    reported_at: i64,
    completed_on: String,
    types: String,
    diplomate_id: String,
    physician_id: Option<Uuid>,
    given_first: String,
    given_last: String,
    first_name: Option<String>,
    last_name: Option<String>,
    former_last_names: Option<String>,
}

/// The board's waiting credit among these, the one that waits longest first.
pub async fn waiting_among(
    tx: &mut ReadTx,
    scope: &CertifyingBoardScope,
    credits: &[CreditId],
) -> Result<Vec<Waiting>> {
    let board = scope.board();
    let code = board.code();
    let ids: Vec<Uuid> = credits.iter().map(|id| id.as_uuid()).collect();
    let mut rows = among!(
        tx,
        WaitingRow,
        "select k.credit_id, k.reported_at, c.completed_on, k.types, k.diplomate_id, c.physician_id,
                c.first_name as given_first, c.last_name as given_last, p.first_name, p.last_name, p.former_last_names
         from credit k
         join completion c on c.completion_id = k.completion_id
         left join physician p on p.physician_id = c.physician_id
         where k.status = 'pending' and k.withdrawn_at is null and p.merged_into is null and k.kind || '' = ",
        code,
        in " and k.credit_id in (",
        ids,
        ")"
    );
    rows.sort_by_key(|row| (row.reported_at, row.credit_id));
    with_rosters(tx, scope, rows).await
}

/// The board's credit that waits behind a place (time of report and credit; nothing: from the first on), as
/// [`waiting_among`].
pub async fn waiting_after(
    tx: &mut ReadTx,
    scope: &CertifyingBoardScope,
    place: Option<(i64, CreditId)>,
    most: i64,
) -> Result<Vec<Waiting>> {
    let (reported_at, credit) = place.unwrap_or((-1, CreditId::new(Uuid::nil())));
    let rows = all!(
        tx,
        (Uuid,),
        "select k.credit_id from credit k
         where k.kind <> 'CME' and k.kind = $1 and k.status = 'pending' and k.withdrawn_at is null
           and (k.reported_at > $2 or (k.reported_at = $2 and k.credit_id > $3))
           and not exists (select 1 from completion c join physician m on m.physician_id = c.physician_id
                           where c.completion_id = k.completion_id and m.merged_into is not null)
         order by k.reported_at, k.credit_id limit $4",
        scope.board().code(),
        reported_at,
        credit.as_uuid(),
        most,
    )?;
    let ids: Vec<CreditId> = rows.into_iter().map(|(id,)| CreditId::new(id)).collect();
    waiting_among(tx, scope, &ids).await
}

async fn with_rosters(tx: &mut ReadTx, scope: &CertifyingBoardScope, rows: Vec<WaitingRow>) -> Result<Vec<Waiting>> {
    let physicians: Vec<Uuid> = rows.iter().filter_map(|row| row.physician_id).collect();
    let board = scope.board();
    let code = board.code();
    let held = among!(
        tx,
        (Uuid, String),
        "select physician_id, diplomate_id from certification where board = ", code,
        in " and physician_id in (", physicians, ")"
    );
    let mut rosters: HashMap<Uuid, Vec<String>> = HashMap::new();
    for (physician, diplomate_id) in held {
        let roster = rosters.entry(physician).or_default();
        if !roster.contains(&diplomate_id) {
            roster.push(diplomate_id);
        }
    }
    rows.into_iter()
        .map(|row| {
            let id = CreditId::new(row.credit_id);
            Ok(Waiting {
                id,
                reported_at: row.reported_at,
                completed_on: parsed(&row.completed_on, at("completion", "completed_on", &id))?,
                types: from_json(&row.types, at("credit", "types", &id))?,
                roster: row.physician_id.and_then(|id| rosters.get(&id).cloned()).unwrap_or_default(),
                name_agrees: name_agrees(&row),
                diplomate_id: row.diplomate_id,
            })
        })
        .collect()
}

fn name_agrees(row: &WaitingRow) -> bool {
    let (Some(first), Some(last)) = (&row.first_name, &row.last_name) else { return false };
    let former = row.former_last_names.as_deref().unwrap_or_default().split(';');
    let same = |a: &str, b: &str| keys::folded(a) == keys::folded(b) && !keys::folded(a).is_empty();
    same(first, &row.given_first) && std::iter::once(last.as_str()).chain(former).any(|one| same(one, &row.given_last))
}
