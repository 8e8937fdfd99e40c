use example_shared::{
    api::Profile,
    text::{seconds_left, status_word, time_left},
};
use gloo_timers::callback::Interval;
use supertokens_yew::{use_expires_at, use_payload, use_raw_payload, use_session_status, use_user_id};
use yew::prelude::*;

/// A live view of the session.
#[component]
pub(crate) fn SessionPanel() -> Html {
    let (status, user_id) = (status_word(use_session_status()), use_user_id());
    let (email, nickname) = use_payload::<Profile>().map(|profile| (profile.email, profile.nickname)).unzip();
    html! {
        <section class="card" aria-labelledby="session-title">
            <h2 id="session-title">{"Session"}</h2>
            <dl class="facts">
                <div>
                    <dt>{"Status"}</dt>
                    <dd class="status" data-status={status} data-testid="status">{status}</dd>
                </div>
                <div>
                    <dt>{"E-mail"}</dt>
                    <dd>{email}</dd>
                    if let Some(nickname) = nickname.flatten() {
                        <dd class="muted">{"Nickname: "}{nickname}</dd>
                    }
                </div>
                <div>
                    <dt>{"User id"}</dt>
                    <dd class="code" data-testid="user-id">{user_id}</dd>
                </div>
                <div><Countdown/></div>
            </dl>
        </section>
    }
}

/// Counts the seconds until the access token expires.
#[component]
fn Countdown() -> Html {
    let (expires_at, update) = (use_expires_at(), use_force_update());
    use_effect_with((), |()| {
        let ticks = Interval::new(1_000, move || update.force_update());
        move || drop(ticks)
    });
    let (time, what_then) = expires_at.map(seconds_left).map(time_left).unzip();
    html! {
        <>
            <dt>{"Access token expires in"}</dt>
            <dd class="number" data-testid="expires-in">{time}</dd>
            <dd class="muted">{what_then}</dd>
        </>
    }
}

/// The access token's payload.
#[component]
pub(crate) fn Payload() -> Html {
    let json = use_raw_payload().and_then(|payload| serde_json::to_string_pretty(&payload).ok());
    html! {
        <section class="card" aria-labelledby="payload-title">
            <h2 id="payload-title">{"Access token payload"}</h2>
            <p class="hint">{"The data that the server shares with the page."}</p>
            <pre tabindex="0" role="group" aria-labelledby="payload-title" data-testid="payload">{json}</pre>
        </section>
    }
}
