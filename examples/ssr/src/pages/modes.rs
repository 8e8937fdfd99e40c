//! A guarded page for each rendering mode of Leptos. The guard decides before the first byte in each of them.

use leptos::{either::Either, prelude::*};
use leptos_router::components::A;

use crate::{
    components::{Failure, Loading, Page},
    functions::slow_count,
};

const MODES: [(&str, &str, &str); 4] = [
    (
        "out-of-order",
        "OutOfOrder",
        "sends the page with a placeholder, and the slow part when it is ready. This is the default.",
    ),
    ("in-order", "InOrder", "sends the page up to the slow part, and continues when that is ready."),
    (
        "partially-blocked",
        "PartiallyBlocked",
        "waits for resources that are marked as blocking, then sends as OutOfOrder.",
    ),
    ("async", "Async", "sends the page when all of it is ready."),
];

#[component]
pub(crate) fn Modes() -> impl IntoView {
    let links = MODES.map(|(path, name, what)| {
        view! {
            <li>
                <A href=format!("/modes/{path}") attr:data-testid=format!("mode-{path}")>{name}</A>
                " " <span class="muted">{what}</span>
            </li>
        }
    });
    view! {
        <Page title="Rendering modes" testid="modes-page">
            <p class="lead">
                "The same guarded page in each rendering mode. Reload it to see how the server sends it. Signed out, each of them is a redirect with an empty body."
            </p>
            <ul class="card list" data-testid="modes">{links.into_iter().collect_view()}</ul>
        </Page>
    }
}

/// A page with a slow part.
#[component]
pub(crate) fn Slow() -> impl IntoView {
    view! { <SlowPage count=Resource::new(|| (), |()| slow_count())/> }
}

/// The same with a resource that blocks the response in the mode `PartiallyBlocked`.
#[component]
pub(crate) fn Blocked() -> impl IntoView {
    view! { <SlowPage count=Resource::new_blocking(|| (), |()| slow_count())/> }
}

#[component]
fn SlowPage(count: Resource<Result<usize, ServerFnError>>) -> impl IntoView {
    let content = move || {
        Suspend::new(async move {
            match count.await {
                Ok(count) => Either::Left(view! {
                    <p class="card" data-testid="slow">"After a second, the server has counted: you have " {count} " orders."</p>
                }),
                Err(error) => Either::Right(view! { <Failure error/> }),
            }
        })
    };
    view! {
        <Page title="A page with a slow part" testid="slow-page">
            <p class="lead">"This sentence is ready at once. " <A href="/modes">"All rendering modes"</A></p>
            <Suspense fallback=Loading>{content}</Suspense>
            <p class="muted" data-testid="after-slow">"This sentence comes after the slow part."</p>
        </Page>
    }
}
