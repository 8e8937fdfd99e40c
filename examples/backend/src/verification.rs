//! Codes that verify an e-mail address.

use std::collections::HashMap;
use std::sync::Mutex;

use crate::error::ApiError;
use crate::random;
use crate::secret::secret;
use crate::state::lock;

secret!(
    /// A code from a mail, which proves that its sender reads the mail.
    Code
);

/// Letters and digits that do not look alike.
const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// The latest code of each user, until it is used.
#[derive(Debug, Default)]
pub(crate) struct Verifications {
    by_user: Mutex<HashMap<String, Code>>,
}

impl Verifications {
    /// Creates a new code for the user, which replaces the last one.
    pub(crate) fn create(&self, user_id: &str) -> Result<Code, ApiError> {
        let code = new_code()?;
        lock(&self.by_user).insert(user_id.to_owned(), code.clone());
        Ok(code)
    }

    /// The user's latest code.
    pub(crate) fn code_of(&self, user_id: &str) -> Option<String> {
        lock(&self.by_user).get(user_id).map(|code| code.reveal().to_owned())
    }

    /// Uses a code once, and returns its user.
    pub(crate) fn take(&self, code: &str) -> Option<String> {
        let code = code.trim().to_ascii_uppercase();
        let mut by_user = lock(&self.by_user);
        let user_id = by_user.iter().find(|(_, sent)| sent.reveal() == code)?.0.clone();
        by_user.remove(&user_id);
        Some(user_id)
    }
}

fn new_code() -> Result<Code, ApiError> {
    let letters = random::bytes::<10>()?.map(|byte| char::from(LETTERS[usize::from(byte % 32)]));
    let (one, other) = letters.split_at(5);
    Ok(Code::new(format!("{}-{}", String::from_iter(one), String::from_iter(other))))
}
