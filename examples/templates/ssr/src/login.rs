use leptos::{ev::SubmitEvent, html::Input, prelude::*};
use supertokens_leptos::{
    SignedOut,
    recipes::email_password::{self, SignIn},
    use_return_address, use_session,
};

/// Signs users in, and leads them to the page that they wanted to see.
#[component]
pub fn Login() -> impl IntoView {
    use_return_address("/").go_when_signed_in();
    let session = use_session();
    let (email, password) = (NodeRef::<Input>::new(), NodeRef::<Input>::new());
    let sign_in = Action::new(move |(email, password): &(String, String)| {
        email_password::sign_in(&session.client(), email, password).into_future()
    });
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        // Not signals: users may type before the page is hydrated.
        if let (Some(email), Some(password)) = (email.get_untracked(), password.get_untracked()) {
            sign_in.clear();
            sign_in.dispatch((email.value(), password.value()));
        }
    };
    let problem = move || match sign_in.value().get()? {
        Ok(SignIn::Ok { .. }) => None,
        Ok(SignIn::WrongCredentials) => Some("The e-mail or the password is wrong.".to_owned()),
        Ok(SignIn::FieldErrors(errors)) => errors.into_iter().map(|error| error.message).next(),
        Ok(SignIn::NotAllowed { reason }) => Some(reason),
        Ok(outcome) => Some(format!("Please try again later ({outcome:?}).")),
        Err(error) => Some(error.to_string()),
    };
    let is_hydrated = RwSignal::new(false);
    Effect::new(move |_| is_hydrated.set(true));
    view! {
        <SignedOut>
            <h1>"Sign in"</h1>
            <form on:submit=on_submit>
                {move || problem().map(|problem| view! { <p role="alert">{problem}</p> })}
                <label for="email">"E-mail"</label>
                <input id="email" type="email" autocomplete="username" required node_ref=email/>
                <label for="password">"Password"</label>
                <input
                    id="password"
                    type="password"
                    autocomplete="current-password"
                    required
                    node_ref=password
                />
                <button disabled=move || !is_hydrated.get() || sign_in.pending().get()>"Sign in"</button>
            </form>
        </SignedOut>
    }
}
