//! Newtypes for values that must never reach a log.

macro_rules! secret {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        pub(crate) struct $name(String);

        impl $name {
            /// Wraps the text.
            pub(crate) fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The text itself.
            pub(crate) fn reveal(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(redacted)"))
            }
        }
    };
}

pub(crate) use secret;

#[cfg(test)]
mod tests {
    secret!(
        /// A secret for the test.
        Key
    );

    #[test]
    fn debug_shows_no_secret() {
        let key = Key::new("open sesame");
        assert_eq!(format!("{key:?}"), "Key(redacted)");
        assert_eq!(key.reveal(), "open sesame");
    }
}
