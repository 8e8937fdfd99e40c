//! An app of two routes that shows responses of its API. Without the feature `session` it has no guards and uses
//! gloo-net.

use leptos::prelude::*;
use leptos_router::{
    components::{A, Router, Routes},
    path,
};

#[cfg(feature = "session")]
use with_session as variant;
#[cfg(not(feature = "session"))]
use without_session as variant;

fn main() {
    mount_to_body(variant::App);
}

#[derive(Clone, Debug, PartialEq, serde::Deserialize)]
struct Order {
    item: String,
    quantity: u32,
}

#[component]
fn Home() -> impl IntoView {
    view! { <h1>"Home"</h1><A href="/orders">"Orders"</A> }
}

fn list(orders: Option<Result<Vec<Order>, String>>) -> impl IntoView {
    match orders {
        None => "One moment…".to_owned(),
        Some(Ok(orders)) => {
            let lines = orders.iter().map(|order| format!("{} of {}", order.quantity, order.item));
            lines.collect::<Vec<_>>().join(", ")
        }
        Some(Err(error)) => error,
    }
}

#[cfg(feature = "session")]
mod with_session {
    use leptos_router::components::Route;
    use supertokens_leptos::{
        ProtectedRoute, SessionConfig, SessionProvider, use_return_address, use_session,
    };

    use super::*;

    #[component]
    pub(crate) fn App() -> impl IntoView {
        let config = SessionConfig::builder("https://api.example.com").build();
        view! {
            <SessionProvider config>
                <Router>
                    <Routes fallback=|| "Not found">
                        <Route path=path!("/") view=Home/>
                        <Route path=path!("/login") view=Login/>
                        <ProtectedRoute path=path!("/orders") view=Orders fallback=|| "One moment…"/>
                    </Routes>
                </Router>
            </SessionProvider>
        }
    }

    #[component]
    fn Login() -> impl IntoView {
        use_return_address("/").go_when_signed_in();
        #[cfg(feature = "sign-in")]
        return sign_in_button();
        #[cfg(not(feature = "sign-in"))]
        "Sign in"
    }

    #[cfg(feature = "sign-in")]
    fn sign_in_button() -> impl IntoView {
        use supertokens_leptos::recipes::email_password::{self, SignIn};

        let client = use_session().client();
        let message = RwSignal::new(String::new());
        let sign_in = move |_| {
            let call = email_password::sign_in(&client, "ada@example.com", "Passw0rd");
            leptos::task::spawn_local(async move {
                message.set(match call.await {
                    Ok(SignIn::Ok { user }) => user.id,
                    Ok(SignIn::WrongCredentials) => "wrong password".to_owned(),
                    Ok(_) => "not now".to_owned(),
                    Err(error) => error.to_string(),
                });
            });
        };
        view! { <button on:click=sign_in>"Sign in"</button> {message} }
    }

    #[component]
    fn Orders() -> impl IntoView {
        let session = use_session();
        let orders = LocalResource::new(move || async move {
            let response = session.client().get("/orders").send().await.map_err(|error| error.to_string())?;
            response.json::<Vec<Order>>().await.map_err(|error| error.to_string())
        });
        view! {
            <p>{move || session.user_id().get()}</p>
            <p>{move || list(orders.get())}</p>
            <button on:click=move |_| session.sign_out()>"Sign out"</button>
        }
    }
}

#[cfg(not(feature = "session"))]
mod without_session {
    use leptos_router::components::Route;

    use super::*;

    #[component]
    pub(crate) fn App() -> impl IntoView {
        view! {
            <Router>
                <Routes fallback=|| "Not found">
                    <Route path=path!("/") view=Home/>
                    <Route path=path!("/login") view=|| "Sign in"/>
                    <Route path=path!("/orders") view=Orders/>
                </Routes>
            </Router>
        }
    }

    #[component]
    fn Orders() -> impl IntoView {
        let orders = LocalResource::new(move || async move {
            let request = gloo_net::http::Request::get("https://api.example.com/orders");
            let response = request.send().await.map_err(|error| error.to_string())?;
            response.json::<Vec<Order>>().await.map_err(|error| error.to_string())
        });
        view! {
            <p>{move || list(orders.get())}</p>
            <button on:click=move |_| orders.refetch()>"Again"</button>
        }
    }
}
