//! The text of a snapshot in the HTML of a page that a server has rendered. It contains no token that a server accepts.

use supertokens_session::FrontToken;

use crate::snapshot::{SessionStatus, Snapshot, UnauthenticatedReason};

const LOADING: &str = "?";
const UNAUTHENTICATED: &str = "-";

impl Snapshot {
    /// The snapshot of a signed-in user.
    pub fn authenticated(front_token: FrontToken) -> Self {
        Self::default().next(Some(front_token), None)
    }

    /// The snapshot without a session.
    pub fn unauthenticated() -> Self {
        Self::default().next(None, Some(UnauthenticatedReason::NoSession))
    }

    /// The text that a server embeds in a page. It is never empty.
    pub fn to_embedded(&self) -> String {
        match (self.status, &self.front_token) {
            (SessionStatus::Authenticated, Some(front_token)) => match self.rendered_at_ms {
                Some(ms) => format!("{ms} {}", front_token.to_json()),
                None => front_token.to_json(),
            },
            (SessionStatus::Unauthenticated { .. }, _) => UNAUTHENTICATED.to_owned(),
            _ => LOADING.to_owned(),
        }
    }

    /// Reads the text of [`to_embedded`](Self::to_embedded). An invalid text means that the session is not known.
    pub fn from_embedded(text: &str) -> Self {
        match text {
            "" | LOADING => Self::default(),
            UNAUTHENTICATED => Self::unauthenticated(),
            text => {
                let time = text.split_once(' ').and_then(|(ms, json)| Some((ms.parse().ok()?, json)));
                let (rendered_at_ms, json) = time.map_or((None, text), |(ms, json)| (Some(ms), json));
                let Ok(front_token) = FrontToken::from_json(json) else { return Self::default() };
                Self { rendered_at_ms, ..Self::authenticated(front_token) }
            }
        }
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn a_page_reads_the_snapshot_that_the_server_embedded() {
        let payload = r#"{"sub":"u\"1</script>","plan":"pro","n":1.50,"sessionHandle":"h"}"#;
        let json = format!(r#"{{"uid":"u\"1</script>","ate":1700000000000,"up":{payload}}}"#);
        let user = Snapshot::authenticated(FrontToken::from_json(&json).unwrap());
        assert_eq!(user.front_token.as_ref().unwrap().user_id(), "u\"1</script>");
        let with_time = Snapshot { rendered_at_ms: Some(1_700_000_000_000), ..user.clone() };
        for snapshot in [Snapshot::default(), Snapshot::unauthenticated(), user, with_time] {
            assert_eq!(Snapshot::from_embedded(&snapshot.to_embedded()), snapshot);
        }
    }

    #[test]
    fn an_invalid_text_means_that_the_session_is_not_known() {
        for text in
            ["{", "null", "{}", "--", r#"{"uid":1,"ate":1,"up":{}}"#, r#"{"uid":"u","ate":1,"up":[]}"#]
        {
            assert_eq!(Snapshot::from_embedded(text), Snapshot::default(), "{text}");
        }
    }
}
