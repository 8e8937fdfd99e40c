/// A call of the client itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ApiAction {
    /// Fetches new tokens (`REFRESH_SESSION`).
    RefreshSession,
    /// Ends the session (`SIGN_OUT`).
    SignOut,
}

impl ApiAction {
    /// The call's name, for logs and errors.
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
