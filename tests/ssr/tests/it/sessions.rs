//! A server renders each page for the session of its request, and decides before it renders.

use std::{sync::Arc, time::Duration};

use crate::server::{Response, Server, exchange, is_of_disposal};
use backend::Options;
use tokio::{sync::Semaphore, task::JoinSet};

const GUARDED: [&str; 5] =
    ["/guarded/out-of-order", "/guarded/partially-blocked", "/guarded/in-order", "/guarded/async", "/nested"];

const OPEN: [&str; 4] = ["/open/out-of-order", "/open/partially-blocked", "/open/in-order", "/open/async"];

/// An API, the server of its pages, and users.
pub(crate) struct World {
    api: backend::Server,
    pub(crate) pages: Arc<Server>,
}

/// The cookies that a browser sends with the request of a page.
pub(crate) struct Cookies {
    pub(crate) front: String,
    pub(crate) access: String,
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::with(Options { seed_demo_users: true, ..Options::default() }).await
    }

    async fn with(options: Options) -> Self {
        let api = backend::spawn(options).await.unwrap();
        let pages = Server::start_for(&format!("http://localhost:{}", api.address().port())).await;
        Self { api, pages }
    }

    async fn sign_in(&self, email: &str) -> Cookies {
        let body = format!(
            r#"{{"formFields":[{{"id":"email","value":"{email}"}},{{"id":"password","value":"Passw0rd!"}}]}}"#
        );
        let head = "POST /auth/signin HTTP/1.1\r\ncontent-type: application/json\r\nst-auth-mode: cookie\r\n";
        let response = exchange(&self.api.address().to_string(), head, &body).await;
        assert_eq!(response.status, 200, "{response:?}");
        let front = response.headers("front-token")[0].to_owned();
        let cookies = response.headers("set-cookie");
        let access = cookies.iter().find_map(|cookie| cookie.strip_prefix("sAccessToken=")).unwrap();
        Cookies { front, access: access.split(';').next().unwrap().to_owned() }
    }

    /// The user and the administrator, who is the only one with the role that two pages require.
    pub(crate) async fn users(&self) -> [Cookies; 2] {
        [self.sign_in("user@example.com").await, self.sign_in("admin@example.com").await]
    }

    async fn calls(&self) -> usize {
        self.pages.get("/calls", "").await.body.parse().unwrap()
    }

    pub(crate) async fn finish(self) {
        let lines = self.pages.finish().await;
        assert_eq!(lines, [""; 0], "the server panicked or warned");
    }
}

impl Cookies {
    pub(crate) fn header(&self) -> String {
        format!("sFrontToken={}; theme=dark; sAccessToken={}", self.front, self.access)
    }
}

fn assert_shows_page(path: &str, response: &Response, cookies: &Cookies) {
    assert_eq!(response.status, 200, "{path}: {response:?}");
    assert_eq!(response.headers("cache-control"), ["private, no-store"], "{path}");
    for part in ["</html>", "of a session that is Authenticated</p>", "Signed in", "An administrator"] {
        assert!(response.body.contains(part), "{path} lacks {part}: {}", response.body);
    }
    for part in [&*cookies.access, &cookies.front, "Signed out"] {
        assert!(!response.body.contains(part), "{path} contains {part}: {}", response.body);
    }
}

pub(crate) fn assert_redirects(path: &str, response: &Response) {
    assert_eq!((response.status, &*response.body), (302, ""), "{path}: {response:?}");
    let to = format!("/login?redirectToPath={}", path.replace('/', "%2F"));
    assert_eq!(response.headers("location"), [to]);
    assert_eq!(response.headers("cache-control"), ["private, no-store"]);
}

fn assert_shows_fallback(path: &str, response: &Response) {
    assert_eq!(response.status, 200, "{path}: {response:?}");
    assert!(response.body.contains("of a session that is Loading</p>"), "{path}: {}", response.body);
    assert!(!response.body.contains(r#"id="guarded""#), "{path}: {}", response.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_in_user_gets_the_page_itself_in_each_rendering_mode() {
    let world = World::start().await;
    let [_, admin] = world.users().await;
    for path in GUARDED.into_iter().chain(OPEN) {
        let response = world.pages.get(path, &admin.header()).await;
        assert_shows_page(path, &response, &admin);
        assert_eq!(response.body.contains(r#"id="guarded""#), GUARDED.contains(&path), "{path}");
    }
    world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn header_mode_has_the_page_and_the_caller_of_its_functions() {
    let world = World::start().await;
    let [_, admin] = world.users().await;
    let cookies = format!("sFrontToken={}; st-access-token={}", admin.front, admin.access);
    let response = world.pages.get("/guarded/async", &cookies).await;
    assert_shows_page("/guarded/async", &response, &admin);
    assert!(
        !response.body.contains("the rows of a session"),
        "the function knows its caller: {}",
        response.body
    );
    // A call must not rely on a cookie that scripts write.
    assert_eq!(world.pages.call("who", &format!("cookie: {cookies}\r\n")).await.status, 401);
    world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guarded_page_without_a_session_is_a_redirect_before_anything_is_rendered() {
    let world = World::start().await;
    let [user, admin] = world.users().await;
    let other = Cookies { access: format!("{}x", user.access), front: user.front.clone() };
    for path in GUARDED {
        for cookies in [
            "",
            "theme=dark",
            &format!("sAccessToken={}", admin.access),
            "sFrontToken=forged",
            &other.header(),
        ] {
            assert_redirects(path, &world.pages.get(path, cookies).await);
        }
    }
    let with_query = world.pages.get("/guarded/async?a=1&b=%20", "").await;
    assert_eq!(
        with_query.headers("location"),
        ["/login?redirectToPath=%2Fguarded%2Fasync%3Fa%3D1%26b%3D%2520"]
    );
    assert_eq!(world.calls().await, 0, "no server function runs");
    // A page without a guard is shown to all.
    let open = world.pages.get("/open/async", "").await;
    assert!(open.status == 200 && open.body.contains("Signed out"), "{open:?}");
    assert_eq!(open.headers("cache-control"), ["private, no-store"]);
    world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_who_lacks_a_role_gets_the_denied_view_with_403() {
    let world = World::start().await;
    let [user, _] = world.users().await;
    for path in ["/guarded/out-of-order", "/guarded/partially-blocked"] {
        let response = world.pages.get(path, &user.header()).await;
        assert_eq!(response.status, 403, "{path}");
        assert!(response.body.contains("You don't have access to this page."), "{path}: {}", response.body);
        assert!(!response.body.contains(r#"id="guarded""#), "{path}");
    }
    assert_eq!(world.calls().await, 0, "no server function runs");
    world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_only_the_browser_can_refresh_is_loading() {
    let world = World::start().await;
    let [user, admin] = world.users().await;
    // A front token whose access token is missing, or belongs to another user.
    let without_access = format!("sFrontToken={}", user.front);
    let of_others = Cookies { front: user.front, access: admin.access }.header();
    for path in GUARDED {
        for cookies in [&without_access, &of_others] {
            assert_shows_fallback(path, &world.pages.get(path, cookies).await);
        }
    }
    world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_session_is_loading() {
    let options = Options {
        access_token_lifetime: Duration::from_secs(1),
        seed_demo_users: true,
        ..Options::default()
    };
    let world = World::with(options).await;
    let [_, admin] = world.users().await;
    // The lifetime, and the leeway for a clock that differs.
    tokio::time::sleep(Duration::from_millis(6_500)).await;
    assert_shows_fallback("/guarded/async", &world.pages.get("/guarded/async", &admin.header()).await);
    world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_keys_no_user_is_signed_out() {
    let world = World::start().await;
    let [_, admin] = world.users().await;
    let World { mut api, pages } = world;
    api.stop().await;
    for path in GUARDED {
        assert_shows_fallback(path, &pages.get(path, &admin.header()).await);
    }
    let call = pages.call("who", &format!("cookie: {}\r\n", admin.header())).await;
    assert_eq!(call.status, 503, "{call:?}");
    let lines = pages.finish().await;
    assert_eq!(lines, [""; 0], "the server panicked or warned");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_function_knows_its_caller() {
    let world = World::start().await;
    let [user, admin] = world.users().await;
    let call = async |function, cookies: &Cookies| {
        world.pages.call(function, &format!("cookie: {}\r\n", cookies.header())).await
    };
    let who = call("who", &user).await;
    assert_eq!(who.status, 200, "{who:?}");
    let bearer = world.pages.call("who", &format!("authorization: Bearer {}\r\n", user.access)).await;
    assert_eq!((bearer.status, &bearer.body), (200, &who.body));
    assert_eq!(call("administer", &admin).await.status, 200);

    let denied = call("administer", &user).await;
    assert_eq!(denied.status, 403, "{denied:?}");
    let errors = r#""claimValidationErrors":[{"id":"st-role""#;
    assert!(denied.body.contains(errors), "{denied:?}");
    for head in ["", "cookie: theme=dark\r\n", "authorization: Bearer x.y.z\r\n"] {
        let refused = world.pages.call("who", head).await;
        assert_eq!(refused.status, 401, "{head}: {refused:?}");
        assert!(refused.body.starts_with(r#"{"message":""#), "{refused:?}");
    }
    world.finish().await;
}

/// The memory of a process, in KiB, as Linux says it.
fn memory_kib(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

/// Each user gets their own page, also when other clients disconnect.
async fn load(world: &Arc<World>, users: &Arc<[Cookies; 2]>, requests: usize) {
    let permits = Arc::new(Semaphore::new(500));
    let mut running = JoinSet::new();
    for number in 0..requests {
        let (world, users, permits) = (world.clone(), users.clone(), permits.clone());
        running.spawn(async move {
            let _permit = permits.acquire().await.unwrap();
            let path = GUARDED[number % GUARDED.len()];
            let [user, admin] = &*users;
            match number % 11 {
                0 => assert_redirects(path, &world.pages.get(path, "").await),
                1 => drop(world.pages.get(path, &user.header()).await),
                2 => {
                    let bytes = [0, 1, 400][number % 3];
                    world.pages.disconnect_after(path, &admin.header(), bytes).await;
                }
                _ => assert_shows_page(path, &world.pages.get(path, &admin.header()).await, admin),
            }
        });
    }
    running.join_all().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_requests_need_constant_memory_and_cause_no_panic() {
    let world = Arc::new(World::start().await);
    let users = Arc::new(world.users().await);
    load(&world, &users, 2_000).await;
    let before = memory_kib(world.pages.id().await);
    load(&world, &users, 8_000).await;
    let after = memory_kib(world.pages.id().await);
    eprintln!("memory in KiB: {before:?}, then {after:?}");
    if let (Some(before), Some(after)) = (before, after) {
        assert!(after < before + before / 4 + 20_000, "{before} KiB, then {after} KiB");
    }
    let mut lines = world.pages.finish().await;
    lines.retain(|line| !is_of_disposal(line));
    assert_eq!(lines, [""; 0], "the server panicked or warned");
}
