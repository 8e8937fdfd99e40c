//! A reverse proxy, so that app and API have one origin.

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::map_response;
use axum::routing::{any, get};
use futures_util::TryStreamExt;
use http::header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, TRANSFER_ENCODING};
use http::{Response, StatusCode, Uri};

use crate::http_client::HttpClient;

/// Headers of one connection, not of the message.
const HOP_BY_HOP: [HeaderName; 3] = [CONNECTION, TRANSFER_ENCODING, HeaderName::from_static("keep-alive")];

#[derive(Clone)]
struct Target {
    client: HttpClient,
    api: String,
}

/// Forwards `/auth` and `/api` to the API with all headers unchanged, including cookies.
pub(crate) fn before(api: &str) -> Router {
    let hand_on = any(hand_on).with_state(Target::new(api));
    Router::new().route("/auth/{*rest}", hand_on.clone()).route("/api/{*rest}", hand_on)
}

/// Forwards all requests to this server. Its pages load a script first, which has this text.
pub(crate) fn with_script(server: &str, script: &'static str) -> Router {
    let hand_on = any(hand_on).with_state(Target::new(server)).layer(map_response(first_script));
    Router::new()
        .route(SCRIPT, get(async move || ([(CONTENT_TYPE, "text/javascript")], script)))
        .fallback(hand_on)
}

/// As the recorded copy of a site has it.
const SCRIPT: &str = "/e2e-record.js";

async fn first_script(mut response: Response<Body>) -> Response<Body> {
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if !kind.is_some_and(|kind| kind.starts_with("text/html")) {
        return response;
    }
    response.headers_mut().remove(CONTENT_LENGTH);
    let mut is_head_open = false;
    response.map(|body| {
        Body::from_stream(body.into_data_stream().map_ok(move |bytes| {
            let text = String::from_utf8_lossy(&bytes);
            let Some((before, after)) = text.split_once("<head>").filter(|_| !is_head_open) else {
                return bytes;
            };
            is_head_open = true;
            format!("{before}<head><script src=\"{SCRIPT}\"></script>{after}").into()
        }))
    })
}

impl Target {
    fn new(api: &str) -> Self {
        Self { client: HttpClient::new(), api: api.to_owned() }
    }
}

async fn hand_on(State(target): State<Target>, mut request: Request) -> Response<Body> {
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    *request.uri_mut() = match format!("{}{path}", target.api).parse::<Uri>() {
        Ok(uri) => uri,
        Err(error) => return failed(StatusCode::BAD_REQUEST, error.to_string()),
    };
    without_hop_by_hop(request.headers_mut());
    match target.client.send(request).await {
        Ok(mut response) => {
            without_hop_by_hop(response.headers_mut());
            response
        }
        Err(error) => failed(StatusCode::BAD_GATEWAY, error),
    }
}

fn without_hop_by_hop(headers: &mut http::HeaderMap) {
    for name in &HOP_BY_HOP {
        headers.remove(name);
    }
}

fn failed(status: StatusCode, why: String) -> Response<Body> {
    let mut response = Response::new(Body::from(why));
    *response.status_mut() = status;
    response
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::Mutex;

    use axum::routing::post;
    use http::HeaderMap;

    use super::*;
    use crate::site::serve;

    #[tokio::test]
    async fn the_api_gets_all_and_all_its_cookies_come_back() {
        let seen = Arc::new(Mutex::new(None));
        let note = seen.clone();
        let api = post(async move |uri: Uri, headers: HeaderMap, body: String| {
            *note.lock().unwrap() = Some((uri.to_string(), headers, body));
            let mut response = HeaderMap::new();
            response.append("set-cookie", "a=1; Path=/".parse().unwrap());
            response.append("set-cookie", "b=2; Path=/auth".parse().unwrap());
            (StatusCode::CREATED, response, "done")
        });
        let (api, api_task) = serve(Router::new().route("/auth/x", api)).await;
        let (port, task) = serve(before(&format!("http://127.0.0.1:{api}"))).await;

        let request = Request::post(format!("http://127.0.0.1:{port}/auth/x?y=%2F"))
            .header("cookie", "sAccessToken=t")
            .header("anti-csrf", "c")
            .body(Body::from("text"))
            .unwrap();
        let response = HttpClient::new().send(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::CREATED);
        assert_eq!(response.headers().get_all("set-cookie").iter().count(), 2);
        let (uri, headers, body) = seen.lock().unwrap().take().unwrap();
        assert_eq!((uri.as_str(), body.as_str()), ("/auth/x?y=%2F", "text"));
        assert_eq!(headers["cookie"], "sAccessToken=t");
        assert_eq!(headers["anti-csrf"], "c");
        assert_eq!(headers["host"], format!("127.0.0.1:{port}"), "as the browser named it");
        task.abort();
        api_task.abort();
    }
}
