// Tests that the stand-in core satisfies the SDK's other sign-in recipes, and how to produce each of their outcomes.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
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
});
