//! A file that somebody wants verified: a PDF of ours or a credential. Nothing is unpacked and nothing in the file is
//! followed; it is compared with its own signature, and its code or id with what is on record.
//!
//! Whatever the file holds, the answer is one of few, so that a page can say each in words.

use domain::CredentialId;
use ledger::JwsError;
use serde_json::Value;

use super::holder;
use super::seal::{self, Seal};
use crate::verification::{self, Verified};
use crate::{App, Error, Result};

/// A PDF of 400 credits has some 200 kB, its credential less.
pub const MOST_BYTES: usize = 5 * 1024 * 1024;
/// A credential is text that is read whole.
const MOST_CREDENTIAL_BYTES: usize = 1024 * 1024;

/// What a file turned out to be.
#[derive(Debug, Clone)]
pub enum Checked {
    /// A PDF, byte for byte as it was issued.
    Paper(Verified),
    /// A PDF with a code of ours that is not the file that was issued.
    OtherPaper(Verified),
    /// A credential that we signed and have on record.
    Credential(Box<Signed>),
    /// Neither.
    Refused(Refusal),
}

/// A credential of ours.
#[derive(Debug, Clone)]
pub struct Signed {
    pub verified: Verified,
    /// What it says of itself: its name, its description, and each result in words.
    pub name: String,
    pub description: String,
    pub results: Vec<(String, String)>,
    /// Completions of a transcript, each in words.
    pub evidence: Vec<(String, String)>,
    /// Whether it names the person whose e-mail or name was typed. `None`: nothing was typed, or cannot be compared.
    pub fits_holder: Option<bool>,
    /// The holder's address, where they chose to show it.
    pub email: Option<String>,
}

/// Why a file cannot be vouched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    Empty,
    TooLarge,
    /// Neither a PDF nor a signed credential.
    Unreadable,
    /// A credential's content without its signature.
    Unsigned,
    /// A PDF without a code.
    NoCode,
    /// A PDF whose code was never given out.
    NoSuchCode,
    /// Signed with a key, or in a way, that is not ours.
    NotOurs,
    /// It names our key, but the signature does not fit: somebody changed it.
    Altered,
    /// Signed by us, but no credential for somebody's credit.
    OtherKind,
    /// Signed by us, but there is no record of it.
    NotOnRecord,
}

/// Looks at a file. `holder` is what the visitor typed to compare a credential's holder with, or nothing.
///
/// Errors: `TooMany` if more files were sent lately than this process looks at.
pub async fn check(app: &App, file: &[u8], holder: &str) -> Result<Checked> {
    if file.is_empty() {
        return Ok(Checked::Refused(Refusal::Empty));
    }
    if file.len() > MOST_BYTES {
        return Ok(Checked::Refused(Refusal::TooLarge));
    }
    let taken = app.credentials.throttle().take(app.clock.now());
    taken.map_err(|seconds| Error::TooMany { retry_after_seconds: seconds })?;
    // a PDF may have a few bytes in front
    let is_pdf = file.get(..file.len().min(1024)).is_some_and(|start| start.windows(5).any(|five| five == b"%PDF-"));
    if is_pdf { paper(app, file).await } else { credential(app, file, holder).await }
}

async fn paper(app: &App, file: &[u8]) -> Result<Checked> {
    let (code, is_whole) = match seal::read(&app.credentials, file) {
        Seal::Whole { code } => (code, true),
        Seal::Broken { code } => (code, false),
        Seal::None => match written_code(file) {
            Some(code) => (code, false),
            None => return Ok(Checked::Refused(Refusal::NoCode)),
        },
    };
    match verification::verify(app, &code).await {
        Ok(verified) if is_whole => Ok(Checked::Paper(verified)),
        Ok(verified) => Ok(Checked::OtherPaper(verified)),
        Err(Error::NotFound) => Ok(Checked::Refused(Refusal::NoSuchCode)),
        Err(error) => Err(error),
    }
}

/// The code that our PDFs bear in their description, where another program has kept it readable.
fn written_code(file: &[u8]) -> Option<String> {
    const BEFORE: &[u8] = b"with code ";
    let starts = file.windows(BEFORE.len()).enumerate().filter(|(_, window)| *window == BEFORE);
    let codes = starts.filter_map(|(at, _)| {
        let code = file.get(at + BEFORE.len()..)?.get(..14)?;
        std::str::from_utf8(code).ok().and_then(crate::transcripts::read_code)
    });
    codes.take(1).next()
}

async fn credential(app: &App, file: &[u8], typed: &str) -> Result<Checked> {
    if file.len() > MOST_CREDENTIAL_BYTES {
        return Ok(Checked::Refused(Refusal::TooLarge));
    }
    let text = std::str::from_utf8(file).unwrap_or_default().trim_start_matches('\u{feff}').trim();
    let token = match token(text) {
        Ok(token) => token,
        Err(refusal) => return Ok(Checked::Refused(refusal)),
    };
    let payload = match app.credentials.read(&token) {
        Ok((header, payload)) if header.typ == super::TYP => payload,
        Ok(_) => return Ok(Checked::Refused(Refusal::OtherKind)),
        Err(JwsError::Malformed) => return Ok(Checked::Refused(Refusal::Unreadable)),
        Err(JwsError::OtherAlgorithm | JwsError::UnknownKey) => return Ok(Checked::Refused(Refusal::NotOurs)),
        Err(JwsError::WrongSignature) => return Ok(Checked::Refused(Refusal::Altered)),
    };
    let Ok(content) = serde_json::from_slice::<Value>(&payload) else {
        return Ok(Checked::Refused(Refusal::Unreadable));
    };
    let types = content.get("type").and_then(Value::as_array);
    if !types.is_some_and(|types| types.iter().any(|one| one == "AchievementCredential")) {
        return Ok(Checked::Refused(Refusal::OtherKind));
    }
    let id = content.get("id").and_then(Value::as_str).and_then(|id| id.strip_prefix("urn:uuid:"));
    let id: Option<CredentialId> = id.and_then(|id| id.parse().ok());
    let mut tx = app.store.read().await?;
    let on_record = match id {
        Some(id) => store::credentials::find(&mut tx, id).await?,
        None => None,
    };
    drop(tx);
    let Some(on_record) = on_record.filter(|one| one.token == token) else {
        return Ok(Checked::Refused(Refusal::NotOnRecord));
    };
    let verified = verification::verify(app, &on_record.code).await?;
    let typed = typed.trim();
    let fits_holder = if typed.is_empty() { None } else { holder::fits(&content, typed) };
    Ok(Checked::Credential(Box::new(signed(&content, verified, fits_holder))))
}

/// The compact JWS in a file: alone, or inside JSON as wallets keep it.
fn token(text: &str) -> Result<String, Refusal> {
    if !text.starts_with('{') {
        return if text.is_empty() { Err(Refusal::Unreadable) } else { Ok(text.to_owned()) };
    }
    // serde_json gives up on nesting before the stack does
    let document: Value = serde_json::from_str(text).map_err(|_| Refusal::Unreadable)?;
    let members = ["id", "verifiableCredential", "credential", "jwt", "vc"];
    let texts = members.iter().filter_map(|member| match document.get(member) {
        Some(Value::String(text)) => Some(text.as_str()),
        Some(Value::Array(list)) => list.first().and_then(Value::as_str),
        _ => None,
    });
    let found = texts.map(|text| text.rsplit(',').next().unwrap_or(text)).find(|text| text.matches('.').count() == 2);
    let is_unsigned = document.get("credentialSubject").is_some();
    found.map(str::to_owned).ok_or(if is_unsigned { Refusal::Unsigned } else { Refusal::Unreadable })
}

fn signed(content: &Value, verified: Verified, fits_holder: Option<bool>) -> Signed {
    let text = |value: &Value, member: &str| value.get(member).and_then(Value::as_str).unwrap_or_default().to_owned();
    let list = |pointer: &str| content.pointer(pointer).and_then(Value::as_array).cloned().unwrap_or_default();
    let descriptions = list("/credentialSubject/achievement/resultDescription");
    let results = list("/credentialSubject/result").into_iter().map(|result| {
        let id = text(&result, "resultDescription");
        let named = descriptions.iter().find(|description| text(description, "id") == id);
        (named.map(|named| text(named, "name")).unwrap_or_default(), text(&result, "value"))
    });
    // the last piece of evidence is the verification page itself
    let evidence = list("/evidence").into_iter().filter(|one| one.get("id").is_none());
    let identities = list("/credentialSubject/identifier");
    let shown = identities.iter().find(|identity| identity.get("hashed") == Some(&Value::Bool(false)));
    Signed {
        verified,
        name: text(content, "name"),
        description: text(content, "description"),
        results: results.collect(),
        evidence: evidence.map(|one| (text(&one, "name"), text(&one, "narrative"))).collect(),
        fits_holder,
        email: shown.map(|identity| text(identity, "identityHash")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_found_as_wallets_keep_it() {
        assert_eq!(token("a.b.c"), Ok("a.b.c".to_owned()));
        for kept in [
            r#"{"verifiableCredential":"a.b.c"}"#,
            r#"{"verifiableCredential":["a.b.c"]}"#,
            r#"{"type":"EnvelopedVerifiableCredential","id":"data:application/vc+jwt,a.b.c"}"#,
        ] {
            assert_eq!(token(kept), Ok("a.b.c".to_owned()), "{kept}");
        }
        assert_eq!(token(r#"{"id":"urn:uuid:1","credentialSubject":{}}"#), Err(Refusal::Unsigned));
        assert_eq!(token(r#"{"id":7}"#), Err(Refusal::Unreadable));
        assert_eq!(token(&format!("{}1", r#"{"id":"#.repeat(100_000))), Err(Refusal::Unreadable));
        assert_eq!(token(""), Err(Refusal::Unreadable));
    }

    #[test]
    fn a_code_is_found_in_the_files_own_words() {
        let file = b"junk with code nothing, verify at https://x/verify with code 7KQ2-MX4D-91TB\x00";
        assert_eq!(written_code(file).as_deref(), Some("7KQ2MX4D91TB"));
        assert_eq!(written_code(b"with code 7KQ2"), None);
    }
}
