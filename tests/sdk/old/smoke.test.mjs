// The same for the older generation, and for a session that moves from it to the current SDK.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Browser, frontToken, someone, startServer } from "../harness/client.mjs";

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const names = (response) => response.cookies.map((line) => line.split("=")[0]).sort();
const ALL = ["sAccessToken", "sIdRefreshToken", "sRefreshToken"];

function withServer(title, flags, tests) {
  describe(title, () => {
    const it = {};
    before(async () => Object.assign(it, await startServer("old/server.mjs", ...flags)));
    after(async () => {
      const { unknown } = await it.control("GET", "/test/core");
      it.stop();
      assert.equal(await it.ended, 0);
      assert.deepEqual(unknown, []);
    });
    tests(it);
  });
}

const signedUp = async (server, email = someone()) => {
  const browser = new Browser(server.url, null);
  const response = await browser.sign("up", email);
  assert.equal(response.body.status, "OK");
  return { browser, response, email };
};

function assertEnded(response, message) {
  assert.deepEqual([response.status, response.body], [401, { message }]);
  assert.equal(response.header("id-refresh-token"), "remove");
  assert.equal(response.header("front-token"), null, "which the older generation never removes");
  assert.deepEqual(names(response), ALL);
}

withServer("older SDK", [], (server) => {
  it("signs up and in with an id-refresh-token, and rejects invalid input", async () => {
    const { response, email } = await signedUp(server);
    assert.deepEqual(names(response), ALL);
    assert.equal(response.header("access-control-expose-headers"), "front-token, id-refresh-token");
    const [value, expiry] = response.header("id-refresh-token").split(";");
    assert.match(value, /^[0-9a-f-]{36}$/);
    assert.ok(Number(expiry) > Date.now() + 99 * 24 * 3_600_000);
    const { uid, up, ate } = frontToken(response);
    assert.deepEqual([uid, Object.keys(up).sort()], [response.body.user.id, ["email", "st-ev", "st-perm", "st-role"]]);
    assert.ok(ate > Date.now() + 3_500_000);
    const wrong = await new Browser(server.url, null).sign("in", email, "wrong");
    assert.deepEqual([wrong.body, wrong.header("id-refresh-token")], [{ status: "WRONG_CREDENTIALS_ERROR" }, null]);
    assert.deepEqual(names(await new Browser(server.url, null).sign("in", email)), ALL);
  });

  it("refreshes after expiry, and renews the access token at the first use", async () => {
    const { browser, response } = await signedUp(server);
    assert.equal((await browser.call("GET", "/api/me")).status, 200);
    await server.control("POST", "/test/expire", {});
    const expired = await browser.call("GET", "/api/me");
    assert.deepEqual([expired.status, expired.body, expired.cookies], [401, { message: "try refresh token" }, []]);
    const refreshed = await browser.refresh();
    assert.deepEqual([refreshed.status, refreshed.body, names(refreshed)], [200, {}, ALL]);
    assert.notEqual(refreshed.header("id-refresh-token"), response.header("id-refresh-token"));
    const first = await browser.call("GET", "/api/me");
    assert.deepEqual([first.status, names(first), first.header("id-refresh-token")], [200, ["sAccessToken"], null]);
    assert.equal(frontToken(first).uid, frontToken(response).uid);
    assert.equal((await browser.call("GET", "/api/me")).header("front-token"), null);
  });

  it("lets the access token's cookie expire with the token", async () => {
    await server.control("POST", "/test/access-token-seconds", { seconds: 1 });
    const { browser } = await signedUp(server);
    await sleep(1_100);
    assert.equal((await browser.call("GET", "/api/me")).body.message, "try refresh token");
    await server.control("POST", "/test/access-token-seconds", { seconds: 3600 });
    assert.equal((await browser.refresh()).status, 200);
    assert.equal((await browser.call("GET", "/api/me")).status, 200);
  });

  it("sends a front token with a changed payload, and 403 with the missing role", async () => {
    const { browser } = await signedUp(server);
    const changed = await browser.call("POST", "/api/profile", { body: { nickname: "Zoë" } });
    assert.deepEqual([changed.body, names(changed)], [{ nickname: "Zoë" }, ["sAccessToken"]]);
    assert.deepEqual([frontToken(changed).up.nickname, changed.header("id-refresh-token")], ["Zoë", null]);
    const denied = await browser.call("GET", "/api/admin/users");
    assert.deepEqual([denied.status, denied.body.claimValidationErrors[0].id], [403, "st-role"]);
    const admin = await signedUp(server, someone("admin"));
    const users = await admin.browser.call("GET", "/api/admin/users");
    assert.deepEqual(users.body.at(-1).roles, ["admin", "user"]);
  });

  it("sends remove at the end: revoked, stolen, signed out", async () => {
    const revoked = (await signedUp(server)).browser;
    assert.equal((await revoked.call("POST", "/api/session/revoke")).status, 200);
    assert.equal((await revoked.call("GET", "/api/me")).body.message, "try refresh token");
    assertEnded(await revoked.refresh(), "unauthorised");

    const { browser } = await signedUp(server);
    const thief = browser.copy();
    await browser.refresh();
    assert.equal((await browser.call("GET", "/api/me")).status, 200);
    assertEnded(await thief.refresh(), "token theft detected");
    assert.deepEqual(await server.control("GET", "/test/thefts"), { thefts: 1 });
    assertEnded(await browser.refresh(), "unauthorised");

    const leaver = (await signedUp(server)).browser;
    await leaver.refresh();
    const out = await leaver.call("POST", "/auth/signout");
    assert.deepEqual([out.status, out.header("id-refresh-token"), names(out)], [200, "remove", ALL]);
    assert.ok(frontToken(out).uid, "beside remove, as this was the first use after a refresh");
    const again = await leaver.call("POST", "/auth/signout");
    assert.deepEqual([again.status, again.header("id-refresh-token")], [200, null]);
    assert.equal((await leaver.call("GET", "/api/me")).body.message, "unauthorised");
  });

  it("allows no st-auth-mode from other origins", async () => {
    const preflight = await new Browser(server.url, null).call("OPTIONS", "/api/me", { rid: null });
    assert.equal(preflight.header("access-control-allow-headers"), "content-type,rid,fdi-version,anti-csrf");
  });
});

withServer("older SDK, anti-CSRF by token", ["--anti-csrf", "VIA_TOKEN"], (server) => {
  it("requires the token, except for GET", async () => {
    const { browser } = await signedUp(server);
    const token = browser.antiCsrf;
    browser.antiCsrf = undefined;
    assert.equal((await browser.call("GET", "/api/me")).status, 200);
    assert.equal((await browser.call("POST", "/api/orders", { body: {} })).body.message, "try refresh token");
    assertEnded(await browser.copy().refresh(), "unauthorised");
    browser.antiCsrf = token;
    assert.notEqual((await browser.refresh()).header("anti-csrf"), token);
  });
});

withServer("older SDK, anti-CSRF by header", ["--anti-csrf", "VIA_CUSTOM_HEADER"], (server) => {
  it("requires any rid, and clears nothing if it is missing", async () => {
    const { browser } = await signedUp(server);
    assert.equal((await browser.call("POST", "/api/orders", { body: {}, rid: null })).body.message, "try refresh token");
    const refused = await browser.call("POST", "/auth/session/refresh", { rid: null });
    assert.deepEqual([refused.status, refused.header("id-refresh-token"), refused.cookies], [401, null, []]);
    assert.equal((await browser.refresh()).status, 200);
  });
});

withServer("older SDK, blacklisting", ["--check-database"], (server) => {
  it("ends a revoked session at the next call", async () => {
    const { browser } = await signedUp(server);
    await server.control("POST", "/test/revoke", { expire: false });
    assertEnded(await browser.call("GET", "/api/me"), "unauthorised");
  });
});

describe("one core, first the older SDK, then the current one", () => {
  it("continues the session", async () => {
    const core = await startServer("core.mjs");
    const [from, to] = await Promise.all(
      ["old/server.mjs", "server.mjs"].map((script) => startServer(script, "--core-url", core.url)),
    );
    const { browser, response } = await signedUp(from);
    Object.assign(browser, { url: to.url, mode: "cookie" });
    const legacy = await browser.call("GET", "/api/me");
    assert.deepEqual([legacy.status, legacy.body.message], [401, "try refresh token"]);
    const refreshed = await browser.refresh();
    assert.deepEqual([refreshed.status, names(refreshed), browser.cookie("sIdRefreshToken")], [200, ALL, undefined]);
    assert.equal(frontToken(refreshed).uid, response.body.user.id);
    assert.equal((await browser.call("GET", "/api/me")).body.access_token_payload.email, frontToken(response).up.email);
    await to.control("POST", "/test/expire", {});
    assert.equal((await browser.call("GET", "/api/me")).body.message, "try refresh token");
    assert.deepEqual((await core.control("GET", "/test/core")).unknown, []);
    for (const server of [from, to, core]) server.stop();
    assert.deepEqual(await Promise.all([from.ended, to.ended, core.ended]), [0, 0, 0]);
  });
});
