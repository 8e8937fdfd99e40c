//! Effects, memos and views that are compiled once: each closure and each type that Leptos' own are given brings a copy of
//! their machinery along, and an app downloads it.

use std::{any::Any, borrow::Cow, marker::PhantomData, sync::Arc};

use leptos::{either::Either, prelude::*};

/// As [`Effect::new`].
pub(crate) fn effect(run: impl FnMut() + 'static) {
    boxed_effect(Box::new(run));
}

fn boxed_effect(mut run: Box<dyn FnMut()>) {
    Effect::new(move |_: Option<()>| run());
}

/// As a closure in a view.
pub(crate) fn dynamic(view: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    boxed_view(Box::new(view))
}

fn boxed_view(view: Box<dyn Fn() -> AnyView + Send>) -> AnyView {
    view.into_any()
}

/// As [`dynamic`], for a view that may hold data of `user`: for another user it is built of new elements. Leptos would
/// reuse those of an equal view, and with them what the first user typed.
pub(crate) fn dynamic_for(
    user: Signal<Option<String>>,
    view: impl Fn() -> AnyView + Send + 'static,
) -> AnyView {
    let last = StoredValue::new((None, false));
    dynamic(move || {
        let user = user.get();
        let flip = last.try_update_value(|(last, flip)| {
            if *last != user {
                (*last, *flip) = (user, !*flip);
            }
            *flip
        });
        let view = view();
        let view = if flip == Some(true) { Either::Left(view) } else { Either::Right(view) };
        view.into_any()
    })
}

/// What a user has to know, in place of what was to be seen.
pub(crate) fn alert(message: Cow<'static, str>) -> AnyView {
    view! { <p role="alert">{message}</p> }.into_any()
}

/// As a [`Memo`].
pub(crate) struct Derived<T>(Memo<Erased>, PhantomData<fn() -> T>);

impl<T: PartialEq + Send + Sync + 'static> Derived<T> {
    /// As [`Memo::new`].
    pub(crate) fn new(derive: impl Fn(Option<&T>) -> T + Send + Sync + 'static) -> Self {
        let derive = move |known: Option<&Erased>| -> Erased {
            Erased(Arc::new(derive(known.and_then(|known| known.0.as_any().downcast_ref()))))
        };
        Self(boxed_memo(Box::new(derive)), PhantomData)
    }

    /// As [`Memo::with`](With::with).
    pub(crate) fn with<R>(self, read: impl FnOnce(&T) -> R) -> R {
        let value = self.0.get();
        match value.0.as_any().downcast_ref() {
            Some(value) => read(value),
            None => unreachable!("it holds what its own closure has made"),
        }
    }

    /// As [`Memo::get`](Get::get).
    pub(crate) fn get(self) -> T
    where
        T: Clone,
    {
        self.with(T::clone)
    }
}

impl<T> Clone for Derived<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Derived<T> {}

type Derive = dyn Fn(Option<&Erased>) -> Erased + Send + Sync;

fn boxed_memo(derive: Box<Derive>) -> Memo<Erased> {
    Memo::new(derive)
}

/// A value of a type that only its reader knows.
#[derive(Clone)]
struct Erased(Arc<dyn Value>);

impl PartialEq for Erased {
    fn eq(&self, other: &Self) -> bool {
        self.0.is(other.0.as_any())
    }
}

trait Value: Send + Sync {
    fn as_any(&self) -> &dyn Any;

    fn is(&self, other: &dyn Any) -> bool;
}

impl<T: PartialEq + Send + Sync + 'static> Value for T {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn is(&self, other: &dyn Any) -> bool {
        other.downcast_ref() == Some(self)
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

    use super::*;

    #[test]
    fn a_derived_value_runs_readers_only_where_it_has_changed() {
        let owner = Owner::new();
        owner.set();
        let number = RwSignal::new(1);
        let known = Arc::new(AtomicUsize::new(0));
        let seen = known.clone();
        let is_odd = Derived::new(move |before: Option<&bool>| {
            seen.fetch_add(usize::from(before.is_some()), Relaxed);
            number.get() % 2 == 1
        });
        let runs = Arc::new(AtomicUsize::new(0));
        let counted = runs.clone();
        let text = Derived::new(move |_| {
            counted.fetch_add(1, Relaxed);
            is_odd.get().to_string()
        });
        for (next, expected) in [(1, "true"), (3, "true"), (4, "false"), (6, "false"), (7, "true")] {
            number.set(next);
            assert_eq!(text.get(), expected, "{next}");
        }
        assert_eq!(runs.load(Relaxed), 3, "only changes are passed on");
        assert_eq!(known.load(Relaxed), 4, "what was there before is known to the next run");
    }
}
