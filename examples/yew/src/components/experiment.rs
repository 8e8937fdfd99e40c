use std::pin::Pin;

use example_shared::{api::Api, experiments::Experiment};
use yew::prelude::*;

use super::Button;
use crate::hooks::{use_api, use_outcome};

/// A task that returns the text of its outcome.
type Task = Pin<Box<dyn Future<Output = Result<String, String>>>>;

/// The prop `run` of an [`ExperimentItem`].
pub(crate) fn task<Running>(run: impl Fn(Api) -> Running + 'static) -> Callback<Api, Task>
where
    Running: Future<Output = Result<String, String>> + 'static,
{
    Callback::from(move |api| Box::pin(run(api)) as Task)
}

#[derive(Properties, PartialEq)]
pub(crate) struct ExperimentItemProps {
    pub(crate) experiment: Experiment,
    #[prop_or_default]
    pub(crate) is_danger: bool,
    pub(crate) run: Callback<Api, Task>,
}

/// An experiment with a button, a hint and an outcome.
#[component]
pub(crate) fn ExperimentItem(props: &ExperimentItemProps) -> Html {
    let (api, run) = (use_api(), props.run.clone());
    let (action, outcome) = use_outcome(move |_: MouseEvent| run.emit(api.clone()));
    let Experiment { id, title, hint, label } = &props.experiment;
    let hint_id = format!("{id}-hint");
    html! {
        <li class="experiment">
            <h3>{title}</h3>
            <p class="hint" id={hint_id.clone()}>{hint}</p>
            <Button
                id={*id}
                class={classes!(props.is_danger.then_some("danger"))}
                is_busy={action.is_busy}
                described_by={hint_id}
                onclick={action.start}
            >
                {label}
            </Button>
            <Outcome id={*id} {outcome}/>
        </li>
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct OutcomeProps {
    pub(crate) id: AttrValue,
    pub(crate) outcome: Option<Result<String, String>>,
}

/// An outcome, which screen readers announce too.
#[component]
pub(crate) fn Outcome(props: &OutcomeProps) -> Html {
    let failed = matches!(props.outcome, Some(Err(_))).then_some("failed");
    let text = props.outcome.as_ref().map(|(Ok(text) | Err(text))| text);
    html! {
        <output class={classes!("outcome", failed)} data-testid={format!("{}-result", props.id)}>{text}</output>
    }
}
