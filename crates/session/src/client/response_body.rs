//! Reads copies of response bodies with a time limit. The caller of a request does not wait for them.

use futures_util::FutureExt;

use super::Client;
use crate::platform::{LocalBoxFuture, TransportResponse};

impl Client {
    /// Passes a copy of a JSON body to `read`. A body that is ready is read now, and any other in a separate task: the
    /// caller gets the response as soon as its headers arrive.
    pub(super) fn read_later(
        &self,
        response: &dyn TransportResponse,
        read: impl FnOnce(&Client, &[u8]) + 'static,
    ) {
        if !may_be_json(response) {
            return;
        }
        let (client, body) = (self.clone(), response.peek());
        let mut task: LocalBoxFuture<'static, ()> = Box::pin(async move {
            if let Ok(Ok(body)) = client.in_time(body).await {
                read(&client, &body);
            }
        });
        if (&mut task).now_or_never().is_none() {
            self.0.platform.spawn.spawn(task);
        }
    }

    /// A copy of a JSON body; none if it does not arrive in time.
    pub(super) async fn json_body(&self, response: &dyn TransportResponse) -> Option<Vec<u8>> {
        if !may_be_json(response) {
            return None;
        }
        self.in_time(response.peek()).await.ok()?.ok()
    }
}

/// Don't read an event stream, a download or a page to its end: it can't contain the session's JSON.
fn may_be_json(response: &dyn TransportResponse) -> bool {
    response.header("content-type").is_none_or(|kind| kind.to_ascii_lowercase().contains("json"))
}
