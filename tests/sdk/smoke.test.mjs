// Tests that the stand-in core satisfies the current SDK, and what that SDK sends.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Browser, frontToken, someone, startServer } from "./harness/client.mjs";

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const names = (response) => response.cookies.map((line) => line.split("=")[0]).sort();
const BOTH = ["sAccessToken", "sRefreshToken"];

// Runs tests against one server with these flags, and checks that the stand-in core knew all requests of the SDK.
function withServer(title, flags, tests) {
  describe(title, () => {
    const it = {};
    before(async () => Object.assign(it, await startServer("server.mjs", ...flags)));
    after(async () => {
      const { unknown } = await it.control("GET", "/test/core");
      it.stop();
      assert.equal(await it.ended, 0, "it ends when its input closes");
      assert.deepEqual(unknown, []);
    });
    tests(it);
  });
}

const signedUp = async (server, { mode, email = someone() } = {}) => {
  const browser = new Browser(server.url, mode);
  const response = await browser.sign("up", email);
  assert.equal(response.body.status, "OK");
  return { browser, response, email };
};

function assertEnded(response, message) {
  assert.equal(response.status, 401);
  assert.deepEqual(response.body, { message });
  assert.equal(response.header("front-token"), "remove");
  assert.deepEqual(names(response), BOTH, "cookies are cleared");
  assert.equal(response.header("st-access-token"), "", "and header tokens too");
  assert.equal(response.header("st-refresh-token"), "");
}

withServer("current SDK", [], (server) => {
  it("signs up and in, and rejects invalid input", async () => {
    const { response, email } = await signedUp(server);
    assert.equal(response.body.user.emails[0], email);
    assert.deepEqual(names(response), BOTH);
    assert.equal(response.header("access-control-expose-headers"), "front-token");
    const { uid, ate, up } = frontToken(response);
    assert.equal(uid, response.body.user.id);
    assert.equal(ate, up.exp * 1000, "ate is in whole seconds");
    assert.equal(up.parentRefreshTokenHash1, null);
    assert.deepEqual(up["st-role"].v, ["user"]);
    assert.deepEqual(up["st-perm"].v, ["orders:read", "orders:write"]);

    const again = await new Browser(server.url).sign("up", email);
    assert.deepEqual([again.status, again.body.status, again.body.formFields[0].id], [200, "FIELD_ERROR", "email"]);
    const wrong = await new Browser(server.url).sign("in", email, "wrong");
    assert.deepEqual([wrong.status, wrong.body], [200, { status: "WRONG_CREDENTIALS_ERROR" }]);
    assert.equal(wrong.header("front-token"), null);
    const right = await new Browser(server.url).sign("in", email);
    assert.deepEqual([right.body.status, names(right)], ["OK", BOTH]);
  });

  it("responds to protected calls, and without a session with a 401 that clears nothing", async () => {
    const { browser } = await signedUp(server);
    const me = await browser.call("GET", "/api/me");
    assert.equal(me.status, 200);
    assert.deepEqual([me.header("front-token"), me.cookies], [null, []]);
    const order = await browser.call("POST", "/api/orders", { body: { item: "Webcam, 1080p", quantity: 2 } });
    assert.deepEqual([order.status, order.body.total_cents], [201, 13_800]);
    assert.equal((await browser.call("GET", "/api/orders")).body.length, 13);

    const stranger = await new Browser(server.url).call("GET", "/api/me");
    assert.deepEqual([stranger.status, stranger.body], [401, { message: "unauthorised" }]);
    assert.deepEqual([stranger.header("front-token"), stranger.cookies], [null, []]);
    assertEnded(await new Browser(server.url).refresh(), "unauthorised");
    assert.equal((await browser.call("PUT", "/api/always-401")).body.message, "not for you");
  });

  it("refreshes after all access tokens have expired, and renews once more at the first use", async () => {
    const { browser, response } = await signedUp(server);
    await server.control("POST", "/test/expire", {});
    const expired = await browser.call("GET", "/api/me");
    assert.deepEqual([expired.status, expired.body], [401, { message: "try refresh token" }]);
    assert.deepEqual([expired.header("front-token"), expired.cookies], [null, []]);

    const refreshed = await browser.refresh();
    assert.deepEqual([refreshed.status, refreshed.body, names(refreshed)], [200, {}, BOTH]);
    const { up } = frontToken(refreshed);
    assert.equal(up.parentRefreshTokenHash1, frontToken(response).up.refreshTokenHash1);

    const first = await browser.call("GET", "/api/me");
    assert.deepEqual([first.status, names(first)], [200, ["sAccessToken"]]);
    assert.equal(frontToken(first).up.parentRefreshTokenHash1, null);
    const second = await browser.call("GET", "/api/me");
    assert.deepEqual([second.status, second.header("front-token")], [200, null]);
  });

  it("publishes a new signing key beside the older ones, until these are discarded", async () => {
    const keyOf = (token) => JSON.parse(Buffer.from(token.split(".")[0], "base64")).kid;
    const published = async () => (await (await fetch(`${server.url}/auth/jwt/jwks.json`)).json()).keys.map(({ kid }) => kid);
    const old = await signedUp(server, { mode: "header" });
    await server.control("POST", "/test/new-key", {});
    const { browser } = await signedUp(server, { mode: "header" });
    assert.deepEqual(await published(), [keyOf(browser.access), keyOf(old.browser.access)]);
    assert.equal((await old.browser.call("GET", "/api/me")).status, 200);
    await server.control("POST", "/test/expire", {});
    assert.equal((await published()).length, 1);
    for (const { access } of [browser, old.browser]) {
      const me = await browser.call("GET", "/api/me", { bearer: access });
      assert.deepEqual([me.status, me.body], [401, { message: "try refresh token" }]);
    }
  });

  it("expires one session by its handle, and by the app's button", async () => {
    const [one, other] = [await signedUp(server), await signedUp(server)];
    const { sessionHandle: handle } = frontToken(one.response).up;
    await server.control("POST", "/test/expire", { handle });
    assert.equal((await one.browser.call("GET", "/api/me")).body.message, "try refresh token");
    assert.equal((await other.browser.call("GET", "/api/me")).status, 200);
    assert.equal((await one.browser.refresh()).status, 200);
    assert.equal((await one.browser.call("POST", "/api/session/expire")).status, 200);
    assert.equal((await one.browser.call("GET", "/api/me")).body.message, "try refresh token");
    assert.equal((await one.browser.refresh()).status, 200);
    assert.equal((await one.browser.call("GET", "/api/me")).status, 200);
  });

  it("sends a front token with a changed payload and the same expiry", async () => {
    const { browser, response } = await signedUp(server);
    const changed = await browser.call("POST", "/api/profile", { body: { nickname: " Zoë " } });
    assert.deepEqual([changed.body, names(changed)], [{ nickname: "Zoë" }, ["sAccessToken"]]);
    assert.equal(frontToken(changed).up.nickname, "Zoë");
    assert.equal(frontToken(changed).ate, frontToken(response).ate);
    assert.equal((await browser.call("GET", "/api/me")).body.access_token_payload.nickname, "Zoë");
  });

  it("lets only admins list users and change roles", async () => {
    const { browser } = await signedUp(server);
    const denied = await browser.call("GET", "/api/admin/users");
    const reason = { message: "wrong value", expectedToInclude: "admin", actualValue: ["user"] };
    const claimValidationErrors = [{ id: "st-role", reason }];
    assert.deepEqual([denied.status, denied.body], [403, { message: "invalid claim", claimValidationErrors }]);
    const admin = await signedUp(server, { email: someone("admin") });
    const { body } = await admin.browser.call("GET", "/api/admin/users");
    assert.deepEqual(body.at(-1).roles, ["admin", "user"]);

    const change = { email: admin.email, role: "editor", give: true };
    assert.equal((await browser.call("POST", "/api/admin/roles", { body: change })).status, 403);
    const given = await admin.browser.call("POST", "/api/admin/roles", { body: change });
    assert.deepEqual(frontToken(given).up["st-role"].v.toSorted(), ["admin", "editor", "user"], "at once");
    assert.ok(frontToken(given).up["st-perm"].v.includes("drafts:write"));
    const taken = await admin.browser.call("POST", "/api/admin/roles", { body: { ...change, give: false } });
    assert.deepEqual(frontToken(taken).up["st-role"].v.toSorted(), ["admin", "user"]);
    const none = await admin.browser.call("POST", "/api/admin/roles", { body: { ...change, role: "unknown" } });
    assert.equal(none.status, 400);
  });

  it("verifies an e-mail address, and denies invoices before that", async () => {
    const { browser, response } = await signedUp(server);
    assert.equal(frontToken(response).up["st-ev"].v, false);
    const denied = await browser.call("GET", "/api/invoices");
    const reason = { message: "wrong value", expectedValue: true, actualValue: false };
    assert.deepEqual([denied.status, denied.body.claimValidationErrors], [403, [{ id: "st-ev", reason }]]);

    assert.deepEqual((await browser.call("POST", "/auth/user/email/verify/token")).body, { status: "OK" });
    const { code } = (await browser.call("GET", "/api/demo/mailbox")).body;
    const proof = { method: "token", token: code };
    const verified = await browser.call("POST", "/auth/user/email/verify", { body: proof });
    assert.equal(verified.body.status, "OK");
    assert.equal(frontToken(verified).up["st-ev"].v, true, "the session has it at once");
    assert.equal((await browser.call("GET", "/api/invoices")).body.length, 12);
    const again = await browser.call("POST", "/auth/user/email/verify", { body: proof });
    assert.equal(again.body.status, "EMAIL_VERIFICATION_INVALID_TOKEN_ERROR");
  });

  it("ends a revoked session at the refresh", async () => {
    const { browser } = await signedUp(server);
    assert.equal((await browser.call("POST", "/api/session/revoke")).status, 200);
    const next = await browser.call("GET", "/api/me");
    assert.deepEqual([next.body.message, next.header("front-token")], ["try refresh token", null]);
    assertEnded(await browser.refresh(), "unauthorised");
  });

  it("lets access tokens outlive the session where only the core knows", async () => {
    const { browser } = await signedUp(server);
    await server.control("POST", "/test/revoke", { expire: false });
    assert.equal((await browser.call("GET", "/api/me")).status, 200);
    // A change of the payload calls the core, which reports the end.
    assertEnded(await browser.call("POST", "/api/profile", { body: { nickname: "x" } }), "unauthorised");
  });

  it("accepts a parent again until its child was used, then detects theft", async () => {
    const { browser } = await signedUp(server);
    const thief = browser.copy();
    assert.equal((await thief.copy().refresh()).status, 200);
    assert.equal((await browser.refresh()).status, 200, "no child was used");
    assert.equal((await browser.call("GET", "/api/me")).status, 200);
    assertEnded(await thief.refresh(), "token theft detected");
    assert.deepEqual(await server.control("GET", "/test/thefts"), { thefts: 1 });
    assertEnded(await browser.refresh(), "unauthorised");

    const other = (await signedUp(server)).browser;
    await other.refresh();
    const late = other.copy();
    await other.refresh();
    assert.equal((await other.refresh()).status, 200, "a refresh uses the child as well");
    assertEnded(await late.refresh(), "token theft detected");
  });

  it("uses headers if requested, and by default", async () => {
    for (const mode of ["header", undefined]) {
      const { response } = await signedUp(server, { mode: mode ?? null });
      assert.deepEqual(response.cookies, []);
      assert.equal(response.header("access-control-expose-headers"), "front-token, st-access-token, st-refresh-token");
    }
    const { browser, response } = await signedUp(server, { mode: "header" });
    assert.equal(response.header("anti-csrf"), null);
    await server.control("POST", "/test/expire", {});
    assert.equal((await browser.call("POST", "/api/orders", { body: {} })).body.message, "try refresh token");
    const refreshed = await browser.refresh();
    assert.notEqual(refreshed.header("st-refresh-token"), response.header("st-refresh-token"));
    assert.equal((await browser.call("GET", "/api/me")).status, 200);
    const out = await browser.call("POST", "/auth/signout");
    assert.deepEqual([out.header("front-token"), out.header("st-access-token"), out.cookies], ["remove", "", []]);
  });

  it("signs out, and responds with 401 the second time", async () => {
    const { browser } = await signedUp(server);
    const out = await browser.call("POST", "/auth/signout");
    assert.deepEqual([out.status, out.body, out.header("front-token")], [200, { status: "OK" }, "remove"]);
    assert.deepEqual([names(out), out.header("st-access-token")], [BOTH, null]);
    assert.equal((await browser.call("POST", "/auth/signout")).status, 401);
  });

  it("responds with 401, then 500, to duplicate cookies, and requires a refresh of a legacy session", async () => {
    const { browser } = await signedUp(server);
    const twice = { headers: { cookie: BOTH.map((name) => `${name}=${browser.cookie(name)}; ${name}=old`).join("; ") } };
    const bare = new Browser(server.url);
    assert.equal((await bare.call("GET", "/api/me", twice)).body.message, "try refresh token");
    assert.equal((await bare.call("POST", "/auth/session/refresh", twice)).status, 500);

    browser.setCookie("sIdRefreshToken", "from-before");
    assert.equal((await browser.call("GET", "/api/me")).body.message, "try refresh token");
    assert.deepEqual(names(await browser.refresh()), ["sAccessToken", "sIdRefreshToken", "sRefreshToken"]);
    assert.equal((await browser.call("GET", "/api/me")).status, 200);
  });

  it("responds to preflights, counts, fails, delays and drops as set", async () => {
    const { browser } = await signedUp(server);
    await server.control("POST", "/test/reset");
    const preflight = await new Browser(server.url, null).call("OPTIONS", "/api/me", { rid: null });
    const allowed = "content-type,rid,fdi-version,anti-csrf,authorization,st-auth-mode";
    assert.deepEqual([preflight.status, preflight.header("access-control-allow-headers")], [204, allowed]);
    await server.control("POST", "/test/fail-refreshes", { count: 1, status: 503 });
    assert.equal((await browser.refresh()).status, 503);
    await server.control("POST", "/test/fail-refreshes", { count: 1, status: 0 });
    await assert.rejects(browser.refresh());
    await server.control("POST", "/test/drop-headers", { headers: ["Front-Token"], count: 1, expose: false });
    const bare = await browser.refresh();
    assert.deepEqual([bare.status, bare.header("front-token"), bare.header("access-control-expose-headers")], [200, null, null]);
    await server.control("POST", "/test/delay", { path: "/api/me", ms: 300 });
    const start = Date.now();
    assert.equal((await browser.call("GET", "/api/me")).status, 200);
    assert.ok(Date.now() - start >= 290);
    assert.equal((await server.control("GET", "/test/counts"))["POST /auth/session/refresh"], 3);
    const log = await server.control("GET", "/test/log");
    assert.ok(log.at(-1).headers.some(([name]) => name === "st-auth-mode"));
    await server.control("POST", "/test/reset");
  });

  it("gives access tokens the configured lifetime", async () => {
    await server.control("POST", "/test/access-token-seconds", { seconds: 1 });
    const { browser } = await signedUp(server);
    await sleep(1_100);
    assert.equal((await browser.call("GET", "/api/me")).body.message, "try refresh token");
    await server.control("POST", "/test/access-token-seconds", { seconds: 3600 });
    assert.equal((await browser.refresh()).status, 200);
    assert.equal((await browser.call("GET", "/api/me")).status, 200);
  });
});

withServer("anti-CSRF by token", ["--anti-csrf", "VIA_TOKEN"], (server) => {
  it("requires the token, except for GET and header mode", async () => {
    const { browser, response } = await signedUp(server);
    const token = response.header("anti-csrf");
    assert.equal(token, frontToken(response).up.antiCsrfToken);
    assert.equal((await browser.call("POST", "/api/session/expire")).status, 200);
    browser.antiCsrf = undefined;
    assertEnded(await browser.copy().refresh(), "unauthorised");
    browser.antiCsrf = token;
    const refreshed = await browser.refresh();
    assert.notEqual(refreshed.header("anti-csrf"), token);
    browser.antiCsrf = token;
    const renewed = await browser.call("GET", "/api/me");
    assert.deepEqual([renewed.status, renewed.header("anti-csrf")], [200, token], "an old one comes back as if it were new");
    browser.antiCsrf = undefined;
    assert.equal((await browser.call("GET", "/api/me")).status, 200);
    assert.equal((await browser.call("POST", "/api/orders", { body: {} })).body.message, "try refresh token");
    assert.equal((await signedUp(server, { mode: "header" })).response.header("anti-csrf"), null);
  });
});

withServer("anti-CSRF by header", ["--anti-csrf", "VIA_CUSTOM_HEADER"], (server) => {
  it("requires any rid, except for GET", async () => {
    const { browser } = await signedUp(server);
    assert.equal((await browser.call("GET", "/api/me", { rid: null })).status, 200);
    assert.equal((await browser.call("POST", "/api/session/expire", { rid: null })).body.message, "try refresh token");
    assert.equal((await browser.call("POST", "/api/session/expire", { rid: "x" })).status, 200);
    assertEnded(await browser.copy().call("POST", "/auth/session/refresh", { rid: null }), "unauthorised");
    assert.equal((await browser.refresh()).status, 200);
  });
});

const strict = ["--check-database", "--static-key", "--older-cookie-domain", "", "--seed-demo-users"];
withServer("database check, static key, older cookie domain", strict, (server) => {
  it("ends a revoked session at the next call, and clears duplicate cookies once", async () => {
    const browser = new Browser(server.url);
    await browser.sign("in", "user@example.com");
    const cookie = BOTH.map((name) => `${name}=${browser.cookie(name)}; ${name}=old`).join("; ");
    const cleared = await new Browser(server.url).call("POST", "/auth/session/refresh", { headers: { cookie } });
    assert.deepEqual([cleared.status, cleared.header("front-token"), names(cleared)], [200, null, BOTH]);
    assert.equal((await browser.call("GET", "/api/me")).status, 200);
    await server.control("POST", "/test/revoke", { expire: false });
    assertEnded(await browser.call("GET", "/api/me"), "unauthorised");
  });
});
