use std::{
    future::Future,
    task::{Context, Waker},
};

use wasm_bindgen_futures::spawn_local;

/// Runs a task at once as far as it gets, and the rest of it when it can go on. So what needs no waiting for goes out
/// within the very call, as it does without us.
pub(crate) fn start(task: impl Future<Output = ()> + 'static) {
    let mut task = Box::pin(task);
    // The next poll comes at once, with a waker that wakes.
    if task.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending() {
        spawn_local(task);
    }
}
