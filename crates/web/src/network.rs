//! Where a request comes from, for limits on what strangers may do. Nothing else uses it, and only digests are kept.
//!
//! Behind a proxy the connection is the proxy's: a peer of this machine or a private network is believed about whom it
//! speaks for. Somebody on the open network can write any header and is known by the connection alone.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

use axum::extract::FromRequestParts;
use axum::extract::connect_info::ConnectInfo;
use axum::http::request::Parts;

/// The network address as text; of IPv6 the first half, since the other half is anybody's to choose.
pub struct NetworkAddress(pub String);

const FORWARDED: &str = "x-forwarded-for";

impl<S: Send + Sync> FromRequestParts<S> for NetworkAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
        // what stands last was written by the proxy itself
        let last = parts.headers.get_all(FORWARDED).iter().next_back().and_then(|value| value.to_str().ok());
        let told = last.and_then(|value| value.rsplit(',').next()).and_then(|value| value.trim().parse().ok());
        Ok(Self(shown(peer, told)))
    }
}

fn shown(peer: Option<IpAddr>, told: Option<IpAddr>) -> String {
    let address = match (peer, told) {
        (Some(peer), Some(told)) if is_near(peer.to_canonical()) => Some(told),
        // a router without a network, as in tests
        (None, told) => told,
        (peer, _) => peer,
    };
    match address.map(|address| address.to_canonical()) {
        Some(IpAddr::V4(address)) => address.to_string(),
        Some(IpAddr::V6(address)) => {
            address.segments().iter().take(4).map(|part| format!("{part:x}")).collect::<Vec<_>>().join(":")
        }
        None => "unknown".to_owned(),
    }
}

/// Of this machine, or of a network without addresses of the world's.
fn is_near(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_loopback() || address.is_private(),
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_near_peer_speaks_for_somebody_else() {
        for (peer, told, expected) in [
            ("203.0.113.9", Some("198.51.100.1"), "203.0.113.9"),
            ("127.0.0.1", Some("198.51.100.1"), "198.51.100.1"),
            ("::ffff:10.0.0.4", Some("198.51.100.1"), "198.51.100.1"),
            ("127.0.0.1", None, "127.0.0.1"),
            ("2001:db8:1:2:3:4:5:6", None, "2001:db8:1:2"),
        ] {
            let told = told.map(|told| told.parse().unwrap());
            assert_eq!(shown(Some(peer.parse().unwrap()), told), expected);
        }
        assert_eq!(shown(None, None), "unknown");
    }
}
