//! One thing that a story does or waits for.

use std::panic::Location;
use std::time::{Duration, Instant};

use tokio::time::{sleep, timeout};

/// How long a step may take. Generous: two stories share two cores with whatever else runs.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(40);

/// What is being done, and the line of the story that asked for it.
#[derive(Clone)]
pub(crate) struct Step {
    line: &'static Location<'static>,
    what: String,
}

impl Step {
    #[track_caller]
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self { line: Location::caller(), what: what.into() }
    }

    /// Tries until it works.
    pub(crate) async fn until<T>(self, mut attempt: impl AsyncFnMut() -> Result<T, String>) -> T {
        let start = Instant::now();
        let mut last = String::from("no answer from the browser");
        loop {
            let left = PATIENCE.saturating_sub(start.elapsed());
            match timeout(left, attempt()).await {
                Ok(Ok(value)) => return value,
                Ok(Err(why)) => last = why,
                Err(_) => self.fail(&last),
            }
            sleep(PAUSE).await;
        }
    }

    /// Does it once.
    pub(crate) async fn once<T, E: std::fmt::Display>(self, work: impl Future<Output = Result<T, E>>) -> T {
        match timeout(PATIENCE, work).await {
            Ok(Ok(value)) => value,
            Ok(Err(error)) => self.fail(&error.to_string()),
            Err(_) => self.fail("no answer from the browser"),
        }
    }

    fn fail(&self, why: &str) -> ! {
        panic!("{}: cannot {}: {why}", self.line, self.what)
    }
}
