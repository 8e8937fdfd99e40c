// The client, in wasm. Its loops are in Rust.

import init, { Ours } from "/wasm/ours.js";

export const load = async () => (await init({ module_or_path: "/wasm/ours_bg.wasm" })).memory;

export function make(api, mode) {
  const ours = new Ours(api, mode === "header");
  const names = ["get", "parallel", "exists", "payload", "lock", "storage_lock"];
  return Object.fromEntries(names.map((name) => [name, (...args) => ours[name](...args)]));
}
