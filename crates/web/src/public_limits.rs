//! How often one network address may ask what anybody may ask: the public search, verifying, a passkey's challenge.
//! Generous to people and their offices, and a wall to who would copy everything or fill the table of challenges.
//!
//! Buckets are in memory alone: a restart forgives a minute. Who asks from this very machine, without a proxy that
//! speaks for somebody, is not limited: a proxy that names nobody would make all the world one address.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use app::App;
use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::error::Error;
use crate::network::NetworkAddress;

/// What is limited: the route, and the bucket that it takes from.
const LIMITED: &[(&str, &str)] = &[
    ("/sign-in/passkey/options", "challenge"),
    ("/activities", "search"),
    ("/activities/calendar.ics", "search"),
    ("/api/pars/v1/activity-search", "search"),
    ("/verify", "verify"),
    ("/verify/{code}", "verify"),
];

const SECOND: i64 = 1_000_000;
/// Addresses that are remembered; full buckets are forgotten first.
const MOST_ADDRESSES: usize = 50_000;

/// A bucket for each address and kind: when it will be full again, in microseconds.
#[derive(Debug, Clone, Default)]
pub(crate) struct PublicLimits {
    buckets: Arc<Mutex<HashMap<(String, &'static str), i64>>>,
}

impl PublicLimits {
    /// Takes one of `most` a minute; otherwise says in how many seconds there is one again.
    fn take(&self, address: &str, kind: &'static str, most: i64, now: i64) -> Result<(), i64> {
        let each = 60 * SECOND / most;
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MOST_ADDRESSES {
            buckets.retain(|_, full_at| *full_at > now);
        }
        let full_at = buckets.entry((address.to_owned(), kind)).or_default();
        let after = (*full_at).max(now) + each;
        let too_late = after - now - most * each;
        if too_late > 0 {
            return Err((too_late + SECOND - 1) / SECOND);
        }
        *full_at = after;
        Ok(())
    }
}

pub(crate) async fn limit(State((app, limits)): State<(App, PublicLimits)>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let kind = LIMITED.iter().find(|(limited, _)| *limited == route).map(|(_, kind)| *kind);
    let most = i64::from(app.config.public_requests_per_minute);
    let Some(kind) = kind.filter(|_| most > 0) else { return next.run(request).await };
    let (mut parts, body) = request.into_parts();
    let Ok(NetworkAddress(address)) = NetworkAddress::from_request_parts(&mut parts, &app).await;
    let is_this_machine = matches!(address.as_str(), "unknown" | "::1" | "0:0:0:0") || address.starts_with("127.");
    let taken = match is_this_machine {
        true => Ok(()),
        false => limits.take(&address, kind, most, app.clock.now()),
    };
    match taken {
        Ok(()) => next.run(Request::from_parts(parts, body)).await,
        Err(seconds) => Error::from(app::Error::TooMany { retry_after_seconds: seconds }).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_address_has_its_own_bucket_for_each_kind_and_a_minute_fills_it() {
        let limits = PublicLimits::default();
        assert!((0..3).all(|_| limits.take("198.51.100.1", "search", 3, 0).is_ok()));
        assert_eq!(limits.take("198.51.100.1", "search", 3, 0), Err(20));
        assert!(limits.take("198.51.100.1", "verify", 3, 0).is_ok());
        assert!(limits.take("198.51.100.2", "search", 3, 0).is_ok());
        assert!(limits.take("198.51.100.1", "search", 3, 20 * SECOND).is_ok());
        assert!(limits.take("198.51.100.1", "search", 3, 20 * SECOND).is_err());
    }
}
