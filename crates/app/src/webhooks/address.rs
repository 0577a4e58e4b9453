//! Where a webhook may lead: to a public address by https. Names are resolved by us, once for each
//! connection, and what they lead to is checked, so that nobody reads our own network through us.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::{Error, Result};

const LONGEST: usize = 500;

/// Reads an address that somebody gave. `anywhere` allows http and private addresses: for trying out.
///
/// Errors: `Invalid` on `url`.
pub fn read(text: &str, anywhere: bool) -> Result<Url> {
    let wrong = |why: &str| Error::invalid("url", why);
    let text = text.trim();
    if text.is_empty() || text.len() > LONGEST {
        return Err(wrong("Give the address that takes the events, such as https://lms.example.org/credence."));
    }
    let url = Url::parse(text).map_err(|_| wrong("This is not a web address. It begins with https://."))?;
    if url.scheme() != "https" && !(anywhere && url.scheme() == "http") {
        return Err(wrong("Give an address that begins with https://."));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("Leave user and password out of the address: each message is signed instead."));
    }
    if url.host().is_none() {
        return Err(wrong("The address names no server."));
    }
    if !anywhere && literal(&url).is_some_and(|address| !is_public(address)) {
        return Err(wrong("This address is inside a private network. Give one that is reached from outside."));
    }
    Ok(url)
}

/// The server, where it is written as a number: no name is resolved then.
pub fn literal(url: &Url) -> Option<IpAddr> {
    url.host_str()?.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

/// Resolves names, and gives only addresses that are reached from everywhere.
pub struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|address| is_public(address.ip())).collect();
            if public.is_empty() {
                return Err("the name leads to no public address".into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

/// Whether an address belongs to the internet at large, by IANA's registries of special addresses.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(four) => is_public_v4(four),
        IpAddr::V6(six) => is_public_v6(six),
    }
}

fn is_public_v4(four: Ipv4Addr) -> bool {
    let [a, b, c, _] = four.octets();
    let special = four.is_private()
        || four.is_loopback()
        || four.is_link_local()
        || four.is_documentation()
        || four.is_broadcast()
        || four.is_multicast()
        // this network, shared by carriers, protocol assignments, 6to4 relays, benchmarks, reserved
        || a == 0
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (18..20).contains(&b))
        || a >= 240;
    !special
}

fn is_public_v6(six: Ipv6Addr) -> bool {
    // an IPv4 address in the clothes of IPv6 is judged as what it is
    if let Some(four) = six.to_ipv4_mapped() {
        return is_public_v4(four);
    }
    let [a, b, ..] = six.segments();
    // global unicast is 2000::/3; of it 2001::/23 is for protocols, 2001:db8::/32 and 3fff::/20 for books,
    // 2002::/16 holds IPv4 addresses
    let is_global = a & 0xe000 == 0x2000;
    let is_special = (a == 0x2001 && (b < 0x0200 || b == 0x0db8)) || a == 0x2002 || (a == 0x3fff && b < 0x1000);
    is_global && !is_special
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_internet_at_large_are_public() {
        let private = [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "192.0.0.8",
            "192.0.2.1",
            "198.18.0.1",
            "203.0.113.9",
            "224.0.0.1",
            "255.255.255.255",
            "240.0.0.1",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "2001::1",
        ];
        for text in private {
            assert!(!is_public(text.parse().unwrap()), "{text}");
        }
        for text in ["8.8.8.8", "172.32.0.1", "100.128.0.1", "198.20.0.1", "2606:4700::1111", "::ffff:8.8.8.8"] {
            assert!(is_public(text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn an_address_is_https_without_secrets_and_outside_private_networks() {
        for wrong in [
            "",
            "lms",
            "http://lms.example.org/",
            "https://user:secret@lms.example.org/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://0x7f000001/",
            "https://2130706433/",
            "ftp://lms.example.org/",
            "file:///etc/passwd",
        ] {
            assert!(read(wrong, false).is_err(), "{wrong}");
        }
        assert!(read(" https://lms.example.org:8443/hook?x=1 ", false).is_ok());
        assert!(read("http://127.0.0.1:9/", true).is_ok());
    }
}
