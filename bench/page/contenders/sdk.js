// supertokens-website from npm, and the lock that it uses.

import Lock from "browser-tabs-lock";
import SuperTokens from "supertokens-website";
import { loops } from "./plain.js";

export function make(api, mode) {
  SuperTokens.init({ apiDomain: api, apiBasePath: "/auth", tokenTransferMethod: mode });
  async function once(url) {
    const response = await fetch(url);
    await response.text();
    return response.status === 200 ? 1 : 0;
  }
  return {
    ...loops(once),
    async exists(count) {
      let there = 0;
      for (let n = 0; n < count; n++) there += (await SuperTokens.doesSessionExist()) ? 1 : 0;
      return there;
    },
    async payload(count) {
      let there = 0;
      for (let n = 0; n < count; n++) {
        there += typeof (await SuperTokens.getAccessTokenPayloadSecurely()) === "object" ? 1 : 0;
      }
      return there;
    },
    async lock(count, contended) {
      const take = async () => {
        const lock = new Lock();
        if (!(await lock.acquireLock("bench", 60_000))) throw new Error("no lock");
        await lock.releaseLock("bench");
      };
      if (contended) await Promise.all(Array.from({ length: count }, take));
      else for (let n = 0; n < count; n++) await take();
      return count;
    },
  };
}
