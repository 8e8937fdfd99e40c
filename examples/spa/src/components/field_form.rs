use example_shared::sign_in::FormError;
use leptos::{ev::SubmitEvent, html::Input, prelude::*};

use super::{ErrorNotice, FormField};

/// A form with one field. A wrong value is shown beside the field, which takes the focus.
#[component]
pub(crate) fn FieldForm<Run, Running>(
    /// The field's id, name and `data-testid`.
    id: &'static str,
    label: &'static str,
    #[prop(default = "text")] kind: &'static str,
    autocomplete: &'static str,
    value: RwSignal<String>,
    /// The button's `data-testid`.
    submit_id: &'static str,
    submit_label: &'static str,
    /// The `data-testid` of an error that is not about the field.
    #[prop(default = "form-error")]
    error_id: &'static str,
    /// Whether the field takes the focus when the form appears.
    #[prop(optional)]
    takes_focus: bool,
    run: Run,
) -> impl IntoView
where
    Run: Fn(String) -> Running + 'static,
    Running: Future<Output = Result<(), FormError>> + 'static,
{
    let (error, input) = (RwSignal::new(None::<FormError>), NodeRef::<Input>::new());
    let submit = Action::new_local(move |value: &String| {
        let running = run(value.clone());
        async move {
            let failure = running.await.err();
            let is_about_field = failure.as_ref().and_then(FormError::field).is_some();
            // After a success, the form may be removed.
            error.try_set(failure);
            if is_about_field && let Some(input) = input.try_get_untracked().flatten() {
                input.focus().ok();
            }
        }
    });
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !submit.pending().get_untracked() {
            submit.dispatch(value.get_untracked());
        }
    };
    if takes_focus {
        input.on_load(|input| {
            input.focus().ok();
        });
    }
    let text = |read: fn(&FormError) -> Option<&str>| {
        Memo::new(move |_| error.with(|error| Some(read(error.as_ref()?)?.to_owned())))
    };
    let (field_error, form_error) = (text(FormError::field), text(FormError::form));
    view! {
        <form novalidate on:submit=on_submit>
            {move || form_error.get().map(|text| view! { <ErrorNotice testid=error_id text/> })}
            <FormField id label kind autocomplete value error=field_error input/>
            <button
                type="submit"
                class="button primary"
                data-testid=submit_id
                aria-disabled=move || submit.pending().get().to_string()
            >
                {submit_label}
            </button>
        </form>
    }
}
