//! One action or wait of a story.

use std::panic::Location;
use std::time::{Duration, Instant};

use tokio::time::{sleep, timeout};

/// The time limit of a step. It is long, because two stories run at once on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(40);

/// The name of the step, and its line in the story.
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

    /// Repeats it until it succeeds.
    pub(crate) async fn until<T>(self, mut attempt: impl AsyncFnMut() -> Result<T, String>) -> T {
        let start = Instant::now();
        let mut last = String::from("no response from the browser");
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

    /// Runs it once.
    pub(crate) async fn once<T, E: std::fmt::Display>(self, work: impl Future<Output = Result<T, E>>) -> T {
        match timeout(PATIENCE, work).await {
            Ok(Ok(value)) => value,
            Ok(Err(error)) => self.fail(&error.to_string()),
            Err(_) => self.fail("no response from the browser"),
        }
    }

    fn fail(&self, why: &str) -> ! {
        panic!("{}: cannot {}: {why}", self.line, self.what)
    }
}
