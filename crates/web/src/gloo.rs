//! The types of the `gloo-net` crate.

use gloo_net::http::{Request, Response};
use supertokens_session::{SessionClient, SessionError};

use crate::requests::send_request;

/// Sends a request of gloo-net with the session, if it goes to the API: in place of `request.send()`. Its URL is as gloo-net
/// takes it: absolute, or relative to the page.
///
/// ```no_run
/// use gloo_net::http::Request;
/// use supertokens_session::SessionClient;
///
/// # async fn run(client: &SessionClient) -> Result<(), Box<dyn std::error::Error>> {
/// let request = Request::post("https://api.example.com/orders").json(&["apples"])?;
/// let response = supertokens_web::send_gloo(client, request).await?;
/// assert_eq!(response.status(), 201);
/// let ids: Vec<u32> = response.json().await?;
/// # let _ = ids; Ok(())
/// # }
/// ```
///
/// # Errors
/// Those of [`RequestBuilder::send`](supertokens_session::RequestBuilder::send). A final 401 is a response.
pub async fn send_gloo(client: &SessionClient, request: Request) -> Result<Response, SessionError> {
    Ok(send_request(client, request.into()).await?.into())
}
