use example_shared::sign_in::{OTHER_BROWSER, consume_link, login_page_of};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use supertokens_leptos::{recipes::passwordless::magic_link_of_page, use_session};

use super::BackToSignIn;
use crate::components::{ErrorNotice, Page};

/// The page of a magic link. It signs in by itself only in the browser that asked for the link.
#[component]
pub(crate) fn MagicLink() -> impl IntoView {
    let (client, navigate) = (use_session().client(), use_navigate());
    let link = magic_link_of_page();
    let must_ask = link.as_ref().is_some_and(|link| !link.is_of_this_browser(&client));
    let login_page = login_page_of(&client, link.as_ref());
    let (back, is_shown) = (login_page.clone(), StoredValue::new(()));
    let consume = Action::new_local(move |(): &()| {
        let (navigate, login_page) = (navigate.clone(), login_page.clone());
        let signing_in = consume_link(client.clone(), link.clone());
        async move {
            signing_in.await?;
            // The login page sends the user on to the return address.
            // The user may have left the page meanwhile.
            if is_shown.try_get_value().is_some() {
                navigate(&login_page, NavigateOptions { replace: true, ..NavigateOptions::default() });
            }
            Ok::<_, String>(())
        }
    });
    if !must_ask {
        consume.dispatch(());
    }
    let question = move || {
        view! {
            <p>{OTHER_BROWSER}</p>
            <button
                type="button"
                class="button primary"
                data-testid="consume-link"
                on:click=move |_| drop(consume.dispatch(()))
            >
                "Sign in"
            </button>
        }
    };
    let content = move || match consume.value().get() {
        Some(Err(text)) => {
            view! { <ErrorNotice testid="link-error" text/> <BackToSignIn href=back.clone()/> }.into_any()
        }
        None if must_ask && !consume.pending().get() => question().into_any(),
        _ => view! { <p role="status">"Signing you in…"</p> }.into_any(),
    };
    view! {
        <Page title="Sign in with a link" testid="link-page" is_narrow=true>
            <div class="card">{content}</div>
        </Page>
    }
}
