use leptos::{ev::SubmitEvent, html::Input, prelude::*};
use serde_json::{Value, json};
use supertokens_leptos::{SessionClient, SessionError, SessionStatus, use_return_address, use_session};

use crate::components::{Loading, Page, use_hydrated};

const DEMO_PASSWORD: &str = "Passw0rd!";
const DEMO_USERS: [(&str, &str); 2] =
    [("user@example.com", "a user"), ("admin@example.com", "an administrator")];

#[component]
pub(crate) fn Login() -> impl IntoView {
    use_return_address("/account").go_when_signed_in();
    let status = use_session().status();
    // A signed-in user is redirected, and must not see the form.
    let shows_form =
        Memo::new(move |_| !matches!(status.get(), SessionStatus::Loading | SessionStatus::Authenticated));
    move || if shows_form.get() { view! { <LoginPage/> }.into_any() } else { view! { <Loading/> }.into_any() }
}

#[component]
fn LoginPage() -> impl IntoView {
    let (email, password) = (NodeRef::<Input>::new(), NodeRef::<Input>::new());
    let client = use_session().client();
    let sign_in = Action::new_local(move |(email, password): &(String, String)| {
        sign_in(client.clone(), email.clone(), password.clone())
    });
    let (is_busy, is_hydrated) = (sign_in.pending(), use_hydrated());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        // The texts may be older than the hydration, so they are in the inputs and not in signals.
        if let (Some(email), Some(password), false) =
            (email.get_untracked(), password.get_untracked(), is_busy.get_untracked())
        {
            sign_in.dispatch((email.value(), password.value()));
        }
    };
    let users = DEMO_USERS.map(|(user, role)| {
        let fill_in = move |_| {
            for (input, text) in [(email, user), (password, DEMO_PASSWORD)] {
                if let Some(input) = input.get_untracked() {
                    input.set_value(text);
                }
            }
        };
        view! {
            <li>
                <span><code>{user}</code>" "<span class="muted">{role}</span></span>
                <button type="button" class="button" aria-label=format!("Fill in {user}") on:click=fill_in>
                    "Fill in"
                </button>
            </li>
        }
    });
    view! {
        <Page title="Sign in" testid="login-page" is_narrow=true>
            <div class="card">
                <form novalidate on:submit=submit>
                    {move || sign_in.value().get().flatten().map(|error| view! {
                        <p class="notice bad" role="alert" data-testid="form-error">{error}</p>
                    })}
                    <div class="field">
                        <label for="email">"E-mail"</label>
                        <input id="email" type="email" autocomplete="username" data-testid="email" node_ref=email/>
                    </div>
                    <div class="field">
                        <label for="password">"Password"</label>
                        <input
                            id="password"
                            type="password"
                            autocomplete="current-password"
                            data-testid="password"
                            node_ref=password
                        />
                    </div>
                    <button
                        type="submit"
                        class="button primary"
                        data-testid="submit"
                        disabled=move || !is_hydrated.get()
                        aria-disabled=move || is_busy.get().to_string()
                    >
                        {move || if is_busy.get() { "Signing in…" } else { "Sign in" }}
                    </button>
                </form>
            </div>
            <section class="demo-users" aria-labelledby="demo-title">
                <h2 id="demo-title">"Demo accounts"</h2>
                <p class="hint">
                    "The demo has two users. Both have the password " <code>{DEMO_PASSWORD}</code> "."
                </p>
                <ul>{users.into_iter().collect_view()}</ul>
            </section>
        </Page>
    }
}

/// Signs in at the API. Returns what went wrong. After a success, `go_when_signed_in` leaves the page.
async fn sign_in(client: SessionClient, email: String, password: String) -> Option<String> {
    let form = json!({ "formFields": [
        { "id": "email", "value": email },
        { "id": "password", "value": password },
    ] });
    let send = async { client.post("/auth/signin").json(&form).send().await?.json::<Value>().await };
    match send.await {
        Ok(body) => error_of(&body),
        Err(SessionError::NotInBrowser) => None,
        Err(error) => Some(error.to_string()),
    }
}

/// The error in the response to a sign-in.
fn error_of(body: &Value) -> Option<String> {
    let error = match body["status"].as_str() {
        Some("OK") => return None,
        Some("WRONG_CREDENTIALS_ERROR") => "The e-mail or the password is wrong.",
        Some("FIELD_ERROR") => body["formFields"][0]["error"].as_str().unwrap_or_default(),
        _ => body["message"].as_str().or(body["reason"].as_str()).unwrap_or("The sign-in failed."),
    };
    Some(error.to_owned())
}
