use std::rc::Rc;

use super::Body;

impl Body {
    /// Whether the body can be sent more than once.
    pub fn can_be_sent_again(&self) -> bool {
        !matches!(self, Self::Stream(_))
    }
}

impl From<&str> for Body {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<&[u8]> for Body {
    fn from(bytes: &[u8]) -> Self {
        Self::Bytes(Rc::new(bytes.to_vec()))
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(Rc::new(bytes))
    }
}
