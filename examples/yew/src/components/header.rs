use example_shared::{HOME, LINKS, api::Profile};
use supertokens_yew::{SessionLoading, SignedIn, SignedOut, use_payload, use_session};
use yew::prelude::*;

use super::{Button, Link, NavLink};

#[component]
pub(crate) fn Header() -> Html {
    let links = LINKS.iter().map(|link| {
        html! { <li><NavLink href={link.path} is_exact={link.path == HOME} id={link.id}>{link.label}</NavLink></li> }
    });
    html! {
        <header class="site-header">
            <Link class="brand" href={HOME}>
                <img src="/icon.svg" alt="" width="28" height="28"/>
                <span>{"supertokens-yew"}</span>
            </Link>
            <nav aria-label="Pages"><ul>{for links}</ul></nav>
            <div class="account">
                <SessionLoading><span class="muted">{"Loading…"}</span></SessionLoading>
                <SignedIn><UserBadge/></SignedIn>
                <SignedOut><NavLink href="/login" class="button" id="nav-login">{"Sign in"}</NavLink></SignedOut>
            </div>
        </header>
    }
}

#[component]
fn UserBadge() -> Html {
    let session = use_session();
    let name = use_payload::<Profile>().map(|profile| profile.nickname.unwrap_or(profile.email));
    html! {
        <>
            <span class="badge"><span class="visually-hidden">{"Signed in as "}</span>{name}</span>
            <Button id="sign-out" onclick={move |_| session.sign_out()}>{"Sign out"}</Button>
        </>
    }
}
