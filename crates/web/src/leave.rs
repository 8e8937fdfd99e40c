use supertokens_session::{SessionError, wire::url::Url};

use crate::page::Page;

/// Loads another page in place of this one, to which the back button then does not lead.
///
/// # Errors
/// [`SessionError::NotInBrowser`] where there is no page, such as on a server.
pub fn leave_for(url: &Url) -> Result<(), SessionError> {
    let page = Page::current()?;
    if page.window().location().replace(&url.to_string()).is_err() {
        log::warn!("the browser does not let this page load another one");
    }
    Ok(())
}
