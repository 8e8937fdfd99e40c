use super::LocalBoxFuture;

/// The device's clock.
#[doc(alias = "dateProvider")]
pub trait Clock {
    /// The device's time in ms since the epoch, which may be wrong.
    fn now_ms(&self) -> i64;

    /// Resolves after at least `ms`. In hidden tabs it may take a second longer.
    fn sleep(&self, ms: u32) -> LocalBoxFuture<'static, ()>;
}

/// Starts tasks that no caller can cancel.
pub trait Spawn {
    /// Runs `task` to its end, even if its caller is dropped.
    fn spawn(&self, task: LocalBoxFuture<'static, ()>);
}
