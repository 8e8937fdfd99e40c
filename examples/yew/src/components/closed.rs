use example_shared::text::reason;
use supertokens_yew::use_denied;
use yew::prelude::*;

use super::{Page, Section};

#[derive(Properties, PartialEq)]
pub(crate) struct ClosedPageProps {
    #[prop_or_default]
    pub(crate) children: Html,
}

/// Shows why the user has no access, in place of a page.
#[component]
pub(crate) fn ClosedPage(props: &ClosedPageProps) -> Html {
    html! {
        <Page title="Not open to you" id="closed-page" is_narrow={true}>
            <div class="card" role="alert"><Reasons/></div>
            {props.children.clone()}
        </Page>
    }
}

/// Shows why the user has no access, in place of a nested page.
#[component]
pub(crate) fn ClosedSection() -> Html {
    html! {
        <Section title="Not open to you" id="closed-section"><div role="alert"><Reasons/></div></Section>
    }
}

#[component]
fn Reasons() -> Html {
    let denied = use_denied();
    let reasons = denied.reasons.iter().map(|claim| html! { <li>{reason("This page", claim)}</li> });
    html! {
        <>
            <p><strong>{"You are signed in, but that is not enough here."}</strong></p>
            <ul class="reasons" data-testid="reasons">{for reasons}</ul>
        </>
    }
}
