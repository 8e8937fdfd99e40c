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
    sign_in::{Methods, Step, asking_app, login_methods, tenant_text, with_query},
};
use leptos::{either::EitherOf3, prelude::*};
use leptos_router::hooks::{use_location, use_query_map};
pub(crate) use link::MagicLink;
use methods::OtherMethods;
use password::{DemoUsers, PasswordForm, PasswordStep};
pub(crate) use reset_password::ResetPassword;
use supertokens_leptos::{
    SessionClient, SessionStatus, UnauthenticatedReason, use_return_address, use_session,
};

use crate::components::{DemoMailbox, ErrorNotice, Loading, Notice, Page};

#[component]
pub(crate) fn Login() -> impl IntoView {
    use_return_address(HOME).continue_oauth2().go_when_signed_in();
    let status = use_session().status();
    // A signed-in user is redirected and must not see the form.
    let shows_form =
        Memo::new(move |_| !matches!(status.get(), SessionStatus::Loading | SessionStatus::Authenticated));
    let tenant = use_query("tenantId");
    move || match shows_form.get() {
        true => view! { <LoginPage tenant=tenant.get()/> }.into_any(),
        false => view! { <Loading/> }.into_any(),
    }
}

/// A parameter of the query. The router's, since the browser's changes only after the first view of a new page.
fn use_query(name: &'static str) -> Memo<Option<String>> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|query| query.get(name)).filter(|value| !value.is_empty()))
}

/// The address of a page, with the query of the current page.
fn use_page(page: &'static str) -> Signal<String> {
    let query = use_location().search;
    Signal::derive(move || query.with(|query| with_query(page, query)))
}

/// What the parts of the login page share.
#[derive(Clone, Copy)]
struct Flow {
    client: StoredValue<SessionClient>,
    tenant: StoredValue<Option<String>>,
    step: RwSignal<Step>,
    /// Whether the user has changed the step. Then the field of the next step takes the focus.
    has_moved: StoredValue<bool>,
    /// None until the server responds.
    methods: Signal<Option<Methods>>,
    inbox: RwSignal<Option<Inbox>>,
    form: PasswordForm,
}

impl Flow {
    fn new(client: SessionClient, tenant: Option<String>) -> Self {
        let step = RwSignal::new(Step::first(&client, tenant.as_deref()));
        let methods = LocalResource::new({
            let (client, tenant) = (client.clone(), tenant.clone());
            move || login_methods(client.clone(), tenant.clone())
        });
        Self {
            client: StoredValue::new(client),
            tenant: StoredValue::new(tenant),
            step,
            has_moved: StoredValue::new(false),
            methods: Signal::derive(move || methods.get()),
            inbox: RwSignal::new(None),
            form: PasswordForm::new(),
        }
    }

    /// Meanwhile the user may have left the page.
    fn go_to(self, step: Step) {
        self.has_moved.try_set_value(true);
        self.step.try_set(step);
    }

    fn restart(self, notice: Option<&'static str>) {
        self.inbox.try_set(None);
        if let Some(client) = self.client.try_get_value() {
            self.go_to(Step::restart(&client, notice));
        }
    }

    fn has_password(self) -> bool {
        self.methods.with(|methods| methods.as_ref().is_none_or(|methods| methods.has_password))
    }
}

#[component]
fn LoginPage(tenant: Option<String>) -> impl IntoView {
    let organisation = tenant_text(tenant.as_deref()).map(str::to_owned);
    // The demo users belong to the default tenant.
    let has_demo_users = organisation.is_none();
    let flow = Flow::new(use_session().client(), tenant);
    // A tenant without passwords starts with the code.
    Effect::new(move |_| {
        let needs_code = flow.methods.with(|methods| {
            methods.as_ref().is_some_and(|methods| !methods.has_password && methods.code.is_some())
        });
        if needs_code && flow.step.with_untracked(|step| *step == Step::Password) {
            flow.step.set(Step::Email { notice: None });
        }
    });
    let title = Signal::derive(move || flow.step.with(|step| step.title(flow.form.is_new.get())));
    let step = move || match flow.step.get() {
        Step::Password => EitherOf3::A(view! { <PasswordStep flow/> }),
        Step::Email { notice } => EitherOf3::B(view! { <EmailStep flow notice/> }),
        Step::Code(attempt) => EitherOf3::C(view! { <CodeStep flow attempt/> }),
    };
    let is_at = move |step: fn(&Step) -> bool| flow.step.with(step);
    view! {
        <Page title testid="login-page" is_narrow=true>
            <SignInReason/>
            <AskingApp/>
            {organisation.map(|name| view! {
                <Notice testid="tenant-notice">"You sign in to the organisation " <strong>{name}</strong> "."</Notice>
            })}
            <div class="card">
                {step}
                <Show when=move || !is_at(|step| matches!(step, Step::Code(_)))><OtherMethods flow/></Show>
            </div>
            <DemoMailbox inbox=flow.inbox code=flow.form.code/>
            <Show when=move || has_demo_users && is_at(|step| *step == Step::Password) && flow.has_password()>
                <DemoUsers form=flow.form/>
            </Show>
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

/// Shows which other app sent the user here.
#[component]
fn AskingApp() -> impl IntoView {
    let client = use_session().client();
    use_query("loginChallenge").get_untracked().map(|challenge| {
        let app = LocalResource::new(move || asking_app(client.clone(), challenge.clone()));
        move || match app.get() {
            None => {
                view! { <Notice testid="oauth-notice">"Another app asks you to sign in."</Notice> }.into_any()
            }
            Some(Ok(name)) => view! {
                <Notice testid="oauth-notice"><strong>{name}</strong> " asks you to sign in."</Notice>
            }
            .into_any(),
            Some(Err(text)) => view! { <ErrorNotice testid="oauth-error" text/> }.into_any(),
        }
    })
}

/// A link to the login page.
#[component]
fn BackToSignIn(#[prop(into)] href: Signal<String>) -> impl IntoView {
    view! { <p class="toggle"><a href=href data-testid="back-to-sign-in">"Back to sign-in"</a></p> }
}
