//! The factors with which a user proves who they are.

/// A factor of the MultiFactorAuth recipe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Factor {
    /// E-mail and password.
    EmailPassword,
    /// A code from a mail.
    OtpEmail,
    /// A link from a mail.
    LinkEmail,
    /// Another service's account.
    ThirdParty,
    /// A one-time password of a device.
    Totp,
}

impl Factor {
    /// The id in payloads and responses.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::EmailPassword => "emailpassword",
            Self::OtpEmail => "otp-email",
            Self::LinkEmail => "link-email",
            Self::ThirdParty => "thirdparty",
            Self::Totp => "totp",
        }
    }
}
