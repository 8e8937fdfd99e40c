//! JSON that a browser reads is read here too, with the same values.

use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::{Value, json};
use supertokens_session::{FrontToken, SessionError, SessionEvent};

use crate::sim::{Fault, Reply, SIGN_IN, World, pass, run_current};

const MARK: &str = "\u{feff}";

fn nested(depth: usize) -> String {
    format!("{}1{}", "[".repeat(depth), "]".repeat(depth))
}

fn payload(json: &str) -> Value {
    let text = BASE64_STANDARD.encode(format!(r#"{{"uid":"u","ate":1,"up":{{"x":{json}}}}}"#));
    FrontToken::decode(&text).unwrap_or_else(|error| panic!("{json}: {error}")).payload()["x"].clone()
}

#[test]
fn a_payload_has_the_values_that_json_parse_gives() {
    for (json, value) in [
        ("1", json!(1)),
        ("1.0", json!(1)),
        ("1e0", json!(1)),
        ("-0", json!(0)),
        ("-0.0", json!(0)),
        ("0E5", json!(0)),
        ("1.5", json!(1.5)),
        ("1700000000000.0", json!(1_700_000_000_000_i64)),
        ("1.7e12", json!(1_700_000_000_000_i64)),
        ("900719925474099.0", json!(900_719_925_474_099_i64)),
        ("9223372036854775807", json!(i64::MAX)),
        ("18446744073709551616", json!(18_446_744_073_709_551_616.0)),
        ("1e-999", json!(0)),
        (r#""\ud83d\ude00""#, json!("😀")),
        (r#""\ud800""#, json!("\u{fffd}")),
        (r#""\uDC00x""#, json!("\u{fffd}x")),
        (r#""\udc00\ud800""#, json!("\u{fffd}\u{fffd}")),
        (r#""\ud800\ud83d\ude00""#, json!("\u{fffd}😀")),
        (r#""\ud800\\ud800""#, json!("\u{fffd}\\ud800")),
        (r#""\\ud800""#, json!("\\ud800")),
        (r#""\ud800 [1e999""#, json!("\u{fffd} [1e999")),
        (r#"{"\ud800":[{"\udfff":1e999}]}"#, json!({ "\u{fffd}": [{ "\u{fffd}": largest() }] })),
        (r#"{"a":1,"b":2,"a":3}"#, json!({ "a": 3, "b": 2 })),
        (r#"{"":{"__proto__":1}}"#, json!({ "": { "__proto__": 1 } })),
        (" \t\r\n[ 1 ,\n2 ] ", json!([1, 2])),
        ("1e999", largest()),
        ("-1e999", json!(-largest().as_f64().unwrap())),
        ("[1E+400,1]", json!([largest(), 1])),
        (&format!("1{}", "0".repeat(400)), largest()),
        (&format!("1{}.0e-400", "0".repeat(400)), json!(1)),
    ] {
        assert_eq!(payload(json), value, "{json}");
    }
}

/// Stands for JavaScript's infinity, which `serde_json` does not have.
fn largest() -> Value {
    let largest = payload("1e999");
    assert!(largest.as_f64().unwrap() > 1e308);
    largest
}

#[test]
fn json_that_json_parse_rejects_is_no_front_token() {
    for json in [
        "01",
        "1.",
        ".5",
        "+1",
        "1e",
        "-",
        "0x1",
        "NaN",
        "Infinity",
        "01e999",
        "1e999.5",
        "[1e999,]",
        "1e999 1",
        "'a'",
        "\"\t\"",
        r#""\x""#,
        r#""\ud80""#,
        r#""\ud800"#,
        r#""\ud800\u""#,
        r#"{"a":"\ud800",}"#,
        "\u{feff}1",
        "\u{a0}1",
        &"[".repeat(200),
        &format!("{}}}", nested(200)),
    ] {
        let text = BASE64_STANDARD.encode(format!(r#"{{"uid":"u","ate":1,"up":{{"x":{json}}}}}"#));
        assert!(FrontToken::decode(&text).is_err(), "{json}");
    }
}

#[test]
fn a_deep_payload_is_read_to_127_levels() {
    for depth in [1, 100, 125, 126, 127, 200, 5_000, 20_000] {
        let (mut value, mut levels) = (payload(&nested(depth)), 1);
        while let Some(inner) = value.get_mut(0) {
            value = inner.take();
            levels += 1;
        }
        let is_whole = depth <= 126;
        assert_eq!((levels, value), if is_whole { (depth + 1, json!(1)) } else { (127, json!(null)) });
    }
    let many = format!(r#"[{},"a",{{"b":[{}]}}]"#, nested(300), nested(300));
    assert_eq!((&payload(&many)[1], payload(&many)[2]["b"].is_array()), (&json!("a"), true));
}

/// Signs in with a front token of this JSON.
async fn sign_in_with(world: &World, ate: &str, up: &str) {
    let front =
        format!(r#"{{"uid":"ann","ate":{ate},"up":{{"sub":"ann","sessionHandle":"handle-0",{up}}}}}"#);
    world.server.fail_once(SIGN_IN, Fault::Replaced("front-token", BASE64_STANDARD.encode(&front)));
    let tab = world.tab();
    tab.sign_in("ann").await;
    assert_eq!(tab.status("/orders").await, 200, "{front:.120}");
    assert_eq!(tab.user().await.as_deref(), Some("ann"));
}

#[test]
fn a_user_signs_in_with_the_json_of_any_backend() {
    for up in [
        r#""x":"\ud800""#.to_owned(),
        r#""x":1e999"#.to_owned(),
        r#""x":-0"#.to_owned(),
        r#""sub":"bob","sub":"ann""#.to_owned(),
        format!(r#""x":{}"#, nested(200)),
        format!(r#""x":{}"#, nested(10_000)),
    ] {
        run_current(async |world| {
            let (ate, iat) = (world.now_ms() + 60_000, world.now_ms() / 1000);
            sign_in_with(world, &ate.to_string(), &format!(r#""iat":{iat},{up}"#)).await;
        });
    }
}

#[test]
fn times_are_read_in_every_notation() {
    let writers: [fn(f64) -> String; 6] = [
        |time| format!("{time:.0}"),
        |time| format!("{time:.1}"),
        |time| format!("{time:e}"),
        |time| format!("{time:.0}e0"),
        |time| format!("{:.3}E+3", time / 1000.0),
        |time| format!("{:.6}", time + 0.25),
    ];
    for write in writers {
        run_current(async |world| {
            let (ate, iat) = ((world.now_ms() + 60_000) as f64, (world.now_ms() / 1000) as f64);
            sign_in_with(world, &write(ate), &format!(r#""iat":{}"#, write(iat))).await;
            assert_eq!(world.server.refreshes(), 1, "the one of the first visit");
            // The time is used: the client refreshes before the request, which needs no retry.
            pass(61_000).await;
            assert_eq!(world.tab().status("/orders").await, 200);
            assert_eq!((world.server.refreshes(), world.server.count("/orders")), (2, 2));
        });
    }
}

#[test]
fn times_are_rounded_down_and_stay_in_range() {
    // A date outside the range of clocks is ignored.
    for (time, ate, issued) in [
        ("1.5", 1, Some(1_500)),
        ("-1.5", -2, Some(-1_500)),
        ("1700000000.9999", 1_700_000_000, Some(1_700_000_000_999)),
        ("-0", 0, Some(0)),
        ("1e15", 1_000_000_000_000_000, Some(1_000_000_000_000_000_000)),
        ("1e30", i64::MAX, None),
        ("-1e30", i64::MIN, None),
        ("1e999", i64::MAX, None),
        ("-1e999", i64::MIN, None),
        ("9223372036854775807", i64::MAX, None),
    ] {
        let json = format!(r#"{{"uid":"u","ate":{time},"up":{{"iat":{time}}}}}"#);
        let token = FrontToken::decode(&BASE64_STANDARD.encode(json)).unwrap();
        assert_eq!((token.expires_at_ms(), token.issued_at_ms()), (ate, issued), "{time}");
    }
}

#[test]
fn a_front_token_is_base64_as_atob_reads_it() {
    let whole = BASE64_STANDARD.encode(r#"{"uid":"u","ate":1,"up":{"abc":1}}"#);
    assert!(whole.ends_with("=="));
    for text in [whole.trim_end_matches('=').to_owned(), format!(" {whole}\n"), whole.replace('=', " =")] {
        assert_eq!(FrontToken::decode(&text).unwrap().user_id(), "u", "{text:?}");
    }
}

#[test]
fn a_byte_order_mark_before_a_body_is_ignored() {
    run_current(async |world| {
        let tab = world.signed_in("ann").await;
        world.server.route("/public/x", Reply::new(200, format!("{MARK}{{\"id\":7}}")));
        assert_eq!(tab.get("/public/x").await.unwrap().json::<Value>().await, Ok(json!({ "id": 7 })));
        assert_eq!(tab.get("/public/x").await.unwrap().text().await.as_deref(), Ok(r#"{"id":7}"#));
        let bytes = tab.get("/public/x").await.unwrap().bytes().await.unwrap();
        assert!(bytes.starts_with(MARK.as_bytes()));
        // A second byte order mark is an ordinary character.
        world.server.route("/public/x", Reply::new(200, format!("{MARK}{MARK}1")));
        assert_eq!(tab.get("/public/x").await.unwrap().text().await.unwrap(), format!("{MARK}1"));
        assert!(tab.get("/public/x").await.unwrap().json::<Value>().await.is_err());
    });
}

#[test]
fn a_body_that_serde_json_rejects_is_read_as_browsers_read_it() {
    run_current(async |world| {
        let tab = world.signed_in("ann").await;
        let body = format!(r#"{{"name":"\ud800","n":1e999,"deep":{}}}"#, nested(300));
        world.server.route("/public/x", Reply::new(200, body));
        let read = tab.get("/public/x").await.unwrap().json::<Value>().await.unwrap();
        assert_eq!(
            (&read["name"], read["n"].is_f64(), read["deep"].is_array()),
            (&json!("\u{fffd}"), true, true)
        );
        // A type of the app may omit fields that it does not need.
        #[derive(serde::Deserialize)]
        struct Named {
            name: String,
        }
        let named = tab.get("/public/x").await.unwrap().json::<Named>().await.unwrap();
        assert_eq!(named.name, "\u{fffd}");
    });
}

#[test]
fn claims_and_messages_are_read_from_any_body_that_a_browser_reads() {
    let deep = nested(300);
    for (before, more) in
        [(MARK, ""), ("", r#","x":"\ud800""#), ("", r#","x":1e999"#), ("", &format!(r#","x":{deep}"#))]
    {
        run_current(async |world| {
            let tab = world.signed_in("ann").await;
            let body = format!(
                r#"{before}{{"message":"x","claimValidationErrors":[{{"id":"st-role"{more}}}]{more}}}"#
            );
            world.server.route("/admin", Reply::new(403, body));
            tab.get("/admin").await.unwrap();
            let events = tab.events();
            assert!(
                matches!(&events[..], [SessionEvent::ApiInvalidClaim { errors }] if errors[0].id == "st-role"),
                "{before:?} {more:.20}: {events:?}"
            );
            let body = format!(r#"{before}{{"status":"GENERAL_ERROR","message":"not now"{more}}}"#);
            world.server.route("/auth/signout", Reply::new(200, body));
            let outcome = tab.client.sign_out().await;
            assert_eq!(outcome, Err(SessionError::General { message: "not now".into() }));
            assert_eq!(tab.user().await.as_deref(), Some("ann"));
        });
    }
}
