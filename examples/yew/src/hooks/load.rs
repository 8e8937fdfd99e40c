use example_shared::api::ApiError;
use futures_util::future::{AbortHandle, Abortable};
use yew::{platform::spawn_local, prelude::*};

use crate::components::Loading;

/// Data of the API, with a callback that loads it again.
pub(crate) struct Loaded<T> {
    outcome: Option<Result<T, ApiError>>,
    pub(crate) reload: Callback<()>,
}

/// Loads data when the component is mounted. The request is aborted when the component is unmounted.
#[hook]
pub(crate) fn use_load<T, Request>(load: impl Fn() -> Request + 'static) -> Loaded<T>
where
    T: Clone + 'static,
    Request: Future<Output = Result<T, ApiError>> + 'static,
{
    let outcome = use_state(|| None);
    let attempt = use_state(|| 0_usize);
    use_effect_with(*attempt, {
        let outcome = outcome.setter();
        move |_| {
            outcome.set(None);
            let (handle, registration) = AbortHandle::new_pair();
            let request = Abortable::new(load(), registration);
            spawn_local(async move {
                if let Ok(loaded) = request.await {
                    outcome.set(Some(loaded));
                }
            });
            move || handle.abort()
        }
    });
    let outcome = (*outcome).clone();
    Loaded { outcome, reload: Callback::from(move |()| attempt.set(*attempt + 1)) }
}

impl<T> Loaded<T> {
    /// The data or its error; until then a placeholder.
    pub(crate) fn view(
        &self,
        loaded: impl FnOnce(&T) -> Html,
        failed: impl FnOnce(&ApiError, Callback<MouseEvent>) -> Html,
    ) -> Html {
        match &self.outcome {
            None => html! { <Loading/> },
            Some(Ok(data)) => loaded(data),
            Some(Err(error)) => failed(error, self.reload.reform(|_| ())),
        }
    }
}
