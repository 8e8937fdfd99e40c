use example_shared::sign_in::{
    Credentials, DEMO_PASSWORD, DEMO_USERS, RESET_PASSWORD, SignInErrors, sign_in, sign_in_label,
};
use supertokens_yew::use_session;
use yew::prelude::*;

use super::FlowProps;
use crate::{
    components::{Button, ErrorNotice, Field, FormField, Link, use_field},
    hooks::{use_action, use_page},
};

/// The values and the errors of the form.
#[derive(Clone, PartialEq)]
pub(super) struct PasswordForm {
    is_new: UseStateHandle<bool>,
    pub(super) email: Field,
    password: Field,
    errors: UseStateHandle<SignInErrors>,
}

#[hook]
pub(super) fn use_form() -> PasswordForm {
    PasswordForm {
        is_new: use_state(|| false),
        email: use_field(),
        password: use_field(),
        errors: use_state(SignInErrors::default),
    }
}

impl PasswordForm {
    pub(super) fn is_new(&self) -> bool {
        *self.is_new
    }

    fn credentials(&self) -> Credentials {
        Credentials { email: self.email.value(), password: self.password.value() }
    }

    fn choose(&self, is_new: bool) {
        self.errors.set(SignInErrors::default());
        self.is_new.set(is_new);
    }

    /// Shows the errors. The first field with an error takes the focus.
    fn show(&self, errors: SignInErrors) {
        if errors.email.is_some() {
            self.email.focus();
        } else if errors.password.is_some() {
            self.password.focus();
        }
        self.errors.set(errors);
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct FormProps {
    pub(super) form: PasswordForm,
}

#[component]
pub(super) fn PasswordStep(FlowProps { flow }: &FlowProps) -> Html {
    let reset_page = use_page(RESET_PASSWORD);
    if !flow.has_password() {
        return Html::default();
    }
    html! {
        <>
            <Fields flow={flow.clone()}/>
            <p class="toggle">
                if !flow.form.is_new() {
                    <Link href={reset_page} id="forgot-password">{"Forgot your password?"}</Link>
                    <span aria-hidden="true">{" · "}</span>
                }
                <ToggleMode form={flow.form.clone()}/>
            </p>
        </>
    }
}

#[component]
fn Fields(FlowProps { flow }: &FlowProps) -> Html {
    let (client, form) = (use_session().client(), &flow.form);
    use_effect_with((), {
        let flow = flow.clone();
        move |()| {
            if *flow.has_moved {
                flow.form.email.focus();
            }
        }
    });
    let tenant = flow.tenant.clone();
    let sign_in = move |(credentials, is_new): (Credentials, bool)| {
        sign_in(client.clone(), tenant.clone(), credentials, is_new)
    };
    // After a sign-in, `use_go_when_signed_in` leaves the page.
    let done = {
        let form = form.clone();
        move |errors| form.show(errors)
    };
    let submit = use_action(sign_in, done);
    let onsubmit = {
        let (form, start) = (form.clone(), submit.start);
        move |event: SubmitEvent| {
            event.prevent_default();
            start.emit((form.credentials(), *form.is_new));
        }
    };
    let SignInErrors { email, password, form: error } = (*form.errors).clone();
    html! {
        <form novalidate={true} {onsubmit}>
            if let Some(text) = error {
                <ErrorNotice id="form-error" {text}/>
            }
            <FormField
                id="email"
                label="E-mail"
                kind="email"
                autocomplete="username"
                field={form.email.clone()}
                error={email}
            />
            <FormField
                id="password"
                label="Password"
                kind="password"
                autocomplete={if *form.is_new { "new-password" } else { "current-password" }}
                field={form.password.clone()}
                error={password}
            />
            <Button is_submit={true} class="primary" id="submit" is_busy={submit.is_busy}>
                {sign_in_label(submit.is_busy, *form.is_new)}
            </Button>
        </form>
    }
}

#[component]
fn ToggleMode(FormProps { form }: &FormProps) -> Html {
    let label = if form.is_new() { "Sign in instead" } else { "Create an account" };
    let toggle = {
        let form = form.clone();
        move |_| form.choose(!*form.is_new)
    };
    html! { <button type="button" class="link" data-testid="toggle-mode" onclick={toggle}>{label}</button> }
}

/// The demo users of the example API.
#[component]
pub(super) fn DemoUsers(FormProps { form }: &FormProps) -> Html {
    let users = DEMO_USERS.map(|(email, role)| {
        let form = form.clone();
        let fill_in = move |_| {
            form.choose(false);
            form.email.set(email);
            form.password.set(DEMO_PASSWORD);
        };
        html! {
            <li>
                <span><code>{email}</code>{" "}<span class="muted">{role}</span></span>
                <Button label={format!("Fill in {email}")} onclick={fill_in}>{"Fill in"}</Button>
            </li>
        }
    });
    html! {
        <section class="demo-users" aria-labelledby="demo-title">
            <h2 id="demo-title">{"Demo accounts"}</h2>
            <p class="hint">
                {"The demo has two users. Both have the password "}<code>{DEMO_PASSWORD}</code>{"."}
            </p>
            <ul>{for users}</ul>
        </section>
    }
}
