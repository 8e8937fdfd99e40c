/// A call that the client makes of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ApiAction {
    /// New tokens are fetched (`REFRESH_SESSION`).
    RefreshSession,
    /// The session is ended (`SIGN_OUT`).
    SignOut,
}

impl ApiAction {
    /// What the call is called, for logs and errors.
    ///
    /// ```
    /// assert_eq!(supertokens_session::ApiAction::SignOut.name(), "sign-out");
    /// ```
    pub fn name(self) -> &'static str {
        match self {
            Self::RefreshSession => "refresh",
            Self::SignOut => "sign-out",
        }
    }
}
