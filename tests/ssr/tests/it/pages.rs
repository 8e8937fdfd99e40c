//! A server renders pages on many threads. Each page is complete, and the server neither panics nor warns.

use std::{sync::Arc, time::Duration};

use crate::server::{Server, is_of_disposal};
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

/// Requests pages concurrently. If `disconnects` gives a number of bytes for a request, the client disconnects after
/// reading them.
async fn request_pages(
    server: &Arc<Server>,
    pages: usize,
    concurrency: usize,
    disconnects: fn(usize) -> Option<usize>,
) {
    let permits = Arc::new(Semaphore::new(concurrency));
    let mut requests = JoinSet::new();
    for number in 0..pages {
        let (server, permits) = (server.clone(), permits.clone());
        requests.spawn(async move {
            let _permit = permits.acquire().await.unwrap();
            let path = PAGES[number % PAGES.len()];
            match disconnects(number) {
                Some(bytes) => server.disconnect_after(path, "", bytes).await,
                None => assert_complete(path, &server.page(path).await),
            }
        });
    }
    requests.join_all().await;
}

fn assert_complete(path: &str, page: &str) {
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
async fn each_page_is_complete_in_each_rendering_mode() {
    let server = Server::start().await;
    request_pages(&server, PAGES.len() * 4, PAGES.len(), |_| None).await;
    let lines = server.finish().await;
    assert_eq!(lines, [""; 0], "the server panicked or warned");
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_pages_are_complete_and_leave_no_task_behind() {
    let server = Server::start().await;
    request_pages(&server, 200, 50, |_| None).await;
    request_pages(&server, 200, 200, |_| None).await;
    let mut tasks = server.tasks().await;
    for _ in 0..100 {
        if tasks == 1 {
            break;
        }
        sleep(Duration::from_millis(100)).await;
        tasks = server.tasks().await;
    }
    assert_eq!(tasks, 1, "only the task of this request is left");
    let lines = server.finish().await;
    assert_eq!(lines, [""; 0], "the server panicked or warned");
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_that_disconnect_do_not_affect_other_pages() {
    let server = Server::start().await;
    // Clients disconnect before the first byte, after it, or while the page loads its data.
    request_pages(&server, 200, 50, |number| (number % 4 == 3).then_some([0, 1, 400][number % 3])).await;
    request_pages(&server, PAGES.len(), PAGES.len(), |_| None).await;
    let mut lines = server.finish().await;
    lines.retain(|line| !is_of_disposal(line));
    assert_eq!(lines, [""; 0], "the server panicked or warned");
}
