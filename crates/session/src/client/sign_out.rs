use std::rc::Rc;

use serde_json::Value;

use super::{
    SessionClient, SessionResponse, page_left::UnderWay, refresh::LOCK_NAME, request::ClientRequest,
};
use crate::{
    SessionEvent,
    client::overrides::Original,
    error::{SessionError, SignOutFailure},
    platform::{LocalBoxFuture, Transport, TransportError, TransportRequest, TransportResponse},
    protocol::{ApiAction, request_headers},
    transitions::{LocalState, Retry, may_send_about},
    wire::json,
};

impl SessionClient {
    /// Ends the session, on the server and here. Without a session it only emits [`SessionEvent::SignOut`].
    ///
    /// # Errors
    /// [`SessionError::NotRevoked`] when the server could not be told; the session has ended here all the same.
    /// [`SessionError::General`] when the backend refused with a message; the session then goes on, as it does after
    /// [`SessionError::HookLeftApi`], when a hook of the app's own led the call astray.
    ///
    /// [`SessionError::Store`] when the store can't be read or written.
    ///
    /// Once the call is sent, dropping the future ends the session here all the same.
    #[doc(alias = "signOut")]
    pub async fn sign_out(&self) -> Result<(), SessionError> {
        match self.overrides() {
            Some((overrides, original)) => overrides.sign_out(original).await,
            None => Original::new(self).sign_out().await,
        }
    }

    pub(crate) async fn own_sign_out(&self) -> Result<(), SessionError> {
        let asked = self.read().await?.state;
        let under_way = self.begin_sign_out(&asked);
        let outcome = self.sign_out_of(asked, &under_way).await;
        under_way.ends();
        outcome
    }

    async fn sign_out_of(&self, asked: LocalState, under_way: &UnderWay) -> Result<(), SessionError> {
        self.settled().await;
        let mut read = self.read().await?;
        if read.state == LocalState::MayExist {
            // Who it is that signs out is known after a refresh, if it is to be known at all.
            let _ = self.refresh_session(read.state).await;
            read = self.read().await?;
        }
        let before = read.state;
        if !may_send_about(&asked, &before) {
            log::debug!("sign-out: that session has ended meanwhile, and another is there");
            return Ok(());
        }
        if before == LocalState::NotExists && !read.stored.has_tokens() {
            log::debug!("sign-out: there was no session");
            self.emit(&[SessionEvent::SignOut]);
            return Ok(());
        }
        // Where the browser has forgotten who it was, it is still about who it was.
        let before = if before.key().is_none() && asked.key().is_some() { asked } else { before };
        let mut request = request_headers::sign_out_request(&self.0.config);
        let answer = match self.before_api_call(ApiAction::SignOut, &mut request).await {
            Ok(Ok(())) if self.is_replaced(&before).await? => return Ok(()),
            Ok(Ok(())) => {
                under_way.sends();
                self.call_sign_out_api(&before, request.clone()).await
            }
            Ok(Err(error)) => {
                log::debug!("sign-out: {error}");
                return Err(error);
            }
            Err(error) => Err(SessionError::Network(error)),
        };
        let outcome = self.end_after_sign_out(&before, &answer).await;
        match &outcome {
            Ok(()) => log::debug!("sign-out: done"),
            // The message is between the backend and the user.
            Err(SessionError::General { .. }) => log::debug!("sign-out: the backend refused"),
            Err(error) => log::debug!("sign-out: {error}"),
        }
        if let Ok(response) = &answer {
            self.after_api_call(ApiAction::SignOut, &request, response.inner()).await;
        }
        outcome
    }

    /// Whether another session has begun while a hook took its time: nobody asked to end that one.
    async fn is_replaced(&self, before: &LocalState) -> Result<bool, SessionError> {
        if self.overrides().is_none() {
            return Ok(false);
        }
        let now = self.read().await?.state;
        Ok(!may_send_about(before, &now))
    }

    /// Bounded in time: a backend that never answers must not keep anybody signed in here.
    async fn call_sign_out_api(
        &self,
        before: &LocalState,
        mut request: TransportRequest,
    ) -> Result<SessionResponse, SessionError> {
        request_headers::make_way_for_tokens(&mut request, &self.0.config);
        let made = Some(before.clone());
        let transport = Rc::new(Keepalive(self.0.platform.transport.clone()));
        let request =
            ClientRequest { content: request, transport: Some(transport), retry: Retry::InTheSession, made };
        self.in_time(self.send_with_session(request)).await.map_err(SessionError::Network)?
    }

    /// Ends the session here as well, unless the backend refused.
    async fn end_after_sign_out(
        &self,
        before: &LocalState,
        answer: &Result<SessionResponse, SessionError>,
    ) -> Result<(), SessionError> {
        let failure = self.why_not_revoked(answer).await?;
        // Where the answer's own headers have not ended it: a proxy stripped them, or there was no answer.
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

    /// A refresh in another tab may have been about to save its tokens when the session ended, in a store that does
    /// not read and write at once. Whatever it saved is there once it has released the lock.
    fn stay_signed_out(&self, ended: &LocalState) {
        // Without a handle a session can't be told from its user's next one.
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
                Err(error) => log::warn!("a session that has ended could not be cleared: {error}"),
            }
        }));
    }

    /// What an answer to the sign-out call says of the server: none where the session has ended there.
    async fn why_not_revoked(
        &self,
        answer: &Result<SessionResponse, SessionError>,
    ) -> Result<Option<SignOutFailure>, SessionError> {
        match answer {
            Ok(response) if !self.is_from_api(self.0.config.sign_out_url(), response.inner()) => {
                Ok(Some(SignOutFailure::Redirected))
            }
            Ok(response) if response.ok() => match self.general_error(response).await {
                Some(message) => Err(SessionError::General { message }),
                None => Ok(None),
            },
            // The session had ended on the server already: the refresh has said so, or a sign-in in its place.
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
        // The body itself stays unread: the app's hook may want it.
        let mut answer = json::object(&self.json_body(response.inner()).await?)?;
        if answer.get("status")?.as_str()? != "GENERAL_ERROR" {
            return None;
        }
        match json::take(&mut answer, "message") {
            Some(Value::String(message)) => Some(message),
            Some(_) => None,
            None => Some(String::new()),
        }
    }
}

/// The page may be left before the response.
struct Keepalive(Rc<dyn Transport>);

impl Transport for Keepalive {
    fn send(
        &self,
        request: TransportRequest,
    ) -> LocalBoxFuture<'_, Result<Box<dyn TransportResponse>, TransportError>> {
        self.0.send_keepalive(request)
    }
}
