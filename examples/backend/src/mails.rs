//! The mails of the demo. This example sends no mail: it stores all of them instead.

use std::collections::VecDeque;
use std::sync::Mutex;

use serde::Serialize;

use crate::state::lock;

/// The number of stored mails. A new one replaces the oldest.
const LIMIT: usize = 1_000;

/// A mail. It has no `Debug`, since its code or link signs the user in.
#[derive(Clone, Serialize)]
pub(crate) struct Mail {
    /// The address, in lower case.
    #[serde(skip)]
    pub(crate) to: String,
    pub(crate) subject: &'static str,
    pub(crate) text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) link: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<String>,
}

/// The latest mails, oldest first.
#[derive(Default)]
pub(crate) struct Mails(Mutex<VecDeque<Mail>>);

impl Mails {
    /// Stores a mail.
    pub(crate) fn send(&self, mail: Mail) {
        let mut mails = lock(&self.0);
        if mails.len() >= LIMIT {
            mails.pop_front();
        }
        mails.push_back(mail);
    }

    /// The mails to this address, newest first.
    pub(crate) fn to(&self, email: &str) -> Vec<Mail> {
        let email = email.trim().to_lowercase();
        lock(&self.0).iter().rev().filter(|mail| mail.to == email).cloned().collect()
    }
}
