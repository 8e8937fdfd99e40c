use std::cell::RefCell;

use futures_channel::oneshot::{Receiver, Sender, channel};

/// A task with several waiting callers.
pub(super) struct SingleFlight<T>(RefCell<Option<Vec<Sender<T>>>>);

impl<T> Default for SingleFlight<T> {
    fn default() -> Self {
        Self(RefCell::new(None))
    }
}

impl<T: Clone> SingleFlight<T> {
    pub(super) fn is_running(&self) -> bool {
        self.0.borrow().is_some()
    }

    /// Waits for the running task, if there is one.
    pub(super) fn join(&self) -> Option<Receiver<T>> {
        let mut waiting = self.0.borrow_mut();
        let waiting = waiting.as_mut()?;
        let (sender, receiver) = channel();
        waiting.push(sender);
        Some(receiver)
    }

    /// Marks a task as running, and waits for it.
    pub(super) fn begin(&self) -> Receiver<T> {
        let (sender, receiver) = channel();
        self.0.borrow_mut().get_or_insert_default().push(sender);
        receiver
    }

    /// Ends the task and wakes all waiting callers. Without an outcome they get an error.
    pub(super) fn end(&self, outcome: Option<T>) {
        let waiting = self.0.borrow_mut().take().unwrap_or_default();
        if let Some(outcome) = outcome {
            for sender in waiting {
                // The receiver may have been dropped.
                let _ = sender.send(outcome.clone());
            }
        }
    }
}
