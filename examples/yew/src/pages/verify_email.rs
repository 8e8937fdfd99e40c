//! The step-up page: it verifies the e-mail address and sends the user back to the page that requires it.

use example_shared::{
    CodeRequest, HOME,
    api::{Mailbox, Profile},
    request_code, verify_code,
    who::verified,
};
use supertokens_yew::{use_allows, use_payload, use_return_address};
use yew::prelude::*;

use crate::{
    components::{Button, Field, FormField, Notice, Outcome, Page, use_field},
    hooks::{use_action, use_announce, use_api},
};

#[component]
pub(crate) fn VerifyEmail() -> Html {
    let (announce, return_address) = (use_announce(), use_return_address(HOME));
    let return_to = return_address.href();
    // The address may be verified by this page, by another tab or on another device.
    let is_verified = use_allows(verified());
    use_effect_with(is_verified, move |is_verified| {
        if *is_verified == Some(true) {
            if let Some(announce) = announce {
                announce.announce("Your e-mail address is verified.");
            }
            return_address.go();
        }
    });
    html! {
        <Page title="Verify your e-mail address" id="verify-page" is_narrow={true}>
            if return_to != HOME {
                <Notice id="verify-notice">
                    {"Verify your address to continue to "}<code>{return_to}</code>{"."}
                </Notice>
            }
            <Verification/>
        </Page>
    }
}

#[component]
fn Verification() -> Html {
    let (api, code) = (use_api(), use_field());
    let email = use_payload::<Profile>().map(|profile| profile.email);
    let (mailbox, outcome) = (use_state(|| None), use_state(|| None));
    let done = {
        let (mailbox, outcome) = (mailbox.setter(), outcome.setter());
        move |result: Result<CodeRequest, String>| {
            outcome.set(Some(result.map(|CodeRequest { message, mailbox: mail }| {
                if mail.is_some() {
                    mailbox.set(mail);
                }
                message
            })));
        }
    };
    let send = use_action(move |_: MouseEvent| request_code(api.clone()), done);
    html! {
        <>
            <div class="card">
                <p>{"We send a code to "}<strong>{email}</strong>{" to check that the address is yours."}</p>
                <Button id="send-code" is_busy={send.is_busy} onclick={send.start}>{"Send me a code"}</Button>
                <Outcome id="send-code" outcome={(*outcome).clone()}/>
            </div>
            if let Some(mailbox) = (*mailbox).clone() {
                <DemoMailbox {mailbox} code={code.clone()}/>
            }
            <div class="card"><VerifyForm {code}/></div>
        </>
    }
}

#[derive(Properties, PartialEq)]
struct VerifyFormProps {
    code: Field,
}

#[component]
fn VerifyForm(VerifyFormProps { code }: &VerifyFormProps) -> Html {
    let (api, error) = (use_api(), use_state(|| None));
    // After a success, the effect of the page leaves it.
    let done = {
        let (error, code) = (error.setter(), code.clone());
        move |result: Result<(), String>| {
            if let Err(message) = result {
                error.set(Some(message));
                code.focus();
            }
        }
    };
    let verify = use_action(move |code| verify_code(api.clone(), code), done);
    let onsubmit = {
        let (start, code) = (verify.start, code.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            start.emit(code.trimmed());
        }
    };
    html! {
        <form novalidate={true} {onsubmit}>
            <FormField
                id="code"
                label="Code"
                autocomplete="one-time-code"
                field={code.clone()}
                error={(*error).clone()}
            />
            <Button is_submit={true} class="primary" id="verify" is_busy={verify.is_busy}>{"Verify"}</Button>
        </form>
    }
}

#[derive(Properties, PartialEq)]
struct DemoMailboxProps {
    mailbox: Result<Mailbox, String>,
    code: Field,
}

/// Shows the mail that the demo does not send.
#[component]
fn DemoMailbox(DemoMailboxProps { mailbox, code }: &DemoMailboxProps) -> Html {
    let content = match mailbox {
        Ok(Mailbox { to, code: Some(sent) }) => {
            let fill_in = {
                let (code, sent) = (code.clone(), sent.clone());
                move |_| code.set(sent.clone())
            };
            html! {
                <>
                    <p>
                        <span class="muted">{"To "}{to}{": "}</span>
                        <code data-testid="demo-code">{sent}</code>
                    </p>
                    <Button id="fill-in-code" onclick={fill_in}>{"Fill in"}</Button>
                </>
            }
        }
        Ok(_) => html! { <p class="muted">{"Empty."}</p> },
        Err(error) => html! { <p class="muted">{error}</p> },
    };
    html! {
        <section class="card roomy demo" aria-labelledby="mailbox-title">
            <h2 id="mailbox-title">{"Demo mailbox"}</h2>
            <p class="hint">{"This demo sends no mail. It shows the code here instead, which a real app must not do."}</p>
            <div class="demo-row">{content}</div>
        </section>
    }
}
