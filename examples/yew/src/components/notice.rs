use example_shared::text::sign_out_error;
use supertokens_yew::use_session_error;
use yew::prelude::*;

use super::Button;

#[derive(Properties, PartialEq)]
pub(crate) struct NoticeProps {
    /// The `data-testid`.
    pub(crate) id: &'static str,
    pub(crate) children: Html,
}

/// A note above the content.
#[component]
pub(crate) fn Notice(props: &NoticeProps) -> Html {
    html! { <p class="notice" data-testid={props.id}>{props.children.clone()}</p> }
}

#[derive(Properties, PartialEq)]
pub(crate) struct ErrorNoticeProps {
    /// The `data-testid`.
    pub(crate) id: &'static str,
    pub(crate) text: AttrValue,
}

/// An error above or in place of the content.
#[component]
pub(crate) fn ErrorNotice(props: &ErrorNoticeProps) -> Html {
    html! { <p class="notice bad" role="alert" data-testid={props.id}>{&props.text}</p> }
}

/// Shows the error of a sign-out that did not reach the server, until the user dismisses it.
#[component]
pub(crate) fn SignOutError() -> Html {
    let error = use_session_error();
    let shown = use_state_eq(|| None);
    use_effect_with(error, {
        let shown = shown.setter();
        move |error| shown.set(sign_out_error(error.clone()))
    });
    let Some(error) = &*shown else { return Html::default() };
    let dismiss = {
        let shown = shown.setter();
        move |_| shown.set(None)
    };
    html! {
        <div class="notice wide bad" role="alert" data-testid="sign-out-trouble">
            <p>{error}</p>
            <Button onclick={dismiss}>{"Dismiss"}</Button>
        </div>
    }
}
