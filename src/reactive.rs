//! Type-erased effects, memos and views. Leptos compiles its own for each closure and type, which grows the download.

use std::{any::Any, borrow::Cow, marker::PhantomData, sync::Arc};

use leptos::{either::Either, prelude::*};

use crate::Session;

/// Like [`Effect::new`].
pub(crate) fn effect(mut run: Box<dyn FnMut()>) {
    Effect::new(move |_: Option<()>| run());
}

/// Like a closure in a view.
pub(crate) fn dynamic(view: Box<dyn Fn() -> AnyView + Send>) -> AnyView {
    view.into_any()
}

/// Like [`dynamic`], for a view that may show a user's data. Another user gets new elements: Leptos would reuse the
/// elements of an equal view, with the text that the first user typed.
pub(crate) fn dynamic_for_user(session: Session, view: Box<dyn Fn() -> AnyView + Send>) -> AnyView {
    let last = StoredValue::new((None, false));
    dynamic(Box::new(move || {
        // A server may dispose of a page while it is rendered: see `Session::client`.
        let Some(user) = session.user_id().try_get() else { return ().into_any() };
        // The side alternates with each new user, and Leptos builds new elements when it changes.
        let is_left = last.try_update_value(|(last_user, is_left)| {
            if *last_user != user {
                (*last_user, *is_left) = (user, !*is_left);
            }
            *is_left
        });
        let view = view();
        let view = if is_left == Some(true) { Either::Left(view) } else { Either::Right(view) };
        view.into_any()
    }))
}

/// Shows a message in place of a view.
pub(crate) fn alert(message: Cow<'static, str>) -> AnyView {
    view! { <p role="alert">{message}</p> }.into_any()
}

/// Like a [`Memo`].
pub(crate) struct ErasedMemo<T>(Memo<Erased>, PhantomData<fn() -> T>);

type Erased = Arc<dyn Any + Send + Sync>;

impl<T: PartialEq + Send + Sync + 'static> ErasedMemo<T> {
    pub(crate) fn new(derive: impl Fn() -> T + Send + Sync + 'static) -> Self {
        let derive = move |previous: Option<Erased>| {
            let next = derive();
            match previous {
                Some(previous) if previous.downcast_ref() == Some(&next) => (previous, false),
                _ => (Arc::new(next) as Erased, true),
            }
        };
        Self(boxed_memo(Box::new(derive)), PhantomData)
    }

    pub(crate) fn with<R>(self, read: impl FnOnce(&T) -> R) -> R {
        match self.0.get().downcast_ref() {
            Some(value) => read(value),
            None => unreachable!("only the closure of `new` sets the value, and it returns a T"),
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
        assert_eq!(runs.load(Relaxed), 3, "an unchanged value runs no reader");
    }
}
