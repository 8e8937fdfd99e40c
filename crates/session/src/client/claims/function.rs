use std::{fmt, fmt::Display, future::Future, sync::Arc};

use crate::{
    client::{ClaimFetch, Client, SessionClient},
    platform::LocalBoxFuture,
};

/// The app's async function that fetches a claim, and the client function that runs it. An app without such functions
/// does not include the client function in its module.
#[derive(Clone)]
pub(crate) struct ClaimFunction {
    function: Arc<Function>,
    run: Run,
}

type Function = dyn Fn(SessionClient) -> LocalBoxFuture<'static, Result<(), String>> + Send + Sync;
type Run = fn(Client, ClaimFunction, ClaimFetch) -> LocalBoxFuture<'static, bool>;

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
        Self { function, run: Client::run_claim_function }
    }

    /// Runs the function through the client. Returns whether it succeeded.
    pub(crate) fn run(&self, client: Client, fetch: ClaimFetch) -> LocalBoxFuture<'static, bool> {
        (self.run)(client, self.clone(), fetch)
    }

    /// Calls the function directly.
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
