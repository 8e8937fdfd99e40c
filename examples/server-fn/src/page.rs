//! What is seen of it: a login page, and a guarded page of notes.

use leptos::{ev::SubmitEvent, prelude::*, server_fn::client::try_set_server_url, task::spawn_local};
use leptos_router::{
    components::{Route, Router, Routes},
    path,
};
use serde_json::json;
use supertokens_leptos::{ProtectedRoute, SessionConfig, SessionProvider, use_return_address, use_session};

use crate::{list_notes, place_note};

/// What is shown, whichever page there is.
#[derive(Clone, Copy, Default)]
struct Shown {
    notes: RwSignal<Vec<String>>,
    error: RwSignal<String>,
}

impl Shown {
    /// Shows what a function answers.
    fn answer_of(self, function: impl Future<Output = Result<Vec<String>, ServerFnError>> + 'static) {
        self.error.set(String::new());
        spawn_local(async move {
            match function.await {
                Ok(notes) => self.notes.set(notes),
                Err(error) => self.error.set(error.to_string()),
            }
        });
    }
}

/// The app.
#[component]
pub fn App() -> impl IntoView {
    let api = elsewhere();
    if let Some(api) = &api {
        // The functions run on the API. It fails where they have a server already.
        let _ = try_set_server_url(api.clone().leak());
    }
    let config = SessionConfig::builder(api.or_else(|| location().origin().ok()).unwrap_or_default()).build();
    let shown = Shown::default();
    provide_context(shown);
    view! {
        <SessionProvider config>
            <Router>
                <Routes fallback=|| "Not found">
                    <Route path=path!("/login") view=Login/>
                    <ProtectedRoute path=path!("/") view=Notes fallback=|| "One moment…"/>
                </Routes>
            </Router>
            <p data-testid="error" role="alert">{shown.error}</p>
        </SessionProvider>
    }
}

/// The API's origin, where it is another than the page's.
fn elsewhere() -> Option<String> {
    let meta = document().query_selector("meta[name=api-domain]").ok()??;
    meta.get_attribute("content").filter(|content| !content.is_empty())
}

#[component]
fn Notes() -> impl IntoView {
    let shown = expect_context::<Shown>();
    let text = RwSignal::new(String::new());
    shown.answer_of(list_notes());
    view! {
        <main data-testid="notes-page">
            <h1>"Notes"</h1>
            <ul data-testid="notes">
                {move || shown.notes.get().into_iter().map(|note| view! { <li>{note}</li> }).collect_view()}
            </ul>
            <label>"Note " <input data-testid="note" bind:value=text/></label>
            <button data-testid="place" on:click=move |_| shown.answer_of(place_note(text.get_untracked()))>
                "Keep it"
            </button>
            <button data-testid="read" on:click=move |_| shown.answer_of(list_notes())>"Read again"</button>
        </main>
    }
}

#[component]
fn Login() -> impl IntoView {
    use_return_address("/").go_when_signed_in();
    let session = use_session();
    let error = expect_context::<Shown>().error;
    let (email, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let form = json!({ "formFields": [
            { "id": "email", "value": email.get_untracked() },
            { "id": "password", "value": password.get_untracked() },
        ] });
        spawn_local(async move {
            let sent = async { session.client().post("/auth/signin").json(&form).send().await };
            if let Err(problem) = sent.await {
                error.set(problem.to_string());
            }
        });
    };
    view! {
        <form data-testid="login-page" on:submit=submit>
            <h1>"Sign in"</h1>
            <label>"E-mail " <input data-testid="email" type="email" bind:value=email/></label>
            <label>"Password " <input data-testid="password" type="password" bind:value=password/></label>
            <button data-testid="submit">"Sign in"</button>
        </form>
    }
}
