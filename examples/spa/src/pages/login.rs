use example_shared::{DEMO_PASSWORD, DEMO_USERS, HOME, SignInErrors, api::Credentials, sign_in_label};
use leptos::{ev::SubmitEvent, html::Input, prelude::*};
use supertokens_leptos::{SessionStatus, UnauthenticatedReason, use_return_address, use_session};

use crate::{
    api::use_api,
    components::{FormField, Loading, Notice, Page},
};

#[component]
pub(crate) fn Login() -> impl IntoView {
    use_return_address(HOME).go_when_signed_in();
    let status = use_session().status();
    // A signed-in user is redirected and must not see the form.
    let shows_form =
        Memo::new(move |_| !matches!(status.get(), SessionStatus::Loading | SessionStatus::Authenticated));
    move || if shows_form.get() { view! { <LoginPage/> }.into_any() } else { view! { <Loading/> }.into_any() }
}

#[component]
fn LoginPage() -> impl IntoView {
    let form = Form::new();
    let title = Signal::derive(move || if form.is_new.get() { "Create an account" } else { "Sign in" });
    view! {
        <Page title testid="login-page" is_narrow=true>
            <SignInReason/>
            <div class="card"><LoginForm form/></div>
            <DemoUsers form/>
        </Page>
    }
}

/// Shows why the user has to sign in.
#[component]
fn SignInReason() -> impl IntoView {
    let status = use_session().status();
    let return_to = StoredValue::new(use_return_address(HOME).href());
    move || match status.get() {
        SessionStatus::Unauthenticated { reason: UnauthenticatedReason::ExpiredOrRevoked } => {
            view! { <Notice testid="session-ended">"Your session has ended. Please sign in again."</Notice> }
                .into_any()
        }
        SessionStatus::Unauthenticated { reason: UnauthenticatedReason::SignedOut } => {
            view! { <Notice testid="signed-out-notice">"You are signed out."</Notice> }.into_any()
        }
        _ => match return_to.get_value() {
            path if path == HOME => ().into_any(),
            path => view! {
                <Notice testid="return-notice">"Sign in to continue to " <code>{path}</code> "."</Notice>
            }
            .into_any(),
        },
    }
}

/// The values and the errors of the form.
#[derive(Clone, Copy)]
struct Form {
    is_new: RwSignal<bool>,
    email: RwSignal<String>,
    password: RwSignal<String>,
    errors: RwSignal<SignInErrors>,
}

impl Form {
    fn new() -> Self {
        Self {
            is_new: RwSignal::new(false),
            email: RwSignal::default(),
            password: RwSignal::default(),
            errors: RwSignal::default(),
        }
    }

    fn credentials(self) -> Credentials {
        Credentials { email: self.email.get_untracked(), password: self.password.get_untracked() }
    }

    fn clear_errors(self) {
        self.errors.set(SignInErrors::default());
    }
}

#[component]
fn LoginForm(form: Form) -> impl IntoView {
    let api = use_api();
    let (email_input, password_input) = (NodeRef::<Input>::new(), NodeRef::<Input>::new());
    let submit = Action::new_local(move |(credentials, is_new): &(Credentials, bool)| {
        let (api, credentials, is_new) = (api.clone(), credentials.clone(), *is_new);
        // After a sign-in, `go_when_signed_in` leaves the page.
        async move { form.errors.set(api.sign_in(&credentials, is_new).await.into()) }
    });
    let is_busy = submit.pending();
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !is_busy.get_untracked() {
            submit.dispatch((form.credentials(), form.is_new.get_untracked()));
        }
    };
    // After each response, the first field with an error takes the focus.
    Effect::new(move |_| {
        submit.version().track();
        let SignInErrors { email, password, .. } = form.errors.get_untracked();
        let first = email.map(|_| email_input).or(password.map(|_| password_input));
        if let Some(input) = first.and_then(|input| input.get_untracked()) {
            input.focus().ok();
        }
    });
    let label = move || sign_in_label(is_busy.get(), form.is_new.get());
    let email_error = Memo::new(move |_| form.errors.with(|errors| errors.email.clone()));
    let password_error = Memo::new(move |_| form.errors.with(|errors| errors.password.clone()));
    view! {
        <form novalidate on:submit=on_submit>
            {move || form.errors.get().form.map(|error| view! {
                <p class="notice bad" role="alert" data-testid="form-error">{error}</p>
            })}
            <FormField
                id="email"
                label="E-mail"
                kind="email"
                autocomplete="username"
                value=form.email
                error=email_error
                input=email_input
            />
            <FormField
                id="password"
                label="Password"
                kind="password"
                autocomplete=Signal::derive(move || {
                    if form.is_new.get() { "new-password" } else { "current-password" }
                })
                value=form.password
                error=password_error
                input=password_input
            />
            <button
                type="submit"
                class="button primary"
                data-testid="submit"
                aria-disabled=move || is_busy.get().to_string()
            >
                {label}
            </button>
        </form>
        <ToggleMode form/>
    }
}

#[component]
fn ToggleMode(form: Form) -> impl IntoView {
    let toggle = move |_| {
        form.clear_errors();
        form.is_new.update(|is_new| *is_new = !*is_new);
    };
    let question = move || if form.is_new.get() { "Already have an account?" } else { "New here?" };
    let label = move || if form.is_new.get() { "Sign in instead" } else { "Create an account" };
    view! {
        <p class="toggle">
            {question} " "
            <button type="button" class="link" data-testid="toggle-mode" on:click=toggle>{label}</button>
        </p>
    }
}

/// The demo users of the example API.
#[component]
fn DemoUsers(form: Form) -> impl IntoView {
    let fill_in = move |email: &str| {
        form.clear_errors();
        form.is_new.set(false);
        form.email.set(email.to_owned());
        form.password.set(DEMO_PASSWORD.to_owned());
    };
    let users = DEMO_USERS.map(|(email, role)| {
        view! {
            <li>
                <span><code>{email}</code>" "<span class="muted">{role}</span></span>
                <button
                    type="button"
                    class="button"
                    aria-label=format!("Fill in {email}")
                    on:click=move |_| fill_in(email)
                >
                    "Fill in"
                </button>
            </li>
        }
    });
    view! {
        <section class="demo-users" aria-labelledby="demo-title">
            <h2 id="demo-title">"Demo accounts"</h2>
            <p class="hint">
                "The demo has two users. Both have the password " <code>{DEMO_PASSWORD}</code> "."
            </p>
            <ul>{users.into_iter().collect_view()}</ul>
        </section>
    }
}
