//! The signature of a message after Standard Webhooks: HMAC-SHA256 over id, time and body, so that the
//! receiver knows who wrote it, that nobody changed it, and when it was sent.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Before the base64 of a key.
pub(super) const KEY: &str = "whsec_";

/// The header `webhook-signature`; `None` for a key that is none. `seconds` since 1970.
pub(super) fn signature(key: &str, id: &str, seconds: i64, body: &str) -> Option<String> {
    let key = STANDARD.decode(key.strip_prefix(KEY)?).ok()?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
    mac.update(format!("{id}.{seconds}.{body}").as_bytes());
    Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_specification_is_signed_as_it_is_there() {
        let signed = signature(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            r#"{"test": 2432232314}"#,
        );
        assert_eq!(signed.as_deref(), Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
        assert_eq!(signature("secret", "x", 1, ""), None);
    }
}
