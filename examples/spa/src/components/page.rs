use leptos::prelude::*;

/// A page: its title in the tab and as the one `h1`, and its content.
#[component]
pub(crate) fn Page(
    #[prop(into)] title: Signal<&'static str>,
    /// Its `data-testid`.
    testid: &'static str,
    #[prop(optional)] is_narrow: bool,
    children: Children,
) -> impl IntoView {
    Effect::new(move |_| document().set_title(&format!("{} – supertokens-leptos example", title.get())));
    view! {
        <div class="page" class:narrow=is_narrow data-testid=testid>
            <h1>{title}</h1>
            {children()}
        </div>
    }
}
