//! The password reset: it asks for a mail, and its link leads back to choose a new password.

use example_shared::sign_in::{
    LOGIN, RESET_DONE, RESET_PASSWORD, RESET_SENT, send_reset_mail, set_new_password,
};
use supertokens_yew::use_session;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::BackToSignIn;
use crate::{
    components::{DemoMailbox, FieldForm, Link, Outcome, Page, submission, use_field},
    hooks::{use_page, use_query},
};

#[component]
pub(crate) fn ResetPassword() -> Html {
    match use_query("token") {
        Some(token) => html! { <ChoosePassword {token}/> },
        None => html! { <AskForMail/> },
    }
}

#[component]
fn AskForMail() -> Html {
    let (client, tenant, sign_in_page) = (use_session().client(), use_query("tenantId"), use_page(LOGIN));
    let (email, inbox) = (use_field(), use_state(|| None));
    let sent = inbox.as_ref().map(|_| Ok(RESET_SENT.to_owned()));
    let send = {
        let inbox = inbox.setter();
        submission(move |email| {
            let sending = send_reset_mail(client.clone(), tenant.clone(), email);
            let inbox = inbox.clone();
            async move {
                inbox.set(Some(sending.await?));
                Ok(())
            }
        })
    };
    html! {
        <Page title="Reset your password" id="reset-page" is_narrow={true}>
            <div class="card">
                <FieldForm
                    id="reset-email"
                    label="E-mail"
                    kind="email"
                    autocomplete="username"
                    field={email}
                    submit_id="send-reset"
                    submit_label="Send me a link"
                    error_id="reset-error"
                    run={send}
                />
                <Outcome id="send-reset" outcome={sent}/>
                <BackToSignIn href={sign_in_page}/>
            </div>
            <DemoMailbox inbox={(*inbox).clone()}/>
        </Page>
    }
}

#[derive(Properties, PartialEq)]
struct ChoosePasswordProps {
    token: String,
}

#[component]
fn ChoosePassword(ChoosePasswordProps { token }: &ChoosePasswordProps) -> Html {
    let (client, tenant) = (use_session().client(), use_query("tenantId"));
    let (password, is_done) = (use_field(), use_state(|| false));
    let new_mail_page = use_page(RESET_PASSWORD);
    let submit = {
        let (token, is_done) = (token.clone(), is_done.setter());
        submission(move |password| {
            let sending = set_new_password(client.clone(), tenant.clone(), token.clone(), password);
            let is_done = is_done.clone();
            async move {
                sending.await?;
                is_done.set(true);
                Ok(())
            }
        })
    };
    html! {
        <Page title="Choose a new password" id="new-password-page" is_narrow={true}>
            <div class="card">
                if *is_done {
                    <Changed/>
                } else {
                    <FieldForm
                        id="new-password"
                        label="New password"
                        kind="password"
                        autocomplete="new-password"
                        field={password}
                        submit_id="submit-password"
                        submit_label="Change my password"
                        error_id="reset-error"
                        run={submit}
                    />
                    <p class="toggle"><Link href={new_mail_page} id="new-reset">{"Ask for a new mail"}</Link></p>
                }
            </div>
        </Page>
    }
}

/// The new password is set. It does not sign the user in.
#[component]
fn Changed() -> Html {
    let (sign_in_page, message) = (use_page(LOGIN), use_node_ref());
    // The button that had the focus is removed.
    use_effect_with(message.clone(), |message| {
        if let Some(message) = message.cast::<HtmlElement>() {
            message.focus().ok();
        }
    });
    html! {
        <>
            <p tabindex="-1" ref={message} data-testid="reset-done">{RESET_DONE}</p>
            <Link class="button primary" href={sign_in_page} id="reset-sign-in">{"Sign in"}</Link>
        </>
    }
}
