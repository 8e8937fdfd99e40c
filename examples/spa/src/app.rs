//! The frame around the pages, and the routes.

use leptos::{html::Main, prelude::*};
use leptos_router::{
    components::{Route, Router, Routes},
    hooks::use_location,
    path,
};
use supertokens_leptos::{ProtectedRoute, SessionProvider};
use web_sys::FocusOptions;

use crate::{
    components::{Announcer, EventLog, Footer, Header, Loading, SignOutTrouble, Unreachable},
    config::session_config,
    pages::{Admin, Dashboard, Login, NotFound, Orders},
};

#[component]
pub(crate) fn App() -> impl IntoView {
    view! {
        <SessionProvider config=session_config()>
            <Router>
                <Frame/>
            </Router>
        </SessionProvider>
    }
}

#[component]
fn Frame() -> impl IntoView {
    // Listens from the start, so that the log knows what happened before it was looked at.
    provide_context(EventLog::start());
    let main = NodeRef::<Main>::new();
    focus_on_navigation(main);
    view! {
        <a
            class="skip-link"
            href="#main"
            on:click=move |event| {
                // The router would make a page of it.
                event.prevent_default();
                focus(main);
            }
        >
            "Skip to the content"
        </a>
        <Announcer/>
        <Header/>
        <SignOutTrouble/>
        <main id="main" tabindex="-1" node_ref=main>
            <Routes fallback=NotFound>
                <Route path=path!("/login") view=Login/>
                <ProtectedRoute path=path!("/") view=Dashboard fallback=Loading unreachable=Unreachable/>
                <ProtectedRoute path=path!("/orders") view=Orders fallback=Loading unreachable=Unreachable/>
                <ProtectedRoute path=path!("/admin") view=Admin fallback=Loading unreachable=Unreachable/>
            </Routes>
        </main>
        <Footer/>
    }
}

/// Screen readers and the Tab key go on from the new page, not from the link that led there.
fn focus_on_navigation(main: NodeRef<Main>) {
    let path = use_location().pathname;
    Effect::new(move |before: Option<String>| {
        let path = path.get();
        if before.is_some_and(|before| before != path) {
            focus(main);
        }
        path
    });
}

fn focus(main: NodeRef<Main>) {
    if let Some(main) = main.get_untracked() {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        // An element that is gone can't be focused; then nothing is lost.
        main.focus_with_options(&options).ok();
    }
}
