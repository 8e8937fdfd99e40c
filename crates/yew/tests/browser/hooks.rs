//! What is special to Yew: components render often, with new props.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use browser_cases::{Backend, Page, Probe, Response, SECRET, dispatch_from_cache, microtasks, settle};
use supertokens_yew::{
    Protected, ProviderSource, Require, Session, SessionClient, SessionEvent, SessionProvider, use_session,
    use_session_event, use_user_id,
};
use wasm_bindgen_test::wasm_bindgen_test;
use yew::{html::IntoPropValue, prelude::*};
use yew_router::BrowserRouter;

use crate::site::Mounted;

/// The callback that renders the app again, and the session.
type Handles = (Callback<()>, Session);

/// An app that creates its provider's props at each render.
#[derive(Properties)]
struct AppProps {
    config: Rc<dyn Fn() -> ProviderSource>,
    out: Rc<RefCell<Option<Handles>>>,
    renders: Probe,
    events: Rc<RefCell<Vec<SessionEvent>>>,
}

impl PartialEq for AppProps {
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

#[component]
fn App(props: &AppProps) -> Html {
    let (update, count) = (use_force_update(), use_mut_ref(|| 0));
    *count.borrow_mut() += 1;
    let is_first = *count.borrow() == 1;
    let events = props.events.clone();
    let listener =
        is_first.then(|| html! { <Listener on_event={move |event| events.borrow_mut().push(event)}/> });
    let out = props.out.clone();
    let on_session = move |session| {
        let update = update.clone();
        out.replace(Some((Callback::from(move |()| update.force_update()), session)));
    };
    html! {
        <SessionProvider config={(props.config)()} login={format!("/login-{}", count.borrow())}>
            <Inside renders={props.renders} {on_session}/>
            {listener}
        </SessionProvider>
    }
}

#[derive(Properties, PartialEq)]
struct InsideProps {
    renders: Probe,
    on_session: Callback<Session>,
}

#[component]
fn Inside(props: &InsideProps) -> Html {
    let session = use_session();
    let (on_session, given) = (props.on_session.clone(), session.clone());
    use_memo((), |()| on_session.emit(given));
    html! { <User probe={props.renders}/> }
}

#[derive(Properties, PartialEq)]
struct UserProps {
    probe: Probe,
}

#[component]
fn User(UserProps { probe }: &UserProps) -> Html {
    let user = use_user_id();
    probe.show(&user);
    html! { {user.unwrap_or_default()} }
}

#[derive(Properties, PartialEq)]
struct ListenerProps {
    on_event: Callback<SessionEvent>,
}

#[component]
fn Listener(props: &ListenerProps) -> Html {
    use_session_event(props.on_event.clone());
    Html::default()
}

struct Case {
    page: Page,
    render_again: Callback<()>,
    session: Session,
    renders: Probe,
    events: Rc<RefCell<Vec<SessionEvent>>>,
}

async fn open(config: impl Fn() -> ProviderSource + 'static) -> Case {
    let (out, renders, events) = (Rc::default(), Probe::new(), Rc::default());
    let props =
        AppProps { config: Rc::new(config), out: Rc::clone(&out), renders, events: Rc::clone(&events) };
    let page = Page::open("/", |element| {
        Box::new(Mounted(Some(yew::Renderer::<App>::with_root_and_props(element.into(), props).render())))
    })
    .await;
    let (render_again, session) = out.take().unwrap();
    Case { page, render_again, session, renders, events }
}

#[wasm_bindgen_test]
async fn the_first_client_counts_when_the_parent_renders_again() {
    let (first, other) = (Backend::signed_in("u1"), Backend::signed_in("u2"));
    let sources = RefCell::new(vec![first.clone()]);
    let later = other.clone();
    let case =
        open(move || sources.borrow_mut().pop().unwrap_or(later.clone()).client().into_prop_value()).await;
    for _ in 0..3 {
        case.render_again.emit(());
        settle().await;
    }
    assert_eq!(
        (case.page.text().trim(), case.renders.all_shown().last().cloned()),
        ("u1", Some(r#"Some("u1")"#.into()))
    );
    assert_eq!(other.read_count(), 0);
    first.respond(Response::session("u3", "{}"));
    case.session.client().post("/auth/signin").send().await.unwrap();
    settle().await;
    assert_eq!(case.page.text().trim(), "u3");
}

#[wasm_bindgen_test]
async fn a_listener_ends_with_its_component() {
    let backend = Backend::signed_in("u1");
    let client = backend.client();
    let case = open(move || client.clone().into_prop_value()).await;
    let refresh = async || {
        backend.respond(Response::session("u1", "{}"));
        case.session.client().refresh().await.unwrap();
        settle().await;
    };
    refresh().await;
    assert_eq!(*case.events.borrow(), [SessionEvent::RefreshSession]);
    case.render_again.emit(());
    settle().await;
    refresh().await;
    assert_eq!(case.events.borrow().len(), 1);
}

#[wasm_bindgen_test]
async fn after_the_provider_is_unmounted_its_session_does_nothing() {
    let backend = Backend::signed_in("u1");
    let client = backend.client();
    let Case { page, session, renders, events, .. } = open(move || client.clone().into_prop_value()).await;
    drop(page);
    settle().await;
    let before = (backend.read_count(), renders.renders());
    session.recheck();
    session.sign_out();
    settle().await;
    assert_eq!((backend.read_count(), renders.renders()), before);
    assert!(backend.requests().is_empty());
    backend.respond(Response::session("u2", "{}"));
    session.client().post("/auth/signin").send().await.unwrap();
    settle().await;
    assert_eq!((renders.renders(), events.borrow().len()), (before.1, 0));
}

/// A page whose rendering takes long, with a guarded view.
#[derive(Properties, PartialEq)]
struct SlowAppProps {
    client: Client,
    slow: Slow,
}

#[derive(Clone)]
struct Client(SessionClient);

impl PartialEq for Client {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

#[component]
fn SlowApp(props: &SlowAppProps) -> Html {
    html! {
        <SessionProvider config={props.client.0.clone()}>
            <BrowserRouter>
                <Protected require={Require::role("admin")} denied={html! { "denied" }}>{SECRET}</Protected>
            </BrowserRouter>
            <SlowEffect slow={props.slow.clone()}/>
        </SessionProvider>
    }
}

/// How often the effect still takes long, and what renders the component.
#[derive(Clone, Default)]
struct Slow(Rc<Cell<u32>>, Rc<RefCell<Option<Callback<()>>>>);

impl PartialEq for Slow {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

#[derive(Properties, PartialEq)]
struct SlowProps {
    slow: Slow,
}

#[component]
fn SlowEffect(SlowProps { slow: Slow(left, render) }: &SlowProps) -> Html {
    let update = use_force_update();
    let again = update.clone();
    render.replace(Some(Callback::from(move |()| again.force_update())));
    let left = left.clone();
    use_effect(move || {
        if left.get() > 0 {
            left.set(left.get() - 1);
            let end = js_sys::Date::now() + 30.0;
            while js_sys::Date::now() < end {}
            update.force_update();
        }
    });
    Html::default()
}

/// Yew renders after a timer then, and the browser may paint before it fires.
#[wasm_bindgen_test]
async fn a_page_from_the_cache_is_covered_until_yew_has_rendered() {
    let backend = Backend::signed_in_with("u1", r#"{"st-role":{"v":["admin"],"t":1}}"#);
    let slow = Slow::default();
    let props = SlowAppProps { client: Client(backend.client()), slow: slow.clone() };
    let page = Page::open("/", |element| {
        Box::new(Mounted(Some(yew::Renderer::<SlowApp>::with_root_and_props(element.into(), props).render())))
    })
    .await;
    assert_eq!(page.text().trim(), SECRET);
    dispatch_from_cache("pagehide");
    backend.replace_store(&Backend::signed_in("u1"));
    slow.0.set(1);
    slow.1.borrow().clone().unwrap().emit(());
    microtasks().await;
    assert_eq!(slow.0.get(), 0, "Yew waits for a timer");
    dispatch_from_cache("pageshow");
    for _ in 0..20 {
        assert!(!page.text().contains(SECRET), "{}", page.text());
        microtasks().await;
    }
    settle().await;
    assert_eq!(page.text().trim(), "denied");
}
