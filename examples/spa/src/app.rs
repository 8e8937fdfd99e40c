//! The frame around the pages, and the routes.

use example_shared::{
    EventLog,
    config::session_source,
    focus::focus_main,
    who::{administrators, draft_writers, editors, nicknamed, user_readers, verified, with_second_factor},
};
use leptos::prelude::*;
use leptos_router::{
    components::{Route, Router, Routes},
    path,
};
use supertokens_leptos::{ProtectedParentRoute, ProtectedRoute, SessionProvider, use_session};

use crate::{
    components::{Announce, Announcer, ClosedSection, Footer, Header, Loading, SignOutError, Unreachable},
    focus::follow_navigations,
    pages::{
        Admin, Dashboard, Doors, Drafts, Inside, Invoices, Live, Login, MagicLink, Newsroom,
        NewsroomOverview, NotFound, Orders, Outside, ProviderCallback, Readers, ResetPassword,
        SecondFactorPage, Vault, VerifyEmail,
    },
};

#[component]
pub(crate) fn App() -> impl IntoView {
    view! {
        <SessionProvider config=session_source()>
            {
                let app = view! {
                    <Router>
                        <Frame/>
                    </Router>
                };
                #[cfg(feature = "devtools")]
                let app = (app, view! { <supertokens_leptos::SessionDevtools/> });
                app
            }
        </SessionProvider>
    }
}

#[component]
fn Frame() -> impl IntoView {
    // The log listens from the start, so that it also has events from before the user opens it.
    let log = RwSignal::new(EventLog::default());
    use_session().on_event(move |event| log.update(|log| log.add(event)));
    provide_context(log);
    provide_context(Announce::new());
    follow_navigations();
    view! {
        <a
            class="skip-link"
            href="#main"
            on:click=|event| {
                // The router would treat the fragment as a navigation.
                event.prevent_default();
                focus_main();
            }
        >
            "Skip to the content"
        </a>
        <Announcer/>
        <Header/>
        <SignOutError/>
        <main id="main" tabindex="-1">
            <Routes fallback=NotFound>
                <Route path=path!("/login") view=Login/>
                <Route path=path!("/login/reset-password") view=ResetPassword/>
                <Route path=path!("/login/link") view=MagicLink/>
                <Route path=path!("/login/callback") view=ProviderCallback/>
                <ProtectedRoute path=path!("/") view=Dashboard fallback=Loading unreachable=Unreachable/>
                <ProtectedRoute path=path!("/orders") view=Orders fallback=Loading unreachable=Unreachable/>
                <ProtectedRoute path=path!("/live") view=Live fallback=Loading unreachable=Unreachable/>
                <ProtectedRoute
                    path=path!("/invoices")
                    view=Invoices
                    require=verified()
                    fallback=Loading
                    unreachable=Unreachable
                />
                <ProtectedRoute
                    path=path!("/verify-email")
                    view=VerifyEmail
                    fallback=Loading
                    unreachable=Unreachable
                />
                <ProtectedRoute
                    path=path!("/vault")
                    view=Vault
                    require=with_second_factor()
                    fallback=Loading
                    unreachable=Unreachable
                />
                <ProtectedRoute
                    path=path!("/second-factor")
                    view=SecondFactorPage
                    fallback=Loading
                    unreachable=Unreachable
                />
                <ProtectedParentRoute
                    path=path!("/newsroom")
                    view=Newsroom
                    fallback=Loading
                    unreachable=Unreachable
                >
                    <Route path=path!("") view=NewsroomOverview/>
                    <ProtectedRoute
                        path=path!("drafts")
                        view=Drafts
                        require=editors()
                        denied=ClosedSection
                        fallback=Loading
                        unreachable=Unreachable
                    />
                    <ProtectedRoute
                        path=path!("readers")
                        view=Readers
                        require=user_readers()
                        denied=ClosedSection
                        fallback=Loading
                        unreachable=Unreachable
                    />
                </ProtectedParentRoute>
                <ProtectedRoute path=path!("/doors") view=Doors fallback=Loading unreachable=Unreachable/>
                <ProtectedRoute
                    path=path!("/doors/role")
                    view=Inside
                    require=administrators()
                    denied=Outside
                    fallback=Loading
                    unreachable=Unreachable
                />
                <ProtectedRoute
                    path=path!("/doors/permission")
                    view=Inside
                    require=draft_writers()
                    denied=Outside
                    fallback=Loading
                    unreachable=Unreachable
                />
                <ProtectedRoute
                    path=path!("/doors/nickname")
                    view=Inside
                    require=nicknamed()
                    denied=Outside
                    fallback=Loading
                    unreachable=Unreachable
                />
                // This route has no requirement, so it shows how the API denies access.
                <ProtectedRoute path=path!("/admin") view=Admin fallback=Loading unreachable=Unreachable/>
            </Routes>
        </main>
        <Footer/>
    }
}
