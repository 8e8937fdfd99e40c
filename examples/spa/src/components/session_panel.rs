use std::time::Duration;

use js_sys::Date;
use leptos::prelude::*;
use supertokens_leptos::{SessionStatus, use_session};

use crate::api::Profile;

/// A live view of the session.
#[component]
pub(crate) fn SessionPanel() -> impl IntoView {
    let session = use_session();
    let status = session.status();
    let profile = session.payload::<Profile>();
    let email = move || profile.get().map(|profile| profile.email);
    let nickname = move || profile.get().and_then(|profile| profile.nickname);
    let expires_in = expires_in(session.expires_at());
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
                    <dd class="number" data-testid="expires-in">
                        {move || expires_in.get().map(|seconds| match seconds {
                            1.. => format!("{seconds} s"),
                            _ => "expired".to_owned(),
                        })}
                    </dd>
                    <dd class="muted">
                        {move || expires_in.get().map(|seconds| match seconds {
                            1.. => "The session continues after that.",
                            _ => "The next request refreshes it first.",
                        })}
                    </dd>
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

fn status_word(status: SessionStatus) -> &'static str {
    match status {
        SessionStatus::Loading => "Loading",
        SessionStatus::Authenticated => "Signed in",
        SessionStatus::Unauthenticated { .. } => "Signed out",
        SessionStatus::Unreachable => "Unreachable",
    }
}

/// A countdown in seconds until the access token expires, by the device's clock. The client itself corrects clock skew.
fn expires_in(expires_at: Signal<Option<Duration>>) -> Memo<Option<u64>> {
    let device_time = || Duration::from_millis(Date::now() as u64);
    let (now, set_now) = signal(device_time());
    let ticks = set_interval_with_handle(move || set_now.set(device_time()), Duration::from_secs(1));
    on_cleanup(move || {
        if let Ok(ticks) = ticks {
            ticks.clear();
        }
    });
    Memo::new(move |_| {
        let remaining = expires_at.get()?.saturating_sub(now.get());
        Some(remaining.as_secs() + u64::from(remaining.subsec_nanos() > 0))
    })
}
