//! Runs the app's functions that fetch claims: one run per function in this tab, with a time limit, and without a lock.

use std::{cell::RefCell, rc::Rc};

use super::{Client, SessionClient, single_flight::SingleFlight, validate_claims::ClaimFetch};
use crate::{claims::ClaimFunction, platform::LocalBoxFuture, transitions::SessionKey};

/// The running functions, each with its session.
#[derive(Default)]
pub(super) struct RunningFunctions(RefCell<Vec<Running>>);

struct Running {
    function: ClaimFunction,
    session: Option<SessionKey>,
    flight: Rc<SingleFlight<bool>>,
}

impl RunningFunctions {
    fn flight(&self, function: &ClaimFunction, session: Option<&SessionKey>) -> Rc<SingleFlight<bool>> {
        let mut all = self.0.borrow_mut();
        all.retain(|running| running.flight.is_running());
        match all.iter().find(|running| running.function == *function && running.session.as_ref() == session)
        {
            Some(running) => running.flight.clone(),
            None => {
                let flight = Rc::<SingleFlight<bool>>::default();
                let (function, session) = (function.clone(), session.cloned());
                all.push(Running { function, session, flight: flight.clone() });
                flight
            }
        }
    }
}

impl Client {
    /// Runs the function, or joins its run. Returns whether it succeeded.
    pub(crate) fn run_claim_function(
        self,
        function: ClaimFunction,
        fetch: ClaimFetch,
    ) -> LocalBoxFuture<'static, bool> {
        Box::pin(async move {
            let flight = self.0.claim_functions.flight(&function, fetch.session.as_ref());
            let outcome = flight.join().unwrap_or_else(|| {
                let outcome = flight.begin();
                let run = Run { client: self.clone(), flight };
                self.0.platform.spawn.spawn(Box::pin(run.finish(function, fetch)));
                outcome
            });
            outcome.await.unwrap_or(false)
        })
    }
}

/// A separate task: the check that started it may be dropped while others wait. If the task is dropped, they get an
/// error.
struct Run {
    client: Client,
    flight: Rc<SingleFlight<bool>>,
}

impl Run {
    async fn finish(self, function: ClaimFunction, fetch: ClaimFetch) {
        let outcome = self.client.in_time(function.call(SessionClient::of(self.client.clone()))).await;
        let error = match outcome {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(error),
            Err(error) => Some(error.to_string()),
        };
        if let Some(error) = &error {
            log::warn!("a claim could not be fetched: {error}");
        }
        // Recorded before the run ends: a check in between would start another run. The next read returns any error.
        let _ = self.client.end_claim_fetch(fetch, error.is_none()).await;
        self.flight.end(Some(error.is_none()));
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.flight.end(None);
    }
}
