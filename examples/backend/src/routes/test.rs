//! `/test`: the controls over HTTP, for tests in other processes.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::controls::Controls;
use crate::error::{ApiError, Body};
use crate::options::Generation;
use crate::state::App;
use crate::switches::SeenRequest;

/// The routes under `/test`, which exist only with the test controls on.
pub(crate) fn router(app: App) -> Router {
    Router::new()
        .route("/test/expire", post(expire))
        .route("/test/revoke", post(revoke))
        .route("/test/expire-codes", post(expire_codes))
        .route("/test/rotate-keys", post(rotate_keys))
        .route("/test/fail-refreshes", post(fail_refreshes))
        .route("/test/delay", post(delay))
        .route("/test/drop-headers", post(drop_headers))
        .route("/test/generation", post(switch_generation))
        .route("/test/counts", get(counts))
        .route("/test/log", get(log))
        .route("/test/thefts", get(thefts))
        .route("/test/reset", post(reset))
        .with_state(Controls::new(app.state))
}

#[derive(Deserialize, Default)]
struct Which {
    handle: Option<String>,
}

async fn expire(State(controls): State<Controls>, body: Bytes) -> Result<Json<Value>, ApiError> {
    match optional::<Which>(&body)?.handle {
        Some(handle) => found(controls.expire(&handle)),
        None => {
            controls.expire_all();
            ok()
        }
    }
}

async fn revoke(State(controls): State<Controls>, body: Bytes) -> Result<Json<Value>, ApiError> {
    match optional::<Which>(&body)?.handle {
        Some(handle) => found(controls.revoke(&handle)),
        None => {
            controls.revoke_all();
            ok()
        }
    }
}

async fn expire_codes(State(controls): State<Controls>) -> Result<Json<Value>, ApiError> {
    controls.expire_codes();
    ok()
}

#[derive(Deserialize, Default)]
struct Rotation {
    #[serde(default)]
    drop_old: bool,
}

async fn rotate_keys(State(controls): State<Controls>, body: Bytes) -> Result<Json<Value>, ApiError> {
    let Rotation { drop_old } = optional(&body)?;
    if controls.rotate_keys(!drop_old) { ok() } else { Err(ApiError::Internal) }
}

#[derive(Deserialize)]
struct Failures {
    count: usize,
    status: u16,
}

async fn fail_refreshes(
    State(controls): State<Controls>,
    Body(Failures { count, status }): Body<Failures>,
) -> Result<Json<Value>, ApiError> {
    // A 1xx is no final response, so the client would wait forever.
    match StatusCode::from_u16(status) {
        Ok(code) if !code.is_informational() => controls.fail_refreshes(count, status),
        _ => return Err(ApiError::bad_request("status must be 200 to 999")),
    }
    ok()
}

#[derive(Deserialize)]
struct Delay {
    path: String,
    ms: u64,
}

async fn delay(
    State(controls): State<Controls>,
    Body(Delay { path, ms }): Body<Delay>,
) -> Result<Json<Value>, ApiError> {
    controls.delay(&path, Duration::from_millis(ms));
    ok()
}

#[derive(Deserialize)]
struct Dropped {
    #[serde(default)]
    headers: Vec<String>,
    #[serde(default)]
    count: usize,
    expose: Option<bool>,
}

async fn drop_headers(
    State(controls): State<Controls>,
    Body(dropped): Body<Dropped>,
) -> Result<Json<Value>, ApiError> {
    let headers: Vec<&str> = dropped.headers.iter().map(String::as_str).collect();
    controls.drop_headers(&headers, dropped.count);
    if let Some(expose) = dropped.expose {
        controls.expose_headers(expose);
    }
    ok()
}

#[derive(Deserialize)]
struct Spoken {
    generation: Generation,
}

async fn switch_generation(
    State(controls): State<Controls>,
    Body(Spoken { generation }): Body<Spoken>,
) -> Result<Json<Value>, ApiError> {
    controls.switch_generation(generation);
    ok()
}

async fn counts(State(controls): State<Controls>) -> Json<BTreeMap<String, usize>> {
    Json(controls.counts())
}

async fn log(State(controls): State<Controls>) -> Json<Vec<SeenRequest>> {
    Json(controls.requests())
}

async fn thefts(State(controls): State<Controls>) -> Json<Value> {
    Json(json!({ "thefts": controls.thefts() }))
}

async fn reset(State(controls): State<Controls>) -> Result<Json<Value>, ApiError> {
    controls.reset();
    ok()
}

fn ok() -> Result<Json<Value>, ApiError> {
    Ok(Json(json!({ "status": "OK" })))
}

fn found(found: bool) -> Result<Json<Value>, ApiError> {
    if found { ok() } else { Err(ApiError::bad_request("there is no session with this handle")) }
}

fn optional<T: DeserializeOwned + Default>(body: &[u8]) -> Result<T, ApiError> {
    if body.is_empty() {
        return Ok(T::default());
    }
    serde_json::from_slice(body).map_err(|error| ApiError::bad_request(error.to_string()))
}
