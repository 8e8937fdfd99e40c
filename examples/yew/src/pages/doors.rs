//! Three pages with different requirements. Each says why it denies access.

use example_shared::{DOORS, Door};
use yew::prelude::*;

use crate::components::{ClosedPage, Link, Page};

#[component]
pub(crate) fn Doors() -> Html {
    let doors = DOORS.map(|Door { path, id, title, hint }| {
        html! {
            <li class="experiment">
                <h2><Link href={path} {id}>{title}</Link></h2>
                <p class="hint">{hint}</p>
            </li>
        }
    });
    html! {
        <Page title="Doors" id="doors-page">
            <p class="lead">{"Three pages with different requirements. If you have no access, the page says why."}</p>
            <div class="card"><ul>{for doors}</ul></div>
        </Page>
    }
}

/// The page for users with access.
#[component]
pub(crate) fn Inside() -> Html {
    html! {
        <Page title="You are in" id="inside-page" is_narrow={true}>
            <div class="card">
                <p>{"Your session fulfils the requirement of this page. If it no longer does, the page closes at once."}</p>
            </div>
            <p><Link href="/doors" id="all-doors">{"All doors"}</Link></p>
        </Page>
    }
}

/// The page for users without access.
#[component]
pub(crate) fn Outside() -> Html {
    html! {
        <ClosedPage>
            <p><Link href="/doors" id="all-doors">{"All doors and their requirements"}</Link></p>
        </ClosedPage>
    }
}
