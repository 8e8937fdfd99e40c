use example_shared::{Connection, Feed};
use supertokens_yew::use_session;
use yew::prelude::*;

use crate::components::Page;

#[component]
pub(crate) fn Live() -> Html {
    let session = use_session();
    let feed = use_state(Feed::default);
    use_effect_with(session, {
        let feed = feed.setter();
        move |session| {
            let connection = Connection::open(session.client(), move |next| feed.set(next));
            move || drop(connection)
        }
    });
    let messages = feed.messages.iter().map(|(number, message)| {
        html! {
            <li key={*number} value={number.to_string()}>
                <time class="number muted" datetime={message.at.clone()}>{message.time()}</time>
                {" "}{&message.text}
            </li>
        }
    });
    html! {
        <Page title="Live" id="live-page">
            <p class="lead">
                {"Messages from a WebSocket. The API closes it when its access token expires. Then the page refreshes the session and reconnects."}
            </p>
            <section class="card" aria-labelledby="feed-title">
                <h2 id="feed-title">{"Warehouse"}</h2>
                <p class="hint">
                    <span role="status" data-testid="live-line">{feed.state_text()}</span>
                    {". Connected "}
                    <span class="number" data-testid="live-opened">{feed.opened}</span>
                    {feed.opened_text()}
                </p>
                <ol class="list" reversed={true} data-testid="live-news">{for messages}</ol>
            </section>
        </Page>
    }
}
