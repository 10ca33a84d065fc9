//! `[metrics]`: numbers for whoever watches over this server.

use std::net::SocketAddr;

use super::http::Http;
use super::keys;
use super::load::Reader;

/// Numbers for whoever watches over this server.
#[derive(Clone, Debug)]
pub struct Metrics {
    /// Where they are served; nowhere unless somebody says where.
    pub listen: Option<SocketAddr>,
}

impl Metrics {
    /// Reads the section and checks that browsers are served elsewhere.
    pub(super) fn read(reader: &mut Reader, http: Option<&Http>) -> Self {
        let listen = reader.optional(&keys::METRICS_LISTEN);
        if listen.is_some() && listen == http.map(|http| http.listen) {
            reader.refuse(&keys::METRICS_LISTEN, "must be another address or port than http.listen");
        }
        Self { listen }
    }
}
