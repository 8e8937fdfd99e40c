use leptos::prelude::*;

use crate::components::Page;

#[component]
pub(crate) fn NotFound() -> impl IntoView {
    view! {
        <Page title="Page not found" testid="not-found" is_narrow=true>
            <p>"There is no page at this address."</p>
            <p><a href="/">"Go to the dashboard"</a></p>
        </Page>
    }
}
