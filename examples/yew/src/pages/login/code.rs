//! Sign-in with a code or a link from a mail.

use example_shared::{
    api::Api,
    sign_in::{
        CodeOutcome, NewCode, Step, consume_code, resend_code, send_code, sent_text, shows_code_field,
    },
};
use supertokens_yew::{recipes::passwordless::LoginAttempt, use_session};
use yew::{platform::spawn_local, prelude::*};

use super::Flow;
use crate::{
    components::{Button, ErrorNotice, FieldForm, Outcome, submission},
    hooks::{use_action, use_announce},
};

#[derive(Properties, PartialEq)]
pub(super) struct EmailStepProps {
    pub(super) flow: Flow,
    pub(super) notice: Option<&'static str>,
}

/// Asks for the address.
#[component]
pub(super) fn EmailStep(EmailStepProps { flow, notice }: &EmailStepProps) -> Html {
    let (client, announce) = (use_session().client(), use_announce());
    let send = {
        let flow = flow.clone();
        submission(move |email| {
            let sending = send_code(client.clone(), flow.tenant.clone(), email);
            let (flow, announce) = (flow.clone(), announce.clone());
            async move {
                let attempt = sending.await?;
                if let Some(announce) = announce {
                    announce.announce(format!("The mail to {} was sent.", attempt.contact_info));
                }
                flow.code.set("");
                flow.go_to(Step::Code(attempt));
                Ok(())
            }
        })
    };
    html! {
        <>
            if let Some(text) = notice {
                <ErrorNotice id="code-notice" text={*text}/>
            }
            <FieldForm
                id="email"
                label="E-mail"
                kind="email"
                autocomplete="username"
                field={flow.form.email.clone()}
                submit_id="send-code"
                submit_label="Send me a mail"
                takes_focus={*flow.has_moved}
                run={send}
            />
        </>
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct CodeStepProps {
    pub(super) flow: Flow,
    pub(super) attempt: LoginAttempt,
}

/// Asks for the code.
#[component]
pub(super) fn CodeStep(CodeStepProps { flow, attempt }: &CodeStepProps) -> Html {
    let client = use_session().client();
    let email = &attempt.contact_info;
    // The mail of the stored attempt, also after a reload.
    use_effect_with(email.clone(), {
        let (client, inbox) = (client.clone(), flow.inbox.setter());
        move |email| {
            let reading = Api::new(client).inbox(email.clone());
            spawn_local(async move { inbox.set(Some(reading.await)) });
        }
    });
    let check = {
        let (client, flow) = (client.clone(), flow.clone());
        submission(move |code| {
            let checking = consume_code(client.clone(), code);
            let (client, flow) = (client.clone(), flow.clone());
            async move {
                match checking.await {
                    // `use_go_when_signed_in` leaves the page.
                    CodeOutcome::SignedIn => Ok(()),
                    CodeOutcome::Failed(error) => Err(error),
                    CodeOutcome::Restart(reason) => {
                        flow.restart(Step::restart(&client, Some(reason)));
                        Ok(())
                    }
                }
            }
        })
    };
    let change_email = {
        let (client, flow, email) = (client.clone(), flow.clone(), email.clone());
        move |_| {
            flow.form.email.set(email.clone());
            flow.restart(Step::restart(&client, None));
        }
    };
    let outcome = use_state(|| None);
    let done = {
        let (client, flow, outcome) = (client.clone(), flow.clone(), outcome.setter());
        move |result: NewCode| match result {
            NewCode::Sent(inbox) => {
                flow.inbox.set(Some(inbox));
                outcome.set(Some(Ok("A new mail is on its way.".to_owned())));
            }
            NewCode::Failed(error) => outcome.set(Some(Err(error))),
            NewCode::Restart(reason) => flow.restart(Step::restart(&client, Some(reason))),
        }
    };
    let resend = {
        let email = email.clone();
        use_action(move |_: MouseEvent| resend_code(client.clone(), email.clone()), done)
    };
    let (before, after) = sent_text(attempt.flow);
    html! {
        <>
            <p>{before}<strong>{email}</strong>{after}</p>
            if shows_code_field(attempt.flow) {
                <FieldForm
                    id="code"
                    label="Code"
                    autocomplete="one-time-code"
                    field={flow.code.clone()}
                    submit_id="submit-code"
                    submit_label="Sign in"
                    takes_focus={*flow.has_moved}
                    run={check}
                />
            }
            <div class="actions">
                <Button id="resend-code" is_busy={resend.is_busy} onclick={resend.start}>{"Send a new mail"}</Button>
                <Button id="change-email" onclick={change_email}>{"Use another address"}</Button>
            </div>
            <Outcome id="resend-code" outcome={(*outcome).clone()}/>
        </>
    }
}
