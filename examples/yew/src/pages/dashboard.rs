use example_shared::experiments::{
    EXPIRE, MANY_REQUESTS, ONE_REQUEST, REVOKE, expire, revoke, send_many, send_one,
};
use yew::prelude::*;

use crate::components::{
    EventLogView, ExperimentItem, Nickname, Page, Payload, SessionPanel, task, use_event_log,
};

#[component]
pub(crate) fn Dashboard() -> Html {
    html! {
        <Page title="Dashboard" id="dashboard-page">
            <p class="lead">{"A live view of your session. Break something below and watch the session recover."}</p>
            <SessionPanel/>
            <div class="columns">
                <section class="card" aria-labelledby="experiments-title">
                    <h2 id="experiments-title">{"Try it"}</h2>
                    <Experiments/>
                </section>
                <div class="side">
                    <EventLogView/>
                    <Payload/>
                </div>
            </div>
        </Page>
    }
}

#[component]
fn Experiments() -> Html {
    let log = use_event_log();
    let send_many = move |api| {
        let log = log.clone();
        send_many(api, move || log.as_ref().map_or(0, |log| log.0.refreshes))
    };
    html! {
        <ul class="experiments">
            <ExperimentItem experiment={EXPIRE} run={task(expire)}/>
            <ExperimentItem experiment={ONE_REQUEST} run={task(send_one)}/>
            <ExperimentItem experiment={MANY_REQUESTS} run={task(send_many)}/>
            <Nickname/>
            <ExperimentItem experiment={REVOKE} is_danger={true} run={task(revoke)}/>
        </ul>
    }
}
