use example_shared::experiments::save_nickname;
use yew::prelude::*;

use super::{Button, FormField, Outcome, use_field};
use crate::hooks::{use_api, use_outcome};

/// Changes the access token's payload on the server.
#[component]
pub(crate) fn Nickname() -> Html {
    let (api, nickname) = (use_api(), use_field());
    let (save, outcome) = use_outcome(move |nickname| save_nickname(api.clone(), nickname));
    let onsubmit = {
        let (start, nickname) = (save.start, nickname.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            start.emit(nickname.trimmed());
        }
    };
    html! {
        <li class="experiment">
            <h3>{"Change the payload"}</h3>
            <p class="hint">
                {"The server writes the nickname into the access token. The session above changes at once, with no reload."}
            </p>
            <form class="inline-form" novalidate={true} {onsubmit}>
                <FormField id="nickname" label="Nickname" autocomplete="nickname" field={nickname}/>
                <Button is_submit={true} id="save-nickname" is_busy={save.is_busy}>{"Save"}</Button>
            </form>
            <Outcome id="nickname" {outcome}/>
        </li>
    }
}
