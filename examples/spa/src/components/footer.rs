use leptos::prelude::*;
use supertokens_leptos::TokenTransferMethod;

use crate::config::{choose_transfer, transfer};

#[component]
pub(crate) fn Footer() -> impl IntoView {
    let (could_not, set_could_not) = signal(false);
    let choose = move |method| set_could_not.set(!choose_transfer(method));
    view! {
        <footer class="site-footer">
            <fieldset>
                <legend>"How tokens travel"</legend>
                <Choice
                    method=TokenTransferMethod::Cookie
                    id="transfer-cookie"
                    label="In cookies"
                    hint="that no script can read. The default."
                    choose
                />
                <Choice
                    method=TokenTransferMethod::Header
                    id="transfer-header"
                    label="In headers"
                    hint="for APIs on another site. The risk: any script that gets onto the page can steal the session."
                    choose
                />
                <p class="hint">"A change reloads the page and counts from the next sign-in."</p>
                <p class="field-error" role="alert">
                    {move || could_not.get().then_some("This browser lets the page remember nothing, so it stays as it is.")}
                </p>
            </fieldset>
            <p class="muted">
                "An example of "
                <a href=env!("CARGO_PKG_REPOSITORY") rel="external">"supertokens-leptos"</a>
                ". Guards are for the eye: what nobody may see, the API does not send."
            </p>
        </footer>
    }
}

#[component]
fn Choice(
    method: TokenTransferMethod,
    id: &'static str,
    label: &'static str,
    hint: &'static str,
    choose: impl Fn(TokenTransferMethod) + 'static,
) -> impl IntoView {
    view! {
        <label class="choice">
            <input
                type="radio"
                name="transfer"
                data-testid=id
                checked=transfer() == method
                on:change=move |_| choose(method)
            />
            <span><strong>{label}</strong>" "<span class="muted">{hint}</span></span>
        </label>
    }
}
