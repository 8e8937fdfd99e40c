use leptos::{
    html::{H1, H2},
    prelude::*,
};

use crate::focus::announce_heading;

/// A page: its title in the tab and as the one `h1`, and its content.
#[component]
pub(crate) fn Page(
    #[prop(into)] title: Signal<&'static str>,
    /// Its `data-testid`.
    testid: &'static str,
    #[prop(optional)] is_narrow: bool,
    children: Children,
) -> impl IntoView {
    let heading = NodeRef::<H1>::new();
    announce_heading(heading);
    Effect::new(move |_| document().set_title(&format!("{} – supertokens-leptos example", title.get())));
    view! {
        <div class="page" class:narrow=is_narrow data-testid=testid>
            <h1 tabindex="-1" node_ref=heading>{title}</h1>
            {children()}
        </div>
    }
}

/// A page inside of a page, with a heading of its own.
#[component]
pub(crate) fn Section(
    title: &'static str,
    /// Its `data-testid`.
    testid: &'static str,
    children: Children,
) -> impl IntoView {
    let heading = NodeRef::<H2>::new();
    announce_heading(heading);
    view! {
        <section class="card roomy" data-testid=testid aria-label=title>
            <h2 tabindex="-1" node_ref=heading>{title}</h2>
            {children()}
        </section>
    }
}
