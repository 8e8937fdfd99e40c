use example_shared::sign_in::{login_page_of_provider, sign_in_with_provider};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use supertokens_leptos::use_session;

use super::BackToSignIn;
use crate::components::{ErrorNotice, Page};

/// The page to which a provider sends the user back.
#[component]
pub(crate) fn ProviderCallback() -> impl IntoView {
    let (client, navigate) = (use_session().client(), use_navigate());
    let (back, is_shown) = (login_page_of_provider(&client), StoredValue::new(()));
    let sign_in = Action::new_local(move |(): &()| {
        let (navigate, signing_in) = (navigate.clone(), sign_in_with_provider(client.clone()));
        async move {
            // The login page sends the user on to the return address.
            let page = signing_in.await?;
            // The user may have left the page meanwhile.
            if is_shown.try_get_value().is_some() {
                navigate(&page, NavigateOptions { replace: true, ..NavigateOptions::default() });
            }
            Ok::<_, String>(())
        }
    });
    sign_in.dispatch(());
    let content = move || match sign_in.value().get() {
        Some(Err(text)) => {
            view! { <ErrorNotice testid="provider-error" text/> <BackToSignIn href=back.clone()/> }.into_any()
        }
        _ => view! { <p role="status">"Signing you in…"</p> }.into_any(),
    };
    view! {
        <Page title="Sign in with a provider" testid="callback-page" is_narrow=true>
            <div class="card">{content}</div>
        </Page>
    }
}
