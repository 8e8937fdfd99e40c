use leptos::prelude::*;
use supertokens_leptos::{SessionEvent, use_session};

use crate::text::time_of_day;

const MAX_ENTRIES: usize = 100;

/// The session's events since the page was loaded, newest first.
#[derive(Clone, Copy)]
pub(crate) struct EventLog {
    entries: RwSignal<Vec<Entry>>,
    refreshes: StoredValue<usize>,
}

#[derive(Clone)]
struct Entry {
    number: usize,
    time: String,
    name: &'static str,
    text: String,
}

impl EventLog {
    /// Listens until the current owner is cleaned up.
    pub(crate) fn start() -> Self {
        let log = Self { entries: RwSignal::default(), refreshes: StoredValue::new(0) };
        use_session().on_event(move |event| log.add(event));
        log
    }

    /// How many refreshes this page has seen.
    pub(crate) fn refreshes(self) -> usize {
        self.refreshes.get_value()
    }

    fn add(self, event: &SessionEvent) {
        if *event == SessionEvent::RefreshSession {
            self.refreshes.update_value(|count| *count += 1);
        }
        self.entries.update(|entries| {
            let number = entries.first().map_or(0, |newest| newest.number + 1);
            let (name, text) = describe(event);
            entries.insert(0, Entry { number, time: time_of_day(), name, text });
            entries.truncate(MAX_ENTRIES);
        });
    }
}

fn describe(event: &SessionEvent) -> (&'static str, String) {
    let (name, text) = match event {
        SessionEvent::SessionCreated => ("SessionCreated", "A session was created."),
        SessionEvent::RefreshSession => ("RefreshSession", "The session was refreshed and has new tokens."),
        SessionEvent::AccessTokenPayloadUpdated => {
            ("AccessTokenPayloadUpdated", "The access token’s payload changed.")
        }
        SessionEvent::UserChanged => ("UserChanged", "The session now belongs to another user."),
        SessionEvent::SignOut => ("SignOut", "The user signed out."),
        SessionEvent::Unauthorised { session_expired_or_revoked: true } => {
            ("Unauthorised", "The session expired or was revoked.")
        }
        SessionEvent::Unauthorised { session_expired_or_revoked: false } => {
            ("Unauthorised", "The API rejected a request: no user is signed in.")
        }
        SessionEvent::ApiInvalidClaim { errors } => {
            let ids: Vec<_> = errors.iter().map(|error| error.id.as_str()).collect();
            return (
                "ApiInvalidClaim",
                format!("The API rejected a request because of these claims: {}.", ids.join(", ")),
            );
        }
        _ => ("Other", "This app does not know the event."),
    };
    (name, text.to_owned())
}

#[component]
pub(crate) fn EventLogView() -> impl IntoView {
    let EventLog { entries, .. } = expect_context();
    let is_empty = Memo::new(move |_| entries.with(Vec::is_empty));
    view! {
        <section class="card" aria-labelledby="events-title">
            <h2 id="events-title">"Events"</h2>
            <p class="hint">"The events that this page receives, newest first."</p>
            <Show when=move || is_empty.get()>
                <p class="empty">"No events since the page was loaded."</p>
            </Show>
            <div class="log" role="log" aria-labelledby="events-title" tabindex="0">
                <ol data-testid="event-log">
                    <For
                        each=move || entries.get()
                        key=|entry| entry.number
                        children=|Entry { time, name, text, .. }| {
                            view! {
                                <li data-event=name>
                                    <time>{time}</time>
                                    <div><code>{name}</code>" "<span>{text}</span></div>
                                </li>
                            }
                        }
                    />
                </ol>
            </div>
        </section>
    }
}
