//! The login page, with all ways to sign in.

mod callback;
mod code;
mod link;
mod methods;
mod password;
mod reset_password;

pub(crate) use callback::ProviderCallback;
use code::{CodeStep, EmailStep};
use example_shared::{
    HOME,
    api::Inbox,
    sign_in::{Methods, Step, asking_app, login_methods, tenant_text},
};
pub(crate) use link::MagicLink;
use methods::OtherMethods;
use password::{DemoUsers, PasswordForm, PasswordStep, use_form};
pub(crate) use reset_password::ResetPassword;
use supertokens_yew::{
    SessionStatus, UnauthenticatedReason, use_go_when_signed_in, use_return_address, use_session,
    use_session_status,
};
use yew::prelude::*;

use crate::{
    components::{DemoMailbox, ErrorNotice, Field, Link, Loading, Notice, Page, use_field},
    hooks::{use_query, use_value},
};

#[component]
pub(crate) fn Login() -> Html {
    let return_address = use_return_address(HOME).continue_oauth2();
    use_go_when_signed_in(return_address);
    let tenant = use_query("tenantId");
    match use_session_status() {
        // A signed-in user is redirected and must not see the form.
        SessionStatus::Loading | SessionStatus::Authenticated => html! { <Loading/> },
        _ => html! { <LoginPage key={tenant.clone().unwrap_or_default()} tenant={tenant.clone()}/> },
    }
}

/// What the parts of the login page share.
#[derive(Clone, PartialEq)]
struct Flow {
    tenant: Option<String>,
    step: UseStateHandle<Step>,
    /// Whether the user has changed the step. Then the field of the next step takes the focus.
    has_moved: UseStateHandle<bool>,
    /// None until the server responds.
    methods: Option<Methods>,
    inbox: UseStateHandle<Option<Inbox>>,
    form: PasswordForm,
    /// The code of a mail.
    code: Field,
}

#[hook]
fn use_flow(tenant: Option<String>) -> Flow {
    let client = use_session().client();
    let first = Step::first(&client, tenant.as_deref());
    let methods = use_value((), {
        let tenant = tenant.clone();
        move || login_methods(client.clone(), tenant.clone())
    });
    Flow {
        tenant,
        step: use_state(|| first),
        has_moved: use_state(|| false),
        methods,
        inbox: use_state(|| None),
        form: use_form(),
        code: use_field(),
    }
}

impl Flow {
    fn go_to(&self, step: Step) {
        self.has_moved.set(true);
        self.step.set(step);
    }

    /// Shows the form for the address. The attempt has ended.
    fn restart(&self, step: Step) {
        self.inbox.set(None);
        self.go_to(step);
    }

    fn has_password(&self) -> bool {
        self.methods.as_ref().is_none_or(|methods| methods.has_password)
    }

    /// A tenant without passwords starts with the code.
    fn current_step(&self) -> Step {
        match (&*self.step, &self.methods) {
            (Step::Password, Some(methods)) if !methods.has_password && methods.code.is_some() => {
                Step::Email { notice: None }
            }
            (step, _) => step.clone(),
        }
    }
}

#[derive(Properties, PartialEq)]
struct FlowProps {
    flow: Flow,
}

#[derive(Properties, PartialEq)]
struct LoginPageProps {
    tenant: Option<String>,
}

#[component]
fn LoginPage(LoginPageProps { tenant }: &LoginPageProps) -> Html {
    let flow = use_flow(tenant.clone());
    let organisation = tenant_text(tenant.as_deref());
    let step = flow.current_step();
    let title = step.title(flow.form.is_new());
    // The demo users belong to the default tenant.
    let has_demo_users = organisation.is_none() && step == Step::Password && flow.has_password();
    let form = match &step {
        Step::Password => html! { <PasswordStep flow={flow.clone()}/> },
        Step::Email { notice } => html! { <EmailStep flow={flow.clone()} notice={*notice}/> },
        Step::Code(attempt) => html! { <CodeStep flow={flow.clone()} attempt={attempt.clone()}/> },
    };
    html! {
        <Page {title} id="login-page" is_narrow={true}>
            <SignInReason/>
            <AskingApp/>
            if let Some(name) = organisation {
                <Notice id="tenant-notice">
                    {"You sign in to the organisation "}<strong>{name}</strong>{"."}
                </Notice>
            }
            <div class="card">
                {form}
                if !matches!(step, Step::Code(_)) {
                    <OtherMethods flow={flow.clone()}/>
                }
            </div>
            <DemoMailbox inbox={(*flow.inbox).clone()} code={flow.code.clone()}/>
            if has_demo_users {
                <DemoUsers form={flow.form}/>
            }
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

/// Shows which other app sent the user here.
#[component]
fn AskingApp() -> Html {
    match use_query("loginChallenge") {
        Some(challenge) => html! { <AskingAppOf {challenge}/> },
        None => Html::default(),
    }
}

#[derive(Properties, PartialEq)]
struct AskingAppProps {
    challenge: String,
}

#[component]
fn AskingAppOf(AskingAppProps { challenge }: &AskingAppProps) -> Html {
    let client = use_session().client();
    let app = use_value(challenge.clone(), {
        let challenge = challenge.clone();
        move || asking_app(client.clone(), challenge.clone())
    });
    match app {
        None => html! { <Notice id="oauth-notice">{"Another app asks you to sign in."}</Notice> },
        Some(Ok(name)) => html! {
            <Notice id="oauth-notice"><strong>{name}</strong>{" asks you to sign in."}</Notice>
        },
        Some(Err(text)) => html! { <ErrorNotice id="oauth-error" {text}/> },
    }
}

#[derive(Properties, PartialEq)]
struct BackToSignInProps {
    href: AttrValue,
}

/// A link to the login page.
#[component]
fn BackToSignIn(BackToSignInProps { href }: &BackToSignInProps) -> Html {
    html! { <p class="toggle"><Link {href} id="back-to-sign-in">{"Back to sign-in"}</Link></p> }
}
