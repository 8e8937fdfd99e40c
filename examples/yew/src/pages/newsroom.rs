//! Nested pages, each with its own requirement, and content for a role.

use example_shared::{
    RoleChange,
    api::{ApiError, Profile, User},
    experiments::fetch_claims,
    text::roles_text,
    who::{EDITOR, administrators, editors},
};
use supertokens_yew::{SignedIn, claims::roles, use_claim_value, use_payload};
use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    components::{Button, FormField, NavLink, Outcome, Page, Section, use_field},
    hooks::{use_action, use_api, use_load, use_outcome},
    routes::{Route, newsroom_section},
};

/// The frame around the newsroom's pages.
#[component]
pub(crate) fn Newsroom() -> Html {
    html! {
        <Page title="Newsroom" id="newsroom-page">
            <p class="lead">{"For all signed-in users. Two of its pages have their own requirements."}</p>
            <YourRoles/>
            <nav class="tabs" aria-label="Newsroom">
                <ul>
                    <li><NavLink href="/newsroom" is_exact={true} id="tab-overview">{"Overview"}</NavLink></li>
                    <li><NavLink href="/newsroom/drafts" id="tab-drafts">{"Drafts"}</NavLink></li>
                    <li><NavLink href="/newsroom/readers" id="tab-readers">{"Readers"}</NavLink></li>
                </ul>
            </nav>
            <Switch<Route> render={newsroom_section}/>
        </Page>
    }
}

/// A live view of the session's roles, and buttons to change them.
#[component]
fn YourRoles() -> Html {
    let (api, roles) = (use_api(), use_claim_value(roles()));
    let (fetch, outcome) = use_outcome(move |_: MouseEvent| fetch_claims(api.clone()));
    let not_an_editor = html! {
        <p class="gate muted" data-testid="not-an-editor">
            {"The editors’ note is shown here when you have the role editor."}
        </p>
    };
    html! {
        <section class="card roomy" aria-labelledby="roles-title">
            <h2 id="roles-title">{"Your roles"}</h2>
            <p data-testid="your-roles">{roles_text(roles)}</p>
            <SignedIn require={editors()} fallback={not_an_editor}>
                <p class="gate notice" data-testid="editors-note">
                    <strong>{"Editors’ note. "}</strong>
                    {"Today’s meeting is at ten. Without the role, this note is hidden at once."}
                </p>
            </SignedIn>
            <div class="actions">
                <Button id="fetch-claims" is_busy={fetch.is_busy} onclick={fetch.start}>{"Fetch my roles again"}</Button>
                <SignedIn require={administrators()}><OwnRole/></SignedIn>
            </div>
            <Outcome id="fetch-claims" {outcome}/>
        </section>
    }
}

/// A button with which administrators add or remove their own role editor.
#[component]
fn OwnRole() -> Html {
    let (api, profile, roles) = (use_api(), use_payload::<Profile>(), use_claim_value(roles()));
    let roles = roles.unwrap_or_default();
    let is_editor = roles.iter().any(|role| role == EDITOR);
    let error = use_state(|| None);
    let send = move |_: MouseEvent| {
        let (api, profile) = (api.clone(), profile.clone());
        let change = profile.map(|profile| RoleChange::toggle(&profile.email, &roles, EDITOR));
        async move {
            match change {
                Some(change) => change.send(api).await.err(),
                None => None,
            }
        }
    };
    let toggle = use_action(send, {
        let error = error.setter();
        move |failure| error.set(failure)
    });
    html! {
        <>
            <Button id="toggle-editor" is_busy={toggle.is_busy} onclick={toggle.start}>
                {if is_editor { "Remove my role editor" } else { "Add the role editor" }}
            </Button>
            if let Some(error) = &*error {
                <p class="field-error" role="alert">{error}</p>
            }
        </>
    }
}

#[component]
pub(crate) fn NewsroomOverview() -> Html {
    html! {
        <Section title="Overview" id="newsroom-overview">
            <dl class="rules">
                <div><dt>{"Drafts"}</dt><dd>{"require the role editor."}</dd></div>
                <div><dt>{"Readers"}</dt><dd>{"require the permission users:read, which administrators have."}</dd></div>
            </dl>
            <p class="hint">
                {"An administrator changes roles on the page Admin, or here. Open this page in a second tab to see it update."}
            </p>
        </Section>
    }
}

#[component]
pub(crate) fn Drafts() -> Html {
    let headline = use_field();
    let drafts = use_state(Vec::<String>::new);
    let outcome = use_state(|| None);
    let onsubmit = {
        let (headline, drafts, outcome) = (headline.clone(), drafts.clone(), outcome.setter());
        move |event: SubmitEvent| {
            event.prevent_default();
            let text = headline.trimmed();
            if text.is_empty() {
                outcome.set(Some(Err("A draft needs a headline.".to_owned())));
                return;
            }
            outcome.set(Some(Ok(format!("Added: {text}"))));
            drafts.set(drafts.iter().cloned().chain([text]).collect());
            headline.set("");
        }
    };
    html! {
        <Section title="Drafts" id="drafts-page">
            <p class="hint">
                {"Your text stays while the session is refreshed. The demo stores no drafts, so they are lost when you leave the page."}
            </p>
            <form class="inline-form" novalidate={true} {onsubmit}>
                <FormField id="headline" label="Headline" autocomplete="off" field={headline}/>
                <Button is_submit={true} id="keep-draft">{"Add"}</Button>
            </form>
            <Outcome id="drafts" outcome={(*outcome).clone()}/>
            <ul class="list" data-testid="drafts-list">
                {for drafts.iter().map(|draft| html! { <li>{draft}</li> })}
            </ul>
        </Section>
    }
}

#[component]
pub(crate) fn Readers() -> Html {
    let api = use_api();
    let users = use_load(move || api.clone().users());
    let list = |users: &Vec<User>| {
        html! {
            <ul class="list" data-testid="readers-list">
                {for users.iter().map(|user| html! { <li>{&user.email}</li> })}
            </ul>
        }
    };
    let failed = |error: &ApiError, retry| {
        html! {
            <>
                <p role="alert">{error.to_string()}</p>
                <Button onclick={retry}>{"Try again"}</Button>
            </>
        }
    };
    html! { <Section title="Readers" id="readers-page">{users.view(list, failed)}</Section> }
}
