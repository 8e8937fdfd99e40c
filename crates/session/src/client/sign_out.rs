use std::rc::Rc;

use super::{Client, SessionResponse, page_left::SignOutGuard, refresh::LOCK_NAME, request::ClientRequest};
use crate::{
    SessionEvent,
    client::Work,
    error::{SessionError, SignOutFailure},
    platform::{LocalBoxFuture, Transport, TransportError, TransportRequest, TransportResponse},
    protocol::{ApiAction, request_headers},
    transitions::{LocalState, Retry, may_send_about},
    wire::json::{self, Fields},
};

impl Client {
    pub(super) fn sign_out(self) -> Work<()> {
        match &self.0.overrides {
            Some(overrides) => (overrides.sign_out)(self),
            None => Box::pin(self.original_sign_out()),
        }
    }

    pub(crate) async fn original_sign_out(self) -> Result<(), SessionError> {
        let requested = self.read().await?.state;
        let guard = self.begin_sign_out(&requested);
        let outcome = self.sign_out_of(requested, &guard).await;
        guard.finish();
        outcome
    }

    async fn sign_out_of(&self, requested: LocalState, guard: &SignOutGuard) -> Result<(), SessionError> {
        self.join_running_refresh().await;
        let mut read = self.read().await?;
        if read.state == LocalState::MayExist {
            // Only a refresh can show whose session it is.
            let _ = self.refresh_session(read.state).await;
            read = self.read().await?;
        }
        let before = read.state;
        if !may_send_about(&requested, &before) {
            log::debug!("sign-out: the session was replaced by another");
            return Ok(());
        }
        if before == LocalState::NotExists && !read.stored.has_tokens() {
            log::debug!("sign-out: no session");
            self.emit(&[SessionEvent::SignOut]);
            return Ok(());
        }
        // If the browser has deleted the session's cookies, the sign-out is still about the session it began with.
        let before = if before.key().is_none() && requested.key().is_some() { requested } else { before };
        let mut request = request_headers::sign_out_request(&self.0.config);
        let response = match self.before_api_call(ApiAction::SignOut, &mut request).await {
            Ok(Ok(())) if self.is_replaced(&before).await? => return Ok(()),
            Ok(Ok(())) => {
                guard.mark_sent();
                self.call_sign_out_api(&before, request.clone()).await
            }
            Ok(Err(error)) => {
                log::debug!("sign-out: {error}");
                return Err(error);
            }
            Err(error) => Err(SessionError::Network(error)),
        };
        let outcome = self.end_after_sign_out(&before, &response).await;
        match &outcome {
            Ok(()) => log::debug!("sign-out: done"),
            // The log must not contain the backend's message to the user.
            Err(SessionError::General { .. }) => log::debug!("sign-out: the backend refused"),
            Err(error) => log::debug!("sign-out: {error}"),
        }
        if let Ok(Some(response)) = response.as_ref().map(SessionResponse::inner) {
            self.after_api_call(ApiAction::SignOut, &request, response).await;
        }
        outcome
    }

    /// Whether another session began while the hook ran: the caller did not sign out of that session.
    async fn is_replaced(&self, before: &LocalState) -> Result<bool, SessionError> {
        if self.overrides().is_none() {
            return Ok(false);
        }
        let now = self.read().await?.state;
        Ok(!may_send_about(before, &now))
    }

    /// Has a time limit: a backend that does not respond must not keep the user signed in here.
    async fn call_sign_out_api(
        &self,
        before: &LocalState,
        mut request: TransportRequest,
    ) -> Result<SessionResponse, SessionError> {
        request_headers::make_way_for_tokens(&mut request, &self.0.config);
        let made = Some(before.clone());
        let transport = Rc::new(Keepalive(self.0.platform.transport.clone()));
        let request =
            ClientRequest { content: request, transport: Some(transport), retry: Retry::SameSession, made };
        self.in_time(self.send_with_session(request)).await.map_err(SessionError::Network)?
    }

    /// Ends the session in the store too, unless the backend refused.
    async fn end_after_sign_out(
        &self,
        before: &LocalState,
        response: &Result<SessionResponse, SessionError>,
    ) -> Result<(), SessionError> {
        let failure = self.revocation_failure(response).await?;
        // The response's headers may not have ended it: a proxy stripped them, or there was no response.
        let read = self.read().await?;
        let has_tokens = read.state != LocalState::NotExists || read.stored.has_tokens();
        if has_tokens && may_send_about(before, &read.state) {
            self.clear(&read.stored)?;
            self.sync().await?;
            self.emit(&[SessionEvent::SignOut]);
        } else if *before == LocalState::NotExists {
            self.emit(&[SessionEvent::SignOut]);
        }
        self.stay_signed_out(before);
        failure.map_or(Ok(()), |cause| Err(SessionError::NotRevoked { cause }))
    }

    /// Clears tokens that another tab's refresh saves after the session has ended. This can happen in a store that does
    /// not read and write in one step. After that tab releases the lock, its tokens are visible.
    fn stay_signed_out(&self, ended: &LocalState) {
        // Without a handle, this session can't be distinguished from the user's next session.
        if ended.key().is_none_or(|key| !key.has_handle()) {
            return;
        }
        let (client, ended) = (self.clone(), ended.clone());
        self.0.platform.spawn.spawn(Box::pin(async move {
            let Ok(guard) = client.0.platform.lock.acquire(LOCK_NAME).await else { return };
            let found = client.read().await.ok().filter(|read| read.state.key() == ended.key());
            let cleared = match found {
                Some(read) => client.clear(&read.stored).map(|()| true),
                None => Ok(false),
            };
            let cleared = client.sync().await.and(cleared);
            drop(guard);
            match cleared {
                Ok(true) => client.emit(&[SessionEvent::SignOut]),
                Ok(false) => {}
                Err(error) => log::warn!("the ended session could not be cleared: {error}"),
            }
        }));
    }

    /// Why the server did not revoke the session; none if it did.
    async fn revocation_failure(
        &self,
        response: &Result<SessionResponse, SessionError>,
    ) -> Result<Option<SignOutFailure>, SessionError> {
        match response {
            Ok(response)
                if response
                    .inner()
                    .is_some_and(|inner| !self.is_from_api(self.0.config.sign_out_url(), inner)) =>
            {
                Ok(Some(SignOutFailure::Redirected))
            }
            Ok(response) if response.ok() => match self.general_error(response).await {
                Some(message) => Err(SessionError::General { message }),
                None => Ok(None),
            },
            // The session had already ended on the server: the refresh or a new sign-in shows it.
            Ok(response)
                if matches!(
                    response.session_error(),
                    Some(SessionError::NoSession | SessionError::SessionChanged)
                ) =>
            {
                Ok(None)
            }
            Ok(response) => Ok(Some(SignOutFailure::Status { status: response.status() })),
            Err(SessionError::SessionChanged) => Ok(None),
            Err(SessionError::Network(error) | SessionError::RefreshUnreachable(error)) => {
                Ok(Some(SignOutFailure::Network(*error)))
            }
            Err(_) => Ok(Some(SignOutFailure::Refresh)),
        }
    }

    async fn general_error(&self, response: &SessionResponse) -> Option<String> {
        // Reads a copy: the app's hook may read the body.
        let body = Fields::of_body(&self.json_body(response.inner()?).await?)?;
        if body.string("status")? != "GENERAL_ERROR" {
            return None;
        }
        body.get("message").map_or(Some(String::new()), json::string)
    }
}

/// Lets the browser finish the call after the user leaves the page.
struct Keepalive(Rc<dyn Transport>);

impl Transport for Keepalive {
    fn send(
        &self,
        request: TransportRequest,
    ) -> LocalBoxFuture<'_, Result<Box<dyn TransportResponse>, TransportError>> {
        self.0.send_keepalive(request)
    }
}
