//! Whatever makes requests on the page takes part in the session, once the app says so. The same suite for each; axios
//! plays it in `tests/sdk`.

use e2e::{Setting, USER, clients::Client, play};

#[tokio::test]
async fn fetch_takes_part() {
    Client::fetch().play_all().await;
}

#[tokio::test]
async fn fetch_of_a_request_takes_part() {
    Client::fetch_of_request().play_all().await;
}

#[tokio::test]
async fn xml_http_request_takes_part() {
    Client::xhr().play_all().await;
}

#[tokio::test]
async fn nothing_is_intercepted_unless_the_app_says_so() {
    play(Setting::default(), async |stage| {
        stage.arrive(USER).await;
        for function in ["window.fetch", "XMLHttpRequest", "XMLHttpRequest.prototype.open"] {
            let code = format!("return String({function}).includes('[native code]')");
            assert_eq!(stage.page.js(&code).await, true, "{function}");
        }
    })
    .await;
}
