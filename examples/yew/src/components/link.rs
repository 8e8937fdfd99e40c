use yew::prelude::*;
use yew_router::prelude::use_location;

use crate::hooks::use_link;

#[derive(Properties, PartialEq)]
pub(crate) struct LinkProps {
    /// A path of the app, which may have a query and a fragment.
    pub(crate) href: AttrValue,
    #[prop_or_default]
    pub(crate) class: Option<AttrValue>,
    /// The `data-testid`.
    #[prop_or_default]
    pub(crate) id: Option<AttrValue>,
    /// The `aria-current`.
    #[prop_or_default]
    pub(crate) current: Option<&'static str>,
    pub(crate) children: Html,
}

/// A link within the app. That of yew-router takes no query in a path, no fragment and no `data-testid`.
#[component]
pub(crate) fn Link(props: &LinkProps) -> Html {
    let LinkProps { href, class, id, current, children } = props;
    let onclick = use_link(href);
    html! {
        <a {href} class={class.clone()} data-testid={id.clone()} aria-current={*current} {onclick}>
            {children.clone()}
        </a>
    }
}

#[derive(Properties, Clone, PartialEq)]
pub(crate) struct NavLinkProps {
    pub(crate) href: AttrValue,
    /// Pages below the path are other pages.
    #[prop_or_default]
    pub(crate) is_exact: bool,
    #[prop_or_default]
    pub(crate) class: Option<AttrValue>,
    /// The `data-testid`.
    pub(crate) id: AttrValue,
    pub(crate) children: Html,
}

/// A link that shows whether its page is the current one.
#[component]
pub(crate) fn NavLink(props: &NavLinkProps) -> Html {
    let NavLinkProps { href, is_exact, class, id, children } = props.clone();
    let location = use_location();
    let below = location.as_ref().and_then(|location| location.path().strip_prefix(href.as_str()));
    let is_current = below.is_some_and(|below| below.is_empty() || !is_exact && below.starts_with('/'));
    html! { <Link {href} {class} {id} current={is_current.then_some("page")}>{children}</Link> }
}
