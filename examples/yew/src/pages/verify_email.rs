//! The step-up page: it verifies the e-mail address and sends the user back to the page that requires it.

use example_shared::{CodeRequest, HOME, api::Profile, request_code, verify_code, who::verified};
use supertokens_yew::{use_allows, use_payload, use_return_address, use_session};
use yew::prelude::*;

use crate::{
    components::{Button, DemoMailbox, FieldForm, Notice, Outcome, Page, submission, use_field},
    hooks::{use_action, use_announce},
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
    let (client, code) = (use_session().client(), use_field());
    let email = use_payload::<Profile>().map(|profile| profile.email);
    let (inbox, outcome) = (use_state(|| None), use_state(|| None));
    let done = {
        let (inbox, outcome) = (inbox.setter(), outcome.setter());
        move |result: Result<CodeRequest, String>| {
            outcome.set(Some(result.map(|CodeRequest { message, inbox: mail }| {
                if mail.is_some() {
                    inbox.set(mail);
                }
                message.to_owned()
            })));
        }
    };
    let send = {
        let client = client.clone();
        use_action(move |_: MouseEvent| request_code(client.clone()), done)
    };
    // After a success, the effect of the page leaves it.
    let verify = submission(move |code| verify_code(client.clone(), code));
    html! {
        <>
            <div class="card">
                <p>{"We send a code to "}<strong>{email}</strong>{" to check that the address is yours."}</p>
                <Button id="send-code" is_busy={send.is_busy} onclick={send.start}>{"Send me a code"}</Button>
                <Outcome id="send-code" outcome={(*outcome).clone()}/>
            </div>
            <DemoMailbox inbox={(*inbox).clone()} code={code.clone()}/>
            <div class="card">
                <FieldForm
                    id="code"
                    label="Code"
                    autocomplete="one-time-code"
                    field={code}
                    submit_id="verify"
                    submit_label="Verify"
                    run={verify}
                />
            </div>
        </>
    }
}
