use std::mem;

use send_wrapper::SendWrapper;

/// A value of the page's thread that other threads may hold and drop, but not read.
///
/// On a rendering server, several threads handle one page. A drop on another thread leaks the value: it would be a data
/// race otherwise.
pub(crate) struct PageBound<T>(Option<SendWrapper<T>>);

impl<T> PageBound<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(Some(SendWrapper::new(value)))
    }

    /// The value; none on another thread.
    pub(crate) fn get(&self) -> Option<&T> {
        self.0.as_ref().filter(|value| value.valid()).map(|value| &**value)
    }

    pub(crate) fn get_mut(&mut self) -> Option<&mut T> {
        self.0.as_mut().filter(|value| value.valid()).map(|value| &mut **value)
    }

    /// Takes the value out; none on another thread.
    pub(crate) fn into_inner(mut self) -> Option<T> {
        let value = self.0.take_if(|value| value.valid())?;
        Some(value.take())
    }
}

impl<T> Drop for PageBound<T> {
    fn drop(&mut self) {
        mem::forget(self.0.take_if(|value| !value.valid()));
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use std::{cell::Cell, rc::Rc, thread};

    use super::*;

    struct CountsDrops(Rc<Cell<u32>>);

    impl Drop for CountsDrops {
        fn drop(&mut self) {
            self.0.set(self.0.get() + 1);
        }
    }

    #[test]
    fn another_thread_can_hold_and_drop_the_value_but_not_read_it() {
        let drops = Rc::new(Cell::new(0));
        let mut value = PageBound::new(CountsDrops(drops.clone()));
        assert!(value.get().is_some());
        let unread = thread::spawn(move || {
            assert!(value.get().is_none());
            assert!(value.get_mut().is_none());
            assert!(value.into_inner().is_none());
        });
        unread.join().unwrap();
        assert_eq!(drops.get(), 0);
    }

    #[test]
    fn the_own_thread_reads_and_drops_the_value() {
        let drops = Rc::new(Cell::new(0));
        drop(PageBound::new(CountsDrops(drops.clone())));
        assert_eq!(drops.get(), 1);
        assert!(PageBound::new(CountsDrops(drops.clone())).into_inner().is_some());
        assert_eq!(drops.get(), 2);
    }
}
