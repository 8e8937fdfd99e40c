//! The time to verify the access token of a page request: `cargo bench -p supertokens-server`.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{KeyPair, RSA_PKCS1_SHA256, RsaKeyPair, RsaPublicKeyComponents},
};
use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use criterion::{Criterion, criterion_group, criterion_main};
use http::HeaderMap;
use serde_json::{Value, json};
use supertokens_server::{PageSession, Verifier};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    runtime::Runtime,
};

const YEAR_2100: i64 = 4_102_444_800;

fn key() -> RsaKeyPair {
    let pem = include_str!("../tests/it/keys/test_only_1.pem");
    let text: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    RsaKeyPair::from_pkcs8(&BASE64_STANDARD.decode(text).unwrap()).unwrap()
}

fn token(key: &RsaKeyPair, payload: &Value) -> String {
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let header = json!({ "alg": "RS256", "typ": "JWT", "version": "5", "kid": "d-1" });
    let signed = format!("{}.{}", part(&header), part(payload));
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature).unwrap();
    format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
}

/// A verifier whose keys a server on loopback has.
async fn verifier(key: &RsaKeyPair) -> Verifier {
    let RsaPublicKeyComponents { n, e } = RsaPublicKeyComponents::<Vec<u8>>::from(key.public_key());
    let text = |bytes| BASE64_URL_SAFE_NO_PAD.encode(bytes);
    let body = json!({ "keys": [{ "kty": "RSA", "kid": "d-1", "n": text(n), "e": text(e) }] }).to_string();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/jwks.json", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let response = format!(
                "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(response.as_bytes()).await;
        }
    });
    Verifier::new("https://api.example.com", "/auth").unwrap().key_set_url(&url).unwrap()
}

fn verify(criterion: &mut Criterion) {
    let (runtime, key) = (Runtime::new().unwrap(), key());
    let verifier = runtime.block_on(verifier(&key));
    let payload = json!({
        "sub": "2f0c5a2e-5a4e-4a4e-9a0d-0d5a2b7f0b1c", "rsub": "2f0c5a2e-5a4e-4a4e-9a0d-0d5a2b7f0b1c",
        "tId": "public", "sessionHandle": "7a3b8d0e-3c7e-4d8b-8f4e-6b0f1c9d2a55",
        "refreshTokenHash1": "4f8b42c22dd3729b519ba6f68d2da7cc5b2d606d05daed5ad5128cc03e6c6358",
        "parentRefreshTokenHash1": null, "antiCsrfToken": null, "iat": 1_700_000_000, "exp": YEAR_2100,
        "iss": "https://api.example.com/auth", "st-ev": { "v": true, "t": 1_700_000_000_000_i64 },
        "st-role": { "v": ["admin"], "t": 1_700_000_000_000_i64 },
    });
    let front = json!({ "uid": payload["sub"], "ate": YEAR_2100 * 1000, "up": payload }).to_string();
    let cookies =
        format!("sFrontToken={}; sAccessToken={}", BASE64_STANDARD.encode(front), token(&key, &payload));
    let mut headers = HeaderMap::new();
    headers.insert("cookie", cookies.parse().unwrap());
    let page = runtime.block_on(verifier.verify(&headers));
    assert!(matches!(page.page(), PageSession::Authenticated(_)));

    let time = |headers: &HeaderMap, count: u64| {
        runtime.block_on(async {
            let start = Instant::now();
            for _ in 0..count {
                black_box(verifier.verify(black_box(headers)).await);
            }
            start.elapsed()
        })
    };
    let mut group = criterion.benchmark_group("verify");
    group.measurement_time(Duration::from_secs(3));
    group.bench_function("authenticated page", |bench| bench.iter_custom(|count| time(&headers, count)));
    let none = HeaderMap::new();
    group.bench_function("page without cookies", |bench| bench.iter_custom(|count| time(&none, count)));
    group.finish();
}

criterion_group!(benches, verify);
criterion_main!(benches);
