//! Background work of a server or worker: jobs, letters, and forgetting what is over.

use std::time::Duration;

use app::{
    App, announcements, consequences, data_report, health, jobs, ledgers, mail, sandbox, saved_searches, tidy, webhooks,
};
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
/// Yearly figures and notices of deadlines are made this soon after they are due.
const DUE_EVERY: Duration = Duration::from_secs(900);
const TIDY_EVERY: Duration = Duration::from_secs(3_600);
/// Others believe for a minute that this process is alive.
const ALIVE_EVERY: Duration = Duration::from_secs(10);
/// How long a job in hand may take to end before it is left to whoever comes next.
const PATIENCE: Duration = Duration::from_secs(5);

/// Running background work; dropping it stops everything at once.
pub(super) struct Background {
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
    app: App,
    alive: health::Alive,
}

impl Background {
    /// Starts as many workers as the settings say. `kind`: what this process is, a server or a worker.
    pub(super) fn start(app: &App, kind: &'static str) -> Self {
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        let alive_until = stopped.clone();
        for _ in 0..app.config.workers {
            tasks.spawn(jobs::work(app.clone(), stopped.clone()));
        }
        tasks.spawn(webhooks::work(app.clone(), stopped.clone()));
        tasks.spawn(consequences::work(app.clone(), stopped.clone()));
        tasks.spawn(every_change(LETTERS_EVERY, app.clone(), stopped.clone(), async |app| {
            if let Err(error) = mail::deliver_waiting(app).await {
                tracing::error!(%error, "letters could not be sent");
            }
        }));
        tasks.spawn(every_change(HEAD_EVERY, app.clone(), stopped.clone(), async |app| ledgers::sign_soon(app).await));
        tasks.spawn(every_change(SANDBOXES_EVERY, app.clone(), stopped.clone(), async |app| sandbox::tidy(app).await));
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
        tasks.spawn(every_change(SEARCHES_TOLD_EVERY, app.clone(), stopped.clone(), async |app| {
            if let Err(error) = saved_searches::tell_due(app).await {
                tracing::error!(%error, "letters about saved searches could not be written");
            }
        }));
        tasks.spawn(every_change(DUE_EVERY, app.clone(), stopped.clone(), async |app| {
            if let Err(error) = data_report::count_due(app).await {
                tracing::error!(%error, "the figures of a year could not be asked for");
            }
            if let Err(error) = announcements::make_due(app).await {
                tracing::error!(%error, "a notice of a deadline could not be made");
            }
        }));
        tasks.spawn(every_change(TIDY_EVERY, app.clone(), stopped, async |app| {
            if let Err(error) = tidy::tidy(app).await {
                tracing::error!(%error, "ended sessions could not be forgotten");
            }
        }));
        let alive = health::begin(app, kind);
        let seen = alive.clone();
        tasks.spawn(every(ALIVE_EVERY, app.clone(), alive_until, async move |app| {
            if let Err(error) = health::beat(app, &seen).await {
                tracing::error!(%error, "that this process is alive could not be written down");
            }
        }));
        Self { stop, tasks, app: app.clone(), alive }
    }

    /// Lets jobs in hand end if they are quick. The others go on where they were, in the next process.
    pub(super) async fn end(mut self) {
        self.stop.send_replace(true);
        let all_ended = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(PATIENCE, all_ended).await.is_err() {
            tracing::info!("a job in hand is left for the next start");
        }
        if let Err(error) = health::end(&self.app, &self.alive).await {
            tracing::warn!(%error, "that this process ends could not be written down");
        }
    }
}

/// As [`every`], for work that changes something: it rests while nothing may be changed.
async fn every_change(pause: Duration, app: App, mut stopped: watch::Receiver<bool>, work: impl AsyncFn(&App)) {
    while !*stopped.borrow() {
        if app.read_only.current(&app.store).await.is_none() {
            work(&app).await;
        }
        rest(pause, &mut stopped).await;
    }
}

async fn every(pause: Duration, app: App, mut stopped: watch::Receiver<bool>, work: impl AsyncFn(&App)) {
    while !*stopped.borrow() {
        work(&app).await;
        rest(pause, &mut stopped).await;
    }
}

async fn rest(pause: Duration, stopped: &mut watch::Receiver<bool>) {
    tokio::select! {
        () = tokio::time::sleep(pause) => {}
        _ = stopped.changed() => {}
    }
}
