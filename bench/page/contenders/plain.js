// Plain fetch with the session's headers. After a 401 it refreshes without a lock or a store, for one tab.

export function make(api, mode, authorization) {
  const headers = { rid: "anti-csrf", "st-auth-mode": mode };
  if (authorization) headers.authorization = authorization;
  let refreshing = null, refreshes = 0;
  const call = { method: "POST", headers: { rid: "session", "st-auth-mode": mode }, credentials: "include" };
  const refresh = () => fetch(api + "/auth/session/refresh", call).finally(() => { refreshing = null; refreshes++; });
  async function once(url) {
    const before = refreshes;
    let response = await fetch(url, { headers, credentials: "include" });
    if (response.status === 401) {
      if (refreshes === before) await (refreshing ??= refresh());
      response = await fetch(url, { headers, credentials: "include" });
    }
    await response.text();
    return response.status === 200 ? 1 : 0;
  }
  return loops(once);
}

/** One after the other, and all at once. */
export function loops(once) {
  return {
    async get(url, count) {
      let good = 0;
      for (let n = 0; n < count; n++) good += await once(url);
      return good;
    },
    async parallel(url, count) {
      const all = await Promise.all(Array.from({ length: count }, () => once(url)));
      return all.reduce((sum, good) => sum + good, 0);
    },
  };
}
