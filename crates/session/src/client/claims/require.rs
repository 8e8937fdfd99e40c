use std::{any::Any, fmt, sync::Arc};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{ClaimValidator, Validator, permissions, roles};
use crate::{event::ClaimError, token::FrontToken};

/// A requirement: who may see a view. Guards and app code share it.
///
/// It only controls display: your API must not send data that a user may not read.
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
/// assert_eq!(denied.reasons[0].reason()["expectedToInclude"], "admin");
/// ```
#[derive(Clone)]
pub struct Require(Arc<dyn Rule + Send + Sync>);

impl Require {
    /// The user has a session.
    pub fn session() -> Self {
        Self::of(AnySession)
    }

    /// The user has this role.
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

    /// The user's roles include this permission.
    pub fn permission(permission: impl Into<String>) -> Self {
        Self::claim(permissions().includes(permission.into()))
    }

    /// The validator accepts the payload.
    pub fn claim(validator: impl Into<Validator>) -> Self {
        Self::of(validator.into())
    }

    /// The function returns true for the payload. It must not panic.
    pub fn when(condition: impl Fn(&Value) -> bool + Send + Sync + 'static) -> Self {
        Self::of(When(condition))
    }

    /// Both requirements hold.
    pub fn and(self, other: Self) -> Self {
        Self::of(All(self, other))
    }

    /// At least one requirement holds.
    pub fn or(self, other: Self) -> Self {
        Self::of(Either(self, other))
    }

    /// The requirement does not hold. An absent claim does not hold, so its negation holds.
    #[allow(clippy::should_implement_trait, reason = "`!require` would read worse beside `and` and `or`")]
    pub fn not(self) -> Self {
        Self::of(Not(self))
    }

    /// Whether the requirement holds for a payload. `now_ms` is the server's time.
    ///
    /// # Errors
    /// [`Denied`] with the reasons.
    pub fn check(&self, payload: &Value, now_ms: i64) -> Result<(), Denied> {
        self.check_token(&FrontToken::with_payload(payload.clone()), now_ms)
    }

    /// Like [`check`](Self::check). Requirements that read no payload don't parse it.
    #[doc(hidden)]
    pub fn check_token(&self, front: &FrontToken, now_ms: i64) -> Result<(), Denied> {
        self.0.check(front, now_ms)
    }

    /// Whether a claim is due that the client can fetch.
    #[doc(hidden)]
    pub fn is_due(&self, front: &FrontToken, now_ms: i64) -> bool {
        self.0.is_due(front, now_ms)
    }

    /// All validators in it, for [`validate_claims`](crate::SessionClient::validate_claims).
    pub fn validators(&self) -> Vec<Validator> {
        self.0.validators()
    }

    fn of(rule: impl Rule + Send + Sync + 'static) -> Self {
        Self(Arc::new(rule))
    }
}

impl Default for Require {
    /// The user has a session.
    fn default() -> Self {
        Self::session()
    }
}

/// Clones are equal, and so are two requirements with equal content. Functions of the app have no content to compare.
///
/// ```
/// use supertokens_session::claims::Require;
///
/// assert_eq!(Require::role("admin"), Require::role("admin"));
/// assert_ne!(Require::role("admin"), Require::role("editor"));
///
/// let pro = || Require::when(|payload| payload["plan"] == "pro");
/// assert_ne!(pro(), pro());
/// ```
impl PartialEq for Require {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.equals(&*other.0)
    }
}

impl fmt::Debug for Require {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.write(f)
    }
}

/// A part of a requirement. A trait and not an enum, so that an app's module contains only the parts that it uses.
trait Rule: Any {
    /// Whether the content of both is equal.
    fn equals(&self, other: &dyn Rule) -> bool {
        let _ = other;
        false
    }

    fn check(&self, front: &FrontToken, now_ms: i64) -> Result<(), Denied>;

    /// Whether a claim is due that the client can fetch.
    fn is_due(&self, front: &FrontToken, now_ms: i64) -> bool {
        let _ = (front, now_ms);
        false
    }

    fn validators(&self) -> Vec<Validator> {
        Vec::new()
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;
}

struct AnySession;

impl Rule for AnySession {
    fn equals(&self, other: &dyn Rule) -> bool {
        (other as &dyn Any).is::<Self>()
    }

    fn check(&self, _: &FrontToken, _: i64) -> Result<(), Denied> {
        Ok(())
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("session")
    }
}

impl Rule for Validator {
    fn equals(&self, other: &dyn Rule) -> bool {
        (other as &dyn Any).downcast_ref().is_some_and(|other: &Self| self.is_same(other))
    }

    fn check(&self, front: &FrontToken, now_ms: i64) -> Result<(), Denied> {
        self.validate(front.payload(), now_ms).map_err(|reason| Denied {
            reasons: vec![ClaimError::new(self.id(), &reason)],
            redirect: self.redirect(front.payload()).map(str::to_owned),
        })
    }

    fn is_due(&self, front: &FrontToken, now_ms: i64) -> bool {
        self.refresh().is_some() && self.should_refresh(front.payload(), now_ms)
    }

    fn validators(&self) -> Vec<Validator> {
        vec![self.clone()]
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "claim({})", self.id())
    }
}

struct When<F>(F);

impl<F: Fn(&Value) -> bool + 'static> Rule for When<F> {
    fn check(&self, front: &FrontToken, _: i64) -> Result<(), Denied> {
        if (self.0)(front.payload()) {
            Ok(())
        } else {
            Err(Denied::of("when", "the condition does not hold"))
        }
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("when(..)")
    }
}

#[derive(PartialEq)]
struct All(Require, Require);

impl Rule for All {
    fn equals(&self, other: &dyn Rule) -> bool {
        (other as &dyn Any).downcast_ref() == Some(self)
    }

    fn check(&self, front: &FrontToken, now_ms: i64) -> Result<(), Denied> {
        match (self.0.check_token(front, now_ms), self.1.check_token(front, now_ms)) {
            (Ok(()), outcome) | (outcome, Ok(())) => outcome,
            (Err(one), Err(other)) => Err(one.with(other)),
        }
    }

    fn is_due(&self, front: &FrontToken, now_ms: i64) -> bool {
        self.0.is_due(front, now_ms) || self.1.is_due(front, now_ms)
    }

    fn validators(&self) -> Vec<Validator> {
        both(&self.0, &self.1)
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({:?} and {:?})", self.0, self.1)
    }
}

#[derive(PartialEq)]
struct Either(Require, Require);

impl Rule for Either {
    fn equals(&self, other: &dyn Rule) -> bool {
        (other as &dyn Any).downcast_ref() == Some(self)
    }

    fn check(&self, front: &FrontToken, now_ms: i64) -> Result<(), Denied> {
        let one = self.0.check_token(front, now_ms);
        one.or_else(|one| self.1.check_token(front, now_ms).map_err(|other| one.with(other)))
    }

    fn is_due(&self, front: &FrontToken, now_ms: i64) -> bool {
        self.0.is_due(front, now_ms) || self.1.is_due(front, now_ms)
    }

    fn validators(&self) -> Vec<Validator> {
        both(&self.0, &self.1)
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({:?} or {:?})", self.0, self.1)
    }
}

#[derive(PartialEq)]
struct Not(Require);

impl Rule for Not {
    fn equals(&self, other: &dyn Rule) -> bool {
        (other as &dyn Any).downcast_ref() == Some(self)
    }

    fn check(&self, front: &FrontToken, now_ms: i64) -> Result<(), Denied> {
        match self.0.check_token(front, now_ms) {
            Ok(()) => Err(Denied::of("not", "the negated requirement holds")),
            Err(_) => Ok(()),
        }
    }

    fn is_due(&self, front: &FrontToken, now_ms: i64) -> bool {
        self.0.is_due(front, now_ms)
    }

    fn validators(&self) -> Vec<Validator> {
        self.0.validators()
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not {:?}", self.0)
    }
}

fn both(one: &Require, other: &Require) -> Vec<Validator> {
    let mut all = one.validators();
    all.extend(other.validators());
    all
}

/// Why a signed-in user may not see a view. It can be serialized and shown. It may contain personal data: log it only
/// on request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Denied {
    /// Each failed check, with its validator's id; `when` and `not` for checks without an id.
    pub reasons: Vec<ClaimError>,
    /// The page on which the user can fix the first failed check that has one.
    pub redirect: Option<String>,
}

impl Denied {
    fn of(id: &str, message: &str) -> Self {
        let reason = json!({ "message": message });
        Self { reasons: vec![ClaimError::new(id, &reason)], redirect: None }
    }

    fn with(mut self, other: Self) -> Self {
        self.reasons.extend(other.reasons);
        self.redirect = self.redirect.or(other.redirect);
        self
    }
}
