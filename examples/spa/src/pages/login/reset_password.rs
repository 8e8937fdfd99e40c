//! The password reset: it asks for a mail, and its link leads back to choose a new password.

use example_shared::sign_in::{
    LOGIN, RESET_DONE, RESET_PASSWORD, RESET_SENT, send_reset_mail, set_new_password,
};
use leptos::{html::P, prelude::*};
use supertokens_leptos::use_session;

use super::{BackToSignIn, use_page, use_query};
use crate::components::{DemoMailbox, FieldForm, Outcome, Page};

#[component]
pub(crate) fn ResetPassword() -> impl IntoView {
    let token = use_query("token");
    move || match token.get() {
        Some(token) => view! { <ChoosePassword token/> }.into_any(),
        None => view! { <AskForMail/> }.into_any(),
    }
}

#[component]
fn AskForMail() -> impl IntoView {
    let (client, tenant) = (use_session().client(), use_query("tenantId"));
    let (email, inbox) = (RwSignal::new(String::new()), RwSignal::new(None));
    let sent = move || inbox.with(Option::is_some).then(|| Ok(RESET_SENT.to_owned()));
    let send = move |email| {
        let sending = send_reset_mail(client.clone(), tenant.get_untracked(), email);
        async move {
            inbox.try_set(Some(sending.await?));
            Ok(())
        }
    };
    view! {
        <Page title="Reset your password" testid="reset-page" is_narrow=true>
            <div class="card">
                <FieldForm
                    id="reset-email"
                    label="E-mail"
                    kind="email"
                    autocomplete="username"
                    value=email
                    submit_id="send-reset"
                    submit_label="Send me a link"
                    error_id="reset-error"
                    run=send
                />
                <Outcome id="send-reset" outcome=sent/>
                <BackToSignIn href=use_page(LOGIN)/>
            </div>
            <DemoMailbox inbox/>
        </Page>
    }
}

#[component]
fn ChoosePassword(token: String) -> impl IntoView {
    let (client, tenant) = (use_session().client(), use_query("tenantId"));
    let (password, is_done) = (RwSignal::new(String::new()), RwSignal::new(false));
    let new_mail_page = use_page(RESET_PASSWORD);
    let token = StoredValue::new(token);
    let submit = StoredValue::new_local(move |password| {
        let sending = set_new_password(client.clone(), tenant.get_untracked(), token.get_value(), password);
        async move {
            sending.await?;
            is_done.try_set(true);
            Ok(())
        }
    });
    let form = move || {
        view! {
            <FieldForm
                id="new-password"
                label="New password"
                kind="password"
                autocomplete="new-password"
                value=password
                submit_id="submit-password"
                submit_label="Change my password"
                error_id="reset-error"
                run=move |password| submit.with_value(|submit| submit(password))
            />
            <p class="toggle"><a href=new_mail_page data-testid="new-reset">"Ask for a new mail"</a></p>
        }
    };
    view! {
        <Page title="Choose a new password" testid="new-password-page" is_narrow=true>
            <div class="card"><Show when=move || is_done.get() fallback=form><Changed/></Show></div>
        </Page>
    }
}

/// The new password is set. It does not sign the user in.
#[component]
fn Changed() -> impl IntoView {
    let (sign_in_page, message) = (use_page(LOGIN), NodeRef::<P>::new());
    // The button that had the focus is removed.
    message.on_load(|message| {
        message.focus().ok();
    });
    view! {
        <p tabindex="-1" node_ref=message data-testid="reset-done">{RESET_DONE}</p>
        <a class="button primary" href=sign_in_page data-testid="reset-sign-in">"Sign in"</a>
    }
}
