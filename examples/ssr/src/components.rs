//! The components that pages share.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;
use serde::Deserialize;
use supertokens_leptos::{SessionLoading, SignedIn, SignedOut, use_session};

/// The fields of the access token's payload that the app uses.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Profile {
    pub(crate) email: String,
}

/// The user's e-mail address.
pub(crate) fn use_email() -> impl Fn() -> Option<String> + Copy {
    let profile = use_session().payload::<Profile>();
    move || profile.get().map(|profile| profile.email)
}

/// Whether the page is hydrated. Until then a form has no handlers, so its button is disabled.
pub(crate) fn use_hydrated() -> ReadSignal<bool> {
    let (is_hydrated, set_hydrated) = signal(false);
    Effect::new(move |_| set_hydrated.set(true));
    is_hydrated
}

#[component]
pub(crate) fn Header() -> impl IntoView {
    view! {
        <header class="site-header">
            <A href="/" attr:class="brand">
                <img src="/icon.svg" alt="" width="28" height="28"/>
                <span>"supertokens-leptos"</span>
                <span class="brand-tag">"rendered by a server"</span>
            </A>
            <nav aria-label="Pages">
                <ul>
                    <li><A href="/" exact=true attr:data-testid="nav-home">"Home"</A></li>
                    <li><A href="/account" attr:data-testid="nav-account">"Account"</A></li>
                    <li><A href="/orders" attr:data-testid="nav-orders">"Orders"</A></li>
                    <li><A href="/admin" attr:data-testid="nav-admin">"Admin"</A></li>
                    <li><A href="/modes" attr:data-testid="nav-modes">"Modes"</A></li>
                </ul>
            </nav>
            <div class="account" data-testid="session">
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
    view! {
        <span class="badge"><span class="visually-hidden">"Signed in as "</span>{use_email()}</span>
        <button type="button" class="button" data-testid="sign-out" on:click=move |_| session.sign_out()>
            "Sign out"
        </button>
    }
}

#[component]
pub(crate) fn Footer() -> impl IntoView {
    view! {
        <footer class="site-footer">
            <p class="muted">
                "An example for "
                <a href=env!("CARGO_PKG_REPOSITORY") rel="external">"supertokens-leptos"</a>
                ". The server verifies the access token of each request, and renders what its user may see."
            </p>
        </footer>
    }
}

/// A page with a title, which is also the title of the document, and content.
#[component]
pub(crate) fn Page(
    title: &'static str,
    /// The `data-testid`.
    testid: &'static str,
    #[prop(optional)] is_narrow: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <Title text=format!("{title} – supertokens-leptos")/>
        <div class="page" class:narrow=is_narrow data-testid=testid>
            <h1>{title}</h1>
            {children()}
        </div>
    }
}

/// A placeholder for content that is loading.
#[component]
pub(crate) fn Loading() -> impl IntoView {
    view! {
        <div class="skeleton" role="status" data-testid="loading">
            <p class="visually-hidden">"Loading…"</p>
            <div class="bar title"></div>
            <div class="bar"></div>
            <div class="bar block"></div>
        </div>
    }
}

/// Shown in place of a guarded page while the API does not respond.
#[component]
pub(crate) fn Unreachable() -> impl IntoView {
    let session = use_session();
    view! {
        <Page title="No connection" testid="unreachable" is_narrow=true>
            <div class="card" role="alert">
                <p><strong>"The API is not responding."</strong>" You may still be signed in."</p>
                <button type="button" class="button" on:click=move |_| session.recheck()>"Try again"</button>
            </div>
        </Page>
    }
}

/// The error of a server function, in place of its result.
#[component]
pub(crate) fn Failure(error: ServerFnError) -> impl IntoView {
    view! { <p class="notice bad" role="alert" data-testid="failure">{error_text(error)}</p> }
}

/// The error of the server function, or why it did not run.
pub(crate) fn error_text(error: ServerFnError) -> String {
    match error {
        ServerFnError::ServerError(text) => text,
        error => error.to_string(),
    }
}
