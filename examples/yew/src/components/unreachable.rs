use example_shared::text::sentence;
use supertokens_yew::{use_session, use_session_error};
use yew::prelude::*;

use super::{Button, Page};

/// Shown in place of a guarded page while the server does not respond.
#[component]
pub(crate) fn Unreachable() -> Html {
    let (session, is_trying) = (use_session(), use_state_eq(|| false));
    let retry = {
        let is_trying = is_trying.setter();
        move |_| {
            is_trying.set(true);
            session.recheck();
        }
    };
    let on_failure = use_callback((), {
        let is_trying = is_trying.setter();
        move |(), ()| is_trying.set(false)
    });
    html! {
        <Page title="No connection" id="unreachable" is_narrow={true}>
            <div class="card" role="alert">
                <p>
                    <strong>{"The server is not responding."}</strong>
                    {" You may still be signed in."}
                </p>
                <Cause {on_failure}/>
            </div>
            <Button class="primary" id="retry" is_busy={*is_trying} onclick={retry}>
                {if *is_trying { "Trying…" } else { "Try again" }}
            </Button>
        </Page>
    }
}

#[derive(Properties, PartialEq)]
struct CauseProps {
    on_failure: Callback<()>,
}

/// The last error. Each failed attempt renders it, even with the same error.
#[component]
fn Cause(props: &CauseProps) -> Html {
    let error = use_session_error();
    let on_failure = props.on_failure.clone();
    use_effect(move || on_failure.emit(()));
    html! { <p class="muted">{error.map(|error| sentence(&error.to_string()))}</p> }
}
