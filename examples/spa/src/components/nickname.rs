use example_shared::experiments::save_nickname;
use leptos::{ev::SubmitEvent, html::Input, prelude::*};

use super::{FormField, experiment::Outcome};
use crate::api::use_api;

/// Changes the access token's payload on the server.
#[component]
pub(crate) fn Nickname() -> impl IntoView {
    let api = use_api();
    let nickname = RwSignal::new(String::new());
    let input = NodeRef::<Input>::new();
    let save = Action::new_local(move |nickname: &String| save_nickname(api.clone(), nickname.clone()));
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !save.pending().get_untracked() {
            save.dispatch(nickname.get_untracked().trim().to_owned());
        }
    };
    view! {
        <li class="experiment">
            <h3>"Change the payload"</h3>
            <p class="hint">
                "The server writes the nickname into the access token. The session above changes at once, with no reload."
            </p>
            <form class="inline-form" novalidate on:submit=on_submit>
                <FormField
                    id="nickname"
                    label="Nickname"
                    kind="text"
                    autocomplete="nickname"
                    value=nickname
                    input
                />
                <button
                    type="submit"
                    class="button"
                    data-testid="save-nickname"
                    aria-disabled=move || save.pending().get().to_string()
                >
                    "Save"
                </button>
            </form>
            <Outcome id="nickname" outcome=move || save.value().get()/>
        </li>
    }
}
