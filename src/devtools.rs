use leptos::{html, prelude::*};
use supertokens_ui::devtools::{
    BUTTON, CLOSE, Devtools, EVENTS, EventEntry, Fact, NO_EVENTS, PANEL_ID, Report, TITLE,
};

use crate::{
    browser_value::BrowserValue,
    reactive::{ErasedMemo, dynamic, effect},
    use_session,
};

/// A panel for developers: a small button at the bottom right opens it. It shows the status and its reason, the user's
/// id, the expiry of the access token, the last refresh, the kind of lock that tabs use, and the last 50 events. It shows
/// no token.
///
/// Put it into the [`SessionProvider`](crate::SessionProvider), after the app. Its style sheet changes only the panel, and
/// a strict Content-Security-Policy allows it. A server renders nothing here.
///
/// It needs the feature `devtools`. Turn that on in debug builds only, for example by a feature of the app:
///
/// ```toml
/// [features]
/// devtools = ["supertokens-leptos/devtools"]
/// ```
///
/// ```
/// use leptos::prelude::*;
/// use supertokens_leptos::{SessionConfig, SessionDevtools, SessionProvider};
///
/// #[component]
/// fn App() -> impl IntoView {
///     let config = SessionConfig::builder("https://api.example.com").build();
///     view! {
///         <SessionProvider config>
///             "The app"
///             <SessionDevtools/>
///         </SessionProvider>
///     }
/// }
/// ```
///
/// # Panics
/// Outside a `SessionProvider`.
#[component]
pub fn SessionDevtools() -> impl IntoView {
    let session = use_session();
    let changes = RwSignal::new(());
    let devtools = session.sync.map(|sync| {
        Devtools::start(sync.clone(), move || {
            changes.try_set(());
        })
    });
    let report = ErasedMemo::new(move || {
        session.snapshot.track();
        changes.track();
        devtools.with(Devtools::report).unwrap_or_default()
    });
    // The first view has to equal the server's, which shows nothing.
    let is_mounted = RwSignal::new(false);
    effect(Box::new(move || is_mounted.set(true)));
    let view = Panel { devtools, report, is_open: RwSignal::new(false), button: NodeRef::new() };
    dynamic(Box::new(move || if is_mounted.get() { view.show() } else { ().into_any() }))
}

#[derive(Clone, Copy)]
struct Panel {
    devtools: BrowserValue<Devtools>,
    report: ErasedMemo<Report>,
    is_open: RwSignal<bool>,
    button: NodeRef<html::Button>,
}

impl Panel {
    fn show(self) -> AnyView {
        let Self { report, is_open, button, .. } = self;
        let status = move || report.with(|report| report.status);
        view! {
            <div
                class="st-devtools"
                data-status=status
                on:keydown=move |event| {
                    if event.key() == "Escape" && is_open.get_untracked() {
                        self.close();
                    }
                }
            >
                <button
                    type="button"
                    class="st-devtools-toggle"
                    node_ref=button
                    aria-expanded=move || is_open.get().to_string()
                    aria-controls=PANEL_ID
                    aria-label=move || format!("{TITLE}: {}", status())
                    on:click=move |_| self.set_open(!is_open.get_untracked())
                >
                    <span class="st-devtools-dot"></span>
                    {BUTTON}
                </button>
                {dynamic(Box::new(move || if is_open.get() { self.opened() } else { ().into_any() }))}
            </div>
        }
        .into_any()
    }

    fn opened(self) -> AnyView {
        let report = self.report;
        view! {
            <section class="st-devtools-panel" id=PANEL_ID aria-label=TITLE>
                <div class="st-devtools-head">
                    <span class="st-devtools-dot"></span>
                    <span class="st-devtools-title">{TITLE}</span>
                    <button type="button" class="st-devtools-close" on:click=move |_| self.close()>{CLOSE}</button>
                </div>
                // Browsers scroll it by keyboard only if it can have the focus.
                <div class="st-devtools-body" tabindex="0" role="group" aria-label=TITLE>
                    <p class="st-devtools-why">{move || report.with(|report| report.explanation)}</p>
                    <dl class="st-devtools-facts">{move || facts(report.get().facts)}</dl>
                    <p class="st-devtools-subtitle">{EVENTS}</p>
                    {dynamic(Box::new(move || events(report.get().events)))}
                </div>
            </section>
        }
        .into_any()
    }

    fn close(self) {
        self.set_open(false);
        // The button with the focus may have been in the panel.
        if let Some(button) = self.button.get_untracked() {
            // It fails only if the page is being closed.
            let _ = button.focus();
        }
    }

    fn set_open(self, is_open: bool) {
        self.is_open.set(is_open);
        self.devtools.with(|devtools| devtools.set_open(is_open));
    }
}

fn facts(facts: Vec<Fact>) -> AnyView {
    let rows = facts.into_iter().map(|Fact { name, label, value, .. }| {
        view! { <div data-fact=name><dt>{label}</dt><dd>{value}</dd></div> }
    });
    rows.collect_view().into_any()
}

fn events(events: Vec<EventEntry>) -> AnyView {
    if events.is_empty() {
        return view! { <p class="st-devtools-empty">{NO_EVENTS}</p> }.into_any();
    }
    let rows = events.into_iter().map(|EventEntry { time, name, text, .. }| {
        view! { <li data-event=name><time>{time}</time><code>{name}</code><span>{text}</span></li> }
    });
    view! { <ol class="st-devtools-events">{rows.collect_view()}</ol> }.into_any()
}
