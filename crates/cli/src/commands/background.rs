//! Background work of a server or worker: jobs, letters, and forgetting what is over.

use std::time::Duration;

use app::{App, consequences, jobs, ledgers, mail, sandbox, saved_searches, tidy, webhooks};
use tokio::sync::watch;
use tokio::task::JoinSet;

const LETTERS_EVERY: Duration = Duration::from_secs(5);
/// Board decisions and single reports are signed this soon.
const HEAD_EVERY: Duration = Duration::from_secs(5);
const SANDBOXES_EVERY: Duration = Duration::from_secs(60);
/// After a crash, programs have what they had left this long before.
const ALLOWANCES_EVERY: Duration = Duration::from_secs(5);
/// A search after a change in another process then has little left to take over.
const SEARCH_EVERY: Duration = Duration::from_secs(5);
/// New activities in saved searches are told this soon after they are due.
const SEARCHES_TOLD_EVERY: Duration = Duration::from_secs(60);
const TIDY_EVERY: Duration = Duration::from_secs(3_600);
/// How long a job in hand may take to end before it is left to whoever comes next.
const PATIENCE: Duration = Duration::from_secs(5);

/// Running background work; dropping it stops everything at once.
pub(super) struct Background {
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Background {
    /// Starts as many workers as the settings say.
    pub(super) fn start(app: &App) -> Self {
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        for _ in 0..app.config.workers {
            tasks.spawn(jobs::work(app.clone(), stopped.clone()));
        }
        tasks.spawn(webhooks::work(app.clone(), stopped.clone()));
        tasks.spawn(consequences::work(app.clone(), stopped.clone()));
        tasks.spawn(every(LETTERS_EVERY, app.clone(), stopped.clone(), async |app| {
            if let Err(error) = mail::deliver_waiting(app).await {
                tracing::error!(%error, "letters could not be sent");
            }
        }));
        tasks.spawn(every(HEAD_EVERY, app.clone(), stopped.clone(), async |app| ledgers::sign_soon(app).await));
        tasks.spawn(every(SANDBOXES_EVERY, app.clone(), stopped.clone(), async |app| sandbox::tidy(app).await));
        tasks.spawn(every(ALLOWANCES_EVERY, app.clone(), stopped.clone(), async |app| {
            if let Err(error) = app.api_limits.save(app).await {
                tracing::error!(%error, "allowances of programs could not be written down");
            }
        }));
        tasks.spawn(every(SEARCH_EVERY, app.clone(), stopped.clone(), async |app| {
            if let Err(error) = app.activity_search.refresh(app).await {
                tracing::error!(%error, "the search for activities could not follow what changed");
            }
        }));
        tasks.spawn(every(SEARCHES_TOLD_EVERY, app.clone(), stopped.clone(), async |app| {
            if let Err(error) = saved_searches::tell_due(app).await {
                tracing::error!(%error, "letters about saved searches could not be written");
            }
        }));
        tasks.spawn(every(TIDY_EVERY, app.clone(), stopped, async |app| {
            if let Err(error) = tidy::tidy(app).await {
                tracing::error!(%error, "ended sessions could not be forgotten");
            }
        }));
        Self { stop, tasks }
    }

    /// Lets jobs in hand end if they are quick. The others go on where they were, in the next process.
    pub(super) async fn end(mut self) {
        self.stop.send_replace(true);
        let all_ended = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(PATIENCE, all_ended).await.is_err() {
            tracing::info!("a job in hand is left for the next start");
        }
    }
}

async fn every(pause: Duration, app: App, mut stopped: watch::Receiver<bool>, work: impl AsyncFn(&App)) {
    while !*stopped.borrow() {
        work(&app).await;
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = stopped.changed() => {}
        }
    }
}
