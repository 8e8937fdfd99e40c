//! A simulated world: tabs of one browser, a model backend and the network between them, under a paused clock.
//!
//! 1. [`run`] makes a [`World`] and hands it to the scenario, once for each protocol generation. Time is virtual: it jumps whenever all tasks wait.
//! 2. [`World::tab`] opens a tab: a client of its own, on the store, the lock and the cookie jar that all tabs of the
//!    browser share.
//! 3. [`World::server`] is the backend: the requests that it has received, and its next faults.
//! 4. At the end of a scenario, [`World::check`] checks what must hold in any world.

mod clock;
mod dice;
mod dispatch;
mod lock;
mod secrets;
mod server;
mod sessions;
mod store;
mod tab;
mod transport;
mod watch;
mod world;

use std::time::Duration;

pub use clock::{DeviceClock, EPOCH_MS};
pub use dice::Dice;
pub use secrets::{leaks, logged};
pub use server::{API, Exchange, Fault, REFRESH, Reply, SIGN_IN, SIGN_OUT};
pub use sessions::{AntiCsrf, encode_front};
pub use store::SharedStore;
pub use tab::{Tab, TabId, Task};
pub use watch::{Ending, Watch};
pub use world::{Expiry, World};

/// A scenario that takes longer hangs or loops.
const BOUND: Duration = Duration::from_secs(600);

/// Runs a scenario twice, against a backend of each protocol generation.
pub fn run(scenario: impl AsyncFn(&World)) {
    for older in [false, true] {
        run_with(older, &scenario);
    }
}

/// Runs a scenario that begins with the older generation.
pub fn run_older(scenario: impl AsyncFnOnce(&World)) {
    run_with(true, scenario);
}

/// Runs a scenario in cookie mode against a backend of each generation, and in header mode, which the older one does
/// not have.
pub fn run_in_each_mode(scenario: impl AsyncFn(&World)) {
    run(&scenario);
    run_current(async |world| {
        world.use_header_mode();
        scenario(world).await;
    });
}

/// Runs a scenario of the current generation only.
pub fn run_current(scenario: impl AsyncFnOnce(&World)) {
    run_with(false, scenario);
}

/// Runs a scenario in a world of its own, in at most ten minutes of virtual time.
fn run_with(older: bool, scenario: impl AsyncFnOnce(&World)) {
    let run = async |world: &World| {
        world.server.set_older(older);
        scenario(world).await;
        world.check().await;
    };
    run_unchecked(async |world| {
        if tokio::time::timeout(BOUND, run(world)).await.is_err() {
            panic!("the scenario did not end after {BOUND:?} of virtual time: it hangs or loops");
        }
    });
}

/// Runs a scenario that bounds and checks its world itself.
pub fn run_unchecked<T>(scenario: impl AsyncFnOnce(&World) -> T) -> T {
    secrets::listen();
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    tokio::task::LocalSet::new().block_on(&runtime, async { scenario(&World::new()).await })
}

/// Lets virtual time pass.
pub async fn pass(ms: u64) {
    tokio::time::sleep(Duration::from_millis(ms)).await;
}

/// Polls `future` at most `polls` times, then drops it. Returns its outcome, or `None` if it was dropped.
pub async fn poll_then_drop<T>(future: impl Future<Output = T>, polls: usize) -> Option<T> {
    if polls == 0 {
        return None;
    }
    let mut future = Box::pin(future);
    let mut polled = 0;
    std::future::poll_fn(move |context| {
        polled += 1;
        match future.as_mut().poll(context) {
            std::task::Poll::Ready(outcome) => std::task::Poll::Ready(Some(outcome)),
            std::task::Poll::Pending if polled >= polls => std::task::Poll::Ready(None),
            std::task::Poll::Pending => std::task::Poll::Pending,
        }
    })
    .await
}
