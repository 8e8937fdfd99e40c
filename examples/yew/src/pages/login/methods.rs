use example_shared::sign_in::{ProviderButton, Step, begin_with_provider};
use supertokens_yew::use_session;
use yew::prelude::*;

use super::{Flow, FlowProps};
use crate::{
    components::{Button, ErrorNotice},
    hooks::use_action,
};

/// The ways to sign in besides the form above. Their place is reserved until the server says which there are.
#[component]
pub(super) fn OtherMethods(FlowProps { flow }: &FlowProps) -> Html {
    let Some(methods) = &flow.methods else { return html! { <div class="methods pending"></div> } };
    if !methods.has_others() {
        return Html::default();
    }
    html! {
        <div class="methods">
            <p class="divider">{"or"}</p>
            {other_form(flow, methods.code)}
            <Providers tenant={flow.tenant.clone()} providers={methods.providers.clone()}/>
        </div>
    }
}

/// The button that shows the other form: that for a code, or that for a password.
fn other_form(flow: &Flow, code: Option<&'static str>) -> Option<Html> {
    let is_password = flow.current_step() == Step::Password;
    let (id, label, step) = match is_password {
        true => ("use-code", code?, Step::Email { notice: None }),
        false if flow.has_password() => ("use-password", "Use a password", Step::Password),
        false => return None,
    };
    let flow = flow.clone();
    let go = move |_| flow.go_to(step.clone());
    Some(html! { <Button {id} onclick={go}>{label}</Button> })
}

#[derive(Properties, PartialEq)]
struct ProvidersProps {
    tenant: Option<String>,
    providers: Vec<ProviderButton>,
}

#[component]
fn Providers(ProvidersProps { tenant, providers }: &ProvidersProps) -> Html {
    let (client, error) = (use_session().client(), use_state(|| None));
    let done = {
        let error = error.setter();
        move |result: Result<(), String>| error.set(result.err())
    };
    let tenant = tenant.clone();
    let begin = use_action(move |id: String| begin_with_provider(client.clone(), tenant.clone(), id), done);
    let buttons = providers.iter().map(|button| {
        let id = button.id.clone();
        let onclick = begin.start.reform(move |_| id.clone());
        html! { <Button id={button.testid()} is_busy={begin.is_busy} {onclick}>{&button.label}</Button> }
    });
    html! {
        <>
            {for buttons}
            if let Some(text) = (*error).clone() {
                <ErrorNotice id="provider-error" {text}/>
            }
        </>
    }
}
