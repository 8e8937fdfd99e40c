//! The app that a server renders and a browser hydrates.

use std::time::Duration;

use supertokens_yew::{
    Protected, ProviderSource, Require, ServerRequest, SessionProvider, SignedIn, claims::email_verified,
    use_session, use_user_id,
};
use yew::prelude::*;
use yew_router::{
    Router,
    history::{AnyHistory, MemoryHistory},
};

#[derive(Clone, PartialEq, Properties)]
pub struct AppProps {
    pub config: ProviderSource,
    #[prop_or_default]
    pub request: Option<ServerRequest>,
}

#[component]
pub fn App(AppProps { config, request }: &AppProps) -> Html {
    let history = use_memo((), |()| AnyHistory::from(MemoryHistory::new()));
    let fallback = html! { "fallback" };
    html! {
        <SessionProvider config={config.clone()} request={request.clone()}>
            <Router history={(*history).clone()}>
                <Protected fallback={fallback.clone()}><Content/></Protected>
                <SignedIn require={verified_lately()} fallback={html! { "Too old" }}>{"Fresh"}</SignedIn>
                <SignedIn fallback={html! { "No user" }} loading={fallback}>{"Signed in"}</SignedIn>
            </Router>
        </SessionProvider>
    }
}

fn verified_lately() -> Require {
    Require::claim(email_verified().max_age(Duration::from_secs(300)))
}

#[component]
fn Content() -> Html {
    let (session, user) = (use_session(), use_user_id());
    html! { <><p id="user">{user}</p><button id="out" onclick={move |_| session.sign_out()}>{"Sign out"}</button></> }
}
