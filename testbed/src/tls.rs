//! A TLS client that verifies.

use std::path::Path;
use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore, ServerConfig};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::{Error, Result};

/// A client that trusts the given authority and no other.
pub fn trusting(ca_file: &Path) -> Result<Arc<ClientConfig>> {
    let wrong = |error: &dyn std::fmt::Display| Error::Tls(format!("{}: {error}", ca_file.display()));
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(ca_file).map_err(|error| wrong(&error))? {
        roots.add(certificate.map_err(|error| wrong(&error))?).map_err(|error| wrong(&error))?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| wrong(&error))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// Connects with TLS from the first byte.
pub async fn connect(host: &str, port: u16, ca_file: &Path) -> Result<TlsStream<TcpStream>> {
    let plain =
        TcpStream::connect((host, port)).await.map_err(Error::doing(format!("connect to {host}:{port}")))?;
    upgrade(plain, host, ca_file).await
}

/// Begins TLS on an open connection, for STARTTLS or through a [`crate::fault_proxy::FaultProxy`].
pub async fn upgrade(plain: TcpStream, host: &str, ca_file: &Path) -> Result<TlsStream<TcpStream>> {
    let name = ServerName::try_from(host.to_owned()).map_err(|error| Error::Tls(error.to_string()))?;
    TlsConnector::from(trusting(ca_file)?)
        .connect(name, plain)
        .await
        .map_err(|error| Error::Tls(error.to_string()))
}

/// A server with the certificate of a testbed whose certificate is to be trusted.
pub(crate) fn server_config(folder: &Path) -> Result<Arc<ServerConfig>> {
    let wrong = |error: &dyn std::fmt::Display| Error::Tls(format!("{}: {error}", folder.display()));
    let certificate =
        CertificateDer::from_pem_file(folder.join("trusted.pem")).map_err(|error| wrong(&error))?;
    let key = PrivateKeyDer::from_pem_file(folder.join("trusted.key")).map_err(|error| wrong(&error))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| wrong(&error))?
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .map_err(|error| wrong(&error))?;
    Ok(Arc::new(config))
}
