//! Status lists (W3C Bitstring Status List 1.0): one bit for each credential, set once what it says is not all true any
//! more. A list is made from the credits as they stand when it is asked for.
//!
//! Whoever asks fetches the whole list, so nobody learns which credential they hold. Places are random, and a list says
//! nothing about how many credentials there are.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use store::credentials::Place;

use super::TYP;
use super::keys::KeptList;
use crate::clock::{HOUR, MINUTE};
use crate::verification::is_same_person;
use crate::{App, Error, Result};

/// Bits of a list: the least that the standard allows, so that one credential hides among many.
pub const PLACES: i64 = 131_072;
/// Credentials of one list. An eighth of its places, so that drawing finds a free one soon.
pub const MOST_IN_A_LIST: i64 = PLACES / 8;
/// A list that was made just now is sent again: it is the same question to the database for everybody.
const KEPT_FOR: i64 = 10 * 1_000_000;
/// How long others may keep it, in milliseconds as the standard counts.
const TTL: i64 = 5 * MINUTE / 1_000;

/// The entry of a credential that names its place.
pub(super) fn entry(app: &App, place: Place) -> Value {
    let list = address(app, place.list);
    json!({
        "id": format!("{list}#{}", place.index),
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": place.index.to_string(),
        "statusListCredential": list,
    })
}

fn address(app: &App, list: i64) -> String {
    app.config.link(&format!("/credentials/status/{list}"))
}

/// A status list as a signed credential.
///
/// Errors: `NotFound` for a list in which no credential has a place.
pub async fn list(app: &App, number: i64) -> Result<String> {
    let now = app.clock.now();
    let kept = app.credentials.lists().get(&number).cloned();
    if let Some(kept) = kept.filter(|kept| (0..KEPT_FOR).contains(&(now - kept.made_at))) {
        return Ok(kept.token);
    }
    let mut tx = app.store.read().await?;
    let last = store::credentials::last_list(&mut tx).await?;
    if number < 0 || last.is_none_or(|(last, _)| number > last) {
        return Err(Error::NotFound);
    }
    let mut fallen = store::credentials::fallen(&mut tx, number).await?;
    for one in store::credentials::elsewhere(&mut tx, number).await? {
        if !is_same_person(&mut tx, one.stands_on, one.issued_for).await? {
            fallen.push(one.index);
        }
    }
    drop(tx);
    let token = app.credentials.sign(TYP, &document(app, number, now, &fallen)?);
    app.credentials.lists().insert(number, KeptList { made_at: now, token: token.clone() });
    Ok(token)
}

fn document(app: &App, number: i64, now: i64, fallen: &[i64]) -> Result<Value> {
    let id = address(app, number);
    Ok(json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": id,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": app.credentials.issuer(),
        "validFrom": app.clock.machine(now),
        // an old copy must not bring back what was withdrawn
        "validUntil": app.clock.machine(now + HOUR),
        "credentialSubject": {
            "id": format!("{id}#list"),
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encoded(fallen)?,
            "ttl": TTL,
        },
        "iss": app.credentials.issuer(),
        "jti": id,
        "nbf": now.div_euclid(1_000_000),
        "exp": (now + HOUR).div_euclid(1_000_000),
    }))
}

/// The bits, the first place being the highest bit of the first byte; packed and in base64url with its multibase letter.
fn encoded(fallen: &[i64]) -> Result<String> {
    let mut bits = vec![0_u8; (PLACES / 8) as usize];
    for index in fallen {
        let byte = usize::try_from(index / 8).ok().and_then(|at| bits.get_mut(at));
        if let Some(byte) = byte {
            *byte |= 0x80 >> (index % 8);
        }
    }
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(&bits)?;
    Ok(format!("u{}", URL_SAFE_NO_PAD.encode(packer.finish()?)))
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn a_set_bit_is_counted_from_the_left() {
        let text = encoded(&[0, 9, PLACES - 1]).unwrap();
        let packed = URL_SAFE_NO_PAD.decode(text.strip_prefix('u').unwrap()).unwrap();
        let mut bits = Vec::new();
        flate2::read::GzDecoder::new(packed.as_slice()).read_to_end(&mut bits).unwrap();
        assert_eq!(bits.len(), 16_384);
        assert_eq!((bits[0], bits[1], bits[16_383]), (0b1000_0000, 0b0100_0000, 1));
        assert_eq!(bits.iter().map(|byte| byte.count_ones()).sum::<u32>(), 3);
    }
}
