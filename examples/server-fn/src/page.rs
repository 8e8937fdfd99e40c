//! The page: a login page, and a guarded page of notes.

use leptos::{ev::SubmitEvent, prelude::*, server_fn::client::try_set_server_url, task::spawn_local};
use leptos_router::{
    components::{Route, Router, Routes},
    path,
};
use serde_json::json;
use supertokens_leptos::{ProtectedRoute, SessionConfig, SessionProvider, use_return_address, use_session};

use crate::{list_notes, place_note};

/// The notes and the error of the last call, for all pages.
#[derive(Clone, Copy, Default)]
struct NotesState {
    notes: RwSignal<Vec<String>>,
    error: RwSignal<String>,
}

impl NotesState {
    /// Calls a function and shows its result.
    fn show_result(self, function: impl Future<Output = Result<Vec<String>, ServerFnError>> + 'static) {
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
    let api = api_domain();
    if let Some(api) = &api {
        // The functions run on the API. The call fails if a URL is already set.
        let _ = try_set_server_url(api.clone().leak());
    }
    let config = SessionConfig::builder(api.or_else(|| location().origin().ok()).unwrap_or_default()).build();
    let state = NotesState::default();
    provide_context(state);
    view! {
        <SessionProvider config>
            <Router>
                <Routes fallback=|| "Not found">
                    <Route path=path!("/login") view=Login/>
                    <ProtectedRoute path=path!("/") view=Notes fallback=|| "Loading…"/>
                </Routes>
            </Router>
            <p data-testid="error" role="alert">{state.error}</p>
        </SessionProvider>
    }
}

/// The API's origin, if it is not the page's.
fn api_domain() -> Option<String> {
    let meta = document().query_selector("meta[name=api-domain]").ok()??;
    meta.get_attribute("content").filter(|content| !content.is_empty())
}

#[component]
fn Notes() -> impl IntoView {
    let state = expect_context::<NotesState>();
    let text = RwSignal::new(String::new());
    state.show_result(list_notes());
    view! {
        <main data-testid="notes-page">
            <h1>"Notes"</h1>
            <ul data-testid="notes">
                {move || state.notes.get().into_iter().map(|note| view! { <li>{note}</li> }).collect_view()}
            </ul>
            <label>"Note " <input data-testid="note" bind:value=text/></label>
            <button data-testid="place" on:click=move |_| state.show_result(place_note(text.get_untracked()))>
                "Save"
            </button>
            <button data-testid="read" on:click=move |_| state.show_result(list_notes())>"Reload"</button>
        </main>
    }
}

#[component]
fn Login() -> impl IntoView {
    use_return_address("/").go_when_signed_in();
    let session = use_session();
    let error = expect_context::<NotesState>().error;
    let (email, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let form = json!({ "formFields": [
            { "id": "email", "value": email.get_untracked() },
            { "id": "password", "value": password.get_untracked() },
        ] });
        spawn_local(async move {
            let response = async { session.client().post("/auth/signin").json(&form).send().await };
            if let Err(failure) = response.await {
                error.set(failure.to_string());
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
