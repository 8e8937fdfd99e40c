use super::SessionClient;
use crate::{SessionEvent, error::SessionError, tab_message::TabMessage, transitions};

/// What tabs tell each other.
impl SessionClient {
    /// What to tell the other tabs of an event that this client's listeners are told of; none where no other tab could
    /// see a change, and where it is another tab that has told of it.
    pub fn tab_message_of(&self, event: &SessionEvent) -> Option<TabMessage> {
        if self.0.is_from_other_tab.get() {
            return None;
        }
        TabMessage::of(event, self.0.last_known.front().as_ref())
    }

    /// Looks at what another tab tells of, and tells the listeners what is new here. It reads the store alone.
    ///
    /// # Errors
    /// [`SessionError::Store`] when the store can't be read.
    pub async fn receive_tab_message(&self, notice: &TabMessage) -> Result<(), SessionError> {
        let read = self.read().await?;
        if let Some((before, now)) = self.remember(&read) {
            let events = transitions::events_of_tab_message(before.as_ref(), now.as_ref(), notice);
            self.0.is_from_other_tab.set(true);
            self.emit(&events);
            self.0.is_from_other_tab.set(false);
        }
        Ok(())
    }
}
