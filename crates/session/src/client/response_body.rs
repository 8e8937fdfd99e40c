//! Copies of response bodies that the client itself reads: bounded in time, and not waited for by a request's caller.

use futures_util::FutureExt;

use super::SessionClient;
use crate::platform::{LocalBoxFuture, TransportResponse};

impl SessionClient {
    /// Hands a copy of a JSON body to `read`. A body that is there already is read at once, any other in a task of its
    /// own: the response is its caller's as soon as its headers are there.
    pub(super) fn read_later(
        &self,
        response: &dyn TransportResponse,
        read: impl FnOnce(&SessionClient, &[u8]) + 'static,
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

    /// A copy of a JSON body; none where it does not arrive in time.
    pub(super) async fn json_body(&self, response: &dyn TransportResponse) -> Option<Vec<u8>> {
        if !may_be_json(response) {
            return None;
        }
        self.in_time(response.peek()).await.ok()?.ok()
    }
}

/// An event stream, a download or a page is not read to its end for a word that is not in it.
fn may_be_json(response: &dyn TransportResponse) -> bool {
    response.header("content-type").is_none_or(|kind| kind.to_ascii_lowercase().contains("json"))
}
