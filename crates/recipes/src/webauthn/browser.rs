//! The browser's ceremonies.
//!
//! The bytes are converted here and not by `parseCreationOptionsFromJSON()` and `toJSON()`: Safari before 18.4 lacks
//! them, and with the credentials of some password managers `toJSON()` throws.
//! <https://github.com/dotnet/aspnetcore/issues/62916>

use std::future::Future;

use js_sys::{Array, Function, JSON, Object, Reflect, Uint8Array};
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Window};

use super::{CeremonyError, Credential, base64url};
use crate::json_text::JsonObject;

#[derive(Clone, Copy)]
enum Kind {
    Create,
    Get,
}

/// Closes the dialog if the future is dropped. After the ceremony it does nothing.
struct AbortOnDrop(AbortController);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

pub(super) fn is_supported() -> bool {
    supporting_window().is_some()
}

pub(super) fn create(options: String) -> impl Future<Output = Result<Credential, CeremonyError>> + Send {
    run(Kind::Create, options)
}

pub(super) fn get(options: String) -> impl Future<Output = Result<Credential, CeremonyError>> + Send {
    run(Kind::Get, options)
}

/// WebKitGTK and pages without https lack the interface.
fn supporting_window() -> Option<Window> {
    web_sys::window().filter(|window| Reflect::has(window, &"PublicKeyCredential".into()) == Ok(true))
}

fn run(kind: Kind, options: String) -> impl Future<Output = Result<Credential, CeremonyError>> + Send {
    SendWrapper::new(async move {
        let Some(window) = supporting_window() else { return Err(CeremonyError::NotSupported) };
        try_run(&window, kind, &options).await.map_err(|error| {
            let name = property(&error, "name").ok().and_then(|name| name.as_string());
            CeremonyError::named(&name.unwrap_or_else(|| "an unknown error".to_owned()))
        })
    })
}

async fn try_run(window: &Window, kind: Kind, options: &str) -> Result<Credential, JsValue> {
    let abort = AbortOnDrop(AbortController::new()?);
    let argument = Object::new();
    Reflect::set(&argument, &"publicKey".into(), &public_key(options)?)?;
    Reflect::set(&argument, &"signal".into(), &abort.0.signal())?;
    let credentials = window.navigator().credentials();
    let promise = match kind {
        Kind::Create => credentials.create_with_options(argument.unchecked_ref()),
        Kind::Get => credentials.get_with_options(argument.unchecked_ref()),
    };
    read(&JsFuture::from(promise?).await?)
}

/// The options, with bytes in place of base64url.
fn public_key(options: &str) -> Result<JsValue, JsValue> {
    let options = JSON::parse(options)?;
    decode(&options, "challenge")?;
    let user = property(&options, "user")?;
    if !user.is_undefined() {
        decode(&user, "id")?;
    }
    let excluded = property(&options, "excludeCredentials")?;
    if !excluded.is_undefined() {
        for credential in Array::from(&excluded) {
            decode(&credential, "id")?;
        }
    }
    Ok(options)
}

fn decode(object: &JsValue, name: &str) -> Result<(), JsValue> {
    let text = property(object, name)?.as_string();
    let bytes = text.and_then(|text| base64url::decode(&text)).ok_or(JsValue::UNDEFINED)?;
    Reflect::set(object, &name.into(), &Uint8Array::from(&*bytes)).map(drop)
}

/// The credential as JSON, for both ceremonies: each has some of the fields.
fn read(credential: &JsValue) -> Result<Credential, JsValue> {
    let text = |name| property(credential, name).map(|value| value.as_string());
    let source = property(credential, "response")?;
    let mut response = JsonObject::default();
    for name in ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"] {
        response = response.optional_text(name, bytes(&source, name)?.as_deref());
    }
    let response = response.optional_json("transports", json_of_call(&source, "getTransports").as_deref());
    let extensions = json_of_call(credential, "getClientExtensionResults");
    let json = JsonObject::default()
        .optional_text("id", text("id")?.as_deref())
        .optional_text("rawId", bytes(credential, "rawId")?.as_deref())
        .text("type", "public-key")
        .optional_text("authenticatorAttachment", text("authenticatorAttachment")?.as_deref())
        .json("clientExtensionResults", extensions.as_deref().unwrap_or("{}"))
        .json("response", &response.finish());
    Ok(Credential::new(json))
}

fn bytes(object: &JsValue, name: &str) -> Result<Option<String>, JsValue> {
    let buffer = property(object, name)?;
    let is_missing = buffer.is_undefined() || buffer.is_null();
    Ok((!is_missing).then(|| base64url::encode(&Uint8Array::new(&buffer).to_vec())))
}

/// The result of a method as JSON; none if it is missing or throws, as with some password managers.
fn json_of_call(object: &JsValue, method: &str) -> Option<String> {
    let method: Function = property(object, method).ok()?.dyn_into().ok()?;
    JSON::stringify(&method.call0(object).ok()?).ok()?.as_string()
}

fn property(object: &JsValue, name: &str) -> Result<JsValue, JsValue> {
    Reflect::get(object, &name.into())
}
