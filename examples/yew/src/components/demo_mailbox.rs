use example_shared::api::{Inbox, Mail};
use yew::prelude::*;

use super::{Button, Field};

#[derive(Properties, PartialEq)]
pub(crate) struct DemoMailboxProps {
    pub(crate) inbox: Option<Inbox>,
    /// The field for the mail's code.
    #[prop_or_default]
    pub(crate) code: Option<Field>,
}

/// Shows the newest mail, which the demo does not send.
#[component]
pub(crate) fn DemoMailbox(props: &DemoMailboxProps) -> Html {
    let Some(Inbox { to, newest }) = &props.inbox else { return Html::default() };
    let content = match newest {
        Ok(Some(mail)) => mail_view(to, mail, props.code.clone()),
        Ok(None) => html! { <p class="muted">{"No mail to "}{to}{"."}</p> },
        Err(error) => html! { <p class="muted">{error}</p> },
    };
    html! {
        <section class="card roomy demo" aria-labelledby="mailbox-title">
            <h2 id="mailbox-title">{"Demo mailbox"}</h2>
            <p class="hint">
                {"This demo sends no mail. It shows the newest one here, which a real app must not do."}
            </p>
            <div data-testid="demo-mail">{content}</div>
        </section>
    }
}

fn mail_view(to: &str, mail: &Mail, field: Option<Field>) -> Html {
    let code = mail.code.clone().map(|code| {
        let fill_in = field.map(|field| {
            let code = code.clone();
            let fill_in = move |_| field.set(code.clone());
            html! { <Button id="fill-in-code" onclick={fill_in}>{"Fill in"}</Button> }
        });
        html! { <><code data-testid="demo-code">{code}</code>{fill_in}</> }
    });
    html! {
        <>
            <p class="mail-head"><span class="muted">{"To "}{to}{": "}</span>{&mail.subject}</p>
            <div class="demo-row">
                <span class="mail-code">{code}</span>
                // The page behind the link is loaded as from a mail.
                if let Some(link) = mail.link.clone() {
                    <a href={link} data-testid="demo-link">{"Open the link"}</a>
                }
            </div>
        </>
    }
}
