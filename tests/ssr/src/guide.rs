//! The chapters of the guide about pages that a server renders: `cargo test -p ssr --doc` compiles their examples. The
//! package `guide` has the others.

#[doc = include_str!("../../../docs/guide/src/server-rendered.md")]
pub mod server_rendered {}

#[doc = include_str!("../../../docs/guide/src/rendering.md")]
pub mod rendering {}
