use futures_util::future::join_all;
use leptos::prelude::*;

use crate::{
    api::{Api, use_api},
    components::{EventLog, EventLogView, Experiment, Nickname, Page, Payload, SessionPanel},
};

const BURST: usize = 20;

#[component]
pub(crate) fn Dashboard() -> impl IntoView {
    let api = use_api();
    let log: EventLog = expect_context();
    view! {
        <Page title="Dashboard" testid="dashboard-page">
            <p class="lead">"A live view of your session. Break something below and watch the session recover."</p>
            <SessionPanel/>
            <div class="columns">
                <section class="card" aria-labelledby="experiments-title">
                    <h2 id="experiments-title">"Try it"</h2>
                    <ul class="experiments">
                        <Experiment
                            id="expire"
                            title="Let the access token expire"
                            hint="The server stops accepting the access token. The requests below still succeed, after one refresh."
                            label="Expire the access token on the server"
                            run=move || expire(api)
                        />
                        <Experiment
                            id="one-request"
                            title="Call the API once"
                            hint="Sends GET /api/me. If the access token has expired, the events show RefreshSession, and the response is 200."
                            label="Send one request"
                            run=move || one_request(api)
                        />
                        <Experiment
                            id="burst"
                            title="Call the API twenty times"
                            hint="Sends all requests at once. If the access token has expired, they share one refresh."
                            label="Send 20 requests at once"
                            run=move || burst(api, log)
                        />
                        <Nickname/>
                        <Experiment
                            id="revoke"
                            title="Revoke the session"
                            hint="As an administrator can. The next request of this page finds out and redirects to the login page, which says why."
                            label="Revoke the session on the server"
                            is_danger=true
                            run=move || revoke(api)
                        />
                    </ul>
                </section>
                <div class="side">
                    <EventLogView/>
                    <Payload/>
                </div>
            </div>
        </Page>
    }
}

async fn expire(api: Api) -> Result<String, String> {
    api.expire_access_token().await?;
    Ok("Done. Now send a request and watch the events.".to_owned())
}

async fn one_request(api: Api) -> Result<String, String> {
    let status = api.me().await?;
    Ok(format!("The response has status {status}."))
}

async fn burst(api: Api, log: EventLog) -> Result<String, String> {
    let refreshes_before = log.refreshes();
    let responses = join_all((0..BURST).map(|_| api.me())).await;
    let succeeded = responses.iter().filter(|response| matches!(response, Ok(200))).count();
    if let Some(error) = responses.into_iter().find_map(Result::err) {
        return Err(format!("{succeeded} of {BURST} responses have status 200. {error}"));
    }
    let refreshes = match log.refreshes() - refreshes_before {
        0 => "No refresh was needed. Expire the access token and try again.".to_owned(),
        1 => "They shared one refresh (see the network panel).".to_owned(),
        count => format!("There were {count} refreshes."),
    };
    Ok(format!("{succeeded} of {BURST} responses have status 200. {refreshes}"))
}

async fn revoke(api: Api) -> Result<String, String> {
    api.revoke_session().await?;
    Ok("Revoked. This page does not know yet: send one request.".to_owned())
}
