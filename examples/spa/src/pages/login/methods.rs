use example_shared::sign_in::{ProviderButton, Step, begin_with_provider};
use leptos::prelude::*;

use super::Flow;
use crate::components::ErrorNotice;

/// The ways to sign in besides the form above. Their place is reserved until the server says which there are.
#[component]
pub(super) fn OtherMethods(flow: Flow) -> impl IntoView {
    move || match flow.methods.get() {
        None => view! { <div class="methods pending"></div> }.into_any(),
        Some(methods) if !methods.has_others() => ().into_any(),
        Some(methods) => view! {
            <div class="methods">
                <p class="divider">"or"</p>
                <OtherForm flow code=methods.code/>
                <Providers flow providers=methods.providers/>
            </div>
        }
        .into_any(),
    }
}

/// The button that shows the other form: that for a code, or that for a password.
#[component]
fn OtherForm(flow: Flow, code: Option<&'static str>) -> impl IntoView {
    move || match flow.step.with(|step| *step == Step::Password) {
        true => code.map(|label| {
            let go = move |_| flow.go_to(Step::Email { notice: None });
            view! { <button type="button" class="button" data-testid="use-code" on:click=go>{label}</button> }
                .into_any()
        }),
        false => flow.has_password().then(|| {
            let go = move |_| flow.go_to(Step::Password);
            view! {
                <button type="button" class="button" data-testid="use-password" on:click=go>
                    "Use a password"
                </button>
            }
            .into_any()
        }),
    }
}

#[component]
fn Providers(flow: Flow, providers: Vec<ProviderButton>) -> impl IntoView {
    let begin = Action::new_local(move |id: &String| {
        begin_with_provider(flow.client.get_value(), flow.tenant.get_value(), id.clone())
    });
    let error = move || begin.value().get().and_then(Result::err);
    let buttons = providers.into_iter().map(|button| {
        let (testid, ProviderButton { id, label }) = (button.testid(), button);
        view! {
            <button
                type="button"
                class="button"
                data-testid=testid
                aria-disabled=move || begin.pending().get().to_string()
                on:click=move |_| {
                    if !begin.pending().get_untracked() {
                        begin.dispatch(id.clone());
                    }
                }
            >
                {label}
            </button>
        }
    });
    view! {
        {buttons.collect_view()}
        {move || error().map(|text| view! { <ErrorNotice testid="provider-error" text/> })}
    }
}
