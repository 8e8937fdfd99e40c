//! The step-up page for the second factor. It adds an authenticator app, or asks for a code, and sends the user back to
//! the page that requires it.

use example_shared::{HOME, SecondFactor, find_device, send_totp, who::with_second_factor};
use supertokens_yew::{use_allows, use_return_address, use_session};
use yew::prelude::*;

use crate::{
    components::{Button, Field, FieldForm, LoadError, Notice, Page, submission, use_field},
    hooks::{use_action, use_announce, use_api, use_load},
};

#[component]
pub(crate) fn SecondFactorPage() -> Html {
    let (session, announce, return_address) = (use_session(), use_announce(), use_return_address(HOME));
    let return_to = return_address.href();
    let is_complete = use_allows(with_second_factor());
    use_effect_with(is_complete, move |is_complete| {
        if *is_complete == Some(true) {
            if let Some(announce) = announce {
                announce.announce("Your second factor is complete.");
            }
            return_address.go();
        }
    });
    let factor = use_load(move || find_device(session.client()));
    let form = |factor: &SecondFactor| html! { <CodeForm factor={factor.clone()}/> };
    let failed = |error: &String, retry| {
        let message = "Your authenticator app could not be found.";
        html! { <LoadError id="factor-error" {message} error={error.clone()} {retry}/> }
    };
    html! {
        <Page title="Second factor" id="second-factor-page" is_narrow={true}>
            if return_to != HOME {
                <Notice id="factor-notice">{"Enter a code to continue to "}<code>{return_to}</code>{"."}</Notice>
            }
            {factor.view(form, failed)}
        </Page>
    }
}

#[derive(Properties, PartialEq)]
struct CodeFormProps {
    factor: SecondFactor,
}

#[component]
fn CodeForm(CodeFormProps { factor }: &CodeFormProps) -> Html {
    let (client, code) = (use_session().client(), use_field());
    let send = {
        let factor = factor.clone();
        // After a success, the effect of the page leaves it.
        submission(move |code| send_totp(client.clone(), factor.clone(), code))
    };
    let introduction = match factor {
        SecondFactor::NewDevice { key, url, .. } => html! {
            <>
                <p>{"Add this key to an authenticator app on your phone. Then enter the code that the app shows."}</p>
                <p class="secret"><code data-testid="totp-secret">{key}</code></p>
                <p class="hint">
                    <a href={url.clone()} data-testid="totp-link">{"Add it to an app on this device"}</a>
                </p>
            </>
        },
        SecondFactor::KnownDevice => html! { <p>{"Enter the code that your authenticator app shows."}</p> },
    };
    html! {
        <>
            <div class="card">
                {introduction}
                <FieldForm
                    id="totp-code"
                    label="Code"
                    autocomplete="one-time-code"
                    field={code.clone()}
                    submit_id="submit-totp"
                    submit_label="Continue"
                    run={send}
                />
            </div>
            <DemoApp {code}/>
        </>
    }
}

#[derive(Properties, PartialEq)]
struct DemoAppProps {
    code: Field,
}

/// Shows the code of the authenticator app, so that the demo needs no phone.
#[component]
fn DemoApp(DemoAppProps { code }: &DemoAppProps) -> Html {
    let (api, shown) = (use_api(), use_state(|| None));
    let done = {
        let (code, shown) = (code.clone(), shown.setter());
        move |result: Result<String, String>| {
            if let Ok(current) = &result {
                code.set(current.clone());
            }
            shown.set(Some(result));
        }
    };
    let read = use_action(move |_: MouseEvent| api.clone().totp_code(), done);
    let shown = (*shown).clone().map(|result| match result {
        Ok(current) => html! { <code data-testid="demo-code">{current}</code> },
        Err(error) => html! { <p class="muted">{error}</p> },
    });
    html! {
        <section class="card roomy demo" aria-labelledby="demo-app-title">
            <h2 id="demo-app-title">{"Demo authenticator app"}</h2>
            <p class="hint">{"The demo reads the current code from its server, which a real app must not do."}</p>
            <div class="demo-row">
                <Button id="fill-in-code" is_busy={read.is_busy} onclick={read.start}>
                    {"Fill in the current code"}
                </Button>
                {shown}
            </div>
        </section>
    }
}
