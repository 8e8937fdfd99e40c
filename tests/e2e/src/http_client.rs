//! A minimal HTTP client over loopback, for tests and a proxy.

use axum::body::Body;
use http::{Request, Response};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

const BODY_LIMIT: usize = 16 * 1024 * 1024;

#[derive(Clone)]
pub(crate) struct HttpClient(Client<HttpConnector, Body>);

impl HttpClient {
    pub(crate) fn new() -> Self {
        Self(Client::builder(TokioExecutor::new()).build_http())
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Result<Response<Body>, String> {
        let response = self.0.request(request).await.map_err(|error| format!("{error:?}"))?;
        Ok(response.map(Body::new))
    }

    /// Status and body of the response; a body that is no JSON is null.
    pub(crate) async fn json(&self, request: Request<Body>) -> Result<(u16, Value), String> {
        let response = self.send(request).await?;
        let status = response.status().as_u16();
        let body = axum::body::to_bytes(response.into_body(), BODY_LIMIT).await;
        let body = body.map_err(|error| error.to_string())?;
        Ok((status, serde_json::from_slice(&body).unwrap_or_default()))
    }
}
