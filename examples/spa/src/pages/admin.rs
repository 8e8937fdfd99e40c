use leptos::{either::EitherOf3, prelude::*};

use crate::{
    api::{ApiError, Profile, User, use_api},
    components::{Loading, Outcome, Page},
    text::day,
    who::{ADMIN, ROLES},
};

#[component]
pub(crate) fn Admin() -> impl IntoView {
    let api = use_api();
    let users = LocalResource::new(move || api.users());
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
            <p class="lead">"For administrators only. It is the API that decides so, from the roles in the session."</p>
            <Suspense fallback=Loading>{content}</Suspense>
        </Page>
    }
}

/// A role to be given or taken.
#[derive(Clone)]
struct Change {
    email: String,
    role: &'static str,
    give: bool,
    roles: RwSignal<Vec<String>>,
}

#[component]
fn UsersTable(
    users: Vec<User>,
    /// Called when the administrator is none any more, and can't read this.
    on_demoted: Callback<()>,
) -> impl IntoView {
    let api = use_api();
    let me = use_me();
    let change = Action::new_local(move |change: &Change| {
        let Change { email, role, give, roles } = change.clone();
        let is_me = me.with_untracked(|me| me.as_ref() == Some(&email));
        async move {
            let changed = api.set_role(&email, role, give).await?;
            // The page may be gone by now.
            roles.try_set(changed.roles);
            if is_me && role == ADMIN && !give {
                on_demoted.try_run(());
            }
            Ok::<_, String>(words(&email, role, give, is_me))
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
                "Press a role to give or take it. Yours counts at once, in all tabs; the sessions of others learn of it at their next refresh."
            </p>
            <Outcome id="roles" outcome=move || change.value().get()/>
        </div>
    }
}

#[component]
fn UserRow(user: User, change: Action<Change, Result<String, String>>) -> impl IntoView {
    let roles = RwSignal::new(user.roles);
    // Narrow columns break it there and nowhere else.
    let (name, domain) = user.email.split_once('@').unwrap_or((&user.email, ""));
    let (name, domain) = (name.to_owned(), domain.to_owned());
    let email = StoredValue::new(user.email.clone());
    let chips = ROLES.map(|role| {
        let has_role = Memo::new(move |_| roles.with(|roles| roles.iter().any(|one| one == role)));
        let press = move |_| {
            if !change.pending().get_untracked() {
                let give = !has_role.get_untracked();
                change.dispatch(Change { email: email.get_value(), role, give, roles });
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

/// The e-mail address of who is looking.
fn use_me() -> Memo<Option<String>> {
    let profile = supertokens_leptos::use_session().payload::<Profile>();
    Memo::new(move |_| profile.with(|profile| Some(profile.as_ref()?.email.clone())))
}

fn words(email: &str, role: &str, give: bool, is_me: bool) -> String {
    match (is_me, give) {
        (true, true) => format!("You have the role {role} now."),
        (true, false) => format!("You no longer have the role {role}."),
        (false, true) => format!("{email} has the role {role} now, and learns of it at the next refresh."),
        (false, false) => {
            format!("{email} no longer has the role {role}, and learns of it at the next refresh.")
        }
    }
}
