//! Sending what is due: signed, without redirects, with an end in time. A try that fails is made again with
//! growing pauses over three days, then given up; its owner can send it again.
//!
//! Each webhook has few places of its own, so that one that does not answer holds up no other.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use domain::WebhookId;
use reqwest::{Client, redirect};
use store::webhooks::Due;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::{address, signing, telling};
use crate::{App, Error, Result};

/// How often an idle process looks for events.
const IDLE: Duration = Duration::from_millis(500);
/// An answer that takes longer is a failure.
const LONGEST: Duration = Duration::from_secs(15);
/// Deliveries of one webhook that are under way at the same time.
const AT_ONCE: usize = 4;
/// Seconds after which another process may take a delivery over: more than a try can last.
const HELD_SECONDS: i64 = 60;
/// Seconds before each further try (Standard Webhooks' own schedule, to about three days).
const PAUSES: [i64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
const SECOND: i64 = 1_000_000;

/// Tells events until told to stop.
pub async fn work(app: App, mut stop: watch::Receiver<bool>) {
    let client = match client(&app) {
        Ok(client) => client,
        Err(error) => return tracing::error!(%error, "webhooks are not sent"),
    };
    let mut sending = Sending::default();
    while !*stop.borrow() {
        let round = match app.read_only.current(&app.store).await {
            Some(_) => Ok(false),
            None => sending.round(&app, &client).await,
        };
        let more = match round {
            Ok(more) => more,
            Err(error) => {
                tracing::error!(%error, "webhooks could not be looked after");
                false
            }
        };
        if !more {
            tokio::select! {
                () = tokio::time::sleep(IDLE) => {}
                () = sending.one_ends() => {}
                _ = stop.changed() => {}
            }
        }
    }
}

/// What is under way.
#[derive(Default)]
struct Sending {
    tasks: JoinSet<WebhookId>,
    /// How many of each webhook.
    of: HashMap<WebhookId, usize>,
}

impl Sending {
    /// Writes down what is new and begins to send what is due. Whether there is more to write down right now.
    async fn round(&mut self, app: &App, client: &Client) -> Result<bool> {
        let more = telling::write_down(app).await?;
        let now = app.clock.now();
        let mut tx = app.store.read().await?;
        let mut due: Vec<Due> = Vec::new();
        for webhook in store::webhooks::webhooks_due(&mut tx, now).await? {
            let places = AT_ONCE.saturating_sub(self.of.get(&webhook).copied().unwrap_or_default());
            due.extend(store::webhooks::due(&mut tx, webhook, now, places as i64).await?);
        }
        drop(tx);
        for due in due {
            *self.of.entry(due.webhook).or_default() += 1;
            let (app, client) = (app.clone(), client.clone());
            self.tasks.spawn(async move {
                let webhook = due.webhook;
                if let Err(error) = attempt(&app, &client, due).await {
                    // it stays claimed for a while and is then tried again
                    tracing::error!(%error, "what became of a webhook's message could not be written down");
                }
                webhook
            });
        }
        Ok(more)
    }

    /// Waits until a try is over; for ever if none is under way.
    async fn one_ends(&mut self) {
        match self.tasks.join_next().await {
            Some(Ok(webhook)) => {
                if let Some(count) = self.of.get_mut(&webhook) {
                    *count = count.saturating_sub(1);
                }
            }
            // a try that was broken off gives its places back with all others
            Some(Err(_)) if self.tasks.is_empty() => self.of.clear(),
            Some(Err(_)) => {}
            None => std::future::pending().await,
        }
    }
}

fn client(app: &App) -> Result<Client> {
    // a process that talks to nobody else by TLS has not chosen yet
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = Client::builder()
        .user_agent(concat!("Credence/", env!("CARGO_PKG_VERSION")))
        .redirect(redirect::Policy::none())
        .no_proxy()
        .timeout(LONGEST);
    if !app.config.webhooks_anywhere {
        builder = builder.https_only(true).dns_resolver(Arc::new(address::PublicOnly));
    }
    builder.build().map_err(|error| Error::Internal(error.to_string()))
}

async fn attempt(app: &App, client: &Client, due: Due) -> Result<()> {
    let mut tx = app.store.write().await?;
    let until = app.clock.now() + HELD_SECONDS * SECOND;
    if !store::webhooks::claim(&mut tx, &due, until).await? {
        return Ok(());
    }
    tx.commit().await?;
    let (status, failure) = send(app, client, &due).await;
    let now = app.clock.now();
    let pause = usize::try_from(due.tries).ok().and_then(|tries| PAUSES.get(tries));
    let again_at = pause.map(|seconds| now + seconds * SECOND);
    let mut tx = app.store.write().await?;
    store::webhooks::settle(&mut tx, due.id, (status, &failure), again_at, now).await?;
    tx.commit().await?;
    Ok(())
}

/// The status of the answer, and why it is none to be content with; empty if it is.
async fn send(app: &App, client: &Client, due: &Due) -> (Option<i64>, String) {
    let url = match address::read(&due.url, app.config.webhooks_anywhere) {
        Ok(url) => url,
        Err(_) => return (None, "the address is not allowed".to_owned()),
    };
    let (id, seconds) = (due.id.to_string(), app.clock.now() / SECOND);
    let signature = match signing::signature(&due.secret, &id, seconds, &due.body) {
        Some(signature) => signature,
        None => return (None, "the signing key cannot be read".to_owned()),
    };
    let request = client
        .post(url)
        .header("content-type", "application/json")
        .header("webhook-id", id)
        .header("webhook-timestamp", seconds.to_string())
        .header("webhook-signature", signature)
        .body(due.body.clone());
    match request.send().await {
        // the body of an answer is nothing to us, so it is not read
        Ok(answer) if answer.status().is_success() => (Some(answer.status().as_u16().into()), String::new()),
        Ok(answer) => (Some(answer.status().as_u16().into()), format!("answered {}", answer.status())),
        Err(error) if error.is_timeout() => (None, format!("no answer within {} seconds", LONGEST.as_secs())),
        Err(error) if error.is_connect() => (None, "no connection".to_owned()),
        Err(_) => (None, "the request failed".to_owned()),
    }
}
