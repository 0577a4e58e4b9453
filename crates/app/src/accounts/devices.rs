//! Browsers that an account is known in: a sign-in from another one is told to its owner.

use super::notices::{self, Notice};
use super::sessions::Started;
use crate::chance::hash_of_secret;
use crate::{App, Result};

/// Whether the owner hears of a sign-in from a browser that is not known. A letter's link needs no second letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tell {
    Owner,
    Nobody,
}

/// Notes in which browser somebody signed in: `device` is its own secret, `words` what it says it is.
pub async fn note(app: &App, started: &Started, device: &str, words: &str, tell: Tell) -> Result<()> {
    let mut tx = app.store.write().await?;
    let seen = store::devices::note(&mut tx, started.account, &hash_of_secret(device), app.clock.now()).await?;
    if seen == store::devices::Seen::Elsewhere && tell == Tell::Owner {
        notices::tell(app, &mut tx, started.account, Notice::NewDevice(words.to_owned())).await?;
    }
    tx.commit().await?;
    Ok(())
}
