use std::fmt;

/// An error with which a provider sends the user back ([RFC 6749, 4.1.2.1][rfc]).
///
/// [rfc]: https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProviderError {
    /// The kind of error.
    pub code: ProviderErrorCode,
    /// The provider's description for developers.
    pub description: Option<String>,
}

/// The kind of a [`ProviderError`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProviderErrorCode {
    /// The user or the provider refused.
    AccessDenied,
    /// The request is invalid: a wrong configuration.
    InvalidRequest,
    /// The provider does not know the client: a wrong configuration.
    UnauthorizedClient,
    /// The provider does not support this way: a wrong configuration.
    UnsupportedResponseType,
    /// A scope is invalid: a wrong configuration.
    InvalidScope,
    /// The provider has failed.
    ServerError,
    /// The provider is busy.
    TemporarilyUnavailable,
    /// Another code.
    Other(String),
}

impl ProviderError {
    /// The error in a query.
    pub(super) fn read(query: &[(String, String)]) -> Option<Self> {
        let get = |name: &str| query.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        let code = match get("error")?.as_str() {
            "access_denied" => ProviderErrorCode::AccessDenied,
            "invalid_request" => ProviderErrorCode::InvalidRequest,
            "unauthorized_client" => ProviderErrorCode::UnauthorizedClient,
            "unsupported_response_type" => ProviderErrorCode::UnsupportedResponseType,
            "invalid_scope" => ProviderErrorCode::InvalidScope,
            "server_error" => ProviderErrorCode::ServerError,
            "temporarily_unavailable" => ProviderErrorCode::TemporarilyUnavailable,
            other => ProviderErrorCode::Other(other.to_owned()),
        };
        Some(Self { code, description: get("error_description") })
    }
}

impl fmt::Display for ProviderErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AccessDenied => "access denied",
            Self::InvalidRequest => "invalid request",
            Self::UnauthorizedClient => "unauthorized client",
            Self::UnsupportedResponseType => "unsupported response type",
            Self::InvalidScope => "invalid scope",
            Self::ServerError => "server error",
            Self::TemporarilyUnavailable => "temporarily unavailable",
            Self::Other(code) => code,
        })
    }
}
