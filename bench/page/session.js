// The session protocol and its cookies, for the floor and for the page.

const FOREVER = ";expires=Fri, 31 Dec 9999 23:59:59 GMT;path=/;samesite=lax";
const NEVER = ";expires=Thu, 01 Jan 1970 00:00:00 GMT;path=/;samesite=lax";

export const write = (name, value) => { document.cookie = name + "=" + (value ? value + FOREVER : NEVER); };

/** All cookies by name, in one read. */
export function cookies() {
  const found = {};
  for (const pair of document.cookie.split("; ")) {
    const at = pair.indexOf("=");
    found[pair.slice(0, at)] ??= pair.slice(at + 1);
  }
  return found;
}

/** Stores the session's headers of a response. */
export function save(response) {
  const headers = response.headers;
  const front = headers.get("front-token"), access = headers.get("st-access-token"), refresh = headers.get("st-refresh-token");
  const csrf = headers.get("anti-csrf");
  if (front === null && access === null && refresh === null && csrf === null) return;
  if (front === "remove") {
    for (const name of ["sFrontToken", "st-access-token", "st-refresh-token", "sAntiCsrf"]) write(name, "");
  } else {
    if (front !== null) write("sFrontToken", front);
    if (access !== null) write("st-access-token", access);
    if (refresh !== null) write("st-refresh-token", refresh);
    if (csrf !== null) write("sAntiCsrf", csrf);
  }
  write("st-last-access-token-update", String(Date.now()));
  // Other tabs see a written cookie only after it was read back.
  void document.cookie;
}

export const decode = (text) => JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(text), (c) => c.charCodeAt(0))));
export const encode = (front) => btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(front))));
