//! `credence serve`: the server, with background work in the same process.
//!
//! The port is taken before anything slow begins, so that a port in use is told at once; requests
//! that come early wait until the registry is in memory.

use std::fs::{File, TryLockError};
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use app::{App, Config};
use clap::Args;
use store::Database;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::background::Background;
use super::{Place, address, open};
use crate::output::say;
use crate::progress::Step;

/// How long open requests may take to end once the server is told to stop.
const PATIENCE: Duration = Duration::from_secs(10);

/// Serve pages and web services
#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    place: Place,
    /// Address and port to listen on
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
}

impl Serve {
    pub(crate) async fn run(self) -> Result<()> {
        let mut config = self.place.config()?;
        if let Some(listen) = self.listen {
            config.listen = listen;
        }
        let held = Held::take(&mut config).await?;
        let app = open(config).await?;
        held.serve(app, &[]).await
    }
}

/// What a server holds before it opens its data: the port, and on SQLite the folder.
pub(crate) struct Held {
    listener: TcpListener,
    /// Nobody else serves this SQLite database while it is locked; the system frees it in any case.
    sole: Option<File>,
}

impl Held {
    /// Takes port and folder. Writes the real port into the settings if 0 was asked for.
    pub(crate) async fn take(config: &mut Config) -> Result<Self> {
        let listener = TcpListener::bind(&config.listen)
            .await
            .with_context(|| format!("cannot listen on {}; choose another address with --listen", config.listen))?;
        config.listen = listener.local_addr()?.to_string();
        let folder = &config.data;
        std::fs::create_dir_all(folder).with_context(|| format!("the folder {} cannot be made", folder.display()))?;
        let sole = match address(config)? {
            Database::Sqlite(_) => Some(lock(folder)?),
            Database::Postgres(_) => None,
        };
        Ok(Self { listener, sole })
    }

    /// Answers requests until told to stop. `more` is printed once it does.
    pub(crate) async fn serve(self, app: App, more: &[String]) -> Result<()> {
        if self.sole.is_some() {
            // nobody else can be at work: what a killed server held is free
            let mut tx = app.store.write().await?;
            store::jobs::release_all(&mut tx, app.clock.now()).await?;
            tx.commit().await?;
        }
        let step = Step::begin("Activities to search", 0);
        let searched = app.activity_search.build(&app, &|done, total| step.at(done, total)).await;
        step.end_quietly();
        searched.context("the index of activities cannot be built")?;
        let background = Background::start(&app, "server");
        let (stop, stopped) = watch::channel(false);
        let base = app.config.link("");
        let server =
            axum::serve(self.listener, web::router(app.clone()).into_make_service_with_connect_info::<SocketAddr>())
                .with_graceful_shutdown(told(stopped.clone()));
        let mut server = tokio::spawn(server.into_future());
        let greeted = std::iter::once(format!("Credence is ready at {base}")).chain(more.iter().cloned());
        for line in greeted {
            if say(&line).is_err() {
                break; // nobody reads; serving goes on
            }
        }
        let ended = tokio::select! {
            ended = &mut server => Some(ended),
            () = signal() => None,
        };
        stop.send_replace(true);
        let ended = match ended {
            Some(ended) => ended,
            // pages that show progress stay open for as long as they are looked at
            None => tokio::time::timeout(PATIENCE, server).await.unwrap_or(Ok(Ok(()))),
        };
        background.end().await;
        app.sandboxes.close().await;
        if let Err(error) = app.api_limits.save(&app).await {
            tracing::error!(%error, "allowances of programs could not be written down");
        }
        app.store.close().await;
        ended.context("the server stopped")?.context("the server stopped")
    }
}

/// Locks the folder against a second server.
fn lock(folder: &Path) -> Result<File> {
    let path = folder.join("serve.lock");
    let file = File::options().create(true).truncate(false).write(true).open(&path);
    let file = file.with_context(|| format!("{} cannot be written", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => bail!(
            "another Credence server already uses {}; stop it first, or choose another folder with --data",
            folder.display()
        ),
        Err(TryLockError::Error(error)) => Err(error).with_context(|| format!("{} cannot be locked", path.display())),
    }
}

async fn told(mut stopped: watch::Receiver<bool>) {
    // an error means that the sender is gone, and with it the server's reason to go on
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

/// Waits for ctrl-c or a polite kill.
pub(super) async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_served_once() {
        let folder = tempfile::tempdir().unwrap();
        let first = lock(folder.path()).unwrap();
        assert!(lock(folder.path()).unwrap_err().to_string().contains("already uses"));
        drop(first);
        lock(folder.path()).unwrap();
    }
}
