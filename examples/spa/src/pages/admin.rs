use example_shared::{
    RoleChange,
    api::{ApiError, Profile, User},
    text::day,
    who::ROLES,
};
use leptos::{either::EitherOf3, prelude::*};

use crate::{
    api::use_api,
    components::{Loading, Outcome, Page},
};

#[component]
pub(crate) fn Admin() -> impl IntoView {
    let api = use_api();
    let users = LocalResource::new(move || api.clone().users());
    let content = move || {
        Suspend::new(async move {
            match users.await {
                Ok(list) => EitherOf3::A(view! {
                    <UsersTable users=list on_demoted=Callback::new(move |()| users.refetch())/>
                }),
                Err(error @ ApiError::Denied(_)) => EitherOf3::B(view! {
                    <div class="card" role="alert" data-testid="admin-denied">
                        <p><strong>"You are signed in, but this page needs the role admin."</strong></p>
                        <p class="muted">{error.to_string()}</p>
                    </div>
                }),
                Err(error) => EitherOf3::C(view! {
                    <div class="card" data-testid="admin-error">
                        <p role="alert"><strong>"The users could not be loaded. "</strong>{error.to_string()}</p>
                        <button type="button" class="button primary" on:click=move |_| users.refetch()>
                            "Try again"
                        </button>
                    </div>
                }),
            }
        })
    };
    view! {
        <Page title="Admin" testid="admin-page">
            <p class="lead">"For administrators only. The API enforces this by the roles in the session."</p>
            <Suspense fallback=Loading>{content}</Suspense>
        </Page>
    }
}

/// A change, and the roles of its row.
type Change = (RoleChange, RwSignal<Vec<String>>);

#[component]
fn UsersTable(
    users: Vec<User>,
    /// Called when the user removes their own role admin, and so can't read this list any more.
    on_demoted: Callback<()>,
) -> impl IntoView {
    let api = use_api();
    let own_email = use_own_email();
    let change = Action::new_local(move |(change, roles): &Change| {
        let (api, change, roles, own) = (api.clone(), change.clone(), *roles, own_email.get_untracked());
        async move {
            let changed = change.send(api).await?;
            // Meanwhile the user may have left the page.
            roles.try_set(changed);
            if change.is_own_demotion(own.as_deref()) {
                on_demoted.try_run(());
            }
            Ok(change.message(own.as_deref()))
        }
    });
    let rows = users.into_iter().map(|user| view! { <UserRow user change/> }).collect_view();
    view! {
        <div class="card table-card">
            <table class="users">
                <caption>"All users"</caption>
                <thead>
                    <tr>
                        <th scope="col">"E-mail"</th>
                        <th scope="col">"Roles"</th>
                        <th scope="col" class="optional-end">"Joined"</th>
                    </tr>
                </thead>
                <tbody data-testid="admin-users">{rows}</tbody>
            </table>
            <p class="hint" id="roles-hint">
                "Press a role to add or remove it. Your own roles change at once in all tabs. Other users get the change at their next refresh."
            </p>
            <Outcome id="roles" outcome=move || change.value().get()/>
        </div>
    }
}

#[component]
fn UserRow(user: User, change: Action<Change, Result<String, String>>) -> impl IntoView {
    let roles = RwSignal::new(user.roles.clone());
    // In a narrow column, the address wraps only before the domain.
    let (name, domain) = user.email_parts();
    let (name, domain) = (name.to_owned(), domain.to_owned());
    let email = StoredValue::new(user.email.clone());
    let chips = ROLES.map(|role| {
        let has_role = Memo::new(move |_| roles.with(|roles| roles.iter().any(|name| name == role)));
        let press = move |_| {
            if !change.pending().get_untracked() {
                let toggle = |roles: &Vec<_>| RoleChange::toggle(&email.get_value(), roles, role);
                change.dispatch((roles.with_untracked(toggle), roles));
            }
        };
        view! {
            <li>
                <button
                    type="button"
                    class="chip"
                    data-testid=format!("role-{role}-{}", user.email)
                    aria-label=format!("Role {role} for {}", user.email)
                    aria-describedby="roles-hint"
                    aria-pressed=move || has_role.get().to_string()
                    aria-disabled=move || change.pending().get().to_string()
                    on:click=press
                >
                    {role}
                </button>
            </li>
        }
    });
    view! {
        <tr>
            <th scope="row">{name}"@"<wbr/>{domain}</th>
            <td><ul class="chips">{chips.into_iter().collect_view()}</ul></td>
            <td class="optional-end"><time datetime=user.joined_at.clone()>{day(&user.joined_at)}</time></td>
        </tr>
    }
}

/// The user's own e-mail address.
fn use_own_email() -> Memo<Option<String>> {
    let profile = supertokens_leptos::use_session().payload::<Profile>();
    Memo::new(move |_| profile.with(|profile| Some(profile.as_ref()?.email.clone())))
}
