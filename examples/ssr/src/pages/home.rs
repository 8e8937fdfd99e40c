use leptos::prelude::*;
use leptos_router::components::A;
use supertokens_leptos::{SessionLoading, SignedIn, SignedOut};

use crate::components::{Page, use_email};

#[component]
pub(crate) fn Home() -> impl IntoView {
    view! {
        <Page title="A shop, rendered by a server" testid="home-page">
            <p class="lead">
                "The server has verified your session before it sent this page. So the page shows the right content at once, also without JavaScript."
            </p>
            <section class="card roomy" aria-labelledby="who-title">
                <h2 id="who-title">"Who are you?"</h2>
                <SignedIn><Welcome/></SignedIn>
                <SignedOut>
                    <p data-testid="signed-out">"You are signed out. This page is open to all visitors, and no other page is."</p>
                    <div class="actions"><A href="/login" attr:class="button">"Sign in"</A></div>
                </SignedOut>
                <SessionLoading>
                    <p class="muted" data-testid="session-loading">
                        "The server leaves that to the browser, such as after an expiry."
                    </p>
                </SessionLoading>
            </section>
        </Page>
    }
}

#[component]
fn Welcome() -> impl IntoView {
    view! {
        <p data-testid="signed-in">"You are signed in as " <strong>{use_email()}</strong> "."</p>
        <div class="actions"><A href="/orders" attr:class="button">"Your orders"</A></div>
    }
}

#[component]
pub(crate) fn NotFound() -> impl IntoView {
    view! {
        <Page title="Page not found" testid="not-found" is_narrow=true>
            <p class="card">"This address has no page. " <A href="/">"Go to the start page"</A></p>
        </Page>
    }
}
