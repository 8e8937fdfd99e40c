//! Effects, memos and views that are compiled once: Leptos compiles its own anew for each closure and each type, and users
//! download every copy.

use std::{any::Any, borrow::Cow, marker::PhantomData, sync::Arc};

use leptos::{either::Either, prelude::*};

use crate::Session;

/// As [`Effect::new`].
pub(crate) fn effect(mut run: Box<dyn FnMut()>) {
    Effect::new(move |_: Option<()>| run());
}

/// As a closure in a view.
pub(crate) fn dynamic(view: Box<dyn Fn() -> AnyView + Send>) -> AnyView {
    view.into_any()
}

/// As [`dynamic`], for a view that may show data of a user. For another user it is built of new elements: Leptos would
/// reuse those of an equal view, with the text that the first user typed.
pub(crate) fn dynamic_for_user(session: Session, view: Box<dyn Fn() -> AnyView + Send>) -> AnyView {
    let last = StoredValue::new((None, false));
    dynamic(Box::new(move || {
        let user = session.user_id().get();
        let flip = last.try_update_value(|(last, flip)| {
            if *last != user {
                (*last, *flip) = (user, !*flip);
            }
            *flip
        });
        let view = view();
        let view = if flip == Some(true) { Either::Left(view) } else { Either::Right(view) };
        view.into_any()
    }))
}

/// A message to the user, in place of a view.
pub(crate) fn alert(message: Cow<'static, str>) -> AnyView {
    view! { <p role="alert">{message}</p> }.into_any()
}

/// As a [`Memo`].
pub(crate) struct ErasedMemo<T>(Memo<Erased>, PhantomData<fn() -> T>);

type Erased = Arc<dyn Any + Send + Sync>;

impl<T: PartialEq + Send + Sync + 'static> ErasedMemo<T> {
    pub(crate) fn new(derive: impl Fn() -> T + Send + Sync + 'static) -> Self {
        let derive = move |known: Option<Erased>| {
            let next = derive();
            match known {
                Some(known) if known.downcast_ref() == Some(&next) => (known, false),
                _ => (Arc::new(next) as Erased, true),
            }
        };
        Self(boxed_memo(Box::new(derive)), PhantomData)
    }

    pub(crate) fn with<R>(self, read: impl FnOnce(&T) -> R) -> R {
        match self.0.get().downcast_ref() {
            Some(value) => read(value),
            None => unreachable!("it holds what its own closure has made"),
        }
    }

    pub(crate) fn get(self) -> T
    where
        T: Clone,
    {
        self.with(T::clone)
    }

    pub(crate) fn signal(self) -> Signal<T>
    where
        T: Clone,
    {
        Signal::derive(move || self.get())
    }
}

impl<T> Clone for ErasedMemo<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for ErasedMemo<T> {}

fn boxed_memo(derive: Box<dyn Fn(Option<Erased>) -> (Erased, bool) + Send + Sync>) -> Memo<Erased> {
    Memo::new_owning(derive)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

    use super::*;

    #[test]
    fn a_memo_notifies_only_when_its_value_changes() {
        let owner = Owner::new();
        owner.set();
        let number = RwSignal::new(1);
        let is_odd = ErasedMemo::new(move || number.get() % 2 == 1);
        let runs = Arc::new(AtomicUsize::new(0));
        let counted = runs.clone();
        let text = ErasedMemo::new(move || {
            counted.fetch_add(1, Relaxed);
            is_odd.get().to_string()
        });
        for (next, expected) in [(1, "true"), (3, "true"), (4, "false"), (6, "false"), (7, "true")] {
            number.set(next);
            assert_eq!(text.get(), expected, "{next}");
            assert_eq!(text.signal().get_untracked(), expected, "{next}");
        }
        assert_eq!(runs.load(Relaxed), 3, "only changes are passed on");
    }
}
