//! What people hold beside their passwords: an authenticator app, and a passkey in software that does what a
//! phone does, down to its counter.

use app::App;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use totp_rs::{Builder, Secret};

/// The code that an app shows now for a key as a page shows it.
pub fn code(app: &App, key: &str) -> String {
    let key: String = key.split_whitespace().collect();
    let secret = Secret::try_from_base32(key).expect("a key in Base32");
    let totp = Builder::new().with_secret(secret).build().expect("a key of 160 bits");
    totp.generate(u64::try_from(app.clock.now() / 1_000_000).expect("a time")).to_string()
}

/// A passkey on a device of its own.
pub struct SoftPasskey {
    key: EcdsaKeyPair,
    id: Vec<u8>,
    user: Vec<u8>,
    origin: String,
    /// What it counted so far; each use adds one.
    pub counter: u32,
    /// Whether the device checked finger, face or PIN.
    pub verifies: bool,
}

fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn bytes(value: &Value) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(value.as_str().expect("text")).expect("base64url")
}

impl SoftPasskey {
    /// Makes a passkey as the page's options ask; gives it with what the browser would send.
    pub fn make(options: &Value, origin: &str) -> (Self, String) {
        let asked = &options["publicKey"];
        assert_eq!(asked["authenticatorSelection"]["residentKey"], "required");
        assert_eq!(asked["authenticatorSelection"]["userVerification"], "required");
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).expect("a key");
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref(), &random).expect("a key");
        let id = Sha256::digest(key.public_key().as_ref()).to_vec();
        let user = bytes(&asked["user"]["id"]);
        let mut passkey = Self { key, id, user, origin: origin.to_owned(), counter: 0, verifies: true };
        let credential = passkey.attest(asked);
        (passkey, credential)
    }

    fn attest(&mut self, asked: &Value) -> String {
        let mut authenticator = self.data(asked["rp"]["id"].as_str().expect("a site"), 0x40);
        authenticator.extend([0; 16]);
        authenticator.extend(u16::try_from(self.id.len()).expect("a short id").to_be_bytes());
        authenticator.extend(&self.id);
        let point = self.key.public_key().as_ref();
        // COSE: an EC2 key, ES256, P-256, x, y
        authenticator.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        authenticator.extend(&point[1..33]);
        authenticator.extend([0x22, 0x58, 0x20]);
        authenticator.extend(&point[33..65]);
        let mut object = vec![0xa3];
        object.extend(b"\x63fmt\x64none\x67attStmt\xa0\x68authData\x59");
        object.extend(u16::try_from(authenticator.len()).expect("short").to_be_bytes());
        object.extend(authenticator);
        let client = self.client("webauthn.create", &asked["challenge"]);
        self.credential(json!({ "attestationObject": text(&object), "clientDataJSON": text(&client) }))
    }

    /// Answers a challenge, as the browser would send it.
    pub fn answer(&mut self, options: &Value) -> String {
        let asked = &options["publicKey"];
        self.counter += 1;
        let authenticator = self.data(asked["rpId"].as_str().expect("a site"), 0);
        let client = self.client("webauthn.get", &asked["challenge"]);
        let signed = [&authenticator[..], &Sha256::digest(&client)].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).expect("a signature");
        self.credential(json!({
            "authenticatorData": text(&authenticator),
            "clientDataJSON": text(&client),
            "signature": text(signature.as_ref()),
            "userHandle": text(&self.user),
        }))
    }

    fn data(&self, site: &str, more: u8) -> Vec<u8> {
        let present = if self.verifies { 0x05 } else { 0x01 };
        let mut data = Sha256::digest(site.as_bytes()).to_vec();
        data.push(present | more);
        data.extend(self.counter.to_be_bytes());
        data
    }

    fn client(&self, kind: &str, challenge: &Value) -> Vec<u8> {
        let client = json!({ "type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false });
        client.to_string().into_bytes()
    }

    fn credential(&self, response: Value) -> String {
        let id = text(&self.id);
        json!({ "id": id, "rawId": id, "type": "public-key", "extensions": {}, "response": response }).to_string()
    }
}
