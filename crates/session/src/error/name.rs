use super::SessionError;

impl SessionError {
    /// The variant's stable name, for logs, metrics, and JavaScript on an intercepted page.
    ///
    /// ```
    /// use supertokens_session::SessionError;
    ///
    /// assert_eq!(SessionError::NoSession.name(), "NoSession");
    /// assert_eq!(SessionError::RefreshNotFound { status: 404 }.name(), "RefreshNotFound");
    /// ```
    pub fn name(&self) -> &'static str {
        match self {
            Self::Config(_) => "Config",
            Self::Url(_) => "Url",
            Self::Header(_) => "Header",
            Self::SerializeBody => "SerializeBody",
            Self::SerializeQuery => "SerializeQuery",
            Self::Status { .. } => "Status",
            Self::DeserializeBody { .. } => "DeserializeBody",
            Self::Network(_) => "Network",
            Self::RefreshUnreachable(_) => "RefreshUnreachable",
            Self::RefreshNotFound { .. } => "RefreshNotFound",
            Self::RefreshReturnedPage => "RefreshReturnedPage",
            Self::RefreshFailed { .. } => "RefreshFailed",
            Self::RefreshBackoff { .. } => "RefreshBackoff",
            Self::RefreshWithoutFrontToken => "RefreshWithoutFrontToken",
            Self::RefreshRedirected => "RefreshRedirected",
            Self::ResponseWithoutFrontToken => "ResponseWithoutFrontToken",
            Self::FrontToken(_) => "FrontToken",
            Self::UnreadableHeader { .. } => "UnreadableHeader",
            Self::TooManyRetries { .. } => "TooManyRetries",
            Self::SessionChanged => "SessionChanged",
            Self::NoSession => "NoSession",
            Self::NotRevoked { .. } => "NotRevoked",
            Self::General { .. } => "General",
            Self::Store(_) => "Store",
            Self::Lock(_) => "Lock",
            Self::Interrupted => "Interrupted",
            Self::HookLeftApi { .. } => "HookLeftApi",
            Self::TokenInCookie => "TokenInCookie",
            Self::NotInBrowser => "NotInBrowser",
            Self::NotInterceptable => "NotInterceptable",
        }
    }
}
