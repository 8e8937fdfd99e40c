use example_shared::text::reason;
use leptos::prelude::*;
use supertokens_leptos::use_denied;

use super::{Page, Section};

/// Shows why the user has no access, in place of a page.
#[component]
pub(crate) fn ClosedPage(#[prop(optional)] children: Option<Children>) -> impl IntoView {
    view! {
        <Page title="Not open to you" testid="closed-page" is_narrow=true>
            <div class="card" role="alert"><Reasons/></div>
            {children.map(|children| children())}
        </Page>
    }
}

/// Shows why the user has no access, in place of a nested page.
#[component]
pub(crate) fn ClosedSection() -> impl IntoView {
    view! {
        <Section title="Not open to you" testid="closed-section">
            <div role="alert"><Reasons/></div>
        </Section>
    }
}

#[component]
fn Reasons() -> impl IntoView {
    let denied = use_denied();
    let reasons = denied.reasons.iter().map(|claim| view! { <li>{reason("This page", claim)}</li> });
    view! {
        <p><strong>"You are signed in, but that is not enough here."</strong></p>
        <ul class="reasons" data-testid="reasons">{reasons.collect_view()}</ul>
    }
}
