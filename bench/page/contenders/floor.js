// The floor: the least JavaScript that works. It has the cookies and the protocol of the others, one refresh for each
// tab, and Web Locks for all tabs. It trusts every response, handles no errors, and does not refresh ahead.

import { cookies, decode, save } from "../session.js";
import { loops } from "./plain.js";

export function make(api, mode) {
  let refreshing = null;
  const marker = () => cookies()["st-last-access-token-update"];

  async function underLock(seen) {
    const stored = cookies();
    if (stored["st-last-access-token-update"] !== seen) return stored.sFrontToken !== undefined;
    const headers = { rid: "session", "fdi-version": "4.2", "st-auth-mode": mode };
    if (stored.sAntiCsrf) headers["anti-csrf"] = stored.sAntiCsrf;
    if (stored["st-refresh-token"]) headers.authorization = "Bearer " + stored["st-refresh-token"];
    const response = await fetch(api + "/auth/session/refresh", { method: "POST", headers, credentials: "include" });
    save(response);
    return response.status === 200;
  }

  function refresh(seen) {
    refreshing ??= navigator.locks.request("floor", () => underLock(seen)).finally(() => { refreshing = null; });
    return refreshing;
  }

  async function once(url) {
    for (let tries = 0; ; tries++) {
      if (refreshing) await refreshing;
      const stored = cookies();
      const headers = { rid: "anti-csrf", "st-auth-mode": mode };
      if (stored.sAntiCsrf) headers["anti-csrf"] = stored.sAntiCsrf;
      if (stored["st-access-token"]) headers.authorization = "Bearer " + stored["st-access-token"];
      const response = await fetch(url, { headers, credentials: "include" });
      save(response);
      if (response.status !== 401 || tries === 10 || !(await refresh(stored["st-last-access-token-update"]))) {
        await response.text();
        return response.status === 200 ? 1 : 0;
      }
    }
  }

  let known = null;
  const front = (text) => (known?.text === text ? known : (known = { text, token: decode(text) })).token;
  async function exists() {
    const stored = cookies();
    if (!stored.sFrontToken) return false;
    return front(stored.sFrontToken).ate > Date.now() || refresh(marker());
  }

  return {
    ...loops(once),
    async exists(count) {
      let there = 0;
      for (let n = 0; n < count; n++) there += (await exists()) ? 1 : 0;
      return there;
    },
    async payload(count) {
      let there = 0;
      for (let n = 0; n < count; n++) {
        if (await exists()) there += typeof structuredClone(front(cookies().sFrontToken).up) === "object" ? 1 : 0;
      }
      return there;
    },
    async lock(count, contended) {
      const take = () => navigator.locks.request("bench", () => {});
      if (contended) await Promise.all(Array.from({ length: count }, take));
      else for (let n = 0; n < count; n++) await take();
      return count;
    },
  };
}
