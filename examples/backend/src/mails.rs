//! The codes that prove an e-mail address. This example sends no mail: it keeps what it would have sent.

use std::collections::HashMap;
use std::sync::Mutex;

use crate::error::ApiError;
use crate::random;
use crate::secret::secret;
use crate::state::lock;

secret!(
    /// Whoever has it has read the mail.
    Code
);

/// Without letters and digits that look alike.
const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// The latest code of each user, until it is used.
#[derive(Debug, Default)]
pub(crate) struct Mails {
    by_user: Mutex<HashMap<String, Code>>,
}

impl Mails {
    /// Writes the user a new code; the one before is no good any more.
    pub(crate) fn send(&self, user_id: &str) -> Result<(), ApiError> {
        let code = new_code()?;
        lock(&self.by_user).insert(user_id.to_owned(), code);
        Ok(())
    }

    /// What the user's mail says.
    pub(crate) fn code_of(&self, user_id: &str) -> Option<String> {
        lock(&self.by_user).get(user_id).map(|code| code.reveal().to_owned())
    }

    /// Whose code it is; it can be used once.
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
