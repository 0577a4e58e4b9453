//! `credence admin`: what only somebody at the machine may do.

use anyhow::Result;
use app::accounts::{self, Secret};
use app::chance::hash_of_secret;
use clap::{Args, Subcommand};
use domain::access::Seat;

use super::{Place, in_words, open};
use crate::output::say;

/// Microseconds in which the printed link can be used.
const LINK_VALID_FOR: i64 = 24 * 3_600 * 1_000_000;

/// Set up accounts and keys from the machine itself
#[derive(Debug, Args)]
pub(crate) struct Admin {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Make an account for the accreditor's staff; prints a link to choose the password
    CreateAccreditor(CreateAccreditor),
    /// Make one more key for credentials and PDFs; it signs from the next start on, the older ones still check
    CredentialKey(CredentialKey),
}

#[derive(Debug, Args)]
struct CredentialKey {
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
struct CreateAccreditor {
    #[arg(long)]
    email: String,
    /// As other people read it
    #[arg(long)]
    name: String,
    #[command(flatten)]
    place: Place,
}

impl Admin {
    pub(crate) async fn run(self) -> Result<()> {
        match self.act {
            Act::CreateAccreditor(wanted) => wanted.run().await,
            Act::CredentialKey(wanted) => wanted.run().await,
        }
    }
}

impl CredentialKey {
    async fn run(self) -> Result<()> {
        let app = open(self.place.config_of_existing()?).await?;
        let before = app.credentials.key_id();
        let file = app::credentials::keys::add(&app.config.data, &app.chance)?;
        let after = app::Credentials::open(&app.config.data, &app.config, &app.chance)?.key_id();
        let mut tx = app.store.write().await?;
        let detail = format!("{before}, then {after}");
        app::audit::record_nobody(&app, &mut tx, "credential_key.add", file.display(), &detail).await?;
        tx.commit().await?;
        app.store.close().await;
        say(&format!("{} is made. Its key {after} signs from the next start of the server on.", file.display()))?;
        say(&format!("What {before} signed still checks for as long as its file stays. Keep both in your backups."))
    }
}

impl CreateAccreditor {
    async fn run(self) -> Result<()> {
        let wanted = self;
        let email = accounts::check_email(&wanted.email).map_err(in_words)?;
        let name = accounts::check_name(&wanted.name).map_err(in_words)?;
        let app = open(wanted.place.config()?).await?;
        let secret = Secret::new(app.chance.secret(""));
        let now = app.clock.now();
        let mut tx = app.store.write().await?;
        // no password yet: nothing verifies against an empty hash
        let account = accounts::create(&app, &mut tx, email, name, "", Seat::Accreditor).await.map_err(in_words)?;
        let hash = hash_of_secret(secret.expose());
        store::password_resets::insert(&mut tx, &hash, account, now, now + LINK_VALID_FOR).await?;
        app::audit::record_nobody(&app, &mut tx, "account.create_accreditor", account, "from the machine").await?;
        tx.commit().await?;
        let link = app.config.link(&format!("/reset/{}", secret.expose()));
        app.store.close().await;
        say(&format!("{name} can choose a password here, once, until tomorrow:"))?;
        say(&link)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn faults_name_the_option() {
        let error = super::in_words(app::Error::invalid("email", "Enter an e-mail address."));
        assert_eq!(error.to_string(), "--email: Enter an e-mail address.");
    }
}
