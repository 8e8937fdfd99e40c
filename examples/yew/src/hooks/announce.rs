use yew::prelude::*;

/// Announces messages to screen readers from any component.
#[derive(Clone, PartialEq)]
pub(crate) struct Announce(UseStateSetter<AttrValue>);

impl Announce {
    pub(crate) fn announce(&self, message: impl Into<AttrValue>) {
        self.0.set(message.into());
    }
}

impl From<UseStateSetter<AttrValue>> for Announce {
    fn from(setter: UseStateSetter<AttrValue>) -> Self {
        Self(setter)
    }
}

/// `None` outside of the frame.
#[hook]
pub(crate) fn use_announce() -> Option<Announce> {
    use_context()
}
