//! The routes and their guards.

use example_shared::who::{
    administrators, draft_writers, editors, nicknamed, user_readers, verified, with_second_factor,
};
use supertokens_yew::{Protected, Require};
use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    components::{ClosedSection, Loading, Unreachable},
    pages::{
        Admin, Dashboard, Doors, Drafts, Inside, Invoices, Live, Login, MagicLink, Newsroom,
        NewsroomOverview, NotFound, Orders, Outside, ProviderCallback, Readers, ResetPassword,
        SecondFactorPage, Vault, VerifyEmail,
    },
};

#[derive(Debug, Clone, Copy, PartialEq, Routable)]
pub(crate) enum Route {
    #[at("/")]
    Dashboard,
    #[at("/login")]
    Login,
    #[at("/login/reset-password")]
    ResetPassword,
    #[at("/login/link")]
    MagicLink,
    #[at("/login/callback")]
    ProviderCallback,
    #[at("/orders")]
    Orders,
    #[at("/live")]
    Live,
    #[at("/invoices")]
    Invoices,
    #[at("/verify-email")]
    VerifyEmail,
    #[at("/vault")]
    Vault,
    #[at("/second-factor")]
    SecondFactor,
    #[at("/newsroom")]
    Newsroom,
    #[at("/newsroom/drafts")]
    Drafts,
    #[at("/newsroom/readers")]
    Readers,
    #[at("/doors")]
    Doors,
    #[at("/doors/role")]
    RoleDoor,
    #[at("/doors/permission")]
    PermissionDoor,
    #[at("/doors/nickname")]
    NicknameDoor,
    #[at("/admin")]
    Admin,
    #[not_found]
    #[at("/404")]
    NotFound,
}

/// The page of a route. A key for each, so that no page takes over the state of another one.
pub(crate) fn page(route: Route) -> Html {
    let outside = || html! { <Outside/> };
    match route {
        Route::Dashboard => html! { <Guarded key="dashboard"><Dashboard/></Guarded> },
        Route::Login => html! { <Login/> },
        Route::ResetPassword => html! { <ResetPassword/> },
        Route::MagicLink => html! { <MagicLink/> },
        Route::ProviderCallback => html! { <ProviderCallback/> },
        Route::Orders => html! { <Guarded key="orders"><Orders/></Guarded> },
        Route::Live => html! { <Guarded key="live"><Live/></Guarded> },
        Route::Invoices => html! { <Guarded key="invoices" require={verified()}><Invoices/></Guarded> },
        Route::VerifyEmail => html! { <Guarded key="verify-email"><VerifyEmail/></Guarded> },
        Route::Vault => html! { <Guarded key="vault" require={with_second_factor()}><Vault/></Guarded> },
        Route::SecondFactor => html! { <Guarded key="second-factor"><SecondFactorPage/></Guarded> },
        // The frame around these three, which stays. It shows `newsroom_section`.
        Route::Newsroom | Route::Drafts | Route::Readers => {
            html! { <Guarded key="newsroom"><Newsroom/></Guarded> }
        }
        Route::Doors => html! { <Guarded key="doors"><Doors/></Guarded> },
        Route::RoleDoor => html! {
            <Guarded key="role" require={administrators()} denied={outside()}><Inside/></Guarded>
        },
        Route::PermissionDoor => html! {
            <Guarded key="permission" require={draft_writers()} denied={outside()}><Inside/></Guarded>
        },
        Route::NicknameDoor => html! {
            <Guarded key="nickname" require={nicknamed()} denied={outside()}><Inside/></Guarded>
        },
        // This route has no requirement, so it shows how the API denies access.
        Route::Admin => html! { <Guarded key="admin"><Admin/></Guarded> },
        Route::NotFound => html! { <NotFound/> },
    }
}

/// The nested page of a route of the newsroom.
pub(crate) fn newsroom_section(route: Route) -> Html {
    let denied = || html! { <ClosedSection/> };
    match route {
        Route::Drafts => html! {
            <Guarded key="drafts" require={editors()} denied={denied()}><Drafts/></Guarded>
        },
        Route::Readers => html! {
            <Guarded key="readers" require={user_readers()} denied={denied()}><Readers/></Guarded>
        },
        _ => html! { <NewsroomOverview/> },
    }
}

#[derive(Properties, PartialEq)]
struct GuardedProps {
    #[prop_or_default]
    require: Require,
    #[prop_or_default]
    denied: Option<Html>,
    children: Html,
}

/// A guard with the app's own views.
#[component]
fn Guarded(props: &GuardedProps) -> Html {
    let GuardedProps { require, denied, children } = props;
    html! {
        <Protected
            require={require.clone()}
            denied={denied.clone()}
            fallback={html! { <Loading/> }}
            unreachable={html! { <Unreachable/> }}
        >
            {children.clone()}
        </Protected>
    }
}
