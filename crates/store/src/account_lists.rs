//! All accounts, for the accreditor's staff: found by name or address, with where their people sit. There may be a
//! million of them, nearly all physicians', so a list is in the order of the addresses, which have an index.

use domain::AccountId;
use domain::access::StaffScope;
use uuid::Uuid;

use crate::error::Result;
use crate::question::{Question, Value};
use crate::tx::ReadTx;

/// Counting stops here.
pub const MOST_COUNTED: i64 = 10_000;

/// Which accounts are meant; everything empty means all.
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// A piece of name or address, in any case.
    pub words: String,
    /// The word of a kind of seat; empty: any.
    pub kind: String,
    pub show: Show,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Show {
    #[default]
    All,
    Disabled,
    WithoutSecondFactor,
    NeverSignedIn,
}

/// An account as a line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub id: AccountId,
    pub name: String,
    pub email: String,
    pub created_at: i64,
    pub disabled_at: Option<i64>,
    /// Whether the account has an authenticator app or a passkey.
    pub has_second_factor: bool,
    pub signed_in_at: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct ListedRow {
    account_id: Uuid,
    name: String,
    email: String,
    created_at: i64,
    disabled_at: Option<i64>,
    has_second_factor: bool,
    latest_at: Option<i64>,
}

impl From<ListedRow> for Listed {
    fn from(row: ListedRow) -> Self {
        Self {
            id: AccountId::new(row.account_id),
            name: row.name,
            email: row.email,
            created_at: row.created_at,
            disabled_at: row.disabled_at,
            has_second_factor: row.has_second_factor,
            signed_in_at: row.latest_at,
        }
    }
}

const COLUMNS: &str = "select a.account_id, a.name, a.email, a.created_at, a.disabled_at,
        (exists (select 1 from passkey k where k.account_id = a.account_id)
         or exists (select 1 from authenticator t where t.account_id = a.account_id
                    and t.confirmed_at is not null)) as has_second_factor, i.latest_at
     from account a left join account_sign_in i on i.account_id = a.account_id where true";

fn narrowed(mut question: Question, search: &Search) -> Question {
    let words = search.words.trim().to_lowercase();
    if !words.is_empty() {
        let escaped: String =
            words.chars().flat_map(|c| matches!(c, '%' | '_' | '!').then_some('!').into_iter().chain([c])).collect();
        let piece = Value::from(format!("%{escaped}%"));
        question
            .push(" and (a.email_key like ? escape '!' or lower(a.name) like ? escape '!')", [piece.clone(), piece]);
    }
    if !search.kind.is_empty() {
        let kind = Value::from(search.kind.as_str());
        question.push(" and exists (select 1 from seat s where s.account_id = a.account_id and s.kind = ?)", [kind]);
    }
    match search.show {
        Show::All => {}
        Show::Disabled => question.push(" and a.disabled_at is not null", []),
        Show::WithoutSecondFactor => question.push(
            " and not exists (select 1 from passkey k where k.account_id = a.account_id)
              and not exists (select 1 from authenticator t where t.account_id = a.account_id
                              and t.confirmed_at is not null)",
            [],
        ),
        Show::NeverSignedIn => question.push(" and i.latest_at is null", []),
    }
    question
}

/// By address; `skip` of them left out, at most `most`.
pub async fn list(tx: &mut ReadTx, _scope: &StaffScope, search: &Search, skip: i64, most: i64) -> Result<Vec<Listed>> {
    let mut question = narrowed(Question::new(COLUMNS), search);
    question.push(" order by a.email_key limit ? offset ?", [most.into(), skip.into()]);
    let rows: Vec<ListedRow> = asked!(tx, ListedRow, question)?;
    Ok(rows.into_iter().map(Listed::from).collect())
}

/// How many there are, at most [`MOST_COUNTED`].
pub async fn count(tx: &mut ReadTx, _scope: &StaffScope, search: &Search) -> Result<i64> {
    let start = "select count(*) from (select 1 as one from account a
                 left join account_sign_in i on i.account_id = a.account_id where true";
    let mut question = narrowed(Question::new(start), search);
    question.push(" limit ?) as found", [MOST_COUNTED.into()]);
    let rows: Vec<(i64,)> = asked!(tx, (i64,), question)?;
    Ok(rows.first().map_or(0, |(count,)| *count))
}

pub async fn find(tx: &mut ReadTx, _scope: &StaffScope, id: AccountId) -> Result<Option<Listed>> {
    let mut question = Question::new(COLUMNS);
    question.push(" and a.account_id = ?", [id.as_uuid().into()]);
    let rows: Vec<ListedRow> = asked!(tx, ListedRow, question)?;
    Ok(rows.into_iter().next().map(Listed::from))
}
