// Tests that the stand-in core satisfies the SDK's other sign-in recipes, and how to produce each of their outcomes.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { totpAt } from "./core/totp.mjs";
import { Browser, frontToken, someone, startServer } from "./harness/client.mjs";

const form = (fields) => ({ formFields: Object.entries(fields).map(([id, value]) => ({ id, value })) });
const status = ({ body }) => body.status;

describe("all recipes", () => {
  let server;
  before(async () => (server = await startServer("server.mjs", "--recipes")));
  after(async () => {
    const { unknown } = await server.control("GET", "/test/core");
    server.stop();
    assert.equal(await server.ended, 0);
    assert.deepEqual(unknown, []);
  });
  const browser = () => new Browser(server.url);
  const post = (path, body, from = browser()) => from.call("POST", `/auth${path}`, { body });
  const get = (path, from = browser()) => from.call("GET", `/auth${path}`);
  const mailsTo = async (to) => (await server.control("GET", "/test/mails")).filter((mail) => mail.to === to);
  const mailTo = async (to) => (await mailsTo(to)).at(-1);
  const signUp = async (email = someone()) => {
    const from = browser();
    const response = await from.sign("up", email);
    assert.equal(status(response), "OK");
    return { from, response, email };
  };

  describe("password reset", () => {
    const request = (email) => post("/user/password/reset/token", form({ email }));
    const reset = (token, password = "NewPassw0rd") => post("/user/password/reset", { method: "token", token, ...form({ password }) });

    it("changes the password with the mailed token, once", async () => {
      const { email, response } = await signUp();
      assert.deepEqual((await request(email)).body, { status: "OK" });
      const { type, channel, userId, tenantId, token } = await mailTo(email);
      assert.deepEqual([type, channel, userId, tenantId], ["PASSWORD_RESET", "email", response.body.user.id, "public"]);
      assert.deepEqual((await reset(token)).body, { status: "OK" });
      assert.deepEqual((await reset(token)).body, { status: "RESET_PASSWORD_INVALID_TOKEN_ERROR" });
      assert.equal(status(await browser().sign("in", email)), "WRONG_CREDENTIALS_ERROR");
      const back = await browser().sign("in", email, "NewPassw0rd");
      assert.deepEqual([status(back), back.body.user.loginMethods[0].verified], ["OK", true]);
    });

    it("does not tell whether there is a user", async () => {
      const email = someone();
      assert.deepEqual((await request(email)).body, { status: "OK" });
      assert.deepEqual(await mailsTo(email), []);
    });

    it("rejects an expired token, and a password against the policy", async () => {
      const { email } = await signUp(someone("policy"));
      await request(email);
      const { token } = await mailTo(email);
      const error = "Password must contain at least 8 characters, including a number";
      assert.deepEqual((await reset(token, "x")).body, { status: "FIELD_ERROR", formFields: [{ error, id: "password" }] });
      const used = [{ id: "password", error: "the password was used before" }];
      assert.deepEqual((await reset(token)).body, { status: "FIELD_ERROR", formFields: used });
      await server.control("POST", "/test/code-lifetime", { seconds: 0 });
      await request(email);
      await server.control("POST", "/test/code-lifetime", {});
      assert.equal(status(await reset((await mailTo(email)).token)), "RESET_PASSWORD_INVALID_TOKEN_ERROR");
    });

    it("refuses by e-mail address", async () => {
      const message = "the backend refuses this e-mail address";
      for (const [act, refused] of [
        [request, "PASSWORD_RESET_NOT_ALLOWED"],
        [(email) => browser().sign("up", email), "SIGN_UP_NOT_ALLOWED"],
        [(email) => browser().sign("in", email), "SIGN_IN_NOT_ALLOWED"],
      ]) {
        const { body } = await act(someone("refused"));
        assert.deepEqual([body.status, Object.keys(body)], [refused, ["status", "reason"]]);
        assert.deepEqual((await act(someone("general"))).body, { status: "GENERAL_ERROR", message });
      }
    });
  });

  describe("passwordless", () => {
    const create = (contact, from) => post("/signinup/code", contact, from);
    const consume = ({ body }, proof, from) => {
      const { deviceId, preAuthSessionId } = body;
      const device = proof.linkCode === undefined ? { deviceId } : {};
      return post("/signinup/code/consume", { preAuthSessionId, ...device, ...proof }, from);
    };
    const attempts = (status, count) => ({ status, failedCodeInputAttemptCount: count, maximumCodeInputAttempts: 5 });

    it("signs up by e-mail code and in by link, in any browser", async () => {
      const email = someone();
      const created = await create({ email });
      assert.deepEqual(Object.keys(created.body), ["status", "deviceId", "flowType", "preAuthSessionId"]);
      assert.equal(created.body.flowType, "USER_INPUT_CODE_AND_MAGIC_LINK");
      const mail = await mailTo(email);
      const first = await consume(created, { userInputCode: mail.code });
      assert.deepEqual([status(first), first.body.createdNewRecipeUser], ["OK", true]);
      const { up } = frontToken(first);
      assert.deepEqual([up["st-ev"].v, up["st-role"].v, up.email], [true, ["user"], email]);
      assert.equal(status(await consume(created, { userInputCode: mail.code })), "RESTART_FLOW_ERROR", "one use");

      const again = await create({ email });
      const { linkCode, link } = await mailTo(email);
      assert.ok(link.endsWith(`/auth/verify?preAuthSessionId=${again.body.preAuthSessionId}&tenantId=public#${linkCode}`));
      const second = await consume(again, { linkCode });
      assert.deepEqual([status(second), second.body.createdNewRecipeUser], ["OK", false]);
      assert.equal(second.body.user.id, first.body.user.id);
      assert.equal((await get(`/passwordless/email/exists?email=${email}`)).body.exists, true);
    });

    it("signs up by phone", async () => {
      const phoneNumber = "+14155552671";
      const created = await create({ phoneNumber });
      const { channel, code } = await mailTo(phoneNumber);
      assert.equal(channel, "sms");
      const { body } = await consume(created, { userInputCode: code });
      assert.deepEqual([body.status, body.user.phoneNumbers, body.user.emails], ["OK", [phoneNumber], []]);
      assert.equal((await get("/passwordless/phonenumber/exists?phoneNumber=%2B14155552671")).body.exists, true);
    });

    it("restarts after five wrong codes", async () => {
      const created = await create({ email: someone() });
      for (const count of [1, 2, 3, 4]) {
        const { body } = await consume(created, { userInputCode: "wrong" });
        assert.deepEqual(body, attempts("INCORRECT_USER_INPUT_CODE_ERROR", count));
      }
      assert.deepEqual((await consume(created, { userInputCode: "wrong" })).body, { status: "RESTART_FLOW_ERROR" });
      const { deviceId, preAuthSessionId } = created.body;
      assert.equal(status(await post("/signinup/code/resend", { deviceId, preAuthSessionId })), "RESTART_FLOW_ERROR");
    });

    it("rejects expired codes and links, and sends a new code", async () => {
      const email = someone();
      await server.control("POST", "/test/code-lifetime", { seconds: 0 });
      const created = await create({ email });
      await server.control("POST", "/test/code-lifetime", {});
      const { code, linkCode } = await mailTo(email);
      assert.deepEqual((await consume(created, { userInputCode: code })).body, attempts("EXPIRED_USER_INPUT_CODE_ERROR", 1));
      assert.deepEqual((await consume(created, { linkCode })).body, { status: "RESTART_FLOW_ERROR" });
      const { deviceId, preAuthSessionId } = created.body;
      assert.deepEqual((await post("/signinup/code/resend", { deviceId, preAuthSessionId })).body, { status: "OK" });
      assert.equal((await mailsTo(email)).length, 2);
      assert.equal(status(await consume(created, { userInputCode: (await mailTo(email)).code })), "OK");
    });

    it("refuses by address", async () => {
      assert.deepEqual((await create({ email: "x" })).body, { status: "GENERAL_ERROR", message: "Email is invalid" });
      assert.deepEqual((await create({ phoneNumber: "1" })).body, { status: "GENERAL_ERROR", message: "Phone number is invalid" });
      assert.equal(status(await create({ email: someone("refused") })), "SIGN_IN_UP_NOT_ALLOWED");
      assert.equal(status(await create({ email: someone("general") })), "GENERAL_ERROR");
      for (const [name, refused] of [["late-refused", "SIGN_IN_UP_NOT_ALLOWED"], ["late-general", "GENERAL_ERROR"]]) {
        const email = someone(name);
        const created = await create({ email });
        assert.equal(status(await consume(created, { userInputCode: (await mailTo(email)).code })), refused);
      }
    });
  });

  describe("third party", () => {
    const callback = (id) => `http://localhost:8080/auth/callback/${id}`;
    const start = async (id, tenant = "") => {
      const query = new URLSearchParams({ thirdPartyId: id, redirectURIOnProviderDashboard: callback(id) });
      return (await get(`${tenant}/authorisationurl?${query}`)).body;
    };
    // What the provider sends to the app's callback page.
    const visit = async ({ urlWithQueryParams }, choice) => {
      const response = await fetch(`${urlWithQueryParams}&state=s&${new URLSearchParams(choice)}`, { redirect: "manual" });
      return Object.fromEntries(new URL(response.headers.get("location")).searchParams);
    };
    const finish = (id, redirectURIQueryParams, pkceCodeVerifier, tenant = "") => {
      const redirectURIInfo = { redirectURIOnProviderDashboard: callback(id), redirectURIQueryParams, pkceCodeVerifier };
      return post(`${tenant}/signinup`, { thirdPartyId: id, redirectURIInfo });
    };
    const signInUp = async (id, email, tenant) => {
      const started = await start(id, tenant);
      return finish(id, await visit(started, { login_hint: email }), started.pkceCodeVerifier, tenant);
    };

    it("signs up and in with the demo provider", async () => {
      const email = someone();
      const started = await start("demo");
      assert.deepEqual(Object.keys(started), ["status", "urlWithQueryParams"]);
      const response = await signInUp("demo", email);
      const { body } = response;
      assert.deepEqual([body.status, body.createdNewRecipeUser, body.user.emails], ["OK", true, [email]]);
      assert.deepEqual(Object.keys(body), ["status", "user", "createdNewRecipeUser"]);
      assert.deepEqual([frontToken(response).up["st-ev"].v, body.user.thirdParty[0].id], [true, "demo"]);
      assert.equal((await signInUp("demo", email)).body.createdNewRecipeUser, false);
      const unverified = await signInUp("demo", someone("unverified"));
      assert.equal(frontToken(unverified).up["st-ev"].v, false);
    });

    it("checks the PKCE verifier", async () => {
      const started = await start("demo-pkce");
      assert.match(started.pkceCodeVerifier, /^.{43,128}$/);
      const query = await visit(started, { login_hint: someone() });
      assert.equal(status(await finish("demo-pkce", query, started.pkceCodeVerifier)), "OK");
    });

    it("gives no e-mail address, or denies", async () => {
      assert.deepEqual((await signInUp("demo-no-email", someone())).body, { status: "NO_EMAIL_GIVEN_BY_PROVIDER" });
      const denied = { error: "access_denied", error_description: "The user denied access.", state: "s" };
      assert.deepEqual(await visit(await start("demo"), { login_hint: someone("denied") }), denied);
      assert.deepEqual(await visit(await start("demo"), { deny: 1 }), denied);
      const page = await (await fetch((await start("demo")).urlWithQueryParams)).text();
      assert.match(page, /<button id="allow">/);
    });

    it("refuses by the address, and an unknown provider", async () => {
      assert.equal(status(await signInUp("demo", someone("refused"))), "SIGN_IN_UP_NOT_ALLOWED");
      assert.equal(status(await signInUp("demo", someone("general"))), "GENERAL_ERROR");
      assert.deepEqual(await start("other"), { message: "the provider other could not be found in the configuration" });
    });
  });

  describe("second factor", () => {
    const info = async (from) => (await from.call("PUT", "/auth/mfa/info")).body;
    const me = async (from) => (await from.call("GET", "/api/me")).status;
    const invalid = (count) => ({ status: "INVALID_TOTP_ERROR", currentNumberOfFailedAttempts: count, maxNumberOfFailedAttempts: 5 });
    const withDevice = async (email) => {
      const { from } = await signUp(email);
      const { secret, deviceName } = (await post("/totp/device", {}, from)).body;
      const now = Date.now();
      // The next code is valid already. A code counts once only.
      const [used, next] = [totpAt(secret, now), totpAt(secret, now + 30_000)];
      assert.equal(status(await post("/totp/device/verify", { deviceName, totp: used }, from)), "OK");
      return { from, deviceName, used, next };
    };

    it("computes the codes of RFC 6238", () => {
      const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
      assert.deepEqual([59, 1_111_111_109, 20_000_000_000].map((s) => totpAt(secret, s * 1000)), ["287082", "081804", "353130"]);
    });

    it("is not required", async () => {
      const { from, response } = await signUp();
      const { c, v } = frontToken(response).up["st-mfa"];
      assert.deepEqual([Object.keys(c), v], [["emailpassword"], true]);
      const { status: ok, factors } = await info(from);
      assert.deepEqual([ok, factors.next, factors.alreadySetup], ["OK", [], ["emailpassword"]]);
      assert.ok(factors.allowedToSetup.includes("totp"));
    });

    it("is required for mfa@…, who sets up a device", async () => {
      const email = someone("mfa");
      const { from, response } = await signUp(email);
      assert.equal(frontToken(response).up["st-mfa"].v, false);
      const denied = await from.call("GET", "/api/me");
      const reason = { message: "MFA requirement for auth is not satisfied" };
      assert.deepEqual([denied.status, denied.body.claimValidationErrors], [403, [{ id: "st-mfa", reason }]]);
      assert.deepEqual((await info(from)).factors, { next: ["totp"], alreadySetup: ["emailpassword"], allowedToSetup: ["totp"] });
      const { emails, phoneNumbers } = await info(from);
      assert.deepEqual(Object.keys(emails), ["emailpassword", "otp-email", "link-email", "webauthn"]);
      assert.deepEqual(emails["otp-email"], [email]);
      assert.deepEqual(phoneNumbers, { "otp-phone": [], "link-phone": [] });

      const created = (await post("/totp/device", { deviceName: "phone" }, from)).body;
      assert.deepEqual(Object.keys(created), ["status", "deviceName", "secret", "qrCodeString"]);
      assert.match(created.qrCodeString, /^otpauth:\/\/totp\/.*&digits=6&period=30$/);
      const { deviceName, secret } = created;
      assert.deepEqual((await get("/totp/device/list", from)).body, {
        status: "OK", devices: [{ name: "phone", period: 30, skew: 1, verified: false }],
      });
      const verify = (body) => post("/totp/device/verify", body, from);
      assert.deepEqual((await verify({ deviceName: "other", totp: "000000" })).body, { status: "UNKNOWN_DEVICE_ERROR" });
      assert.deepEqual((await verify({ deviceName, totp: "wrong" })).body, invalid(1));
      const verified = await verify({ deviceName, totp: totpAt(secret) });
      assert.deepEqual(verified.body, { status: "OK", wasAlreadyVerified: false });
      assert.equal(frontToken(verified).up["st-mfa"].v, true);
      assert.equal(await me(from), 200);
      assert.deepEqual((await verify({ deviceName, totp: "any" })).body, { status: "OK", wasAlreadyVerified: true });
      assert.deepEqual((await post("/totp/device", { deviceName }, from)).body, { status: "DEVICE_ALREADY_EXISTS_ERROR" });
    });

    it("is completed by a code at the next sign-in", async () => {
      const email = someone("mfa+1");
      const { deviceName, used, next } = await withDevice(email);
      const from = browser();
      await from.sign("in", email);
      assert.deepEqual((await info(from)).factors, { next: ["totp"], alreadySetup: ["emailpassword", "totp"], allowedToSetup: [] });
      const setup = await post("/totp/device", {}, from);
      const reason = "Completed factors in the session does not satisfy the MFA requirements for auth";
      assert.deepEqual([setup.status, setup.body.claimValidationErrors], [403, [{ id: "st-mfa", reason }]]);
      assert.equal((await post("/totp/device/remove", { deviceName }, from)).status, 403);
      assert.deepEqual((await post("/totp/verify", { totp: used }, from)).body, invalid(1));
      const verified = await post("/totp/verify", { totp: next }, from);
      assert.deepEqual([verified.body, frontToken(verified).up["st-mfa"].v], [{ status: "OK" }, true]);
      assert.deepEqual((await post("/totp/device/remove", { deviceName }, from)).body, { status: "OK", didDeviceExist: true });
      assert.deepEqual((await post("/totp/device/remove", { deviceName }, from)).body, { status: "OK", didDeviceExist: false });
    });

    it("is locked after five wrong codes", async () => {
      const { from, next } = await withDevice();
      for (const count of [1, 2, 3, 4, 5]) assert.deepEqual((await post("/totp/verify", { totp: "wrong" }, from)).body, invalid(count));
      const { retryAfterMs, ...locked } = (await post("/totp/verify", { totp: next }, from)).body;
      assert.deepEqual(locked, { ...invalid(5), status: "LIMIT_REACHED_ERROR" });
      assert.ok(retryAfterMs > 800_000 && retryAfterMs <= 900_000);
    });

    it("is unknown without a device, and fails in general by the session's address", async () => {
      const { from } = await signUp();
      assert.deepEqual((await post("/totp/verify", { totp: "000000" }, from)).body, { status: "UNKNOWN_USER_ID_ERROR" });
      const general = (await signUp(someone("late-general"))).from;
      assert.equal(status(await post("/totp/device", {}, general)), "GENERAL_ERROR");
      assert.equal((await info(general)).status, "GENERAL_ERROR");
    });
  });

  describe("account linking", () => {
    const link = { shouldTryLinkingWithSessionUser: true };
    const addEmail = async (from, email) => {
      const { deviceId, preAuthSessionId, flowType } = (await post("/signinup/code", { email, ...link }, from)).body;
      const { code: userInputCode } = await mailTo(email);
      const response = await post("/signinup/code/consume", { deviceId, preAuthSessionId, userInputCode, ...link }, from);
      return { flowType, response };
    };

    it("links an address to the user of the session, as a factor", async () => {
      const { from, email, response: before } = await signUp();
      const other = someone();
      const { flowType, response } = await addEmail(from, other);
      const { user } = response.body;
      assert.deepEqual([flowType, user.id, user.isPrimaryUser], ["USER_INPUT_CODE", before.body.user.id, true]);
      assert.deepEqual(user.emails, [email, other]);
      const { up } = frontToken(response);
      assert.deepEqual([up.sub, Object.keys(up["st-mfa"].c)], [user.id, ["emailpassword", "otp-email"]]);
    });

    it("fails for the address of another primary user, and without a session", async () => {
      const taken = someone();
      await addEmail((await signUp()).from, taken);
      const { response } = await addEmail((await signUp()).from, taken);
      const { status: refused, reason } = response.body;
      assert.equal(refused, "SIGN_IN_UP_NOT_ALLOWED");
      assert.match(reason, /\(ERR_CODE_017\)$/);
      const none = await post("/signinup/code", { email: someone(), ...link });
      assert.deepEqual([none.status, none.body], [401, { message: "unauthorised" }]);
    });
  });

  describe("tenants", () => {
    const credentials = (email) => form({ email, password: "Passw0rd!" });

    it("have their own login methods", async () => {
      const { tenants } = await server.control("GET", "/test/info");
      assert.deepEqual(tenants, ["public", "acme"]);
      assert.deepEqual((await get("/loginmethods")).body, {
        status: "OK",
        emailPassword: { enabled: true },
        thirdParty: {
          enabled: true,
          providers: [
            { id: "demo", name: "Demo" }, { id: "demo-pkce", name: "Demo with PKCE" },
            { id: "demo-no-email", name: "Demo without e-mail" },
          ],
        },
        webauthn: { enabled: true },
        passwordless: { enabled: true },
        firstFactors: ["emailpassword", "otp-email", "otp-phone", "link-email", "link-phone", "thirdparty", "webauthn"],
      });
      const acme = (await get("/acme/loginmethods")).body;
      assert.deepEqual(acme.thirdParty.providers, [{ id: "demo", name: "Acme" }]);
      assert.deepEqual([acme.firstFactors, acme.passwordless], [["emailpassword", "thirdparty"], { enabled: false }]);
      const code = await post("/acme/signinup/code", { email: someone() });
      assert.deepEqual([code.status, code.body], [401, { message: "unauthorised" }]);
    });

    it("have their own users, sessions and tokens", async () => {
      const email = someone();
      const from = browser();
      const acme = await post("/acme/signup", credentials(email), from);
      assert.deepEqual([status(acme), acme.body.user.tenantIds, frontToken(acme).up.tId], ["OK", ["acme"], "acme"]);
      assert.equal((await get(`/emailpassword/email/exists?email=${email}`)).body.exists, false);
      assert.equal((await get(`/acme/emailpassword/email/exists?email=${email}`)).body.exists, true);
      assert.equal(status(await post("/signin", credentials(email))), "WRONG_CREDENTIALS_ERROR");
      const other = await post("/signup", credentials(email));
      assert.deepEqual([status(other), frontToken(other).up.tId], ["OK", "public"]);
      assert.notEqual(other.body.user.id, acme.body.user.id);
      assert.equal(frontToken(await from.refresh()).up.tId, "acme");

      await post("/acme/user/password/reset/token", form({ email }));
      const { token, tenantId } = await mailTo(email);
      assert.equal(tenantId, "acme");
      const reset = (tenant) => post(`${tenant}/user/password/reset`, { method: "token", token, ...form({ password: "NewPassw0rd" }) });
      assert.equal(status(await reset("")), "RESET_PASSWORD_INVALID_TOKEN_ERROR");
      assert.equal(status(await reset("/acme")), "OK");
    });
  });

  describe("OAuth 2.0 provider", () => {
    const challenge = async (params = {}) => (await server.control("POST", "/test/login-challenge", params)).loginChallenge;
    const login = (loginChallenge, from) => get(`/oauth/login?loginChallenge=${loginChallenge}`, from);
    const notFound = { error: "Not Found", error_description: "Unable to locate the requested resource" };

    it("describes the client of a challenge", async () => {
      const { status: ok, info } = (await get(`/oauth/login/info?loginChallenge=${await challenge()}`)).body;
      const names = ["clientId", "clientName", "tosUri", "policyUri", "logoUri", "clientUri", "metadata"];
      assert.deepEqual([ok, info.clientId, Object.keys(info)], ["OK", "demo-app", names]);
      for (const call of ["login", "login/info"]) {
        const unknown = await get(`/oauth/${call}?loginChallenge=unknown`);
        assert.deepEqual([unknown.status, unknown.body], [404, notFound]);
        const none = await get(`/oauth/${call}`);
        assert.deepEqual([none.status, none.body], [400, { message: "Missing input param: loginChallenge" }]);
      }
    });

    it("redirects to the client with a session, else to the sign-in page", async () => {
      const params = { login_hint: "a@example.com", state: "s", redirect_uri: "http://localhost:1/back" };
      const given = await challenge(params);
      const page = (await login(given)).body.frontendRedirectTo;
      assert.equal(page, `http://localhost:8080/auth?loginChallenge=${given}&hint=a%40example.com`);
      const { from } = await signUp();
      const back = new URL((await login(given, from)).body.frontendRedirectTo);
      assert.equal(back.origin + back.pathname, params.redirect_uri);
      assert.deepEqual([...back.searchParams.keys(), back.searchParams.get("state")], ["code", "state", "iss", "s"]);
      assert.equal((await login(given, from)).status, 404, "one use");
      const silent = new URL((await login(await challenge({ prompt: "none" }))).body.frontendRedirectTo);
      assert.equal(silent.searchParams.get("error"), "login_required");
    });

    it("starts at the authorisation endpoint, and asks for a refresh", async () => {
      const query = { client_id: "demo-app", redirect_uri: "http://localhost:8080/demo-app/callback", response_type: "code", scope: "openid" };
      const start = (changes) => {
        return fetch(`${server.url}/auth/oauth/auth?${new URLSearchParams({ ...query, ...changes })}`, { redirect: "manual" });
      };
      const started = await start({});
      assert.match(started.headers.get("location"), /^http:\/\/localhost:8080\/auth\?loginChallenge=/);
      assert.equal((await (await start({ client_id: "other" })).json()).error, "invalid_request");
      assert.equal((await start({ redirect_uri: "http://localhost:8080/other" })).status, 400);
      const { from, response } = await signUp();
      await server.control("POST", "/test/expire", { handle: frontToken(response).up.sessionHandle });
      const given = await challenge();
      const { frontendRedirectTo } = (await login(given, from)).body;
      assert.equal(frontendRedirectTo, `http://localhost:8080/auth/try-refresh?loginChallenge=${given}`);
    });

    it("signs out of the client and of the session", async () => {
      const logout = (logoutChallenge, from) => post("/oauth/logout", { logoutChallenge }, from);
      const create = async (body) => (await server.control("POST", "/test/logout-challenge", body)).logoutChallenge;
      const { from } = await signUp();
      const out = await logout(await create({ redirectUri: "http://localhost:1/bye", state: "s" }), from);
      assert.deepEqual(out.body, { status: "OK", frontendRedirectTo: "http://localhost:1/bye?state=s" });
      assert.equal(out.header("front-token"), "remove");
      assert.equal((await logout(await create({}))).body.frontendRedirectTo, "http://localhost:8080/auth");
      const unknown = await logout("unknown");
      assert.deepEqual([unknown.status, unknown.body], [404, notFound]);
      assert.equal((await logout(undefined)).status, 400);
    });
  });

  describe("passkeys", () => {
    const create = (options) => server.control("POST", "/test/passkey/create", options);
    const authenticate = (options, credentialId) => server.control("POST", "/test/passkey/get", { ...options, credentialId });
    const registerOptions = async (body) => (await post("/webauthn/options/register", body)).body;
    const signInOptions = async () => (await post("/webauthn/options/signin", {})).body;
    const send = (path, { webauthnGeneratedOptionsId }, credential, more, from) => {
      return post(path, { webauthnGeneratedOptionsId, credential, ...more }, from);
    };
    const register = async (email, from = browser()) => {
      const options = await registerOptions({ email });
      const credential = await create(options);
      return { from, credential, options, response: await send("/webauthn/signup", options, credential, {}, from) };
    };

    it("sign up and in", async () => {
      const email = someone();
      const options = await registerOptions({ email });
      assert.deepEqual([options.rp.id, options.user.name, options.timeout], ["localhost", email, 60_000]);
      assert.deepEqual(options.pubKeyCredParams.map(({ alg }) => alg), [-8, -7, -257]);
      const credential = await create(options);
      const up = await send("/webauthn/signup", options, credential);
      assert.deepEqual([status(up), up.body.user.webauthn], ["OK", { credentialIds: [credential.id] }]);
      assert.deepEqual(Object.keys(frontToken(up).up["st-mfa"].c), ["webauthn"]);
      assert.equal(status(await send("/webauthn/signup", options, credential)), "EMAIL_ALREADY_EXISTS_ERROR");
      assert.equal((await get(`/webauthn/email/exists?email=${email}`)).body.exists, true);

      const asked = await signInOptions();
      const proof = await authenticate(asked, credential.id);
      const back = await send("/webauthn/signin", asked, proof);
      assert.deepEqual([status(back), back.body.user.id], ["OK", up.body.user.id]);
      assert.deepEqual((await send("/webauthn/signin", asked, proof)).body, { status: "INVALID_CREDENTIALS_ERROR" }, "an old counter");
    });

    it("reject invalid options and credentials", async () => {
      const { credential } = await register(someone());
      const email = someone();
      const options = await registerOptions({ email });
      const signUp = async (options, credential) => (await send("/webauthn/signup", options, credential)).body;
      assert.deepEqual(await signUp(options, credential), { status: "INVALID_CREDENTIALS_ERROR" }, "another challenge");
      const elsewhere = await create({ ...options, origin: "http://localhost:1" });
      assert.deepEqual(await signUp(options, elsewhere), { status: "INVALID_CREDENTIALS_ERROR" });
      const absent = await create({ ...options, isPresent: false });
      const reason = "the user was not present";
      assert.deepEqual(await signUp(options, absent), { status: "INVALID_AUTHENTICATOR_ERROR", reason });
      assert.deepEqual(await signUp({ webauthnGeneratedOptionsId: "x" }, absent), { status: "OPTIONS_NOT_FOUND_ERROR" });
      await server.control("POST", "/test/code-lifetime", { seconds: 0 });
      const expired = await registerOptions({ email });
      await server.control("POST", "/test/code-lifetime", {});
      assert.deepEqual(await signUp(expired, await create(expired)), { status: "INVALID_OPTIONS_ERROR" });
      const unknown = await authenticate(await signInOptions(), credential.id);
      assert.equal(status(await send("/webauthn/signin", { webauthnGeneratedOptionsId: "x" }, unknown)), "INVALID_CREDENTIALS_ERROR");
      assert.deepEqual(await registerOptions({ email: "x" }), { status: "INVALID_EMAIL_ERROR", err: "Email is invalid" });
    });

    it("are listed, added and removed", async () => {
      const email = someone();
      const { from, credential, response } = await register(email);
      const recipeUserId = response.body.user.id;
      const list = async () => (await get("/webauthn/credential/list", from)).body.credentials;
      assert.deepEqual(Object.keys((await list())[0]), ["recipeUserId", "webauthnCredentialId", "relyingPartyId", "createdAt"]);
      const options = await registerOptions({ email });
      const second = await create(options);
      const add = async (credential) => (await send("/webauthn/credential", options, credential, { recipeUserId }, from)).body;
      assert.deepEqual(await add(second), { status: "OK" });
      assert.deepEqual((await list()).map((each) => each.webauthnCredentialId), [credential.id, second.id]);
      assert.match((await add(credential)).reason, /\(ERR_CODE_025\)$/);
      const { status: refused, reason } = await add(await create({ ...options, isPresent: false }));
      assert.deepEqual([refused, reason.slice(-14)], ["REGISTER_CREDENTIAL_NOT_ALLOWED", "(ERR_CODE_026)"]);
      const remove = async () => (await post("/webauthn/credential/remove", { webauthnCredentialId: second.id }, from)).body;
      assert.deepEqual(await remove(), { status: "OK" });
      assert.deepEqual(await remove(), { status: "GENERAL_ERROR", message: "User not found" });
    });

    it("recover an account with the mailed token", async () => {
      const email = someone();
      await register(email);
      assert.deepEqual((await post("/user/webauthn/reset/token", { email })).body, { status: "OK" });
      const { type, token } = await mailTo(email);
      assert.equal(type, "RECOVER_ACCOUNT");
      const options = await registerOptions({ recoverAccountToken: token });
      const credential = await create(options);
      const recover = () => send("/user/webauthn/reset", options, credential, { token });
      assert.deepEqual((await recover()).body, { status: "OK" });
      assert.deepEqual((await recover()).body, { status: "RECOVER_ACCOUNT_TOKEN_INVALID_ERROR" });
      assert.deepEqual(await registerOptions({ recoverAccountToken: token }), { status: "RECOVER_ACCOUNT_TOKEN_INVALID_ERROR" });
      const asked = await signInOptions();
      assert.equal(status(await send("/webauthn/signin", asked, await authenticate(asked, credential.id))), "OK");
    });

    it("are refused by e-mail address", async () => {
      assert.equal((await registerOptions({ email: someone("general") })).status, "GENERAL_ERROR");
      assert.equal(status((await register(someone("refused"))).response), "SIGN_UP_NOT_ALLOWED");
      assert.equal(status(await post("/user/webauthn/reset/token", { email: someone("refused") })), "RECOVER_ACCOUNT_NOT_ALLOWED");
      const { credential } = await register(someone("late-refused"));
      const asked = await signInOptions();
      assert.equal(status(await send("/webauthn/signin", asked, await authenticate(asked, credential.id))), "SIGN_IN_NOT_ALLOWED");
    });
  });
});
