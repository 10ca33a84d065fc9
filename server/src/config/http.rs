//! `[http]`: how browsers reach this server.

use std::net::{IpAddr, SocketAddr};

use url::Url;

use super::keys;
use super::load::Reader;
use super::value::Value;

/// How browsers reach this server.
#[derive(Clone, Debug)]
pub struct Http {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where people reach us, without path. `https` unless only this machine can.
    pub public_url: Url,
    /// Whose word about a browser's address is believed.
    pub trusted_proxies: Vec<Network>,
}

impl Http {
    /// Reads the section and checks that nobody's mail would travel unencrypted.
    pub(super) fn read(reader: &mut Reader) -> Option<Self> {
        let listen = reader.default::<SocketAddr>(&keys::HTTP_LISTEN);
        let trusted_proxies = reader.optional(&keys::HTTP_TRUSTED_PROXIES).unwrap_or_default();
        let public_url = match reader.optional(&keys::HTTP_PUBLIC_URL) {
            Some(url) => Some(url),
            None if reader.is_set(&keys::HTTP_PUBLIC_URL) => None,
            None => Url::parse(&format!("http://{}", listen?)).ok(),
        };
        let (listen, public_url) = (listen?, public_url?);
        if public_url.scheme() != "https" {
            let listens_to_others = !listen.ip().to_canonical().is_loopback();
            if !is_this_machine(&public_url) && reader.is_set(&keys::HTTP_PUBLIC_URL) {
                reader.refuse(
                    &keys::HTTP_PUBLIC_URL,
                    "must begin with https unless it is this machine alone: put a proxy with TLS in front and set \
                     for example https://mail.example.org",
                );
            } else if listens_to_others {
                reader.refuse(
                    &keys::HTTP_LISTEN,
                    "can be reached by others, so http.public_url must begin with https: put a proxy with TLS in \
                     front and set http.public_url, for example to https://mail.example.org",
                );
            }
        }
        Some(Self { listen, public_url, trusted_proxies })
    }

    /// Whether people reach us over TLS.
    pub fn is_secure(&self) -> bool {
        self.public_url.scheme() == "https"
    }
}

/// Whether only a browser on this machine can mean it.
fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// One address, or all that begin with the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u32,
}

impl Network {
    /// Whether this address is one of them.
    pub fn contains(&self, address: IpAddr) -> bool {
        let same = |own: u128, other: u128, width: u32| match width - self.bits {
            width if width >= u128::BITS => true,
            rest => own >> rest == other >> rest,
        };
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => same(own.to_bits().into(), other.to_bits().into(), 32),
            (IpAddr::V6(own), IpAddr::V6(other)) => same(own.to_bits(), other.to_bits(), 128),
            _ => false,
        }
    }
}

impl Value for Network {
    const WANTED: &'static str = "a list of IP addresses or networks";

    fn parse(text: &str) -> Option<Self> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse().ok()?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        let width = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(width);
        (bits <= width).then_some(Self { address, bits })
    }
}

#[cfg(test)]
mod tests {
    use super::{Network, Value};

    #[test]
    fn a_network_contains_what_begins_with_the_same_bits() {
        let contains = |network: &str, address: &str| {
            Network::parse(network).unwrap().contains(address.parse().unwrap())
        };
        assert!(contains("10.0.0.0/8", "10.255.1.2"));
        assert!(contains("10.0.0.0/8", "::ffff:10.255.1.2"));
        assert!(contains("192.0.2.7", "192.0.2.7"));
        assert!(contains("0.0.0.0/0", "203.0.113.9"));
        assert!(contains("::/0", "2001:db8::1"));
        assert!(contains("2001:db8::/32", "2001:db8:1::1"));
        assert!(!contains("10.0.0.0/8", "11.0.0.1"));
        assert!(!contains("192.0.2.7", "192.0.2.8"));
        assert!(!contains("2001:db8::/32", "2001:db9::1"));
        assert!(!contains("0.0.0.0/0", "2001:db8::1"));
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in ["", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/-1", "proxy.example.org", "10.0.0"] {
            assert_eq!(Network::parse(text), None, "{text}");
        }
    }
}
