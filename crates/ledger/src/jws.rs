//! Compact JWS (RFC 7515) signed with Ed25519 (`alg` EdDSA, RFC 8037), and the public keys as JWK. One algorithm and no
//! choice: a header never says how its signature is checked, so "none" and a public key used as a shared secret fail.
//!
//! A key is known by its JWK thumbprint (RFC 7638), which `kid` carries after the last `#`.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use ed25519_dalek::{Signature, Signer as _, SigningKey};
use serde::{Deserialize, Serialize};

use crate::hash::sha256;
use crate::keys::KeyError;

/// A header of ours is far shorter.
const LONGEST_HEADER: usize = 2_000;

/// Signs documents that other people carry away.
pub struct DocumentSigner {
    key: SigningKey,
}

/// Checks them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentKey {
    key: ed25519_dalek::VerifyingKey,
}

/// What a header says. `typ` tells kinds of documents apart: a signature for one is none for another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    pub alg: String,
    #[serde(default)]
    pub typ: String,
    #[serde(default)]
    pub kid: String,
    /// Extensions that a reader has to understand. We know none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    crit: Option<Vec<String>>,
}

/// Why a JWS was not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JwsError {
    /// It has not the three parts of a compact JWS, or one cannot be read.
    #[error("this is not a signed document")]
    Malformed,
    /// The header asks for something else than EdDSA.
    #[error("the document is signed in a way that is not used here")]
    OtherAlgorithm,
    /// The header names a key that is none of those given.
    #[error("the document is signed with a key that is not known here")]
    UnknownKey,
    /// The signature does not fit.
    #[error("the signature does not fit the document")]
    WrongSignature,
}

impl DocumentSigner {
    /// Makes the key from 32 bytes of the operating system's randomness.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self { key: SigningKey::from_bytes(seed) }
    }

    /// Reads a private key in PKCS#8 PEM.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        SigningKey::from_pkcs8_pem(pem).map(|key| Self { key }).map_err(|_| KeyError::Pem)
    }

    /// The private key as PKCS#8 PEM, for a file that only the server may read.
    pub fn to_pem(&self) -> Result<String, KeyError> {
        self.key.to_pkcs8_pem(LineEnding::LF).map(|pem| pem.to_string()).map_err(|_| KeyError::Pem)
    }

    pub fn public(&self) -> DocumentKey {
        DocumentKey { key: self.key.verifying_key() }
    }

    /// Signs a payload. `typ` and `kid` are plain words or addresses: they must need no escaping in JSON.
    pub fn sign(&self, typ: &str, kid: &str, payload: &[u8]) -> String {
        let header = format!(r#"{{"alg":"EdDSA","typ":"{typ}","kid":"{kid}"}}"#);
        let text = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
        let signature = URL_SAFE_NO_PAD.encode(self.key.sign(text.as_bytes()).to_bytes());
        format!("{text}.{signature}")
    }
}

impl std::fmt::Debug for DocumentSigner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DocumentSigner({})", self.public().thumbprint())
    }
}

impl DocumentKey {
    /// The key's bytes in base64url: `x` of its JWK.
    pub fn x(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.key.as_bytes())
    }

    /// RFC 7638: the SHA-256 of the JWK's required members in alphabetical order.
    pub fn thumbprint(&self) -> String {
        let jwk = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, self.x());
        URL_SAFE_NO_PAD.encode(sha256(&[jwk.as_bytes()]).0)
    }

    fn accepts(&self, text: &str, signature: &[u8; 64]) -> bool {
        // strict: keys and signatures of small order would accept more than one text
        self.key.verify_strict(text.as_bytes(), &Signature::from_bytes(signature)).is_ok()
    }
}

/// Reads a compact JWS and gives header and payload, if and only if one of the keys signed it.
pub fn open_jws(text: &str, keys: &[DocumentKey]) -> Result<(Header, Vec<u8>), JwsError> {
    let (signed, signature) = text.rsplit_once('.').ok_or(JwsError::Malformed)?;
    let (header, payload) = signed.split_once('.').ok_or(JwsError::Malformed)?;
    if header.len() > LONGEST_HEADER || payload.contains('.') {
        return Err(JwsError::Malformed);
    }
    let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| JwsError::Malformed);
    let header: Header = serde_json::from_slice(&decode(header)?).map_err(|_| JwsError::Malformed)?;
    if header.alg != "EdDSA" || header.crit.is_some() {
        return Err(JwsError::OtherAlgorithm);
    }
    let named = header.kid.rsplit('#').next().unwrap_or_default();
    let key = keys.iter().find(|key| key.thumbprint() == named).ok_or(JwsError::UnknownKey)?;
    let signature = decode(signature)?.try_into().map_err(|_| JwsError::WrongSignature)?;
    if !key.accepts(signed, &signature) {
        return Err(JwsError::WrongSignature);
    }
    Ok((header, decode(payload)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signer(n: u8) -> DocumentSigner {
        DocumentSigner::from_seed(&[n; 32])
    }

    fn kid(signer: &DocumentSigner) -> String {
        format!("did:web:credence.example#{}", signer.public().thumbprint())
    }

    #[test]
    fn the_key_and_thumbprint_of_rfc_8037_come_out() {
        let seed = URL_SAFE_NO_PAD.decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A").unwrap();
        let signer = DocumentSigner::from_seed(&seed.try_into().unwrap());
        assert_eq!(signer.public().x(), "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
        assert_eq!(signer.public().thumbprint(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        // the signature of appendix A.4, over its own header and payload
        let text = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
        let signature = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
        assert_eq!(URL_SAFE_NO_PAD.encode(signer.key.sign(text.as_bytes()).to_bytes()), signature);
    }

    #[test]
    fn only_the_named_key_and_the_very_text_are_believed() {
        let (one, two) = (signer(1), signer(2));
        let keys = [one.public(), two.public()];
        let token = two.sign("JWT", &kid(&two), b"{\"a\":1}");
        assert_eq!(open_jws(&token, &keys).map(|(_, payload)| payload), Ok(b"{\"a\":1}".to_vec()));
        assert_eq!(open_jws(&token, &keys[..1]), Err(JwsError::UnknownKey));
        assert_eq!(open_jws(&one.sign("JWT", &kid(&two), b"{}"), &keys), Err(JwsError::WrongSignature));
        let (text, signature) = token.rsplit_once('.').unwrap();
        let other = text.replace(&URL_SAFE_NO_PAD.encode(b"{\"a\":1}"), &URL_SAFE_NO_PAD.encode(b"{\"a\":2}"));
        assert_eq!(open_jws(&format!("{other}.{signature}"), &keys), Err(JwsError::WrongSignature));
        assert_eq!(open_jws(&format!("{text}."), &keys), Err(JwsError::WrongSignature));
    }

    #[test]
    fn a_header_cannot_choose_how_it_is_checked() {
        let key = signer(1);
        let keys = [key.public()];
        let with = |header: &str| {
            let text = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode("{}"));
            let signature = URL_SAFE_NO_PAD.encode(key.key.sign(text.as_bytes()).to_bytes());
            open_jws(&format!("{text}.{signature}"), &keys).map(|_| ())
        };
        let kid = kid(&key);
        assert_eq!(with(&format!(r#"{{"alg":"EdDSA","kid":"{kid}"}}"#)), Ok(()));
        for alg in ["none", "None", "HS256", "ES256", "eddsa", ""] {
            assert_eq!(with(&format!(r#"{{"alg":"{alg}","kid":"{kid}"}}"#)), Err(JwsError::OtherAlgorithm), "{alg}");
        }
        let crit = format!(r#"{{"alg":"EdDSA","kid":"{kid}","crit":["b64"]}}"#);
        assert_eq!(with(&crit), Err(JwsError::OtherAlgorithm));
        assert_eq!(with(r#"{"alg":"EdDSA"}"#), Err(JwsError::UnknownKey));
        for broken in ["", ".", "..", "a.b", "a.b.c.d", "é.é.é", "e30.e30.e30"] {
            assert!(open_jws(broken, &keys).is_err(), "{broken}");
        }
    }

    #[test]
    fn a_key_comes_back_from_its_file() {
        let key = signer(3);
        let again = DocumentSigner::from_pem(&key.to_pem().unwrap()).unwrap();
        assert_eq!(again.public(), key.public());
        assert_eq!(DocumentSigner::from_pem("secret").map(|_| ()), Err(KeyError::Pem));
        assert!(!format!("{key:?}").contains("PRIVATE"));
    }
}
