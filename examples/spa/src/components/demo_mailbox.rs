use example_shared::api::{Inbox, Mail};
use leptos::prelude::*;

/// Shows the newest mail, which the demo does not send.
#[component]
pub(crate) fn DemoMailbox(
    #[prop(into)] inbox: Signal<Option<Inbox>>,
    /// The field for the mail's code.
    #[prop(optional)]
    code: Option<RwSignal<String>>,
) -> impl IntoView {
    let content = move || {
        inbox.get().map(|Inbox { to, newest }| match newest {
            Ok(Some(mail)) => view! { <MailView to mail code/> }.into_any(),
            Ok(None) => view! { <p class="muted">"No mail to " {to} "."</p> }.into_any(),
            Err(error) => view! { <p class="muted">{error}</p> }.into_any(),
        })
    };
    view! {
        <Show when=move || inbox.with(Option::is_some)>
            <section class="card roomy demo" aria-labelledby="mailbox-title">
                <h2 id="mailbox-title">"Demo mailbox"</h2>
                <p class="hint">"This demo sends no mail. It shows the newest one here, which a real app must not do."</p>
                <div data-testid="demo-mail">{content}</div>
            </section>
        </Show>
    }
}

#[component]
fn MailView(to: String, mail: Mail, code: Option<RwSignal<String>>) -> impl IntoView {
    let fill_in = mail.code.clone().zip(code).map(|(sent, code)| {
        view! {
            <button type="button" class="button" data-testid="fill-in-code" on:click=move |_| code.set(sent.clone())>
                "Fill in"
            </button>
        }
    });
    let shown_code = mail.code.map(|sent| view! { <code data-testid="demo-code">{sent}</code> });
    // The page behind the link is loaded as from a mail.
    let link = mail.link.map(|link| {
        view! { <a href=link rel="external" data-testid="demo-link">"Open the link"</a> }
    });
    view! {
        <p class="mail-head"><span class="muted">"To " {to} ": "</span>{mail.subject}</p>
        <div class="demo-row"><span class="mail-code">{shown_code}{fill_in}</span>{link}</div>
    }
}
