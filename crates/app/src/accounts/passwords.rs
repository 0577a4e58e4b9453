//! What a password must be, and its hash.
//!
//! Length is what counts: no rule asks for digits or signs. What remains after the guessable words
//! are taken out must still be long enough to stand on its own.

use argon2::{Argon2, PasswordHash, PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

use crate::{App, Error, Result};

/// The fewest characters without a second factor, and with one (trust.md, Who sees what).
pub const LEAST_CHARACTERS: usize = 15;
pub const LEAST_WITH_FACTOR: usize = 8;
const MOST_CHARACTERS: usize = 200;
/// How many letters and digits must remain without the guessable words, and how many different ones.
const LEAST_REMAINING: usize = 8;
const LEAST_REMAINING_WITH_FACTOR: usize = 6;
const LEAST_DIFFERENT: usize = 5;

/// Each hash takes 19 MB for some ten milliseconds; this many at once, for the whole process.
static HASHING: Semaphore = Semaphore::const_new(2);

/// The hash of a password nobody has, with the parameters of [`hash`]: verified for unknown
/// accounts, so that they take as long as known ones.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5$UjVRDxB0t3rvrXGWIM4YP38BqbGzz/f1wqUw3GnPvUY";

const GUESSABLE: &[&str] = &[
    "correcthorsebatterystaple",
    "correct horse battery staple",
    "thequickbrownfox",
    "letmeinplease",
    "passphrase",
    "password",
    "passwort",
    "passw0rd",
    "p@ssw0rd",
    "p@ssword",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwerty",
    "1q2w3e4r5t6y",
    "1q2w3e4r",
    "1qaz2wsx3edc",
    "1qaz2wsx",
    "abcdefghijklmnop",
    "abcdefgh",
    "abcd1234",
    "abc123",
    "01234567890",
    "1234567890",
    "0987654321",
    "987654321",
    "12345678",
    "123456",
    "12345",
    "1234",
    "iloveyou",
    "letmein",
    "welcome",
    "administrator",
    "admin",
    "changeme",
    "secret",
    "summer",
    "winter",
    "spring",
    "autumn",
    "monday",
    "doctor",
    "physician",
    "medicine",
    "hospital",
    "provider",
];

/// Checks a chosen password. The fault stands beside `field`.
pub fn check(app: &App, field: &'static str, password: &str, email: &str, has_second_factor: bool) -> Result<()> {
    let length = password.chars().count();
    let least = if has_second_factor { LEAST_WITH_FACTOR } else { LEAST_CHARACTERS };
    if length < least {
        return Err(Error::invalid(
            field,
            format!("Use at least {least} characters. A few unrelated words work well."),
        ));
    }
    if length > MOST_CHARACTERS {
        return Err(Error::invalid(field, format!("Use at most {MOST_CHARACTERS} characters.")));
    }
    let least = if has_second_factor { LEAST_REMAINING_WITH_FACTOR } else { LEAST_REMAINING };
    if is_guessable(password, email, &app.config.product_name, least) {
        return Err(Error::invalid(
            field,
            "This password is easy to guess. Use a few unrelated words, without your e-mail address or the name of this site.",
        ));
    }
    Ok(())
}

fn is_guessable(password: &str, email: &str, product: &str, least_remaining: usize) -> bool {
    let email = email.trim().to_lowercase();
    let own = [email.as_str(), email.split('@').next().unwrap_or_default()];
    let product = product.to_lowercase();
    let mut rest = password.to_lowercase();
    for word in own.into_iter().chain([product.as_str()]).chain(GUESSABLE.iter().copied()) {
        if word.chars().count() >= 4 {
            rest = rest.replace(word, "");
        }
    }
    let mut letters: Vec<char> = rest.chars().filter(|letter| letter.is_alphanumeric()).collect();
    let remaining = letters.len();
    letters.sort_unstable();
    letters.dedup();
    remaining < least_remaining || letters.len() < LEAST_DIFFERENT
}

/// Whether a password may stand without a second factor.
pub(super) fn is_long(password: &str) -> bool {
    password.chars().count() >= LEAST_CHARACTERS
}

/// The hash to store: argon2id in PHC form.
pub async fn hash(app: &App, password: &str) -> Result<String> {
    let salt = app.chance.bytes::<16>();
    let password = password.to_owned();
    on_a_thread(move || {
        let hash: PasswordHash =
            Argon2::default().hash_password_with_salt(password.as_bytes(), &salt).map_err(|error| error.to_string())?;
        Ok(hash.to_string())
    })
    .await
}

/// Whether the password has this hash. `None` takes as long and is always false.
pub async fn verify(password: &str, stored: Option<&str>) -> Result<bool> {
    let password = password.to_owned();
    let known = stored.filter(|hash| !hash.is_empty());
    let wanted = known.unwrap_or(NOBODYS).to_owned();
    let right = on_a_thread(move || {
        let wanted = PasswordHash::new(&wanted).map_err(|error| error.to_string())?;
        Ok(Argon2::default().verify_password(password.as_bytes(), &wanted).is_ok())
    })
    .await?;
    Ok(right && known.is_some())
}

async fn on_a_thread<T: Send + 'static>(work: impl FnOnce() -> Result<T, String> + Send + 'static) -> Result<T> {
    let _turn = HASHING.acquire().await.map_err(|error| Error::Internal(error.to_string()))?;
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Error::Internal(error.to_string()))?
        .map_err(|error| Error::Internal(format!("a password could not be hashed: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_unrelated_words_pass_and_guessable_ones_do_not() {
        let guessable = |password| is_guessable(password, "amara.whitfield@example.org", "Credence", LEAST_REMAINING);
        for password in ["lantern harbor violet", "seventeen-quiet-otters", "Zürich im Novembernebel"] {
            assert!(!guessable(password), "{password}");
        }
        for password in [
            "aaaaaaaaaaaaaaaaaaaa",
            "123456789012345",
            "PasswordPassword1",
            "amara.whitfield1",
            "amara.whitfield@example.org",
            "credencecredence",
            "correcthorsebatterystaple",
            "Password12345678!",
            "abababababababab",
            "qwertyuiopasdfghjkl",
        ] {
            assert!(guessable(password), "{password}");
        }
    }

    #[tokio::test]
    async fn only_the_right_password_is_right_and_nobodys_hash_costs_the_same() {
        let salt = *b"0123456789abcdef";
        let hash: PasswordHash = Argon2::default().hash_password_with_salt(b"lantern harbor", &salt).unwrap();
        let nobodys = PasswordHash::new(NOBODYS).unwrap();
        assert_eq!(nobodys.params, hash.params);
        assert_eq!(nobodys.algorithm, hash.algorithm);
        let stored = hash.to_string();
        assert!(verify("lantern harbor", Some(&stored)).await.unwrap());
        assert!(!verify("lantern harbour", Some(&stored)).await.unwrap());
        assert!(!verify("lantern harbor", None).await.unwrap());
        assert!(!verify("", Some("")).await.unwrap());
    }
}
