//! One call of a recipe: how it is sent, and how its response is read.

use std::{
    any::type_name,
    fmt,
    future::{Future, IntoFuture},
    pin::Pin,
};

use supertokens_session::{
    ClientFuture, SessionClient, SessionError, SessionResponse,
    internal::{names, percent},
    platform::Method,
};

use crate::{
    form::FormFields,
    json_text::JsonObject,
    reader::{Object, Read},
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
    read: Box<dyn FnOnce(&Response<'_>) -> Read<T> + Send>,
}

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

/// The outcome of a call that can sign a user in.
pub trait SignsIn: sealed::SignsIn {}

impl<T: sealed::SignsIn> SignsIn for T {}

pub(crate) mod sealed {
    /// Only outcomes of this crate sign in.
    pub trait SignsIn {}
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
        let path = client.config().recipe_base_path(tenant.as_deref())? + endpoint.path + &query;
        let body = match form {
            Some(form) => body.json("formFields", &form.to_json()),
            None => body,
        };
        let body = body.optional_flag("shouldTryLinkingWithSessionUser", link_session_user);
        let received = fetch(&client, endpoint, &path, body).await?;
        let invalid = |message: String| SessionError::DeserializeBody {
            expected: type_name::<T>(),
            status: received.http_status,
            message,
        };
        let body = received.body().ok_or_else(|| invalid("it is no JSON object".to_owned()))?;
        let status = received.status(&body, endpoint.recipe).map_err(|error| invalid(error.message()))?;
        match status.as_str() {
            "GENERAL_ERROR" => {
                let message = body.text("message").map_err(|error| invalid(error.message()))?;
                Err(SessionError::General { message })
            }
            status => {
                let response = Response { status, body: &body, tenant: tenant.as_deref(), link_session_user };
                read(&response).map_err(|error| invalid(error.message()))
            }
        }
    }
}

impl<T: SignsIn> Call<T> {
    /// Whether the backend links the user to the session's user (`shouldTryLinkingWithSessionUser`): the session's user
    /// gets another login method. Default: the backend decides, which it does for a second factor.
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
    text: String,
}

impl Received {
    fn body(&self) -> Option<Object> {
        Object::read(&self.text)
    }

    /// The status in the body. Successes and errors of OAuth2 have none.
    fn status(&self, body: &Object, recipe: &str) -> Read<String> {
        let status = body.text("status");
        if status.is_err() && recipe == OAUTH2 {
            if body.text("frontendRedirectTo").is_ok() {
                return Ok("OK".to_owned());
            }
            if body.text("error").is_ok() {
                return Ok("ERROR".to_owned());
            }
        }
        status
    }
}

/// Sends a call. It is not generic, so a module contains it once.
async fn fetch(
    client: &SessionClient,
    endpoint: Endpoint,
    path: &str,
    body: JsonObject,
) -> Result<Received, SessionError> {
    let response = request(client, endpoint, path, body).await?.error_for_session()?;
    let (http_status, is_ok) = (response.status(), response.ok());
    let text = response.text().await?;
    let received = Received { http_status, text };
    // Errors of OAuth2 have an HTTP status of their own.
    let is_outcome = || Some(received.status(&received.body()?, endpoint.recipe).is_ok());
    if is_ok || is_outcome() == Some(true) {
        return Ok(received);
    }
    Err(SessionError::Status { status: http_status })
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
