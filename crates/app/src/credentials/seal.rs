//! The seal in every PDF that we issue: a signed comment in front of the file's last lines, over the digest of all its
//! other bytes. It says "this file is exactly what was issued" for as long as the key is known, whatever else changes.
//!
//! A comment there is plain PDF: readers skip it, and no offset in the file moves.

use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::Credentials;

const TYP: &str = "pdf-seal+jwt";
const MARK: &[u8] = b"%credence-seal ";
const TAIL: &[u8] = b"startxref";
/// A seal is a few hundred bytes.
const LONGEST: usize = 4_000;

/// What a seal says of the file around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seal {
    /// Not a byte was changed since it was issued under this code.
    Whole { code: String },
    /// We issued a file under this code, but this is not it any more.
    Broken { code: String },
    /// There is none of ours.
    None,
}

#[derive(Deserialize)]
struct Claims {
    code: String,
    sha256: String,
}

/// Puts the seal into a finished PDF.
pub fn put(keys: &Credentials, code: &str, pdf: Vec<u8>) -> Vec<u8> {
    let Some(at) = last(&pdf, TAIL) else { return pdf };
    let claims = json!({ "iss": keys.issuer(), "code": code, "sha256": digest(&pdf, &[]) });
    let line = [MARK, keys.sign(TYP, &claims).as_bytes(), b"\n"].concat();
    let (head, tail) = pdf.split_at(at);
    [head, &line, tail].concat()
}

/// Looks for the last seal in a file and compares.
pub fn read(keys: &Credentials, pdf: &[u8]) -> Seal {
    let Some(at) = last(pdf, MARK) else { return Seal::None };
    let (head, rest) = pdf.split_at(at);
    let Some(end) = rest.iter().take(LONGEST).position(|byte| *byte == b'\n') else { return Seal::None };
    let (line, tail) = rest.split_at(end + 1);
    let token = line.strip_prefix(MARK).and_then(|token| std::str::from_utf8(token).ok());
    let opened = token.and_then(|token| keys.read(token.trim_end()).ok());
    let Some((header, payload)) = opened else { return Seal::None };
    let Ok(claims) = serde_json::from_slice::<Claims>(&payload) else { return Seal::None };
    match header.typ == TYP {
        true if claims.sha256 == digest(head, tail) => Seal::Whole { code: claims.code },
        true => Seal::Broken { code: claims.code },
        false => Seal::None,
    }
}

fn digest(head: &[u8], tail: &[u8]) -> String {
    let mut digest = Sha256::new();
    digest.update(head);
    digest.update(tail);
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Where the last of these bytes begin.
fn last(within: &[u8], wanted: &[u8]) -> Option<usize> {
    within.windows(wanted.len()).rposition(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Chance, Config};

    fn keys(seed: u64) -> Credentials {
        let folder = tempfile::tempdir().unwrap();
        Credentials::open(folder.path(), &Config::read(None).unwrap(), &Chance::seeded(seed)).unwrap()
    }

    #[test]
    fn every_changed_byte_breaks_the_seal() {
        let keys = keys(1);
        let pdf = b"%PDF-1.7\n1 0 obj\n(7 credits)\nendobj\nxref\ntrailer\n<<>>\nstartxref\n40\n%%EOF".to_vec();
        let sealed = put(&keys, "7KQ2-MX4D-91TB", pdf.clone());
        let code = "7KQ2-MX4D-91TB".to_owned();
        assert_eq!(read(&keys, &sealed), Seal::Whole { code: code.clone() });
        assert_eq!(put(&keys, "7KQ2-MX4D-91TB", pdf.clone()), sealed, "the same file gives the same bytes");
        for at in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= 1;
            assert_ne!(read(&keys, &altered), Seal::Whole { code: code.clone() }, "byte {at}");
        }
        let more = [sealed.as_slice(), b"\n2 0 obj (70 credits)"].concat();
        assert_eq!(read(&keys, &more), Seal::Broken { code });
        assert_eq!(read(&keys, &pdf), Seal::None);
        assert_eq!(read(&super::tests::keys(2), &sealed), Seal::None, "somebody else's seal");
    }

    #[test]
    fn another_kind_of_signed_document_is_no_seal() {
        let keys = keys(1);
        let claims = json!({ "code": "7KQ2-MX4D-91TB", "sha256": digest(b"x", b"") });
        let file = [b"x".as_slice(), MARK, keys.sign("JWT", &claims).as_bytes(), b"\n"].concat();
        assert_eq!(read(&keys, &file), Seal::None);
        for hostile in [b"".as_slice(), MARK, b"%credence-seal \n", b"%credence-seal a.b.c\n", &[0xff; 5000]] {
            assert_eq!(read(&keys, hostile), Seal::None);
        }
    }
}
