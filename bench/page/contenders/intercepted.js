// An app without session code: it calls plain fetch, and the client in wasm intercepts it.

import init, { Intercepted } from "/wasm/intercepted.js";
import { loops } from "./plain.js";

export const load = async () => (await init({ module_or_path: "/wasm/intercepted_bg.wasm" })).memory;

export function make(api, mode) {
  const page = new Intercepted(api, mode === "header");
  page.intercept(true);
  async function viaFetch(url) {
    const response = await fetch(url);
    await response.text();
    return response.status === 200 ? 1 : 0;
  }
  const viaXhr = (url) => new Promise((resolve) => {
    const xhr = new XMLHttpRequest();
    xhr.onloadend = () => resolve(xhr.responseText && xhr.status === 200 ? 1 : 0);
    xhr.open("GET", url);
    xhr.send();
  });
  return {
    ...loops(viaFetch),
    xhr: loops(viaXhr).get,
    intercept: (on) => page.intercept(on),
  };
}
