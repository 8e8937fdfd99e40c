// The floor: the least JavaScript that does the job. The same cookies and wire protocol as the others, one refresh for
// the tab, Web Locks over tabs. It trusts every answer, knows no errors, and does not refresh ahead.

import { cookies, decode, save } from "../session.js";
import { loops } from "./plain.js";

export function make(api, mode) {
  let refreshing = null;
  const marker = () => cookies()["st-last-access-token-update"];

  async function underLock(seen) {
    const kept = cookies();
    if (kept["st-last-access-token-update"] !== seen) return kept.sFrontToken !== undefined;
    const headers = { rid: "session", "fdi-version": "4.2", "st-auth-mode": mode };
    if (kept.sAntiCsrf) headers["anti-csrf"] = kept.sAntiCsrf;
    if (kept["st-refresh-token"]) headers.authorization = "Bearer " + kept["st-refresh-token"];
    const answer = await fetch(api + "/auth/session/refresh", { method: "POST", headers, credentials: "include" });
    save(answer);
    return answer.status === 200;
  }

  function refresh(seen) {
    refreshing ??= navigator.locks.request("floor", () => underLock(seen)).finally(() => { refreshing = null; });
    return refreshing;
  }

  async function once(url) {
    for (let tries = 0; ; tries++) {
      if (refreshing) await refreshing;
      const kept = cookies();
      const headers = { rid: "anti-csrf", "st-auth-mode": mode };
      if (kept.sAntiCsrf) headers["anti-csrf"] = kept.sAntiCsrf;
      if (kept["st-access-token"]) headers.authorization = "Bearer " + kept["st-access-token"];
      const answer = await fetch(url, { headers, credentials: "include" });
      save(answer);
      if (answer.status !== 401 || tries === 10 || !(await refresh(kept["st-last-access-token-update"]))) {
        await answer.text();
        return answer.status === 200 ? 1 : 0;
      }
    }
  }

  let known = null;
  const front = (text) => (known?.text === text ? known : (known = { text, token: decode(text) })).token;
  async function exists() {
    const kept = cookies();
    if (!kept.sFrontToken) return false;
    return front(kept.sFrontToken).ate > Date.now() || refresh(marker());
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
