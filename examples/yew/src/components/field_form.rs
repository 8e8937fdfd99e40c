use std::pin::Pin;

use example_shared::sign_in::FormError;
use yew::prelude::*;

use super::{Button, ErrorNotice, Field, FormField};
use crate::hooks::use_action;

/// A task with the value of the field.
type Submission = Pin<Box<dyn Future<Output = Result<(), FormError>>>>;

/// The prop `run` of a [`FieldForm`].
pub(crate) fn submission<Running>(run: impl Fn(String) -> Running + 'static) -> Callback<String, Submission>
where
    Running: Future<Output = Result<(), FormError>> + 'static,
{
    Callback::from(move |value| Box::pin(run(value)) as Submission)
}

#[derive(Properties, PartialEq)]
pub(crate) struct FieldFormProps {
    /// The field's id, name and `data-testid`.
    pub(crate) id: &'static str,
    pub(crate) label: &'static str,
    #[prop_or("text")]
    pub(crate) kind: &'static str,
    pub(crate) autocomplete: &'static str,
    pub(crate) field: Field,
    /// The button's `data-testid`.
    pub(crate) submit_id: &'static str,
    pub(crate) submit_label: &'static str,
    /// The `data-testid` of an error that is not about the field.
    #[prop_or("form-error")]
    pub(crate) error_id: &'static str,
    /// Whether the field takes the focus when the form appears.
    #[prop_or_default]
    pub(crate) takes_focus: bool,
    pub(crate) run: Callback<String, Submission>,
}

/// A form with one field. A wrong value is shown beside the field, which takes the focus.
#[component]
pub(crate) fn FieldForm(props: &FieldFormProps) -> Html {
    let FieldFormProps { id, label, kind, autocomplete, field, submit_id, submit_label, error_id, .. } =
        props;
    let error = use_state(|| None::<FormError>);
    use_effect_with((), {
        let (field, takes_focus) = (field.clone(), props.takes_focus);
        move |()| {
            if takes_focus {
                field.focus();
            }
        }
    });
    let run = props.run.clone();
    let done = {
        let (error, field) = (error.setter(), field.clone());
        move |result: Result<(), FormError>| {
            let failure = result.err();
            if failure.as_ref().and_then(FormError::field).is_some() {
                field.focus();
            }
            error.set(failure);
        }
    };
    let submit = use_action(move |value| run.emit(value), done);
    let onsubmit = {
        let (start, field) = (submit.start, field.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            start.emit(field.value());
        }
    };
    let text = |read: fn(&FormError) -> Option<&str>| Some(read((*error).as_ref()?)?.to_owned());
    html! {
        <form novalidate={true} {onsubmit}>
            if let Some(text) = text(FormError::form) {
                <ErrorNotice id={*error_id} {text}/>
            }
            <FormField
                id={*id}
                label={*label}
                kind={*kind}
                autocomplete={*autocomplete}
                field={field.clone()}
                error={text(FormError::field)}
            />
            <Button is_submit={true} class="primary" id={*submit_id} is_busy={submit.is_busy}>{*submit_label}</Button>
        </form>
    }
}
