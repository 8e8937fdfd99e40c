//! Pages that a server renders on many threads: each arrives whole, and the server neither panics nor warns.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod server;

use std::{sync::Arc, time::Duration};

use server::Server;
use tokio::{sync::Semaphore, task::JoinSet, time::sleep};

const PAGES: [&str; 9] = [
    "/open/out-of-order",
    "/open/partially-blocked",
    "/open/in-order",
    "/open/async",
    "/guarded/out-of-order",
    "/guarded/partially-blocked",
    "/guarded/in-order",
    "/guarded/async",
    "/nested",
];

/// Asks for pages, many at once, and leaves those that `reads` gives a number of bytes after so many.
async fn ask(server: &Arc<Server>, pages: usize, at_once: usize, reads: fn(usize) -> Option<usize>) {
    let places = Arc::new(Semaphore::new(at_once));
    let mut requests = JoinSet::new();
    for number in 0..pages {
        let (server, places) = (server.clone(), places.clone());
        requests.spawn(async move {
            let _place = places.acquire().await.unwrap();
            let path = PAGES[number % PAGES.len()];
            match reads(number) {
                Some(bytes) => server.leave(path, bytes).await,
                None => is_whole(path, &server.page(path).await),
            }
        });
    }
    requests.join_all().await;
}

fn is_whole(path: &str, page: &str) {
    for part in [
        "</html>",
        r#"<p id="rows">the rows of a session that is Loading</p>"#,
        r#"<p id="status">not known yet</p>"#,
    ] {
        assert!(page.contains(part), "{path} lacks {part}: {page}");
    }
    for part in [r#"id="guarded""#, "Signed in", "Signed out", "An administrator"] {
        assert!(!page.contains(part), "{path} shows {part} without a session: {page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_page_arrives_whole_in_each_way_of_rendering() {
    let server = Server::start().await;
    ask(&server, PAGES.len() * 4, PAGES.len(), |_| None).await;
    let said = server.finish().await;
    assert_eq!(said, [""; 0], "the server panicked or warned");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_pages_at_once_arrive_whole_and_leave_no_task_behind() {
    let server = Server::start().await;
    ask(&server, 200, 50, |_| None).await;
    ask(&server, 200, 200, |_| None).await;
    let mut tasks = server.tasks().await;
    for _ in 0..100 {
        if tasks == 1 {
            break;
        }
        sleep(Duration::from_millis(100)).await;
        tasks = server.tasks().await;
    }
    assert_eq!(tasks, 1, "only the connection that asks is there");
    let said = server.finish().await;
    assert_eq!(said, [""; 0], "the server panicked or warned");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_that_clients_leave_disturb_no_other() {
    let server = Server::start().await;
    // Some are left before their first byte, some after it, some while their data is fetched.
    ask(&server, 200, 50, |number| (number % 4 == 3).then_some([0, 1, 400][number % 3])).await;
    ask(&server, PAGES.len(), PAGES.len(), |_| None).await;
    let mut said = server.finish().await;
    // Leptos disposes of the signals of a page that its client has left, while another thread may still read them.
    said.retain(|line| !line.contains("has already been disposed"));
    assert_eq!(said, [""; 0], "the server panicked or warned");
}
