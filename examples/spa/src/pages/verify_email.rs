//! The step-up page: it verifies the e-mail address and sends the user back to the page that requires it.

use example_shared::{
    HOME,
    api::{Mailbox, Profile},
    request_code, verify_code,
    who::verified,
};
use leptos::{ev::SubmitEvent, html::Input, prelude::*};
use supertokens_leptos::{use_return_address, use_session};

use crate::{
    api::use_api,
    components::{Announce, FormField, Notice, Outcome, Page},
};

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
    let api = use_api();
    let profile = use_session().payload::<Profile>();
    let email = move || profile.with(|profile| Some(profile.as_ref()?.email.clone()));
    let mailbox = RwSignal::new(None);
    let send = Action::new_local({
        let api = api.clone();
        move |(): &()| {
            let request = request_code(api.clone());
            async move {
                let sent = request.await?;
                if let Some(mail) = sent.mailbox {
                    // Meanwhile the user may have left the page.
                    mailbox.try_set(Some(mail));
                }
                Ok::<_, String>(sent.message)
            }
        }
    });
    let (error, input) = (RwSignal::new(None), NodeRef::<Input>::new());
    let verify = Action::new_local(move |code: &String| {
        let verification = verify_code(api.clone(), code.clone());
        async move {
            // After a success, the effect above leaves the page.
            let Err(message) = verification.await else { return };
            error.try_set(Some(message));
            if let Some(input) = input.try_get_untracked().flatten() {
                input.focus().ok();
            }
        }
    });
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !verify.pending().get_untracked() {
            verify.dispatch(code.get_untracked().trim().to_owned());
        }
    };
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
        <DemoMailbox mailbox code/>
        <div class="card">
            <form novalidate on:submit=on_submit>
                <FormField
                    id="code"
                    label="Code"
                    kind="text"
                    autocomplete="one-time-code"
                    value=code
                    error
                    input
                />
                <button
                    type="submit"
                    class="button primary"
                    data-testid="verify"
                    aria-disabled=move || verify.pending().get().to_string()
                >
                    "Verify"
                </button>
            </form>
        </div>
    }
}

/// Shows the mail that the demo does not send.
#[component]
fn DemoMailbox(mailbox: RwSignal<Option<Result<Mailbox, String>>>, code: RwSignal<String>) -> impl IntoView {
    let content = move || {
        mailbox.get().map(|mailbox| match mailbox {
            Ok(Mailbox { to, code: Some(sent) }) => {
                let fill_in = {
                    let sent = sent.clone();
                    move |_| code.set(sent.clone())
                };
                view! {
                    <p>
                        <span class="muted">"To " {to} ": "</span>
                        <code data-testid="demo-code">{sent}</code>
                    </p>
                    <button type="button" class="button" data-testid="fill-in-code" on:click=fill_in>
                        "Fill in"
                    </button>
                }
                .into_any()
            }
            Ok(_) => view! { <p class="muted">"Empty."</p> }.into_any(),
            Err(error) => view! { <p class="muted">{error}</p> }.into_any(),
        })
    };
    view! {
        <Show when=move || mailbox.with(Option::is_some)>
            <section class="card roomy demo" aria-labelledby="mailbox-title">
                <h2 id="mailbox-title">"Demo mailbox"</h2>
                <p class="hint">"This demo sends no mail. It shows the code here instead, which a real app must not do."</p>
                <div class="demo-row">{content}</div>
            </section>
        </Show>
    }
}
