//! A token that Node's crypto has signed, and a key set as the SuperTokens core writes it: each number is padded, and has
//! the leading zero of Java's `BigInteger`.

use crate::support::*;

#[tokio::test]
async fn verifies_a_token_of_another_implementation() {
    let keys = include_str!("vectors/key_set_of_the_core.json");
    let server = KeyServer::behaving(Behaviour::Raw(response("200 OK", keys))).await;
    let token = include_str!("vectors/access_token_of_node.txt").trim();
    let request = server.verifier.verify(&headers(&[("authorization", &format!("Bearer {token}"))])).await;
    let session = request.call().unwrap();
    assert_eq!((session.user_id(), session.session_handle()), ("user-1", "handle-1"));
    assert_eq!(session.payload()["name"], "日本");
    assert_eq!(
        session.payload_as::<std::collections::HashMap<String, serde_json::Value>>().unwrap()["sub"],
        "user-1"
    );
    assert!(session.payload_as::<Vec<u8>>().is_err());
}
