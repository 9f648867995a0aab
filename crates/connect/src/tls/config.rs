//! What a URL says about TLS to a rustls configuration.

use std::path::Path;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};

use super::verifier::Verifier;
use super::{Encryption, Roots, TlsOptions, Verification};
use crate::ConnectError;

/// Makes TLS sessions, all with the same options. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Connector {
    /// `None` if no session is ever encrypted: no certificate has to be read then.
    pub(super) config: Option<Arc<ClientConfig>>,
    /// A name that no certificate can have is bearable where names are not verified.
    pub(super) any_name: bool,
}

impl Connector {
    pub(crate) fn new(options: &TlsOptions) -> Result<Self, ConnectError> {
        if options.encryption == Encryption::Disable {
            return Ok(Self {
                config: None,
                any_name: true,
            });
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let unusable = |error: rustls::Error| ConnectError::TlsFailed {
            place: "any server".to_owned(),
            reason: error.to_string(),
        };
        let algorithms = provider.signature_verification_algorithms;
        let (inner, pinned) = match options.verification {
            Verification::None => (None, Vec::new()),
            Verification::Authority | Verification::AuthorityAndName => {
                let (store, pinned) = roots(&options.roots)?;
                let inner = WebPkiServerVerifier::builder_with_provider(
                    Arc::new(store),
                    Arc::clone(&provider),
                )
                .build()
                .map_err(|_| ConnectError::NoRoots)?;
                (Some(inner), pinned)
            }
        };
        let verifier = Verifier {
            inner,
            pinned,
            verification: options.verification,
            algorithms,
        };
        let versions: &[&rustls::SupportedProtocolVersion] = match options.only_1_3 {
            true => &[&rustls::version::TLS13],
            false => &[&rustls::version::TLS13, &rustls::version::TLS12],
        };
        let builder = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(versions)
            .map_err(unusable)?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier));
        let mut config = match &options.identity {
            None => builder.with_no_client_auth(),
            Some((certificate, key)) => {
                let chain = certificates(certificate, "client certificate")?;
                let secret = PrivateKeyDer::from_pem_file(key).map_err(|error| {
                    ConnectError::CertificateFile {
                        what: "client key",
                        path: key.clone(),
                        reason: error.to_string(),
                    }
                })?;
                builder
                    .with_client_auth_cert(chain, secret)
                    .map_err(unusable)?
            }
        };
        config.enable_sni = options.server_name;
        if options.direct {
            // The server drops a direct handshake that does not name the protocol.
            config.alpn_protocols = vec![b"postgresql".to_vec()];
        }
        Ok(Self {
            config: Some(Arc::new(config)),
            any_name: options.verification != Verification::AuthorityAndName,
        })
    }
}

/// The trusted authorities, and the certificates of a file as they stand in it.
fn roots(roots: &Roots) -> Result<(RootCertStore, Vec<CertificateDer<'static>>), ConnectError> {
    let mut store = RootCertStore::empty();
    match roots {
        Roots::System => {
            // One unreadable certificate among the system's hundred is no reason to trust none of them.
            store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            match store.is_empty() {
                true => Err(ConnectError::NoRoots),
                false => Ok((store, Vec::new())),
            }
        }
        Roots::File(path) => {
            let found = certificates(path, "root certificate")?;
            store.add_parsable_certificates(found.iter().cloned());
            Ok((store, found))
        }
    }
}

fn certificates(
    path: &Path,
    what: &'static str,
) -> Result<Vec<CertificateDer<'static>>, ConnectError> {
    let unusable = |reason: String| ConnectError::CertificateFile {
        what,
        path: path.to_path_buf(),
        reason,
    };
    let found: Vec<_> = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect)
        .map_err(|error| unusable(error.to_string()))?;
    match found.is_empty() {
        true => Err(unusable("it holds no certificate in PEM form".to_owned())),
        false => Ok(found),
    }
}
