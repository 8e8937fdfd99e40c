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
        let response = self.with_json(request).await?;
        Ok((response.status().as_u16(), response.into_body()))
    }

    /// The response with its headers.
    pub(crate) async fn with_json(&self, request: Request<Body>) -> Result<Response<Value>, String> {
        let response = self.with_bytes(request).await?;
        Ok(response.map(|body| serde_json::from_slice(&body).unwrap_or_default()))
    }

    /// The response with its headers, and the bytes of its body.
    pub(crate) async fn with_bytes(&self, request: Request<Body>) -> Result<Response<Vec<u8>>, String> {
        let (head, body) = self.send(request).await?.into_parts();
        let body = axum::body::to_bytes(body, BODY_LIMIT).await.map_err(|error| error.to_string())?;
        Ok(Response::from_parts(head, body.into()))
    }
}
