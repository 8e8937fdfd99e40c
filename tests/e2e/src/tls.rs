//! Ends TLS in front of a server on loopback, with a certificate that nothing but the stories' browser accepts.

use std::net::Ipv4Addr;
use std::sync::Arc;

use rcgen::CertifiedKey;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;

/// When dropped, it accepts no more connections.
pub(crate) struct TlsFront {
    pub(crate) port: u16,
    task: JoinHandle<()>,
}

impl TlsFront {
    /// Forwards all connections to this port.
    pub(crate) async fn start(to: u16) -> Self {
        let acceptor = TlsAcceptor::from(Arc::new(settings()));
        let door = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let port = door.local_addr().expect("an address").port();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = door.accept().await {
                tokio::spawn(forward(acceptor.clone(), stream, to));
            }
        });
        Self { port, task }
    }
}

impl Drop for TlsFront {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn settings() -> ServerConfig {
    let CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let key = PrivatePkcs8KeyDer::from(signing_key.serialize_der());
    ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("TLS 1.3")
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key.into())
        .expect("a key of the certificate")
}

/// A browser drops connections as it likes, so errors end this one only.
async fn forward(acceptor: TlsAcceptor, stream: TcpStream, to: u16) {
    if let (Ok(mut from), Ok(mut to)) =
        (acceptor.accept(stream).await, TcpStream::connect((Ipv4Addr::LOCALHOST, to)).await)
    {
        copy_bidirectional(&mut from, &mut to).await.ok();
    }
}
