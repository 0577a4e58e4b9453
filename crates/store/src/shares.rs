//! Transcripts that physicians let somebody see: by a link, whose secret is stored hashed, or in the list of a
//! licensing board.
//!
//! A share can be had only by the physician's scope, by its link, or by the scope of the board it was sent to; the
//! record that it opens follows merges. What its readers did is in [`looks`].

pub mod looks;

use domain::access::{LicensingBoardScope, PhysicianScope};
use domain::credit::Kind;
use domain::transcript::Filter;
use domain::{PhysicianId, ShareId, State};
use uuid::Uuid;

use crate::error::Result;
use crate::identity_changes::records::{merged_here, survivor};
use crate::transcripts::Record;
use crate::tx::{ReadTx, WriteTx};
use crate::values::{at, date_text, parsed, word};

/// Whom a transcript is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recipient {
    /// Whoever the physician hands the link to; the name is for themselves.
    Link { name: String },
    /// `asks_code`: who opens it must first show that they read this address's mail.
    Email { name: String, email: String, asks_code: bool },
    /// A licensing board, whose people sign in.
    Board(State),
}

impl Recipient {
    fn kind(&self) -> &'static str {
        match self {
            Self::Link { .. } => "link",
            Self::Email { .. } => "email",
            Self::Board(_) => "board",
        }
    }
}

/// What a physician decides about a share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    pub recipient: Recipient,
    pub message: String,
    pub filter: Filter,
    /// License numbers, diplomate IDs and the NPI.
    pub shows_numbers: bool,
    pub allows_downloads: bool,
    pub expires_at: i64,
    /// How often it may be opened; `None` for as often as they like.
    pub most_openings: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    pub id: ShareId,
    /// Only this module says whose it is: nobody makes a share up.
    physician: PhysicianId,
    pub terms: Terms,
    pub created_at: i64,
    pub revoked_at: Option<i64>,
    pub openings: i64,
}

/// How a share stands at some time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Active,
    /// Opened as often as it may be; whoever has it open reads on for a while.
    UsedUp,
    Expired,
    Revoked,
}

impl Share {
    /// The record that it was made from; see [`record`] for the one that it opens.
    pub fn physician(&self) -> PhysicianId {
        self.physician
    }

    pub fn standing(&self, now: i64) -> Standing {
        if self.revoked_at.is_some() {
            Standing::Revoked
        } else if self.terms.expires_at <= now {
            Standing::Expired
        } else if self.terms.most_openings.is_some_and(|most| self.openings >= most) {
            Standing::UsedUp
        } else {
            Standing::Active
        }
    }
}

#[derive(sqlx::FromRow)]
struct ShareRow {
    share_id: Uuid,
    physician_id: Uuid,
    recipient_kind: String,
    recipient_name: String,
    recipient_email: String,
    recipient_state: String,
    asks_code: bool,
    message: String,
    completed_from: Option<String>,
    completed_until: Option<String>,
    kind: Option<String>,
    shows_numbers: bool,
    allows_downloads: bool,
    created_at: i64,
    expires_at: i64,
    revoked_at: Option<i64>,
    most_openings: Option<i64>,
    openings: i64,
}

impl TryFrom<ShareRow> for Share {
    type Error = crate::Error;

    fn try_from(row: ShareRow) -> Result<Self> {
        let here = |column| at("share", column, &row.share_id);
        let recipient = match row.recipient_kind.as_str() {
            "link" => Recipient::Link { name: row.recipient_name },
            "email" => {
                Recipient::Email { name: row.recipient_name, email: row.recipient_email, asks_code: row.asks_code }
            }
            _ => Recipient::Board(word(State::read(&row.recipient_state), here("recipient_state"))?),
        };
        let date = |text: &Option<String>, column| text.as_deref().map(|text| parsed(text, here(column))).transpose();
        let filter = Filter {
            from: date(&row.completed_from, "completed_from")?,
            until: date(&row.completed_until, "completed_until")?,
            kind: row.kind.as_deref().map(|kind| word(Kind::read(kind), here("kind"))).transpose()?,
            ..Filter::default()
        };
        Ok(Self {
            id: ShareId::new(row.share_id),
            physician: PhysicianId::new(row.physician_id),
            terms: Terms {
                recipient,
                message: row.message,
                filter,
                shows_numbers: row.shows_numbers,
                allows_downloads: row.allows_downloads,
                expires_at: row.expires_at,
                most_openings: row.most_openings,
            },
            created_at: row.created_at,
            revoked_at: row.revoked_at,
            openings: row.openings,
        })
    }
}

/// The columns of [`ShareRow`], with what follows `from`.
macro_rules! shares {
    ($rest:literal) => {
        concat!(
            "select s.share_id, s.physician_id, s.recipient_kind, s.recipient_name, s.recipient_email, s.recipient_state,
             s.asks_code, s.message, s.completed_from, s.completed_until, s.kind, s.shows_numbers, s.allows_downloads,
             s.created_at, s.expires_at, s.revoked_at, s.most_openings, s.openings from share s ",
            $rest
        )
    };
}

/// `token_hash` of the link's secret; `None` for a board.
pub async fn insert(
    tx: &mut WriteTx,
    scope: &PhysicianScope,
    id: ShareId,
    terms: &Terms,
    token_hash: Option<&[u8]>,
    now: i64,
) -> Result<()> {
    let (name, email, state, asks_code) = match &terms.recipient {
        Recipient::Link { name } => (name.as_str(), "", "", false),
        Recipient::Email { name, email, asks_code } => (name.as_str(), email.as_str(), "", *asks_code),
        Recipient::Board(state) => ("", "", state.code(), false),
    };
    exec!(
        tx,
        "insert into share (share_id, physician_id, recipient_kind, recipient_name, recipient_email, recipient_state,
         asks_code, message, completed_from, completed_until, kind, shows_numbers, allows_downloads, token_hash,
         created_at, expires_at, most_openings, openings, code_until, code_tries)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 0, 0, 0)",
        id.as_uuid(),
        scope.physician().as_uuid(),
        terms.recipient.kind(),
        name,
        email,
        state,
        asks_code,
        terms.message.as_str(),
        terms.filter.from.map(date_text),
        terms.filter.until.map(date_text),
        terms.filter.kind.map(|kind| kind.key().to_owned()),
        terms.shows_numbers,
        terms.allows_downloads,
        token_hash.map(<[u8]>::to_vec),
        now,
        terms.expires_at,
        terms.most_openings,
    )?;
    Ok(())
}

/// The physician's record and those merged into it: a share follows its person.
async fn records(tx: &mut ReadTx, scope: &PhysicianScope) -> Result<Vec<Uuid>> {
    let mut all = vec![scope.physician()];
    all.extend(merged_here(tx, scope.physician()).await?);
    Ok(all.into_iter().map(PhysicianId::as_uuid).collect())
}

/// All shares of a physician, the newest first.
pub async fn list(tx: &mut ReadTx, scope: &PhysicianScope) -> Result<Vec<Share>> {
    let records = records(tx, scope).await?;
    let mut shares = Vec::new();
    for record in records {
        let rows = all!(
            tx,
            ShareRow,
            shares!("where s.physician_id = $1 order by s.created_at desc, s.share_id desc limit 1000"),
            record
        )?;
        shares.extend(rows);
    }
    let mut shares: Vec<Share> = shares.into_iter().map(Share::try_from).collect::<Result<_>>()?;
    shares.sort_by_key(|share| std::cmp::Reverse((share.created_at, share.id)));
    Ok(shares)
}

/// `None`: no share, or another physician's.
pub async fn find(tx: &mut ReadTx, scope: &PhysicianScope, id: ShareId) -> Result<Option<Share>> {
    let row = maybe!(tx, ShareRow, shares!("where s.share_id = $1"), id.as_uuid())?;
    let share = row.map(Share::try_from).transpose()?;
    let records = records(tx, scope).await?;
    Ok(share.filter(|share| records.contains(&share.physician.as_uuid())))
}

/// The share behind a link, however it stands.
pub async fn find_by_link(tx: &mut ReadTx, token_hash: &[u8]) -> Result<Option<Share>> {
    maybe!(tx, ShareRow, shares!("where s.token_hash = $1"), token_hash.to_vec())?.map(Share::try_from).transpose()
}

/// What a board's list shows of a share that it may open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    pub share: Share,
    /// Of the record as it stands today.
    pub name: String,
    pub degree: String,
    /// When the board first opened it.
    pub looked_at: Option<i64>,
}

/// What was sent to the board and may still be opened, the newest first.
pub async fn received(tx: &mut ReadTx, scope: &LicensingBoardScope, now: i64, most: i64) -> Result<Vec<Received>> {
    let rows = all!(
        tx,
        ShareRow,
        shares!(
            "where s.recipient_kind = 'board' and s.recipient_state = $1 and s.revoked_at is null and s.expires_at > $2
             order by s.created_at desc, s.share_id desc limit $3"
        ),
        scope.state().code(),
        now,
        most,
    )?;
    let mut received = Vec::with_capacity(rows.len());
    for row in rows {
        let share = Share::try_from(row)?;
        // a record that stands for nobody any more shows nothing
        let Some(physician) = survivor(tx, share.physician).await? else { continue };
        let Some(physician) = crate::physicians::find(tx, physician).await? else { continue };
        let (looked_at,): (Option<i64>,) =
            one!(tx, (Option<i64>,), "select min(at) from share_look where share_id = $1", share.id.as_uuid())?;
        received.push(Received { name: physician.full_name(), degree: physician.degree, looked_at, share });
    }
    Ok(received)
}

/// A share that was sent to this board, if it may still be opened.
pub async fn find_received(
    tx: &mut ReadTx,
    scope: &LicensingBoardScope,
    id: ShareId,
    now: i64,
) -> Result<Option<Share>> {
    let row = maybe!(
        tx,
        ShareRow,
        shares!(
            "where s.share_id = $1 and s.recipient_kind = 'board' and s.recipient_state = $2 and s.revoked_at is null
             and s.expires_at > $3"
        ),
        id.as_uuid(),
        scope.state().code(),
        now,
    )?;
    row.map(Share::try_from).transpose()
}

/// The record that a share opens today. `None`: it stands for nobody any more.
pub async fn record(tx: &mut ReadTx, share: &Share) -> Result<Option<Record>> {
    Ok(survivor(tx, share.physician).await?.map(Record::shared))
}

/// Counts an opening. `false`: it may not be opened (any more), and whoever asks at the same moment waits.
pub async fn open(tx: &mut WriteTx, id: ShareId, now: i64) -> Result<bool> {
    let opened = exec!(
        tx,
        "update share set openings = openings + 1
         where share_id = $1 and revoked_at is null and expires_at > $2
           and (most_openings is null or openings < most_openings)",
        id.as_uuid(),
        now,
    )?;
    Ok(opened == 1)
}

/// Whether it may be read by those who opened it.
pub async fn is_open(tx: &mut ReadTx, id: ShareId, now: i64) -> Result<bool> {
    let (open,): (i64,) = one!(
        tx,
        (i64,),
        "select count(*) from share where share_id = $1 and revoked_at is null and expires_at > $2",
        id.as_uuid(),
        now,
    )?;
    Ok(open == 1)
}

/// Ends a share and whatever is open of it. `false`: it was revoked before.
pub async fn revoke(tx: &mut WriteTx, share: &Share, now: i64) -> Result<bool> {
    let revoked = exec!(
        tx,
        "update share set revoked_at = $2 where share_id = $1 and revoked_at is null",
        share.id.as_uuid(),
        now,
    )?;
    exec!(tx, "delete from share_visit where share_id = $1", share.id.as_uuid())?;
    Ok(revoked == 1)
}

/// Sets another end. `false`: it was revoked.
pub async fn extend(tx: &mut WriteTx, share: &Share, expires_at: i64) -> Result<bool> {
    let changed = exec!(
        tx,
        "update share set expires_at = $2 where share_id = $1 and revoked_at is null",
        share.id.as_uuid(),
        expires_at,
    )?;
    Ok(changed == 1)
}

/// Gives a share another link; the one before opens nothing any more. `false`: it has ended.
pub async fn renew(tx: &mut WriteTx, share: &Share, token_hash: &[u8], now: i64) -> Result<bool> {
    let changed = exec!(
        tx,
        "update share set token_hash = $2, code_hash = null
         where share_id = $1 and revoked_at is null and expires_at > $3 and recipient_kind <> 'board'",
        share.id.as_uuid(),
        token_hash.to_vec(),
        now,
    )?;
    exec!(tx, "delete from share_visit where share_id = $1", share.id.as_uuid())?;
    Ok(changed == 1)
}
