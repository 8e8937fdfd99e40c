use leptos::prelude::*;
use leptos_router::components::A;
use supertokens_leptos::{SessionLoading, SignedIn, SignedOut, use_session};

use crate::api::Profile;

#[component]
pub(crate) fn Header() -> impl IntoView {
    view! {
        <header class="site-header">
            <a class="brand" href="/">
                <img src="/icon.svg" alt="" width="28" height="28"/>
                <span>"supertokens-leptos"</span>
                <span class="brand-tag">"example"</span>
            </a>
            <nav aria-label="Pages">
                <ul>
                    <li><A href="/" exact=true attr:data-testid="nav-dashboard">"Dashboard"</A></li>
                    <li><A href="/orders" attr:data-testid="nav-orders">"Orders"</A></li>
                    <li><A href="/live" attr:data-testid="nav-live">"Live"</A></li>
                    <li><A href="/invoices" attr:data-testid="nav-invoices">"Invoices"</A></li>
                    <li><A href="/newsroom" attr:data-testid="nav-newsroom">"Newsroom"</A></li>
                    <li><A href="/doors" attr:data-testid="nav-doors">"Doors"</A></li>
                    <li><A href="/admin" attr:data-testid="nav-admin">"Admin"</A></li>
                </ul>
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
