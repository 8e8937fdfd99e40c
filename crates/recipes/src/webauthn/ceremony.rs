//! All three steps of a passkey: options, ceremony and call.

use std::{
    fmt,
    future::{Future, IntoFuture},
};

use supertokens_session::{SessionClient, SessionError};

use super::{
    CeremonyError, RecoverAccount, RecoverAccountOptionsOutcome, RegisterOptionsOutcome, Rejection, SignIn,
    SignInOptionsOutcome, SignUp, create_credential, get_credential, recover_account,
    recover_account_options, register_options, sign_in, sign_in_options, sign_up,
};
use crate::{AcceptsLinking, Call, CallFuture, call::sealed};

/// Two calls of the recipe with the browser's ceremony between them. Await it to begin.
#[must_use = "a ceremony does nothing until it is awaited"]
pub struct Ceremony<T> {
    settings: Settings,
    run: Box<dyn FnOnce(Settings) -> CallFuture<T> + Send>,
}

/// The settings of both calls.
#[derive(Default)]
struct Settings {
    tenant: Option<String>,
    link_session_user: Option<bool>,
}

impl Settings {
    fn apply<T>(&self, call: Call<T>) -> Call<T> {
        call.tenant(self.tenant.as_deref())
    }

    fn apply_to_sign_in<T: AcceptsLinking>(&self, call: Call<T>) -> Call<T> {
        self.apply(call).link_session_user(self.link_session_user)
    }
}

impl<T> Ceremony<T> {
    fn new<F>(run: impl FnOnce(Settings) -> F + Send + 'static) -> Self
    where
        F: Future<Output = Result<T, SessionError>> + Send + 'static,
    {
        Self { settings: Settings::default(), run: Box::new(|settings| Box::pin(run(settings))) }
    }

    /// The tenant of the user. See [`Call::tenant`].
    pub fn tenant<'a>(mut self, tenant: impl Into<Option<&'a str>>) -> Self {
        self.settings.tenant = tenant.into().map(str::to_owned);
        self
    }
}

impl<T: AcceptsLinking> Ceremony<T> {
    /// Whether the backend links the user to the session's user. See [`Call::link_session_user`].
    #[doc(alias = "shouldTryLinkingWithSessionUser")]
    pub fn link_session_user(mut self, link: impl Into<Option<bool>>) -> Self {
        self.settings.link_session_user = link.into();
        self
    }
}

impl<T: 'static> IntoFuture for Ceremony<T> {
    type Output = Result<T, SessionError>;
    type IntoFuture = CallFuture<T>;

    fn into_future(self) -> CallFuture<T> {
        (self.run)(self.settings)
    }
}

impl<T> fmt::Debug for Ceremony<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ceremony").finish_non_exhaustive()
    }
}

/// Lets the user create a passkey, creates a user with it, and signs the user in.
///
/// Call [`does_email_exist`](super::does_email_exist) first: for a user who has a passkey, an authenticator can replace
/// it before the backend refuses the new one.
///
/// ```
/// use supertokens_recipes::webauthn::{self, RegisterAndSignUp, SignUp};
/// use supertokens_session::{SessionClient, SessionError};
///
/// /// Returns the message for the user.
/// async fn sign_up(client: &SessionClient, email: &str) -> Result<String, SessionError> {
///     Ok(match webauthn::register_and_sign_up(client, email).await? {
///         RegisterAndSignUp::SignUp(SignUp::Ok { .. }) => "You are signed in.".to_owned(),
///         RegisterAndSignUp::SignUp(SignUp::EmailAlreadyExists) => "Please sign in.".to_owned(),
///         RegisterAndSignUp::SignUp(SignUp::NotAllowed { reason }) => reason,
///         RegisterAndSignUp::InvalidEmail { message } => message,
///         RegisterAndSignUp::Ceremony(error) => format!("There is no passkey: {error}."),
///         outcome => format!("Please try again later ({outcome:?})."),
///     })
/// }
/// ```
///
/// # Errors
/// See the [crate](crate#errors).
#[doc(alias = "registerCredentialWithSignUp")]
pub fn register_and_sign_up(client: &SessionClient, email: &str) -> Ceremony<RegisterAndSignUp> {
    let (client, email) = (client.clone(), email.to_owned());
    Ceremony::new(|settings| async move {
        type Outcome = RegisterAndSignUp;
        let options = match settings.apply(register_options(&client, &email)).await? {
            RegisterOptionsOutcome::Ok { options } => options,
            RegisterOptionsOutcome::InvalidEmail { message } => return Ok(Outcome::InvalidEmail { message }),
            RegisterOptionsOutcome::InvalidOptions => {
                return Ok(Outcome::SignUp(SignUp::Rejected(Rejection::InvalidOptions)));
            }
            RegisterOptionsOutcome::Other { status } => return Ok(Outcome::SignUp(SignUp::Other { status })),
        };
        let credential = match create_credential(&options).await {
            Ok(credential) => credential,
            Err(error) => return Ok(Outcome::Ceremony(error)),
        };
        let call = settings.apply_to_sign_in(sign_up(&client, &options.id, &credential));
        call.await.map(Outcome::SignUp)
    })
}

/// The outcome of [`register_and_sign_up`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RegisterAndSignUp {
    /// The backend's response to the sign-up. It also has the other statuses of the options.
    SignUp(SignUp),
    /// The e-mail address is invalid.
    InvalidEmail {
        /// The backend's message for the user.
        message: String,
    },
    /// The browser created no passkey.
    Ceremony(CeremonyError),
}

impl sealed::AcceptsLinking for RegisterAndSignUp {}

/// Lets the user choose a passkey, and signs its user in.
///
/// # Errors
/// See the [crate](crate#errors).
#[doc(alias = "authenticateCredentialWithSignIn")]
pub fn authenticate_and_sign_in(client: &SessionClient) -> Ceremony<AuthenticateAndSignIn> {
    let client = client.clone();
    Ceremony::new(|settings| async move {
        type Outcome = AuthenticateAndSignIn;
        let options = match settings.apply(sign_in_options(&client)).await? {
            SignInOptionsOutcome::Ok { options } => options,
            SignInOptionsOutcome::InvalidOptions => return Ok(Outcome::InvalidOptions),
            SignInOptionsOutcome::Other { status } => return Ok(Outcome::SignIn(SignIn::Other { status })),
        };
        let credential = match get_credential(&options).await {
            Ok(credential) => credential,
            Err(error) => return Ok(Outcome::Ceremony(error)),
        };
        let call = settings.apply_to_sign_in(sign_in(&client, &options.id, &credential));
        call.await.map(Outcome::SignIn)
    })
}

/// The outcome of [`authenticate_and_sign_in`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthenticateAndSignIn {
    /// The backend's response to the sign-in, or a status of a newer backend instead of options.
    SignIn(SignIn),
    /// The backend's settings make no valid options.
    InvalidOptions,
    /// The browser has no signature.
    Ceremony(CeremonyError),
}

impl sealed::AcceptsLinking for AuthenticateAndSignIn {}

/// Lets the user create a new passkey, and gives it to the user who has the token of a
/// [mail](super::send_recover_account_email). It does not sign the user in.
///
/// ```
/// use supertokens_recipes::webauthn::{self, RecoverAccount, RegisterAndRecoverAccount};
/// use supertokens_session::{SessionClient, SessionError};
///
/// /// Returns whether the user has the new passkey.
/// async fn recover(client: &SessionClient) -> Result<bool, SessionError> {
///     let Some(token) = webauthn::recover_account_token() else { return Ok(false) };
///     let outcome = webauthn::register_and_recover_account(client, &token).await?;
///     Ok(outcome == RegisterAndRecoverAccount::RecoverAccount(RecoverAccount::Ok))
/// }
/// ```
///
/// # Errors
/// See the [crate](crate#errors).
#[doc(alias = "registerCredentialWithRecoverAccount")]
pub fn register_and_recover_account(
    client: &SessionClient,
    token: &str,
) -> Ceremony<RegisterAndRecoverAccount> {
    let (client, token) = (client.clone(), token.to_owned());
    Ceremony::new(|settings| async move {
        let no_options = match settings.apply(recover_account_options(&client, &token)).await? {
            RecoverAccountOptionsOutcome::Ok { options } => {
                let credential = match create_credential(&options).await {
                    Ok(credential) => credential,
                    Err(error) => return Ok(RegisterAndRecoverAccount::Ceremony(error)),
                };
                let call = settings.apply(recover_account(&client, &token, &options.id, &credential));
                return call.await.map(RegisterAndRecoverAccount::RecoverAccount);
            }
            RecoverAccountOptionsOutcome::InvalidToken => RecoverAccount::InvalidToken,
            RecoverAccountOptionsOutcome::InvalidOptions => {
                RecoverAccount::Rejected(Rejection::InvalidOptions)
            }
            RecoverAccountOptionsOutcome::Other { status } => RecoverAccount::Other { status },
        };
        Ok(RegisterAndRecoverAccount::RecoverAccount(no_options))
    })
}

/// The outcome of [`register_and_recover_account`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RegisterAndRecoverAccount {
    /// The backend's response with or without the passkey: the options have the same statuses.
    RecoverAccount(RecoverAccount),
    /// The browser created no passkey.
    Ceremony(CeremonyError),
}
