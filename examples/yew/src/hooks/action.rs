use std::{cell::Cell, rc::Rc};

use yew::{platform::spawn_local, prelude::*};

/// A task that the user starts, such as a request. It runs once at a time.
pub(crate) struct Action<Input> {
    pub(crate) is_busy: bool,
    pub(crate) start: Callback<Input>,
}

/// `done` is not called if the component is unmounted before the task ends.
#[hook]
pub(crate) fn use_action<Input, Output, Running>(
    run: impl Fn(Input) -> Running + 'static,
    done: impl Fn(Output) + 'static,
) -> Action<Input>
where
    Input: 'static,
    Output: 'static,
    Running: Future<Output = Output> + 'static,
{
    let is_busy = use_state_eq(|| false);
    let is_mounted = use_is_mounted();
    let done = Rc::new(done);
    let start = {
        let is_busy = is_busy.clone();
        Callback::from(move |input| {
            // The handle reads the current value, also in a callback of an earlier view.
            if *is_busy {
                return;
            }
            is_busy.set(true);
            let running = run(input);
            let (is_busy, is_mounted, done) = (is_busy.setter(), is_mounted.clone(), done.clone());
            spawn_local(async move {
                let output = running.await;
                if is_mounted.get() {
                    is_busy.set(false);
                    done(output);
                }
            });
        })
    };
    Action { is_busy: *is_busy, start }
}

/// An action, and its last outcome.
#[hook]
pub(crate) fn use_outcome<Input, Running>(
    run: impl Fn(Input) -> Running + 'static,
) -> (Action<Input>, Option<Result<String, String>>)
where
    Input: 'static,
    Running: Future<Output = Result<String, String>> + 'static,
{
    let outcome = use_state(|| None);
    let action = use_action(run, {
        let outcome = outcome.setter();
        move |output| outcome.set(Some(output))
    });
    (action, (*outcome).clone())
}

#[hook]
fn use_is_mounted() -> Rc<Cell<bool>> {
    let is_mounted = use_memo((), |()| Cell::new(true));
    use_effect_with((), {
        let is_mounted = is_mounted.clone();
        move |()| move || is_mounted.set(false)
    });
    is_mounted
}
