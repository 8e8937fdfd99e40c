use super::LocalBoxFuture;

/// The device's clock.
pub trait Clock {
    /// Milliseconds since the epoch, right or wrong as the device has it.
    fn now_ms(&self) -> i64;

    /// Resolves after at least `ms` milliseconds. Hidden tabs may wait a second longer.
    fn sleep(&self, ms: u32) -> LocalBoxFuture<'static, ()>;
}

/// Starts tasks that no caller can cancel.
pub trait Spawn {
    /// Runs `task` to its end, whoever drops what.
    fn spawn(&self, task: LocalBoxFuture<'static, ()>);
}
