use leptos::prelude::*;
use supertokens_leptos::use_session;

use crate::{
    components::Page,
    live::{Feed, Line, News},
};

#[component]
pub(crate) fn Live() -> impl IntoView {
    let feed = Feed::connect(use_session());
    let line = move || match feed.line.get() {
        Line::Connecting => "Connecting",
        Line::Open => "Live",
        Line::Lost => "Not connected. The next try comes by itself.",
    };
    view! {
        <Page title="Live" testid="live-page">
            <p class="lead">
                "From a WebSocket, which the API closes when the access token that it began with expires. The page refreshes the session and connects again."
            </p>
            <section class="card" aria-labelledby="feed-title">
                <h2 id="feed-title">"In the warehouse"</h2>
                <p class="hint">
                    <span role="status" data-testid="live-line">{line}</span>
                    ". Connected "
                    <span class="number" data-testid="live-opened">{feed.opened}</span>
                    {move || if feed.opened.get() == 1 { " time so far." } else { " times so far." }}
                </p>
                <ol class="list" reversed data-testid="live-news">
                    <For
                        each=move || feed.news.get()
                        key=|(number, _)| *number
                        children=|(number, News { at, text })| view! {
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

/// `09:30:00` of `2026-03-01T09:30:00Z`.
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
