//! The demo mailbox, read as on another device.

use axum::body::Body;
use http::Request;
use serde_json::Value;

use crate::http_client::HttpClient;
use crate::stage::Stage;
use crate::step::Step;

/// A mail of the API.
pub struct Mail {
    code: Option<String>,
    link: Option<String>,
}

impl Mail {
    pub fn code(&self) -> &str {
        self.code.as_deref().expect("a code in the mail")
    }

    pub fn link(&self) -> &str {
        self.link.as_deref().expect("a link in the mail")
    }
}

impl Stage {
    /// The newest mail to this address.
    #[track_caller]
    pub fn newest_mail(&self, to: &str) -> impl Future<Output = Mail> {
        let step = Step::new(format!("find a mail to {to}"));
        let url = format!("{}/api/demo/mails?to={to}", self.api_origin());
        step.until(async move || {
            let request = Request::get(&url).body(Body::empty()).map_err(|error| error.to_string())?;
            let (_, mails) = HttpClient::new().json(request).await?;
            let text = |name: &str| mails[0][name].as_str().map(str::to_owned);
            match &mails[0] {
                Value::Object(_) => Ok(Mail { code: text("code"), link: text("link") }),
                _ => Err(format!("there is none: {mails}")),
            }
        })
    }
}
