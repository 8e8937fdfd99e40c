use example_shared::text;
use leptos::prelude::*;
use supertokens_leptos::use_session;

/// A note above the content.
#[component]
pub(crate) fn Notice(testid: &'static str, children: Children) -> impl IntoView {
    view! { <p class="notice" data-testid=testid>{children()}</p> }
}

/// An error above or in place of the content.
#[component]
pub(crate) fn ErrorNotice(testid: &'static str, #[prop(into)] text: String) -> impl IntoView {
    view! { <p class="notice bad" role="alert" data-testid=testid>{text}</p> }
}

/// Shows the error of a sign-out that did not reach the server, until the user dismisses it.
#[component]
pub(crate) fn SignOutError() -> impl IntoView {
    let error = use_session().error();
    let sign_out_error = RwSignal::new(None);
    Effect::new(move |_| sign_out_error.set(text::sign_out_error(error.get())));
    move || {
        sign_out_error.get().map(|error| {
            view! {
                <div class="notice wide bad" role="alert" data-testid="sign-out-trouble">
                    <p>{error}</p>
                    <button type="button" class="button" on:click=move |_| sign_out_error.set(None)>"Dismiss"</button>
                </div>
            }
        })
    }
}
