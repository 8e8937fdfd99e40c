use std::{
    pin::Pin,
    task::{Context, Poll, Waker},
};

use leptos::{children::ViewFn, prelude::*, reactive::computed::ScopedFuture, task::spawn_local};

use crate::reactive::dynamic;

/// A view that may have to load its code first.
pub(super) type LoadingView = Pin<Box<dyn Future<Output = AnyView>>>;

/// Shows the view at once if it is loaded. Otherwise it shows the fallback until then. Signals that the view reads
/// while it is built are not tracked, so they do not build it again.
pub(super) fn show_when_loaded(mut view: LoadingView, fallback: &ViewFn) -> AnyView {
    let first_poll = untrack(|| view.as_mut().poll(&mut Context::from_waker(Waker::noop())));
    match first_poll {
        Poll::Ready(view) => view,
        // A server renders a page once and has no local tasks. The browser loads the view.
        Poll::Pending if !cfg!(target_arch = "wasm32") => fallback.run(),
        Poll::Pending => show_later(view, fallback.clone()),
    }
}

fn show_later(view: LoadingView, fallback: ViewFn) -> AnyView {
    let loaded = StoredValue::new_local(None);
    let is_loaded = RwSignal::new(false);
    spawn_local(ScopedFuture::new_untracked(async move {
        let view = view.await;
        // Meanwhile the guard may have decided to show something else.
        if loaded.try_set_value(Some(view)).is_none() {
            is_loaded.try_set(true);
        }
    }));
    dynamic(Box::new(move || match is_loaded.get() {
        true => loaded.try_update_value(Option::take).flatten().unwrap_or_else(|| ().into_any()),
        false => fallback.run(),
    }))
}
