use leptos::{ev::SubmitEvent, prelude::*};
use supertokens_leptos::{
    SessionClient, SessionError, SignedOut,
    recipes::email_password::{self, SignIn, SignUp},
    use_return_address, use_session,
};

/// Signs users in, or up, and leads them to the page that they wanted to see.
#[component]
pub fn Login() -> impl IntoView {
    use_return_address("/").go_when_signed_in();
    let (session, is_new) = (use_session(), RwSignal::new(false));
    let (email, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let send = Action::new(move |(): &()| {
        let credentials = (email.get_untracked(), password.get_untracked());
        authenticate(session.client(), credentials, is_new.get_untracked())
    });
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        send.clear();
        send.dispatch(());
    };
    let toggle = move |_| {
        send.clear();
        is_new.update(|is_new| *is_new = !*is_new);
    };
    let problem = move || match send.value().get()? {
        Ok(refusal) => refusal,
        Err(error) => Some(error.to_string()),
    };
    let text = move |known, new| move || if is_new.get() { new } else { known };
    view! {
        <SignedOut>
            <h1>{text("Sign in", "Create an account")}</h1>
            <form on:submit=on_submit>
                {move || problem().map(|problem| view! { <p role="alert">{problem}</p> })}
                <label for="email">"E-mail"</label>
                <input id="email" type="email" autocomplete="username" required bind:value=email/>
                <label for="password">"Password"</label>
                <input
                    id="password"
                    type="password"
                    autocomplete=text("current-password", "new-password")
                    required
                    bind:value=password
                />
                <button disabled=send.pending()>{text("Sign in", "Create account")}</button>
            </form>
            <button type="button" class="link" on:click=toggle>
                {text("Create an account", "Sign in instead")}
            </button>
        </SignedOut>
    }
}

/// What to show if the API refuses the sign-in. Without a refusal, the user is signed in.
async fn authenticate(
    client: SessionClient,
    (email, password): (String, String),
    is_new: bool,
) -> Result<Option<String>, SessionError> {
    if is_new {
        let outcome = email_password::sign_up(&client, &email, &password).await?;
        return Ok(match outcome {
            SignUp::Ok { .. } => None,
            SignUp::FieldErrors(errors) => errors.into_iter().map(|error| error.message).next(),
            SignUp::NotAllowed { reason } => Some(reason),
            outcome => Some(format!("Please try again later ({outcome:?}).")),
        });
    }
    let outcome = email_password::sign_in(&client, &email, &password).await?;
    Ok(match outcome {
        SignIn::Ok { .. } => None,
        SignIn::WrongCredentials => Some("The e-mail or the password is wrong.".to_owned()),
        SignIn::FieldErrors(errors) => errors.into_iter().map(|error| error.message).next(),
        SignIn::NotAllowed { reason } => Some(reason),
        outcome => Some(format!("Please try again later ({outcome:?}).")),
    })
}
