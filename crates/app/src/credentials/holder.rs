//! How a credential names its holder: by an e-mail address that only its owner can show to be theirs, scrambled unless
//! the holder wants it read, or by a scrambled name where no account is known. Never by birthday or license.
//!
//! The salt stands in the credential: who guesses the address or name right can confirm it, nobody can read it off.

use domain::transcript::Transcript;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::Chance;
use crate::transcripts::Official;

/// The identity of a credential's holder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holder {
    /// The account's address, scrambled: what is given unless somebody chooses otherwise.
    ScrambledEmail(String),
    /// The address in clear, by the holder's own choice.
    Email(String),
    /// The name as the paper prints it, scrambled.
    Name,
}

impl Holder {
    /// Open Badges' IdentityObject.
    pub(super) fn identity(&self, official: &Official, chance: &Chance) -> Value {
        let salt = hex(&chance.bytes::<16>());
        match self {
            Self::ScrambledEmail(email) => scrambled("emailAddress", &address(email), &salt),
            Self::Email(email) => json!({
                "type": "IdentityObject", "hashed": false, "identityType": "emailAddress",
                "identityHash": address(email),
            }),
            Self::Name => scrambled("name", &plain_name(name(&official.transcript)), &salt),
        }
    }

    /// What distinguishes this choice from others, for telling whether two credentials are the same.
    pub(super) fn words(&self, official: &Official) -> (&'static str, String) {
        match self {
            Self::ScrambledEmail(email) => ("scrambled", address(email)),
            Self::Email(email) => ("email", address(email)),
            Self::Name => ("name", plain_name(name(&official.transcript))),
        }
    }
}

fn scrambled(kind: &str, identity: &str, salt: &str) -> Value {
    json!({
        "type": "IdentityObject", "hashed": true, "identityType": kind, "identityHash": hashed(identity, salt),
        "salt": salt,
    })
}

/// `sha256$` and the SHA-256 of identity and salt, in hexadecimal.
fn hashed(identity: &str, salt: &str) -> String {
    let mut digest = Sha256::new();
    digest.update(identity.as_bytes());
    digest.update(salt.as_bytes());
    format!("sha256${}", hex(&digest.finalize()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Capitals in an address mean nothing.
fn address(email: &str) -> String {
    email.trim().to_lowercase()
}

fn name(transcript: &Transcript) -> &str {
    &transcript.holder.name
}

/// Small letters and single spaces, so that a name typed again gives the same; without the degree.
fn plain_name(name: &str) -> String {
    let name = name.split(',').next().unwrap_or_default();
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Whether what somebody typed is the holder that a credential names. `None`: it names nobody that can be compared.
pub fn fits(credential: &Value, typed: &str) -> Option<bool> {
    let identities = credential.pointer("/credentialSubject/identifier")?.as_array()?;
    let mut compared = None;
    for identity in identities {
        let text = |member: &str| identity.get(member).and_then(Value::as_str).unwrap_or_default();
        let candidates = match text("identityType") {
            "emailAddress" => address(typed),
            "name" => plain_name(typed),
            _ => continue,
        };
        let is_hashed = identity.get("hashed").and_then(Value::as_bool).unwrap_or(true);
        let expected = if is_hashed { hashed(&candidates, text("salt")) } else { candidates };
        let fits = expected.eq_ignore_ascii_case(text("identityHash"));
        compared = Some(compared.unwrap_or(false) || fits);
    }
    compared
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_that_of_the_specifications_example() {
        let expected = "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399";
        assert_eq!(hashed("a@example.com", "Kosher"), expected);
    }

    #[test]
    fn who_types_the_address_or_the_name_is_told_whether_it_fits() {
        let with = |identity: Value| json!({ "credentialSubject": { "identifier": [identity] } });
        let email = with(scrambled("emailAddress", "amy@example.org", "salt"));
        assert_eq!(fits(&email, " Amy@Example.org"), Some(true));
        assert_eq!(fits(&email, "bob@example.org"), Some(false));
        let name = with(scrambled("name", &plain_name("Amy  Wong, MD"), "salt"));
        assert_eq!(fits(&name, "amy wong"), Some(true));
        assert_eq!(fits(&with(scrambled("identifier", "7", "")), "7"), None);
        assert_eq!(fits(&json!({}), "7"), None);
    }
}
