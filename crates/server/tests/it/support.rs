//! Signing keys, tokens, requests, and a key server whose behaviour a test can change.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{KeyPair, RSA_PKCS1_SHA256, RsaKeyPair, RsaPublicKeyComponents},
};
use base64::{Engine, prelude::BASE64_STANDARD, prelude::BASE64_URL_SAFE_NO_PAD};
use http::{HeaderMap, HeaderValue, Method, Request, request::Parts};
use serde_json::{Value, json};
use supertokens_server::{AntiCsrf, PageSession, RequestSession, Verifier};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

pub(crate) const ISSUER: &str = "https://api.example.com/auth";

/// A key pair of the tests.
pub(crate) struct Key {
    pub(crate) id: &'static str,
    pair: RsaKeyPair,
}

impl Key {
    pub(crate) fn one() -> Self {
        Self::read("d-1", include_str!("keys/test_only_1.pem"))
    }

    pub(crate) fn two() -> Self {
        Self::read("d-2", include_str!("keys/test_only_2.pem"))
    }

    fn read(id: &'static str, pem: &str) -> Self {
        let text: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
        Self { id, pair: RsaKeyPair::from_pkcs8(&BASE64_STANDARD.decode(text).unwrap()).unwrap() }
    }

    /// The public key, as an entry of a key set.
    pub(crate) fn jwk(&self) -> Value {
        let (n, e) = self.public();
        let text = |bytes| BASE64_URL_SAFE_NO_PAD.encode(bytes);
        json!({ "kty": "RSA", "kid": self.id, "n": text(n), "e": text(e), "alg": "RS256", "use": "sig" })
    }

    pub(crate) fn public(&self) -> (Vec<u8>, Vec<u8>) {
        let RsaPublicKeyComponents { n, e } = RsaPublicKeyComponents::<Vec<u8>>::from(self.pair.public_key());
        (n, e)
    }

    /// A token with this payload, of the current version.
    pub(crate) fn token(&self, payload: &Value) -> String {
        self.token_with(&json!({ "alg": "RS256", "typ": "JWT", "version": "5", "kid": self.id }), payload)
    }

    pub(crate) fn token_with(&self, header: &Value, payload: &Value) -> String {
        let signed = unsigned(header, payload);
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature).unwrap();
        format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
    }
}

pub(crate) fn unsigned(header: &Value, payload: &Value) -> String {
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}", part(header), part(payload))
}

pub(crate) fn now_s() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() as i64
}

/// A payload as the core writes it, issued half an hour ago, which expires in half an hour.
pub(crate) fn payload() -> Value {
    payload_expiring(now_s() + 1800)
}

pub(crate) fn payload_expiring(exp: i64) -> Value {
    json!({
        "sub": "user-1", "rsub": "user-1", "tId": "public", "sessionHandle": "handle-1",
        "refreshTokenHash1": "hash", "parentRefreshTokenHash1": null, "antiCsrfToken": null,
        "iat": exp - 3600, "exp": exp, "iss": ISSUER, "st-role": { "v": ["admin"], "t": 1 },
    })
}

/// The payload with other values of these claims; null removes one.
pub(crate) fn with(mut payload: Value, changes: Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => payload.as_object_mut().unwrap().remove(name),
            value => payload.as_object_mut().unwrap().insert(name.clone(), value.clone()),
        };
    }
    payload
}

/// The front token that the backend sends with an access token of this payload.
pub(crate) fn front(payload: &Value) -> String {
    front_of(
        payload["sub"].as_str().unwrap_or("user-1"),
        payload["exp"].as_i64().unwrap_or(0) * 1000,
        payload,
    )
}

pub(crate) fn front_of(uid: &str, ate: i64, up: &Value) -> String {
    BASE64_STANDARD.encode(json!({ "uid": uid, "ate": ate, "up": up }).to_string())
}

/// The headers of a page request.
pub(crate) fn page(front: Option<&str>, access: Option<&str>) -> HeaderMap {
    let cookie = |name: &str, value: Option<&str>| value.map(|value| format!("{name}={value}; "));
    let cookies =
        [Some("theme=dark; ".to_owned()), cookie("sFrontToken", front), cookie("sAccessToken", access)];
    headers(&[("cookie", &cookies.into_iter().flatten().collect::<String>())])
}

pub(crate) fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        headers.append(*name, HeaderValue::from_str(value).unwrap());
    }
    headers
}

pub(crate) fn parts(method: Method, headers: HeaderMap) -> Parts {
    let (mut parts, ()) = Request::new(()).into_parts();
    (parts.method, parts.headers) = (method, headers);
    parts
}

/// The name of an outcome.
pub(crate) fn outcome(session: &RequestSession) -> &'static str {
    match session.page() {
        PageSession::Authenticated(_) => "authenticated",
        PageSession::ToBeRefreshed => "to be refreshed",
        PageSession::SignedOut => "signed out",
        PageSession::NotTrusted => "not trusted",
        PageSession::NotVerified => "not verified",
        _ => "unknown",
    }
}

/// What the key server responds with.
#[derive(Clone)]
pub(crate) enum Behaviour {
    Keys(Vec<Value>),
    /// A whole HTTP response.
    Raw(String),
    /// Closes each connection.
    Closes,
    /// Accepts requests, and responds after this time.
    Slow(Duration, Vec<Value>),
    /// Sends bytes without an end.
    Endless,
}

/// A key server on a real socket, and a verifier that uses it.
pub(crate) struct KeyServer {
    pub(crate) verifier: Verifier,
    pub(crate) url: String,
    behaviour: Arc<Mutex<Behaviour>>,
    requests: Arc<AtomicUsize>,
}

impl KeyServer {
    /// A server with the first key of the tests.
    pub(crate) async fn start() -> Self {
        Self::behaving(Behaviour::Keys(vec![Key::one().jwk()])).await
    }

    pub(crate) async fn behaving(behaviour: Behaviour) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (behaviour, requests) = (Arc::new(Mutex::new(behaviour)), Arc::new(AtomicUsize::new(0)));
        let verifier = Verifier::new("https://api.example.com", "/auth").unwrap();
        let verifier = verifier.key_set_url(&format!("{url}/jwt/jwks.json")).unwrap();
        let server = Self { verifier, url, behaviour: behaviour.clone(), requests: requests.clone() };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (behaviour, requests) = (behaviour.clone(), requests.clone());
                tokio::spawn(async move {
                    // The client may close the connection at any time.
                    let _ = respond(stream, &behaviour, &requests).await;
                });
            }
        });
        server
    }

    pub(crate) fn set(&self, behaviour: Behaviour) {
        *self.behaviour.lock().unwrap() = behaviour;
    }

    pub(crate) fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    pub(crate) async fn outcome(&self, front: Option<&str>, access: Option<&str>) -> &'static str {
        outcome(&self.verifier.verify(&page(front, access)).await)
    }

    /// The outcome of a page request with a token of this key and its front token.
    pub(crate) async fn outcome_of(&self, key: &Key, payload: &Value) -> &'static str {
        self.outcome(Some(&front(payload)), Some(&key.token(payload))).await
    }

    pub(crate) fn anti_csrf(&self, anti_csrf: AntiCsrf) -> Verifier {
        self.verifier.clone().anti_csrf(anti_csrf)
    }
}

async fn respond(
    mut stream: TcpStream,
    behaviour: &Mutex<Behaviour>,
    requests: &AtomicUsize,
) -> std::io::Result<()> {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        if stream.read_buf(&mut request).await? == 0 {
            return Ok(());
        }
    }
    requests.fetch_add(1, Ordering::SeqCst);
    let behaviour = behaviour.lock().unwrap().clone();
    let text = match behaviour {
        Behaviour::Keys(keys) => response("200 OK", &json!({ "keys": keys }).to_string()),
        Behaviour::Raw(text) => text,
        Behaviour::Closes => return Ok(()),
        Behaviour::Slow(time, keys) => {
            tokio::time::sleep(time).await;
            response("200 OK", &json!({ "keys": keys }).to_string())
        }
        Behaviour::Endless => {
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n{\"keys\":[").await?;
            loop {
                stream.write_all(&[b' '; 4096]).await?;
            }
        }
    };
    stream.write_all(text.as_bytes()).await?;
    stream.shutdown().await
}

pub(crate) fn response(status: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
}

/// Time passes for the rate limit, without a wait. Nothing may be under way.
pub(crate) async fn pass(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}
