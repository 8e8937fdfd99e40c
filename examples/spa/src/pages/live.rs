use example_shared::{Connection, Feed};
use leptos::prelude::*;
use supertokens_leptos::use_session;

use crate::components::Page;

#[component]
pub(crate) fn Live() -> impl IntoView {
    let feed = RwSignal::new(Feed::default());
    let connection = Connection::open(use_session().client(), move |next| feed.set(next));
    on_cleanup(move || drop(connection));
    view! {
        <Page title="Live" testid="live-page">
            <p class="lead">
                "Messages from a WebSocket. The API closes it when its access token expires. Then the page refreshes the session and reconnects."
            </p>
            <section class="card" aria-labelledby="feed-title">
                <h2 id="feed-title">"Warehouse"</h2>
                <p class="hint">
                    <span role="status" data-testid="live-line">{move || feed.with(Feed::state_text)}</span>
                    ". Connected "
                    <span class="number" data-testid="live-opened">{move || feed.with(|feed| feed.opened)}</span>
                    {move || feed.with(Feed::opened_text)}
                </p>
                <ol class="list" reversed data-testid="live-news">
                    <For
                        each=move || feed.with(|feed| feed.messages.clone())
                        key=|(number, _)| *number
                        children=|(number, message)| view! {
                            <li value=number>
                                <time class="number muted" datetime=message.at.clone()>{message.time().to_owned()}</time>
                                " " {message.text}
                            </li>
                        }
                    />
                </ol>
            </section>
        </Page>
    }
}
