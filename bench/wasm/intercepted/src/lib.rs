//! The session client with interception of the page's requests, which JavaScript sends.

use js_sys::Error;
use supertokens_session::{SessionClient, SessionConfig, SessionError, TokenTransferMethod};
use supertokens_web::Interception;
use wasm_bindgen::prelude::*;

/// A client on the page.
#[wasm_bindgen]
pub struct Intercepted {
    client: SessionClient,
    interception: Option<Interception>,
}

#[wasm_bindgen]
impl Intercepted {
    /// Creates a client whose API is the page's origin.
    ///
    /// # Errors
    /// If the settings are invalid.
    #[wasm_bindgen(constructor)]
    pub fn new(api: &str, header_mode: bool) -> Result<Intercepted, JsValue> {
        let transfer = if header_mode { TokenTransferMethod::Header } else { TokenTransferMethod::Cookie };
        let config = SessionConfig::builder(api).token_transfer_method(transfer).build();
        let config = config.map_err(|error| js_error(error.into()))?;
        let client = supertokens_web::session_client(config).map_err(js_error)?;
        Ok(Self { client, interception: None })
    }

    /// Starts or ends the interception of all requests of the page.
    ///
    /// # Errors
    /// If the page's functions are frozen.
    pub fn intercept(&mut self, on: bool) -> Result<(), JsValue> {
        self.interception = None;
        if on {
            self.interception = Some(supertokens_web::intercept_page(&self.client).map_err(js_error)?);
        }
        Ok(())
    }
}

fn js_error(error: SessionError) -> JsValue {
    Error::new(&error.to_string()).into()
}
