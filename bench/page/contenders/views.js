// Signals, gates and the provider, in wasm.

import init, { gates, mounts, signal_reads } from "/wasm/views.js";

export const load = async () => (await init({ module_or_path: "/wasm/views_bg.wasm" })).memory;

export const make = (api) => ({
  mounts: (count) => mounts(api, count),
  signals: (count) => signal_reads(api, count),
  gates: async (count, rounds) => Array.from(await gates(api, count, rounds)),
});
