//! One call of a recipe: how it is sent, and how its response is read.

use std::{
    any::type_name,
    fmt,
    future::{Future, IntoFuture},
    pin::Pin,
};

use supertokens_session::{
    ClientFuture, SessionClient, SessionError, SessionResponse,
    internal::{into_text, names, percent},
    platform::Method,
};

use crate::{
    form::FormFields,
    json_text::JsonObject,
    reader::{BadField, Object, Read},
};

/// The recipe whose responses follow the OAuth2 standard.
pub(crate) const OAUTH2: &str = "oauth2provider";

/// The future of a [`Call`]. It is `Send`, so an `Action` or a `Resource` can await it.
pub type CallFuture<T> = Pin<Box<dyn Future<Output = Result<T, SessionError>> + Send>>;

/// A call of a recipe. Await it to send it.
///
/// ```
/// use supertokens_recipes::email_password::{self, SignIn};
/// use supertokens_session::{SessionClient, SessionError};
///
/// async fn sign_in(client: &SessionClient, tenant: Option<&str>) -> Result<SignIn, SessionError> {
///     email_password::sign_in(client, "ada@example.com", "secret").tenant(tenant).await
/// }
/// ```
#[must_use = "a call does nothing until it is awaited"]
pub struct Call<T> {
    client: SessionClient,
    endpoint: Endpoint,
    query: String,
    tenant: Option<String>,
    link_session_user: Option<bool>,
    form: Option<FormFields>,
    body: JsonObject,
    read: ReadResponse<T>,
}

type ReadResponse<T> = Box<dyn FnOnce(&Response<'_>) -> Read<T> + Send>;

/// An endpoint of a recipe.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Endpoint {
    /// The recipe's id.
    pub(crate) recipe: &'static str,
    pub(crate) method: Method,
    /// The path below the tenant.
    pub(crate) path: &'static str,
}

/// A response of a recipe, and the call's options that decide what is stored.
pub(crate) struct Response<'a> {
    /// The status in the body, such as `OK`.
    pub(crate) status: &'a str,
    pub(crate) body: &'a Object,
    pub(crate) tenant: Option<&'a str>,
    pub(crate) link_session_user: Option<bool>,
}

/// The outcome of a call that can link the user to the session's user: see [`Call::link_session_user`].
pub trait AcceptsLinking: sealed::AcceptsLinking {}

impl<T: sealed::AcceptsLinking> AcceptsLinking for T {}

pub(crate) mod sealed {
    /// Only outcomes of this crate sign in.
    pub trait AcceptsLinking {}
}

impl<T> Call<T> {
    pub(crate) fn new(
        client: &SessionClient,
        endpoint: Endpoint,
        read: impl FnOnce(&Response<'_>) -> Read<T> + Send + 'static,
    ) -> Self {
        Self {
            client: client.clone(),
            endpoint,
            query: String::new(),
            tenant: None,
            link_session_user: None,
            form: None,
            body: JsonObject::default(),
            read: Box::new(read),
        }
    }

    /// The tenant whose user signs in. Default: the tenant of the [settings], else `public`.
    ///
    /// [settings]: supertokens_session::SessionConfigBuilder::tenant_id
    pub fn tenant<'a>(mut self, tenant: impl Into<Option<&'a str>>) -> Self {
        self.tenant = tenant.into().map(str::to_owned);
        self
    }

    pub(crate) fn body(mut self, body: JsonObject) -> Self {
        self.body = body;
        self
    }

    pub(crate) fn query(mut self, name: &str, value: &str) -> Self {
        self.query.push(if self.query.is_empty() { '?' } else { '&' });
        self.query.push_str(&[name, "=", &percent::encode(value)].concat());
        self
    }

    pub(crate) fn form_field(mut self, id: &str, value: &str) -> Self {
        self.form = Some(self.form.unwrap_or_default().with(id, value));
        self
    }

    async fn send(self) -> Result<T, SessionError> {
        let Self { client, endpoint, query, tenant, link_session_user, form, body, read } = self;
        let body = match form {
            Some(form) => body.json("formFields", &form.to_json()),
            None => body,
        };
        let body = body.optional_flag("shouldTryLinkingWithSessionUser", link_session_user);
        let received = fetch(client, endpoint, tenant.clone(), query, body).await?;
        let body = received.body().map_err(|bad| received.invalid(type_name::<T>(), &bad))?;
        let response =
            Response { status: &received.status, body: &body, tenant: tenant.as_deref(), link_session_user };
        read(&response).map_err(|bad| received.invalid(type_name::<T>(), &bad))
    }
}

impl<T: AcceptsLinking> Call<T> {
    /// Whether the backend links the user to the session's user (`shouldTryLinkingWithSessionUser`): the session's user
    /// gets another login method. Set it for a code or a provider as a second factor. Default: no (in backends since
    /// 2024).
    #[doc(alias = "shouldTryLinkingWithSessionUser")]
    pub fn link_session_user(mut self, link: impl Into<Option<bool>>) -> Self {
        self.link_session_user = link.into();
        self
    }
}

impl<T: 'static> IntoFuture for Call<T> {
    type Output = Result<T, SessionError>;
    type IntoFuture = CallFuture<T>;

    fn into_future(self) -> CallFuture<T> {
        Box::pin(self.send())
    }
}

impl<T> fmt::Debug for Call<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Body and query may contain a password or a code.
        f.debug_struct("Call").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}

/// A response whose body was read.
struct Received {
    http_status: u16,
    /// The status in the body; empty if there is none.
    status: String,
    text: String,
}

impl Received {
    fn read(http_status: u16, text: String, recipe: &str) -> Self {
        let status = Object::read(&text).and_then(|body| status(&body, recipe)).unwrap_or_default();
        Self { http_status, status, text }
    }

    fn body(&self) -> Read<Object> {
        let body = Object::read(&self.text).ok_or(BadField::not_an_object())?;
        // The error says what is wrong with the status.
        if self.status.is_empty() { body.text("status").and(Ok(body)) } else { Ok(body) }
    }

    /// The message for the user, if the response is one.
    fn message(&self) -> Option<Read<String>> {
        (self.status == "GENERAL_ERROR").then(|| self.body()?.text("message"))
    }

    #[inline(never)]
    fn invalid(&self, expected: &'static str, bad: &BadField) -> SessionError {
        SessionError::DeserializeBody { expected, status: self.http_status, message: bad.message() }
    }
}

/// The status in a body. Successes and errors of OAuth2 have none.
fn status(body: &Object, recipe: &str) -> Option<String> {
    let status = body.text("status").ok();
    let has = |name| body.text(name).is_ok();
    status.or_else(|| match recipe {
        OAUTH2 if has("frontendRedirectTo") => Some("OK".to_owned()),
        OAUTH2 if has("error") => Some("ERROR".to_owned()),
        _ => None,
    })
}

/// Sends a call. It is not generic, and its future has one type, so a module contains it once.
fn fetch(
    client: SessionClient,
    endpoint: Endpoint,
    tenant: Option<String>,
    query: String,
    body: JsonObject,
) -> CallFuture<Received> {
    Box::pin(async move {
        let path = client.config().recipe_base_path(tenant.as_deref())? + endpoint.path + &query;
        let response = request(&client, endpoint, &path, body).await?.error_for_session()?;
        let (http_status, is_ok) = (response.status(), response.ok());
        let text = into_text(response.bytes().await?);
        let received = Received::read(http_status, text, endpoint.recipe);
        // Errors of OAuth2 have an HTTP status of their own.
        if !is_ok && received.status.is_empty() {
            return Err(SessionError::Status { status: http_status });
        }
        match received.message() {
            Some(Ok(message)) => Err(SessionError::General { message }),
            Some(Err(bad)) => Err(received.invalid("a message", &bad)),
            None => Ok(received),
        }
    })
}

/// A builder is not `Send`, so it must not be in an async function.
fn request(
    client: &SessionClient,
    endpoint: Endpoint,
    path: &str,
    body: JsonObject,
) -> ClientFuture<SessionResponse> {
    let request = client
        .request(endpoint.method, path)
        .header(names::RID, endpoint.recipe)
        .header(names::FDI_VERSION, names::FDI_VERSIONS);
    match endpoint.method {
        Method::Get => request.send(),
        _ => request.header("content-type", "application/json").body(body.finish()).send(),
    }
}
