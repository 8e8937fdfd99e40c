use std::time::Duration;

use leptos::prelude::*;
use supertokens_leptos::{claims::roles, use_claim_value, use_session};

use crate::components::{Page, use_email};

#[component]
pub(crate) fn Account() -> impl IntoView {
    let session = use_session();
    let roles = use_claim_value(roles());
    let payload = session.raw_payload();
    let json = move || payload.get().and_then(|payload| serde_json::to_string_pretty(&payload).ok());
    view! {
        <Page title="Account" testid="account-page">
            <p class="lead">"For signed-in users. Without a session, the server redirects to the login page."</p>
            <section class="card" aria-labelledby="session-title">
                <h2 id="session-title">"Session"</h2>
                <dl class="facts">
                    <div><dt>"E-mail"</dt><dd data-testid="email">{use_email()}</dd></div>
                    <div>
                        <dt>"Roles"</dt>
                        <dd data-testid="roles">{move || roles.get().unwrap_or_default().join(", ")}</dd>
                    </div>
                    <div>
                        <dt>"User id"</dt>
                        <dd class="code" data-testid="user-id">{move || session.user_id().get()}</dd>
                    </div>
                    <div>
                        <dt>"Access token expires at"</dt>
                        <dd class="number">{move || session.expires_at().get().map(time_of_day)}</dd>
                    </div>
                </dl>
            </section>
            <section class="card" aria-labelledby="payload-title">
                <h2 id="payload-title">"Access token payload"</h2>
                <p class="hint">"What the API says of the user. The page’s server has compared it with the signed access token."</p>
                <pre tabindex="0" role="group" aria-labelledby="payload-title" data-testid="payload">{json}</pre>
            </section>
        </Page>
    }
}

/// The time of day in UTC, which is the same on the server and in the browser.
fn time_of_day(since_epoch: Duration) -> String {
    let minutes = since_epoch.as_secs() / 60 % (24 * 60);
    format!("{:02}:{:02} UTC", minutes / 60, minutes % 60)
}
