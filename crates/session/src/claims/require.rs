use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{ClaimValidator, Validator, permissions, roles};
use crate::event::ClaimError;

/// Who may see something: one small language for guards, gates and code.
///
/// It is for the eye alone: what nobody may read, the API must not send.
///
/// ```
/// use serde_json::json;
/// use supertokens_session::claims::Require;
///
/// let require = Require::role("admin").or(Require::permission("orders:write").and(Require::when(|payload| {
///     payload["plan"] == "pro"
/// })));
///
/// let admin = json!({ "st-role": { "v": ["admin"], "t": 1 } });
/// assert!(require.check(&admin, 2).is_ok());
///
/// let reader = json!({ "st-role": { "v": ["reader"], "t": 1 }, "st-perm": { "v": [], "t": 1 } });
/// let denied = require.check(&reader, 2).unwrap_err();
/// assert_eq!(denied.reasons[0].id, "st-role");
/// assert_eq!(denied.reasons[0].reason["expectedToInclude"], "admin");
/// ```
#[derive(Clone)]
pub struct Require(Arc<Node>);

enum Node {
    Anybody,
    Claim(Validator),
    When(Box<dyn Fn(&Value) -> bool + Send + Sync>),
    All(Require, Require),
    Any(Require, Require),
    Not(Require),
}

impl Require {
    /// A session is enough.
    pub fn session() -> Self {
        Self::node(Node::Anybody)
    }

    /// The user has that role.
    pub fn role(role: impl Into<String>) -> Self {
        Self::claim(roles().includes(role.into()))
    }

    /// The user has at least one of these roles.
    pub fn any_role<R: Into<String>>(any: impl IntoIterator<Item = R>) -> Self {
        Self::claim(roles().includes_any(any.into_iter().map(Into::into)))
    }

    /// The user has all these roles.
    pub fn all_roles<R: Into<String>>(all: impl IntoIterator<Item = R>) -> Self {
        Self::claim(roles().includes_all(all.into_iter().map(Into::into)))
    }

    /// The user's roles allow this.
    pub fn permission(permission: impl Into<String>) -> Self {
        Self::claim(permissions().includes(permission.into()))
    }

    /// A validator says so.
    pub fn claim(validator: impl Into<Validator>) -> Self {
        Self::node(Node::Claim(validator.into()))
    }

    /// The payload is as the app wants it. The app's function gets the whole payload, and must not panic.
    pub fn when(condition: impl Fn(&Value) -> bool + Send + Sync + 'static) -> Self {
        Self::node(Node::When(Box::new(condition)))
    }

    /// Both hold.
    pub fn and(self, other: Self) -> Self {
        Self::node(Node::All(self, other))
    }

    /// At least one holds.
    pub fn or(self, other: Self) -> Self {
        Self::node(Node::Any(self, other))
    }

    /// It does not hold. A claim that does not exist does not hold, so its opposite does.
    #[allow(clippy::should_implement_trait, reason = "`!require` would read worse beside `and` and `or`")]
    pub fn not(self) -> Self {
        Self::node(Node::Not(self))
    }

    /// Whether it holds for a payload. `now_ms` by the server's clock.
    ///
    /// # Errors
    /// [`Denied`], with the reasons.
    pub fn check(&self, payload: &Value, now_ms: i64) -> Result<(), Denied> {
        let denied = |id: &str, message: &str| {
            let reason = json!({ "message": message });
            Denied { reasons: vec![ClaimError { id: id.to_owned(), reason }], redirect: None }
        };
        match &*self.0 {
            Node::Anybody => Ok(()),
            Node::Claim(validator) => validator.validate(payload, now_ms).map_err(|reason| Denied {
                reasons: vec![ClaimError { id: validator.id().to_owned(), reason }],
                redirect: validator.redirect().map(str::to_owned),
            }),
            Node::When(condition) if condition(payload) => Ok(()),
            Node::When(_) => Err(denied("when", "the condition does not hold")),
            Node::All(one, other) => match (one.check(payload, now_ms), other.check(payload, now_ms)) {
                (Ok(()), outcome) | (outcome, Ok(())) => outcome,
                (Err(one), Err(other)) => Err(one.with(other)),
            },
            Node::Any(one, other) => one
                .check(payload, now_ms)
                .or_else(|one| other.check(payload, now_ms).map_err(|o| one.with(o))),
            Node::Not(one) => match one.check(payload, now_ms) {
                Ok(()) => Err(denied("not", "what must not hold does")),
                Err(_) => Ok(()),
            },
        }
    }

    /// All its validators, for [`validate_claims`](crate::SessionClient::validate_claims).
    pub fn validators(&self) -> Vec<Validator> {
        match &*self.0 {
            Node::Anybody | Node::When(_) => Vec::new(),
            Node::Claim(validator) => vec![validator.clone()],
            Node::All(one, other) | Node::Any(one, other) => {
                let mut all = one.validators();
                all.extend(other.validators());
                all
            }
            Node::Not(one) => one.validators(),
        }
    }

    fn node(node: Node) -> Self {
        Self(Arc::new(node))
    }
}

impl Default for Require {
    /// A session is enough.
    fn default() -> Self {
        Self::session()
    }
}

/// Two are equal when one is a clone of the other: what they ask for is not compared.
///
/// ```
/// use supertokens_session::claims::Require;
///
/// let require = Require::role("admin");
/// assert_eq!(require, require.clone());
/// assert_ne!(require, Require::role("admin"));
/// ```
impl PartialEq for Require {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for Require {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Node::Anybody => f.write_str("session"),
            Node::Claim(validator) => write!(f, "claim({})", validator.id()),
            Node::When(_) => f.write_str("when(..)"),
            Node::All(one, other) => write!(f, "({one:?} and {other:?})"),
            Node::Any(one, other) => write!(f, "({one:?} or {other:?})"),
            Node::Not(one) => write!(f, "not {one:?}"),
        }
    }
}

/// Why somebody who is signed in may not see something. It can be sent, logged on request, and shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Denied {
    /// Each failed check, by the id of its validator; `when` and `not` for those without one.
    pub reasons: Vec<ClaimError>,
    /// The page on which the user can mend the first of them that has one.
    pub redirect: Option<String>,
}

impl Denied {
    fn with(mut self, other: Self) -> Self {
        self.reasons.extend(other.reasons);
        self.redirect = self.redirect.or(other.redirect);
        self
    }
}
