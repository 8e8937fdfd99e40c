//! The MultiFactorAuth recipe. Guards check the claim with [`multi_factor`] and [`factor`].
//!
//! [`multi_factor`]: supertokens_session::claims::multi_factor
//! [`factor`]: supertokens_session::claims::factor

use supertokens_session::{SessionClient, platform::Method};

use crate::{
    Call,
    call::{Endpoint, Response},
    reader::{Object, Read},
};

/// Updates the claim in the session, and returns which factors the user has and needs.
///
/// # Errors
/// See the [crate](crate#errors).
pub fn resync_session_and_fetch_mfa_info(client: &SessionClient) -> Call<MfaInfo> {
    let endpoint = Endpoint { recipe: "multifactorauth", method: Method::Put, path: "/mfa/info" };
    Call::new(client, endpoint, MfaInfo::read)
}

/// The outcome of [`resync_session_and_fetch_mfa_info`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum MfaInfo {
    /// The user's factors.
    Ok {
        /// The factors of which the user must complete one next; empty if the sign-in is complete.
        next: Vec<String>,
        /// The factors that the user has set up.
        already_set_up: Vec<String>,
        /// The factors that the user may set up now.
        allowed_to_set_up: Vec<String>,
        /// The e-mail addresses to which each factor can send a code, the best first.
        emails: Vec<(String, Vec<String>)>,
        /// The phone numbers to which each factor can send a code, the best first.
        phone_numbers: Vec<(String, Vec<String>)>,
    },
    /// A status of a newer backend.
    Other {
        /// The status.
        status: String,
    },
}

impl MfaInfo {
    fn read(response: &Response<'_>) -> Read<Self> {
        if response.status != "OK" {
            return Ok(Self::Other { status: response.status.to_owned() });
        }
        let body = response.body;
        let lists = |factors: &Object| {
            Ok((factors.texts("next")?, factors.texts("alreadySetup")?, factors.texts("allowedToSetup")?))
        };
        let (next, already_set_up, allowed_to_set_up) = body.object("factors", lists)?;
        Ok(Self::Ok {
            next,
            already_set_up,
            allowed_to_set_up,
            emails: body.texts_by_name("emails")?,
            phone_numbers: body.texts_by_name("phoneNumbers")?,
        })
    }
}
