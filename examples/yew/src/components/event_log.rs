use std::rc::Rc;

use example_shared::{Entry, EventLog};
use supertokens_yew::{SessionEvent, use_session_event};
use yew::prelude::*;

/// The event log as the state of a component.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct LogState(pub(crate) EventLog);

impl Reducible for LogState {
    type Action = SessionEvent;

    fn reduce(self: Rc<Self>, event: SessionEvent) -> Rc<Self> {
        let mut log = Rc::unwrap_or_clone(self);
        log.0.add(&event);
        log.into()
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct EventLogProviderProps {
    pub(crate) children: Html,
}

/// Listens to the session's events.
#[component]
pub(crate) fn EventLogProvider(props: &EventLogProviderProps) -> Html {
    let log = use_reducer(LogState::default);
    use_session_event(log.dispatcher().into());
    html! {
        <ContextProvider<UseReducerHandle<LogState>> context={log}>
            {props.children.clone()}
        </ContextProvider<UseReducerHandle<LogState>>>
    }
}

/// The log of the nearest [`EventLogProvider`]. Its handle reads the current value.
#[hook]
pub(crate) fn use_event_log() -> Option<UseReducerHandle<LogState>> {
    use_context()
}

#[component]
pub(crate) fn EventLogView() -> Html {
    let log = use_event_log();
    let entries = log.as_ref().map_or(&[][..], |log| &log.0.entries);
    let items = entries.iter().map(|Entry { number, time, name, text }| {
        html! {
            <li key={*number} data-event={*name}>
                <time>{time}</time>
                <div><code>{name}</code>{" "}<span>{text}</span></div>
            </li>
        }
    });
    html! {
        <section class="card" aria-labelledby="events-title">
            <h2 id="events-title">{"Events"}</h2>
            <p class="hint">{"The events that this page receives, newest first."}</p>
            if entries.is_empty() {
                <p class="empty">{"No events since the page was loaded."}</p>
            }
            <div class="log" role="log" aria-labelledby="events-title" tabindex="0">
                <ol data-testid="event-log">{for items}</ol>
            </div>
        </section>
    }
}
