use leptos::prelude::*;

/// A value of the page's thread, stored until its owner is cleaned up. A server stores none: several threads render a
/// page there, and a local value panics when another thread reads or drops it.
pub(crate) struct BrowserValue<T: 'static>(Option<StoredValue<T, LocalStorage>>);

impl<T: 'static> BrowserValue<T> {
    /// Stores the value of `make`. On a server, `make` is not called.
    pub(crate) fn new(make: impl FnOnce() -> T) -> Self {
        Self(cfg!(target_arch = "wasm32").then(|| StoredValue::new_local(make())))
    }

    /// Stores a value that is made from this one, if this one exists.
    pub(crate) fn map<U>(self, make: impl FnOnce(&T) -> U) -> BrowserValue<U> {
        BrowserValue(self.with(make).map(StoredValue::new_local))
    }

    /// Reads the value. Returns `None` on a server, and after the owner is cleaned up.
    pub(crate) fn with<R>(self, read: impl FnOnce(&T) -> R) -> Option<R> {
        self.0?.try_with_value(read)
    }
}

impl<T: 'static> Clone for BrowserValue<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: 'static> Copy for BrowserValue<T> {}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use std::{rc::Rc, thread};

    use super::*;

    #[test]
    fn on_a_server_another_thread_can_read_and_drop_it() {
        let owner = Owner::new();
        let value = owner.with(|| BrowserValue::new(|| Rc::new(1)));
        assert_eq!(value.with(|value| **value), None);
        let read = thread::spawn(move || {
            let read = value.with(|value| **value);
            owner.cleanup();
            read
        });
        assert_eq!(read.join().unwrap(), None);
    }
}
