use example_shared::sign_in::{login_page_of_provider, sign_in_with_provider};
use supertokens_yew::use_session;
use yew::prelude::*;

use super::BackToSignIn;
use crate::{
    components::{ErrorNotice, Page},
    hooks::{use_action, use_replace},
};

/// The page to which a provider sends the user back.
#[component]
pub(crate) fn ProviderCallback() -> Html {
    let (client, replace) = (use_session().client(), use_replace());
    let error = use_state(|| None);
    let back = use_memo((), |()| login_page_of_provider(&client));
    let done = {
        let error = error.setter();
        move |result: Result<String, String>| match result {
            // The login page sends the user on to the return address.
            Ok(page) => replace.emit(page),
            Err(text) => error.set(Some(text)),
        }
    };
    let sign_in = use_action(move |()| sign_in_with_provider(client.clone()), done);
    use_effect_with((), move |()| sign_in.start.emit(()));
    let content = match &*error {
        Some(text) => {
            html! { <><ErrorNotice id="provider-error" text={text.clone()}/><BackToSignIn href={(*back).clone()}/></> }
        }
        None => html! { <p role="status">{"Signing you in…"}</p> },
    };
    html! {
        <Page title="Sign in with a provider" id="callback-page" is_narrow={true}><div class="card">{content}</div></Page>
    }
}
