use yew::prelude::*;

/// Shows a view that may have a user's data. Another user gets new elements: Yew would reuse those of an equal view, with
/// the text that the first user typed.
pub(crate) fn for_user(user: Option<String>, view: Html) -> Html {
    html! { <View key={user.unwrap_or_default()}>{view}</View> }
}

#[derive(Properties, PartialEq)]
struct ViewProps {
    children: Html,
}

#[component]
fn View(props: &ViewProps) -> Html {
    props.children.clone()
}
