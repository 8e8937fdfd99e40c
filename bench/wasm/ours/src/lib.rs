//! The benchmark's loops with the session client. They run in Rust, so that they call JavaScript only as often as a
//! Rust app does.

use std::{hint::black_box, rc::Rc};

use futures_util::future::join_all;
use js_sys::{Error, Promise};
use supertokens_session::{SessionClient, SessionConfig, SessionError, TokenTransferMethod, platform::Lock};
use supertokens_web::{Page, lock::JavascriptSdkLock};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

/// A client on the page.
#[wasm_bindgen]
pub struct Ours {
    client: SessionClient,
}

#[wasm_bindgen]
impl Ours {
    /// Creates a client whose API is the page's origin.
    ///
    /// # Errors
    /// If the settings are invalid.
    #[wasm_bindgen(constructor)]
    pub fn new(api: &str, header_mode: bool) -> Result<Ours, JsValue> {
        let transfer = if header_mode { TokenTransferMethod::Header } else { TokenTransferMethod::Cookie };
        let config = SessionConfig::builder(api).token_transfer_method(transfer).build();
        let config = config.map_err(|error| js_error(error.into()))?;
        Ok(Self { client: supertokens_web::session_client(config).map_err(js_error)? })
    }

    /// Sends GET requests one after the other. Returns the number of responses with status 200.
    pub fn get(&self, url: String, count: u32) -> Promise {
        let client = self.client.clone();
        promise(async move {
            let mut good = 0;
            for _ in 0..count {
                good += get_once(&client, &url).await?;
            }
            Ok(good)
        })
    }

    /// Sends GET requests all at once. Returns the number of responses with status 200.
    pub fn parallel(&self, url: String, count: u32) -> Promise {
        let client = self.client.clone();
        promise(async move { join_all((0..count).map(|_| get_once(&client, &url))).await.into_iter().sum() })
    }

    /// Checks whether there is a session. Returns how often there was one.
    pub fn exists(&self, count: u32) -> Promise {
        let client = self.client.clone();
        promise(async move {
            let mut there = 0;
            for _ in 0..count {
                there += u32::from(client.session_exists().await?);
            }
            Ok(there)
        })
    }

    /// Reads the access token's payload. Returns how often there was one.
    pub fn payload(&self, count: u32) -> Promise {
        let client = self.client.clone();
        promise(async move {
            let mut there = 0;
            for _ in 0..count {
                there += u32::from(black_box(client.payload().await?).is_object());
            }
            Ok(there)
        })
    }

    /// Acquires and releases the lock, one after the other or all at once.
    pub fn lock(&self, count: u32, contended: bool) -> Option<Promise> {
        Some(take(self.client.platform()?.lock.clone(), count, contended))
    }

    /// Like the one above, with the lock of pages without Web Locks.
    ///
    /// # Errors
    /// If there is no page.
    pub fn storage_lock(&self, count: u32, contended: bool) -> Result<Promise, JsValue> {
        let page = Page::current().map_err(js_error)?;
        Ok(take(Rc::new(JavascriptSdkLock::new(&page)), count, contended))
    }
}

async fn get_once(client: &SessionClient, url: &str) -> Result<u32, SessionError> {
    let response = client.get(url).send().await?;
    let good = u32::from(response.status() == 200);
    black_box(response.text().await?);
    Ok(good)
}

fn take(lock: Rc<dyn Lock>, count: u32, contended: bool) -> Promise {
    promise(async move {
        let once = async || lock.acquire("bench").await.map(|guard| drop(black_box(guard)));
        if contended {
            for taken in join_all((0..count).map(|_| once())).await {
                taken?;
            }
        } else {
            for _ in 0..count {
                once().await?;
            }
        }
        Ok(count)
    })
}

fn promise(work: impl Future<Output = Result<u32, SessionError>> + 'static) -> Promise {
    future_to_promise(async move { work.await.map(JsValue::from).map_err(js_error) })
}

fn js_error(error: SessionError) -> JsValue {
    Error::new(&error.to_string()).into()
}
