//! Letters on their way: queued in the transaction of what they tell about, sent afterwards. What they say is in
//! [`crate::letters`].
//!
//! Without a mail server, and in the demo, they stay in the table; the demo's mailbox page shows them. A letter that
//! was sent just before a kill is sent once more, under the same Message-ID.

mod headers;

use std::time::{Duration, SystemTime};

use lettre::message::{Mailbox, MultiPart};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use store::WriteTx;
use store::mails::Mail;

use crate::letters::{self, Rendered};
pub use crate::letters::{AccountLetter, Letter};
use crate::{App, Error, Result};
use headers::{AutoSubmitted, ListUnsubscribe, ListUnsubscribePost};

/// Letters that are taken at once. Before each such handful, what somebody waits for goes first.
const AT_ONCE: i64 = 20;

/// Queues a letter; it is sent after the transaction commits.
pub async fn queue(app: &App, tx: &mut WriteTx, to: &str, letter: &Letter<'_>) -> Result<()> {
    let now = app.clock.now();
    let written = letter.write(app);
    let Rendered { text, html } = letters::render(app, &written)?;
    let mail = Mail {
        mail_id: app.chance.id(now),
        to_address: to.to_owned(),
        kind: written.kind.to_owned(),
        subject: written.subject,
        body: text,
        html,
        unsubscribe: written.end,
        can_wait: written.can_wait,
        created_at: now,
        ..Mail::default()
    };
    Ok(store::mails::insert(tx, &mail).await?)
}

/// Sends what waits and says how many letters went out. Called every few seconds by one process. A mail server that
/// cannot be reached leaves the letters waiting.
pub async fn deliver_waiting(app: &App) -> Result<usize> {
    if app.config.smtp.is_empty() || app.config.demo {
        return Ok(0);
    }
    let mut sent = 0;
    let mut server = None;
    loop {
        let waiting = store::mails::list_waiting(&mut app.store.read().await?, AT_ONCE).await?;
        if waiting.is_empty() {
            return Ok(sent);
        }
        let (server, from) = match &server {
            Some(known) => known,
            None => server.insert(connection(app)?),
        };
        for mail in waiting {
            let outcome = match message(app, &mail, from.clone()) {
                Ok(message) => match server.send(message).await {
                    Ok(_) => Ok(()),
                    Err(error) if error.is_permanent() => Err(error.to_string()),
                    Err(error) => {
                        tracing::warn!(%error, "the mail server did not take a letter; it is tried again");
                        let mut tx = app.store.write().await?;
                        let now = app.clock.now();
                        store::mails::log::mark_tried(&mut tx, mail.mail_id, now, &error.to_string()).await?;
                        tx.commit().await?;
                        return Ok(sent);
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
    }
}

type Server = AsyncSmtpTransport<Tokio1Executor>;

/// The mail server of the settings, and whom letters are from.
fn connection(app: &App) -> Result<(Server, Mailbox)> {
    let server = Server::from_url(&app.config.smtp)
        .map_err(|_| Error::Internal("the setting smtp is not the address of a mail server".into()))?
        .build();
    let from = app.config.mail_from.parse();
    Ok((server, from.map_err(|_| Error::Internal("the setting mail_from is not an e-mail address".into()))?))
}

/// A letter as it goes to the mail server: plain text and HTML side by side.
///
/// Errors: words for the log of letters, when the address is none.
pub fn message(app: &App, mail: &Mail, from: Mailbox) -> Result<Message, String> {
    let to = mail.to_address.parse().map_err(|_| "this is not an e-mail address".to_owned())?;
    let host = from.email.domain().to_owned();
    let created = u64::try_from(mail.created_at).unwrap_or_default();
    let product = &app.config.product_name;
    let from = Mailbox { name: from.name.or_else(|| Some(product.clone())), ..from };
    let mut message = Message::builder()
        .from(from)
        .to(Mailbox::new(None, to))
        .subject(&mail.subject)
        .date(SystemTime::UNIX_EPOCH + Duration::from_micros(created))
        .message_id(Some(format!("<{}@{host}>", mail.mail_id)))
        .header(AutoSubmitted);
    if !mail.unsubscribe.is_empty() {
        message = message.header(ListUnsubscribe(mail.unsubscribe.clone())).header(ListUnsubscribePost);
    }
    message
        .multipart(MultiPart::alternative_plain_html(mail.body.clone(), mail.html.clone()))
        .map_err(|error| error.to_string())
}
