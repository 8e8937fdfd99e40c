//! The same rules for a Yew app that a server renders.

use std::sync::Arc;

use tokio::{sync::Semaphore, task::JoinSet};

use crate::sessions::{World, assert_redirects};

#[tokio::test(flavor = "multi_thread")]
async fn a_yew_page_is_rendered_for_the_session_of_its_request() {
    let world = World::start().await;
    let [user, admin] = world.users().await;
    for (path, cookies) in [("/yew/open", &user), ("/yew/guarded", &user), ("/yew/admin", &admin)] {
        let page = world.pages.get(path, &cookies.header()).await;
        assert_eq!(page.status, 200, "{path}: {page:?}");
        assert_eq!(page.headers("cache-control"), ["private, no-store"], "{path}");
        assert!(page.body.contains("Signed in") && page.body.contains("known"), "{path}: {}", page.body);
        assert_eq!(page.body.contains("An administrator"), path == "/yew/admin", "{path}");
        assert_eq!(page.body.contains(r#"id="guarded""#), path != "/yew/open", "{path}");
        for part in [&*cookies.access, &cookies.front, "Signed out", "Still loading"] {
            assert!(!page.body.contains(part), "{path} contains {part}: {}", page.body);
        }
    }
    world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guard_of_a_yew_page_decides_before_the_response() {
    let world = World::start().await;
    let [user, _] = world.users().await;
    for path in ["/yew/guarded", "/yew/admin"] {
        assert_redirects(path, &world.pages.get(path, "").await);
    }
    let with_query = world.pages.get("/yew/guarded?a=1&b=%20", "").await;
    assert_eq!(
        with_query.headers("location"),
        ["/login?redirectToPath=%2Fyew%2Fguarded%3Fa%3D1%26b%3D%2520"]
    );
    let login = world.pages.get("/yew/open?redirectToPath=%2Fyew%2Fadmin", "").await;
    assert!(login.body.contains(r#"href="/yew/admin""#), "{}", login.body);
    let denied = world.pages.get("/yew/admin", &user.header()).await;
    assert_eq!(denied.status, 403, "{denied:?}");
    assert!(denied.body.contains("You don't have access to this page."), "{}", denied.body);
    assert!(!denied.body.contains(r#"id="guarded""#), "{}", denied.body);

    // Only the browser can refresh this session.
    let loading = world.pages.get("/yew/guarded", &format!("sFrontToken={}", user.front)).await;
    assert!(loading.status == 200 && loading.body.contains("One moment"), "{loading:?}");
    let open = world.pages.get("/yew/open", "").await;
    assert!(open.status == 200 && open.body.contains("Signed out"), "{open:?}");
    world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_yew_pages_are_of_their_own_users_and_cause_no_panic() {
    let world = Arc::new(World::start().await);
    let users = Arc::new(world.users().await);
    let permits = Arc::new(Semaphore::new(100));
    let mut running = JoinSet::new();
    for number in 0..1_000 {
        let (world, users, permits) = (world.clone(), users.clone(), permits.clone());
        running.spawn(async move {
            let _permit = permits.acquire().await.unwrap();
            let user = &users[number % 2];
            if number % 7 == 0 {
                world.pages.disconnect_after("/yew/guarded", &user.header(), number % 3 * 200).await;
                return;
            }
            let page = world.pages.get("/yew/open", &user.header()).await;
            assert_eq!(page.body.contains("An administrator"), number % 2 == 1, "{}", page.body);
        });
    }
    running.join_all().await;
    let lines = world.pages.finish().await;
    assert_eq!(lines, [""; 0], "the server panicked or warned");
}
