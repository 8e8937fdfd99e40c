use web_sys::HtmlInputElement;
use yew::prelude::*;

/// The value of a text field, and its element.
#[derive(Clone, PartialEq)]
pub(crate) struct Field {
    value: UseStateHandle<String>,
    input: NodeRef,
}

#[hook]
pub(crate) fn use_field() -> Field {
    Field { value: use_state(String::new), input: use_node_ref() }
}

impl Field {
    /// The current value.
    pub(crate) fn value(&self) -> String {
        (*self.value).clone()
    }

    /// The current value without spaces around it.
    pub(crate) fn trimmed(&self) -> String {
        self.value.trim().to_owned()
    }

    pub(crate) fn set(&self, value: impl Into<String>) {
        self.value.set(value.into());
    }

    pub(crate) fn focus(&self) {
        if let Some(input) = self.input.cast::<HtmlInputElement>() {
            // A removed element can't be focused, which does no harm.
            input.focus().ok();
        }
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct FormFieldProps {
    /// The field's id, name and `data-testid`.
    pub(crate) id: AttrValue,
    pub(crate) label: &'static str,
    #[prop_or("text")]
    pub(crate) kind: &'static str,
    pub(crate) autocomplete: &'static str,
    pub(crate) field: Field,
    #[prop_or_default]
    pub(crate) error: Option<String>,
}

/// A text field with a label and an error message.
#[component]
pub(crate) fn FormField(props: &FormFieldProps) -> Html {
    let FormFieldProps { id, label, kind, autocomplete, field, error } = props;
    let error_id = format!("{id}-error");
    let oninput = {
        let value = field.value.setter();
        move |event: InputEvent| value.set(event.target_unchecked_into::<HtmlInputElement>().value())
    };
    html! {
        <div class="field">
            <label for={id}>{label}</label>
            <input
                {id}
                name={id}
                type={*kind}
                autocomplete={*autocomplete}
                autocapitalize="none"
                spellcheck="false"
                data-testid={id}
                aria-invalid={error.as_ref().map(|_| "true")}
                aria-describedby={error.as_ref().map(|_| error_id.clone())}
                ref={&field.input}
                value={field.value()}
                {oninput}
            />
            if let Some(error) = error {
                <p class="field-error" role="alert" id={error_id} data-testid={format!("field-error-{id}")}>{error}</p>
            }
        </div>
    }
}
