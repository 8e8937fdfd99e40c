//! Three pages that are closed to most, each for another reason, and say why.

use leptos::prelude::*;

use crate::components::{ClosedPage, Page};

#[component]
pub(crate) fn Doors() -> impl IntoView {
    let doors = DOORS.map(|Door { path, name, asks, opens }| {
        view! {
            <li class="experiment">
                <h2><a href=path data-testid=format!("door-{name}")>{asks}</a></h2>
                <p class="hint">{opens}</p>
            </li>
        }
    });
    view! {
        <Page title="Doors" testid="doors-page">
            <p class="lead">
                "Three pages that are not open to everybody. Try them: whoever stays outside is told why."
            </p>
            <div class="card"><ul>{doors.into_iter().collect_view()}</ul></div>
        </Page>
    }
}

struct Door {
    path: &'static str,
    name: &'static str,
    asks: &'static str,
    opens: &'static str,
}

const DOORS: [Door; 3] = [
    Door {
        path: "/doors/role",
        name: "role",
        asks: "One that asks for a role",
        opens: "For administrators. One of them can make you one, too, on the page Admin.",
    },
    Door {
        path: "/doors/permission",
        name: "permission",
        asks: "One that asks for a permission",
        opens: "For those who may write drafts: the role editor allows it.",
    },
    Door {
        path: "/doors/nickname",
        name: "nickname",
        asks: "One that asks for something of the app’s own",
        opens: "For those with a nickname. Choose one on the dashboard.",
    },
];

/// Behind a door.
#[component]
pub(crate) fn Inside() -> impl IntoView {
    view! {
        <Page title="You are in" testid="inside-page" is_narrow=true>
            <div class="card">
                <p>"Your session has what this page asks for. Were it to lose that, the page would close while you look."</p>
            </div>
            <p><a href="/doors" data-testid="all-doors">"All doors"</a></p>
        </Page>
    }
}

/// Before a closed door.
#[component]
pub(crate) fn Outside() -> impl IntoView {
    view! {
        <ClosedPage>
            <p><a href="/doors" data-testid="all-doors">"All doors, and what opens them"</a></p>
        </ClosedPage>
    }
}
