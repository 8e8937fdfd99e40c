//! Fetches a key set. Nothing that the server sends makes it wait or store without a bound.

use std::{collections::HashMap, time::Duration};

use http::header;
use reqwest::{Certificate, Client, redirect::Policy};
use serde::Deserialize;
use serde_json::Value;
use webpki_root_certs::TLS_SERVER_ROOT_CERTS;

use crate::rs256::{Jwk, PublicKey};

/// The time for connection, headers and body.
const TIMEOUT: Duration = Duration::from_secs(3);
/// A key set has about 600 bytes for each key.
const MAX_BODY_LEN: usize = 256 * 1024;

/// The keys that verify signatures, by their id. It is never empty.
pub(crate) type Keys = HashMap<String, PublicKey>;

/// Why a fetch failed. It contains nothing that the server sent.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FetchError {
    #[error("no response within 3 s, or the connection failed")]
    Connection,
    #[error("the response has status {0}")]
    Status(u16),
    #[error("the response is over 256 KiB")]
    TooLong,
    #[error("the response is no JSON Web Key Set")]
    Json,
    #[error("the key set has no RSA key for signatures")]
    NoKey,
}

/// A client that follows no redirect: keys come from the configured URL alone. It trusts the system's certificates, or
/// Mozilla's where the system has none, as in many containers.
pub(crate) fn client() -> Result<Client, reqwest::Error> {
    let builder = || Client::builder().timeout(TIMEOUT).redirect(Policy::none());
    builder().build().or_else(|_| {
        let roots = TLS_SERVER_ROOT_CERTS.iter().map(|root| Certificate::from_der(root));
        builder().tls_certs_only(roots.collect::<Result<Vec<_>, _>>()?).build()
    })
}

pub(crate) async fn fetch(client: &Client, url: &str) -> Result<Keys, FetchError> {
    // A cache could have a set without the key that is missing here.
    let request =
        client.get(url).header(header::ACCEPT, "application/json").header(header::CACHE_CONTROL, "no-cache");
    let mut response = request.send().await.map_err(|_| FetchError::Connection)?;
    if response.status() != http::StatusCode::OK {
        return Err(FetchError::Status(response.status().as_u16()));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|_| FetchError::Connection)? {
        if body.len() + chunk.len() > MAX_BODY_LEN {
            return Err(FetchError::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    read(&body)
}

#[derive(Deserialize)]
struct KeySet {
    keys: Vec<Value>,
}

/// Skips keys of other kinds. The first key of an id counts.
fn read(body: &[u8]) -> Result<Keys, FetchError> {
    let set: KeySet = serde_json::from_slice(body).map_err(|_| FetchError::Json)?;
    let mut keys = Keys::new();
    for (id, key) in set.keys.iter().filter_map(|key| PublicKey::of(&Jwk::deserialize(key).ok()?)) {
        keys.entry(id).or_insert(key);
    }
    // An empty set would sign all users out, so it counts as a failure.
    if keys.is_empty() { Err(FetchError::NoKey) } else { Ok(keys) }
}
