use example_shared::config::{choose_transfer, transfer};
use leptos::prelude::*;
use supertokens_leptos::TokenTransferMethod;

#[component]
pub(crate) fn Footer() -> impl IntoView {
    let (has_failed, set_has_failed) = signal(false);
    let choose = move |method| set_has_failed.set(!choose_transfer(method));
    view! {
        <footer class="site-footer">
            <fieldset>
                <legend>"Token transfer"</legend>
                <Choice
                    method=TokenTransferMethod::Cookie
                    id="transfer-cookie"
                    label="In cookies"
                    hint="that scripts can’t read. This is the default."
                    choose
                />
                <Choice
                    method=TokenTransferMethod::Header
                    id="transfer-header"
                    label="In headers"
                    hint="for APIs on another site. Any script on the page can then steal the session."
                    choose
                />
                <p class="hint">"A change reloads the page and applies from the next sign-in."</p>
                <p class="field-error" role="alert">
                    {move || has_failed.get().then_some("This browser blocks storage for this page, so the setting can’t be changed.")}
                </p>
            </fieldset>
            <p class="muted">
                "An example for "
                <a href=env!("CARGO_PKG_REPOSITORY") rel="external">"supertokens-leptos"</a>
                ". Guards only control display: the API enforces access."
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
