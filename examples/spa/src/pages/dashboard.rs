use example_shared::{
    EventLog,
    experiments::{EXPIRE, MANY_REQUESTS, ONE_REQUEST, REVOKE, expire, revoke, send_many, send_one},
};
use leptos::prelude::*;

use crate::{
    api::use_api,
    components::{EventLogView, ExperimentItem, Nickname, Page, Payload, SessionPanel},
};

#[component]
pub(crate) fn Dashboard() -> impl IntoView {
    view! {
        <Page title="Dashboard" testid="dashboard-page">
            <p class="lead">"A live view of your session. Break something below and watch the session recover."</p>
            <SessionPanel/>
            <div class="columns">
                <section class="card" aria-labelledby="experiments-title">
                    <h2 id="experiments-title">"Try it"</h2>
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
fn Experiments() -> impl IntoView {
    let api = StoredValue::new(use_api());
    let log: RwSignal<EventLog> = expect_context();
    let refreshes = move || log.with_untracked(|log| log.refreshes);
    view! {
        <ul class="experiments">
            <ExperimentItem experiment=EXPIRE run=move || expire(api.get_value())/>
            <ExperimentItem experiment=ONE_REQUEST run=move || send_one(api.get_value())/>
            <ExperimentItem experiment=MANY_REQUESTS run=move || send_many(api.get_value(), refreshes)/>
            <Nickname/>
            <ExperimentItem experiment=REVOKE is_danger=true run=move || revoke(api.get_value())/>
        </ul>
    }
}
