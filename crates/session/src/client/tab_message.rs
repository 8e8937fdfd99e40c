use super::SessionClient;
use crate::{SessionEvent, error::SessionError, tab_message::TabMessage, transitions};

/// Messages between tabs.
impl SessionClient {
    /// The message for an event of this client; none if the event does not change the store, or came from another tab.
    pub fn tab_message_of(&self, event: &SessionEvent) -> Option<TabMessage> {
        if self.0.is_from_other_tab.get() {
            return None;
        }
        TabMessage::of(event, self.0.last_known.front().as_ref())
    }

    /// Handles a message of another tab: reads the store, and emits the events of what changed. Makes no API call.
    ///
    /// # Errors
    /// [`SessionError::Store`] when the store can't be read.
    pub async fn receive_tab_message(&self, message: &TabMessage) -> Result<(), SessionError> {
        let read = self.read().await?;
        if let Some((before, now)) = self.remember(&read) {
            let events = transitions::events_of_tab_message(before.as_ref(), now.as_ref(), message);
            self.0.is_from_other_tab.set(true);
            self.emit(&events);
            self.0.is_from_other_tab.set(false);
        }
        Ok(())
    }
}
