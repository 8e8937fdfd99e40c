//! The step-up page for the second factor. It adds an authenticator app, or asks for a code, and sends the user back to
//! the page that requires it.

use example_shared::{HOME, SecondFactor, find_device, send_totp, who::with_second_factor};
use leptos::prelude::*;
use supertokens_leptos::{use_return_address, use_session};

use crate::{
    api::use_api,
    components::{Announce, FieldForm, LoadError, Loading, Notice, Page},
};

#[component]
pub(crate) fn SecondFactorPage() -> impl IntoView {
    let session = use_session();
    let announce: Announce = expect_context();
    let return_address = use_return_address(HOME);
    let return_to = return_address.href();
    let is_complete = session.allows(with_second_factor());
    Effect::new(move |_| {
        if is_complete.get() == Some(true) {
            announce.announce("Your second factor is complete.");
            return_address.go();
        }
    });
    let factor = LocalResource::new(move || find_device(session.client()));
    let content = move || {
        Suspend::new(async move {
            match factor.await {
                Ok(factor) => view! { <CodeForm factor/> }.into_any(),
                Err(error) => {
                    let message = "Your authenticator app could not be found.";
                    let retry = move || factor.refetch();
                    view! { <LoadError testid="factor-error" message error retry/> }.into_any()
                }
            }
        })
    };
    view! {
        <Page title="Second factor" testid="second-factor-page" is_narrow=true>
            {(return_to != HOME).then(|| view! {
                <Notice testid="factor-notice">"Enter a code to continue to " <code>{return_to}</code> "."</Notice>
            })}
            <Suspense fallback=Loading>{content}</Suspense>
        </Page>
    }
}

#[component]
fn CodeForm(factor: SecondFactor) -> impl IntoView {
    let client = use_session().client();
    let code = RwSignal::new(String::new());
    let send = {
        let factor = factor.clone();
        // After a success, the effect of the page leaves it.
        move |code| send_totp(client.clone(), factor.clone(), code)
    };
    let introduction = match factor {
        SecondFactor::NewDevice { key, url, .. } => view! {
            <p>"Add this key to an authenticator app on your phone. Then enter the code that the app shows."</p>
            <p class="secret"><code data-testid="totp-secret">{key}</code></p>
            <p class="hint"><a href=url data-testid="totp-link">"Add it to an app on this device"</a></p>
        }
        .into_any(),
        SecondFactor::KnownDevice => {
            view! { <p>"Enter the code that your authenticator app shows."</p> }.into_any()
        }
    };
    view! {
        <div class="card">
            {introduction}
            <FieldForm
                id="totp-code"
                label="Code"
                autocomplete="one-time-code"
                value=code
                submit_id="submit-totp"
                submit_label="Continue"
                run=send
            />
        </div>
        <DemoApp code/>
    }
}

/// Shows the code of the authenticator app, so that the demo needs no phone.
#[component]
fn DemoApp(code: RwSignal<String>) -> impl IntoView {
    let api = use_api();
    let read = Action::new_local(move |(): &()| {
        let reading = api.clone().totp_code();
        async move {
            let current = reading.await?;
            code.try_set(current.clone());
            Ok::<_, String>(current)
        }
    });
    let shown = move || {
        read.value().get().map(|read| match read {
            Ok(current) => view! { <code data-testid="demo-code">{current}</code> }.into_any(),
            Err(error) => view! { <p class="muted">{error}</p> }.into_any(),
        })
    };
    view! {
        <section class="card roomy demo" aria-labelledby="demo-app-title">
            <h2 id="demo-app-title">"Demo authenticator app"</h2>
            <p class="hint">"The demo reads the current code from its server, which a real app must not do."</p>
            <div class="demo-row">
                <button
                    type="button"
                    class="button"
                    data-testid="fill-in-code"
                    aria-disabled=move || read.pending().get().to_string()
                    on:click=move |_| {
                        if !read.pending().get_untracked() {
                            read.dispatch(());
                        }
                    }
                >
                    "Fill in the current code"
                </button>
                {shown}
            </div>
        </section>
    }
}
