use example_shared::{
    DEMO_PASSWORD, DEMO_USERS, HOME, SignInErrors,
    api::{ApiError, Credentials, SignIn},
    sign_in_label,
};
use supertokens_yew::{
    SessionStatus, UnauthenticatedReason, use_return_address, use_return_when_signed_in, use_session_status,
};
use yew::prelude::*;

use crate::{
    components::{Button, Field, FormField, Loading, Notice, Page, use_field},
    hooks::{use_action, use_api},
};

#[component]
pub(crate) fn Login() -> Html {
    use_return_when_signed_in(HOME);
    match use_session_status() {
        // A signed-in user is redirected and must not see the form.
        SessionStatus::Loading | SessionStatus::Authenticated => html! { <Loading/> },
        _ => html! { <LoginPage/> },
    }
}

#[component]
fn LoginPage() -> Html {
    let form = use_form();
    let title = if *form.is_new { "Create an account" } else { "Sign in" };
    html! {
        <Page {title} id="login-page" is_narrow={true}>
            <SignInReason/>
            <div class="card">
                <LoginForm form={form.clone()}/>
                <ToggleMode form={form.clone()}/>
            </div>
            <DemoUsers {form}/>
        </Page>
    }
}

/// Shows why the user has to sign in.
#[component]
fn SignInReason() -> Html {
    let return_to = use_return_address(HOME).href();
    match use_session_status() {
        SessionStatus::Unauthenticated { reason: UnauthenticatedReason::ExpiredOrRevoked } => {
            html! { <Notice id="session-ended">{"Your session has ended. Please sign in again."}</Notice> }
        }
        SessionStatus::Unauthenticated { reason: UnauthenticatedReason::SignedOut } => {
            html! { <Notice id="signed-out-notice">{"You are signed out."}</Notice> }
        }
        _ if return_to == HOME => Html::default(),
        _ => html! {
            <Notice id="return-notice">{"Sign in to continue to "}<code>{return_to}</code>{"."}</Notice>
        },
    }
}

/// The values and the errors of the form.
#[derive(Clone, PartialEq)]
struct Form {
    is_new: UseStateHandle<bool>,
    email: Field,
    password: Field,
    errors: UseStateHandle<SignInErrors>,
}

#[hook]
fn use_form() -> Form {
    Form {
        is_new: use_state(|| false),
        email: use_field(),
        password: use_field(),
        errors: use_state(SignInErrors::default),
    }
}

impl Form {
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
struct FormProps {
    form: Form,
}

#[component]
fn LoginForm(FormProps { form }: &FormProps) -> Html {
    let api = use_api();
    let sign_in = move |(credentials, is_new): (Credentials, bool)| {
        let api = api.clone();
        async move { api.sign_in(&credentials, is_new).await }
    };
    // After a sign-in, `use_return_when_signed_in` leaves the page.
    let done = {
        let form = form.clone();
        move |outcome: Result<SignIn, ApiError>| form.show(outcome.into())
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
            if let Some(error) = error {
                <p class="notice bad" role="alert" data-testid="form-error">{error}</p>
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
    let (question, label) = match *form.is_new {
        true => ("Already have an account?", "Sign in instead"),
        false => ("New here?", "Create an account"),
    };
    let toggle = {
        let form = form.clone();
        move |_| form.choose(!*form.is_new)
    };
    html! {
        <p class="toggle">
            {question}{" "}
            <button type="button" class="link" data-testid="toggle-mode" onclick={toggle}>{label}</button>
        </p>
    }
}

/// The demo users of the example API.
#[component]
fn DemoUsers(FormProps { form }: &FormProps) -> Html {
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
