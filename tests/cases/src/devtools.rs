//! The panel for developers.

use supertokens_session::TokenTransferMethod;

use crate::{Backend, Framework, NOW_MS, Page, Probe, Response, Route, Site, View, settle};

const BUTTON: &str = ".st-devtools-toggle";
const PANEL: &str = ".st-devtools-panel";

async fn open<F: Framework>(backend: &Backend, probe: Probe) -> Page {
    open_with::<F>(Site::new(backend.client(), probe)).await
}

/// Opens an app with the panel, and then the panel.
async fn open_with<F: Framework>(site: Site) -> Page {
    let page = site.header(View::Devtools).routes([Route::open("/", View::Panel)]).open::<F>("/").await;
    page.click(BUTTON).await;
    page
}

fn fact(page: &Page, name: &str) -> String {
    page.text_of(&format!("{PANEL} [data-fact={name}] dd"))
}

/// The names of the events that the panel lists.
fn events(page: &Page) -> Vec<String> {
    page.texts_of(&format!("{PANEL} [data-event] code"))
}

pub(crate) async fn it_shows_the_user_the_expiry_and_the_lock<F: Framework>() {
    let page = open::<F>(&Backend::signed_in("ann"), Probe::new()).await;
    assert_eq!(fact(&page, "status"), "Authenticated");
    assert_eq!(fact(&page, "user-id"), "ann");
    assert_eq!(fact(&page, "reason"), "–");
    assert!(fact(&page, "expiry").ends_with("(in 60 s)"), "{}", fact(&page, "expiry"));
    assert_eq!(fact(&page, "last-refresh"), "Not since this page was opened");
    assert_eq!(fact(&page, "lock"), "A lock of the app");
    assert!(page.text().contains("No events since this page was opened."), "{}", page.text());
}

pub(crate) async fn a_sign_out_changes_the_status_and_gives_the_reason<F: Framework>() {
    let backend = Backend::signed_in("ann").with_responses([Response::removed(200)]);
    let page = open::<F>(&backend, Probe::new()).await;
    page.click("#sign-out").await;
    assert_eq!([fact(&page, "status"), fact(&page, "reason")], ["Unauthenticated", "SignedOut"]);
    assert_eq!([fact(&page, "user-id"), fact(&page, "expiry")], ["–", "–"]);
    let why = page.text_of(".st-devtools-why");
    assert_eq!(why, "The user signed out, in this tab or in another one.");
    assert_eq!(events(&page), ["SignOut"]);
    assert!(page.has(".st-devtools[data-status=Unauthenticated]"));
}

pub(crate) async fn a_revoked_session_and_a_missing_one_have_other_reasons<F: Framework>() {
    let revoked = [Response::Status(401, vec![]), Response::removed(401)];
    let (backend, probe) = (Backend::signed_in("ann").with_responses(revoked), Probe::new());
    let page = open::<F>(&backend, probe).await;
    probe.session().client().get("/orders").send().await.unwrap();
    settle().await;
    assert_eq!(fact(&page, "reason"), "ExpiredOrRevoked");
    let why = page.text_of(".st-devtools-why");
    assert!(why.contains("revoked on the server"), "{why}");
    drop(page);
    let page = open::<F>(&Backend::signed_out(), Probe::new()).await;
    assert_eq!(fact(&page, "reason"), "NoSession");
    assert!(page.text_of(".st-devtools-why").contains("no user has signed in"));
}

pub(crate) async fn an_unreachable_backend_is_shown_with_the_error<F: Framework>() {
    let backend = Backend::expired("ann").with_responses([Response::Down]);
    let page = open::<F>(&backend, Probe::new()).await;
    assert_eq!([fact(&page, "status"), fact(&page, "error")], ["Unreachable", "RefreshUnreachable"]);
    assert!(page.text_of(".st-devtools-why").contains("does not respond"));
}

pub(crate) async fn events_are_listed_from_the_start_of_the_page<F: Framework>() {
    let backend = Backend::expired("ann").with_responses([Response::session("ann", "{}")]);
    let probe = Probe::new();
    let page = open::<F>(&backend, probe).await;
    assert_eq!(events(&page), ["RefreshSession"]);
    assert!(fact(&page, "last-refresh").ends_with("(0 s ago)"), "{}", fact(&page, "last-refresh"));
    backend.advance_ms(5_000);
    probe.update(&backend, r#"{"plan":"pro"}"#).await;
    assert_eq!(events(&page), ["AccessTokenPayloadUpdated", "UserChanged", "RefreshSession"]);
    let times = [1, 3].map(|at| page.text_of(&format!("{PANEL} li:nth-child({at}) time")));
    assert!(times.iter().all(|time| time.len() == 8) && times[0] != times[1], "{times:?}");
    assert!(fact(&page, "last-refresh").ends_with("(5 s ago)"), "{}", fact(&page, "last-refresh"));
}

pub(crate) async fn the_expiry_counts_down_while_the_panel_is_open<F: Framework>() {
    let backend = Backend::signed_in("ann");
    let page = open::<F>(&backend, Probe::new()).await;
    backend.advance_seconds(2).await;
    assert!(fact(&page, "expiry").ends_with("(in 58 s)"), "{}", fact(&page, "expiry"));
    backend.advance_ms(60_000);
    settle().await;
    assert!(fact(&page, "expiry").contains("expired 2 s ago"), "{}", fact(&page, "expiry"));
    page.click(BUTTON).await;
    backend.advance_seconds(2).await;
    assert!(!page.has(PANEL));
    page.click(BUTTON).await;
    assert!(fact(&page, "expiry").contains("expired 4 s ago"), "{}", fact(&page, "expiry"));
    backend.advance_seconds(1).await;
    assert!(fact(&page, "expiry").contains("expired 5 s ago"), "{}", fact(&page, "expiry"));
}

const TOKENS: [&str; 6] = [
    "access-token-4711",
    "refresh-token-4712",
    "csrf-token-4713",
    "access-token-4714",
    "refresh-token-4715",
    "csrf-token-4716",
];

/// A new session, as a backend sends it in header mode and with anti-CSRF tokens.
fn with_new_tokens(user: &str) -> Response {
    let Response::Status(status, mut headers) = Response::session_until(NOW_MS + 90_000, user, "{}") else {
        unreachable!()
    };
    let [.., access, refresh, anti_csrf] = TOKENS.map(str::to_owned);
    headers.extend([("st-access-token", access), ("st-refresh-token", refresh), ("anti-csrf", anti_csrf)]);
    Response::Status(status, headers)
}

pub(crate) async fn no_token_is_ever_in_the_page_in_cookie_mode_and_in_header_mode<F: Framework>() {
    for method in [TokenTransferMethod::Cookie, TokenTransferMethod::Header] {
        let [access, refresh, anti_csrf, ..] = TOKENS;
        let backend = Backend::signed_in("ann").with_tokens(access, refresh, anti_csrf);
        let mut tokens = backend.all_tokens();
        let client = backend.client_with(|settings| settings.token_transfer_method(method));
        let probe = Probe::new();
        let page = open_with::<F>(Site::new(client.clone(), probe)).await;
        let mut html = vec![page.html()];
        backend.respond(with_new_tokens("ann"));
        assert_eq!(client.refresh().await, Ok(true));
        settle().await;
        html.push(page.html());
        tokens.extend(backend.all_tokens());
        assert!(TOKENS.iter().all(|token| tokens.iter().any(|stored| stored == token)), "{tokens:?}");
        backend.respond(Response::Forbidden(r#"{"claimValidationErrors":[{"id":"st-role"}]}"#));
        client.get("/orders").send().await.unwrap();
        backend.respond(Response::Down);
        let failed = client.sign_out().await;
        assert!(failed.is_err());
        settle().await;
        html.push(page.html());
        assert_eq!(fact(&page, "status"), "Unauthenticated");
        assert!(events(&page).contains(&"ApiInvalidClaim".to_owned()));
        for token in tokens.iter().map(String::as_str).chain(TOKENS) {
            assert!(!html.iter().any(|html| html.contains(token)), "{method:?}: {token}");
            assert!(!page.ever_showed(token), "{method:?}: {token}");
        }
    }
}

pub(crate) async fn a_button_opens_the_panel_and_escape_closes_it<F: Framework>() {
    let page = Site::new(Backend::signed_in("ann").client(), Probe::new())
        .header(View::Devtools)
        .open::<F>("/")
        .await;
    assert!(!page.has(PANEL));
    let expanded = || page.attribute(BUTTON, "aria-expanded");
    assert_eq!(expanded().as_deref(), Some("false"));
    // Browsers click a focused button at Enter and at the space bar.
    assert!(page.has(&format!("button{BUTTON}[type=button]")));
    page.focus(BUTTON);
    assert!(page.has_focus(BUTTON));
    page.click(BUTTON).await;
    assert_eq!(expanded().as_deref(), Some("true"));
    assert_eq!(page.attribute(BUTTON, "aria-controls"), page.attribute(PANEL, "id"));
    page.focus(".st-devtools-body");
    assert!(page.has_focus(".st-devtools-body"), "the keyboard can't scroll it");
    page.press(".st-devtools-body", "Escape").await;
    assert!(!page.has(PANEL) && page.has_focus(BUTTON));
    assert_eq!(expanded().as_deref(), Some("false"));
    page.click(BUTTON).await;
    page.focus(".st-devtools-close");
    page.click(".st-devtools-close").await;
    assert!(!page.has(PANEL) && page.has_focus(BUTTON));
    page.click(BUTTON).await;
    page.press(BUTTON, "a").await;
    assert!(page.has(PANEL));
}

pub(crate) async fn its_style_is_its_own_and_is_removed_with_it<F: Framework>() {
    let sheets = || js_sys::eval("document.adoptedStyleSheets.length").unwrap().as_f64();
    // A framework may unmount the page of the previous case in a task.
    settle().await;
    let before = sheets();
    let backend = Backend::signed_in("ann");
    let page = open::<F>(&backend, Probe::new()).await;
    let style = |selector: &str, property: &str| {
        let code = format!("getComputedStyle(document.querySelector('{selector}')).{property}");
        js_sys::eval(&code).unwrap().as_string().unwrap()
    };
    assert_eq!(style(BUTTON, "position"), "fixed");
    assert_eq!([style("#sign-out", "position"), style("#sign-out", "fontWeight")], ["static", "400"]);
    assert!(sheets() > before);
    let dot = || style(".st-devtools-dot", "backgroundColor");
    let signed_in = dot();
    backend.respond(Response::removed(200));
    page.click("#sign-out").await;
    assert_ne!(dot(), signed_in);
    drop(page);
    settle().await;
    assert_eq!(sheets(), before);
}
