//! How many requests for one page a core serves, without the library and with it: `cargo bench -p ssr --profile server`.
//!
//! The router is called without a socket, one request at a time, and the whole body is read. The pages have the same
//! content. Each round measures all of them in turn, since another process may use the machine meanwhile.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
    response::Response,
};
use backend::{Options, SharedState};
use leptos::prelude::*;
use leptos_axum::{LeptosRoutes, generate_route_list};
use leptos_router::{
    components::{Route, Router as Pages, Routes},
    path,
};
use supertokens_leptos::{
    ProtectedRoute, SessionConfig, SessionProvider,
    server::{SessionLayer, Verifier},
};
use tower::ServiceExt;

const ROUNDS: usize = 15;
const ROUND: Duration = Duration::from_millis(400);
const ROWS: usize = 50;

#[component]
fn Orders() -> impl IntoView {
    let row = |number| {
        view! {
            <tr>
                <td>{number}</td>
                <td class="item">"Coffee beans, 1 kg"</td>
                <td><button on:click=|_| ()>"Order again"</button></td>
            </tr>
        }
    };
    view! { <h1>"Orders"</h1><table>{(0..ROWS).map(row).collect_view()}</table> }
}

#[component]
fn Plain() -> impl IntoView {
    view! {
        <Pages>
            <Routes fallback=|| "Not found">
                <Route path=path!("/orders") view=Orders/>
            </Routes>
        </Pages>
    }
}

#[component]
fn Guarded() -> impl IntoView {
    let config = SessionConfig::builder("https://api.example.com").build();
    view! {
        <SessionProvider config>
            <Pages>
                <Routes fallback=|| "Not found">
                    <ProtectedRoute path=path!("/orders") view=Orders/>
                </Routes>
            </Pages>
        </SessionProvider>
    }
}

fn router<V: IntoView + 'static>(app: fn() -> V) -> Router {
    let options = LeptosOptions::builder().output_name("pages").build();
    let shell = {
        let options = options.clone();
        move || {
            let options = options.clone();
            view! { <!DOCTYPE html><html><head><HydrationScripts options/></head><body>{app()}</body></html> }
        }
    };
    Router::new().leptos_routes(&options, generate_route_list(app), shell).with_state(options)
}

/// The cookies of a signed-in user.
async fn sign_in(address: SocketAddr, state: SharedState) -> String {
    let body =
        r#"{"formFields":[{"id":"email","value":"user@example.com"},{"id":"password","value":"Passw0rd!"}]}"#;
    let request = Request::post("/auth/signin").header("content-type", "application/json");
    let request = request.header("st-auth-mode", "cookie").body(Body::from(body)).unwrap();
    let response =
        backend::router(Options { address, ..Options::default() }, state).oneshot(request).await.unwrap();
    let cookies =
        response.headers().get_all(header::SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
    let access =
        cookies.filter_map(|cookie| cookie.split(';').next()).find(|cookie| cookie.starts_with("sAccess"));
    let front = response.headers()["front-token"].to_str().unwrap();
    format!("sFrontToken={front}; {}", access.unwrap())
}

async fn get(router: &Router, cookies: &str) -> (StatusCode, usize) {
    let request = Request::get("/orders").header(header::COOKIE, cookies).body(Body::empty()).unwrap();
    let (head, body) = Response::into_parts(router.clone().oneshot(request).await.unwrap());
    (head.status, to_bytes(body, usize::MAX).await.unwrap().len())
}

/// The time that this thread has had a core, as Linux counts it. Other systems have the time of the clock.
fn core_time(clock: Instant) -> Duration {
    let text = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let nanoseconds = text.split(' ').next().and_then(|text| text.parse().ok());
    nanoseconds.map_or_else(|| clock.elapsed(), Duration::from_nanos)
}

/// Requests per second of one round.
async fn round(router: &Router, cookies: &str) -> f64 {
    let (clock, mut count) = (Instant::now(), 0_u32);
    let start = core_time(clock);
    while clock.elapsed() < ROUND {
        get(router, cookies).await;
        count += 1;
    }
    f64::from(count) / (core_time(clock) - start).as_secs_f64()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let state = SharedState::new().unwrap();
    let options = Options { seed_demo_users: true, ..Options::default() };
    let api = backend::spawn_with_state(options, state.clone()).await.unwrap();
    let verifier = Verifier::new(&format!("http://localhost:{}", api.address().port()), "/auth").unwrap();
    let cookies = sign_in(api.address(), state).await;
    let (plain, guarded) = (router(Plain), router(Guarded).layer(SessionLayer::new(verifier)));

    let pages = [
        ("without the library", &plain, "", StatusCode::OK),
        ("guarded, signed in", &guarded, &*cookies, StatusCode::OK),
        ("guarded, signed out (302)", &guarded, "", StatusCode::FOUND),
    ];
    for (name, router, cookies, status) in pages {
        let (found, bytes) = get(router, cookies).await;
        assert_eq!(found, status, "{name}");
        println!("{name}: {status}, {bytes} bytes");
    }
    let mut rates = [const { Vec::new() }; 3];
    for _ in 0..ROUNDS {
        for (rates, (_, router, cookies, _)) in rates.iter_mut().zip(pages) {
            rates.push(round(router, cookies).await);
        }
    }
    let rates = rates.map(median);
    for ((name, ..), rate) in pages.iter().zip(rates) {
        println!("{name:26} {rate:8.0} requests/s  {:5.2} x", rate / rates[0]);
    }
}
