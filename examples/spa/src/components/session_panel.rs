use std::time::Duration;

use example_shared::{
    api::Profile,
    text::{seconds_left, status_word, time_left},
};
use leptos::prelude::*;
use supertokens_leptos::use_session;

/// A live view of the session.
#[component]
pub(crate) fn SessionPanel() -> impl IntoView {
    let session = use_session();
    let status = session.status();
    let profile = session.payload::<Profile>();
    let email = move || profile.get().map(|profile| profile.email);
    let nickname = move || profile.get().and_then(|profile| profile.nickname);
    let seconds = seconds_until(session.expires_at());
    let time = Memo::new(move |_| seconds.get().map(time_left).unzip());
    view! {
        <section class="card" aria-labelledby="session-title">
            <h2 id="session-title">"Session"</h2>
            <dl class="facts">
                <div>
                    <dt>"Status"</dt>
                    <dd class="status" data-status=move || status_word(status.get()) data-testid="status">
                        {move || status_word(status.get())}
                    </dd>
                </div>
                <div>
                    <dt>"E-mail"</dt>
                    <dd>{email}</dd>
                    {move || nickname().map(|nickname| view! { <dd class="muted">"Nickname: " {nickname}</dd> })}
                </div>
                <div>
                    <dt>"User id"</dt>
                    <dd class="code" data-testid="user-id">{move || session.user_id().get()}</dd>
                </div>
                <div>
                    <dt>"Access token expires in"</dt>
                    <dd class="number" data-testid="expires-in">{move || time.get().0}</dd>
                    <dd class="muted">{move || time.get().1}</dd>
                </div>
            </dl>
        </section>
    }
}

/// The access token's payload.
#[component]
pub(crate) fn Payload() -> impl IntoView {
    let payload = use_session().raw_payload();
    let json = move || payload.get().and_then(|payload| serde_json::to_string_pretty(&payload).ok());
    view! {
        <section class="card" aria-labelledby="payload-title">
            <h2 id="payload-title">"Access token payload"</h2>
            <p class="hint">"The data that the server shares with the page."</p>
            <pre tabindex="0" role="group" aria-labelledby="payload-title" data-testid="payload">{json}</pre>
        </section>
    }
}

/// A countdown in seconds until a time.
fn seconds_until(time: Signal<Option<Duration>>) -> Memo<Option<u64>> {
    let tick = Trigger::new();
    let ticks = set_interval_with_handle(move || tick.notify(), Duration::from_secs(1));
    on_cleanup(move || {
        if let Ok(ticks) = ticks {
            ticks.clear();
        }
    });
    Memo::new(move |_| {
        tick.track();
        time.get().map(seconds_left)
    })
}
