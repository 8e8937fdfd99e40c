//! Three pages with different requirements. Each says why it denies access.

use example_shared::{DOORS, Door};
use leptos::prelude::*;

use crate::components::{ClosedPage, Page};

#[component]
pub(crate) fn Doors() -> impl IntoView {
    let doors = DOORS.map(|Door { path, id, title, hint }| {
        view! {
            <li class="experiment">
                <h2><a href=path data-testid=id>{title}</a></h2>
                <p class="hint">{hint}</p>
            </li>
        }
    });
    view! {
        <Page title="Doors" testid="doors-page">
            <p class="lead">
                "Three pages with different requirements. If you have no access, the page says why."
            </p>
            <div class="card"><ul>{doors.into_iter().collect_view()}</ul></div>
        </Page>
    }
}

/// The page for users with access.
#[component]
pub(crate) fn Inside() -> impl IntoView {
    view! {
        <Page title="You are in" testid="inside-page" is_narrow=true>
            <div class="card">
                <p>"Your session fulfils the requirement of this page. If it no longer does, the page closes at once."</p>
            </div>
            <p><a href="/doors" data-testid="all-doors">"All doors"</a></p>
        </Page>
    }
}

/// The page for users without access.
#[component]
pub(crate) fn Outside() -> impl IntoView {
    view! {
        <ClosedPage>
            <p><a href="/doors" data-testid="all-doors">"All doors and their requirements"</a></p>
        </ClosedPage>
    }
}
