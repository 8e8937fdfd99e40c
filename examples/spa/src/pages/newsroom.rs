//! Nested pages, each with its own requirement, and content for a role.

use example_shared::{
    RoleChange,
    api::Profile,
    experiments::fetch_claims,
    text::roles_text,
    who::{EDITOR, administrators, editors},
};
use leptos::{either::Either, ev::SubmitEvent, html::Input, prelude::*};
use leptos_router::components::{A, Outlet};
use supertokens_leptos::{SignedIn, claims::roles, use_claim_value, use_session};

use crate::{
    api::use_api,
    components::{FormField, Loading, Outcome, Page, Section},
};

/// The frame around the newsroom's pages.
#[component]
pub(crate) fn Newsroom() -> impl IntoView {
    view! {
        <Page title="Newsroom" testid="newsroom-page">
            <p class="lead">
                "For all signed-in users. Two of its pages have their own requirements."
            </p>
            <YourRoles/>
            <nav class="tabs" aria-label="Newsroom">
                <ul>
                    <li><A href="/newsroom" exact=true attr:data-testid="tab-overview">"Overview"</A></li>
                    <li><A href="/newsroom/drafts" attr:data-testid="tab-drafts">"Drafts"</A></li>
                    <li><A href="/newsroom/readers" attr:data-testid="tab-readers">"Readers"</A></li>
                </ul>
            </nav>
            <Outlet/>
        </Page>
    }
}

/// A live view of the session's roles, and buttons to change them.
#[component]
fn YourRoles() -> impl IntoView {
    let api = use_api();
    let roles = use_claim_value(roles());
    let fetch = Action::new_local(move |(): &()| fetch_claims(api.clone()));
    view! {
        <section class="card roomy" aria-labelledby="roles-title">
            <h2 id="roles-title">"Your roles"</h2>
            <p data-testid="your-roles">{move || roles_text(roles.get())}</p>
            <SignedIn
                require=editors()
                fallback=|| view! {
                    <p class="gate muted" data-testid="not-an-editor">
                        "The editors’ note is shown here when you have the role editor."
                    </p>
                }
            >
                <p class="gate notice" data-testid="editors-note">
                    <strong>"Editors’ note. "</strong>
                    "Today’s meeting is at ten. Without the role, this note is hidden at once."
                </p>
            </SignedIn>
            <div class="actions">
                <button
                    type="button"
                    class="button"
                    data-testid="fetch-claims"
                    aria-disabled=move || fetch.pending().get().to_string()
                    on:click=move |_| {
                        if !fetch.pending().get_untracked() {
                            fetch.dispatch(());
                        }
                    }
                >
                    "Fetch my roles again"
                </button>
                <SignedIn require=administrators()><OwnRole/></SignedIn>
            </div>
            <Outcome id="fetch-claims" outcome=move || fetch.value().get()/>
        </section>
    }
}

/// A button with which administrators add or remove their own role editor.
#[component]
fn OwnRole() -> impl IntoView {
    let api = use_api();
    let profile = use_session().payload::<Profile>();
    let roles = use_claim_value(roles());
    let is_editor = Memo::new(move |_| roles.with(|roles| roles.iter().flatten().any(|role| role == EDITOR)));
    let toggle = Action::new_local(move |give: &bool| {
        let (api, give, profile) = (api.clone(), *give, profile.get_untracked());
        async move {
            let Some(Profile { email, .. }) = profile else { return Ok(()) };
            RoleChange { email, role: EDITOR, give }.send(api).await.map(drop)
        }
    });
    view! {
        <button
            type="button"
            class="button"
            data-testid="toggle-editor"
            aria-disabled=move || toggle.pending().get().to_string()
            on:click=move |_| {
                if !toggle.pending().get_untracked() {
                    toggle.dispatch(!is_editor.get_untracked());
                }
            }
        >
            {move || if is_editor.get() { "Remove my role editor" } else { "Add the role editor" }}
        </button>
        {move || toggle.value().get().and_then(Result::err).map(|error| view! {
            <p class="field-error" role="alert">{error}</p>
        })}
    }
}

#[component]
pub(crate) fn NewsroomOverview() -> impl IntoView {
    view! {
        <Section title="Overview" testid="newsroom-overview">
            <dl class="rules">
                <div><dt>"Drafts"</dt><dd>"require the role editor."</dd></div>
                <div><dt>"Readers"</dt><dd>"require the permission users:read, which administrators have."</dd></div>
            </dl>
            <p class="hint">
                "An administrator changes roles on the page Admin, or here. Open this page in a second tab to see it update."
            </p>
        </Section>
    }
}

#[component]
pub(crate) fn Drafts() -> impl IntoView {
    let (headline, input) = (RwSignal::new(String::new()), NodeRef::<Input>::new());
    let drafts = RwSignal::new(Vec::<String>::new());
    let outcome = RwSignal::new(None);
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        let text = headline.get_untracked().trim().to_owned();
        if text.is_empty() {
            outcome.set(Some(Err("A draft needs a headline.".to_owned())));
            return;
        }
        outcome.set(Some(Ok(format!("Added: {text}"))));
        drafts.update(|drafts| drafts.push(text));
        headline.set(String::new());
    };
    view! {
        <Section title="Drafts" testid="drafts-page">
            <p class="hint">
                "Your text stays while the session is refreshed. The demo stores no drafts, so they are lost when you leave the page."
            </p>
            <form class="inline-form" novalidate on:submit=on_submit>
                <FormField id="headline" label="Headline" kind="text" autocomplete="off" value=headline input/>
                <button type="submit" class="button" data-testid="keep-draft">"Add"</button>
            </form>
            <Outcome id="drafts" outcome/>
            <ul class="list" data-testid="drafts-list">
                {move || drafts.get().into_iter().map(|draft| view! { <li>{draft}</li> }).collect_view()}
            </ul>
        </Section>
    }
}

#[component]
pub(crate) fn Readers() -> impl IntoView {
    let api = use_api();
    let users = LocalResource::new(move || api.clone().users());
    let content = move || {
        Suspend::new(async move {
            match users.await {
                Ok(users) => Either::Left(view! {
                    <ul class="list" data-testid="readers-list">
                        {users.into_iter().map(|user| view! { <li>{user.email}</li> }).collect_view()}
                    </ul>
                }),
                Err(error) => Either::Right(view! {
                    <p role="alert">{error.to_string()}</p>
                    <button type="button" class="button" on:click=move |_| users.refetch()>"Try again"</button>
                }),
            }
        })
    };
    view! {
        <Section title="Readers" testid="readers-page">
            <Suspense fallback=Loading>{content}</Suspense>
        </Section>
    }
}
