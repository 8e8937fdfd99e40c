//! The step-up page: it verifies the e-mail address and sends the user back to the page that requires it.

use example_shared::{HOME, api::Profile, request_code, verify_code, who::verified};
use leptos::prelude::*;
use supertokens_leptos::{use_return_address, use_session};

use crate::components::{Announce, DemoMailbox, FieldForm, Notice, Outcome, Page};

#[component]
pub(crate) fn VerifyEmail() -> impl IntoView {
    let session = use_session();
    let announce: Announce = expect_context();
    let return_address = use_return_address(HOME);
    let return_to = return_address.href();
    // The address may be verified by this page, by another tab or on another device.
    let is_verified = session.allows(verified());
    Effect::new(move |_| {
        if is_verified.get() == Some(true) {
            announce.announce("Your e-mail address is verified.");
            return_address.go();
        }
    });
    let code = RwSignal::new(String::new());
    view! {
        <Page title="Verify your e-mail address" testid="verify-page" is_narrow=true>
            {(return_to != HOME).then(|| view! {
                <Notice testid="verify-notice">"Verify your address to continue to " <code>{return_to}</code> "."</Notice>
            })}
            <VerifyForm code/>
        </Page>
    }
}

#[component]
fn VerifyForm(code: RwSignal<String>) -> impl IntoView {
    let session = use_session();
    let profile = session.payload::<Profile>();
    let email = move || profile.with(|profile| Some(profile.as_ref()?.email.clone()));
    let inbox = RwSignal::new(None);
    let send = Action::new_local(move |(): &()| {
        let request = request_code(session.client());
        async move {
            let sent = request.await?;
            if let Some(mail) = sent.inbox {
                // Meanwhile the user may have left the page.
                inbox.try_set(Some(mail));
            }
            Ok::<_, String>(sent.message.to_owned())
        }
    });
    view! {
        <div class="card">
            <p>"We send a code to " <strong>{email}</strong> " to check that the address is yours."</p>
            <button
                type="button"
                class="button"
                data-testid="send-code"
                aria-disabled=move || send.pending().get().to_string()
                on:click=move |_| {
                    if !send.pending().get_untracked() {
                        send.dispatch(());
                    }
                }
            >
                "Send me a code"
            </button>
            <Outcome id="send-code" outcome=move || send.value().get()/>
        </div>
        <DemoMailbox inbox code/>
        <div class="card">
            // After a success, the effect above leaves the page.
            <FieldForm
                id="code"
                label="Code"
                autocomplete="one-time-code"
                value=code
                submit_id="verify"
                submit_label="Verify"
                run=move |code| verify_code(session.client(), code)
            />
        </div>
    }
}
