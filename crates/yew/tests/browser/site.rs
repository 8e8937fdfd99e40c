//! The sites of the shared cases, shown by Yew.

use std::{any::Any, rc::Rc};

use browser_cases::{
    CONTEXT, Contract, Framework, Guarded, Probe, Profile, Requirement, Route, SECRET, SessionHandle, Site,
    Value, View, settle,
};
use supertokens_yew::{
    Protected, Require, Session, SessionClient, SessionDevtools, SessionLoading, SessionProvider,
    SessionStatus, SignedIn, SignedOut,
    claims::{PrimitiveClaim, roles},
    platform::LocalBoxFuture,
    use_allows, use_claim_value, use_denial, use_denied, use_expires_at, use_go_when_signed_in, use_payload,
    use_raw_payload, use_return_address, use_return_when_signed_in, use_session, use_session_error,
    use_session_status, use_try_payload, use_try_session, use_user_id,
};
use web_sys::HtmlElement;
use yew::prelude::*;
use yew_router::{AnyRoute, prelude::*};

pub struct Yew;

impl Framework for Yew {
    fn mount(element: HtmlElement, site: Rc<Site>) -> Box<dyn Any> {
        let app = yew::Renderer::<App>::with_root_and_props(element.into(), AppProps { site }).render();
        Box::new(Mounted(Some(app)))
    }

    /// Yew renders in a microtask, or after a timer if rendering takes long.
    fn rendered() -> impl Future<Output = ()> {
        settle()
    }
}

/// Unmounts the app when it is dropped.
pub struct Mounted<C: BaseComponent>(pub Option<yew::AppHandle<C>>);

impl<C: BaseComponent> Drop for Mounted<C> {
    fn drop(&mut self) {
        if let Some(app) = self.0.take() {
            app.destroy();
        }
    }
}

struct Handle(Session);

impl SessionHandle for Handle {
    fn client(&self) -> SessionClient {
        self.0.client()
    }

    fn recheck(&self) {
        self.0.recheck();
    }

    fn sign_out(&self) {
        self.0.sign_out();
    }

    fn ready(&self) -> LocalBoxFuture<'static, SessionStatus> {
        let session = self.0.clone();
        Box::pin(async move { session.ready().await })
    }
}

#[derive(Properties)]
struct AppProps {
    site: Rc<Site>,
}

impl PartialEq for AppProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.site, &other.site)
    }
}

#[component]
fn App(AppProps { site }: &AppProps) -> Html {
    let update = use_force_update();
    let on_event = site.on_event.clone().map(|on_event| Callback::from(move |event| on_event(event)));
    let basename = (!site.base.is_empty()).then_some(site.base);
    let pages = site.clone();
    let render = Callback::from(move |route: AnyRoute| page(&pages, &route.to_path()));
    html! {
        <>
            <SessionProvider config={site.source.clone()} login={site.login} {on_event}>
                <GetSession probe={site.probe} render_again={move |()| update.force_update()}/>
                <BrowserRouter {basename}>
                    {for site.header.iter().map(|view| show(view, &Html::default()))}
                    <Switch<AnyRoute> {render}/>
                </BrowserRouter>
            </SessionProvider>
            <p id="outside">{for site.outside.iter().map(|view| show(view, &Html::default()))}</p>
        </>
    }
}

#[derive(Properties)]
struct GetSessionProps {
    probe: Probe,
    render_again: Callback<()>,
}

impl PartialEq for GetSessionProps {
    fn eq(&self, other: &Self) -> bool {
        self.probe == other.probe
    }
}

#[component]
fn GetSession(GetSessionProps { probe, render_again }: &GetSessionProps) -> Html {
    probe.rendered();
    let (session, render_again) = (use_session(), render_again.clone());
    use_memo((), |()| probe.start(Rc::new(Handle(session)), move || render_again.emit(())));
    Html::default()
}

/// The page at this path of the app.
fn page(site: &Site, path: &str) -> Html {
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let Some(routes) = matched(&site.routes, &segments) else { return html! { "not found" } };
    routes.into_iter().rev().fold(Html::default(), |child, route| {
        let view = show(&route.view, &child);
        match &route.guard {
            None => view,
            Some(guard) => guarded(guard, view),
        }
    })
}

/// The route of this path, below its parents.
fn matched<'a>(routes: &'a [Route], segments: &[&str]) -> Option<Vec<&'a Route>> {
    routes.iter().find_map(|route| {
        let own: Vec<&str> = route.path.split('/').filter(|segment| !segment.is_empty()).collect();
        let is_equal = |(own, given): (&&str, &&str)| own == given || own.starts_with(':');
        let (head, rest) = segments.split_at_checked(own.len())?;
        if !own.iter().zip(head).all(is_equal) {
            return None;
        }
        let children = match route.children.is_empty() {
            true => rest.is_empty().then(Vec::new)?,
            false => matched(&route.children, rest)?,
        };
        Some([vec![route], children].concat())
    })
}

fn guarded(guard: &Guarded, view: Html) -> Html {
    let Guarded { require, fallback, denied, on_session_expired, with_global_validators } = guard;
    let on_expired = on_session_expired.clone();
    let on_session_expired = Callback::from(move |()| {
        if let Some(on_expired) = &on_expired {
            on_expired();
        }
    });
    let (require, fallback, with_global_validators) =
        (require(), show(fallback, &Html::default()), *with_global_validators);
    match denied {
        None => html! {
            <Protected {require} {fallback} {on_session_expired} {with_global_validators}>{view}</Protected>
        },
        Some(denied) => html! {
            <Protected
                {require}
                {fallback}
                denied={show(denied, &Html::default())}
                {on_session_expired}
                {with_global_validators}
            >
                {view}
            </Protected>
        },
    }
}

/// Shows a view. `child` is the page below it.
fn show(view: &View, child: &Html) -> Html {
    let show = |view| show(view, child);
    match view {
        View::Text(text) => html! { {text} },
        View::All(views) => html! { <>{for views.iter().map(show)}</> },
        View::Secret => html! { <><p>{SECRET}</p><input id="draft"/></> },
        View::Counted(probe, view) => html! { <Counted probe={*probe}>{show(view)}</Counted> },
        View::Outlet => child.clone(),
        View::Context(view) => html! {
            <ContextProvider<ParentContext> context={ParentContext(CONTEXT)}>{show(view)}</ContextProvider<ParentContext>>
        },
        View::ReadContext => html! { <ReadContext/> },
        View::Item => html! { <Item/> },
        View::ReturnWhenSignedIn(default) => html! { <ReturnWhenSignedIn {default}/> },
        View::ReturnOverSteps(default, require) => {
            html! { <ReturnOverSteps {default} require={require()}/> }
        }
        View::ReturnLink(id, default) => html! { <ReturnLink {id} {default}/> },
        View::StepUp => html! { <StepUp/> },
        View::StepOfSeveral(require) => html! { <StepUp require={require()}/> },
        View::Reasons => html! { <Reasons/> },
        View::User => html! { <User/> },
        View::Link(id, to) => html! { <Link {id} {to}/> },
        View::Devtools => html! { <SessionDevtools/> },
        View::Panel => html! { <Panel/> },
        View::Payload => html! { <Payload/> },
        View::HasSession => html! { <HasSession/> },
        View::Read(probe, value) => read(*probe, value),
        View::SignedIn { require, view, fallback, loading } => match require {
            None => {
                html! { <SignedIn fallback={show(fallback)} loading={show(loading)}>{show(view)}</SignedIn> }
            }
            Some(require) => html! {
                <SignedIn require={require()} fallback={show(fallback)} loading={show(loading)}>{show(view)}</SignedIn>
            },
        },
        View::SignedOut { view, fallback, loading } => html! {
            <SignedOut fallback={show(fallback)} loading={show(loading)}>{show(view)}</SignedOut>
        },
        View::SessionLoading(view) => html! { <SessionLoading>{show(view)}</SessionLoading> },
    }
}

#[derive(Properties, PartialEq)]
struct CountedProps {
    probe: Probe,
    children: Html,
}

#[component]
fn Counted(CountedProps { probe, children }: &CountedProps) -> Html {
    probe.rendered();
    use_memo((), |()| probe.built());
    use_effect_with((), {
        let probe = *probe;
        move |()| move || probe.removed()
    });
    children.clone()
}

#[derive(Clone, PartialEq)]
struct ParentContext(&'static str);

#[component]
fn ReadContext() -> Html {
    let context = use_context::<ParentContext>();
    html! { {context.map_or("", |context| context.0)} }
}

#[component]
fn Item() -> Html {
    let (location, context) = (use_location(), use_context::<ParentContext>().map(|context| context.0));
    let id = location.as_ref().and_then(|location| Some(location.path().rsplit('/').next()?.to_owned()));
    let query = location.as_ref().map(|location| location.query_str().trim_start_matches('?').to_owned());
    let tab = query.as_deref().unwrap_or_default().split('&').find_map(|pair| pair.strip_prefix("tab="));
    html! { {format!("item {id:?} {tab:?} {context:?}")} }
}

#[derive(Properties, PartialEq)]
struct ReturnProps {
    #[prop_or_default]
    id: &'static str,
    default: &'static str,
}

#[component]
fn ReturnWhenSignedIn(props: &ReturnProps) -> Html {
    use_return_when_signed_in(props.default);
    Html::default()
}

#[component]
fn ReturnLink(props: &ReturnProps) -> Html {
    let return_address = use_return_address(props.default);
    html! { <a id={props.id} href={return_address.href()}></a> }
}

#[derive(Properties, PartialEq)]
struct StepsProps {
    #[prop_or("/")]
    default: &'static str,
    #[prop_or_default]
    require: Require,
}

#[component]
fn ReturnOverSteps(props: &StepsProps) -> Html {
    let return_address = use_return_address(props.default);
    use_go_when_signed_in(return_address.step_up(props.require.clone()));
    Html::default()
}

#[component]
fn StepUp(props: &StepsProps) -> Html {
    // A requirement without step-up pages changes nothing.
    let return_address = use_return_address(props.default).step_up(props.require.clone());
    html! { <><p>{"step-up page"}</p><button id="done" onclick={move |_| return_address.go()}></button></> }
}

#[component]
fn Reasons() -> Html {
    let ids: Vec<String> = use_denied().reasons.into_iter().map(|reason| reason.id).collect();
    html! { {format!("denied for {}", ids.join(", "))} }
}

#[component]
fn User() -> Html {
    let user = use_user_id();
    let first = use_memo((), |()| user);
    html! { <><p>{"page of "}{(*first).clone()}</p><input class="draft"/></> }
}

#[derive(Properties, PartialEq)]
struct LinkProps {
    id: &'static str,
    to: &'static str,
}

#[component]
fn Link(LinkProps { id, to }: &LinkProps) -> Html {
    let (navigator, to) = (use_navigator(), *to);
    let onclick = move |_| {
        if let Some(navigator) = &navigator {
            navigator.push(&AnyRoute::new(to));
        }
    };
    html! { <button id={*id} {onclick}></button> }
}

#[component]
fn Panel() -> Html {
    let (session, status, user, error) =
        (use_session(), use_session_status(), use_user_id(), use_session_error());
    let signed_out = session.clone();
    html! {
        <>
            <p>{format!("{status:?} {user:?}")}</p>
            <button id="recheck" onclick={move |_| session.recheck()}></button>
            <button id="sign-out" onclick={move |_| signed_out.sign_out()}></button>
            <p id="error">{error.map(|error| error.to_string())}</p>
        </>
    }
}

#[component]
fn Payload() -> Html {
    let (plan, raw, fits) = (use_payload::<Profile>(), use_raw_payload(), use_try_payload::<Profile>());
    html! {
        <>
            <p id="plan">{plan.map(|profile| profile.plan)}</p>
            <p id="raw">{raw.map(|raw| raw.to_string())}</p>
            <p id="fits">{fits.map(|fits| fits.is_ok().to_string())}</p>
        </>
    }
}

#[component]
fn HasSession() -> Html {
    let session = use_try_session();
    html! { {session.is_some().to_string()} }
}

#[derive(Properties, PartialEq)]
struct ReadProps {
    probe: Probe,
}

/// Components that read one value each.
macro_rules! readers {
    ($($name:ident: $value:expr;)*) => {
        $(
            #[component]
            fn $name(ReadProps { probe }: &ReadProps) -> Html {
                let value = $value;
                probe.show(value);
                Html::default()
            }
        )*
    };
}

readers! {
    ReadStatus: use_session_status();
    ReadUser: use_user_id();
    ReadExpiresAt: use_expires_at();
    ReadError: use_session_error();
    ReadProfile: use_payload::<Profile>();
    ReadContract: use_payload::<Contract>();
    ReadClaims: (use_claim_value(PrimitiveClaim::<String>::new("plan")), use_claim_value(roles()));
}

#[derive(Properties)]
struct RequirementProps {
    probe: Probe,
    require: Requirement,
}

/// The requirement is created when the root renders, so the component renders too.
impl PartialEq for RequirementProps {
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

#[component]
fn ReadAllows(RequirementProps { probe, require }: &RequirementProps) -> Html {
    probe.show(use_allows(require()));
    Html::default()
}

#[component]
fn ReadDenial(RequirementProps { probe, require }: &RequirementProps) -> Html {
    let denied = use_denial(require());
    probe.show(denied.map(|denied| denied.reasons[0].reason()["expectedToInclude"].clone()));
    Html::default()
}

fn read(probe: Probe, value: &Value) -> Html {
    match value.clone() {
        Value::Status => html! { <ReadStatus {probe}/> },
        Value::User => html! { <ReadUser {probe}/> },
        Value::ExpiresAt => html! { <ReadExpiresAt {probe}/> },
        Value::Error => html! { <ReadError {probe}/> },
        Value::Profile => html! { <ReadProfile {probe}/> },
        Value::Contract => html! { <ReadContract {probe}/> },
        Value::Allows(require) => html! { <ReadAllows {probe} {require}/> },
        Value::Denial(require) => html! { <ReadDenial {probe} {require}/> },
        Value::Claims => html! { <ReadClaims {probe}/> },
    }
}
