//! Keys and checkpoints, against a note that OpenSSL signed and a published key of another project.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer as _, SigningKey};
use ledger::{Checkpoint, Hash, KeyError, NoteError, Signer, VerifyingKey, open};
use proptest::prelude::*;

const LOG: &str = "credence.example/log";

/// The PKCS#8 form of the bytes 0, 1, .. 31 as a key.
const PEM: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f
-----END PRIVATE KEY-----
";

const VERIFYING_KEY: &str = "credence.example/log+90f6b200+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4";

/// Root of the eight classic leaves.
const ROOT: &str = "XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=";

/// Signed by `openssl pkeyutl -sign -rawin` with that key.
const NOTE: &str = "credence.example/log
8
XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=
signed-at 2026-03-31T23:59:00Z

— credence.example/log kPayAGAFYRw2yvVxJj3GXjvC1w5dbYDVsM7h7yonRaFbwAPGyShvGYfetakfXkAGAvRN76rR571uYsM3CDcDAx1ogQI=
";

fn signer() -> Signer {
    Signer::from_seed(LOG, &std::array::from_fn(|i| i as u8)).unwrap()
}

/// A note with any text, rightly signed by our key: what `Signer::sign` refuses to write.
fn signed(text: &str) -> String {
    let key = SigningKey::from_bytes(&std::array::from_fn(|i| i as u8));
    let signature = [b"\x90\xf6\xb2\x00".as_slice(), &key.sign(text.as_bytes()).to_bytes()].concat();
    format!("{text}\n— {LOG} {}\n", STANDARD.encode(signature))
}

fn checkpoint() -> Checkpoint {
    Checkpoint {
        origin: LOG.to_owned(),
        size: 8,
        root: Hash::from_base64(ROOT).unwrap(),
        signed_at: Some("2026-03-31T23:59:00Z".to_owned()),
    }
}

#[test]
fn a_checkpoint_is_byte_for_byte_the_note_that_openssl_signs() {
    assert_eq!(signer().sign(&checkpoint()).unwrap(), NOTE);
    assert_eq!(open(NOTE, &VERIFYING_KEY.parse().unwrap()), Ok(checkpoint()));
}

#[test]
fn the_time_may_be_left_out() {
    let plain = Checkpoint { signed_at: None, size: 0, ..checkpoint() };
    let note = signer().sign(&plain).unwrap();
    assert_eq!(note.lines().count(), 5);
    assert_eq!(open(&note, &signer().verifying_key()), Ok(plain));
}

#[test]
fn extension_lines_of_other_programs_are_skipped() {
    let note = signed(&format!("{LOG}\n8\n{ROOT}\nweather rain\nsigned-at 2026-03-31T23:59:00Z\n"));
    assert_eq!(open(&note, &signer().verifying_key()), Ok(checkpoint()));
}

#[test]
fn a_key_comes_back_from_its_pem_and_from_its_text() {
    let ours = signer();
    let from_openssl = Signer::from_pem(LOG, PEM).unwrap();
    let again = Signer::from_pem(LOG, &ours.to_pem().unwrap()).unwrap();
    for signer in [&ours, &from_openssl, &again] {
        assert_eq!(signer.verifying_key().to_string(), VERIFYING_KEY);
    }
    assert_eq!(VERIFYING_KEY.parse(), Ok(ours.verifying_key()));
    // A key published with Go's note package.
    let published = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    assert_eq!(published.parse::<VerifyingKey>().unwrap().to_string(), published);
}

#[test]
fn debug_text_of_a_signer_does_not_show_the_private_key() {
    assert_eq!(format!("{:?}", signer()), format!("Signer({VERIFYING_KEY})"));
}

#[test]
fn names_and_keys_of_another_form_are_refused() {
    for name in ["", "two words", "a+b", "line\nbreak", "no\u{a0}break", "bell\u{7}"] {
        assert_eq!(Signer::from_seed(name, &[7; 32]).unwrap_err(), KeyError::Name, "{name:?}");
        assert_eq!(Signer::from_pem(name, PEM).unwrap_err(), KeyError::Name, "{name:?}");
    }
    for pem in ["", "MC4CAQ", &PEM.replace("MC4C", "MC4D"), &PEM.replace("PRIVATE", "PUBLIC")] {
        assert_eq!(Signer::from_pem(LOG, pem).unwrap_err(), KeyError::Pem, "{pem}");
    }
    let wrong_texts = [
        "",
        "credence.example/log",
        "credence.example/log+90f6b200",
        &VERIFYING_KEY.replace("90f6b200", "90f6b201"),
        &VERIFYING_KEY.replace("90f6b200", "90F6B200"),
        &VERIFYING_KEY.replace("log+", "other+"),
        &VERIFYING_KEY.replace("AQOh", "AgOh"),
        &VERIFYING_KEY[..VERIFYING_KEY.len() - 4],
    ];
    for text in wrong_texts {
        assert_eq!(text.parse::<VerifyingKey>(), Err(KeyError::Text), "{text}");
    }
}

#[test]
fn a_signer_signs_only_for_its_own_log_and_only_what_fits_the_form() {
    let other = Checkpoint { origin: "credence.example/sandbox".to_owned(), ..checkpoint() };
    assert_eq!(signer().sign(&other), Err(NoteError::OtherLog));
    for time in ["", "today\nand tomorrow", "\r"] {
        let odd = Checkpoint { signed_at: Some(time.to_owned()), ..checkpoint() };
        assert_eq!(signer().sign(&odd), Err(NoteError::Malformed), "{time:?}");
    }
}

#[test]
fn a_note_of_another_key_or_name_is_not_believed() {
    let key = signer().verifying_key();
    let stranger = Signer::from_seed(LOG, &[9; 32]).unwrap();
    assert_eq!(open(&stranger.sign(&checkpoint()).unwrap(), &key), Err(NoteError::NotSigned));
    let sandbox = Signer::from_pem("credence.example/sandbox", PEM).unwrap();
    assert_eq!(open(NOTE, &sandbox.verifying_key()), Err(NoteError::NotSigned));
}

#[test]
fn signatures_of_others_are_skipped_but_a_wrong_one_of_ours_spoils_the_note() {
    let key = signer().verifying_key();
    let witness = "— witness.example/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";
    let (text, ours) = NOTE.split_once("— ").unwrap();
    assert_eq!(open(&format!("{NOTE}{witness}"), &key), Ok(checkpoint()));
    assert_eq!(open(&format!("{text}{witness}— {ours}"), &key), Ok(checkpoint()));
    assert_eq!(open(&format!("{text}{witness}"), &key), Err(NoteError::NotSigned));

    let wrong = format!("— {}", ours.replace("kPayAGAF", "kPayAGAG"));
    assert_eq!(open(&format!("{text}{wrong}"), &key), Err(NoteError::WrongSignature));
    assert_eq!(open(&format!("{NOTE}{wrong}"), &key), Err(NoteError::WrongSignature));
    let short = "— credence.example/log kPayAGAF\n";
    assert_eq!(open(&format!("{NOTE}{short}"), &key), Err(NoteError::WrongSignature));
}

#[test]
fn texts_of_another_form_are_refused_even_when_signed() {
    let key = signer().verifying_key();
    assert!(open(&signed(&format!("{LOG}\n8\n{ROOT}\n")), &key).is_ok());
    let other_forms = [
        format!("{LOG}\n8\n"),
        format!("{LOG}\n08\n{ROOT}\n"),
        format!("{LOG}\n+8\n{ROOT}\n"),
        format!("{LOG}\n-8\n{ROOT}\n"),
        format!("{LOG}\n18446744073709551616\n{ROOT}\n"),
        format!("{LOG}\n8\n{}\n", &ROOT[4..]),
        format!("{LOG}\n8\n{ROOT}\n\nsigned-at noon\n"),
        format!("\n{LOG}\n8\n{ROOT}\n"),
    ];
    for text in other_forms {
        assert_eq!(open(&signed(&text), &key), Err(NoteError::Malformed), "{text}");
    }
    let other_log = format!("credence.example/sandbox\n8\n{ROOT}\n");
    assert_eq!(open(&signed(&other_log), &key), Err(NoteError::OtherLog));
}

#[test]
fn notes_of_another_form_are_refused() {
    let key = signer().verifying_key();
    for note in ["", "\n\n", "a\nb\nc", &NOTE[..NOTE.len() - 1], &NOTE.replace('\n', "\r\n"), &NOTE.replace("— ", "- ")]
    {
        assert_eq!(open(note, &key), Err(NoteError::Malformed), "{note:?}");
    }
}

proptest! {
    #[test]
    fn any_checkpoint_comes_back_as_it_was_signed(size: u64, root: [u8; 32], time in proptest::option::of("[ -~é]{1,40}")) {
        let checkpoint = Checkpoint { origin: LOG.to_owned(), size, root: Hash(root), signed_at: time };
        let note = signer().sign(&checkpoint).unwrap();
        prop_assert_eq!(open(&note, &signer().verifying_key()), Ok(checkpoint));
    }

    #[test]
    fn no_changed_character_is_accepted(at: prop::sample::Index, to: char) {
        let mut characters: Vec<char> = NOTE.chars().collect();
        let position = at.index(characters.len());
        prop_assume!(characters[position] != to);
        characters[position] = to;
        let changed: String = characters.into_iter().collect();
        prop_assert!(open(&changed, &signer().verifying_key()).is_err());
    }

    #[test]
    fn any_text_at_all_is_read_without_panic(text: String, lines in "(\n|— |[a+/ =]|credence.example/log|8){0,40}") {
        let _ = open(&text, &signer().verifying_key());
        let _ = open(&lines, &signer().verifying_key());
        let _ = text.parse::<VerifyingKey>();
        let _ = Hash::from_hex(&text);
        let _ = Hash::from_base64(&text);
    }
}
