//! The whole audit trail, searched by the accreditor's staff. Physicians are not named here: an entry only says that
//! it is about a record, so that reading the trail is no look at everybody in it.

use domain::PhysicianId;
use domain::access::StaffScope;
use uuid::Uuid;

use super::literal;
use crate::error::Result;
use crate::question::Question;
use crate::tx::ReadTx;

/// What is looked for; an empty text and `None` mean all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// At this time or later, and before that one.
    pub from: Option<i64>,
    pub before: Option<i64>,
    /// A piece of a person's name or e-mail address, or of a program's name, in any case.
    pub who: String,
    /// Actions that are or begin so, such as `session.`.
    pub action: String,
    /// As [`domain::access::Seat::kind`].
    pub seat_kind: String,
    /// The provider's ID, the state's or the board's code.
    pub organization: String,
    /// The ID of what was acted on.
    pub subject: String,
    pub physician: Option<PhysicianId>,
    /// What stands behind this entry: its time and ID.
    pub after: Option<(i64, Uuid)>,
}

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Entry {
    pub audit_id: Uuid,
    pub at: i64,
    /// `account`, `api_client` or `nobody`.
    pub who_kind: String,
    /// The person's or the program's name; empty if nobody was signed in.
    pub who: String,
    /// The person's address; empty for programs.
    pub email: String,
    /// As [`domain::access::Seat::kind`]; empty if nobody was signed in.
    pub seat_kind: String,
    /// The organization's name, or its key where it has none.
    pub organization: String,
    pub action: String,
    pub subject: String,
    pub physician_id: Option<Uuid>,
    pub detail: String,
}

/// Newest first, at most `most`.
pub async fn search(tx: &mut ReadTx, _scope: &StaffScope, search: &Search, most: i64) -> Result<Vec<Entry>> {
    let mut question = Question::new(
        "select d.audit_id, d.at, d.who_kind, coalesce(a.name, t.name, '') as who, coalesce(a.email, '') as email,
                d.seat_kind, coalesce(p.name, l.name, c.name, d.organization) as organization, d.action, d.subject,
                d.physician_id, d.detail
         from audit d
         left join account a on d.who_kind = 'account' and a.account_id = d.who_id
         left join api_client t on d.who_kind = 'api_client' and t.api_client_id = d.who_id
         left join provider p on d.seat_kind = 'provider' and p.provider_id = d.organization
         left join licensing_board l on d.seat_kind = 'licensing_board' and l.state = d.organization
         left join certifying_board c on d.seat_kind = 'certifying_board' and c.board = d.organization
         where true",
    );
    if let Some(from) = search.from {
        question.push(" and d.at >= ?", [from.into()]);
    }
    if let Some(before) = search.before {
        question.push(" and d.at < ?", [before.into()]);
    }
    if let Some((at, id)) = search.after {
        question.push(" and (d.at < ? or (d.at = ? and d.audit_id < ?))", [at.into(), at.into(), id.into()]);
    }
    if let Some(physician) = search.physician {
        question.push(" and d.physician_id = ?", [physician.as_uuid().into()]);
    }
    for (column, value) in
        [("d.seat_kind", &search.seat_kind), ("d.organization", &search.organization), ("d.subject", &search.subject)]
    {
        if !value.is_empty() {
            question.push(&format!(" and {column} = ?"), [value.as_str().into()]);
        }
    }
    if !search.action.is_empty() {
        let begins = format!("{}%", literal(&search.action));
        question.push(" and d.action like ? escape '!'", [begins.into()]);
    }
    if !search.who.is_empty() {
        let piece = format!("%{}%", literal(&search.who.to_lowercase()));
        question.push(
            " and (lower(a.name) like ? escape '!' or a.email_key like ? escape '!' or lower(t.name) like ? escape '!')",
            [piece.clone().into(), piece.clone().into(), piece.into()],
        );
    }
    question.push(" order by d.at desc, d.audit_id desc limit ?", [most.into()]);
    asked!(tx, Entry, question)
}
