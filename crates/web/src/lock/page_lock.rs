use std::{cell::RefCell, collections::VecDeque};

use futures_channel::oneshot::{self, Sender};
use supertokens_session::platform::{LocalBoxFuture, Lock, LockError, LockGuard};

thread_local! {
    /// The names that are held, each with its waiters.
    static QUEUES: RefCell<Vec<Queue>> = const { RefCell::new(Vec::new()) };
}

struct Queue {
    name: String,
    waiters: VecDeque<Sender<LockGuard>>,
}

/// A lock within one page. Waiters get it in the order of their calls.
///
/// ```
/// use futures_util::FutureExt;
/// use supertokens_session::platform::Lock;
/// use supertokens_web::lock::PageLock;
///
/// let lock = PageLock::new();
/// let held = lock.acquire("refresh").now_or_never();
/// assert!(held.is_some());
/// assert!(lock.acquire("refresh").now_or_never().is_none());
/// drop(held);
/// assert!(lock.acquire("refresh").now_or_never().is_some());
/// ```
#[derive(Debug, Clone, Default)]
pub struct PageLock(());

impl PageLock {
    /// The page's lock. All instances share their queues.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Lock for PageLock {
    fn acquire<'a>(&'a self, name: &'a str) -> LocalBoxFuture<'a, Result<LockGuard, LockError>> {
        Box::pin(async move {
            match take_or_wait(name) {
                Ok(guard) => Ok(guard),
                Err(granted) => granted.await.map_err(|_| LockError::Refused),
            }
        })
    }
}

fn take_or_wait(name: &str) -> Result<LockGuard, oneshot::Receiver<LockGuard>> {
    QUEUES.with_borrow_mut(|queues| match queues.iter_mut().find(|queue| queue.name == name) {
        Some(queue) => {
            let (grant, granted) = oneshot::channel();
            queue.waiters.push_back(grant);
            Err(granted)
        }
        None => {
            queues.push(Queue { name: name.to_owned(), waiters: VecDeque::new() });
            Ok(guard(name.to_owned()))
        }
    })
}

fn guard(name: String) -> LockGuard {
    LockGuard::new(move || release(name))
}

/// Passes the lock to the first waiter whose future still exists.
fn release(name: String) {
    let next = QUEUES.with_borrow_mut(|queues| {
        let index = queues.iter().position(|queue| queue.name == name)?;
        let waiters = &mut queues[index].waiters;
        while waiters.front().is_some_and(Sender::is_canceled) {
            waiters.pop_front();
        }
        let next = waiters.pop_front();
        if next.is_none() {
            queues.swap_remove(index);
        }
        next
    });
    if let Some(next) = next {
        // If the waiter's future was dropped, the guard is dropped, which calls this function again.
        let _ = next.send(guard(name));
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use std::task::{Context, Poll};

    use futures_util::{FutureExt, task::noop_waker_ref};

    use super::*;

    fn is_free(name: &str) -> bool {
        PageLock::new().acquire(name).now_or_never().is_some()
    }

    #[test]
    fn locks_of_different_names_are_independent() {
        let lock = PageLock::new();
        let a = lock.acquire("a").now_or_never().unwrap().unwrap();
        assert!(is_free("b") && !is_free("a"));
        drop(a);
        assert!(is_free("a"));
    }

    #[test]
    fn a_waiter_dropped_after_the_grant_passes_the_lock_on() {
        let lock = PageLock::new();
        let held = lock.acquire("n").now_or_never().unwrap().unwrap();
        let mut cx = Context::from_waker(noop_waker_ref());
        let mut first = lock.acquire("n");
        let mut second = lock.acquire("n");
        assert!(first.as_mut().poll(&mut cx).is_pending() && second.as_mut().poll(&mut cx).is_pending());
        drop(held);
        drop(first);
        let Poll::Ready(Ok(guard)) = second.as_mut().poll(&mut cx) else {
            unreachable!("the second waiter does not have the lock")
        };
        assert!(!is_free("n"));
        drop(guard);
        assert!(is_free("n"));
    }

    #[test]
    fn a_released_lock_leaves_no_queue() {
        drop(PageLock::new().acquire("x").now_or_never());
        QUEUES.with_borrow(|queues| assert!(queues.is_empty()));
    }
}
