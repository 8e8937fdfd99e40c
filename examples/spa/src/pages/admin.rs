use leptos::{either::EitherOf3, prelude::*};

use crate::{
    api::{ApiError, User, use_api},
    components::{Loading, Page},
    text::day,
};

#[component]
pub(crate) fn Admin() -> impl IntoView {
    let api = use_api();
    let users = LocalResource::new(move || api.users());
    let content = move || {
        Suspend::new(async move {
            match users.await {
                Ok(users) => EitherOf3::A(view! { <UsersTable users/> }),
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

#[component]
fn UsersTable(users: Vec<User>) -> impl IntoView {
    let rows = users.into_iter().map(|user| {
        view! {
            <tr>
                <th scope="row">{user.email}</th>
                <td>{user.roles.join(", ")}</td>
                <td><time datetime=user.joined_at.clone()>{day(&user.joined_at)}</time></td>
            </tr>
        }
    });
    view! {
        <div class="card table-card">
            <table>
                <caption>"All users"</caption>
                <thead>
                    <tr>
                        <th scope="col">"E-mail"</th>
                        <th scope="col">"Roles"</th>
                        <th scope="col">"Joined"</th>
                    </tr>
                </thead>
                <tbody data-testid="admin-users">{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}
