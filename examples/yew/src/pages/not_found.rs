use example_shared::HOME;
use yew::prelude::*;

use crate::components::{Link, Page};

#[component]
pub(crate) fn NotFound() -> Html {
    html! {
        <Page title="Page not found" id="not-found" is_narrow={true}>
            <p>{"There is no page at this address."}</p>
            <p><Link href={HOME}>{"Go to the dashboard"}</Link></p>
        </Page>
    }
}
