//! Which letters an account wants, and what a physician's next letter has to tell.
//!
//! Whoever notes news locks the row of its topic, and the letter deletes the row before it reads what is new: so
//! nothing that commits meanwhile is forgotten, and nothing is told twice.

use std::collections::HashSet;

use domain::access::PhysicianScope;
use domain::{AccountId, CompletionId, PhysicianId};
use uuid::Uuid;

use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};
use crate::values::{at, word};

/// What letters tell of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    NewCredit,
    Rejected,
    Looked,
    /// A share was opened for the first time; told at once.
    ShareOpened,
    Weekly,
}

impl Topic {
    pub const ALL: &[Topic] = &[Self::NewCredit, Self::Rejected, Self::Looked, Self::ShareOpened, Self::Weekly];

    pub fn code(self) -> &'static str {
        match self {
            Self::NewCredit => "new_credit",
            Self::Rejected => "rejected",
            Self::Looked => "looked",
            Self::ShareOpened => "share_opened",
            Self::Weekly => "weekly",
        }
    }

    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|topic| topic.code() == code)
    }

    /// Whether it is sent to those who never chose.
    pub fn is_usual(self) -> bool {
        self != Self::Weekly
    }
}

/// The topics that an account wants.
pub async fn wanted(tx: &mut ReadTx, account: AccountId) -> Result<Vec<Topic>> {
    let chosen = all!(
        tx,
        (String, bool),
        "select topic, is_wanted from notice_choice where account_id = $1",
        account.as_uuid()
    )?;
    let wants = |topic: &Topic| {
        let choice = chosen.iter().find(|(code, _)| code == topic.code());
        choice.map_or(topic.is_usual(), |(_, is_wanted)| *is_wanted)
    };
    Ok(Topic::ALL.iter().copied().filter(wants).collect())
}

pub async fn choose(tx: &mut WriteTx, account: AccountId, topic: Topic, is_wanted: bool, now: i64) -> Result<()> {
    exec!(
        tx,
        "insert into notice_choice (account_id, topic, is_wanted, changed_at) values ($1, $2, $3, $4)
         on conflict (account_id, topic) do update set is_wanted = excluded.is_wanted, changed_at = excluded.changed_at",
        account.as_uuid(),
        topic.code(),
        is_wanted,
        now,
    )?;
    Ok(())
}

/// Notes news for a physician who has an account; earlier news of the topic that waits stays the first.
pub async fn note(tx: &mut WriteTx, physician: PhysicianId, topic: Topic, since_at: i64, due_at: i64) -> Result<()> {
    exec!(
        tx,
        "insert into notice_waiting (physician_id, topic, since_at, due_at)
         select $1, $2, $3, $4 from seat where kind = 'physician' and organization = $5
         on conflict (physician_id, topic) do update set due_at = notice_waiting.due_at",
        physician.as_uuid(),
        topic.code(),
        since_at,
        due_at,
        physician.to_string(),
    )?;
    Ok(())
}

/// Forgets what waits of a topic.
pub async fn forget(tx: &mut WriteTx, physician: PhysicianId, topic: Topic) -> Result<()> {
    exec!(tx, "delete from notice_waiting where physician_id = $1 and topic = $2", physician.as_uuid(), topic.code(),)?;
    Ok(())
}

/// Physicians with a letter that is due.
pub async fn due(tx: &mut ReadTx, now: i64, most: i64) -> Result<Vec<PhysicianId>> {
    let rows = all!(
        tx,
        (Uuid,),
        "select distinct physician_id from notice_waiting where due_at <= $1 order by physician_id limit $2",
        now,
        most,
    )?;
    Ok(rows.into_iter().map(|(id,)| PhysicianId::new(id)).collect())
}

/// Takes what is due of a physician: topics, and since when there is news. Nothing, if another worker was quicker.
pub async fn take(tx: &mut WriteTx, physician: PhysicianId, now: i64) -> Result<Vec<(Topic, i64)>> {
    let rows = all!(
        tx,
        (String, i64),
        "delete from notice_waiting where physician_id = $1 and due_at <= $2 returning topic, since_at",
        physician.as_uuid(),
        now,
    )?;
    rows.into_iter()
        .map(|(topic, since_at)| Ok((word(Topic::read(&topic), at("notice_waiting", "topic", &physician))?, since_at)))
        .collect()
}

/// Physicians who have an account and credit that leaves of the ledger from `first` to before `until` report, not
/// older than `fresh`: each once with the earliest time, in the order of their ids.
pub async fn reported_to(tx: &mut ReadTx, first: i64, until: i64, fresh: i64) -> Result<Vec<(PhysicianId, i64)>> {
    let rows = all!(
        tx,
        (Uuid, i64),
        "select c.physician_id, min(l.at)
         from ledger_leaf l
         join credit k on k.credit_id = l.credit_id
         join completion c on c.completion_id = k.completion_id
         where l.leaf_index >= $1 and l.leaf_index < $2 and l.event = 'report' and l.at >= $3
           and c.physician_id is not null
         group by c.physician_id order by c.physician_id",
        first,
        until,
        fresh,
    )?;
    let holders: Vec<String> = rows.iter().map(|(id, _)| id.to_string()).collect();
    let seats: Vec<(String,)> = among!(
        tx,
        (String,),
        in "select organization from seat where kind = 'physician' and organization in (",
        holders,
        ")"
    );
    let seats: HashSet<String> = seats.into_iter().map(|(seat,)| seat).collect();
    let known = rows.into_iter().filter(|(id, _)| seats.contains(&id.to_string()));
    Ok(known.map(|(id, at)| (PhysicianId::new(id), at)).collect())
}

/// The link's secret of an account: the one that it has, or this new one.
pub async fn link(tx: &mut WriteTx, account: AccountId, new: &str) -> Result<String> {
    let (secret,): (String,) = one!(
        tx,
        (String,),
        "insert into notice_link (account_id, secret) values ($1, $2)
         on conflict (account_id) do update set secret = notice_link.secret returning secret",
        account.as_uuid(),
        new,
    )?;
    Ok(secret)
}

/// Whose letters a link ends.
pub async fn account_of_link(tx: &mut ReadTx, secret: &str) -> Result<Option<AccountId>> {
    // PostgreSQL takes no zero byte for text
    if !secret.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(None);
    }
    let row = maybe!(tx, (Uuid,), "select account_id from notice_link where secret = $1", secret)?;
    Ok(row.map(|(id,)| AccountId::new(id)))
}

/// A completion that was reported lately, or whose points were rejected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    pub completion: CompletionId,
    pub title: String,
    pub provider: String,
    /// US or ISO dates are the letter's: as stored.
    pub completed_on: String,
}

#[derive(sqlx::FromRow)]
struct NewsRow {
    completion_id: Uuid,
    title: String,
    provider: String,
    completed_on: String,
}

impl From<NewsRow> for News {
    fn from(row: NewsRow) -> Self {
        Self {
            completion: CompletionId::new(row.completion_id),
            title: row.title,
            provider: row.provider,
            completed_on: row.completed_on,
        }
    }
}

/// Live completions of a physician that were reported since, the newest first.
pub async fn reported_since(tx: &mut ReadTx, scope: &PhysicianScope, since_at: i64, most: i64) -> Result<Vec<News>> {
    let rows = all!(
        tx,
        NewsRow,
        "select c.completion_id, a.title, p.name as provider, c.completed_on
         from completion c
         join activity a on a.activity_id = c.activity_id
         join provider p on p.provider_id = c.provider_id
         where c.physician_id = $1 and c.withdrawn_at is null and c.reported_at >= $2
         order by c.reported_at desc, c.completion_id desc limit $3",
        scope.physician().as_uuid(),
        since_at,
        most,
    )?;
    Ok(rows.into_iter().map(News::from).collect())
}

/// Live completions of a physician with points that a board rejected since.
pub async fn rejected_since(tx: &mut ReadTx, scope: &PhysicianScope, since_at: i64, most: i64) -> Result<Vec<News>> {
    let rows = all!(
        tx,
        NewsRow,
        "select distinct c.completion_id, a.title, p.name as provider, c.completed_on
         from completion c
         join credit k on k.completion_id = c.completion_id
         join ledger_leaf l on l.credit_id = k.credit_id and l.event = 'decide'
         join activity a on a.activity_id = c.activity_id
         join provider p on p.provider_id = c.provider_id
         where c.physician_id = $1 and c.withdrawn_at is null and k.withdrawn_at is null and k.status = 'rejected'
           and l.at >= $2
         order by c.completed_on desc, c.completion_id limit $3",
        scope.physician().as_uuid(),
        since_at,
        most,
    )?;
    Ok(rows.into_iter().map(News::from).collect())
}
