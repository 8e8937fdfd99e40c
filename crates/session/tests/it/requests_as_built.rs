//! A request is sent as the caller has built it.

use std::{collections::HashMap, time::Duration};

use serde_json::json;
use supertokens_session::{
    SessionError,
    platform::{Credentials, Method, TransportError},
};

use crate::sim::{API, Exchange, Reply, SIGN_IN, World, run};

fn last(world: &World) -> Exchange {
    world.server.exchanges().pop().unwrap()
}

#[test]
fn each_method_is_sent_unchanged() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        let client = &tab.client;
        let by_name = [
            (client.get("/x"), "GET"),
            (client.post("/x"), "POST"),
            (client.put("/x"), "PUT"),
            (client.patch("/x"), "PATCH"),
            (client.delete("/x"), "DELETE"),
            (client.request(Method::Head, "/x"), "HEAD"),
            (client.request(Method::Options, "/x"), "OPTIONS"),
            (client.request(Method::from_name("PROPFIND").unwrap(), "/x"), "PROPFIND"),
        ];
        for (request, name) in by_name {
            assert_eq!(request.send().await.unwrap().status(), 200);
            assert_eq!(last(world).method, name);
        }
    });
}

#[test]
fn each_method_is_retried_after_a_refresh() {
    for method in [Method::Get, Method::Head, Method::Put, Method::Patch, Method::Delete, Method::Options] {
        run(async |world| {
            let tab = world.signed_in("ann").await;
            world.server.expire_access_tokens();
            assert_eq!(tab.client.request(method, "/x").send().await.unwrap().status(), 200);
            let sent = world.server.requests("/x");
            let methods: Vec<_> = sent.iter().map(|request| &*request.method).collect();
            assert_eq!(methods, [method.as_str(); 2]);
        });
    }
}

/// The names whose case browsers ignore, and no others.
#[test]
fn a_method_is_read_as_fetch_reads_it() {
    for (name, method) in [("get", Method::Get), ("oPTIONS", Method::Options), ("PATCH", Method::Patch)] {
        assert_eq!(Method::from_name(name), Some(method));
    }
    assert_eq!(Method::from_name("patch").unwrap().as_str(), "patch");
    assert_eq!(Method::from_name(&"A".repeat(24)).unwrap().as_str(), "A".repeat(24));
    for bad in ["", " GET", "GET ", "G T", "GÉT", "A\0", &"A".repeat(25)] {
        assert_eq!(Method::from_name(bad), None, "{bad:?}");
    }
}

#[test]
fn a_query_is_encoded_and_precedes_the_fragment() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        for (url, query, sent) in [
            ("/x", vec![("q", "a b&c=ü/?#")], "/x?q=a+b%26c%3D%C3%BC%2F%3F%23"),
            ("/x?p=1", vec![("a", "1"), ("a", "2")], "/x?p=1&a=1&a=2"),
            ("/x#top", vec![("a", "")], "/x?a=#top"),
            ("/x?p#top?no", vec![("a b", "1")], "/x?p&a+b=1#top?no"),
            ("/x", vec![], "/x"),
        ] {
            tab.client.get(url).query(&query).send().await.unwrap();
            assert_eq!(last(world).url, format!("{API}{sent}"));
        }
    });
}

#[test]
fn a_query_accepts_pairs_maps_and_structs() {
    #[derive(serde::Serialize)]
    struct Filter<'a> {
        status: &'a str,
        page: Option<u32>,
        limit: Option<u32>,
    }
    run(async |world| {
        let tab = world.signed_in("ann").await;
        let get = || tab.client.get("/x");
        let filter = Filter { status: "open", page: Some(2), limit: None };
        for (request, sent) in [
            (get().query(&[("a", "b")]), "/x?a=b"),
            (get().query(&[("a".to_owned(), "b".to_owned())]), "/x?a=b"),
            (get().query(&[("page", 2)]), "/x?page=2"),
            (get().query(&HashMap::from([("a", true)])), "/x?a=true"),
            (get().query(&filter).query(&[("a", "b")]), "/x?status=open&page=2&a=b"),
        ] {
            request.send().await.unwrap();
            assert_eq!(last(world).url, format!("{API}{sent}"));
        }
        let error = get().query(&[("a", vec![1])]).send().await.unwrap_err();
        assert_eq!(error, SessionError::SerializeQuery);
    });
}

#[test]
fn json_sets_its_content_type_unless_one_is_set() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        tab.client.post("/x").json(&json!({ "a": [1] })).send().await.unwrap();
        let sent = last(world);
        assert_eq!(sent.header("content-type"), Some("application/json"));
        assert_eq!(sent.body, br#"{"a":[1]}"#);

        let own = tab.client.post("/x").header("Content-Type", "application/vnd.api+json");
        own.json(&json!(null)).send().await.unwrap();
        assert_eq!(last(world).header("content-type"), Some("application/vnd.api+json"));
    });
}

#[test]
fn json_that_cannot_be_serialized_is_an_error() {
    run(async |world| {
        let tab = world.tab();
        let no_keys = HashMap::from([(vec![1], 1)]);
        let error = tab.client.post("/x").json(&no_keys).header("x", "y").send().await.unwrap_err();
        assert_eq!(error, SessionError::SerializeBody);
        assert!(world.server.requests("/x").is_empty());
    });
}

#[test]
fn a_body_of_a_get_request_is_an_error() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        let error = tab.client.get("/x").body("b").send().await.unwrap_err();
        assert_eq!(error, SessionError::Network(TransportError::Unsendable));
    });
}

#[test]
fn headers_replace_those_of_the_same_name() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        tab.client.get("/x").header("X-A", "1").header("x-a", "2").send().await.unwrap();
        let sent = last(world);
        assert_eq!(sent.headers.iter().filter(|(name, _)| name == "x-a").count(), 1);
        assert_eq!(sent.header("x-a"), Some("2"));
    });
}

#[test]
fn the_callers_credentials_take_precedence() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        tab.get("/public/x").await.unwrap();
        assert_eq!(last(world).credentials, Some(Credentials::Include));
        for chosen in [Credentials::Omit, Credentials::SameOrigin, Credentials::Include] {
            tab.client.get("/public/x").credentials(chosen).send().await.unwrap();
            assert_eq!(last(world).credentials, Some(chosen));
        }
    });
    run(async |world| {
        let tab = world.tab_with(|settings| settings.auto_add_credentials(false));
        tab.get("/public/x").await.unwrap();
        assert_eq!(last(world).credentials, None);
        // A refresh without its cookies could only end the session.
        let refresh = world.server.requests(crate::sim::REFRESH).pop().unwrap();
        assert_eq!(refresh.credentials, Some(Credentials::Include));
    });
}

#[test]
fn the_refresh_call_has_the_headers_of_the_protocol_and_the_apps() {
    run(async |world| {
        let tab = world.tab_with(|settings| settings.refresh_api_custom_header("X-Tenant", "t1"));
        tab.sign_in("ann").await;
        world.pass_expiry().await;
        assert_eq!(tab.status("/x").await, 200);
        let refresh = world.server.requests(crate::sim::REFRESH).pop().unwrap();
        assert_eq!((&*refresh.method, refresh.body.len()), ("POST", 0));
        for (name, value) in [
            ("rid", "session"),
            ("fdi-version", "1.16,1.17,1.18,1.19,2.0,3.0,3.1,4.0,4.1,4.2"),
            ("st-auth-mode", "cookie"),
            ("x-tenant", "t1"),
        ] {
            assert_eq!(refresh.header(name), Some(value));
        }
        assert_eq!(world.server.requests("/x")[0].header("x-tenant"), None);
    });
}

#[test]
fn a_response_is_read_as_the_requested_type() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.server.route("/x", Reply::new(201, r#"{"n":1}"#).header("X-Total", "9"));
        let response = tab.get("/x").await.unwrap();
        assert_eq!((response.ok(), response.header("x-total").as_deref()), (true, Some("9")));
        assert_eq!(response.json::<HashMap<String, u8>>().await.unwrap()["n"], 1);
        assert_eq!(tab.get("/x").await.unwrap().bytes().await.unwrap(), br#"{"n":1}"#);
        let error = tab.get("/x").await.unwrap().json::<Vec<u8>>().await.unwrap_err();
        assert!(matches!(error, SessionError::DeserializeBody { .. }));
    });
}

#[test]
fn any_status_is_a_response() {
    for status in [204, 302, 400, 404, 418, 500, 503] {
        run(async |world| {
            let tab = world.signed_in("ann").await;
            world.server.route("/x", Reply::new(status, ""));
            let response = tab.get("/x").await.unwrap();
            assert_eq!((response.status(), response.session_error()), (status, None));
            assert!(response.error_for_session().is_ok());
            assert_eq!((world.server.count("/x"), world.server.refreshes()), (1, 0));
        });
    }
}

#[test]
fn a_request_that_is_not_sent_does_nothing() {
    run(async |world| {
        let tab = world.tab();
        let _ = tab.client.post(SIGN_IN).body("ann");
        assert_eq!(world.server.exchanges().len(), 0);
    });
}

/// The refresh that it waited for continues, and the next request uses its tokens.
#[test]
fn a_time_limit_includes_the_refresh_and_affects_no_other_caller() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.server.expire_access_tokens();
        world.server.set_latency_ms(100);
        let error = tab.client.get("/orders").timeout(Duration::from_millis(300)).send().await.unwrap_err();
        assert_eq!(error, SessionError::Network(TransportError::TimedOut));
        assert_eq!(
            tab.client.get("/orders").timeout(Duration::from_secs(5)).send().await.unwrap().status(),
            200
        );
        assert_eq!((world.server.refreshes(), world.server.count("/orders")), (1, 2));
    });
}
