// gloo-net, in wasm. Its loops are in Rust.

import init, { get, parallel } from "/wasm/gloo.js";

export const load = async () => (await init({ module_or_path: "/wasm/gloo_bg.wasm" })).memory;

export const make = () => ({ get, parallel });
