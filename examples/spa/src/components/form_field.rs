use leptos::{html::Input, prelude::*};

/// A text field with a label and an error message.
#[component]
pub(crate) fn FormField(
    /// The field's id, name and `data-testid`.
    id: &'static str,
    label: &'static str,
    kind: &'static str,
    #[prop(into)] autocomplete: Signal<&'static str>,
    value: RwSignal<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    input: NodeRef<Input>,
) -> impl IntoView {
    let error_id = format!("{id}-error");
    let described_by = {
        let error_id = error_id.clone();
        move || error.with(Option::is_some).then(|| error_id.clone())
    };
    let message = move || {
        let error_id = error_id.clone();
        error.get().map(|error| {
            view! {
                <p class="field-error" role="alert" id=error_id data-testid=format!("field-error-{id}")>
                    {error}
                </p>
            }
        })
    };
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <input
                id=id
                name=id
                type=kind
                autocomplete=move || autocomplete.get()
                autocapitalize="none"
                spellcheck="false"
                data-testid=id
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=described_by
                node_ref=input
                bind:value=value
            />
            {message}
        </div>
    }
}
