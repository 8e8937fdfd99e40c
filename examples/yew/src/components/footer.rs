use example_shared::config::{choose_transfer, transfer};
use supertokens_yew::TokenTransferMethod;
use yew::prelude::*;

#[component]
pub(crate) fn Footer() -> Html {
    let has_failed = use_state(|| false);
    let choose = |method| {
        let has_failed = has_failed.setter();
        move |_: Event| has_failed.set(!choose_transfer(method))
    };
    html! {
        <footer class="site-footer">
            <fieldset>
                <legend>{"Token transfer"}</legend>
                <Choice
                    id="transfer-cookie"
                    label="In cookies"
                    hint="that scripts can’t read. This is the default."
                    is_chosen={transfer() == TokenTransferMethod::Cookie}
                    choose={choose(TokenTransferMethod::Cookie)}
                />
                <Choice
                    id="transfer-header"
                    label="In headers"
                    hint="for APIs on another site. Any script on the page can then steal the session."
                    is_chosen={transfer() == TokenTransferMethod::Header}
                    choose={choose(TokenTransferMethod::Header)}
                />
                <p class="hint">{"A change reloads the page and applies from the next sign-in."}</p>
                <p class="field-error" role="alert">
                    if *has_failed {
                        {"This browser blocks storage for this page, so the setting can’t be changed."}
                    }
                </p>
            </fieldset>
            <p class="muted">
                {"An example for "}
                <a href={env!("CARGO_PKG_REPOSITORY")} rel="external">{"supertokens-yew"}</a>
                {". Guards only control display: the API enforces access."}
            </p>
        </footer>
    }
}

#[derive(Properties, PartialEq)]
struct ChoiceProps {
    id: &'static str,
    label: &'static str,
    hint: &'static str,
    is_chosen: bool,
    choose: Callback<Event>,
}

#[component]
fn Choice(props: &ChoiceProps) -> Html {
    html! {
        <label class="choice">
            <input
                type="radio"
                name="transfer"
                data-testid={props.id}
                checked={props.is_chosen}
                onchange={props.choose.clone()}
            />
            <span><strong>{props.label}</strong>{" "}<span class="muted">{props.hint}</span></span>
        </label>
    }
}
