//! The keys that sign credentials and seal PDFs: files `credential-keys/1.pem`, `2.pem` ... in the data folder. The
//! highest number signs; all of them check. They are none of the ledger's.
//!
//! A key whose file is removed is believed no more, and with it nothing that it signed.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ledger::{DocumentKey, DocumentSigner, Header, JwsError, open_jws};
use serde_json::{Value, json};

use super::throttle::Throttle;
use crate::ledgers::write_secret;
use crate::{Chance, Config, Error, Result};

const FOLDER: &str = "credential-keys";

/// Signs and checks in the name of this installation. Cloning shares it.
#[derive(Clone)]
pub struct Credentials {
    inner: Arc<Inner>,
}

struct Inner {
    signer: DocumentSigner,
    /// The signer's first, then the older ones.
    keys: Vec<DocumentKey>,
    /// `did:web:` and our host.
    issuer: String,
    /// Status lists that were made a moment ago.
    lists: Mutex<HashMap<i64, KeptList>>,
    throttle: Throttle,
}

#[derive(Clone)]
pub(super) struct KeptList {
    pub made_at: i64,
    pub token: String,
}

impl Credentials {
    /// Reads the keys in the data folder, or makes the first.
    pub fn open(data: &Path, config: &Config, chance: &Chance) -> Result<Self> {
        let folder = data.join(FOLDER);
        let mut files = numbered(&folder)?;
        if files.is_empty() {
            add(data, chance)?;
            files = numbered(&folder)?;
        }
        let mut signers = Vec::with_capacity(files.len());
        for (_, file) in files.iter().rev() {
            let read = DocumentSigner::from_pem(&std::fs::read_to_string(file)?);
            let unreadable = |error| Error::Internal(format!("{}: {error}", file.display()));
            signers.push(read.map_err(unreadable)?);
        }
        let keys = signers.iter().map(DocumentSigner::public).collect();
        let signer = signers.into_iter().next().ok_or_else(|| Error::Internal("no key for credentials".to_owned()))?;
        let inner = Inner {
            signer,
            keys,
            issuer: did_web(&config.link("")),
            lists: Mutex::default(),
            throttle: Throttle::default(),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Who issues: a DID that any verifier turns into the address of our keys.
    pub fn issuer(&self) -> &str {
        &self.inner.issuer
    }

    /// The thumbprint of the key that signs.
    pub fn key_id(&self) -> String {
        self.inner.signer.public().thumbprint()
    }

    pub(crate) fn sign(&self, typ: &str, payload: &Value) -> String {
        let kid = format!("{}#{}", self.inner.issuer, self.key_id());
        self.inner.signer.sign(typ, &kid, payload.to_string().as_bytes())
    }

    pub(crate) fn read(&self, token: &str) -> Result<(Header, Vec<u8>), JwsError> {
        open_jws(token, &self.inner.keys)
    }

    /// The keys as a JWK set (RFC 7517), the signing one first. Each is named as in the headers that we write, so that a
    /// reader of JWTs who knows no DID finds it.
    pub fn jwks(&self) -> Value {
        let keys = self.inner.keys.iter().map(|key| {
            let mut jwk = jwk(key);
            jwk["kid"] = json!(format!("{}#{}", self.issuer(), key.thumbprint()));
            jwk
        });
        json!({ "keys": keys.collect::<Vec<_>>() })
    }

    /// The DID document that `did:web` asks for.
    pub fn did_document(&self) -> Value {
        let issuer = self.issuer();
        let name = |key: &DocumentKey| format!("{issuer}#{}", key.thumbprint());
        let methods = self.inner.keys.iter().map(
            |key| json!({ "id": name(key), "type": "JsonWebKey2020", "controller": issuer, "publicKeyJwk": jwk(key) }),
        );
        json!({
            "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1"],
            "id": issuer,
            "verificationMethod": methods.collect::<Vec<_>>(),
            "assertionMethod": self.inner.keys.iter().map(name).collect::<Vec<_>>(),
        })
    }

    pub(super) fn throttle(&self) -> &Throttle {
        &self.inner.throttle
    }

    pub(super) fn lists(&self) -> MutexGuard<'_, HashMap<i64, KeptList>> {
        self.inner.lists.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next question for this list is answered from the database.
    pub(super) fn forget_list(&self, list: i64) {
        self.lists().remove(&list);
    }
}

fn jwk(key: &DocumentKey) -> Value {
    json!({
        "kty": "OKP", "crv": "Ed25519", "x": key.x(), "use": "sig", "alg": "EdDSA", "kid": key.thumbprint(),
    })
}

/// Makes one more key, which signs from the next start on; gives its file.
pub fn add(data: &Path, chance: &Chance) -> Result<PathBuf> {
    let folder = data.join(FOLDER);
    std::fs::create_dir_all(&folder)?;
    let next = numbered(&folder)?.last().map_or(1, |(number, _)| number + 1);
    let file = folder.join(format!("{next}.pem"));
    let signer = DocumentSigner::from_seed(&chance.bytes());
    let pem = signer.to_pem().map_err(|error| Error::Internal(error.to_string()))?;
    match write_secret(&file, &pem) {
        // another process made it at the same moment: then that one is it
        Err(Error::Io(error)) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(file),
        done => done.map(|()| file),
    }
}

/// The key files, the oldest first. Files of other names mean nothing.
fn numbered(folder: &Path) -> Result<Vec<(u32, PathBuf)>> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut files = Vec::new();
    for entry in entries {
        let file = entry?.path();
        let number = file.file_name().and_then(|name| name.to_str()?.strip_suffix(".pem")?.parse().ok());
        files.extend(number.map(|number: u32| (number, file)));
    }
    files.sort_unstable();
    Ok(files)
}

/// `https://credits.example.org:8443` as `did:web:credits.example.org%3A8443`.
fn did_web(base: &str) -> String {
    let place = base.split_once("://").map_or(base, |(_, rest)| rest).trim_end_matches('/');
    let parts = place.split('/').map(|part| part.replace(':', "%3A"));
    format!("did:web:{}", parts.collect::<Vec<_>>().join(":"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_did_names_host_port_and_path() {
        assert_eq!(did_web("https://credits.example.org"), "did:web:credits.example.org");
        assert_eq!(did_web("http://127.0.0.1:8080"), "did:web:127.0.0.1%3A8080");
        assert_eq!(did_web("https://example.org/cme/"), "did:web:example.org:cme");
    }

    #[test]
    fn a_new_key_signs_and_the_old_one_still_checks() {
        let folder = tempfile::tempdir().unwrap();
        let config = Config::read(None).unwrap();
        let chance = Chance::seeded(3);
        let open = || Credentials::open(folder.path(), &config, &chance).unwrap();
        let first = open();
        let token = first.sign("JWT", &json!({ "a": 1 }));
        assert_eq!(open().key_id(), first.key_id(), "the key stays");
        let file = add(folder.path(), &chance).unwrap();
        assert!(file.ends_with("credential-keys/2.pem"));
        let second = open();
        assert_ne!(second.key_id(), first.key_id());
        assert!(second.read(&token).is_ok());
        assert_eq!(first.read(&second.sign("JWT", &json!({}))), Err(JwsError::UnknownKey));
        assert_eq!(second.jwks()["keys"].as_array().unwrap().len(), 2);
        assert!(!second.did_document().to_string().contains("\"d\""), "no private half");
        std::fs::remove_file(folder.path().join("credential-keys/1.pem")).unwrap();
        assert_eq!(open().read(&token), Err(JwsError::UnknownKey));
    }
}
