use example_shared::sign_in::{OTHER_BROWSER, consume_link, login_page_of};
use supertokens_yew::{recipes::passwordless::magic_link_of_page, use_session};
use yew::prelude::*;

use super::BackToSignIn;
use crate::{
    components::{Button, ErrorNotice, Page},
    hooks::{use_action, use_replace},
};

/// The page of a magic link. It signs in by itself only in the browser that asked for the link.
#[component]
pub(crate) fn MagicLink() -> Html {
    let (client, replace) = (use_session().client(), use_replace());
    // A sign-in ends the attempt, so these values are read once.
    let (link, login_page, must_ask) = (*use_memo((), |()| {
        let link = magic_link_of_page();
        let login_page = login_page_of(&client, link.as_ref());
        let must_ask = link.as_ref().is_some_and(|link| !link.is_of_this_browser(&client));
        (link, login_page, must_ask)
    }))
    .clone();
    let error = use_state(|| None);
    let done = {
        let (error, login_page) = (error.setter(), login_page.clone());
        move |result: Result<(), String>| match result {
            // The login page sends the user on to the return address.
            Ok(()) => replace.emit(login_page.clone()),
            Err(text) => error.set(Some(text)),
        }
    };
    let consume = use_action(move |()| consume_link(client.clone(), link.clone()), done);
    use_effect_with((), {
        let start = consume.start.clone();
        move |()| {
            if !must_ask {
                start.emit(());
            }
        }
    });
    let content = match &*error {
        Some(text) => {
            html! { <><ErrorNotice id="link-error" text={text.clone()}/><BackToSignIn href={login_page}/></> }
        }
        None if must_ask && !consume.is_busy => html! {
            <>
                <p>{OTHER_BROWSER}</p>
                <Button class="primary" id="consume-link" onclick={consume.start.reform(|_| ())}>{"Sign in"}</Button>
            </>
        },
        None => html! { <p role="status">{"Signing you in…"}</p> },
    };
    html! {
        <Page title="Sign in with a link" id="link-page" is_narrow={true}><div class="card">{content}</div></Page>
    }
}
