//! Sign-in with a code or a link from a mail.

use example_shared::{
    api::Api,
    sign_in::{
        CodeOutcome, NewCode, Step, consume_code, resend_code, send_code, sent_text, shows_code_field,
    },
};
use leptos::prelude::*;
use supertokens_leptos::recipes::passwordless::LoginAttempt;

use super::Flow;
use crate::components::{Announce, FieldForm, Outcome};

/// Asks for the address.
#[component]
pub(super) fn EmailStep(flow: Flow, notice: Option<&'static str>) -> impl IntoView {
    let announce: Announce = expect_context();
    let send = move |email| {
        let sending = send_code(flow.client.get_value(), flow.tenant.get_value(), email);
        async move {
            let attempt = sending.await?;
            announce.announce(format!("The mail to {} was sent.", attempt.contact_info));
            flow.form.code.try_set(String::new());
            flow.go_to(Step::Code(attempt));
            Ok(())
        }
    };
    view! {
        {notice.map(|text| view! { <p class="notice bad" role="alert" data-testid="code-notice">{text}</p> })}
        <FieldForm
            id="email"
            label="E-mail"
            kind="email"
            autocomplete="username"
            value=flow.form.email
            submit_id="send-code"
            submit_label="Send me a mail"
            takes_focus=flow.has_moved.get_value()
            run=send
        />
    }
}

/// Asks for the code.
#[component]
pub(super) fn CodeStep(flow: Flow, attempt: LoginAttempt) -> impl IntoView {
    let (before, after) = sent_text(attempt.flow);
    let address = attempt.contact_info.clone();
    let email = StoredValue::new(address.clone());
    let check = move |code| {
        let checking = consume_code(flow.client.get_value(), code);
        async move {
            match checking.await {
                // `go_when_signed_in` leaves the page.
                CodeOutcome::SignedIn => Ok(()),
                CodeOutcome::Failed(error) => Err(error),
                CodeOutcome::Restart(reason) => {
                    flow.restart(Some(reason));
                    Ok(())
                }
            }
        }
    };
    // The mail of the stored attempt, also after a reload.
    let mail = LocalResource::new(move || Api::new(flow.client.get_value()).inbox(email.get_value()));
    Effect::new(move |_| {
        if let Some(inbox) = mail.get() {
            flow.inbox.set(Some(inbox));
        }
    });
    let resend = Action::new_local(move |(): &()| {
        let sending = resend_code(flow.client.get_value(), email.get_value());
        async move {
            match sending.await {
                NewCode::Sent(inbox) => {
                    flow.inbox.try_set(Some(inbox));
                    Ok("A new mail is on its way.".to_owned())
                }
                NewCode::Failed(error) => Err(error),
                NewCode::Restart(reason) => {
                    flow.restart(Some(reason));
                    Err(reason.to_owned())
                }
            }
        }
    });
    let change_email = move |_| {
        flow.form.email.set(email.get_value());
        flow.restart(None);
    };
    let form = shows_code_field(attempt.flow).then(|| {
        view! {
            <FieldForm
                id="code"
                label="Code"
                autocomplete="one-time-code"
                value=flow.form.code
                submit_id="submit-code"
                submit_label="Sign in"
                takes_focus=flow.has_moved.get_value()
                run=check
            />
        }
    });
    view! {
        <p class="sent">{before}<strong>{address}</strong>{after}</p>
        {form}
        <div class="actions">
            <button
                type="button"
                class="button"
                data-testid="resend-code"
                aria-disabled=move || resend.pending().get().to_string()
                on:click=move |_| {
                    if !resend.pending().get_untracked() {
                        resend.dispatch(());
                    }
                }
            >
                "Send a new mail"
            </button>
            <button type="button" class="button" data-testid="change-email" on:click=change_email>
                "Use another address"
            </button>
        </div>
        <Outcome id="resend-code" outcome=move || resend.value().get()/>
    }
}
