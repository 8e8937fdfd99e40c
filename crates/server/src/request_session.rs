use std::{
    fmt::{self, Write},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use http::{HeaderValue, Response, StatusCode, header};

use crate::{page::PageSession, refusal::Refusal, verified::VerifiedSession};

/// `Cache-Control` of a response that depends on the session.
pub(crate) const NO_STORE: HeaderValue = HeaderValue::from_static("private, no-store");

/// The session of one request, and what the response to it has to be. The layer stores it in the request's extensions.
/// Clones share it.
#[derive(Clone)]
pub struct RequestSession(Arc<Parts>);

struct Parts {
    page: PageSession,
    call: Result<VerifiedSession, Refusal>,
    response: Mutex<ResponseSettings>,
}

#[derive(Default)]
struct ResponseSettings {
    is_dependent: bool,
    status: Option<StatusCode>,
    replacement: Option<Replacement>,
}

enum Replacement {
    Redirect(HeaderValue),
    Refusal(Refusal),
}

impl RequestSession {
    pub(crate) fn new(page: PageSession, call: Result<VerifiedSession, Refusal>) -> Self {
        Self(Arc::new(Parts { page, call, response: Mutex::default() }))
    }

    /// For rendering a page: it takes a front token and an access token that equal each other. No cache may store the
    /// response from now on.
    pub fn page(&self) -> &PageSession {
        self.mark_dependent();
        &self.0.page
    }

    /// For a call of the API, such as a server function: the access token alone counts, from `Authorization: Bearer` or
    /// the cookie `sAccessToken`. A method that changes something has passed the check of
    /// [`AntiCsrf`](crate::AntiCsrf). No cache may store the response from now on.
    ///
    /// # Errors
    /// The [`Refusal`] to respond with.
    pub fn call(&self) -> Result<VerifiedSession, Refusal> {
        self.mark_dependent();
        self.0.call.clone()
    }

    /// The response depends on the session: `Cache-Control: private, no-store`. [`page`](Self::page) and
    /// [`call`](Self::call) do it too.
    pub fn mark_dependent(&self) {
        self.response().is_dependent = true;
    }

    /// Responds with 302 to this location, with an empty body. The body of the page is dropped. The first redirect or
    /// refusal of a request counts.
    ///
    /// Bytes that no header can hold are percent-encoded. Whether the location is safe is for the caller to check.
    pub fn redirect(&self, location: &str) {
        if let Some(location) = location_header(location) {
            self.replace(Replacement::Redirect(location));
        }
    }

    /// Sets the status of the response, such as 403 for a page that shows "access denied". The body stays.
    pub fn set_status(&self, status: StatusCode) {
        self.response().status = Some(status);
    }

    /// Responds with the refusal's status and body. The first redirect or refusal of a request counts.
    pub fn refuse(&self, refusal: &Refusal) {
        self.replace(Replacement::Refusal(refusal.clone()));
    }

    /// Applies what was set to the response. `SessionLayer` calls it; call it yourself on a server without tower.
    ///
    /// A redirect or a refusal drops the body, and all headers but `Set-Cookie`.
    pub fn apply<B: Default + From<String>>(&self, response: Response<B>) -> Response<B> {
        let settings = std::mem::take(&mut *self.response());
        let mut response = match settings.replacement {
            Some(Replacement::Redirect(location)) => {
                let mut redirect = Response::new(B::default());
                *redirect.status_mut() = StatusCode::FOUND;
                redirect.headers_mut().insert(header::LOCATION, location);
                with_cookies_of(&response, redirect)
            }
            Some(Replacement::Refusal(refusal)) => with_cookies_of(&response, refusal.to_response()),
            None => {
                let mut response = response;
                if let Some(status) = settings.status {
                    *response.status_mut() = status;
                }
                response
            }
        };
        if settings.is_dependent {
            response.headers_mut().insert(header::CACHE_CONTROL, NO_STORE);
        }
        response
    }

    fn replace(&self, replacement: Replacement) {
        let mut response = self.response();
        response.is_dependent = true;
        response.replacement.get_or_insert(replacement);
    }

    fn response(&self) -> MutexGuard<'_, ResponseSettings> {
        self.0.response.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for RequestSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestSession").field("page", &self.0.page).finish_non_exhaustive()
    }
}

fn with_cookies_of<B>(old: &Response<B>, mut new: Response<B>) -> Response<B> {
    for cookie in old.headers().get_all(header::SET_COOKIE) {
        new.headers_mut().append(header::SET_COOKIE, cookie.clone());
    }
    new
}

/// None never happens: all bytes are visible ASCII.
fn location_header(location: &str) -> Option<HeaderValue> {
    let mut text = String::with_capacity(location.len());
    for byte in location.bytes() {
        if byte.is_ascii_graphic() {
            text.push(char::from(byte));
        } else {
            // Writing to a `String` does not fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
    HeaderValue::from_str(&text).ok()
}
