//! Whose word about a browser's address is believed: the connection's own, and beyond it only what configured proxies
//! say in `X-Forwarded-For`.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request};
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::Response;

use crate::config::http::Network;

/// Proxies that are looked behind. A longer chain is nobody's.
const HOPS: usize = 20;

/// The address that a request came from, as far as it can be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

/// Puts the [`ClientAddress`] into the request.
pub async fn note(proxies: Arc<[Network]>, mut request: Request, next: Next) -> Response {
    if let Some(ConnectInfo(peer)) = request.extensions().get::<ConnectInfo<SocketAddr>>() {
        let address = believed(peer.ip(), request.headers(), &proxies);
        request.extensions_mut().insert(ClientAddress(address));
    }
    next.run(request).await
}

/// The nearest address that is no proxy of ours, seen from here: everything beyond it is a stranger's claim.
fn believed(peer: IpAddr, headers: &HeaderMap, proxies: &[Network]) -> IpAddr {
    let is_proxy = |address: IpAddr| proxies.iter().any(|network| network.contains(address));
    let mut nearest = peer.to_canonical();
    let said: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .flat_map(|value| value.to_str().unwrap_or("?").split(','))
        .map(str::trim)
        .collect();
    for claim in said.into_iter().rev().take(HOPS) {
        if !is_proxy(nearest) {
            break;
        }
        let Some(address) = parse(claim) else { break };
        nearest = address.to_canonical();
    }
    nearest
}

/// An address, with or without a port.
fn parse(claim: &str) -> Option<IpAddr> {
    let bare = claim.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(claim);
    bare.parse().ok().or_else(|| claim.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use axum::http::{HeaderMap, HeaderValue};

    use super::believed;
    use crate::config::value::Value;

    fn from(peer: &str, said: &[&'static str], proxies: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in said {
            headers.append("x-forwarded-for", HeaderValue::from_static(value));
        }
        let proxies: Vec<_> = proxies.iter().map(|network| Value::parse(network).unwrap()).collect();
        believed(peer.parse::<IpAddr>().unwrap(), &headers, &proxies).to_string()
    }

    #[test]
    fn a_stranger_says_nothing_about_where_they_are() {
        assert_eq!(from("198.51.100.7", &["127.0.0.1"], &[]), "198.51.100.7");
        assert_eq!(from("198.51.100.7", &["127.0.0.1"], &["127.0.0.1"]), "198.51.100.7");
    }

    #[test]
    fn a_proxy_of_ours_is_believed_and_what_it_was_told_is_not() {
        let ours = ["127.0.0.1", "10.0.0.0/8"];
        assert_eq!(from("127.0.0.1", &["198.51.100.7"], &ours), "198.51.100.7");
        assert_eq!(from("127.0.0.1", &["203.0.113.9, 198.51.100.7, 10.1.2.3"], &ours), "198.51.100.7");
        assert_eq!(from("::ffff:127.0.0.1", &["203.0.113.9", "[2001:db8::1]:443"], &ours), "2001:db8::1");
    }

    #[test]
    fn nonsense_ends_the_chain() {
        let ours = ["127.0.0.1"];
        assert_eq!(from("127.0.0.1", &["198.51.100.7, nonsense"], &ours), "127.0.0.1");
        assert_eq!(from("127.0.0.1", &[], &ours), "127.0.0.1");
        assert_eq!(from("127.0.0.1", &["127.0.0.1, 127.0.0.1"], &ours), "127.0.0.1");
    }
}
