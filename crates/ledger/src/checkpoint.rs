//! Signed tree heads as C2SP checkpoints (c2sp.org/tlog-checkpoint), which are signed notes (c2sp.org/signed-note):
//! origin, size and root on a line each, an optional line with the time, an empty line, and a signature line.
//!
//! The signature covers everything up to the empty line. Lines signed by others (witnesses, a former key) are skipped,
//! but a line under our name and key id must be right, or the whole note is refused.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::{Hash, Signer, VerifyingKey};

/// Opens the extension line with the time. Other extension lines are allowed and skipped.
const SIGNED_AT: &str = "signed-at ";

/// More signature lines than this are not looked at; the rule asks readers to accept at least 16.
const MOST_SIGNATURES: usize = 64;

/// A tree head: what the log was at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name, the same as its key's.
    pub origin: String,
    /// Leaves in the tree.
    pub size: u64,
    /// Root over those leaves.
    pub root: Hash,
    /// When it was signed, as the caller writes times; proven only as far as the signer is trusted.
    pub signed_at: Option<String>,
}

/// Why a note was not signed or not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// The text has not the form of a checkpoint.
    #[error("this is not a checkpoint")]
    Malformed,
    /// No signature line has the key's name and id.
    #[error("the checkpoint is not signed by this key")]
    NotSigned,
    /// A line has the key's name and id, but its signature does not fit the text.
    #[error("the checkpoint's signature is wrong")]
    WrongSignature,
    /// The origin is not the name of the key.
    #[error("the checkpoint belongs to another log than the key")]
    OtherLog,
}

impl Signer {
    /// Signs a checkpoint and returns the whole note. Fails if the origin is not this signer's name
    /// ([`NoteError::OtherLog`]) or the time is empty or holds control characters ([`NoteError::Malformed`]).
    ///
    /// The caller has recomputed the root from the stored leaves and never signs a smaller size or an earlier time
    /// than before.
    pub fn sign(&self, checkpoint: &Checkpoint) -> Result<String, NoteError> {
        if checkpoint.origin != self.name() {
            return Err(NoteError::OtherLog);
        }
        let mut text = format!("{}\n{}\n{}\n", checkpoint.origin, checkpoint.size, checkpoint.root.to_base64());
        if let Some(time) = &checkpoint.signed_at {
            if time.is_empty() || time.contains(char::is_control) {
                return Err(NoteError::Malformed);
            }
            text = format!("{text}{SIGNED_AT}{time}\n");
        }
        let id = self.verifying_key().id();
        let signature = STANDARD.encode([id.as_slice(), &self.sign_text(&text)].concat());
        Ok(format!("{text}\n— {} {signature}\n", self.name()))
    }
}

/// Reads a note and returns its checkpoint, if and only if this key signed it for its own log.
pub fn open(note: &str, key: &VerifyingKey) -> Result<Checkpoint, NoteError> {
    if note.contains(|c| c < ' ' && c != '\n') {
        return Err(NoteError::Malformed);
    }
    let (text, signatures) = note.rsplit_once("\n\n").ok_or(NoteError::Malformed)?;
    let text = format!("{text}\n");
    check_signatures(&text, signatures, key)?;
    let checkpoint = parse(&text)?;
    if checkpoint.origin == key.name() { Ok(checkpoint) } else { Err(NoteError::OtherLog) }
}

fn check_signatures(text: &str, signatures: &str, key: &VerifyingKey) -> Result<(), NoteError> {
    let lines = signatures.strip_suffix('\n').ok_or(NoteError::Malformed)?;
    let mut signed = false;
    for line in lines.split('\n').take(MOST_SIGNATURES) {
        let (name, encoded) =
            line.strip_prefix("— ").and_then(|line| line.split_once(' ')).ok_or(NoteError::Malformed)?;
        let bytes = STANDARD.decode(encoded).map_err(|_| NoteError::Malformed)?;
        let (id, signature) = bytes.split_first_chunk::<4>().ok_or(NoteError::Malformed)?;
        if name != key.name() || *id != key.id() {
            continue;
        }
        let signature = signature.try_into().map_err(|_| NoteError::WrongSignature)?;
        if !key.accepts(text, signature) {
            return Err(NoteError::WrongSignature);
        }
        signed = true;
    }
    if signed { Ok(()) } else { Err(NoteError::NotSigned) }
}

fn parse(text: &str) -> Result<Checkpoint, NoteError> {
    let lines: Vec<&str> = text.strip_suffix('\n').ok_or(NoteError::Malformed)?.split('\n').collect();
    let [origin, size, root, extensions @ ..] = lines.as_slice() else { return Err(NoteError::Malformed) };
    if lines.iter().any(|line| line.is_empty()) {
        return Err(NoteError::Malformed);
    }
    Ok(Checkpoint {
        origin: (*origin).to_owned(),
        size: parse_size(size)?,
        root: Hash::from_base64(root).map_err(|_| NoteError::Malformed)?,
        signed_at: extensions.iter().find_map(|line| line.strip_prefix(SIGNED_AT)).map(str::to_owned),
    })
}

/// Decimal digits without sign or leading zeros.
fn parse_size(text: &str) -> Result<u64, NoteError> {
    let size: u64 = text.parse().map_err(|_| NoteError::Malformed)?;
    if size.to_string() == text { Ok(size) } else { Err(NoteError::Malformed) }
}
