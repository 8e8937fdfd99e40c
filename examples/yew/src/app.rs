//! The frame around the pages.

use example_shared::{config::session_source, focus::focus_main};
use supertokens_yew::SessionProvider;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    components::{Announcer, EventLogProvider, Footer, Header, SignOutError},
    hooks::{Announce, use_focus_after_navigation},
    routes::{Route, page},
};

#[component]
pub(crate) fn App() -> Html {
    let app = html! {
        <BrowserRouter>
            // Above the pages, so that the log also has events from before the user opens it.
            <EventLogProvider><Frame/></EventLogProvider>
        </BrowserRouter>
    };
    #[cfg(feature = "devtools")]
    let app = html! { <>{app}<supertokens_yew::SessionDevtools/></> };
    html! { <SessionProvider config={session_source()}>{app}</SessionProvider> }
}

#[component]
fn Frame() -> Html {
    let announcement = use_state(AttrValue::default);
    use_focus_after_navigation();
    let skip = |event: MouseEvent| {
        // The fragment would be a navigation.
        event.prevent_default();
        focus_main();
    };
    html! {
        <ContextProvider<Announce> context={Announce::from(announcement.setter())}>
            <a class="skip-link" href="#main" onclick={skip}>{"Skip to the content"}</a>
            <Announcer announcement={(*announcement).clone()}/>
            <Header/>
            <SignOutError/>
            <main id="main" tabindex="-1"><Switch<Route> render={page}/></main>
            <Footer/>
        </ContextProvider<Announce>>
    }
}
