//! Reads a copy of a body up to a limit, since a body may be endless.

use js_sys::{ArrayBuffer, Promise, Uint8Array};
use supertokens_session::platform::{PEEK_LIMIT, TransportError};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Response;

// The getters of web-sys assume a type, but `body` may have any if the page has mocked `fetch`.
#[wasm_bindgen]
extern "C" {
    type ClonedResponse;

    #[wasm_bindgen(method, getter, catch)]
    fn body(this: &ClonedResponse) -> Result<JsValue, JsValue>;

    type Body;

    #[wasm_bindgen(method, catch, js_name = getReader)]
    fn get_reader(this: &Body) -> Result<RawReader, JsValue>;

    type RawReader;

    #[wasm_bindgen(method, catch)]
    fn read(this: &RawReader) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn cancel(this: &RawReader) -> Result<Promise, JsValue>;

    type Chunk;

    #[wasm_bindgen(method, getter)]
    fn done(this: &Chunk) -> JsValue;

    #[wasm_bindgen(method, getter)]
    fn value(this: &Chunk) -> JsValue;
}

/// Reads a copy of the body, if it has at most [`PEEK_LIMIT`] bytes. The copy is made at the call, before the caller
/// can read the body.
pub(super) fn peek(
    response: &Response,
) -> impl Future<Output = Result<Vec<u8>, TransportError>> + use<> + 'static {
    let reader = Reader::of_copy(response);
    async move {
        let mut bytes = Vec::new();
        let mut reader = match reader.map_err(body_error)? {
            BodyCopy::Empty => return Ok(bytes),
            BodyCopy::Whole(bytes) => return whole(bytes).await,
            BodyCopy::Stream(reader) => reader,
        };
        while let Some(chunk) = reader.next().await? {
            if bytes.len() + chunk.length() as usize > PEEK_LIMIT {
                return Err(TransportError::Body);
            }
            bytes.extend(chunk.to_vec());
        }
        Ok(bytes)
    }
}

/// A copy of a body.
enum BodyCopy {
    Empty,
    /// The body of a response without a `body` stream, as polyfills create them.
    Whole(Promise),
    Stream(Reader),
}

async fn whole(bytes: Promise) -> Result<Vec<u8>, TransportError> {
    let bytes = Uint8Array::new(&JsFuture::from(bytes).await.map_err(body_error)?);
    if bytes.length() as usize > PEEK_LIMIT { Err(TransportError::Body) } else { Ok(bytes.to_vec()) }
}

/// Reads a stream. Dropping it cancels the stream, so the browser stops buffering it.
struct Reader {
    raw: RawReader,
    is_done: bool,
}

impl Reader {
    fn of_copy(response: &Response) -> Result<BodyCopy, JsValue> {
        let copy = response.clone()?;
        let body = copy.unchecked_ref::<ClonedResponse>().body()?;
        if body.is_undefined() {
            return copy.array_buffer().map(BodyCopy::Whole);
        }
        if !body.is_object() {
            return Ok(BodyCopy::Empty);
        }
        let raw = body.unchecked_ref::<Body>().get_reader()?;
        Ok(BodyCopy::Stream(Self { raw, is_done: false }))
    }

    async fn next(&mut self) -> Result<Option<Uint8Array>, TransportError> {
        let chunk = match self.raw.read() {
            Ok(chunk) => JsFuture::from(chunk).await,
            Err(error) => Err(error),
        };
        self.is_done = chunk.as_ref().map_or(true, |chunk| chunk.unchecked_ref::<Chunk>().done().is_truthy());
        let chunk = chunk.map_err(body_error)?;
        if self.is_done {
            return Ok(None);
        }
        let bytes = chunk.unchecked_ref::<Chunk>().value();
        if ArrayBuffer::is_view(&bytes) {
            Ok(Some(bytes.unchecked_into()))
        } else {
            Err(TransportError::Body)
        }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        if self.is_done {
            return;
        }
        if let Ok(cancelled) = self.raw.cancel() {
            // The page would report an unhandled rejection.
            spawn_local(async { drop(JsFuture::from(cancelled).await) });
        }
    }
}

fn body_error(_: JsValue) -> TransportError {
    TransportError::Body
}
