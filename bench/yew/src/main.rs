//! The app of `bench/app` in Yew. Without the feature `session` it has no guards and uses gloo-net.

use yew::{platform::spawn_local, prelude::*};
use yew_router::prelude::*;

#[cfg(feature = "session")]
use with_session as variant;
#[cfg(not(feature = "session"))]
use without_session as variant;

fn main() {
    yew::Renderer::<variant::App>::new().render();
}

#[derive(Clone, PartialEq, Routable)]
enum Page {
    #[at("/")]
    Home,
    #[at("/login")]
    Login,
    #[at("/orders")]
    Orders,
    #[not_found]
    #[at("/404")]
    NotFound,
}

#[derive(Clone, Debug, PartialEq, serde::Deserialize)]
struct Order {
    item: String,
    quantity: u32,
}

type Orders = Option<Result<Vec<Order>, String>>;

#[component]
fn Home() -> Html {
    html! { <><h1>{"Home"}</h1><Link<Page> to={Page::Orders}>{"Orders"}</Link<Page>></> }
}

fn list(orders: &Orders) -> String {
    match orders {
        None => "One moment…".to_owned(),
        Some(Ok(orders)) => {
            let lines = orders.iter().map(|order| format!("{} of {}", order.quantity, order.item));
            lines.collect::<Vec<_>>().join(", ")
        }
        Some(Err(error)) => error.clone(),
    }
}

#[cfg(feature = "session")]
mod with_session {
    use supertokens_yew::{
        Protected, SessionConfig, SessionProvider, use_return_when_signed_in, use_session, use_user_id,
    };

    use super::*;

    #[component]
    pub(crate) fn App() -> Html {
        let config = SessionConfig::builder("https://api.example.com").build();
        html! {
            <SessionProvider {config}>
                <BrowserRouter><Switch<Page> render={page}/></BrowserRouter>
            </SessionProvider>
        }
    }

    fn page(page: Page) -> Html {
        match page {
            Page::Home => html! { <Home/> },
            Page::Login => html! { <Login/> },
            Page::Orders => html! { <Protected fallback={html! { "One moment…" }}><OrdersView/></Protected> },
            Page::NotFound => html! { "Not found" },
        }
    }

    #[component]
    fn Login() -> Html {
        use_return_when_signed_in("/");
        html! { "Sign in" }
    }

    #[component]
    fn OrdersView() -> Html {
        let (session, user, orders) = (use_session(), use_user_id(), use_state(|| None));
        use_effect_with((), {
            let (client, orders) = (session.client(), orders.setter());
            move |()| spawn_local(async move { orders.set(Some(load(client).await)) })
        });
        html! {
            <>
                <p>{user}</p>
                <p>{list(&orders)}</p>
                <button onclick={move |_| session.sign_out()}>{"Sign out"}</button>
            </>
        }
    }

    async fn load(client: supertokens_yew::SessionClient) -> Result<Vec<Order>, String> {
        let response = client.get("/orders").send().await.map_err(|error| error.to_string())?;
        response.json().await.map_err(|error| error.to_string())
    }
}

#[cfg(not(feature = "session"))]
mod without_session {
    use super::*;

    #[component]
    pub(crate) fn App() -> Html {
        html! { <BrowserRouter><Switch<Page> render={page}/></BrowserRouter> }
    }

    fn page(page: Page) -> Html {
        match page {
            Page::Home => html! { <Home/> },
            Page::Login => html! { "Sign in" },
            Page::Orders => html! { <OrdersView/> },
            Page::NotFound => html! { "Not found" },
        }
    }

    #[component]
    fn OrdersView() -> Html {
        let orders = use_state(|| None);
        let fetch = use_callback(orders.setter(), |(), orders| {
            let orders = orders.clone();
            spawn_local(async move { orders.set(Some(load().await)) });
        });
        use_effect_with((), {
            let fetch = fetch.clone();
            move |()| fetch.emit(())
        });
        html! {
            <>
                <p>{list(&orders)}</p>
                <button onclick={move |_| fetch.emit(())}>{"Again"}</button>
            </>
        }
    }

    async fn load() -> Result<Vec<Order>, String> {
        let request = gloo_net::http::Request::get("https://api.example.com/orders");
        let response = request.send().await.map_err(|error| error.to_string())?;
        response.json().await.map_err(|error| error.to_string())
    }
}
