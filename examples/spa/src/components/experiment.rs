use example_shared::experiments::Experiment;
use leptos::prelude::*;

/// An experiment with a button, a hint and an outcome.
#[component]
pub(crate) fn ExperimentItem<Run, Running>(
    experiment: Experiment,
    #[prop(optional)] is_danger: bool,
    run: Run,
) -> impl IntoView
where
    Run: Fn() -> Running + 'static,
    Running: Future<Output = Result<String, String>> + 'static,
{
    let Experiment { id, title, hint, label } = experiment;
    let action = Action::new_local(move |(): &()| run());
    let is_busy = action.pending();
    let hint_id = format!("{id}-hint");
    view! {
        <li class="experiment">
            <h3>{title}</h3>
            <p class="hint" id=hint_id.clone()>{hint}</p>
            <button
                type="button"
                class="button"
                class:danger=is_danger
                data-testid=id
                aria-describedby=hint_id
                aria-disabled=move || is_busy.get().to_string()
                on:click=move |_| {
                    if !is_busy.get_untracked() {
                        action.dispatch(());
                    }
                }
            >
                {label}
            </button>
            <Outcome id outcome=move || action.value().get()/>
        </li>
    }
}

/// An outcome, which screen readers announce too.
#[component]
pub(crate) fn Outcome(
    id: &'static str,
    #[prop(into)] outcome: Signal<Option<Result<String, String>>>,
) -> impl IntoView {
    let failed = move || matches!(outcome.get(), Some(Err(_)));
    let text = move || outcome.get().map(|(Ok(text) | Err(text))| text);
    view! {
        <output class="outcome" class:failed=failed data-testid=format!("{id}-result")>{text}</output>
    }
}
