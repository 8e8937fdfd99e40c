//! Other requests of the app's page use the session only with the setting. `tests/e2e/tests/clients` has the suite of
//! all HTTP clients.

use e2e::{Setting, USER, play};

const XHR: &str = "new Promise(done => {
    const xhr = new XMLHttpRequest();
    xhr.onloadend = () => done(xhr);
    xhr.open('GET', url);
    xhr.send();
})";

#[tokio::test]
async fn with_interception_all_requests_of_the_page_use_the_session() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        page.js("localStorage.setItem('example-interception', 'on')").await;
        page.reload().await;
        page.wait_for("dashboard-page").await;
        for request in ["fetch(url)", XHR] {
            stage.controls.expire_all();
            stage.controls.reset_calls();
            let code = format!(
                "const url = '{}/api/orders'; const {{ status }} = await {request}; return status",
                stage.api_origin()
            );
            assert_eq!(page.js_async(&code).await, 200, "{request}");
            assert_eq!(
                stage.call_names(),
                ["GET /api/orders", "POST /auth/session/refresh", "GET /api/orders"],
                "{request}"
            );
        }
        assert_eq!(page.text("status").await, "Signed in");
    })
    .await;
}

#[tokio::test]
async fn without_the_setting_no_request_is_intercepted() {
    play(Setting::default(), async |stage| {
        stage.arrive(USER).await;
        for function in ["window.fetch", "XMLHttpRequest", "XMLHttpRequest.prototype.open"] {
            let code = format!("return String({function}).includes('[native code]')");
            assert_eq!(stage.page.js(&code).await, true, "{function}");
        }
    })
    .await;
}
