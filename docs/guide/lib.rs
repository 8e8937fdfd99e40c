//! The guide of the project as modules, so that `cargo test -p guide --doc` compiles its examples. `mdbook build docs/guide`
//! makes a website of it.
//!
//! The chapters about pages that a server renders are in the library of `tests/ssr`: Leptos' feature `ssr` excludes `csr`.

#![cfg(doctest)]

#[doc = include_str!("src/getting-started.md")]
pub mod getting_started {}

#[doc = include_str!("src/client-rendered.md")]
pub mod client_rendered {}

#[doc = include_str!("src/yew.md")]
pub mod yew {}

#[doc = include_str!("src/sign-in.md")]
pub mod sign_in {}

#[doc = include_str!("src/session.md")]
pub mod session {}

#[doc = include_str!("src/guards.md")]
pub mod guards {}

#[doc = include_str!("src/api.md")]
pub mod api {}

#[doc = include_str!("src/tabs.md")]
pub mod tabs {}

#[doc = include_str!("src/interception.md")]
pub mod interception {}

#[doc = include_str!("src/settings.md")]
pub mod settings {}

#[doc = include_str!("src/server.md")]
pub mod server {}

#[doc = include_str!("src/migrating.md")]
pub mod migrating {}

#[doc = include_str!("src/migrating-auth-react.md")]
pub mod migrating_auth_react {}

#[doc = include_str!("src/migrating-web-js.md")]
pub mod migrating_web_js {}

#[doc = include_str!("src/native.md")]
pub mod native {}

#[doc = include_str!("src/subdomains.md")]
pub mod subdomains {}

#[doc = include_str!("src/errors.md")]
pub mod errors {}

#[doc = include_str!("src/devtools.md")]
pub mod devtools {}

#[doc = include_str!("src/security.md")]
pub mod security {}

#[doc = include_str!("src/components.md")]
pub mod components {}

#[doc = include_str!("src/internals.md")]
pub mod internals {}

#[doc = include_str!("src/benchmarks.md")]
pub mod benchmarks {}

#[doc = include_str!("src/compatibility.md")]
pub mod compatibility {}
