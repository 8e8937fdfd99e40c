use example_shared::api::ApiError;
use futures_util::future::{AbortHandle, Abortable};
use yew::{platform::spawn_local, prelude::*};

use crate::components::Loading;

/// A value that is loaded when the component is mounted, and again for each new key; none until then. The request is
/// aborted when the component is unmounted.
#[hook]
pub(crate) fn use_value<Key, T, Request>(key: Key, load: impl Fn() -> Request + 'static) -> Option<T>
where
    Key: PartialEq + 'static,
    T: Clone + 'static,
    Request: Future<Output = T> + 'static,
{
    let value = use_state(|| None);
    use_effect_with(key, {
        let value = value.setter();
        move |_| {
            value.set(None);
            let (handle, registration) = AbortHandle::new_pair();
            let request = Abortable::new(load(), registration);
            spawn_local(async move {
                if let Ok(loaded) = request.await {
                    value.set(Some(loaded));
                }
            });
            move || handle.abort()
        }
    });
    (*value).clone()
}

/// Data of the API, with a callback that loads it again.
pub(crate) struct Loaded<T, Error = ApiError> {
    outcome: Option<Result<T, Error>>,
    pub(crate) reload: Callback<()>,
}

/// Loads data when the component is mounted.
#[hook]
pub(crate) fn use_load<T, Error, Request>(load: impl Fn() -> Request + 'static) -> Loaded<T, Error>
where
    T: Clone + 'static,
    Error: Clone + 'static,
    Request: Future<Output = Result<T, Error>> + 'static,
{
    let attempt = use_state(|| 0_usize);
    let outcome = use_value(*attempt, load);
    Loaded { outcome, reload: Callback::from(move |()| attempt.set(*attempt + 1)) }
}

impl<T, Error> Loaded<T, Error> {
    /// The data or its error; until then a placeholder.
    pub(crate) fn view(
        &self,
        loaded: impl FnOnce(&T) -> Html,
        failed: impl FnOnce(&Error, Callback<MouseEvent>) -> Html,
    ) -> Html {
        match &self.outcome {
            None => html! { <Loading/> },
            Some(Ok(data)) => loaded(data),
            Some(Err(error)) => failed(error, self.reload.reform(|_| ())),
        }
    }
}
