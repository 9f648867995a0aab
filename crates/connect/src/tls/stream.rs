//! The handshake, and the stream that comes of it, as tokio-postgres wants them.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use rustls::pki_types::{IpAddr, Ipv4Addr, ServerName};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::Socket;
use tokio_postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream};
use tokio_rustls::TlsConnector;

use super::Connector;
use crate::certificate;

/// An encrypted stream.
pub(crate) struct Stream(Box<tokio_rustls::client::TlsStream<Socket>>);

/// A handshake about to begin.
pub(crate) struct Handshake {
    connector: Option<TlsConnector>,
    name: ServerName<'static>,
}

impl MakeTlsConnect<Socket> for Connector {
    type Stream = Stream;
    type TlsConnect = Handshake;
    type Error = rustls::Error;

    fn make_tls_connect(&mut self, domain: &str) -> Result<Handshake, rustls::Error> {
        let name = match ServerName::try_from(domain.to_owned()) {
            Ok(name) => name,
            // Stands for no name: none is sent, and none is verified.
            Err(_) if self.any_name => {
                ServerName::IpAddress(IpAddr::V4(Ipv4Addr::from([0, 0, 0, 0])))
            }
            Err(_) => {
                let error = rustls::CertificateError::NotValidForName;
                return Err(rustls::Error::InvalidCertificate(error));
            }
        };
        Ok(Handshake {
            connector: self.config.clone().map(TlsConnector::from),
            name,
        })
    }
}

impl TlsConnect<Socket> for Handshake {
    type Stream = Stream;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Stream>> + Send>>;

    fn connect(self, socket: Socket) -> Self::Future {
        Box::pin(async {
            let connector = self
                .connector
                .ok_or_else(|| io::Error::other("TLS is switched off"))?;
            let stream = connector.connect(self.name, socket).await?;
            Ok(Stream(Box::new(stream)))
        })
    }
}

impl TlsStream for Stream {
    fn channel_binding(&self) -> ChannelBinding {
        let (_, session) = self.0.get_ref();
        let end_point = session
            .peer_certificates()
            .and_then(|chain| certificate::end_point(chain.first()?));
        match end_point {
            Some(it) => ChannelBinding::tls_server_end_point(it),
            None => ChannelBinding::none(),
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}
