use example_shared::{HOME, LINKS, NavLink, api::Profile};
use leptos::prelude::*;
use leptos_router::components::A;
use supertokens_leptos::{SessionLoading, SignedIn, SignedOut, use_session};

#[component]
pub(crate) fn Header() -> impl IntoView {
    let links = LINKS.map(|NavLink { path, id, label }| {
        view! { <li><A href=path exact={path == HOME} attr:data-testid=id>{label}</A></li> }
    });
    view! {
        <header class="site-header">
            <a class="brand" href="/">
                <img src="/icon.svg" alt="" width="28" height="28"/>
                <span>"supertokens-leptos"</span>
            </a>
            <nav aria-label="Pages">
                <ul>{links.into_iter().collect_view()}</ul>
            </nav>
            <div class="account">
                <SessionLoading><span class="muted">"Loading…"</span></SessionLoading>
                <SignedIn><UserBadge/></SignedIn>
                <SignedOut>
                    <A href="/login" attr:class="button" attr:data-testid="nav-login">"Sign in"</A>
                </SignedOut>
            </div>
        </header>
    }
}

#[component]
fn UserBadge() -> impl IntoView {
    let session = use_session();
    let profile = session.payload::<Profile>();
    let name = move || profile.get().map(|profile| profile.nickname.unwrap_or(profile.email));
    view! {
        <span class="badge"><span class="visually-hidden">"Signed in as "</span>{name}</span>
        <button type="button" class="button" data-testid="sign-out" on:click=move |_| session.sign_out()>
            "Sign out"
        </button>
    }
}
