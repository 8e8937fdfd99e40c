use std::{
    future::Future,
    mem,
    pin::Pin,
    task::{Context, Poll},
};

use http::{Request, Response};
use tower_layer::Layer;
use tower_service::Service;

use crate::{request_session::RequestSession, verifier::Verifier};

/// A tower layer that verifies each request once. It stores a [`RequestSession`] in the request's extensions, and applies
/// to the response what the inner service has set in it.
///
/// In axum, add it after the routes that need it: `Router::layer` wraps only the routes before it. A second layer within
/// it does nothing.
///
/// A page that is streamed must set its redirect or status before its response begins. Later ones are lost.
#[derive(Debug, Clone)]
pub struct SessionLayer {
    verifier: Verifier,
}

impl SessionLayer {
    /// A layer with this verifier.
    pub fn new(verifier: Verifier) -> Self {
        Self { verifier }
    }
}

impl<S> Layer<S> for SessionLayer {
    type Service = SessionService<S>;

    fn layer(&self, inner: S) -> SessionService<S> {
        SessionService { verifier: self.verifier.clone(), inner }
    }
}

/// The service of [`SessionLayer`].
#[derive(Debug, Clone)]
pub struct SessionService<S> {
    verifier: Verifier,
    inner: S,
}

impl<S, Sent, Received> Service<Request<Sent>> for SessionService<S>
where
    S: Service<Request<Sent>, Response = Response<Received>> + Clone + Send + 'static,
    S::Future: Send,
    Sent: Send + 'static,
    Received: Default + From<String> + 'static,
{
    type Response = Response<Received>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Received>, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<Sent>) -> Self::Future {
        // The service that was polled is the one that is ready. Its clone takes its place.
        let clone = self.inner.clone();
        let mut inner = mem::replace(&mut self.inner, clone);
        let verifier = self.verifier.clone();
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            if parts.extensions.get::<RequestSession>().is_some() {
                return inner.call(Request::from_parts(parts, body)).await;
            }
            let session = verifier.verify_parts(&parts).await;
            parts.extensions.insert(session.clone());
            let response = inner.call(Request::from_parts(parts, body)).await?;
            Ok(session.apply(response))
        })
    }
}
