use supertokens_ui::devtools::{
    BUTTON, CLOSE, Devtools, EVENTS, EventEntry, Fact, NO_EVENTS, PANEL_ID, Report, TITLE,
};
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::{hooks::use_changes, session::use_session};

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
/// devtools = ["supertokens-yew/devtools"]
/// ```
///
/// ```
/// use supertokens_yew::{SessionConfig, SessionDevtools, SessionProvider};
/// use yew::prelude::*;
///
/// #[component]
/// fn App() -> Html {
///     let config = SessionConfig::builder("https://api.example.com").build();
///     html! { <SessionProvider {config}>{"The app"}<SessionDevtools/></SessionProvider> }
/// }
/// ```
///
/// # Panics
/// Outside a `SessionProvider`.
#[component]
pub fn SessionDevtools() -> Html {
    let (session, update) = (use_session(), use_force_update());
    // The first view has to equal the server's, which shows nothing.
    let devtools = use_state(|| None);
    use_effect_with(session.clone(), {
        let devtools = devtools.setter();
        move |session| {
            devtools
                .set(session.with_sync(|sync| Devtools::start(sync.clone(), move || update.force_update())));
        }
    });
    use_changes(&session, Box::new(|| true));
    let (is_open, button) = (use_state(|| false), use_node_ref());
    let Some(started) = &*devtools else { return Html::default() };
    let set_open = {
        let (devtools, is_open) = (devtools.clone(), is_open.clone());
        Callback::from(move |open| {
            is_open.set(open);
            if let Some(devtools) = &*devtools {
                devtools.set_open(open);
            }
        })
    };
    let close = {
        let (set_open, button) = (set_open.clone(), button.clone());
        Callback::from(move |()| {
            set_open.emit(false);
            // The button with the focus may have been in the panel. It fails only if the page is being closed.
            let _ = button.cast::<HtmlElement>().map(|button| button.focus());
        })
    };
    let is_open = *is_open;
    let onkeydown = {
        let close = close.clone();
        move |event: KeyboardEvent| {
            if event.key() == "Escape" && is_open {
                close.emit(());
            }
        }
    };
    let report = started.report();
    html! {
        <div class="st-devtools" data-status={report.status} {onkeydown}>
            <button
                type="button"
                class="st-devtools-toggle"
                ref={button}
                aria-expanded={is_open.to_string()}
                aria-controls={PANEL_ID}
                aria-label={format!("{TITLE}: {}", report.status)}
                onclick={move |_| set_open.emit(!is_open)}
            >
                <span class="st-devtools-dot"></span>
                {BUTTON}
            </button>
            if is_open {
                {panel(report, close)}
            }
        </div>
    }
}

fn panel(report: Report, close: Callback<()>) -> Html {
    html! {
        <section class="st-devtools-panel" id={PANEL_ID} aria-label={TITLE}>
            <div class="st-devtools-head">
                <span class="st-devtools-dot"></span>
                <span class="st-devtools-title">{TITLE}</span>
                <button type="button" class="st-devtools-close" onclick={move |_| close.emit(())}>{CLOSE}</button>
            </div>
            // Browsers scroll it by keyboard only if it can have the focus.
            <div class="st-devtools-body" tabindex="0" role="group" aria-label={TITLE}>
                <p class="st-devtools-why">{report.explanation}</p>
                <dl class="st-devtools-facts">{for report.facts.into_iter().map(fact)}</dl>
                <p class="st-devtools-subtitle">{EVENTS}</p>
                if report.events.is_empty() {
                    <p class="st-devtools-empty">{NO_EVENTS}</p>
                } else {
                    <ol class="st-devtools-events">{for report.events.into_iter().map(event)}</ol>
                }
            </div>
        </section>
    }
}

fn fact(Fact { name, label, value, .. }: Fact) -> Html {
    html! { <div key={name} data-fact={name}><dt>{label}</dt><dd>{value}</dd></div> }
}

fn event(EventEntry { number, time, name, text, .. }: EventEntry) -> Html {
    html! { <li key={number} data-event={name}><time>{time}</time><code>{name}</code><span>{text}</span></li> }
}
