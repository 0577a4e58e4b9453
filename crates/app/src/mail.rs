//! Letters: written here, queued in the transaction of what they tell about, sent afterwards.
//!
//! Without a mail server, and in the demo, they stay in the table; the demo's mailbox page shows them.

mod account;

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use store::WriteTx;
use store::mails::Mail;

pub use self::account::AccountLetter;
use crate::accounts::Secret;
use crate::{App, Error, Result};

/// What the system writes to people. All wording is in [`Letter::write`].
#[derive(Debug, Clone, Copy)]
pub enum Letter<'a> {
    /// About signing in.
    Account(AccountLetter<'a>),
    /// `role` as people read it; `until` a time as people read it.
    Invitation {
        organization: &'a str,
        role: &'a str,
        inviter: &'a str,
        secret: &'a Secret,
        until: &'a str,
    },
    PasswordReset {
        name: &'a str,
        secret: &'a Secret,
    },
    PasswordChanged {
        name: &'a str,
    },
    /// A claim to an account was proven; `until` a time as people read it.
    Claim {
        name: &'a str,
        secret: &'a Secret,
        until: &'a str,
    },
    /// To the owner of an account: somebody claimed it again.
    ClaimedAgain {
        name: &'a str,
    },
    /// Two records of one physician were merged, and the other's account stays.
    RecordJoined {
        name: &'a str,
    },
    /// A licensing board writes about an audit; the words are the board's own.
    LicenseAudit {
        subject: &'a str,
        body: &'a str,
    },
    /// The records were parted again.
    RecordReturned {
        name: &'a str,
    },
    /// Certifying boards rejected credit of the provider; `lines` say of which activities and why.
    CreditRejected {
        name: &'a str,
        organization: &'a str,
        credits: i64,
        lines: &'a [String],
    },
    /// Written by the room that sends it: shares, and the morning's news.
    Words {
        subject: &'a str,
        body: &'a str,
    },
    /// Activities that could be seen first since a saved search was told last; `lines` name some of them, `query` is
    /// the search as it stands in addresses.
    NewActivities {
        name: &'a str,
        search: &'a str,
        query: &'a str,
        total: u64,
        lines: &'a [String],
        stop_key: &'a str,
    },
}

impl Letter<'_> {
    /// Subject and body.
    fn write(&self, app: &App) -> (String, String) {
        let product = &app.config.product_name;
        let link = |path: &str| app.config.link(path);
        match self {
            Self::Account(letter) => letter.write(app),
            Self::Words { subject, body } => ((*subject).to_owned(), (*body).to_owned()),
            Self::NewActivities { name, search, query, total, lines, stop_key } => {
                let (count, they) = if *total == 1 {
                    ("1 new activity".to_owned(), "it")
                } else {
                    (format!("{total} new activities"), "them")
                };
                let all = if query.is_empty() { link("/activities") } else { link(&format!("/activities?{query}")) };
                (
                    format!("{count} in your search \u{201c}{search}\u{201d}"),
                    format!(
                        "Hello {name},\n\n\
                         {count} can be found by your saved search \u{201c}{search}\u{201d} on {product}.\n\n{}\n\n\
                         See {they} among all that the search finds:\n{all}\n\n\
                         Change your searches:\n{}\n\
                         End these letters, without signing in:\n{}\n",
                        lines.join("\n\n"),
                        link("/activities/searches"),
                        link(&format!("/searches/stop/{stop_key}")),
                    ),
                )
            }
            Self::Invitation { organization, role, inviter, secret, until } => (
                format!("Join {organization} on {product}"),
                format!(
                    "{inviter} invites you to join the team of {organization} on {product}.\n\
                     Your role would be: {role}.\n\n\
                     Accept the invitation here:\n{}\n\n\
                     The link works once, until {until}. If you did not expect this, you can ignore it.\n",
                    link(&format!("/invitation/{}", secret.expose()))
                ),
            ),
            Self::PasswordReset { name, secret } => (
                format!("Choose a new password for {product}"),
                format!(
                    "Hello {name},\n\n\
                     somebody asked for a new password for your account on {product}.\n\
                     Choose it here:\n{}\n\n\
                     The link works once, within one hour. If you did not ask for it, you can ignore this letter; \
                     your password stays as it is.\n",
                    link(&format!("/reset/{}", secret.expose()))
                ),
            ),
            Self::PasswordChanged { name } => (
                format!("Your password for {product} was changed"),
                format!(
                    "Hello {name},\n\n\
                     the password of your account on {product} was just changed, and all other sessions were ended.\n\
                     If this was not you, choose a new password at once:\n{}\n",
                    link("/forgot")
                ),
            ),
            Self::Claim { name, secret, until } => (
                format!("Finish your account on {product}"),
                format!(
                    "Hello {name},\n\n\
                     your details agree with the registry. Choose a password and see your credit here:\n{}\n\n\
                     The link works once, until {until}. If you did not ask for an account, you can ignore this letter.\n",
                    link(&format!("/passport/claim/{}", secret.expose()))
                ),
            ),
            Self::ClaimedAgain { name } => (
                format!("Somebody claimed your account on {product}"),
                format!(
                    "Hello {name},\n\n\
                     somebody gave your details and asked for an account on {product}. You have one already, so \
                     nothing was changed and nothing was shown.\n\
                     If it was you, sign in here:\n{}\n\
                     If you forgot the password, choose a new one:\n{}\n",
                    link("/sign-in"),
                    link("/forgot")
                ),
            ),
            Self::RecordJoined { name } => (
                format!("Your record on {product} was joined with another"),
                format!(
                    "Hello {name},\n\n\
                     the accreditor found two records of one physician, yours and another, and joined them. One \
                     physician has one account, and the other record’s account stays: sign in with its e-mail \
                     address to see all credit. With this address you do not reach the record any more.\n\
                     If you have no other account, two people may have been taken for one. Write to the accreditor: \
                     it can be undone, and no credit is lost.\n"
                ),
            ),
            Self::CreditRejected { name, organization, credits, lines } => {
                let credits = if *credits == 1 { "1 credit".to_owned() } else { format!("{credits} credits") };
                (
                    format!("Certifying boards rejected {credits} of {organization}"),
                    format!(
                        "Hello {name},\n\n\
                         certifying boards looked at the points that {organization} reported and rejected {credits}:\n\n\
                         {}\n\n\
                         See whose they are, correct them and report them again here:\n{}\n\n\
                         All other credit stands as it was. You hear of further rejections at most once an hour.\n",
                        lines.join("\n"),
                        link("/provider/learners/rejected")
                    ),
                )
            }
            Self::LicenseAudit { subject, body } => {
                ((*subject).to_owned(), format!("{body}\nThe audit in your Passport:\n{}\n", link("/passport/audits")))
            }
            Self::RecordReturned { name } => (
                format!("Your record on {product} is yours again"),
                format!(
                    "Hello {name},\n\n\
                     your record had been joined with another by mistake. The accreditor has parted them again. Sign \
                     in as before and look at your credit:\n{}\n",
                    link("/sign-in")
                ),
            ),
        }
    }
}

/// Queues a letter; it is sent after the transaction commits.
pub async fn queue(app: &App, tx: &mut WriteTx, to: &str, letter: &Letter<'_>) -> Result<()> {
    let now = app.clock.now();
    let (subject, body) = letter.write(app);
    let mail = Mail {
        mail_id: app.chance.id(now),
        to_address: to.to_owned(),
        subject,
        body,
        created_at: now,
        sent_at: None,
        failed_at: None,
        failure: None,
    };
    Ok(store::mails::insert(tx, &mail).await?)
}

/// Sends what waits, oldest first, and says how many letters went out. Called every few seconds by
/// one process. A mail server that cannot be reached leaves the letters waiting.
pub async fn deliver_waiting(app: &App) -> Result<usize> {
    if app.config.smtp.is_empty() || app.config.demo {
        return Ok(0);
    }
    let mut tx = app.store.read().await?;
    let waiting = store::mails::list_waiting(&mut tx, 20).await?;
    drop(tx);
    if waiting.is_empty() {
        return Ok(0);
    }
    let server = AsyncSmtpTransport::<Tokio1Executor>::from_url(&app.config.smtp)
        .map_err(|_| Error::Internal("the setting smtp is not the address of a mail server".into()))?
        .build();
    let from: Mailbox = app
        .config
        .mail_from
        .parse()
        .map_err(|_| Error::Internal("the setting mail_from is not an e-mail address".into()))?;
    let mut sent = 0;
    for mail in waiting {
        let outcome = match message(&mail, from.clone()) {
            Ok(message) => match server.send(message).await {
                Ok(_) => Ok(()),
                Err(error) if error.is_permanent() => Err(error.to_string()),
                Err(error) => {
                    tracing::warn!(%error, "the mail server did not take a letter; it is tried again");
                    break;
                }
            },
            Err(error) => Err(error),
        };
        let mut tx = app.store.write().await?;
        match outcome {
            Ok(()) => {
                store::mails::mark_sent(&mut tx, mail.mail_id, app.clock.now()).await?;
                sent += 1;
            }
            Err(failure) => store::mails::mark_failed(&mut tx, mail.mail_id, app.clock.now(), &failure).await?,
        }
        tx.commit().await?;
    }
    Ok(sent)
}

fn message(mail: &Mail, from: Mailbox) -> Result<Message, String> {
    let to = mail.to_address.parse().map_err(|_| "this is not an e-mail address".to_owned())?;
    Message::builder()
        .from(from)
        .to(Mailbox::new(None, to))
        .subject(&mail.subject)
        .header(ContentType::TEXT_PLAIN)
        .body(mail.body.clone())
        .map_err(|error| error.to_string())
}
