use super::Client;
use crate::{SessionEvent, error::SessionError, tab_message::TabMessage, transitions};

/// Messages between tabs.
impl Client {
    pub(super) fn tab_message_of(&self, event: &SessionEvent) -> Option<TabMessage> {
        if self.0.is_from_other_tab.get() {
            return None;
        }
        TabMessage::of(event, self.0.last_known.front().as_ref())
    }

    pub(super) async fn receive_tab_message(&self, message: &TabMessage) -> Result<(), SessionError> {
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
