use example_shared::sign_in::{
    Credentials, DEMO_PASSWORD, DEMO_USERS, RESET_PASSWORD, SignInErrors, sign_in, sign_in_label,
};
use leptos::{ev::SubmitEvent, html::Input, prelude::*};

use super::{Flow, use_page};
use crate::components::{ErrorNotice, FormField};

/// The values and the errors of the form.
#[derive(Clone, Copy)]
pub(super) struct PasswordForm {
    pub(super) is_new: RwSignal<bool>,
    pub(super) email: RwSignal<String>,
    password: RwSignal<String>,
    /// The code of a mail, in place of a password.
    pub(super) code: RwSignal<String>,
    errors: RwSignal<SignInErrors>,
}

impl PasswordForm {
    pub(super) fn new() -> Self {
        Self {
            is_new: RwSignal::new(false),
            email: RwSignal::default(),
            password: RwSignal::default(),
            code: RwSignal::default(),
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
pub(super) fn PasswordStep(flow: Flow) -> impl IntoView {
    let (form, reset_page) = (flow.form, use_page(RESET_PASSWORD));
    view! {
        <Show when=move || flow.has_password()>
            <Fields flow/>
            <p class="toggle">
                <Show when=move || !form.is_new.get()>
                    <a href=reset_page data-testid="forgot-password">"Forgot your password?"</a>
                    <span aria-hidden="true">" · "</span>
                </Show>
                <ToggleMode form/>
            </p>
        </Show>
    }
}

#[component]
fn Fields(flow: Flow) -> impl IntoView {
    let form = flow.form;
    let (email_input, password_input) = (NodeRef::<Input>::new(), NodeRef::<Input>::new());
    let submit = Action::new_local(move |(credentials, is_new): &(Credentials, bool)| {
        let (client, tenant) = (flow.client.get_value(), flow.tenant.get_value());
        let signing_in = sign_in(client, tenant, credentials.clone(), *is_new);
        // After a sign-in, `go_when_signed_in` leaves the page.
        async move { form.errors.try_set(signing_in.await) }
    });
    let is_busy = submit.pending();
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !is_busy.get_untracked() {
            submit.dispatch((form.credentials(), form.is_new.get_untracked()));
        }
    };
    if flow.has_moved.get_value() {
        email_input.on_load(|input| {
            input.focus().ok();
        });
    }
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
            {move || form.errors.get().form.map(|text| view! { <ErrorNotice testid="form-error" text/> })}
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
    }
}

#[component]
fn ToggleMode(form: PasswordForm) -> impl IntoView {
    let toggle = move |_| {
        form.clear_errors();
        form.is_new.update(|is_new| *is_new = !*is_new);
    };
    let label = move || match form.is_new.get() {
        true => "Sign in instead",
        false => "Create an account",
    };
    view! { <button type="button" class="link" data-testid="toggle-mode" on:click=toggle>{label}</button> }
}

/// The demo users of the example API.
#[component]
pub(super) fn DemoUsers(form: PasswordForm) -> impl IntoView {
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
