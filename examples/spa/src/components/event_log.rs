use example_shared::{Entry, EventLog};
use leptos::prelude::*;

#[component]
pub(crate) fn EventLogView() -> impl IntoView {
    let log: RwSignal<EventLog> = expect_context();
    let is_empty = Memo::new(move |_| log.with(|log| log.entries.is_empty()));
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
                        each=move || log.with(|log| log.entries.clone())
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
