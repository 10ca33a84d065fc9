//! TLS towards mail servers (RFC 8314, RFC 7817): whom to trust, and what went wrong when one can't.
//!
//! The certificate is always checked. What was presented can be looked at afterwards, for explaining a refusal; nothing
//! is ever sent on a connection whose certificate was refused.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use x509_parser::prelude::{FromDer, GeneralName, X509Certificate};

use crate::error::{CertificateProblem, Error, Result};

/// Whom to trust besides the authorities of the system.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// A PEM file with more certificate authorities.
    pub ca_file: Option<PathBuf>,
}

/// A certificate as `doctor` shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Whose it is.
    pub subject: String,
    /// Who signed it.
    pub issuer: String,
    /// First second in which it is valid, since 1970.
    pub not_before: i64,
    /// Last second in which it is valid, since 1970.
    pub not_after: i64,
    /// The hosts that it is for.
    pub names: Vec<String>,
}

/// The certificates that a server presented, its own first.
#[derive(Debug, Default)]
pub struct Presented(Mutex<Vec<CertificateDer<'static>>>);

impl Presented {
    /// What they say; those that can't be read are left out.
    pub fn certificates(&self) -> Vec<Certificate> {
        let presented = self.0.lock().map(|presented| presented.clone()).unwrap_or_default();
        presented.iter().filter_map(describe).collect()
    }
}

/// A TLS configuration that trusts the system's authorities and those of the file, and nobody else.
///
/// # Errors
/// [`Error::Authorities`] when the file can't be read or holds no certificate.
pub fn client_config(trust: &Trust) -> Result<ClientConfig> {
    build(verifier(trust)?)
}

/// The same, and a place where the certificates can be looked up that the server presented, trusted or not.
///
/// # Errors
/// As [`client_config`].
pub fn recording_config(trust: &Trust) -> Result<(ClientConfig, Arc<Presented>)> {
    let presented = Arc::new(Presented::default());
    let recording = Recording { inner: verifier(trust)?, presented: presented.clone() };
    Ok((build(Arc::new(recording))?, presented))
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

fn build(verifier: Arc<dyn ServerCertVerifier>) -> Result<ClientConfig> {
    let config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::Tls(error.to_string()))?
        // "Dangerous" is rustls' word for any verifier of one's own; ours are the system's and webpki's.
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    Ok(config)
}

fn verifier(trust: &Trust) -> Result<Arc<dyn ServerCertVerifier>> {
    let authorities = trust.ca_file.as_deref().map(read_authorities).transpose()?.unwrap_or_default();
    match rustls_platform_verifier::Verifier::new_with_extra_roots(authorities.clone(), provider()) {
        Ok(verifier) => Ok(Arc::new(verifier)),
        // A small container may have no authorities of its own; those of the file are then all there are.
        Err(_) if !authorities.is_empty() => {
            let mut roots = RootCertStore::empty();
            roots.add_parsable_certificates(authorities);
            let verifier =
                WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider()).build().map_err(
                    |error| Error::Authorities { path: trust.ca_file.clone(), problem: error.to_string() },
                )?;
            Ok(verifier)
        }
        Err(error) => Err(Error::Authorities { path: None, problem: error.to_string() }),
    }
}

fn read_authorities(path: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let unusable = |problem: String| Error::Authorities { path: Some(path.to_owned()), problem };
    let authorities = CertificateDer::pem_file_iter(path)
        .map_err(|error| unusable(error.to_string()))?
        .collect::<std::result::Result<Vec<_>, _>>()
        .map_err(|error| unusable(error.to_string()))?;
    if authorities.is_empty() {
        Err(unusable("there is no certificate in it".to_owned()))
    } else {
        Ok(authorities)
    }
}

/// What went wrong in a handshake of `tokio_rustls`, out of the error that it gave.
pub fn explain(error: &std::io::Error) -> Error {
    let Some(error) = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) else {
        return Error::Tls(error.kind().to_string());
    };
    use rustls::CertificateError as Wrong;
    match error {
        rustls::Error::InvalidCertificate(wrong) => Error::Certificate(match wrong {
            Wrong::Expired | Wrong::ExpiredContext { .. } => CertificateProblem::Expired,
            Wrong::NotValidYet | Wrong::NotValidYetContext { .. } => CertificateProblem::NotYetValid,
            Wrong::UnknownIssuer => CertificateProblem::UnknownIssuer,
            Wrong::NotValidForName | Wrong::NotValidForNameContext { .. } => CertificateProblem::WrongName,
            // The words may quote names out of the certificate, so they are a stranger's.
            other => CertificateProblem::Other(clean(&format!("{other:?}"))),
        }),
        other => Error::Tls(clean(&other.to_string())),
    }
}

fn describe(der: &CertificateDer<'_>) -> Option<Certificate> {
    let (_, certificate) = X509Certificate::from_der(der).ok()?;
    let names = certificate
        .subject_alternative_name()
        .ok()
        .flatten()
        .map(|names| names.value.general_names.iter().take(20).map(host).collect())
        .unwrap_or_default();
    Some(Certificate {
        subject: clean(&certificate.subject().to_string()),
        issuer: clean(&certificate.issuer().to_string()),
        not_before: certificate.validity().not_before.timestamp(),
        not_after: certificate.validity().not_after.timestamp(),
        names,
    })
}

/// A name of a certificate as one writes it in a configuration.
fn host(name: &GeneralName<'_>) -> String {
    match name {
        GeneralName::DNSName(name) => clean(name),
        GeneralName::IPAddress(bytes) => match **bytes {
            [a, b, c, d] => Ipv4Addr::new(a, b, c, d).to_string(),
            _ => <[u8; 16]>::try_from(*bytes).map(|v6| Ipv6Addr::from(v6).to_string()).unwrap_or_default(),
        },
        other => clean(&other.to_string()),
    }
}

fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(200).collect()
}

/// Notes what was presented and leaves the judgement to another.
#[derive(Debug)]
struct Recording {
    inner: Arc<dyn ServerCertVerifier>,
    presented: Arc<Presented>,
}

impl ServerCertVerifier for Recording {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> std::result::Result<ServerCertVerified, rustls::Error> {
        if let Ok(mut presented) = self.presented.0.lock() {
            let chain = std::iter::once(end_entity).chain(intermediates).take(10);
            *presented = chain.map(|certificate| certificate.clone().into_owned()).collect();
        }
        self.inner.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        self.inner.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        self.inner.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use rustls::CertificateError;

    use super::{Trust, client_config, explain};
    use crate::error::{CertificateProblem, Error};

    #[test]
    fn refusals_of_certificates_are_named() {
        for (wrong, problem) in [
            (CertificateError::Expired, CertificateProblem::Expired),
            (CertificateError::NotValidYet, CertificateProblem::NotYetValid),
            (CertificateError::UnknownIssuer, CertificateProblem::UnknownIssuer),
            (CertificateError::NotValidForName, CertificateProblem::WrongName),
            (CertificateError::Revoked, CertificateProblem::Other("Revoked".into())),
        ] {
            let error = io::Error::other(rustls::Error::InvalidCertificate(wrong));
            assert!(matches!(explain(&error), Error::Certificate(found) if found == problem), "{problem:?}");
        }
    }

    #[test]
    fn a_file_without_certificates_is_refused_with_its_path() {
        let path = std::env::current_dir().unwrap().join("Cargo.toml");
        let error = client_config(&Trust { ca_file: Some(path.clone()) }).unwrap_err();
        assert!(matches!(error, Error::Authorities { path: Some(found), .. } if found == path));
        let missing = Trust { ca_file: Some("/nowhere/ca.pem".into()) };
        assert!(matches!(client_config(&missing), Err(Error::Authorities { .. })));
    }
}
