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
            <p class="lead">"Your session, live. Break something below, and watch it mend itself."</p>
            <SessionPanel/>
            <div class="columns">
                <section class="card" aria-labelledby="experiments-title">
                    <h2 id="experiments-title">"Try it"</h2>
                    <ul class="experiments">
                        <Experiment
                            id="expire"
                            title="Let the access token expire"
                            hint="The server stops accepting it and tells nobody. The requests below are answered all the same, after one refresh."
                            label="Expire the access token on the server"
                            run=move || expire(api)
                        />
                        <Experiment
                            id="one-request"
                            title="Call the API once"
                            hint="GET /api/me. If the access token has expired, RefreshSession shows up among the events, and the answer is 200."
                            label="Send one request"
                            run=move || one_request(api)
                        />
                        <Experiment
                            id="burst"
                            title="Call it twenty times"
                            hint="All at once. If the access token has expired, all of them share a single refresh."
                            label="Send 20 requests at once"
                            run=move || burst(api, log)
                        />
                        <Nickname/>
                        <Experiment
                            id="revoke"
                            title="End the session from afar"
                            hint="As an administrator might. This page is not told: its next request finds out and leads to the login page, which says why."
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
    Ok(format!("Answered {status}."))
}

async fn burst(api: Api, log: EventLog) -> Result<String, String> {
    let refreshes_before = log.refreshes();
    let answers = join_all((0..BURST).map(|_| api.me())).await;
    let answered = answers.iter().filter(|answer| matches!(answer, Ok(200))).count();
    if let Some(error) = answers.into_iter().find_map(Result::err) {
        return Err(format!("{answered} of {BURST} answered 200. {error}"));
    }
    let refreshes = match log.refreshes() - refreshes_before {
        0 => "no refresh was needed. Expire the access token, and try again".to_owned(),
        1 => "one refresh served them all (see the network panel)".to_owned(),
        more => format!("with {more} refreshes"),
    };
    Ok(format!("{answered} of {BURST} answered 200: {refreshes}."))
}

async fn revoke(api: Api) -> Result<String, String> {
    api.revoke_session().await?;
    Ok("Revoked. This page still believes in it: send one request.".to_owned())
}
