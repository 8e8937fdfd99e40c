use std::{fmt, fmt::Display, future::Future, sync::Arc};

use crate::{
    client::{ClaimFetch, SessionClient},
    platform::LocalBoxFuture,
};

/// An app's async function that fetches a claim, and how a client runs it. It brings that along, so that an app without
/// any has none of it in its module.
#[derive(Clone)]
pub(crate) struct ClaimFunction {
    function: Arc<Function>,
    run: Run,
}

type Function = dyn Fn(SessionClient) -> LocalBoxFuture<'static, Result<(), String>> + Send + Sync;
type Run = fn(SessionClient, ClaimFunction, ClaimFetch) -> LocalBoxFuture<'static, bool>;

impl ClaimFunction {
    pub(super) fn new<F, W, E>(function: F) -> Self
    where
        F: Fn(SessionClient) -> W + Send + Sync + 'static,
        W: Future<Output = Result<(), E>> + 'static,
        E: Display,
    {
        let function: Arc<Function> = Arc::new(move |client| {
            let work = function(client);
            Box::pin(async move { work.await.map_err(|error| error.to_string()) })
        });
        Self { function, run: SessionClient::run_claim_function }
    }

    /// Runs it as the client runs such functions: whether it has succeeded.
    pub(crate) fn run(&self, client: SessionClient, fetch: ClaimFetch) -> LocalBoxFuture<'static, bool> {
        (self.run)(client, self.clone(), fetch)
    }

    /// The function itself.
    pub(crate) fn call(&self, client: SessionClient) -> LocalBoxFuture<'static, Result<(), String>> {
        (self.function)(client)
    }
}

impl PartialEq for ClaimFunction {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.function, &other.function)
    }
}

impl Eq for ClaimFunction {}

impl fmt::Debug for ClaimFunction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClaimFunction")
    }
}
