//! The secrets of authenticator apps, sealed. A code can be checked only by who can read the secret, so a hash
//! will not do: it stands in the database under ChaCha20-Poly1305, bound to its account, and the key is a file of
//! the data folder (`factor.key`), so that a copy of the database alone makes no codes.

use std::path::PathBuf;

use domain::AccountId;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use tokio::task::spawn_blocking;

use crate::{App, Error, Result};

fn failed(what: &str) -> Error {
    Error::Internal(format!("an authenticator's secret could not be {what}"))
}

/// The sealed form of a secret: nonce, then ciphertext.
pub(super) async fn seal(app: &App, account: AccountId, secret: &[u8]) -> Result<Vec<u8>> {
    let key = key(app).await?;
    let nonce: [u8; NONCE_LEN] = app.chance.bytes();
    let mut sealed = secret.to_vec();
    let bound = Aad::from(account.as_uuid().into_bytes());
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), bound, &mut sealed)
        .map_err(|_| failed("sealed"))?;
    Ok([&nonce[..], &sealed].concat())
}

/// The secret again. Fails if the key file is another one, or the row is another account's.
pub(super) async fn open(app: &App, account: AccountId, sealed: &[u8]) -> Result<Vec<u8>> {
    let key = key(app).await?;
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE_LEN>().ok_or_else(|| failed("opened"))?;
    let mut secret = sealed.to_vec();
    let bound = Aad::from(account.as_uuid().into_bytes());
    let opened = key
        .open_in_place(Nonce::assume_unique_for_key(*nonce), bound, &mut secret)
        .map_err(|_| failed("opened; is factor.key the one it was sealed with?"))?;
    Ok(opened.to_vec())
}

/// The key of the data folder, made when it is first needed.
async fn key(app: &App) -> Result<LessSafeKey> {
    let (file, fresh) = (app.config.data.join("factor.key"), app.chance.bytes::<32>());
    let beside = app.config.data.join(format!("factor.key.{}", app.chance.id(app.clock.now()).simple()));
    let bytes = spawn_blocking(move || read_or_make(file, beside, fresh))
        .await
        .map_err(|error| Error::Internal(error.to_string()))??;
    let key = UnboundKey::new(&CHACHA20_POLY1305, &bytes).map_err(|_| failed("opened; factor.key is damaged"))?;
    Ok(LessSafeKey::new(key))
}

fn read_or_make(file: PathBuf, beside: PathBuf, fresh: [u8; 32]) -> std::io::Result<Vec<u8>> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    if let Ok(known) = std::fs::read(&file) {
        return Ok(known);
    }
    // written whole and then linked into place: whoever was first is not overwritten
    let mut made = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
    made.write_all(&fresh)?;
    made.sync_all()?;
    let linked = std::fs::hard_link(&beside, &file);
    std::fs::remove_file(&beside)?;
    match linked {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => std::fs::read(&file),
    }
}
