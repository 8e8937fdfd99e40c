//! Outside a browser there are no passkeys.

use std::future::{Ready, ready};

use super::{CeremonyError, Credential};

pub(super) fn is_supported() -> bool {
    false
}

pub(super) fn create(_: String) -> Ready<Result<Credential, CeremonyError>> {
    ready(Err(CeremonyError::NotSupported))
}

pub(super) fn get(_: String) -> Ready<Result<Credential, CeremonyError>> {
    ready(Err(CeremonyError::NotSupported))
}
