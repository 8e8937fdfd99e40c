//! The world's virtual time, and the device's clock, which may be wrong.

use std::{cell::Cell, rc::Rc, time::Duration};

use supertokens_session::platform::{Clock, LocalBoxFuture};
use tokio::time::Instant;

/// The start time of every world, in ms since the Unix epoch.
pub const EPOCH_MS: i64 = 1_800_000_000_000;

/// The true time.
#[derive(Debug, Clone, Copy)]
pub struct WorldClock(Instant);

impl WorldClock {
    pub fn begin() -> Self {
        Self(Instant::now())
    }

    pub fn now_ms(self) -> i64 {
        EPOCH_MS + i64::try_from(self.0.elapsed().as_millis()).unwrap()
    }
}

/// The clock of the device, which all tabs share.
#[derive(Clone)]
pub struct DeviceClock {
    world: WorldClock,
    ahead_by_ms: Rc<Cell<i64>>,
}

impl DeviceClock {
    pub fn new(world: WorldClock) -> Self {
        Self { world, ahead_by_ms: Rc::default() }
    }

    /// The time of a correct clock.
    pub fn true_now_ms(&self) -> i64 {
        self.world.now_ms()
    }

    /// Sets the device's clock ahead by this time.
    pub fn set_ahead_by(&self, ms: i64) {
        self.ahead_by_ms.set(ms);
    }
}

impl Clock for DeviceClock {
    fn now_ms(&self) -> i64 {
        self.world.now_ms() + self.ahead_by_ms.get()
    }

    fn sleep(&self, ms: u32) -> LocalBoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(Duration::from_millis(ms.into())))
    }
}
