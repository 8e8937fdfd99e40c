//! The snapshot of a server in the page that it has rendered.

use supertokens_ui::{ServerRequest, Snapshot};
use yew::prelude::*;

use crate::provider::{Provider, SessionProviderProps};

/// Yew reads the state of a page asynchronously, and suspends the first render until then. The server's page stays.
pub(crate) fn prepared(props: SessionProviderProps) -> Html {
    html! { <Suspense><Prepared ..props/></Suspense> }
}

#[component]
fn Prepared(props: &SessionProviderProps) -> HtmlResult {
    let rendered = use_prepared_state!((), |_| -> String { text(props.request.as_ref()) })?;
    Ok(html! { <Provider props={props.clone()} {rendered}/> })
}

#[cfg_attr(
    not(feature = "ssr"),
    allow(dead_code, reason = "without a server, Yew drops the closure that calls it")
)]
fn text(request: Option<&ServerRequest>) -> String {
    request.map_or_else(Snapshot::default, ServerRequest::snapshot).to_embedded()
}
