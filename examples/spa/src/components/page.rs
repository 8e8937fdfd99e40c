use leptos::{
    html::{H1, H2},
    prelude::*,
};

use crate::focus::focus_heading;

/// A page with a title, which is also the title of the document, and content.
#[component]
pub(crate) fn Page(
    #[prop(into)] title: Signal<&'static str>,
    /// The `data-testid`.
    testid: &'static str,
    #[prop(optional)] is_narrow: bool,
    children: Children,
) -> impl IntoView {
    let heading = NodeRef::<H1>::new();
    focus_heading(heading);
    Effect::new(move |_| document().set_title(&format!("{} – supertokens-leptos example", title.get())));
    view! {
        <div class="page" class:narrow=is_narrow data-testid=testid>
            <h1 tabindex="-1" node_ref=heading>{title}</h1>
            {children()}
        </div>
    }
}

/// A nested page with its own heading.
#[component]
pub(crate) fn Section(
    title: &'static str,
    /// The `data-testid`.
    testid: &'static str,
    children: Children,
) -> impl IntoView {
    let heading = NodeRef::<H2>::new();
    focus_heading(heading);
    view! {
        <section class="card roomy" data-testid=testid aria-label=title>
            <h2 tabindex="-1" node_ref=heading>{title}</h2>
            {children()}
        </section>
    }
}
