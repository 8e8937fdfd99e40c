use example_shared::{
    RoleChange,
    api::{ApiError, Profile, User},
    text::day,
    who::ROLES,
};
use supertokens_yew::use_payload;
use yew::prelude::*;

use crate::{
    components::{LoadError, Outcome, Page},
    hooks::{use_action, use_api, use_load},
};

#[component]
pub(crate) fn Admin() -> Html {
    let api = use_api();
    let users = use_load(move || api.clone().users());
    let table = |list: &Vec<User>| html! { <UsersTable users={list.clone()} on_demoted={&users.reload}/> };
    let failed = |error: &ApiError, retry| match error {
        ApiError::Denied(_) => html! {
            <div class="card" role="alert" data-testid="admin-denied">
                <p><strong>{"You are signed in, but this page needs the role admin."}</strong></p>
                <p class="muted">{error.to_string()}</p>
            </div>
        },
        _ => html! {
            <LoadError id="admin-error" message="The users could not be loaded." error={error.to_string()} {retry}/>
        },
    };
    html! {
        <Page title="Admin" id="admin-page">
            <p class="lead">{"For administrators only. The API enforces this by the roles in the session."}</p>
            {users.view(table, failed)}
        </Page>
    }
}

#[derive(Properties, PartialEq)]
struct UsersTableProps {
    users: Vec<User>,
    /// Called when the user removes their own role admin, and so can't read this list any more.
    on_demoted: Callback<()>,
}

#[component]
fn UsersTable(props: &UsersTableProps) -> Html {
    let (api, profile) = (use_api(), use_payload::<Profile>());
    // The responses to changes have the new roles.
    let users = use_state(|| props.users.clone());
    let outcome = use_state(|| None);
    let send = move |change: RoleChange| {
        let (api, own) = (api.clone(), profile.clone().map(|profile| profile.email));
        async move {
            let result = change.send(api).await;
            (change, own, result)
        }
    };
    let done = {
        let (users, outcome, on_demoted) = (users.clone(), outcome.setter(), props.on_demoted.clone());
        move |(change, own, result): (RoleChange, Option<String>, Result<Vec<String>, String>)| {
            let own = own.as_deref();
            outcome.set(Some(result.as_ref().map(|_| change.message(own)).map_err(Clone::clone)));
            let Ok(roles) = result else { return };
            let mut changed = (*users).clone();
            changed
                .iter_mut()
                .filter(|user| user.email == change.email)
                .for_each(|user| user.roles = roles.clone());
            users.set(changed);
            if change.is_own_demotion(own) {
                on_demoted.emit(());
            }
        }
    };
    let change = use_action(send, done);
    let rows = users.iter().map(|user| {
        html! { <UserRow key={&*user.email} user={user.clone()} is_busy={change.is_busy} on_change={&change.start}/> }
    });
    html! {
        <div class="card table-card">
            <table class="users">
                <caption>{"All users"}</caption>
                <thead>
                    <tr>
                        <th scope="col">{"E-mail"}</th>
                        <th scope="col">{"Roles"}</th>
                        <th scope="col" class="optional-end">{"Joined"}</th>
                    </tr>
                </thead>
                <tbody data-testid="admin-users">{for rows}</tbody>
            </table>
            <p class="hint" id="roles-hint">
                {"Press a role to add or remove it. Your own roles change at once in all tabs. Other users get the change at their next refresh."}
            </p>
            <Outcome id="roles" outcome={(*outcome).clone()}/>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct UserRowProps {
    user: User,
    is_busy: bool,
    on_change: Callback<RoleChange>,
}

#[component]
fn UserRow(props: &UserRowProps) -> Html {
    let UserRowProps { user, is_busy, on_change } = props;
    let (name, domain) = user.email_parts();
    let chips = ROLES.map(|role| {
        let change = RoleChange::toggle(&user.email, &user.roles, role);
        let has_role = !change.give;
        html! {
            <li>
                <button
                    type="button"
                    class="chip"
                    data-testid={format!("role-{role}-{}", user.email)}
                    aria-label={format!("Role {role} for {}", user.email)}
                    aria-describedby="roles-hint"
                    aria-pressed={has_role.to_string()}
                    aria-disabled={is_busy.to_string()}
                    onclick={on_change.reform(move |_| change.clone())}
                >
                    {role}
                </button>
            </li>
        }
    });
    html! {
        <tr>
            // In a narrow column, the address wraps only before the domain.
            <th scope="row">{name}{"@"}<wbr/>{domain}</th>
            <td><ul class="chips">{for chips}</ul></td>
            <td class="optional-end"><time datetime={user.joined_at.clone()}>{day(&user.joined_at)}</time></td>
        </tr>
    }
}
