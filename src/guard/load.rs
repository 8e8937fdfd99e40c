use std::{
    pin::Pin,
    task::{Context, Poll, Waker},
};

use leptos::{children::ViewFn, prelude::*, reactive::computed::ScopedFuture, task::spawn_local};

use crate::reactive::dynamic;

/// A view, or one that has to be loaded first.
pub(super) type Chosen = Pin<Box<dyn Future<Output = AnyView>>>;

/// Shows a view at once if it is loaded, else the fallback until then. What the view reads while it is built does not build
/// it again.
pub(super) fn show_when_loaded(mut view: Chosen, fallback: &ViewFn) -> AnyView {
    let first_look = untrack(|| view.as_mut().poll(&mut Context::from_waker(Waker::noop())));
    match first_look {
        Poll::Ready(view) => view,
        Poll::Pending => show_later(view, fallback.clone()),
    }
}

fn show_later(view: Chosen, fallback: ViewFn) -> AnyView {
    let loaded = StoredValue::new_local(None);
    let is_loaded = RwSignal::new(false);
    spawn_local(ScopedFuture::new_untracked(async move {
        let view = view.await;
        // The guard may have decided otherwise meanwhile.
        if loaded.try_set_value(Some(view)).is_none() {
            is_loaded.try_set(true);
        }
    }));
    dynamic(Box::new(move || match is_loaded.get() {
        true => loaded.try_update_value(Option::take).flatten().unwrap_or_else(|| ().into_any()),
        false => fallback.run(),
    }))
}
