use std::{any::Any, future::ready, rc::Rc};

use js_sys::Array;
use supertokens_session::{
    SessionClient,
    platform::{
        Credentials, LocalBoxFuture, Method, PEEK_LIMIT, Transport, TransportError, TransportRequest,
        TransportResponse,
    },
};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::{
    MEANT, now,
    script::{self, Job},
};

/// `(job, method, url, headers, with_credentials, may_retry)`; names and values of headers take turns.
pub(super) type Runner = Closure<dyn Fn(Job, String, String, Array, bool, bool)>;

/// Sends what an `XMLHttpRequest` was asked to.
pub(super) fn runner(client: &SessionClient) -> Runner {
    let client = client.clone();
    Closure::new(
        move |job: Job,
              method: String,
              url: String,
              headers: Array,
              has_credentials: bool,
              may_retry: bool| {
            // The name goes nowhere: the request keeps its own.
            let method = Method::from_name(&method).unwrap_or(Method::Options);
            let mut builder = client.request(method, &url).by(Rc::new(Sent(job.clone()))).as_api_request();
            for (name, value) in pairs(&headers) {
                if MEANT.iter().any(|meant| meant.eq_ignore_ascii_case(&name)) {
                    builder = builder.header(&name, &value);
                }
            }
            if has_credentials {
                builder = builder.credentials(Credentials::Include);
            }
            if !may_retry {
                builder = builder.without_retry();
            }
            now::start(async move {
                let outcome = builder.send().await;
                // Listeners report their own errors.
                if let Some((error, status)) = script::failure(&outcome) {
                    let _ = job.explain(error.name(), &error.to_string(), status);
                }
                let _ = match outcome {
                    Ok(_) => job.release(),
                    // Where the browser has shown it already, this shows nothing.
                    Err(_) => job.fail("error"),
                };
            });
        },
    )
}

fn pairs(headers: &Array) -> impl Iterator<Item = (String, String)> {
    let texts: Vec<_> = headers.iter().map(|text| text.as_string().unwrap_or_default()).collect();
    (0..texts.len() / 2).map(move |i| (texts[2 * i].clone(), texts[2 * i + 1].clone()))
}

struct Sent(Job);

impl Transport for Sent {
    fn send(
        &self,
        request: TransportRequest,
    ) -> LocalBoxFuture<'_, Result<Box<dyn TransportResponse>, TransportError>> {
        Box::pin(async move {
            let headers = script::in_turns(&request.headers);
            let is_included = request.credentials == Some(Credentials::Include);
            let answer = self.0.attempt(&headers, is_included).map_err(|_| TransportError::Unsendable)?;
            let ended_by = JsFuture::from(answer).await.ok().and_then(|event| event.as_string());
            match ended_by.as_deref() {
                Some("") => Ok(Box::new(Answer::new(&self.0)) as Box<dyn TransportResponse>),
                Some("abort") => Err(TransportError::Aborted),
                Some("timeout") => Err(TransportError::TimedOut),
                _ => Err(TransportError::Unreachable),
            }
        })
    }
}

/// The answer that an `XMLHttpRequest` has, its body to come.
struct Answer {
    job: Job,
    status: u16,
    url: Option<String>,
    /// One a line.
    headers: String,
}

impl Answer {
    fn new(job: &Job) -> Self {
        let (url, headers) = (job.url().filter(|url| !url.is_empty()), job.headers().unwrap_or_default());
        Self { job: job.clone(), status: job.status(), url, headers }
    }
}

impl TransportResponse for Answer {
    fn status(&self) -> u16 {
        self.status
    }

    fn url(&self) -> Option<String> {
        self.url.clone()
    }

    // To ask for one that the server hides from script makes the browser complain.
    fn header(&self, name: &str) -> Option<String> {
        let mut lines = self.headers.lines().filter_map(|line| line.split_once(':'));
        let (_, value) = lines.find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some(value.trim().to_owned())
    }

    /// The app reads the body itself.
    fn bytes(self: Box<Self>) -> LocalBoxFuture<'static, Result<Vec<u8>, TransportError>> {
        Box::pin(ready(Err(TransportError::Body)))
    }

    fn peek(&self) -> LocalBoxFuture<'static, Result<Vec<u8>, TransportError>> {
        let text = JsFuture::from(self.job.text(PEEK_LIMIT as u32));
        Box::pin(async move {
            let text = text.await.ok().and_then(|text| text.as_string());
            text.map(String::into_bytes).ok_or(TransportError::Body)
        })
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
