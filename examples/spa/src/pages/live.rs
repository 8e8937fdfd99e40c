use leptos::prelude::*;
use supertokens_leptos::use_session;

use crate::{
    components::Page,
    live::{ConnectionState, Feed, FeedMessage},
};

#[component]
pub(crate) fn Live() -> impl IntoView {
    let feed = Feed::connect(use_session());
    let state = move || match feed.state.get() {
        ConnectionState::Connecting => "Connecting",
        ConnectionState::Open => "Live",
        ConnectionState::Disconnected => "Disconnected, reconnecting soon",
    };
    view! {
        <Page title="Live" testid="live-page">
            <p class="lead">
                "Messages from a WebSocket. The API closes it when its access token expires. Then the page refreshes the session and reconnects."
            </p>
            <section class="card" aria-labelledby="feed-title">
                <h2 id="feed-title">"Warehouse"</h2>
                <p class="hint">
                    <span role="status" data-testid="live-line">{state}</span>
                    ". Connected "
                    <span class="number" data-testid="live-opened">{feed.opened}</span>
                    {move || if feed.opened.get() == 1 { " time so far." } else { " times so far." }}
                </p>
                <ol class="list" reversed data-testid="live-news">
                    <For
                        each=move || feed.messages.get()
                        key=|(number, _)| *number
                        children=|(number, FeedMessage { at, text })| view! {
                            <li value=number>
                                <time class="number muted" datetime=at.clone()>{time_of_day(&at)}</time> " " {text}
                            </li>
                        }
                    />
                </ol>
            </section>
        </Page>
    }
}

/// The time of an ISO 8601 time, such as `09:30:00` of `2026-03-01T09:30:00Z`.
fn time_of_day(at: &str) -> String {
    at.split_once('T').map_or("", |(_, time)| time.trim_end_matches('Z')).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_time_of_day_is_shown() {
        assert_eq!(time_of_day("2026-03-01T09:30:00Z"), "09:30:00");
        assert_eq!(time_of_day("?"), "");
    }
}
