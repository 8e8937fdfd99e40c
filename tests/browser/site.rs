//! The sites of the shared cases, shown by Leptos.

use std::{any::Any, rc::Rc, sync::Arc};

use browser_cases::{
    CONTEXT, Contract, Framework, Guarded, Probe, Profile, Requirement, Route, SECRET, SessionHandle, Site,
    Value, View,
};
use leptos::{
    component::component_props_builder, mount::mount_to, prelude::*, tachys::view::iterators::StaticVec,
};
use leptos_router::{
    NestedRoute, ParamSegment, PossibleRouteMatch, StaticSegment,
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::{A, Outlet, RouteChildren, Router, Routes, RoutesProps},
    hooks::{use_params_map, use_query_map},
};
use send_wrapper::SendWrapper;
use supertokens_leptos::{
    ProtectedParentRoute, ProtectedRoute, Require, ReturnAddress, Session, SessionClient, SessionDevtools,
    SessionLoading, SessionProvider, SessionStatus, SignedIn, SignedOut,
    claims::{PrimitiveClaim, roles},
    platform::LocalBoxFuture,
    try_use_session, use_claim_value, use_denied, use_return_address, use_session,
};
use web_sys::HtmlElement;

pub struct Leptos;

impl Framework for Leptos {
    fn mount(element: HtmlElement, site: Rc<Site>) -> Box<dyn Any> {
        Box::new(mount_to(element, move || app(&site)))
    }
}

/// The session of an app, for its probe.
pub struct Handle(pub Session);

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
        Box::pin(self.0.ready())
    }
}

/// Requirements track this.
#[derive(Clone, Copy)]
struct Renders(RwSignal<u32>);

#[derive(Clone)]
struct ParentContext(&'static str);

fn app(site: &Rc<Site>) -> impl IntoView + use<> {
    let renders = RwSignal::new(0);
    provide_context(Renders(renders));
    let on_event = SendWrapper::new(site.on_event.clone());
    let on_event = move |event| {
        if let Some(on_event) = &*on_event {
            on_event(event);
        }
    };
    let outside = site.outside.as_ref().map(show);
    let (source, login, shared) = (site.source.clone(), site.login, SendWrapper::new(site.clone()));
    let children = move || {
        shared.probe.rendered();
        let session = Rc::new(Handle(use_session()));
        shared.probe.start(session, move || renders.update(|renders| *renders += 1));
        let children = RouteChildren::to_children(|| routes(&shared.routes));
        let pages =
            move || Routes(RoutesProps::builder().fallback(|| "not found").children(children).build());
        view! { <Router base=shared.base>{shared.header.iter().map(show).collect_view()} {pages()}</Router> }
    };
    let provider = match login {
        None => view! { <SessionProvider config=source on_event>{children()}</SessionProvider> }.into_any(),
        Some(login) => {
            view! { <SessionProvider config=source login on_event>{children()}</SessionProvider> }.into_any()
        }
    };
    view! { {provider} <p id="outside">{outside}</p> }
}

type Path = Arc<dyn PossibleRouteMatch + Send + Sync>;

/// The path as the macro `path!` makes it.
fn segments(path: &'static str) -> Path {
    let segments = path.split('/').filter(|segment| !segment.is_empty());
    let segments = segments.map(|segment| match segment.strip_prefix(':') {
        None => Arc::new((StaticSegment(segment),)) as Path,
        Some(name) => Arc::new((ParamSegment(name),)),
    });
    let root = if path == "/" { Arc::new((StaticSegment("/"),)) as Path } else { Arc::new(()) };
    segments.reduce(|path, segment| Arc::new((path, segment))).unwrap_or(root)
}

fn routes(all: &[Route]) -> StaticVec<AnyNestedRoute> {
    all.iter().map(route).collect::<Vec<_>>().into()
}

/// A guarded route, with or without a view for denied users.
macro_rules! guarded {
    ($guard:expr, $component:ident, $path:ident, $view:ident, $($children:tt)*) => {{
        let Guarded { require, fallback, denied, on_session_expired, with_global_validators } = $guard.clone();
        let on_expired = SendWrapper::new(on_session_expired);
        let on_session_expired = move || {
            if let Some(on_expired) = &*on_expired {
                on_expired();
            }
        };
        // `view!` shows a block of children, and these are routes.
        let props = component_props_builder(&$component)
            .path($path)
            .view($view)
            .require(requirement(require))
            .fallback(shown(&fallback))
            .on_session_expired(on_session_expired)
            .with_global_validators(with_global_validators)
            $($children)*;
        match denied {
            None => $component(props.build()).into_any_nested_route(),
            Some(denied) => $component(props.denied(shown(&denied)).build()).into_any_nested_route(),
        }
    }};
}

fn route(route: &Route) -> AnyNestedRoute {
    let (path, view, children) = (segments(route.path), shown(&route.view), routes(&route.children));
    match (&route.guard, route.children.is_empty()) {
        (None, true) => NestedRoute::new(path, view).into_any_nested_route(),
        (None, false) => NestedRoute::new(path, view).child(children).into_any_nested_route(),
        (Some(guard), true) => guarded!(guard, ProtectedRoute, path, view,),
        (Some(guard), false) => {
            guarded!(guard, ProtectedParentRoute, path, view, .children(RouteChildren::to_children(|| children)))
        }
    }
}

/// A requirement that is created again when the probe asks for it.
fn requirement(require: Requirement) -> Signal<Require> {
    let (require, renders) = (SendWrapper::new(require), use_context::<Renders>().unwrap());
    Signal::derive(move || {
        renders.0.track();
        require()
    })
}

/// A function that shows the view.
fn shown(view: &View) -> impl Fn() -> AnyView + Send + Sync + Clone + use<> {
    let view = SendWrapper::new(view.clone());
    move || show(&view)
}

fn show(view: &View) -> AnyView {
    match view {
        View::Text(text) => (*text).into_any(),
        View::All(views) => views.iter().map(show).collect_view().into_any(),
        View::Secret => view! { <p>{SECRET}</p><input id="draft"/> }.into_any(),
        View::Counted(probe, view) => {
            let probe = SendWrapper::new(*probe);
            probe.rendered();
            probe.built();
            on_cleanup(move || probe.removed());
            show(view)
        }
        View::Outlet => view! { <Outlet/> }.into_any(),
        View::Context(view) => {
            provide_context(ParentContext(CONTEXT));
            show(view)
        }
        View::ReadContext => use_context::<ParentContext>().map(|context| context.0).into_any(),
        View::Item => item().into_any(),
        View::ReturnWhenSignedIn(default) => {
            use_return_address(default).go_when_signed_in();
            ().into_any()
        }
        View::ReturnOverSteps(default, require) => {
            use_return_address(default).step_up(require()).go_when_signed_in();
            ().into_any()
        }
        View::ReturnLink(id, default) => {
            view! { <a id=*id href=use_return_address(default).href()></a> }.into_any()
        }
        View::StepUp => step_up_page(use_return_address("/")),
        View::StepOfSeveral(require) => step_up_page(use_return_address("/").step_up(require())),
        View::Reasons => {
            let ids: Vec<String> = use_denied().reasons.into_iter().map(|reason| reason.id).collect();
            format!("denied for {}", ids.join(", ")).into_any()
        }
        View::User => {
            let user = use_session().user_id().get_untracked();
            view! { <p>"page of " {user}</p><input class="draft"/> }.into_any()
        }
        View::Link(id, to) => view! { <A href=*to attr:id=*id>""</A> }.into_any(),
        View::Devtools => view! { <SessionDevtools/> }.into_any(),
        View::Panel => panel().into_any(),
        View::Payload => payload().into_any(),
        View::HasSession => try_use_session().is_some().to_string().into_any(),
        View::Read(probe, value) => read(*probe, value),
        View::SignedIn { require, view, fallback, loading } => {
            let (view, fallback, loading) = (shown(view), shown(fallback), shown(loading));
            match require.clone() {
                None => view! { <SignedIn fallback loading>{view()}</SignedIn> }.into_any(),
                Some(require) => {
                    view! { <SignedIn require=requirement(require) fallback loading>{view()}</SignedIn> }
                        .into_any()
                }
            }
        }
        View::SignedOut { view, fallback, loading } => {
            let (view, fallback, loading) = (shown(view), shown(fallback), shown(loading));
            view! { <SignedOut fallback loading>{view()}</SignedOut> }.into_any()
        }
        View::SessionLoading(view) => {
            let view = shown(view);
            view! { <SessionLoading>{view()}</SessionLoading> }.into_any()
        }
    }
}

fn item() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let context = use_context::<ParentContext>().map(|context| context.0);
    move || format!("item {:?} {:?} {context:?}", params.get().get("id"), query.get().get("tab"))
}

fn step_up_page(return_address: ReturnAddress) -> AnyView {
    view! { <p>"step-up page"</p><button id="done" on:click=move |_| return_address.go()></button> }
        .into_any()
}

fn panel() -> impl IntoView {
    let session = use_session();
    view! {
        <p>{move || format!("{:?} {:?}", session.status().get(), session.user_id().get())}</p>
        <button id="recheck" on:click=move |_| session.recheck()></button>
        <button id="sign-out" on:click=move |_| session.sign_out()></button>
        <p id="error">{move || session.error().get().map(|error| error.to_string())}</p>
    }
}

fn payload() -> impl IntoView {
    let session = use_session();
    let profile = session.payload::<Profile>();
    view! {
        <p id="plan">{move || profile.get().map(|profile| profile.plan)}</p>
        <p id="raw">{move || session.raw_payload().get().map(|raw| raw.to_string())}</p>
        <p id="fits">{move || session.try_payload::<Profile>().get().map(|fits| fits.is_ok().to_string())}</p>
    }
}

fn read(probe: Probe, value: &Value) -> AnyView {
    let session = use_session();
    match value.clone() {
        Value::Status => read_signal(probe, session.status()),
        Value::User => read_signal(probe, session.user_id()),
        Value::ExpiresAt => read_signal(probe, session.expires_at()),
        Value::Error => read_signal(probe, session.error()),
        Value::Profile => read_signal(probe, session.payload::<Profile>()),
        Value::Contract => read_signal(probe, session.payload::<Contract>()),
        Value::Allows(require) => read_signal(probe, session.allows(requirement(require))),
        Value::Denial(require) => {
            let denied = session.denied(requirement(require));
            let expected =
                move || denied.get().map(|denied| denied.reasons[0].reason()["expectedToInclude"].clone());
            read_signal(probe, Signal::derive(expected))
        }
        Value::Claims => {
            let plan = use_claim_value(PrimitiveClaim::<String>::new("plan"));
            let roles = use_claim_value(roles());
            read_signal(probe, Signal::derive(move || (plan.get(), roles.get())))
        }
    }
}

fn read_signal<T: std::fmt::Debug + Clone + Send + Sync + 'static>(
    probe: Probe,
    signal: Signal<T>,
) -> AnyView {
    let probe = SendWrapper::new(probe);
    (move || probe.show(signal.get())).into_any()
}
