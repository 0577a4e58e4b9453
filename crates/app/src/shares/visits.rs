//! The recipient's side of a link. Opening it is an act of its own (a POST), so that programs that follow links in
//! letters open nothing; the browser may then read on for an hour.
//!
//! An unknown link is not found; one that has ended says so and names nobody. Where the physician wants it so, a
//! code from the recipient's mail comes first.

use std::sync::Arc;

use domain::ShareId;
use domain::transcript::{Holder, Transcript};
use store::WriteTx;
use store::shares::looks::{self, Look, Tried};
use store::shares::{Recipient, Share, Standing};

use super::{What, letters, must_allow, person, recipient};
use crate::accounts::Secret;
use crate::chance::hash_of_secret;
use crate::clock::{HOUR, MINUTE};
use crate::mail::{self, Letter};
use crate::transcripts::{self, Official};
use crate::{App, Error, Result, audit, notices};

/// For how long a browser that opened a link may read on, in microseconds.
pub const VISIT: i64 = HOUR;
const CODE_MINUTES: i64 = 15;
const LETTERS_AN_HOUR: i64 = 5;
/// Codes that were wrong, within a day and for one share: whoever has only the link guesses one of a million.
const WRONG_A_DAY: i64 = 20;
const LETTER: &str = "share_code";
const WRONG: &str = "share_wrong_code";
/// Who has the transcript issued, where no seat says so.
const READER: &str = "share";

/// What a link offers before it is opened.
#[derive(Debug, Clone)]
pub struct Offered {
    pub physician: String,
    pub recipient: String,
    pub message: String,
    pub expires_at: i64,
    /// Where the code goes, with most of it hidden; empty if none is asked for.
    pub address: String,
    pub allows_downloads: bool,
}

/// A transcript as a recipient reads it.
#[derive(Debug, Clone)]
pub struct Opened {
    pub official: Arc<Official>,
    pub recipient: String,
    pub expires_at: i64,
    pub allows_downloads: bool,
}

/// The share behind a link. `NotFound`: there is none. `LinkOver`: it has ended.
async fn live(tx: &mut store::ReadTx, secret: &str, now: i64) -> Result<Share> {
    let share = store::shares::find_by_link(tx, &hash_of_secret(secret)).await?.ok_or(Error::NotFound)?;
    match share.standing(now) {
        Standing::Active | Standing::UsedUp => Ok(share),
        Standing::Expired | Standing::Revoked => Err(Error::LinkOver),
    }
}

/// As [`live`], for a link that may still be opened.
async fn openable(tx: &mut store::ReadTx, secret: &str, now: i64) -> Result<Share> {
    let share = live(tx, secret, now).await?;
    if share.standing(now) == Standing::Active { Ok(share) } else { Err(Error::LinkOver) }
}

/// What stands before the button.
pub async fn offer(app: &App, secret: &str) -> Result<Offered> {
    let mut tx = app.store.read().await?;
    let share = openable(&mut tx, secret, app.clock.now()).await?;
    let (_, physician) = person(&mut tx, &share).await?.ok_or(Error::LinkOver)?;
    let (recipient, address) = match &share.terms.recipient {
        Recipient::Email { name, email, asks_code } => {
            (name.clone(), if *asks_code { hinted(email) } else { String::new() })
        }
        Recipient::Link { name } => (name.clone(), String::new()),
        Recipient::Board(_) => return Err(Error::NotFound),
    };
    Ok(Offered {
        physician,
        recipient,
        address,
        message: share.terms.message,
        expires_at: share.terms.expires_at,
        allows_downloads: share.terms.allows_downloads,
    })
}

/// `j•••@example.org`: its owner recognises it, nobody else learns it.
fn hinted(email: &str) -> String {
    let (local, domain) = email.split_once('@').unwrap_or((email, ""));
    let first: String = local.chars().take(1).collect();
    format!("{first}•••@{domain}")
}

/// Sends a code to the recipient's address.
///
/// Errors: `TooMany`; `NotFound` where none is asked for.
pub async fn send_code(app: &App, secret: &str) -> Result<()> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let share = openable(&mut tx, secret, now).await?;
    let Recipient::Email { email, asks_code: true, .. } = &share.terms.recipient else { return Err(Error::NotFound) };
    looks::lock(&mut tx, share.id).await?;
    must_be_few(&mut tx, share.id, LETTER, LETTERS_AN_HOUR, HOUR, now).await?;
    must_be_few(&mut tx, share.id, WRONG, WRONG_A_DAY, 24 * HOUR, now).await?;
    store::attempts::insert(&mut tx, app.chance.id(now), LETTER, &share.id.to_string(), now).await?;
    let code = format!("{:06}", u64::from_be_bytes(app.chance.bytes()) % 1_000_000);
    looks::set_code(&mut tx, share.id, &hash_of_code(secret, &code), now + CODE_MINUTES * MINUTE).await?;
    let letter = letters::code(app, &code, CODE_MINUTES);
    mail::queue(app, &mut tx, email, &Letter::Written(&letter)).await?;
    Ok(tx.commit().await?)
}

async fn must_be_few(tx: &mut WriteTx, share: ShareId, kind: &str, most: i64, within: i64, now: i64) -> Result<()> {
    let tries = store::attempts::count_since(tx, kind, &share.to_string(), now - within).await?;
    match tries.count < most {
        true => Ok(()),
        false => Err(Error::TooMany { retry_after_seconds: (within / 1_000_000).max(1) }),
    }
}

/// Salted with the link's secret, which the database does not have: six digits alone are soon tried.
fn hash_of_code(secret: &str, code: &str) -> Vec<u8> {
    hash_of_secret(&format!("{secret} {code}"))
}

/// Opens a link by the code from its recipient's mail. The secret is for the browser.
///
/// Errors: `Invalid` on `code`; `TooMany`.
pub async fn confirm(app: &App, secret: &str, code: &str) -> Result<Secret> {
    let now = app.clock.now();
    let code: String = code.chars().filter(|letter| !letter.is_whitespace() && *letter != '-').collect();
    let mut tx = app.store.write().await?;
    let share = openable(&mut tx, secret, now).await?;
    let Recipient::Email { email, asks_code: true, .. } = &share.terms.recipient else { return Err(Error::NotFound) };
    if code.is_empty() {
        return Err(Error::invalid("code", "Enter the 6 digits from the letter."));
    }
    looks::lock(&mut tx, share.id).await?;
    must_be_few(&mut tx, share.id, WRONG, WRONG_A_DAY, 24 * HOUR, now).await?;
    let tried = looks::try_code(&mut tx, share.id, &hash_of_code(secret, &code), now).await?;
    if tried == Tried::Right {
        let visit = begin(app, &mut tx, &share, email).await?;
        tx.commit().await?;
        return Ok(visit);
    }
    store::attempts::insert(&mut tx, app.chance.id(now), WRONG, &share.id.to_string(), now).await?;
    // the try counts, though nothing was opened
    tx.commit().await?;
    Err(Error::invalid(
        "code",
        match tried {
            Tried::Wrong => "This is not the code of the last letter. Compare it digit by digit.",
            Tried::Right | Tried::Over => "This code no longer holds. Have another one sent.",
        },
    ))
}

/// Opens a link that asks for no code. The secret is for the browser.
pub async fn open(app: &App, secret: &str) -> Result<Secret> {
    let mut tx = app.store.write().await?;
    let share = openable(&mut tx, secret, app.clock.now()).await?;
    if matches!(share.terms.recipient, Recipient::Email { asks_code: true, .. } | Recipient::Board(_)) {
        return Err(Error::NotFound);
    }
    let visit = begin(app, &mut tx, &share, "").await?;
    tx.commit().await?;
    Ok(visit)
}

async fn begin(app: &App, tx: &mut WriteTx, share: &Share, confirmed_email: &str) -> Result<Secret> {
    let now = app.clock.now();
    // counted under the share's own row: two at once cannot both be the last
    if !store::shares::open(tx, share.id, now).await? {
        return Err(Error::LinkOver);
    }
    let visit = Secret::new(app.chance.secret(""));
    let ends_at = (now + VISIT).min(share.terms.expires_at);
    looks::insert_visit(tx, share.id, &hash_of_secret(visit.expose()), confirmed_email, ends_at).await?;
    Ok(visit)
}

/// The transcript of this moment, for a browser that opened the link. `None`: it did not, or not lately.
///
/// Errors: `LinkOver` once the share has ended, `NotFound` for a download that is not allowed.
pub async fn read(app: &App, secret: &str, visit: &str, what: What, device: &str) -> Result<Option<Opened>> {
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    let share = live(&mut tx, secret, now).await?;
    let Some(confirmed_email) = looks::visit(&mut tx, share.id, &hash_of_secret(visit), now).await? else {
        return Ok(None);
    };
    must_allow(&share.terms, what)?;
    drop(tx);
    let told = recipient(&mut app.store.read().await?, &share).await?;
    let look = Look { at: now, what: what.code().to_owned(), device: device.to_owned(), confirmed_email };
    let official = shown(app, None, &share, what, &look, &told).await?;
    let terms = share.terms;
    Ok(Some(Opened {
        official,
        recipient: told,
        expires_at: terms.expires_at,
        allows_downloads: terms.allows_downloads,
    }))
}

/// The transcript within the share's terms, once the look is written down: nobody reads what is not logged, and
/// nobody reads what was ended in the same moment.
pub(super) async fn shown(
    app: &App,
    actor: Option<&domain::access::Actor>,
    share: &Share,
    what: What,
    look: &Look,
    told: &str,
) -> Result<Arc<Official>> {
    let mut tx = app.store.read().await?;
    let (record, _) = person(&mut tx, share).await?.ok_or(Error::LinkOver)?;
    let drafted = transcripts::draft_for(app, &mut tx, &record, READER, share.terms.filter).await?;
    drop(tx);
    let mut tx = app.store.write().await?;
    looks::lock(&mut tx, share.id).await?;
    if !store::shares::is_open(&mut tx, share.id, look.at).await? {
        return Err(Error::LinkOver);
    }
    drafted.issue(&mut tx).await?;
    let is_first = looks::insert(&mut tx, app.chance.id(look.at), share.id, look).await?;
    let entry = audit::entry(app, actor, what.action(), share.id.to_string(), Some(record.physician()), told);
    audit::insert(app, &mut tx, &[entry]).await?;
    if is_first {
        notices::share_opened(app, &mut tx, record.physician(), |name| {
            letters::opened(app, share.id, name, told, look.at)
        })
        .await?;
    }
    tx.commit().await?;
    match share.terms.shows_numbers {
        true => Ok(drafted.official),
        false => Ok(Arc::new(without_numbers(&drafted.official))),
    }
}

/// Without license numbers, diplomate IDs and the NPI, in every rendering.
fn without_numbers(official: &Official) -> Official {
    let official = official.clone();
    let transcript = official.transcript;
    let holder = Holder { name: transcript.holder.name, ..Holder::default() };
    Official {
        transcript: Transcript { holder, ..transcript },
        licenses: Vec::new(),
        certifications: Vec::new(),
        ..official
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_hinted_at_without_being_told() {
        assert_eq!(hinted("jordan.lee@clinic.example"), "j•••@clinic.example");
        assert_eq!(hinted("j@x.example"), "j•••@x.example");
        assert_eq!(hinted(""), "•••@");
    }

    #[test]
    fn a_code_is_worth_nothing_without_its_link() {
        assert_ne!(hash_of_code("a", "123456"), hash_of_code("b", "123456"));
        assert_ne!(hash_of_code("a", "123456"), hash_of_code("a", "123457"));
    }
}
