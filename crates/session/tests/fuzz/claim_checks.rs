//! Any script can write the payload: any JSON is checked without a panic, and with the outcome of a naive reader.

use std::time::Duration;

use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Map, Value, json};
use supertokens_session::claims::{
    BooleanClaim, ClaimCheck, ClaimValidator, Denied, FactorCheck, PrimitiveArrayClaim, PrimitiveClaim,
    Require, all_factors, any_factor, email_verified, factor, multi_factor, permissions, roles,
};

use crate::text::json;

const KEYS: [&str; 5] = ["st-role", "st-perm", "st-ev", "st-mfa", "plan"];
const WORDS: [&str; 4] = ["admin", "reader", "pro", ""];

fn word() -> impl Strategy<Value = String> {
    select(&WORDS[..]).prop_map(str::to_owned)
}

/// A claim's value: mostly of the kinds that claims have.
fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => vec(word(), 0..4).prop_map(Value::from),
        2 => any::<bool>().prop_map(Value::from),
        2 => word().prop_map(Value::from),
        1 => any::<i32>().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        2 => json(),
    ]
}

/// Around now, where limits lie, or anywhere.
fn time() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => (-20_000..20_000_i64).prop_map(|age| json!(NOW_MS - age)),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<u64>().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        2 => json(),
    ]
}

fn claim() -> impl Strategy<Value = Value> {
    prop_oneof![
        6 => (value(), time()).prop_map(|(v, t)| json!({ "v": v, "t": t })),
        2 => (value(), value()).prop_map(|(v, c)| json!({ "v": v, "c": { "totp": c } })),
        1 => value().prop_map(|v| json!({ "v": v })),
        1 => json(),
    ]
}

fn payload() -> impl Strategy<Value = Value> {
    let good = vec((select(&KEYS[..]), claim()), 0..6).prop_map(|claims| {
        Value::Object(claims.into_iter().map(|(key, claim)| (key.to_owned(), claim)).collect::<Map<_, _>>())
    });
    prop_oneof![6 => good, 1 => json()]
}

const NOW_MS: i64 = 1_700_000_000_000;

/// A check of a claim, written independently of the code under test.
#[derive(Debug, Clone)]
enum Asked {
    Is(String),
    Flag(bool),
    Includes(String),
    Excludes(String),
    All(Vec<String>),
    Any(Vec<String>),
    None(Vec<String>),
}

fn asked() -> impl Strategy<Value = Asked> {
    let words = || vec(word(), 0..3);
    prop_oneof![
        word().prop_map(Asked::Is),
        any::<bool>().prop_map(Asked::Flag),
        word().prop_map(Asked::Includes),
        word().prop_map(Asked::Excludes),
        words().prop_map(Asked::All),
        words().prop_map(Asked::Any),
        words().prop_map(Asked::None),
    ]
}

impl Asked {
    fn check(&self, key: &'static str) -> ClaimCheck {
        let list = PrimitiveArrayClaim::<String>::new(key);
        match self.clone() {
            Self::Is(word) => PrimitiveClaim::new(key).has_value(word),
            Self::Flag(true) => BooleanClaim::new(key).is_true(),
            Self::Flag(false) => BooleanClaim::new(key).is_false(),
            Self::Includes(word) => list.includes(word),
            Self::Excludes(word) => list.excludes(word),
            Self::All(words) => list.includes_all(words),
            Self::Any(words) => list.includes_any(words),
            Self::None(words) => list.excludes_all(words),
        }
    }

    /// Whether a value passes the check; `None` if it counts as absent.
    fn holds(&self, value: &Value) -> Option<bool> {
        if value.is_null() {
            return None;
        }
        let count = |words: &[String]| -> Option<usize> {
            let list = value.as_array()?;
            Some(words.iter().filter(|word| list.iter().any(|one| one.as_str() == Some(word))).count())
        };
        match self {
            Self::Is(word) => Some(value.as_str() == Some(word)),
            Self::Flag(flag) => Some(value.as_bool() == Some(*flag)),
            Self::Includes(word) => Some(count(std::slice::from_ref(word))? == 1),
            Self::Excludes(word) => Some(count(std::slice::from_ref(word))? == 0),
            Self::All(words) => Some(count(words)? == words.len()),
            Self::Any(words) => Some(count(words)? > 0),
            Self::None(words) => Some(count(words)? == 0),
        }
    }
}

/// The claim's value as a JavaScript frontend would read it: `None` if the claim is no object.
fn field<'a>(payload: &'a Value, key: &str, field: &str) -> &'a Value {
    &payload[key][field]
}

/// Whether a claim is older than this number of milliseconds.
fn is_older(payload: &Value, key: &str, limit_ms: i64, now_ms: i64) -> bool {
    let time = field(payload, key, "t");
    match (time.as_i64(), time.as_f64()) {
        (Some(time), _) => i128::from(now_ms) - i128::from(time) > i128::from(limit_ms),
        (None, Some(time)) => i128::from(now_ms) - (time as i64 as i128) > i128::from(limit_ms),
        (None, None) => true,
    }
}

fn message(outcome: &Result<(), Value>) -> Option<&str> {
    outcome.as_ref().err().map(|reason| reason["message"].as_str().unwrap_or("no message"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_payload_is_checked_as_a_naive_reader_checks_it(
        payload in payload(),
        asked in asked(),
        key in select(&KEYS[..]),
        max_age_s in proptest::option::of(0..20_u32),
        now_ms in prop_oneof![8 => Just(NOW_MS), 1 => any::<i64>()],
    ) {
        let check = asked.check(key);
        let check = match max_age_s {
            Some(seconds) => check.max_age(Duration::from_secs(seconds.into())),
            None => check,
        };
        let holds = asked.holds(field(&payload, key, "v"));
        let is_old = max_age_s.is_some_and(|s| is_older(&payload, key, i64::from(s.max(7)) * 1000, now_ms));
        let expected = match holds {
            None => Some("value does not exist"),
            Some(_) if is_old => Some("expired"),
            Some(true) => None,
            Some(false) => Some("wrong value"),
        };
        let outcome = check.validate(&payload, now_ms);
        prop_assert_eq!(message(&outcome), expected, "{:?} of {}", asked, payload);
        prop_assert_eq!(check.should_refresh(&payload, now_ms), holds.is_none() || is_old);
        if let Err(reason) = outcome {
            let has_actual = reason.get("actualValue").is_some();
            prop_assert_eq!(has_actual, expected == Some("wrong value"), "{}", reason);
        }
    }

    #[test]
    fn any_payload_is_read_by_the_recipes_claims(payload in payload(), now_ms: i64) {
        let email = email_verified();
        let is_verified = field(&payload, "st-ev", "v") == &json!(true);
        prop_assert_eq!(email.validate(&payload, now_ms).is_ok(), is_verified);
        if is_verified {
            prop_assert!(!email.should_refresh(&payload, now_ms));
        }
        let is_claim = payload["st-mfa"].is_object();
        let has_totp = !payload["st-mfa"]["c"]["totp"].is_null();
        let expected: [(FactorCheck, bool); 4] = [
            (multi_factor(), payload["st-mfa"]["v"] == json!(true)),
            (factor("totp"), has_totp),
            (any_factor(["totp", "otp-email"]), has_totp),
            (all_factors(["totp"]), has_totp),
        ];
        for (check, holds) in expected {
            prop_assert_eq!(check.validate(&payload, now_ms).is_ok(), is_claim && holds, "{:?} {}", check, payload);
            prop_assert_eq!(check.should_refresh(&payload, now_ms), !is_claim);
        }
        let _ = (roles().value(&payload), permissions().fetched_at(&payload));
    }
}

/// A requirement, written independently of the code under test.
#[derive(Debug, Clone)]
enum Node {
    Session,
    Role(String),
    AnyRole(Vec<String>),
    AllRoles(Vec<String>),
    Permission(String),
    Plan(String),
    IsObject,
    And(Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
    Not(Box<Node>),
}

fn node() -> impl Strategy<Value = Node> {
    let leaf = prop_oneof![
        Just(Node::Session),
        word().prop_map(Node::Role),
        vec(word(), 0..3).prop_map(Node::AnyRole),
        vec(word(), 0..3).prop_map(Node::AllRoles),
        word().prop_map(Node::Permission),
        word().prop_map(Node::Plan),
        Just(Node::IsObject),
    ];
    leaf.prop_recursive(5, 24, 2, |inner| {
        let boxed = || inner.clone().prop_map(Box::new);
        prop_oneof![
            (boxed(), boxed()).prop_map(|(one, other)| Node::And(one, other)),
            (boxed(), boxed()).prop_map(|(one, other)| Node::Or(one, other)),
            boxed().prop_map(Node::Not),
        ]
    })
}

/// A denial holds its reason as JSON text, and serde_json may change the last bit of a fraction when it parses it.
fn without_fractions(value: Value) -> Value {
    match value {
        Value::Number(number) if number.is_f64() => json!(number.as_f64().unwrap() as i64),
        Value::Array(values) => values.into_iter().map(without_fractions).collect(),
        Value::Object(fields) => {
            fields.into_iter().map(|(name, value)| (name, without_fractions(value))).collect()
        }
        other => other,
    }
}

impl Node {
    fn require(&self) -> Require {
        match self.clone() {
            Self::Session => Require::session(),
            Self::Role(role) => Require::role(role),
            Self::AnyRole(any) => Require::any_role(any),
            Self::AllRoles(all) => Require::all_roles(all),
            Self::Permission(permission) => Require::permission(permission),
            Self::Plan(plan) => Require::claim(PrimitiveClaim::new("plan").has_value(plan)),
            Self::IsObject => Require::when(Value::is_object),
            Self::And(one, other) => one.require().and(other.require()),
            Self::Or(one, other) => one.require().or(other.require()),
            Self::Not(one) => one.require().not(),
        }
    }

    fn holds(&self, payload: &Value) -> bool {
        let has = |key: &str, word: &String| {
            let list = field(payload, key, "v").as_array();
            list.is_some_and(|list| list.contains(&json!(word)))
        };
        let is_list = |key: &str| field(payload, key, "v").is_array();
        match self {
            Self::Session => true,
            Self::Role(role) => has("st-role", role),
            Self::AnyRole(any) => any.iter().any(|role| has("st-role", role)),
            Self::AllRoles(all) => is_list("st-role") && all.iter().all(|role| has("st-role", role)),
            Self::Permission(permission) => has("st-perm", permission),
            Self::Plan(plan) => field(payload, "plan", "v") == &json!(plan),
            Self::IsObject => payload.is_object(),
            Self::And(one, other) => one.holds(payload) && other.holds(payload),
            Self::Or(one, other) => one.holds(payload) || other.holds(payload),
            Self::Not(one) => !one.holds(payload),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_requirement_of_any_payload_is_decided_as_written(
        node in node(), payload in payload().prop_map(without_fractions), now_ms: i64
    ) {
        let require = node.require();
        let outcome = require.check(&payload, now_ms);
        prop_assert_eq!(outcome.is_ok(), node.holds(&payload), "{:?} of {}", node, payload);
        if let Err(denied) = outcome {
            prop_assert!(!denied.reasons.is_empty(), "who is denied learns why");
            let sent = serde_json::to_value(&denied).unwrap();
            prop_assert_eq!(serde_json::from_value::<Denied>(sent).unwrap(), denied);
        }
    }

    #[test]
    fn every_denial_can_be_parsed_again(
        reason in json().prop_map(without_fractions), id: String, redirect: Option<String>
    ) {
        let denied = json!({ "reasons": [{ "id": id, "reason": reason }], "redirect": redirect });
        let read: Denied = serde_json::from_value(denied.clone()).unwrap();
        prop_assert_eq!(serde_json::to_value(&read).unwrap(), denied);
    }
}
