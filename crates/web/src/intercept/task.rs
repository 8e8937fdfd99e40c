use std::{
    future::Future,
    task::{Context, Waker},
};

use wasm_bindgen_futures::spawn_local;

/// Polls a task at once and spawns the rest. A request that needs no wait is sent within the caller's call, as without
/// interception.
pub(crate) fn start_at_once(task: impl Future<Output = ()> + 'static) {
    let mut task = Box::pin(task);
    // A no-op waker is enough: `spawn_local` polls again at once, with its own waker.
    if task.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending() {
        spawn_local(task);
    }
}
