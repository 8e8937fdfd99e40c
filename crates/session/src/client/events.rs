use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};

use crate::SessionEvent;

type Listener = Rc<dyn Fn(&SessionEvent)>;

#[derive(Default)]
pub(super) struct Listeners {
    list: Rc<RefCell<Vec<(u64, Listener)>>>,
    next: Cell<u64>,
}

impl Listeners {
    pub(super) fn add(&self, listener: impl Fn(&SessionEvent) + 'static) -> Subscription {
        let id = self.next.get();
        self.next.set(id + 1);
        self.list.borrow_mut().push((id, Rc::new(listener)));
        Subscription { list: Rc::downgrade(&self.list), id }
    }

    pub(super) fn remove_all(&self) {
        // Dropped after the borrow: values that a listener owns may unsubscribe.
        drop(self.list.take());
    }

    pub(super) fn call(&self, event: &SessionEvent) {
        // No listener runs during the borrow, because listeners may subscribe and unsubscribe.
        let ids: Vec<u64> = self.list.borrow().iter().map(|(id, _)| *id).collect();
        for id in ids {
            let listener = self.list.borrow().iter().find(|(known, _)| *known == id).map(|(_, l)| l.clone());
            if let Some(listener) = listener {
                listener(event);
            }
        }
    }
}

/// A listener that stays registered until this is dropped.
#[derive(Default)]
#[must_use = "dropping the subscription removes the listener; `forget` keeps it"]
pub struct Subscription {
    list: Weak<RefCell<Vec<(u64, Listener)>>>,
    id: u64,
}

impl Subscription {
    /// Keeps the listener until the client is dropped.
    pub fn forget(self) {
        std::mem::forget(self);
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let removed = self.list.upgrade().and_then(|list| {
            let mut list = list.borrow_mut();
            let at = list.iter().position(|(id, _)| *id == self.id)?;
            Some(list.remove(at))
        });
        // Dropped after the borrow: values that the listener owns may unsubscribe.
        drop(removed);
    }
}

impl std::fmt::Debug for Subscription {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Subscription")
    }
}
